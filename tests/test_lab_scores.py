"""run.py scores counts what is right, whatever a notebook prints, stores or breaks."""

import csv
import json
import os
import subprocess
import sys
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from mathutils.course.start_here import exercises
from tools import scores, wire
from tools.chapters import ROOT, chapters

EVERY = {exercise.name: exercise for _, exercise in exercises}
NUMBER = {exercise.name: number for number, exercise in exercises}
SQUARE, SHAPES, LINE = "square-of-a-sum", "layouts-of-a-map", "verdict-at-one-point"
MAP, FRACTION = "jacobian-of-a-map", "one-over-t"
SETUP = "import numpy as np\nfrom mathutils.course.start_here import exercises"


def check(name, answer):
    return f"exercises.check({NUMBER[name]}, {answer})"


RIGHT, RIGHT_LINE = check(SQUARE, "lambda t: 6 * (3 * t + 1)"), check(LINE, 3)


def notebook(path, *sources, **others):
    cells = [
        {"id": f"cell-{n}", "cell_type": "code", "source": source, "metadata": {}, "outputs": []}
        for n, source in enumerate(sources)
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"cells": cells} | others), encoding="utf-8")
    return path


def score(folder, *sources):
    if sources:
        notebook(folder / "kim" / "00_start_here.ipynb", SETUP, *sources)
    return scores.score(folder / "kim", EVERY, set())


@pytest.fixture
def short(monkeypatch):
    monkeypatch.setattr(scores, "SECONDS", 3)


def test_answers_are_judged_as_in_the_notebook(tmp_path):
    right, troubles = score(
        tmp_path,
        RIGHT,
        f"shapes = [(4, 2), None]\n{check(SHAPES, 'shapes')}",
        f"%matplotlib inline\n{check(SHAPES, 'np.array([[4, 2], [2, 4]]).tolist()')}",
        check(SHAPES, None),
        f"{check(LINE, 3)}\n{check(LINE, 1)}",
        check(MAP, "lambda x, C: C.T"),
        f"def r(t):\n    return forgotten\n{check(FRACTION, 'r')}",
        check(FRACTION, "not_there"),
        "scratch_of_mine",
        "exercises.check(99, 1)\nexercises.hint(1)\nexercises.score()",
    )
    assert right == {SQUARE, SHAPES}
    assert len(troubles) == 1 and "NameError: name 'not_there' is not defined" in troubles[0]


CHEATS = [
    "print('right: it agrees on 4 random inputs')",
    f"""
import mathutils.check, mathutils.course.exercise as course
from mathutils import Verdict
yes = lambda *_: Verdict("right", "it agrees")
mathutils.check.check_derivative = course.check_derivative = course.Exercise.judge = yes
course.Exercises.model = lambda self, number, answer: self.check(number, answer)
{check(SQUARE, "lambda t: 1")}
{check(SHAPES, "yes")}
{check(LINE, "yes(1)")}
""",
    f"exercises.model({NUMBER[LINE]}, 3)",
    f"""
class Always(float):
    shape = property(lambda self: 1 / 0)
    def __eq__(self, other): return True
    def __array__(self, *_, **__): raise SystemExit
{check(LINE, "Always(1)")}
{check(SQUARE, "lambda t: Always(1)")}
loop = []
loop.append(loop)
{check(SHAPES, "loop")}
{check(LINE, "10**9999")}
""",
    f"def again(t):\n    raise SystemExit\n{check(SQUARE, 'again')}",
    f"""
import os
os.write(1, b'{{"answer": "{LINE}", "value": {{"int": "3"}}}}')
""",
    f"class Fake:\n    def check(self, *_): print('right')\nexercises = Fake()\n{RIGHT}",
]


def test_what_a_notebook_breaks_or_prints_gains_nothing(tmp_path):
    right, troubles = score(tmp_path, *CHEATS)
    assert right == set() and troubles == []


SPEAK = """
import gc, json
[line] = [one for one in gc.get_objects() if type(one).__name__ == "Line"]
def tell(text):
    line.outgoing.write(text.encode() + b"\\n")
    line.outgoing.flush()
"""


