"""check_derivative: right formulas pass, their classic wrong twins do not, and it says why."""

import numpy as np
import pytest

from mathutils import Verdict, check_derivative, check_directional, taylor_rate

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
    claim[place] *= 1.0001
    verdict = check_derivative(lambda x: A @ x, claim, x)
    assert repr(verdict) == f"wrong: only the entry at {list(place)} is off"
    assert verdict.mistake == "one entry"


def test_shape_is_compared_before_values():
    verdict = check_derivative(lambda x: A @ x, np.ones((4, 3)), x)
    wanted = "the derivative has shape (4, 3), but f(x).shape + x.shape is (3, 4)"
    assert repr(verdict) == f"wrong: {wanted}, the shape of its transpose"
    # One number would broadcast to any shape, and must not.
    assert "shape ()" in check_derivative(lambda x: np.sum(x), 1.0, x).reason


def matmul(X):
    return X @ X


MATMUL = np.einsum("ik,lj->ijkl", np.eye(4), S) + np.einsum("ik,lj->ijkl", S, np.eye(4))
V = rng.normal(size=(2, 3))


def vec_of_product(v):
    """Row-major vec of V X for the row-major vec v of X, 3 x 2: shape (4,)."""
    return (V @ v.reshape(3, 2)).ravel()


ROW_MAJOR, COLUMN_MAJOR = np.kron(V, np.eye(2)), np.kron(np.eye(2), V)

# name: f, x, claim, the mistake, words of the reason
NAMED = {
    "sign": (lambda x: x @ x, x, -2 * x, "sign", "the sign is wrong"),
    "half": (lambda x: x @ x, x, x, "factor", "a factor 2 is missing"),
    "double": (lambda x: x @ x, x, 4 * x, "factor", "a factor 2 is too much"),
    "threefold": (lambda x: x @ x, x, 6 * x, "factor", "it is 3 times the derivative"),
    "transpose": (lambda X: np.trace(S @ X), X, S, "transpose", "the transpose of the derivative"),
    "transpose of another shape": (lambda A: np.trace(A @ B), A, B, "transpose", "the transpose"),
    "transpose and sign": (
        lambda X: np.trace(S @ X),
        X,
        -S,
        "transpose",
        "the transpose of the derivative and the sign is wrong",
    ),
    "denominator layout": (lambda x: A @ x, x, A.T, "denominator layout", "denominator layout"),
    "square denominator layout": (lambda x: S @ x, x, S.T, "denominator layout", "denominator"),
    "symmetric form": (
        lambda x: x @ S @ x,
        x,
        lambda x: 2 * S @ x,
        "symmetric",
        "right only if a matrix in the formula were symmetric",
    ),
    "symmetric form of a matrix": (
        lambda X: np.trace(X.T @ S @ X),
        X,
        lambda X: 2 * S @ X,
        "symmetric",
        "right only if a matrix in the formula were symmetric",
    ),
    "mirrored entries": (
        lambda X: np.linalg.slogdet(X)[1],
        S @ S.T + np.eye(4),
        lambda P: 2 * np.linalg.inv(P) - np.diag(np.diag(np.linalg.inv(P))),
        "symmetric",
        "mirrored entries move together",
    ),
    "row-major matrix": (matmul, S, MATMUL.reshape(16, 16), "vec order", "row-major vec"),
    "column-major matrix": (
        matmul,
        S,
        MATMUL.transpose(1, 0, 3, 2).reshape(16, 16),
        "vec order",
        "column-major vec",
    ),
    "other vec": (
        vec_of_product,
        rng.normal(size=6),
        COLUMN_MAJOR,
        "vec order",
        "row-major and column-major vec are exchanged",
    ),
    "column for vector": (lambda x: x @ x, x, 2 * x[:, None], "shape", "the numbers are right"),
}


@pytest.mark.parametrize("name", NAMED)
def test_a_classic_mistake_is_named(name):
    f, at, claim, mistake, words = NAMED[name]
    verdict = check_derivative(f, claim, at)
    assert verdict.status == "wrong"
    assert verdict.mistake == mistake
    assert words in verdict.reason
    assert "\n" not in verdict.reason


def test_the_vec_orders_of_the_table_are_what_they_say():
    assert check_derivative(vec_of_product, ROW_MAJOR, rng.normal(size=6))


