"""The score stays: beside the reader's copies, over restarts, and nowhere else."""

import json
import subprocess
import sys

import pytest

from mathutils import working_copy
from mathutils.course import score
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.start_here import exercises
from mathutils.sentences import say
from tests.languages import ENGLISH
from tools.chapters import ROOT

ONE, TWO = Exercise("one", answer=1), Exercise("two", answer=2)

LINE = "verdict-at-one-point"
[RIGHT] = [f"exercises.check({n}, 3)" for n, exercise in exercises if exercise.name == LINE]


@pytest.fixture
def copies(tmp_path, monkeypatch):
    """A folder of copies, in which this process runs as a kernel does."""
    folder = tmp_path / working_copy.FOLDER / "en"
    folder.mkdir(parents=True)
    monkeypatch.setattr(working_copy, "_here", folder)
    return folder


def stored(copies):
    return json.loads((copies.parent / score.FILE).read_text(encoding="utf-8"))


def test_what_is_right_is_kept_and_stays_when_a_kernel_starts_again(copies, capsys):
    Exercises(ONE, TWO).check(2, 2)
    assert stored(copies) == ["two"]
    Exercises(ONE, TWO).score()
    assert capsys.readouterr().out.endswith("1 of 2 right; still to do: 1\n")


def test_a_wrong_answer_takes_it_back_and_a_blank_one_leaves_it(copies):
    mine = Exercises(ONE, TWO)
    mine.check(1, 1)
    mine.check(1, None)
    mine.model(2, 2)
    assert stored(copies) == ["one"]
    mine.check(1, 5)
    assert stored(copies) == []


def test_two_chapters_that_are_open_at_once_keep_each_other_s_results(copies):
    first, second = Exercises(ONE), Exercises(TWO)
    first.check(1, 1)
    second.check(1, 2)
    assert stored(copies) == ["one", "two"]
    assert [path.name for path in copies.parent.iterdir() if path.is_file()] == [score.FILE]


@pytest.mark.parametrize("text", ["", "{", "7", "null", '{"one": true}', "[[1], 2]", "\udcff"])
def test_a_spoilt_file_is_begun_anew(copies, text):
    (copies.parent / score.FILE).write_bytes(text.encode(errors="surrogateescape"))
    Exercises(ONE, TWO).check(2, 2)
    assert "two" in stored(copies)


def test_what_cannot_be_kept_is_told(copies, capsys, monkeypatch):
    def fail(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(score.os, "replace", fail)
    Exercises(ONE).check(1, 1)
    told = say("score-not-kept", trouble="Permission denied")
    assert capsys.readouterr().out.splitlines() == ["right: it agrees", told]


def test_nothing_is_kept_where_a_chapter_itself_runs(tmp_path):
    folder = tmp_path / "notebooks" / "en"
    folder.mkdir(parents=True)
    code = f"from mathutils.course.start_here import exercises; {RIGHT}"
    for path in (folder, tmp_path, ROOT / "notebooks" / "en"):
        before = sorted(path.rglob("*"))
        subprocess.run([sys.executable, "-c", code], cwd=path, check=True, capture_output=True)
        assert [one for one in sorted(path.rglob("*")) if one not in before] == []


def test_results_are_where_the_kernel_started_wherever_the_reader_goes(copies):
    code = "import os; from mathutils.course.start_here import exercises; os.chdir('/')"
    code += f"; {RIGHT}"
    subprocess.run([sys.executable, "-c", code], cwd=copies, check=True, capture_output=True)
    assert stored(copies) == [LINE]


def test_the_table_has_each_chapter_and_is_empty_before_the_first_answer(copies):
    for path in ENGLISH:
        (copies / path.name).write_bytes(path.read_bytes())
    (copies / "00_start_here_2026-01-31.ipynb").write_bytes(ENGLISH[0].read_bytes())
    (copies / "99_my own.ipynb").write_text("{}", encoding="utf-8")
    rows = score.score_table().data.splitlines()[2:]
    assert len(rows) == len(ENGLISH)
    size = len(list(exercises))
    score_of_first = f"0 of {size} right | {size * '○'} |"
    assert rows[0] == f"| [00 Start here](00_start_here.ipynb) | {score_of_first}"
    assert not any("●" in row for row in rows)


def test_the_table_counts_what_is_kept(copies):
    (copies / ENGLISH[0].name).write_bytes(ENGLISH[0].read_bytes())
    names = [exercise.name for _, exercise in exercises]
    for name in (names[1], names[-1], "of-another-chapter"):
        score.keep(name, True)
    dots = "●●" + (len(names) - 2) * "○"
    assert score.score_table().data.endswith(f"| 2 of {len(names)} right | {dots} |")
