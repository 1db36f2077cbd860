"""Writes copies of the chapters without model answers, for a class."""

import argparse
import re
import sys
from pathlib import Path

from tools import copies, say, speak, table


def without_models(notebook, name):
    """Return a notebook without its model answers and the sentences that speak of them by name."""
    sentence = re.compile(rf" *[^.!?\n]*{name}[^.!?\n]*[.!?]", re.IGNORECASE)
    cells = []
    for cell in notebook["cells"]:
        if "solution" not in cell["metadata"].get("tags", []):
            text = "".join(cell["source"])
            if cell["cell_type"] == "markdown":
                text = sentence.sub("", text)
            cells.append(cell | {"source": text.splitlines(keepends=True)})
    return notebook | {"cells": cells}


def write(folder, language=copies.LANGUAGE):
    """Write the copies into a folder for their language, and return how many there are.

    Raises
    ------
    FileExistsError
        Where one of them is there already.
    """
    chapters = copies.chapters(language)
    paths = [folder / language / chapter.name for chapter in chapters]
    if standing := next((path for path in paths if path.exists()), None):
        raise FileExistsError(say("handout-exists", path=standing))
    (folder / language).mkdir(parents=True, exist_ok=True)
    for chapter, path in zip(chapters, paths, strict=True):
        copy = copies.blank(copies.working_copy.read(chapter), copies.slug(chapter))
        copies.write(path, without_models(copy, table(language)["handout-leaves-out"]))
    return len(paths)


def main():
    speak(sys.argv[1:])
    parser = argparse.ArgumentParser(prog="run.py handout")
    parser.add_argument("folder", metavar="FOLDER", type=Path, help=say("help-handout"))
    parser.add_argument(
        "--language", choices=copies.languages(), default="en", help=say("help-language")
    )
    options = parser.parse_args()
    try:
        count = write(options.folder, options.language)
        print(say("handout-made", count=count, folder=options.folder))
    except FileExistsError as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(say("cannot-write-copies", error=problem.strerror))


if __name__ == "__main__":
    main()
