"""The reader's own copies: made once, never overwritten, told when they are behind."""

import json
import shutil
import subprocess
import sys

import nbformat
import pytest

from mathutils import chapter_style, working_copy
from mathutils.sentences import say
from tests.languages import ENGLISH
from tools import copies
from tools.chapters import ROOT, chapters

FIRST = chapters()[0].name


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project with two chapters, whose text a test may change."""
    folder = tmp_path / "notebooks" / "en"
    folder.mkdir(parents=True)
    for path in chapters()[:2]:
        shutil.copy(path, folder)
    monkeypatch.setattr(copies, "ROOT", tmp_path)
    monkeypatch.setattr(working_copy, "CHAPTERS", tmp_path / "notebooks")
    return tmp_path


def mine(project):
    return project / "my_notebooks" / "en"


def change(path, **changes):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    notebook["cells"][0] |= changes
    path.write_text(json.dumps(notebook), encoding="utf-8")


def names(project):
    return [path.name for path in sorted(mine(project).iterdir())]


def test_a_copy_is_its_chapter_without_results(project):
    copies.make(project)
    assert names(project) == [path.name for path in chapters()[:2]]
    for path in chapters()[:2]:
        chapter = nbformat.read(path, as_version=4)
        copy = nbformat.read(mine(project) / path.name, as_version=4)
        nbformat.validate(copy)
        assert copy.metadata.kernelspec == chapter.metadata.kernelspec
        for one, other in zip(copy.cells, chapter.cells, strict=True):
            assert one.get("outputs", []) == [] and one.get("execution_count") is None
            assert (one.id, one.source, one.metadata) == (other.id, other.source, other.metadata)


def test_what_a_reader_has_changed_is_never_overwritten(project, capsys):
    copies.make(project)
    copy = mine(project) / FIRST
    for changes in ({"source": ["mine"]}, {"outputs": [1]}, {"execution_count": 1}):
        copies.make(project)
        change(copy, **changes)
        change(project / "notebooks" / "en" / FIRST, source=[f"# Changed {changes}"])
        before = copy.read_bytes()
        copies.make(project)
        assert copy.read_bytes() == before
        assert say("copies-behind", chapters=["00"], first="00") in capsys.readouterr().out
        copies.make(project, ["00"])
    assert len(names(project)) == 5


@pytest.mark.parametrize(
    "text", ["", "mine", "[]", '{"cells": 7}', '{"cells": [8]}', '{"cells": []}']
)
def test_whatever_has_the_name_of_a_copy_stays(project, text):
    mine(project).mkdir(parents=True)
    (mine(project) / FIRST).write_text(text, encoding="utf-8")
    copies.make(project)
    assert (mine(project) / FIRST).read_text(encoding="utf-8") == text


def test_a_copy_in_which_nothing_is_the_reader_s_follows_its_chapter(project, capsys):
    copies.make(project)
    change(project / "notebooks" / "en" / FIRST, source=["# Changed"])
    capsys.readouterr()
    copies.make(project)
    assert copies.read(mine(project) / FIRST)["cells"][0]["source"] == ["# Changed"]
    assert "1 chapter" in capsys.readouterr().out
    copies.make(project)
    assert capsys.readouterr().out == ""


def test_new_outputs_of_a_chapter_are_no_change(project, capsys):
    copies.make(project)
    change(mine(project) / FIRST, source=["mine"])
    change(project / "notebooks" / "en" / FIRST, outputs=["new"], metadata={"tags": ["new"]})
    capsys.readouterr()
    copies.make(project)
    assert capsys.readouterr().out == ""


def test_a_copy_is_set_aside_under_a_dated_name_each_time_another(project, monkeypatch, capsys):
    class Today(copies.datetime.date):
        @classmethod
        def today(cls):
            return cls(2026, 1, 31)

    monkeypatch.setattr(copies.datetime, "date", Today)
    for n in range(3):
        copies.make(project, ["00"])
        change(mine(project) / FIRST, source=[f"mine {n}"])
    stem = FIRST.removesuffix(".ipynb")
    assert names(project) == [FIRST, f"{stem}_2026-01-31.ipynb", f"{stem}_2026-01-31_2.ipynb"] + [
        chapters()[1].name
    ]
    assert f"{FIRST} is {stem}_2026-01-31_2.ipynb now." in capsys.readouterr().out
    assert copies.read(mine(project) / names(project)[1])["cells"][0]["source"] == ["mine 0"]


def test_a_copy_follows_the_number_of_its_chapter(project):
    copies.make(project)
    old, new = mine(project) / chapters()[1].name, "07_" + chapters()[1].name[3:]
    change(old, source=["mine"])
    (project / "notebooks" / "en" / old.name).rename(project / "notebooks" / "en" / new)
    copies.make(project)
    assert names(project) == [FIRST, new]
    assert copies.read(mine(project) / new)["cells"][0]["source"] == ["mine"]


def test_another_language_has_its_own_folder(project):
    shutil.copytree(project / "notebooks" / "en", project / "notebooks" / "ko")
    change(project / "notebooks" / "ko" / FIRST, source=["# 행렬"])
    copies.make(project, language="ko")
    assert [path.name for path in sorted((project / "my_notebooks").iterdir())] == ["en", "ko"]
    copy = copies.read(project / "my_notebooks" / "ko" / FIRST)
    assert copy["cells"][0]["source"] == ["# 행렬"]


def test_only_copies_of_the_own_language_are_set_aside_and_told(project, capsys):
    shutil.copytree(project / "notebooks" / "en", project / "notebooks" / "ko")
    copies.make(project)
    for language in ("en", "ko"):
        change(project / "my_notebooks" / language / FIRST, source=["mine"])
    change(project / "notebooks" / "ko" / FIRST, source=["# 행렬"])
    copies.make(project)
    assert "changed" not in capsys.readouterr().out
    copies.make(project, ["00"], "ko")
    assert "is 00_start_here_" in capsys.readouterr().out
    assert (len(names(project)), len(list((project / "my_notebooks/ko").iterdir()))) == (2, 3)


def test_a_server_makes_copies_in_any_folder_before_anything_is_installed(tmp_path):
    done = subprocess.run(
        [sys.executable, "-S", "-m", "tools.copies", tmp_path],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert str(tmp_path) in done.stdout and len(names(tmp_path)) == len(ENGLISH)


# In a copy's first cell


@pytest.fixture
def kernel(project, monkeypatch):
    """This process as the kernel of the copy of the first chapter."""
    copies.make(project)
    monkeypatch.setattr(working_copy, "_here", mine(project))
    monkeypatch.setenv("JPY_SESSION_NAME", str(mine(project) / FIRST))
    return project


def test_a_copy_that_is_behind_says_so_in_one_line(kernel):
    assert "<p>" not in chapter_style().data
    change(kernel / "notebooks" / "en" / FIRST, source=["# Changed"])
    line = f"<p>{say('copy-behind', number='00')}</p>"
    assert line in chapter_style().data and "--fresh 00 " in line


@pytest.mark.parametrize("name", ["", "elsewhere.ipynb", "/nowhere/00_start_here.ipynb"])
def test_what_is_no_copy_says_nothing(kernel, monkeypatch, name):
    change(kernel / "notebooks" / "en" / FIRST, source=["# Changed"])
    monkeypatch.setenv("JPY_SESSION_NAME", name and str(mine(kernel) / name))
    assert "<p>" not in chapter_style().data


def test_a_chapter_itself_says_nothing_even_where_a_notebook_started_its_tests(kernel):
    change(kernel / "notebooks" / "en" / FIRST, source=["# Changed"])
    working_copy._here = kernel / "notebooks" / "en"
    assert "<p>" not in chapter_style().data


def test_a_copy_whose_chapter_is_gone_says_nothing(kernel):
    (kernel / "notebooks" / "en" / FIRST).unlink()
    assert "<p>" not in chapter_style().data