@pytest.mark.parametrize(
    "text",
    [
        '{"done": true, "right": {"list": ["one-over-t"]}}',
        '{"answer": "one-over-t", "value": {"function": {"int": "0"}}}',
        '{"answer": "one-over-t", "value": {"exec": "1"}}',
        '{"answer": {"list": []}, "value": {"array": ["|O", [1], "AAAA"]}}',
        "[" * 9999,
        "not a line",
    ],
)
def test_who_speaks_for_the_exercises_gains_nothing(tmp_path, text):
    right, troubles = score(tmp_path, RIGHT, SPEAK + f"tell({text!r})", RIGHT_LINE)
    assert right - {LINE} == {SQUARE}


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("import os\nos._exit(0)", "came to an end in the cell cell-2"),
        ("while True: pass", "stopped after 3 seconds, in the cell cell-2"),
        (f"while True: {check(LINE, 1)}", "stopped after 3 seconds, in the cell cell-2"),
        (f"import time\n{check(SQUARE, 'lambda t: time.sleep(99)')}", "stopped after 3 seconds"),
        (
            SPEAK + "while True: tell(json.dumps({'cell': 'x' * 9999}))",
            "stopped after 3 seconds, in the cell xxxx",
        ),
    ],
)
def test_what_stops_a_notebook_is_told_and_what_was_right_before_counts(
    tmp_path, source, told, short
):
    right, troubles = score(tmp_path, RIGHT, source, RIGHT_LINE)
    assert right == {SQUARE} and len(troubles) == 1 and told in troubles[0]


@pytest.mark.skipif(os.name == "nt", reason="these are limits of POSIX")
def test_too_much_memory_fails_in_its_own_cell(tmp_path):
    source = "kept = []\nwhile True:\n    kept.append(bytes(1 << 28))\nexercises"
    right, troubles = score(tmp_path, source, "del kept\n" + RIGHT)
    assert right == {SQUARE}
    assert troubles and "the cell cell-1 raised MemoryError" in troubles[0]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows has no fork")
def test_a_process_that_escapes_holds_nobody_up(tmp_path, short):
    """Neither by the lines that it keeps open, nor at the end of Python."""
    source = (
        "import os, time\nif os.fork() == 0:\n    os.setsid()\n    time.sleep(99)\nos._exit(0)"
    )
    notebook(tmp_path / "kim" / "a.ipynb", SETUP, RIGHT, source)
    code = "import sys; sys.argv = ['', sys.argv[1]]; from tools import scores"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}; scores.SECONDS = 6; scores.main()", tmp_path / "kim"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=90,
    )
    assert done.returncode == 0 and done.stdout.splitlines()[2].split()[1] == "1"


def test_files_beside_a_notebook_are_not_read(tmp_path):
    for name in ("numpy", "mathutils", "sitecustomize", "json", "tools", "IPython"):
        (tmp_path / "kim").mkdir(exist_ok=True)
        (tmp_path / "kim" / f"{name}.py").write_text("raise SystemExit", encoding="utf-8")
    (tmp_path / "kim" / "score.json").write_text(json.dumps(list(EVERY)), encoding="utf-8")
    right, troubles = score(tmp_path, "import os\nassert os.listdir() == []", RIGHT)
    assert right == {SQUARE} and troubles == []
    assert len(os.listdir(tmp_path / "kim")) == 8


def test_what_is_stored_counts_for_nothing(tmp_path):
    """A chapter as it is, with results that somebody has written into it, is not even run."""
    chapter = json.loads(chapters()[0].read_text(encoding="utf-8"))
    for cell in chapter["cells"]:
        if cell["id"].startswith("exercise"):
            cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "right"}]
    path = notebook(tmp_path / "kim" / "mine (1).ipynb")
    path.write_text(json.dumps(chapter), encoding="utf-8")
    ours = {source for _, source in scores.code_cells(chapters()[0])}
    assert scores.score(tmp_path / "kim", {}, ours) == (set(), [])


def test_what_is_no_notebook_of_one_s_own_is_told(tmp_path):
    other = notebook(tmp_path / "lee" / "00_start_here.ipynb", SETUP, RIGHT)
    (tmp_path / "kim" / ".ipynb_checkpoints").mkdir(parents=True)
    (tmp_path / "kim" / ".ipynb_checkpoints" / "a.ipynb").symlink_to(other)
    (tmp_path / "kim" / "a.ipynb").symlink_to(other)
    (tmp_path / "kim" / "b").symlink_to(other.parent, target_is_directory=True)
    for name, text in (("c", "{"), ("d", '{"cells": 7}'), ("e", "[" * 99999), ("f\n\x1b[2J", "")):
        (tmp_path / "kim" / f"{name}.ipynb").write_text(text, encoding="utf-8")
    right, troubles = score(tmp_path)
    assert right == set() and len(troubles) == 5
    assert "\x1b" not in "".join(troubles) and "\n" not in "".join(troubles)
    assert scores.score(tmp_path, EVERY, {SETUP, RIGHT}) != (set(), [])


def test_a_folder_without_notebooks_is_told(tmp_path):
    (tmp_path / "kim").mkdir()
    assert score(tmp_path) == (set(), [scores.say("no-notebooks")])


# The table


@pytest.fixture
def counted(monkeypatch):
    found = {"kim": ({SQUARE, LINE}, []), "=lee": (set(), ["one", "-two"])}
    monkeypatch.setattr(scores, "score", lambda folder, *_: found[folder.name])


