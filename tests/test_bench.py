"""The benchmark differentiates what it says, and computes its ratios rightly."""

import autograd
import autograd.numpy
import numpy as np
import pytest

from tools import bench, bench_live
from tools.bench_functions import point, rows, to_number, to_vector


@pytest.mark.parametrize("n", [2, 4, 8, 50])
@pytest.mark.parametrize("functions", [to_number, to_vector])
def test_functions_take_a_batch_and_their_gradients_are_right(functions, n):
    x, twins = point(n), functions(autograd.numpy, n)
    X = np.stack([x, 2 * x, -x])
    for name, (f, gradient) in functions(np, n).items():
        np.testing.assert_allclose(f(X), [f(x) for x in X], rtol=1e-12)
        if functions is to_number:
            assert np.shape(f(x)) == ()
            np.testing.assert_allclose(gradient(x), autograd.grad(twins[name][0])(x), rtol=1e-10)
            np.testing.assert_allclose(gradient(X), [gradient(x) for x in X], rtol=1e-10)


def test_matrices_are_as_square_as_can_be():
    assert [rows(n) for n in (2, 4, 8, 50, 300, 1000)] == [1, 2, 2, 5, 15, 25]


def test_a_race_measures_errors_as_shares_of_the_largest_entry():
    truth = np.array([1.0, -4.0])
    [run] = bench.race("gradient", 2, "f", truth, {"ours": lambda: np.array([1.0, -3.0])})
    assert run.error == 0.25 and run.seconds > 0


def test_ratios_are_geometric_means_over_what_numdifftools_differentiated():
    runs = [
        bench.Run("gradient", 2, "f", bench.ND, 1e-13, 8.0),
        bench.Run("gradient", 2, "f", bench.LOOP, 1e-15, 2.0),
        bench.Run("gradient", 4, "f", bench.ND, 1e-13, 9.0),
        bench.Run("gradient", 4, "f", bench.LOOP, 1e-13, 9.0),
        bench.Run("gradient", 8, "f", bench.LOOP, 1e-13, 9.0),
    ]
    assert bench.ratio(runs, ["gradient"], bench.LOOP, [2, 4, 8], "error") == pytest.approx(10)
    assert bench.ratio(runs, ["gradient"], bench.LOOP, [2, 4, 8], "seconds") == pytest.approx(2)


def test_the_notes_loop_is_the_central_difference():
    J = bench.notes_loop(lambda X: X @ X, np.eye(2), step=0.5)
    np.testing.assert_allclose(J, 2 * np.einsum("ik,jl->ijkl", np.eye(2), np.eye(2)))


def test_tables_are_markdown():
    lines = ["| a | n |", "| --- | --: |", "| b | 1 |"]
    assert bench.table(["a", "n"], [["b", 1]]).splitlines() == lines


def test_the_benchmark_of_live_figures_finds_them_by_name():
    make = bench_live.figure_of(bench_live.FIRST)
    assert len(make()[0].axes) == 2
    controls, shown = bench_live.with_live(make)
    controls["x"].value = 2
    assert shown.text.startswith("$f = ")