def test_a_mistake_that_is_none_of_these_is_not_named():
    for claim in [2 * x + 1, x**2, np.ones(4)]:
        verdict = check_derivative(lambda x: x @ x, claim, x)
        assert verdict.status == "wrong" and verdict.mistake is None


def test_the_right_number_is_not_given_away():
    assert check_derivative(lambda t: t**3, 1.0, 1.7).reason.startswith("the number differs")
    reasons = [check_derivative(f, claim, at).reason for f, at, claim, *_ in NAMED.values()]
    assert not any(f"{number:.3g}" in reason for reason in reasons for number in 2 * x)


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


UNDECIDED = {
    "kink": (np.abs, 0.0, "f has a kink at x and is not differentiable there"),
    "kink of max": (np.max, [1.0, 1.0], "f has a kink at x and is not differentiable there"),
    "kink on an offset": (lambda x: 1e6 + abs(x), 0.0, "f has a kink at x"),
    "one-sided": (np.sqrt, 0.0, "f is undefined or infinite on one side of x"),
    "random": (lambda x: x + rng.normal(), 1.0, "f is not deterministic: it gave two values at x"),
    "a little random": (lambda x: x + 1e-9 * rng.normal(), 1.0, "f is not deterministic"),
    "jump": (np.floor, 1.0, "f is too rough, too noisy or too coarse close to x"),
    "hidden": (lambda x: 1e15 + x, 1.0, "f is too rough, too noisy or too coarse close to x"),
}


@pytest.mark.parametrize("name", UNDECIDED)
@pytest.mark.filterwarnings("error")
def test_where_nothing_can_be_measured_the_verdict_is_undecided_and_says_why(name):
    f, at, reason = UNDECIDED[name]
    for claim in [np.zeros_like(at), np.ones_like(at)]:
        verdict = check_derivative(f, claim, at)
        assert verdict.status == "undecided"
        assert verdict.reason.startswith(reason)


def test_what_hides_in_the_digits_of_f_is_undecided():
    def f(x):
        return float(np.float32(x[0] + 1e-6 * x[1]))

    assert check_derivative(f, [1, 2e-6], [0.3, 0.7]).status == "undecided"
    assert check_derivative(f, [2, 1e-6], [0.3, 0.7]).status == "wrong"


@pytest.mark.parametrize("size", [4, 100])
def test_what_one_entry_meets_far_away_does_not_matter(size):
    def f(x):
        return x @ x + 1e-5 * np.sum(np.maximum(0, x - 2.5) ** 2)

    assert check_derivative(f, lambda x: 2 * x, np.ones(size))


@pytest.mark.parametrize("size", [3, 1000])
def test_directional_check(size):
    at = rng.normal(size=size)
    claim = np.cos(at)
    assert check_directional(lambda x: np.sum(np.sin(x)), claim, at)
    claim[size // 2] *= 1 + 1e-4
    assert check_directional(lambda x: np.sum(np.sin(x)), claim, at).status == "wrong"
    assert check_directional(lambda x: np.sum(np.sin(x)), None, at).status == "undecided"
    assert check_directional(np.sin, claim, at).mistake == "shape"
    assert check_directional(np.sin, np.diag(np.cos(at)), at)


def test_taylor_rate():
    def f(p):
        return np.exp(p[0]) * p[1] + p[2] ** 2

    def gradient(p):
        return np.array([np.exp(p[0]) * p[1], np.exp(p[0]), 2 * p[2]])

    point = [0.3, -1.7, 2.1]
    assert taylor_rate(f, gradient, point) == pytest.approx(2, abs=0.05)
    assert taylor_rate(f, lambda p: 1.01 * gradient(p), point) == pytest.approx(1, abs=0.05)
    assert taylor_rate(lambda p: A @ p, A, x) == np.inf
    assert taylor_rate(lambda p: A @ p, 1.1 * A, x) == pytest.approx(1, abs=0.05)
    for large in [1, 1e6]:  # rounding is no remainder, even where f is zero
        assert taylor_rate(lambda p, large=large: large * A @ p, large * A, x) == np.inf
        assert taylor_rate(lambda p, large=large: large * A @ (p - x), large * A, x) == np.inf


def test_a_zero_gradient_can_be_right():
    def f(p):
        x, y = p
        return 2 * x**2 + 6 * x * y + 7 * y**2 - 26 * x - 54 * y + 107

    assert check_derivative(f, [0, 0], [2, 3])
    assert check_derivative(f, [1e-6, 0], [2, 3]).status == "wrong"
