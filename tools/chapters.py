"""The chapters on disk, and their code cells run without Jupyter."""

import contextlib
import io
import re
from pathlib import Path

import matplotlib
import nbformat

ROOT = Path(__file__).resolve().parent.parent
TWIN = re.compile(r"\[[^]]*\]\(\.\./\w+/\d\d_\w+\.ipynb\)")  # the same chapter in another language


def chapters(names=()):
    """Return the paths of all chapters, or of those whose file name starts with one of `names`.

    A name can begin with a language, as in ko/03.

    Raises
    ------
    SystemExit
        Where a name fits no chapter.
    """
    paths = sorted((ROOT / "notebooks").glob("*/[0-9][0-9]_*.ipynb"))
    called = {path: (path.name, f"{path.parent.name}/{path.name}") for path in paths}
    for name in names:
        if not any(one.startswith(name) for both in called.values() for one in both):
            raise SystemExit(f"No chapter's file name starts with {name!r}.")
    wanted = tuple(names) or ""
    return [path for path in paths if any(one.startswith(wanted) for one in called[path])]


def sheet(language, kind):
    """Return the path of the formula sheet in a language, "html" or "pdf"."""
    return ROOT / "docs" / f"formula_sheet{'' if language == 'en' else f'_{language}'}.{kind}"


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

    Comments, addresses, and what is folded away are none, nor is the link to another language.
    """
    text = TWIN.sub("", text)
    text = re.sub(r"<!--.*?-->|<details>.*?</details>", " ", text, flags=re.DOTALL)
    text = re.sub(r"\$\$.*?\$\$|\$[^$]*\$|`[^`]*`", " formula ", text, flags=re.DOTALL)
    text = re.sub(r"\]\([^)]*\)|<[^>]*>", "]", text)
    return len(re.findall(r"[^\W_]+(?:[\u2019'.-][^\W_]+)*", text))
