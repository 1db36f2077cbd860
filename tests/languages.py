"""Which chapters a test looks at, and their cells.

What holds for code and formulas is tested in English: those of a translation are the same, by
test_translation.py. What takes long is tested in three chapters of each other language.
"""

from functools import cache

import nbformat

from tools.chapters import chapters

ENGLISH = chapters(["en/"])
SAMPLE = ("01", "03", "20")
SOME = [path for path in chapters() if path in ENGLISH or path.name.startswith(SAMPLE)]


@cache
def cells_of(path):
    """Return the cells of a stored chapter, which nobody may change."""
    return nbformat.read(path, as_version=4).cells


def label(path):
    """Return the id of a chapter in a test: its name, with its language where that is another."""
    return path.stem if path.parent.name == "en" else f"{path.stem}-{path.parent.name}"
