"""check_derivative: right formulas pass, their classic wrong twins do not, and it says why."""

import numpy as np
import pytest

from mathutils import Verdict, check_derivative

rng = np.random.default_rng(2)
A, B = rng.normal(size=(3, 4)), rng.normal(size=(4, 3))
S, X = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)) + 4 * np.eye(4)
x, y = rng.normal(size=4), rng.normal(size=3)

# name: f, x, the right derivative, wrong twins
FORMULAS = {
    "a·x": (lambda a: a @ x, S[0], x, [S[0], -x, 2 * x]),
    "Ax": (lambda x: A @ x, x, A, [A.T, -A]),
    "square Ax": (lambda x: S @ x, x, S, [S.T, -S]),
    "x·x": (lambda x: x @ x, x, 2 * x, [x, -2 * x, np.ones(4)]),
    "xᵀSx": (lambda x: x @ S @ x, x, (S + S.T) @ x, [2 * S @ x, 2 * S.T @ x, S @ x]),
    "‖Ax - y‖²": (
        lambda x: np.sum((A @ x - y) ** 2),
        x,
        2 * A.T @ (A @ x - y),
        [A.T @ (A @ x - y), 2 * A.T @ A @ x, 2 * A.T @ (A @ x + y)],
    ),
    "tr AB": (lambda A: np.trace(A @ B), A, B.T, [B, -B.T]),
    "tr SX": (lambda X: np.trace(S @ X), X, S.T, [S]),
    "‖A‖²": (lambda A: np.sum(A**2), A, 2 * A, [A, 2 * A.T]),
    "det": (
        np.linalg.det,
        X,
        np.linalg.det(X) * np.linalg.inv(X).T,
        [np.linalg.det(X) * np.linalg.inv(X), np.linalg.inv(X).T],
    ),
    "log det": (
        lambda X: np.linalg.slogdet(X)[1],
        X,
        np.linalg.inv(X).T,
        [np.linalg.inv(X), X.T, -np.linalg.inv(X).T],
    ),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_right_formula_and_wrong_twins(name):
    f, at, right, twins = FORMULAS[name]
    assert check_derivative(f, right, at)
    for twin in [*twins, right * 1.0001]:
        assert check_derivative(f, twin, at).status == "wrong"


@pytest.mark.parametrize("place", [(0, 0), (2, 3)])
def test_one_wrong_entry_is_found_and_named(place):
    claim = A.copy()
    claim[place] *= 1.01
    verdict = check_derivative(lambda x: A @ x, claim, x)
    assert repr(verdict) == (
        "wrong: 1 of 12 entries differ from the measured derivative, "
        f"the first at [{place[0]}, {place[1]}]"
    )


def test_shape_is_compared_before_values():
    verdict = check_derivative(lambda x: A @ x, A.T, x)
    wanted = "the derivative has shape (4, 3), but f(x).shape + x.shape is (3, 4)"
    assert (verdict.status, verdict.reason) == ("wrong", wanted)
    # One number would broadcast to any shape, and must not.
    assert "shape ()" in check_derivative(lambda x: np.sum(x), 1.0, x).reason


def test_only_right_is_true():
    truth = {s: bool(Verdict(s, "…")) for s in ["right", "wrong", "undecided"]}
    assert truth == {"right": True, "wrong": False, "undecided": False}


def test_the_derivative_may_be_a_function_a_list_or_an_array():
    for claim in [lambda p: 2 * p, [2, 4], np.array([2, 4])]:
        assert check_derivative(lambda p: p @ p, claim, [1, 2])
    assert not check_derivative(lambda p: p @ p, lambda p: 3 * p, [1, 2])


def test_a_derivative_that_changes_its_argument_does_no_harm():
    def derivative(p):
        p *= 2
        return p

    point = np.array([1.0, 2.0])
    assert check_derivative(lambda p: p @ p, derivative, point)
    assert point.tolist() == [1, 2]


@pytest.mark.parametrize("blank", [None, lambda p: None])
def test_a_blank_answer_is_undecided(blank):
    verdict = check_derivative(lambda p: p @ p, blank, [1, 2])
    assert repr(verdict) == "undecided: no derivative is given yet"


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ([np.nan, 4], "the derivative has a NaN or infinite entry"),
        ([2j, 4], "the derivative has dtype complex128"),
        ([], "the derivative is empty"),
        (["2", "4"], "the derivative has dtype <U1"),
        ([[2], [4, 5]], "the derivative is not an array of numbers"),
    ],
)
def test_a_bad_derivative_is_wrong_and_raises_nothing(claim, sentence):
    verdict = check_derivative(lambda p: p @ p, claim, [1, 2])
    assert verdict.status == "wrong"
    assert verdict.reason.startswith(sentence)


@pytest.mark.parametrize(
    ("f", "at"), [(np.abs, 0.0), (np.sqrt, 0.0), (lambda p: np.max(p), [1.0, 1.0])]
)
@pytest.mark.filterwarnings("error")
def test_where_nothing_can_be_measured_the_verdict_is_undecided(f, at):
    verdict = check_derivative(f, np.zeros_like(at), at)
    assert verdict.status == "undecided"
    assert "kink" in verdict.reason


def test_a_zero_gradient_can_be_right():
    def f(p):
        x, y = p
        return 2 * x**2 + 6 * x * y + 7 * y**2 - 26 * x - 54 * y + 107

    assert check_derivative(f, [0, 0], [2, 3])
    assert check_derivative(f, [1e-6, 0], [2, 3]).status == "wrong"
