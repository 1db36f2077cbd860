"""The changes that run.py mutate makes: what they are, and that it sees what nbval sees."""

import os
import subprocess
import sys
import time
import tomllib
from functools import partial

import nbformat
import numpy as np
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from tests.languages import ENGLISH
from tools.changes import changes, named
from tools.chapters import ROOT
from tools.refresh import refresh

if not hasattr(os, "fork"):
    pytest.skip("Windows cannot copy a process", allow_module_level=True)

from tools import mutate
from tools.forks import EQUAL, NOTHING, NOTICED, Children, Watched, in_child, in_new_process

FUNCTIONS = [f"f(f=lambda x: {body}, inputs=lambda n: 2 * n)" for body in ["2 / x", "3 * x"]]


@pytest.mark.parametrize(
    "code, mutants",
    [
        ("a + b", ["a - b"]),
        ("(a) - (b)", ["(a) + (b)"]),
        ("a + 0.0", ["a + 1.0"]),
        ("A @ x", ["x @ A"]),
        ("(A - B) @ x", ["(x) @ (A - B)", "(A + B) @ x"]),
        ("A @ B @ C", ["B @ A @ C", "A @ C @ B"]),
        ("x @ A @ x", ["x @ x @ A"]),
        ("np.trace(A @ B)", []),
        ("np.trace(A @ B @ C)", ["np.trace(B @ A @ C)", "np.trace(A @ C @ B)"]),
        ("x**2", ["x*2", "x**3"]),
        ("x[a * b] += a", ["x[a / b] += a", "x[a * b] -= a"]),
        ("a < 100 * b", ["a < 100 / b"]),
        ("a == 100 * b", ["a == 100 / b", "a == 101 * b"]),
        ("a < b + 100", ["a < b - 100", "a < b + 101"]),
        ("2 * x", ["2 / x", "3 * x"]),
        ("-x", ["x"]),
        ("A.T @ x", ["x @ A.T", "A @ x"]),
        ("é = -(a @ b).T", ["é = (a @ b).T", "é = -(a @ b)", "é = -(b @ a).T"]),
        ("f(-1.7, [0.3, -2])", []),
        ("lambda p: [p, -2]", ["lambda p: [p, 2]", "lambda p: [p, -3]"]),
        ("f(lw=2 * x)", []),
        ("f(wrong={'x': lambda x: 2 * x})", []),
        ("f(f=lambda x: 2 * x, inputs=lambda n: 2 * n)", FUNCTIONS),
        ("f'{2 * x}'", []),
    ],
)
def test_each_operator_sign_transpose_and_constant_is_changed_once(code, mutants):
    assert sorted(change.apply(code) for change in changes(code)) == sorted(mutants)


def test_a_name_says_where_and_which_of_its_kind_but_not_the_variables():
    code = "b = 2 * x + 3 - 2 * y\ndef f(A):\n    return -(A @ A.T @ A)\n"
    code += "Rule(name='r', f=lambda t: -t)"
    names = [
        *[("m", "2 to 3"), ("m", "* to /"), ("m", "+ to -"), ("m", "3 to 4"), ("m", "- to +")],
        *[("m", "2 to 3 #2"), ("m", "* to / #2"), ("m f", "drop -"), ("m f", "exchange @")],
        *[("m f", "exchange @ #2"), ("m f", "drop .T"), ("m r", "drop -")],
    ]
    assert list(named(code, "m", by_place=True)) == names
    assert list(named(code.replace("x", "other").replace("A", "B"), "m", by_place=True)) == names
    assert {where for where, _ in named(code, "cell")} == {"cell"}


def test_a_change_is_told_by_its_line():
    code = "def f(x):\n    return 2 * x\n"
    assert [c.describe(code) for c in changes(code)] == [
        "return 2 * x -> return 2 / x",
        "return 2 * x -> return 3 * x",
    ]


CELLS = {
    "import numpy as np\nfrom IPython.display import Markdown\na = np.array([1, 2])": [],
    "print(a @ np.ones(2), a @ (S := np.eye(2)))": [EQUAL, EQUAL],
    "def f(n):\n    return 2 * n": [NOTICED, NOTICED],  # by the last cell
    "b = f(3) - 1": [NOTHING, NOTHING],
    "assert a[0] - 1 == 0": [NOTICED, NOTICED],
    "Markdown(str(f(a) - a))": [NOTICED],
    "f(4)": [],
}


@pytest.fixture(scope="module")
def notebook(tmp_path_factory):
    path = tmp_path_factory.mktemp("chapter") / "99_small.ipynb"
    nbformat.write(new_notebook(cells=[new_code_cell(text) for text in CELLS]), path)
    refresh(path)
    return path


