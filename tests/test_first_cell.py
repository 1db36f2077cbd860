"""Before a chapter's first cell, an unknown name is answered by a sentence, in a fresh kernel."""

import sys

import nbformat
from IPython.core.application import ENV_CONFIG_DIRS
from nbclient import NotebookClient

from mathutils.sentences import say
from tools import setup_venv
from tools.chapters import ROOT

START = (ROOT / "tools/kernel_start.py").read_text(encoding="utf-8")
IN_A_CHAPTER = "import os; os.environ['JPY_SESSION_NAME'] = 'en/03_contour_and_quiver.ipynb'"
CELLS = {  # what a cell runs, and the name that it is told to be missing
    START: None,
    "def f(t):\n    return None\n\n\nexercises.check(1, f)": "exercises",
    "slope = np.array([3, 4]) / 5": "np",
    "own_notebook(1)": "Traceback",
    IN_A_CHAPTER: None,
    "slope = gradient([1, 1])": "gradient",
    "1 / 0": "Traceback",
    "from mathutils import chapter_style": None,
    "exercises.check(1, None)": "Traceback",
}


def test_a_cell_before_the_first_one_says_so():
    cells = [nbformat.v4.new_code_cell(source) for source in CELLS]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, allow_errors=True, timeout=60, kernel_name="python3").execute()
    for cell, name in zip(notebook.cells, CELLS.values(), strict=True):
        told = ["\n".join(output.traceback) for output in cell.outputs]
        if name == "Traceback":
            assert "Traceback" in told[0] and "first cell" not in told[0]
        else:
            assert told == ([say("first-cell-first", name=name)] if name else [])


def test_set_up_puts_the_start_where_a_kernel_looks_for_it(tmp_path):
    setup_venv.at_kernel_start(tmp_path)
    setup_venv.at_kernel_start(tmp_path)
    (copy,) = (tmp_path / ".venv").rglob("*.py")
    assert copy.read_text(encoding="utf-8") == START
    folder = copy.relative_to(tmp_path / ".venv").parent
    assert folder.name == "startup"
    assert str(folder.parent) in {str(path)[len(sys.prefix) + 1 :] for path in ENV_CONFIG_DIRS}
