"""The benchmark of formulas counts what it says; SymPy itself is not needed here."""

import numpy as np
import pytest

from tests.expressions import Expression, arguments, expressions
from tools import bench_formulas as bench

ONE = {one.name: one for one in expressions()}


def outcome(status, latex="x", seconds=0.01):
    return bench.Outcome(status, "x", latex, seconds)


def test_our_results_are_judged():
    found = bench.ours(ONE["quadratic-form"])
    assert (found.status, found.text) == ("right", "(A + Aᵀ) x") and 0 < found.seconds
    assert bench.ours(ONE["spectral-norm"]).status == "none"


def test_a_wrong_formula_would_count_as_wrong(monkeypatch):
    class Wrong:
        text, latex = "x", "x"

        def __call__(self, x):
            return x

    monkeypatch.setattr(bench, "differentiate", lambda *args, **options: Wrong())
    assert bench.ours(ONE["quadratic-form"]).status == "wrong"


@pytest.mark.parametrize(("scale", "status"), [(2, "right"), (1, "wrong")])
def test_values_of_others_are_judged_in_the_shape_of_x(monkeypatch, scale, status):
    one = Expression("square", "asked", lambda x: x @ x, arguments("x 3"), "x.T*x")
    assert bench.judged(one, scale * one.inputs(np.random.default_rng(0))[0][:, None]) == status


def test_rows_are_counted_by_group_and_altogether():
    rows = [
        (ONE["trace"], outcome("right"), outcome("wrong")),
        (ONE["spectral-norm"], outcome("none", ""), outcome("none")),
        (ONE["xyz"], outcome("right"), outcome("right")),
    ]
    assert bench.counts(rows, "catalogue") == ["catalogue", 2, 1, 0, 1, 0, 1, 1]
    assert bench.counts(rows, "all") == ["all", 3, 2, 0, 1, 1, 1, 1]
    assert bench.ratios(rows) == {"trace": 1.0}
    reached = [row[-1] for row in bench.goals(rows)]
    assert reached == ["yes", "**no**", "yes", "yes", "yes"]
