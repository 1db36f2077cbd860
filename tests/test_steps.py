"""check_steps names the first wrong line of a derivation, and what happened in it."""

import re

import numpy as np
import pytest

from mathutils import check_steps
from mathutils.course.kinds import Derivation
from mathutils.steps import coefficients

RNG = np.random.default_rng(0)
A, X = RNG.normal(size=(2, 3, 3))
P = RNG.normal(size=(2, 3))
x = RNG.normal(size=3)
inv, det, tr = np.linalg.inv, np.linalg.det, np.trace

# Model derivations: the function, its lines, the input.
MODELS = {
    "quadratic form": (
        lambda x: x @ A @ x,
        [
            lambda x, dx: dx @ A @ x + x @ A @ dx,
            lambda x, dx: x @ A.T @ dx + x @ A @ dx,
            lambda x, dx: ((A + A.T) @ x) @ dx,
        ],
        x,
    ),
    "trace of an inverse": (
        lambda X: tr(inv(X) @ A),
        [
            lambda X, dX: -tr(inv(X) @ dX @ inv(X) @ A),
            lambda X, dX: -tr(inv(X) @ A @ inv(X) @ dX),
            lambda X, dX: -np.sum((inv(X) @ A @ inv(X)).T * dX),
        ],
        X,
    ),
    "determinant": (
        det,
        [
            lambda X, dX: det(X) * tr(inv(X) @ dX),
            lambda X, dX: np.sum(det(X) * inv(X).T * dX),
        ],
        X,
    ),
    "linear map": (lambda x: P @ x, [lambda x, dx: P @ dx], x),
    "square of a matrix": (lambda X: X @ X, [lambda X, dX: dX @ X + X @ dX], X),
    "gram matrix": (
        lambda X: X.T @ X,
        [lambda X, dX: dX.T @ X + X.T @ dX, lambda X, dX: (X.T @ dX).T + X.T @ dX],
        P,
    ),
    "number": (lambda t: np.sin(t) ** 2, [lambda t, dt: 2 * np.sin(t) * np.cos(t) * dt], 0.7),
    "constant": (lambda x: 2.0, [lambda x, dx: 0 * dx[0]], x),
}


@pytest.mark.parametrize("name", MODELS)
def test_model_derivations_are_right(name):
    f, steps, start = MODELS[name]
    verdict = check_steps(f, steps, start)
    assert verdict and verdict.line is None
    count = "the line is" if len(steps) == 1 else f"all {len(steps)} lines are"
    assert verdict.reason == f"{count} the differential of f"


@pytest.mark.parametrize("name", [name for name in MODELS if name != "constant"])
@pytest.mark.parametrize("factor", [-1, 2, 1.1, 0])
def test_the_first_line_that_is_another_multiple_is_named(name, factor):
    f, steps, start = MODELS[name]
    for number in range(1, len(steps) + 1):
        wrong = [
            step if k < number else lambda z, dz, step=step: factor * step(z, dz)
            for k, step in enumerate(steps, start=1)
        ]
        verdict = check_steps(f, wrong, start)
        assert verdict.status == "wrong" and verdict.line == number
        assert verdict.reason.startswith(
            "line 1 is not the differential of f: "
            if number == 1
            else f"line {number} does not follow from line {number - 1}: "
        )
        if factor == -1:
            assert verdict.mistake == "sign" and "a sign is wrong" in verdict.reason


