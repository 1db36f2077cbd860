"""The chapters on disk, and their code cells run without Jupyter."""

import contextlib
import io
import re
from pathlib import Path

import matplotlib
import nbformat

ROOT = Path(__file__).resolve().parent.parent


def chapters(names=()):
    """Return the paths of all chapters, or of those whose file name starts with one of `names`.

    Raises
    ------
    SystemExit
        Where a name fits no chapter.
    """
    paths = sorted((ROOT / "notebooks").glob("*/[0-9][0-9]_*.ipynb"))
    for name in names:
        if not any(path.name.startswith(name) for path in paths):
            raise SystemExit(f"No chapter's file name starts with {name!r}.")
    return [path for path in paths if not names or path.name.startswith(tuple(names))]


def run_cells(path, until=None):
    """Run the code cells of a notebook in order and return their variables.

    With `until`, a tag, the first cell that carries it is the last one run.
    """
    for cell, variables in each_cell(path):
        if until and until in cell.metadata.get("tags", []):
            return variables
    return variables


def each_cell(path):
    """Run the code cells of a notebook, and yield each with the variables that there are then."""
    matplotlib.use("agg")
    variables = {"__name__": path.stem}
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            with contextlib.redirect_stdout(io.StringIO()):
                exec(compile(cell.source, f"{path.name}[{cell.id}]", "exec"), variables)
            yield cell, variables


def words(text):
    """Return how many words of Markdown there are to read: a formula, or code, is one.

    Comments, addresses, and what is folded away are none.
    """
    text = re.sub(r"<!--.*?-->|<details>.*?</details>", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", "]", text)
    return len(re.findall(r"[^\W_]+(?:[\u2019'.-][^\W_]+)*", text))
