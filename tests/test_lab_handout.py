"""run.py handout writes the chapters without their model answers, and Binder makes copies."""

import os
import subprocess
import sys

import nbformat
import pytest

from mathutils.sentences import table
from tests.languages import ENGLISH, cells_of
from tools import copies, handout
from tools.chapters import ROOT, chapters


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("class") / "handout"
    assert handout.write(folder) == len(ENGLISH)
    handout.write(folder, "ko")
    return folder


# The ids begin with the language, so that one worker has them all, and one handout.
@pytest.mark.parametrize("path", chapters(), ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_model_answer_is_left_and_nothing_else_is_gone(path, folder):
    copy = nbformat.read(folder / path.parent.name / path.name, as_version=4)
    nbformat.validate(copy)
    kept = [c for c in cells_of(path) if "solution" not in c.metadata.get("tags", [])]
    assert [cell.id for cell in copy.cells] == [cell.id for cell in kept]
    assert any(cell.id.startswith("exercise") for cell in copy.cells)
    name = table(path.parent.name)["handout-leaves-out"]
    assert not any(name in cell.source.lower() for cell in copy.cells)
    assert not any(cell.get("outputs") for cell in copy.cells)
    for one, other in zip(copy.cells, kept, strict=True):
        assert one.source == other.source or name in other.source.lower()
        gone = len(other.source) - len(one.source)
        begins = [cell.source.partition("\n")[0][:12] for cell in (one, other)]
        assert gone < 160 and begins[0] == begins[1], one.source


def test_a_handout_knows_its_chapter_and_is_never_written_over(folder, capsys, monkeypatch):
    path = folder / "en" / chapters()[0].name
    notebook = copies.read(path)
    chapter = copies.working_copy.read(chapters()[0])
    assert copies.made_from(notebook) == copies.fingerprint(chapter)
    assert not copies.is_as_it_was_made(path)
    before = path.read_bytes()
    monkeypatch.setattr(sys, "argv", ["handout", str(folder)])
    with pytest.raises(SystemExit, match="exists already: name a new folder"):
        handout.main()
    assert path.read_bytes() == before


NEEDED = ["start", "mathutils/working_copy.py"]
NEEDED += [f"tools/{name}.py" for name in ("__init__", "copies", "kernel_start", "setup_venv")]


@pytest.mark.skipif(os.name == "nt", reason="a script for the shell")
def test_binder_makes_copies_and_then_starts_what_it_was_told(tmp_path):
    for name in NEEDED:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    (tmp_path / "mathutils" / "sentences").symlink_to(ROOT / "mathutils" / "sentences")
    (tmp_path / "notebooks").symlink_to(ROOT / "notebooks")
    assert os.access(ROOT / "start", os.X_OK)
    told = subprocess.run(
        ["bash", tmp_path / "start", "echo", "a server", "starts"],
        env=os.environ | {"HOME": str(tmp_path)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert told.stdout.splitlines()[-1] == "a server starts"
    assert len(list((tmp_path / "my_notebooks" / "en").iterdir())) == len(ENGLISH)
