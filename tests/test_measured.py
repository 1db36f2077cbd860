"""How sure a measurement is, where it looks at f, and how often: on the benchmark's functions."""

from functools import partial

import numpy as np
import pytest
from numpy.random import default_rng

from mathutils import (
    check_derivative,
    check_directional,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)
from tests.claims import decades
from tools.bench_functions import point, to_number, to_vector

EPS = np.finfo(float).eps
SIZES = [2, 3, 5, 8, 20, 50]
LONG = np.longdouble


class Watched:
    """A function in other units, which remembers the points at which it was looked at."""

    def __init__(self, f, units):
        self.f, self.units, self.points = f, units, []

    def __call__(self, v):
        self.points.append(np.array(v))
        return self.f(v / self.units)


def measured_functions(sizes, most):
    """Yield the benchmark's functions in units of up to so many decades, each at its point."""
    for n in sizes:
        units = decades(default_rng(n), n, most)
        for f, _ in [*to_number(np, n).values(), *to_vector(np, n).values()]:
            yield Watched(f, units), point(n) * units


class LongLinalg:
    """The two functions of np.linalg that the gradients use, to more digits than np's."""

    @staticmethod
    def solve(A, b):
        x = LONG(0) * b
        for _ in range(3):  # what is left of b is solved for again
            x = x + np.linalg.solve(A.astype(float), (b - A @ x).astype(float))
        return x


class LongNumpy:
    """numpy, but for linalg."""

    linalg = LongLinalg

    def __getattr__(self, name):
        return getattr(np, name)


def deviation(n, name, units):
    """Return the true and the estimated error of each entry of a gradient, and the entry."""
    f, v = to_number(np, n)[name][0], point(n) * units
    truth = to_number(LongNumpy(), n)[name][1](v.astype(LONG) / units) / units
    value, error = numerical_gradient(lambda v: f(v / units), v, return_error=True)
    return np.array([abs(value - truth), error, abs(truth)], dtype=float)


@pytest.fixture(scope="module", params=[0, 3, 6], ids="units of {} decades".format)
def deviations(request):
    """Return those of all functions, one after another."""
    units = {n: decades(default_rng(n), n, request.param) for n in SIZES}
    parts = [deviation(n, name, units[n]) for n in SIZES for name in to_number(np, n)]
    return np.concatenate(parts, axis=1)


def test_the_error_bars_cover_the_true_errors(deviations):
    true, estimated, entry = deviations
    assert true.size > 1000
    assert np.mean(true <= estimated + EPS * entry) >= 0.999


def test_the_error_bars_are_not_much_too_long(deviations):
    true, estimated, entry = deviations
    assert np.median(estimated / np.maximum(true, EPS * entry)) <= 150
    assert np.median(estimated / np.maximum(true, 0.01 * EPS * entry)) <= 150


def test_the_median_error_is_the_same_in_any_units(deviations):
    true, _, entry = deviations
    assert np.median(true / entry) <= 5e-15


@pytest.mark.parametrize("most", [0, 3, 6])
@pytest.mark.parametrize("n", [8, 50])
def test_the_number_of_calls_in_any_units(n, most):
    calls = []
    for f, x in measured_functions([n], most):
        numerical_jacobian(f, x)
        calls.append(len(f.points))
    assert np.mean(calls) <= 7 * n + 30


@pytest.mark.parametrize("most", [0, 6])
def test_entries_keep_their_sign(most):
    left, entries = 0, 0
    for f, x in measured_functions(SIZES, most):
        numerical_jacobian(f, x)
        points = np.array(f.points)
        assert len(points) > x.size
        left += np.sum((np.sign(points) != np.sign(x)).any(axis=0))
        entries += x.size
    assert left < 0.03 * entries


def test_other_entries_do_not_make_an_entry_leave_home():
    """exp is of size 1 whatever stands beside it: only the digits of f make a step grow."""
    for beside in [1.0, 1e3, 1e6]:
        f = Watched(lambda x, beside=beside: np.exp(x[0]) + x[1] / beside, np.ones(2))
        numerical_gradient(f, [0.3, beside])
        assert (np.array(f.points) > 0).all()


class OutOfDomain(Exception):
    """An exception of one's own."""


KINDS = [
    *(AssertionError, RuntimeError, IndexError, KeyError, NotImplementedError, OutOfDomain),
    *(ValueError, TypeError, ZeroDivisionError, OverflowError, np.linalg.LinAlgError),
]


def guarded(kind, edge, x):
    """log u + log(edge - u), where u is x in units of its own: raises outside its domain."""
    u = x / [0.5, 1e-6, 2e6]
    if not (0 < u).all() or not (u < edge).all():
        raise kind("x must be in the box")
    return np.sum(np.log(u) + np.log(edge - u))


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_an_exception_of_any_class_means_not_defined_there(kind):
    x = np.array([0.5, 1e-6, 2e6])
    for edge in (1.05, 3):
        f, claim = partial(guarded, kind, edge), (1 - 1 / (edge - 1)) / x
        assert check_derivative(f, claim, x)
        assert check_derivative(f, 1.01 * claim, x).status == "wrong"
        bend = -1 - 1 / (edge - 1) ** 2
        H = numerical_hessian(f, x) * np.outer(x, x) / bend
        np.testing.assert_allclose(H, np.eye(3), atol=1e-6)
    with pytest.raises(ValueError, match="f cannot be evaluated at x: .*x must be in the box"):
        check_derivative(f, claim, -x)


def test_what_is_no_error_is_not_caught():
    def interrupted(x):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check_derivative(interrupted, [1.0], [1.0])


S = default_rng(3).normal(size=(6, 6))
CLAIMS = {
    "right": (lambda x: x @ S @ x, lambda x: (S + S.T) @ x, 1),
    "named": (lambda x: x @ S @ x, lambda x: -(S + S.T) @ x, 1),
    "for a symmetric matrix": (lambda x: x @ S @ x, lambda x: 2 * S @ x, 13),
    "unnamed": (lambda x: np.sum(np.tanh(S @ x)), lambda x: S @ (1 / np.cosh(S @ x) ** 2), 13),
    "of another shape": (lambda x: np.sin(x), lambda x: np.ones(5), 1),
}


@pytest.mark.parametrize("most", [0, 6])
@pytest.mark.parametrize("name", CLAIMS)
def test_a_claim_is_evaluated_once_and_never_far_from_x(name, most):
    f, derivative, most_calls = CLAIMS[name]
    x = default_rng(4).normal(size=6)
    units = decades(default_rng(5), 6, most)
    claim = Watched(lambda u: derivative(u) / (units if np.size(derivative(u)) == 6 else 1), units)
    check_derivative(lambda v: f(v / units), claim, x * units)
    points = np.array(claim.points)
    assert 1 <= len(points) <= most_calls
    assert (abs(points - x * units) <= 1e-2 * abs(x * units)).all()
    claim.points.clear()
    check_directional(lambda v: f(v / units), claim, x * units)
    assert len(claim.points) == 1
