"""Any cell can be run again: at once, and after all cells below it."""

import nbformat
import pytest
from nbclient import NotebookClient

from tools.chapters import chapters
from tools.refresh import METADATA, WIDGET_VIEW

NOT_COMPARED = {"image/png", "image/jpeg", WIDGET_VIEW}


def again(notebook):
    """Yield each code cell with what it said at first, at once again, and after those below it."""
    client = NotebookClient(
        notebook,
        timeout=60,
        kernel_name="python3",
        extra_arguments=["--log-level=ERROR"],
        resources={"metadata": {"path": "notebooks/en"}},
        store_widget_state=False,
        coalesce_streams=True,
    )
    code = [(n, cell) for n, cell in enumerate(notebook.cells) if cell.cell_type == "code"]
    with client.setup_kernel():

        def run(cell, number):
            client.execute_cell(cell, number)
            return said(cell)

        twice = {cell.id: [run(cell, number), run(cell, number)] for number, cell in code}
        for number, cell in reversed(code):
            yield cell.id, *twice[cell.id], run(cell, number)


def said(cell):
    """Return what nbval compares of a cell's outputs."""
    outputs = []
    for output in cell.outputs:
        data = output.get("data", {output.get("name"): output.get("text")})
        outputs.append({k: v for k, v in data.items() if k not in NOT_COMPARED})
    return outputs


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_every_cell_says_the_same_when_it_is_run_again(path):
    notebook = nbformat.read(path, as_version=4)
    stored = {cell.id: said(cell) for cell in notebook.cells if cell.cell_type == "code"}
    for name, first, second, later in again(notebook):
        assert first == stored[name], f"{name}: at first"
        assert second == stored[name], f"{name}: at once again"
        assert later == stored[name], f"{name}: after the cells below it"


def a_notebook(*sources):
    cells = [nbformat.v4.new_code_cell(source, id=f"cell-{k}") for k, source in enumerate(sources)]
    return nbformat.v4.new_notebook(cells=cells, metadata=METADATA)


@pytest.mark.parametrize(
    ("sources", "differs"),
    [
        (["x = 1", "print(x)", "y = 2"], {}),
        (["x = 1", "x += 1\nprint(x)"], {"cell-1": "second"}),
        (["x = 1", "print(x)", "x = 2"], {"cell-1": "later"}),
        (
            ["import random\nrandom.seed(0)", "print(random.random())"],
            {"cell-1": "second"},
        ),
    ],
)
def test_a_cell_that_says_something_else_is_seen(sources, differs):
    found = {}
    for name, first, second, later in again(a_notebook(*sources)):
        if second != first:
            found[name] = "second"
        elif later != first:
            found[name] = "later"
    assert found == differs