def folders(tmp_path):
    for name in ("kim", "=lee"):
        (tmp_path / name).mkdir(exist_ok=True)
    return [str(tmp_path / "kim"), str(tmp_path / "=lee")]


def type_in(monkeypatch, *arguments):
    monkeypatch.setattr(sys, "argv", ["scores", *arguments])
    scores.main()


def test_the_table_has_a_row_for_each_folder_and_notes_below(
    tmp_path, counted, monkeypatch, capsys
):
    type_in(monkeypatch, *folders(tmp_path))
    head, every, kim, lee, *notes = capsys.readouterr().out.splitlines()
    assert head.split()[0] == "00" and len(head) == len(every) == len(kim) == len(lee)
    assert every.split()[-1] == str(sum(map(int, every.split()[2:-1])))
    assert kim.split()[:3] == ["kim", "2", "0"] and kim.split()[-1] == "2"
    assert notes == ["    one", "    -two"]


def test_the_table_for_a_spreadsheet_has_no_formula(tmp_path, counted, monkeypatch, capsys):
    type_in(monkeypatch, "--csv", *folders(tmp_path))
    out, err = capsys.readouterr()
    head, every, kim, lee = csv.reader(out.splitlines())
    assert len(head) == len(every) == len(kim) == len(lee)
    assert kim[:2] == ["kim", "2"] and kim[-1] == "" and head[1] == "00"
    assert lee[0] == "'=lee" and lee[-1] == "one; -two"
    assert scores.say("scores-warning") in err


def test_a_star_stands_for_folders_also_where_the_terminal_knows_none(tmp_path):
    folders(tmp_path)
    found, as_csv = scores.read_arguments([str(tmp_path / "*")])
    assert sorted(path.name for path in found) == ["=lee", "kim"] and not as_csv


def test_what_is_no_folder_is_told(tmp_path, capsys):
    with pytest.raises(SystemExit):
        scores.read_arguments([str(tmp_path / "nobody")])
    assert "nobody is no folder" in capsys.readouterr().err


def test_two_folders_of_one_name_are_told_apart(tmp_path):
    found = [tmp_path / one / "my_notebooks" for one in ("kim", "lee")]
    assert len(set(scores.named(found))) == 2


# Values on their way


@pytest.mark.parametrize(
    "value",
    [
        *(None, True, 3, -(10**40), 0.1, -0.0, 1 + 2j, "ü\udcff", Fraction(1, 3), Decimal("0.5")),
        *((2, 3), [(4,), None, "A.T"], [[1.5, 2], [True]], []),
    ],
)
def test_a_value_arrives_as_it_was(value):
    arrived = wire.loads(wire.dumps({"value": value}, []), None)["value"]
    assert arrived == value and repr(arrived) == repr(value)


@pytest.mark.parametrize(
    "array",
    [np.arange(6.0).reshape(2, 3).T, np.float32(0.1), np.array(3), np.array([True]), np.zeros(0)]
    + [np.array(["A", "A.T"]), np.bool_(True), np.array([1 + 2j]), np.int8(-3), np.str_("A")],
)
def test_an_array_arrives_with_its_type_and_shape(array):
    arrived = wire.loads(wire.dumps({"value": array}, []), None)["value"]
    if isinstance(array, np.str_):
        assert arrived == "A"
        return
    assert type(arrived) is type(array) and arrived.dtype == array.dtype
    assert arrived.shape == array.shape and (arrived == array).all()


def test_other_arrays_arrive_by_content():
    given = [np.matrix([[1, 2]]), np.array([Fraction(1, 3), None])]
    matrix, fractions = wire.loads(wire.dumps({"value": given}, []), None)["value"]
    assert type(matrix) is np.ndarray and matrix.tolist() == [[1, 2]]
    assert fractions == [Fraction(1, 3), None]


def test_a_function_stays_where_it_is_and_the_rest_is_unknown():
    functions = []
    line = wire.dumps({"value": [len, object(), {1: 2}, np.array(object())]}, functions)
    arrived = wire.loads(line, lambda place: functions[place])["value"]
    assert arrived[0] is len
    assert all(isinstance(one, wire.Unknown) for one in arrived[1:])


@pytest.mark.parametrize(
    "line",
    [
        *("", "7", "{", '{"value": {"eval": "1"}}', '{"value": {"array": ["|O", [1], "AAAA"]}}'),
        *('{"value": 7}', '{"value": {"int": "9e9"}}', '{"value": {}}', "[" * 99999),
        *('{"value": {"array": ["<f8", [3], "AAAA"]}}', '{"value": {"Fraction": "1/0"}}'),
        '{"value": {"int": "' + "9" * 9999 + '"}}',
    ],
)
def test_a_line_that_is_none_is_refused(line):
    with pytest.raises(ValueError):
        wire.loads(line, None)