# Known wrong lines: the model they belong to, the number of the line, the line, and its mistake.
WRONG = {
    "a transpose is missing": (
        "trace of an inverse", 3, lambda X, dX: -np.sum((inv(X) @ A @ inv(X)) * dX), "transpose"
    ),
    "the derivative is turned": (
        "square of a matrix", 1, lambda X, dX: (dX @ X + X @ dX).T, "transpose"
    ),
    "as if A were symmetric": (
        "quadratic form", 3, lambda x, dx: 2 * x @ A @ dx, "symmetric"
    ),
    "a factor 2": ("quadratic form", 3, lambda x, dx: 2 * ((A + A.T) @ x) @ dx, "factor"),
    "the trace is turned wrongly": (
        "trace of an inverse", 2, lambda X, dX: -tr(inv(X) @ inv(X) @ A @ dX), None
    ),
    "as if X and dX commuted": ("square of a matrix", 1, lambda X, dX: 2 * X @ dX, None),
    "another shape": ("gram matrix", 2, lambda X, dX: 2 * X @ dX.T, "shape"),
    "dX is lost": ("determinant", 1, lambda X, dX: det(X) * tr(inv(X)), "linear"),
    "dX stands twice": ("quadratic form", 2, lambda x, dx: dx @ A @ dx, "linear"),
    "dX and a constant": ("determinant", 2, lambda X, dX: det(X) * tr(inv(X) @ dX) + 1, "linear"),
    "the size of dX": ("number", 1, lambda t, dt: np.sin(2 * t) * abs(dt), "linear"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_known_wrong_lines_are_named(name):
    model, number, line, mistake = WRONG[name]
    f, steps, start = MODELS[model]
    verdict = check_steps(f, [*steps[: number - 1], line, *steps[number:]], start)
    assert (verdict.status, verdict.line, verdict.mistake) == ("wrong", number, mistake)


@pytest.mark.parametrize("scale", [1e-6, 1, 1e6])
def test_units_do_not_matter(scale):
    f, steps, start = MODELS["trace of an inverse"]
    assert check_steps(f, steps, scale * start)
    wrong = WRONG["a transpose is missing"][2]
    assert check_steps(f, [*steps, wrong], scale * start).line == 4


def test_a_derivation_can_be_checked_twice_and_x_stays_as_it_was():
    f, steps, start = MODELS["determinant"]
    kept = start.copy()

    def careless(X, dX):
        X += 1
        return steps[0](X - 1, dX)

    for _ in range(2):
        assert check_steps(f, [careless, *steps], start)
    np.testing.assert_array_equal(start, kept)


def test_a_line_is_a_table_of_coefficients():
    D = coefficients(lambda x, dx: P @ dx, x)
    np.testing.assert_array_equal(D, P)
    assert coefficients(lambda X, dX: dX.T, P).shape == (3, 2, 2, 3)


def test_a_line_still_to_come_is_no_mistake():
    f, steps, start = MODELS["determinant"]
    verdict = check_steps(f, [steps[0], None], start)
    assert (verdict.status, verdict.line) == ("undecided", 2)
    assert repr(verdict) == "undecided: not answered yet"
    kink = check_steps(lambda x: np.sum(abs(x)), [lambda x, dx: np.sum(dx)], np.zeros(2))
    assert kink.status == "undecided" and kink.reason.startswith("line 1: ") and kink.line == 1


def test_bad_input_is_told():
    f, steps, start = MODELS["determinant"]
    with pytest.raises(ValueError, match="has no line"):
        check_steps(f, [], start)
    with pytest.raises(TypeError, match="a line is a ndarray, but a function of X and dX"):
        check_steps(f, [start], start)
    wrong = check_steps(f, [lambda X, dX: np.ones(2)], start)
    assert "it has shape (2,), but f(x) has shape ()" in wrong.reason


# The exercise


DERIVATION = Derivation(
    "form",
    f=lambda X, A: tr(X.T @ A @ X),
    inputs=lambda rng, m, n: (rng.normal(size=(m, n)), rng.normal(size=(m, m))),
    lines=("line-with-dX", "line-dX-at-end", "line-gradient"),
)
LINES = [
    lambda X, A, dX: tr(dX.T @ A @ X) + tr(X.T @ A @ dX),
    lambda X, A, dX: tr(((A + A.T) @ X).T @ dX),
    lambda X, A: (A + A.T) @ X,
]


def test_an_exercise_judges_a_derivation():
    assert repr(DERIVATION.judge(LINES)) == "right: all 3 lines are the differential of f"
    for blank in (None, [None, None, None]):
        verdict = DERIVATION.judge(blank)
        assert (verdict.status, verdict.reason) == ("undecided", "not answered yet")
    some = DERIVATION.judge([LINES[0], None, None])
    assert repr(some) == "undecided: line 2 is not answered yet"
    forgotten = DERIVATION.judge([LINES[0], lambda X, A, dX: None, LINES[2]])
    assert repr(forgotten) == "undecided: line 2 returned None: is there a return?"


def test_a_single_line_is_no_derivation():
    verdict = DERIVATION.judge(LINES[2:])
    assert verdict.status == "wrong"
    assert repr(verdict).startswith("wrong: 3 lines are wanted, not 1: df with dX in it, df as")


@pytest.mark.parametrize(
    ("number", "line", "reason"),
    [
        (3, lambda X, A: 2 * A @ X, "a matrix is taken to be symmetric"),
        (3, lambda X, A: -(A + A.T) @ X, "a sign is wrong"),
        (1, lambda X, A, dX: 2 * tr(X.T @ A @ dX), "a matrix is taken to be symmetric"),
        (2, lambda X, A, dX: tr((A @ X).T @ dX), "line 2 does not follow from line 1"),
        (2, lambda X, A, dX: A @ B, "line 2 does not follow from line 1: it raised NameError"),  # noqa: F821
    ],
)
def test_an_exercise_names_the_line(number, line, reason):
    answer = [*LINES[: number - 1], line, *LINES[number:]]
    verdict = DERIVATION.judge(answer)
    assert verdict.status == "wrong" and re.search(reason, verdict.reason), verdict
