"""The changes that run.py mutate makes: what they are, and that a test sees one."""

import subprocess
import sys
import tomllib

import pytest

from tools.chapters import ROOT, chapters
from tools.mutate import changes, chapter_mutants


@pytest.mark.parametrize(
    "code, mutants",
    [
        ("a + b", ["a - b"]),
        ("(a) - (b)", ["(a) + (b)"]),
        ("A @ x", ["x @ A"]),
        ("x**2", ["x*2", "x**3"]),
        ("2 * x", ["2 / x", "3 * x"]),
        ("-x", ["x"]),
        ("A.T @ x", ["x @ A.T", "A @ x"]),
        ("é = -(a @ b).T", ["é = (a @ b).T", "é = -(a @ b)", "é = -(b @ a).T"]),
        ("f(-1.7, [0.3, -2])", []),
        ("lambda p: [p, -2]", ["lambda p: [p, 2]", "lambda p: [p, -3]"]),
        ("f(lw=2 * x)", []),
        ("f'{2 * x}'", []),
    ],
)
def test_each_operator_sign_transpose_and_constant_is_changed_once(code, mutants):
    assert sorted(change.apply(code) for change in changes(code)) == sorted(mutants)


def test_a_change_is_told_by_its_line():
    code = "def f(x):\n    return 2 * x\n"
    assert [c.describe(code) for c in changes(code)] == [
        "return 2 * x -> return 2 / x",
        "return 2 * x -> return 3 * x",
    ]


def test_nbval_notices_a_wrong_formula_and_passes_what_is_as_it_was(monkeypatch):
    path = ROOT / "notebooks/en/00_start_here.ipynb"
    where, change, is_noticed = next(m for m in chapter_mutants(path) if m[0] == "00 check-first")
    assert change == "return t**3 - 3 * t -> return t**3 + 3 * t"
    assert is_noticed()
    monkeypatch.setattr("tools.mutate.changes", lambda text: [unchanged])
    assert not next(chapter_mutants(path))[2]()


class unchanged:
    apply = staticmethod(lambda text: text)
    describe = staticmethod(lambda text: "")


def test_known_mutants_have_a_reason_and_still_exist():
    known = tomllib.loads((ROOT / "tools/mutants.toml").read_text(encoding="utf-8"))
    texts = {path.stem: path.read_text("utf-8") for path in ROOT.glob("mathutils/*.py")}
    found = {(name, c.describe(text)) for name, text in texts.items() for c in changes(text)}
    found |= {(m[0], m[1]) for path in chapters() for m in chapter_mutants(path)}
    for where, part in known.items():
        for change, reason in part.items():
            assert (where, change) in found, "it no longer exists: take it out"
            assert reason.endswith(".")


def test_an_unknown_name_is_told_in_a_sentence():
    done = subprocess.run(
        [sys.executable, "-m", "tools.mutate", "nothing"], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 1
    assert done.stderr.startswith("Nothing to change: name chapters")