def test_what_shows_in_a_later_output_is_noticed(notebook):
    wanted = [found for outcomes in CELLS.values() for found in outcomes]
    assert in_new_process(mutate.chapter_outcomes, notebook) == wanted


def test_nbval_notices_the_same(notebook, tmp_path):
    stored = nbformat.read(notebook, as_version=4)
    for number, found in [(2, NOTICED), (3, NOTHING), (5, NOTICED)]:
        mutant = nbformat.from_dict(stored)
        text = mutant.cells[number].source
        mutant.cells[number].source = next(changes(text)).apply(text)
        nbformat.write(mutant, tmp_path / f"{number}_{found == NOTICED}.ipynb")
        stored = nbformat.read(notebook, as_version=4)
    command = [sys.executable, "-m", "pytest", "-q", "--nbval", "--nbval-current-env", "-rf"]
    done = subprocess.run([*command, tmp_path], capture_output=True, text=True, cwd=tmp_path)
    for path in tmp_path.glob("*.ipynb"):
        assert (f"FAILED {path.name}" in done.stdout) == ("True" in path.name), path


def test_stored_outputs_that_are_not_the_chapters_are_told(notebook, tmp_path):
    stored = nbformat.read(notebook, as_version=4)
    stored.cells[-1].source = "f(5)"
    nbformat.write(stored, tmp_path / "99_other.ipynb")
    with pytest.raises(ValueError, match="99_other.ipynb does not give the outputs"):
        in_new_process(mutate.chapter_outcomes, tmp_path / "99_other.ipynb")


def test_a_loop_without_end_is_noticed():
    assert in_child(partial(time.sleep, 60), limit=1)
    assert not in_child(lambda: False)


@pytest.mark.parametrize(
    "right, found", [(np.ones(2), EQUAL), (np.eye(2), EQUAL), (np.triu(np.ones((2, 2))), NOTHING)]
)
def test_equal_products_are_seen_through_a_copy_of_a_copy(right, found):
    child = Children()
    child.start(lambda: in_child(lambda: (Watched(np.ones(2)) @ right) is None))
    assert child.results() == [found]


def test_a_changed_module_meets_its_tests(monkeypatch):
    monkeypatch.setattr(mutate, "TESTS", ["plot"])
    monkeypatch.setattr(mutate, "chapters", lambda names: [])
    right, wrong = "value + slope @ (p - point)", "value - slope @ (p - point)"
    assert _outcomes("plot", right, wrong) == [False, True]


def test_a_module_whose_tests_fail_as_it_is_is_told(monkeypatch):
    monkeypatch.setattr(mutate, "module_differs", lambda path, text: True)
    with pytest.raises(ValueError, match="fail with plot.py as it is"):
        in_new_process(mutate.module_outcomes, ROOT / "mathutils/plot.py")


def test_a_changed_exercise_meets_its_chapter():
    right, wrong = "f=lambda t: (3 * t + 1) ** 2", "f=lambda t: (3 * t - 1) ** 2"
    assert _outcomes("course/start_here", right, wrong) == [False, True]


def _outcomes(module, right, wrong):
    path = ROOT / f"mathutils/{module}.py"
    text = path.read_text(encoding="utf-8")
    assert right in text
    mutants = [text, text.replace(right, wrong)]
    return [in_new_process(mutate.module_differs, path, mutant) for mutant in mutants]


@pytest.mark.parametrize(
    "line, printed, wrong",
    [
        ('print("x:", check_derivative(f, 2 * x, x))', "A: right: …\nx: wrong: …", True),
        ('print("A:", check_derivative(f, 2 * A, x))', "A: right: …\nx: wrong: …", False),
        ("check_derivative(f, 2 * x, x)", "wrong: …", True),
        ("check_derivative(f, 2 * x, x)", "right: …", False),
    ],
)
def test_only_verdicts_on_wrong_claims_may_stay(line, printed, wrong):
    for shown in [{"stdout": printed, "text/plain": []}, {"stdout": "", "text/plain": [printed]}]:
        assert mutate.stays_wrong("small refute-it", line, shown) == wrong
    assert not mutate.stays_wrong("small check-it", f"f(x) + {line}", shown)


def test_known_mutants_have_a_reason_and_still_exist():
    known = tomllib.loads((ROOT / "tools/mutants.toml").read_text(encoding="utf-8"))
    found = {m for path in ROOT.glob("mathutils/**/*.py") for m in mutate.module_changes(path)}
    found |= {m for path in ENGLISH for m in mutate.chapter_changes(path)}
    for where, part in known.items():
        for name, reason in part.items():
            assert (where, name) in found, "it no longer exists: take it out"
            assert reason.endswith(".")


def test_an_unknown_name_is_told_in_a_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "tools.mutate", "nothing"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing to change: name chapters")
