"""The copies for Colab install mathutils there and nowhere else, and lead to each other."""

import json
import re
import subprocess
import sys
import types

import nbformat
import pytest

from tests.languages import label
from tools import colab
from tools.chapters import ROOT, chapters


def code_of(cell):
    return "".join(cell["source"])


@pytest.mark.parametrize("path", chapters(), ids=label)
def test_a_copy_is_its_chapter_with_one_cell_more_and_other_links(path):
    copy = colab.adapted(path)
    nbformat.validate(nbformat.from_dict(copy))
    before = json.loads(path.read_text(encoding="utf-8"))["cells"]
    title, install, *others = copy["cells"]
    assert install["id"] == "install" and title["id"] == before[0]["id"]
    for one, other in zip([title, *others], before, strict=True):
        assert one["id"] == other["id"] and not one.get("outputs")
        text = code_of(one)
        for address in re.findall(r"\]\((https://colab[^)]*)\)", text):
            language, _, name = address.partition("/blob/colab/")[2].partition("/")
            short = name if language == path.parent.name else f"../{language}/{name}"
            text = text.replace(address, short)
        assert re.sub(r"\.ipynb#[^)]*", ".ipynb", code_of(other)) == text


@pytest.mark.parametrize("here", [True, False], ids=["in Colab", "elsewhere"])
def test_the_cell_installs_in_colab_alone(here, monkeypatch):
    asked = []
    monkeypatch.setattr(subprocess, "run", lambda command, check: asked.append(command))
    if here:
        monkeypatch.setitem(sys.modules, "google.colab", types.ModuleType("google.colab"))
    exec(code_of(colab.adapted(chapters()[0])["cells"][1]), {})
    assert [command[-1] for command in asked] == here * [f"git+{colab.repository()}"]


def test_the_badge_opens_a_copy():
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    assert f"]({colab.address(chapters()[0].name)})" in text


def test_all_copies_are_written(tmp_path, capsys):
    colab.main(tmp_path)
    assert len(list(tmp_path.glob("*/*.ipynb"))) == len(chapters())
    assert str(len(chapters())) in capsys.readouterr().out
