"""The reader's own copy of a chapter: where it is, and whether the chapter has changed since.

`run.py lab` makes the copies before anything is installed: the standard library is enough here.
"""

import hashlib
import json
import os
from pathlib import Path

FOLDER = "my_notebooks"  # in it a folder for each language, as in notebooks/
NOTE = "matrix_calculus"  # in a copy's metadata: its chapter, and of what text it is a copy
CHAPTERS = Path(__file__).resolve().parent.parent / "notebooks"

_here = Path.cwd()  # a kernel starts beside its notebook; a reader may change the folder later


def results_folder() -> Path | None:
    """Return where the reader's results are kept, None where no copy runs but a chapter.

    Examples
    --------
    >>> results_folder() is None
    True
    """
    return _here.parent if _here.parent.name == FOLDER else None


def fingerprint(notebook: dict) -> str:
    """Return what tells the text of one notebook from that of another; outputs do not count.

    Examples
    --------
    >>> len(fingerprint({"cells": [{"id": "title", "cell_type": "markdown", "source": "# A"}]}))
    64
    """
    cells = [
        [cell.get("id"), cell["cell_type"], "".join(cell["source"])] for cell in notebook["cells"]
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def changed_chapter() -> Path | None:
    """Return the chapter that this kernel's notebook copies, where it reads otherwise today.

    Examples
    --------
    >>> changed_chapter() is None
    True
    """
    copy = Path(os.environ.get("JPY_SESSION_NAME", ""))  # Jupyter's servers name the notebook
    if results_folder() is None or copy.parent != _here:
        return None
    try:
        note = read(copy)["metadata"][NOTE]
        [chapter] = (CHAPTERS / _here.name).glob(f"[0-9][0-9]_{note['chapter']}.ipynb")
        same = note["fingerprint"] == fingerprint(read(chapter))
    except (OSError, ValueError, KeyError, TypeError):  # no copy of ours, or no chapter any more
        return None
    return None if same else chapter


def beside() -> list:
    """Return the paths of the chapters, or copies of them, in this notebook's folder.

    Examples
    --------
    >>> beside()
    []
    """
    return sorted(_here.glob("[0-9][0-9]_*.ipynb"))


def read(path: Path) -> dict:
    """Return a notebook as it is stored.

    Examples
    --------
    >>> read(next(CHAPTERS.glob("en/00_*.ipynb")))["nbformat"]
    4
    """
    return json.loads(path.read_text(encoding="utf-8"))
