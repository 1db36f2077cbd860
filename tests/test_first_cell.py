"""Before a chapter's first cell, an unknown name is answered by a sentence, in a fresh kernel."""

import os
import subprocess
import sys
from types import SimpleNamespace

import nbformat
from IPython.core.application import ENV_CONFIG_DIRS
from nbclient import NotebookClient

from mathutils import sentences
from mathutils.course import first_cell
from mathutils.sentences import say
from tools import copies, setup_venv
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


def test_a_cell_of_another_language_is_told_in_it(monkeypatch):
    shell = SimpleNamespace(user_ns={}, showtraceback=lambda error, tb_offset: None)
    error = NameError("name 'np' is not defined", name="np")
    monkeypatch.setitem(sentences._tables, "ko", {"first-cell-first": "첫 셀: {name}"})
    monkeypatch.setenv("JPY_SESSION_NAME", "my_notebooks/ko/03_contour_and_quiver.ipynb")
    try:
        first_cell.tell(shell, NameError, error, None)
    finally:
        sentences.language("en")
    assert error._render_traceback_() == ["첫 셀: np"]


def test_a_kernel_of_conda_begins_so_too(tmp_path, monkeypatch):
    monkeypatch.setattr(copies.sys, "prefix", str(tmp_path / "env"))
    copies.main(tmp_path)
    assert not (tmp_path / "env").exists()
    monkeypatch.setenv("CONDA_PREFIX", str(tmp_path / "env"))
    copies.main(tmp_path)
    (copy,) = (tmp_path / "env" / "etc" / "ipython" / "startup").iterdir()
    assert copy.read_text(encoding="utf-8") == START


def test_a_server_that_start_starts_has_kernels_that_begin_so(tmp_path):
    """Any IPython and any Python, with this project's packages or without."""
    home = os.environ | {"HOME": str(tmp_path), "IPYTHONDIR": str(tmp_path / "ipython")}
    cells = tmp_path / "cells.txt"
    cells.write_text("exercises.check(1, None)\n", encoding="utf-8")
    for program, sentence in ((["-m", "IPython", "--colors=NoColor"], True), (["-i"], False)):
        command = ["bash", ROOT / "start", sys.executable, *program]
        with cells.open() as keys:
            done = subprocess.run(command, stdin=keys, env=home, capture_output=True, text=True)
        told = done.stdout + done.stderr
        assert (say("first-cell-first", name="exercises") in told) == sentence
        assert "get_ipython" not in told and "_unknown" not in told


def test_set_up_puts_the_start_where_a_kernel_looks_for_it(tmp_path):
    setup_venv.furnish(tmp_path)
    setup_venv.furnish(tmp_path)
    (copy,) = tmp_path.rglob("*.py")
    assert copy.read_text(encoding="utf-8") == START
    folder = copy.relative_to(tmp_path).parent
    assert folder.name == "startup"
    assert str(folder.parent) in {str(path)[len(sys.prefix) + 1 :] for path in ENV_CONFIG_DIRS}
