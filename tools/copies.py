"""The reader's own copies of the chapters: without outputs, made when missing, never overwritten.

So no answer stands below its question, and an update of the project meets no change of a reader.
`run.py lab` makes them before anything is installed, and `python3 -m tools.copies [FOLDER]` where
a server starts, for Binder and for a class: only the standard library is used here.
"""

import datetime
import json
import os
import runpy
import sys
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace

from tools import say, setup_venv

ROOT = Path(__file__).resolve().parent.parent
working_copy = SimpleNamespace(**runpy.run_path(str(ROOT / "mathutils" / "working_copy.py")))
LANGUAGE = "en"


def make(folder, fresh=(), language=LANGUAGE):
    """Make the copies that are missing, in every language, and tell the reader of one of them.

    Those named in `fresh`, by the first characters of their chapter's file name, are set aside.
    """
    for other in languages():
        here = folder / working_copy.FOLDER / other
        made, behind = bring(here, other, fresh if other == language else ())
        if made and other == language:
            print(say("copies-made", count=made, folder=here))
        if behind and other == language:
            print(say("copies-behind", chapters=behind, first=behind[0]))


def bring(here, language, fresh):
    """Make the copies in one language; return how many are new, and which are behind."""
    here.mkdir(parents=True, exist_ok=True)
    made, behind = 0, []
    for chapter in chapters(language):
        copy, notebook = here / chapter.name, working_copy.read(chapter)
        follow_number(copy)
        if fresh and chapter.name.startswith(tuple(fresh)) and copy.exists():
            print(say("copy-set-aside", old=copy.name, new=set_aside(copy).name))
        if not copy.exists() or is_as_it_was_made(copy):
            made += write(copy, blank(notebook, slug(chapter)))
        elif made_from(read(copy)) not in (None, fingerprint(notebook)):
            behind.append(chapter.name[:2])
    return made, behind


def languages():
    """Return the languages that have chapters."""
    return sorted({path.parent.name for path in (ROOT / "notebooks").glob("*/00_*.ipynb")})


def chapters(language=LANGUAGE):
    return sorted((ROOT / "notebooks" / language).glob("[0-9][0-9]_*.ipynb"))


def unknown(names):
    """Return the first of some names that is the start of no chapter's file name, or None."""
    known = [chapter.name for chapter in chapters()]
    return next((one for one in names if not any(name.startswith(one) for name in known)), None)


def slug(chapter):
    return chapter.stem[3:]


def fingerprint(notebook):
    return working_copy.fingerprint(notebook)


def read(copy):
    """Return a copy as it is stored, with no cells where it is no notebook any more."""
    try:
        notebook = working_copy.read(copy)
        fingerprint(notebook)
        return notebook
    except (ValueError, KeyError, TypeError, AttributeError):
        return {"cells": []}


def made_from(notebook):
    """Return the fingerprint of the chapter that a copy was made from, None where it has none."""
    note = notebook.get("metadata", {}).get(working_copy.NOTE, {})
    return note.get("fingerprint")


def blank(notebook, name):
    """Return a chapter as a reader gets it: no outputs, and a note of what it is a copy of."""
    mark = {"chapter": name, "fingerprint": fingerprint(notebook)}
    cells = [
        cell | {"outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
        for cell in notebook["cells"]
    ]
    metadata = notebook["metadata"] | {working_copy.NOTE: mark}
    return notebook | {"cells": cells, "metadata": metadata}


def is_as_it_was_made(copy):
    """Say whether nothing in a copy is the reader's, who has neither changed nor run it."""
    notebook = read(copy)
    ran = any(cell.get("outputs") or cell.get("execution_count") for cell in notebook["cells"])
    return not ran and made_from(notebook) == fingerprint(notebook)


def follow_number(copy):
    """Give a copy the number that its chapter has now, where it had another one."""
    others = sorted(copy.parent.glob(f"[0-9][0-9]_{slug(copy)}.ipynb"))
    if others and not copy.exists():
        others[-1].rename(copy)


def set_aside(copy):
    """Rename a copy to one with today's date, and return its new path."""
    name, number = f"{copy.stem}_{datetime.date.today()}", 1
    aside = copy.with_name(f"{name}.ipynb")
    while aside.exists():
        number += 1
        aside = copy.with_name(f"{name}_{number}.ipynb")
    return copy.rename(aside)


def write(path, notebook):
    """Write a notebook, whole or not at all, and say whether it was not there as it is."""
    text = json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    new = path.with_name(f".{path.name}.{os.getpid()}")
    new.write_text(text, encoding="utf-8", newline="\n")
    os.replace(new, path)
    return True


def main(folder=ROOT):
    make(Path(folder).resolve())
    if Path(os.environ.get("CONDA_PREFIX") or ROOT) == Path(sys.prefix):
        with suppress(OSError):  # somebody else's, who may write there
            setup_venv.furnish(Path(sys.prefix))


if __name__ == "__main__":
    main(*sys.argv[1:2])
