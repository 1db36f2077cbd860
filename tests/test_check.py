"""check_derivative: right formulas pass, their classic wrong twins do not, and it says why."""

import numpy as np
import pytest

from mathutils import Verdict, check_derivative, numerical_gradient
from tests.claims import all_families, is_wrong

rng = np.random.default_rng(2)
A, B = rng.normal(size=(3, 4)), rng.normal(size=(4, 3))
S, X = rng.normal(size=(4, 4)), rng.normal(size=(4, 4)) + 4 * np.eye(4)
x, y = rng.normal(size=4), rng.normal(size=3)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", all_families(np.random.default_rng(0)))
def test_right_formula_and_wrong_twins(name, seed):
    f, at, right, twins = all_families(np.random.default_rng(seed))[name]
    verdict = check_derivative(f, right, at)
    assert verdict and "here" not in verdict.reason
    wrong = [twin(at) for twin in twins.values() if is_wrong(twin(at), right(at), at)]
    for claim in [*wrong, right(at) * 1.0001, -right(at)]:
        assert check_derivative(f, claim, at).status == "wrong"


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
    assert verdict.status == "undecided"
    reason = "no derivative is given yet"
    if blank is not None:
        reason += ": the function returned None (is there a return?)"
    assert verdict.reason == reason


@pytest.mark.parametrize(
    ("claim", "sentence"),
    [
        ([np.nan, 4], "∂f/∂x has a NaN or infinite entry"),
        ([2j, 4], "∂f/∂x has dtype complex128"),
        ([], "∂f/∂x is empty"),
        (["2", "4"], "∂f/∂x has dtype <U1"),
        ([[2], [4, 5]], "∂f/∂x is not an array of numbers"),
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
    "jump": (np.floor, 1.0, "f has about 0 digits close to x, too few to tell"),
    "hidden": (lambda x: 1e15 + x, 1.0, "what f changes with x is lost"),
}


@pytest.mark.parametrize("name", UNDECIDED)
@pytest.mark.filterwarnings("error")
def test_where_nothing_can_be_measured_the_verdict_is_undecided_and_says_why(name):
    f, at, reason = UNDECIDED[name]
    for claim in [np.zeros_like(at), np.ones_like(at)]:
        verdict = check_derivative(f, claim, at)
        assert verdict.status == "undecided"
        assert verdict.reason.startswith(reason)


@pytest.mark.parametrize("slope", 10.0 ** np.arange(-12, 1))
def test_what_hides_in_the_digits_of_f_is_measured_with_longer_steps_or_undecided(slope):
    def f(x):
        return float(np.float32(x[0] + slope * x[1]))

    at, right = [0.3, 0.7], np.array([1, slope])
    assert check_derivative(f, right, at).status != "wrong"
    assert check_derivative(f, right * [1, 1.01], at).status != "right"
    if slope > 1e-7:  # else f does not change at all
        assert check_derivative(f, right * [1, 0], at).status != "right"
    assert check_derivative(f, right * [2, 1], at).status == "wrong"


@pytest.mark.parametrize("size", [4, 100])
def test_what_one_entry_meets_far_away_does_not_matter(size):
    def f(x):
        return x @ x + 1e-5 * np.sum(np.maximum(0, x - 2.5) ** 2)

    assert check_derivative(f, lambda x: 2 * x, np.ones(size))


def test_a_zero_gradient_can_be_right():
    def f(p):
        x, y = p
        return 2 * x**2 + 6 * x * y + 7 * y**2 - 26 * x - 54 * y + 107

    assert check_derivative(f, [0, 0], [2, 3])
    assert check_derivative(f, [1e-6, 0], [2, 3]).status == "wrong"


# What a verdict says beyond right and wrong


def tanh_sum(x):
    return np.sum(np.tanh(S @ x))


def tanh_gradient(x):
    return S.T @ (1 / np.cosh(S @ x) ** 2)


@pytest.mark.parametrize("units", [np.ones(4), np.array([1e-6, 1, 1e3, 1e6])])
def test_a_claim_with_a_few_digits_is_wrong_and_told_how_far_off_it_is(units):
    def f(v):
        return tanh_sum(v / units)

    right = tanh_gradient(x) / units
    for digits in range(6, 11):
        off = right * (1 + np.array([1, -0.9, 0.3, 0.7]) * 0.4 * 10.0**-digits)
        verdict = check_derivative(f, off, x * units)
        assert verdict.status == "wrong" and verdict.mistake == "precision"
        largest = np.max(abs(off - right)) / np.max(abs(right))
        assert (
            verdict.reason
            == f"nearly right, but off by at most {largest:.0e} of the largest entry"
        )
    assert check_derivative(f, right * (1 + 1e-15), x * units)
    verdict = check_derivative(f, right * [1, 1, 1, 1 + 1e-4], x * units)
    assert verdict.mistake == "one entry"


def test_a_small_entry_that_is_off_is_named_among_large_ones():
    a = np.array([1, 4e-6, 2, -3])
    for off, mistake in [([1, 1.01, 1, 1], "one entry"), ([1, 1.01, 1, 1 + 1e-8], "precision")]:
        verdict = check_derivative(lambda p: a @ np.sin(p), off * a * np.cos(x), x)
        assert verdict.status == "wrong" and verdict.mistake == mistake


def test_a_claim_in_single_precision_is_named():
    for claim in [lambda p: tanh_gradient(p).astype("f4"), np.float32(tanh_gradient(x))]:
        verdict = check_derivative(tanh_sum, claim, x)
        assert verdict.status == "wrong" and verdict.mistake == "precision"
        assert verdict.reason.endswith("of the largest entry: that is about float32")
    jacobian = np.float32(np.diag(np.cos(x)))
    assert check_derivative(np.sin, jacobian, x).mistake == "precision"
    forward = (tanh_sum(x + 1e-8 * np.eye(4)[0]) - tanh_sum(x)) / 1e-8
    claim = np.array([forward, *tanh_gradient(x)[1:]])
    assert check_derivative(tanh_sum, claim, x).mistake == "precision"


inv, det = np.linalg.inv, np.linalg.det
SYMMETRIC, ALIKE = "x is symmetric: so would the transpose be", "the entries of x are all alike"
ZERO = "the derivative is zero at this x: so would any multiple be"

# name: f, claim, x, words
SPECIAL = {
    "det at I": (det, lambda X: det(X) * inv(X), np.eye(3), SYMMETRIC),
    "det": (det, lambda X: det(X) * inv(X).T, X + X.T, SYMMETRIC),
    "tr of inverse at I": (lambda X: np.trace(inv(X)), lambda X: -X, np.eye(3), SYMMETRIC),
    "log det of a covariance": (
        lambda X: np.linalg.slogdet(X)[1],
        inv,
        S @ S.T + np.eye(4),
        SYMMETRIC,
    ),
    "any multiple at 0": (lambda x: x @ x, lambda x: 7 * x, np.zeros(3), ZERO),
    "at a minimum": (lambda x: (x - 2) @ (x - 2), lambda x: 5 * x * (x - 2), [2, 2.0], ZERO),
    "cubes at 1": (lambda x: np.sum(x**3), lambda x: 3 * x, np.ones(3), ALIKE),
    "squares at 2": (lambda x: np.sum(x**2), lambda x: x**2, 2 * np.ones(4), ALIKE),
}


@pytest.mark.parametrize("name", SPECIAL)
def test_at_a_special_point_a_right_claim_is_right_here(name):
    f, claim, at, words = SPECIAL[name]
    verdict = check_derivative(f, claim, at)
    assert verdict.status == "right" and verdict.mistake is None
    assert f"; right here, but {words}" in verdict.reason


def test_elsewhere_a_right_claim_is_just_right():
    P = S @ S.T + np.eye(4)
    skew = check_derivative(lambda X: np.trace(S @ X), lambda X: S.T, P)
    assert skew and "here" not in skew.reason  # its transpose would be seen
    assert "here" not in check_derivative(lambda x: x @ x, lambda x: 2 * x, [0.0, 0, 1]).reason


def test_only_one_entry_is_said_where_the_others_are_known():
    at = np.array([0.34558419, 0.82161814, 0.33043708])

    for k in range(12, 18):
        for f in (
            lambda x, k=k: x @ x + 10.0**k,
            lambda x, k=k: np.float32(x @ x + 10.0 ** (k - 10)),
        ):
            zero, one = (check_derivative(f, claim, at) for claim in (0 * at, 2 * at + [0, 1, 0]))
            assert zero.mistake is None and "only" not in zero.reason
            known = check_derivative(f, 2 * at, at).status == "right"
            assert one.mistake == ("one entry" if known else None)
    verdict = check_derivative(lambda x: x @ x, 2 * at * [1, 1, 1.01], at)
    assert repr(verdict) == "wrong: only the entry at [2] is off"
    two = check_derivative(lambda x: x @ x, 2 * at * [1, 1.01, 1.03], at)
    assert two.reason.startswith("2 of 3 entries differ") and two.mistake is None


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


@pytest.mark.parametrize("at", [x, X, np.array([1e-6, 1e6, 3.0])])
@pytest.mark.parametrize(
    ("f", "slope"),
    [(np.sin, np.cos), (sigmoid, lambda x: sigmoid(x) * (1 - sigmoid(x)))],
    ids=["sin", "sigmoid"],
)
def test_the_entries_on_the_diagonal_are_named(f, slope, at):
    verdict = check_derivative(f, slope, at)
    shape = at.shape * 2
    sentence = f"these are the entries on the diagonal of the Jacobian, which has shape {shape}"
    assert repr(verdict) == f"wrong: {sentence}" and verdict.mistake == "diagonal"
    assert check_derivative(f, lambda x: 1.01 * slope(x) + 0.1, at).mistake == "shape"


def test_a_jacobian_that_is_not_diagonal_has_no_vector():
    assert check_derivative(lambda x: S @ x, np.diag(S), x).mistake == "shape"
    assert check_derivative(lambda x: x * np.sum(x), x + np.sum(x), x).mistake == "shape"


def test_an_output_of_one_entry_is_no_number():
    column, row = x[:, None], x[None]
    for f, at, right in [
        (lambda x: x.T @ S @ x, column, lambda x: (S + S.T) @ x),
        (lambda x: x.T @ S @ x, column, lambda x: x.T @ (S + S.T)),
        (lambda x: x @ S @ x.T, row, lambda x: x @ (S + S.T)),
        (lambda x: np.array([x @ x]), x, lambda x: 2 * x),
    ]:
        shape = np.shape(f(at))
        verdict = check_derivative(f, right, at)
        assert verdict.status == "wrong" and verdict.mistake == "shape"
        wanted = f"the numbers are right, but f(x) has shape {shape}, not (): take .item()"
        assert verdict.reason == wanted
        twice = check_derivative(f, lambda x, right=right: 2 * right(x), at)
        assert twice.status == "wrong" and ".item()" not in twice.reason
        with pytest.raises(ValueError, match=r"single number, of shape \(\): take .item\(\)"):
            numerical_gradient(f, at)


BAD_FUNCTIONS = {
    "loss and gradient": (
        lambda x: (x @ x, 2 * x),
        "f(x) is a tuple of things of shapes (), (4,): take one of them, f(x)[0] say",
    ),
    "loss and accuracy": (lambda x: (x @ x, np.ones((2, 2))), "f(x) is a tuple"),
    "no return": (lambda x: None, "f(x) is None: is there a return?"),
    "two arguments": (
        lambda x, y: x,
        "f cannot be evaluated at x: one argument is given to it, but it takes x, y",
    ),
    "no argument": (lambda: 1.0, "f cannot be evaluated at x: one argument is given to it"),
    "^": (lambda x: np.sum(x ^ 2), "f cannot be evaluated at x: ^ is no power in Python"),
    "shapes": (
        lambda x: np.sum(np.ones((2, 3)) @ x),
        "f cannot be evaluated at x: the shapes in (2, 3) @ (4,) do not fit: 3 ≠ 4",
    ),
    "shapes deep inside": (
        lambda x: np.sum((x[:, None] * x) @ np.ones((3, 2))),
        "f cannot be evaluated at x: the shapes in (4, 4) @ (3, 2) do not fit: 4 ≠ 3",
    ),
    "matrix": (lambda x: np.matrix(np.outer(x, x)), "f(x) is an np.matrix, in which * means"),
}


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
@pytest.mark.parametrize("name", BAD_FUNCTIONS)
def test_what_is_wrong_with_f_is_told_in_one_sentence(name):
    f, sentence = BAD_FUNCTIONS[name]
    with pytest.raises((TypeError, ValueError)) as caught:
        check_derivative(f, lambda x: 2 * x, x)
    assert str(caught.value).startswith(sentence) and "\n" not in str(caught.value)


BAD_FORMULAS = {
    "two arguments": (lambda x, y: x, "one argument is given to it, but it takes x, y"),
    "no argument": (lambda: x, "one argument is given to it, but it takes ()"),
    "^": (lambda x: x ^ 2, "^ is no power in Python: a power is **"),
    "shapes": (lambda x: np.ones((2, 2)) @ x, "the shapes in (2, 2) @ (4,) do not fit: 2 ≠ 4"),
    "row": (lambda x: x @ np.ones((3, 2)), "the shapes in (4,) @ (3, 2) do not fit: 4 ≠ 3"),
    "batch": (
        lambda x: np.ones((7, 3, 2)) @ x,
        "the shapes in (7, 3, 2) @ (4,) do not fit: 2 ≠ 4",
    ),
    "plain arrays": (
        lambda x: np.outer(x, x) @ np.ones((3, 2)),
        "the inner sizes of a product do not fit: 4 ≠ 3",
    ),
    "index": (lambda x: x[7], "IndexError: "),
    "domain": (lambda x: 1 / 0, "ZeroDivisionError: division by zero"),
}


@pytest.mark.parametrize("name", BAD_FORMULAS)
def test_what_is_wrong_with_a_formula_is_told_in_one_sentence(name):
    derivative, sentence = BAD_FORMULAS[name]
    verdict = check_derivative(lambda x: x @ x, derivative, x)
    assert verdict.status == "wrong" and "\n" not in verdict.reason
    wanted = f"the derivative cannot be evaluated at x: {sentence}"
    assert verdict.reason.startswith(wanted)


@pytest.mark.filterwarnings("ignore::PendingDeprecationWarning")
def test_a_matrix_of_numpy_is_said_to_be_one():
    M = np.matrix(X)
    for f, claim, at in [
        (lambda X: np.trace(X * X), lambda X: 2 * X.T, M),
        (lambda x: (x.T * x)[0, 0], lambda x: 2 * x, M[:, 0]),
    ]:
        verdict = check_derivative(f, claim, at)
        assert verdict.status == "undecided" and verdict.reason.startswith("x is an np.matrix")
    assert check_derivative(lambda X: np.trace(X @ X), 2 * M.T, X)


P = S @ S.T + np.eye(4)


def log_density(C):
    """The logarithm of a normal density by its covariance, as LAPACK users write it."""
    L = np.linalg.cholesky(C)
    z = np.linalg.solve(L, x)
    return -np.log(np.diag(L)).sum() - z @ z / 2


TRIANGLES = {
    "cholesky": (lambda C: 2 * np.log(np.diag(np.linalg.cholesky(C))).sum(), inv),
    "largest eigenvalue": (
        lambda C: np.linalg.eigvalsh(C)[-1],
        lambda C: np.outer(*[np.linalg.eigh(C)[1][:, -1]] * 2),
    ),
    "upper triangle": (
        lambda C: np.sum(np.log(np.linalg.eigvalsh(C, UPLO="U"))),
        inv,
    ),
    "normal density": (
        log_density,
        lambda C: (np.outer(np.linalg.solve(C, x), np.linalg.solve(C, x)) - inv(C)) / 2,
    ),
}


@pytest.mark.parametrize("name", TRIANGLES)
def test_a_function_that_reads_one_triangle_is_named(name):
    f, claim = TRIANGLES[name]
    verdict = check_derivative(f, claim, P)
    assert verdict.status == "wrong" and verdict.mistake == "one triangle"
    assert verdict.reason.startswith("f reads only one triangle of x")
    assert check_derivative(lambda X: f((X + X.T) / 2), claim, P)
    assert check_derivative(f, lambda C: 1.1 * claim(C), P).mistake != "one triangle"


def test_a_function_of_both_triangles_is_not_said_to_read_one():
    for f, claim in [(lambda C: np.trace(S @ C @ S), inv), (det, lambda C: C)]:
        assert check_derivative(f, claim, P).mistake != "one triangle"


M, W = rng.normal(size=(4, 4)), rng.normal(size=(3, 3))
FORMS = {
    "xᵀMx": (lambda x: x @ M @ x, lambda x: 2 * M @ x),
    "(x - m)ᵀM(x - m)": (
        lambda x: (x - S[1]) @ M @ (x - S[1]),
        lambda x: 2 * M @ (x - S[1]),
    ),
    "(Ax - b)ᵀW(Ax - b)": (
        lambda x: (A @ x - y) @ W @ (A @ x - y),
        lambda x: 2 * A.T @ W @ (A @ x - y),
    ),
}


@pytest.mark.parametrize("units", [np.ones(4), np.array([1e-5, 1, 1e2, 1e5])])
@pytest.mark.parametrize("name", FORMS)
def test_a_formula_for_a_symmetric_matrix_is_named(name, units):
    f, claim = FORMS[name]
    verdict = check_derivative(
        lambda v: f(v / units), lambda v: claim(v / units) / units, x * units
    )
    assert verdict.status == "wrong" and verdict.mistake == "symmetric"
    assert verdict.reason == "this would be right only if a matrix in the formula were symmetric"


def test_symmetry_is_not_blamed_where_the_matrices_are_symmetric():
    N, V, m = M + M.T, W + W.T, S[1]
    for f, claim in [
        (lambda x: (x - m) @ N @ (x - m), lambda x: 2 * N @ x),
        (lambda x: (x - m) @ N @ (x - m), lambda x: 2 * N @ (x + m)),
        (lambda x: x @ N @ x, lambda x: N @ x + x),
        (lambda x: (A @ x - y) @ V @ (A @ x - y), lambda x: 2 * A.T @ V @ A @ x),
        (lambda x: np.log(9 + (x @ N @ x) ** 2), lambda x: N @ x / (9 + (x @ N @ x) ** 2)),
    ]:
        verdict = check_derivative(f, claim, x)
        assert verdict.status == "wrong" and verdict.mistake != "symmetric"


CONSTANT = {
    "number": (lambda X: np.trace(S), lambda X: X.T, X),
    "signs": (np.sign, np.eye(4), x),
    "dead relu": (lambda x: np.maximum(-abs(x) - 1, 0).sum(), lambda x: x, x),
    "argmax": (lambda x: float(np.argmax(x)), lambda x: -x, x),
    "zero": (lambda x: 0.0, lambda x: x, x),
}


@pytest.mark.parametrize("name", CONSTANT)
def test_a_constant_is_said_to_be_one(name):
    f, claim, at = CONSTANT[name]
    verdict = check_derivative(f, claim, at)
    assert repr(verdict) == "wrong: f does not change with x, so its derivative is zero"
    shape = np.shape(f(at)) + at.shape
    assert check_derivative(f, np.zeros(shape), at).status == "right"


# Precision is seen

POINT = np.random.default_rng(0).normal(size=4)
FORM = np.random.default_rng(1).normal(size=(4, 4))


def into_integers(x):
    out = np.zeros(2, dtype=int)
    out[0], out[1] = 10 * x[0] ** 2, 10 * x[0] * x[1]
    return out


def bfloat16(value):
    bits = np.float32(value).view(np.uint32)
    return float(((bits + 0x8000) & np.uint32(0xFFFF0000)).view(np.float32))


def form(x):
    return x @ FORM @ x


COARSE = {
    "two decimals": lambda x: round(float(form(x)), 2),
    "one decimal": lambda x: round(float(form(x)), 1),
    "two decimals inside": lambda x: form(np.round(x, 2)),
    "four decimals inside": lambda x: form(np.round(x, 4)),
    "seven decimals inside": lambda x: form(np.round(x, 7)),
    "float32": lambda x: np.float32(form(x)),
    "float16": lambda x: np.float16(form(x)),
    "bfloat16": lambda x: bfloat16(form(x)),
    "float32 far up": lambda x: np.float32(form(x) + 1e5),
    "float32 farther up": lambda x: np.float32(form(x) + 1e8),
    "float16 far up": lambda x: np.float16(form(x) + 3e4),
    "float32 inside": lambda x: float(x.astype("f4") @ FORM.astype("f4") @ x.astype("f4")),
    "float16 inside": lambda x: float(x.astype("f2") @ FORM.astype("f2") @ x.astype("f2")),
}


@pytest.mark.slow
@pytest.mark.parametrize("most", [0, 6])
@pytest.mark.parametrize("name", COARSE)
def test_coarse_values_never_lead_to_a_false_verdict(name, most):
    for seed in range(6):
        draw = np.random.default_rng(seed)
        at, units = draw.normal(size=4), 10 ** draw.uniform(-most, most, 4)

        def f(v, units=units):
            return COARSE[name](v / units)

        right = (FORM + FORM.T) @ at / units
        for claim, false in [(right, "wrong"), (0 * right, "right"), (-right, "right")]:
            verdict = check_derivative(f, claim, at * units)
            assert verdict.status != false, (seed, verdict)
            if verdict.status == "undecided":
                assert "digit" in verdict.reason
        if "inside" not in name:
            assert check_derivative(f, 1.3 * right, at * units).status != "right"


def cone(p):
    """A function with partial derivatives, all 0, and no derivative at 0."""
    return p[0] ** 2 * p[1] / (p @ p) if p.any() else 0.0


@pytest.mark.parametrize("at", [[0, 0], [1, 2], [1e-3, 1e3]])
@pytest.mark.parametrize("f", [cone, lambda p: np.cbrt(p[0] * p[1] ** 2), lambda p: min(abs(p))])
def test_partial_derivatives_alone_are_no_derivative(f, at):
    verdict = check_derivative(lambda p: f(p - np.array(at)), [0.0, 0.0], at)
    assert verdict.status == "undecided"


def test_an_integer_buffer_is_undecided():
    at = np.array([1.5, 2.5])
    right = 10 * np.array([[2 * at[0], 0], [at[1], at[0]]])
    for claim in [right, np.zeros((2, 2)), 2 * right]:
        assert check_derivative(into_integers, claim, at).status == "undecided"
    with pytest.raises(ValueError, match="no derivative can be measured at x"):
        numerical_gradient(lambda x: into_integers(x)[0], at)


@pytest.mark.parametrize(
    ("f", "counts"),
    [
        (lambda x: np.float32(form(x) + 1e5), {6, 7}),
        (lambda x: np.float16(form(x) + 3e2), {3, 4}),
        (lambda x: bfloat16(form(x) + 30), {2, 3}),
        (lambda x: round(float(form(x)), 1) + 1e4, {4, 5, 6}),
    ],
    ids=["float32", "float16", "bfloat16", "one decimal"],
)
def test_the_digits_of_f_are_counted(f, counts):
    verdict = check_derivative(f, (FORM + FORM.T) @ POINT, POINT)
    reasons = {f"f has about {count} digits close to x, too few to tell" for count in counts}
    assert verdict.status == "undecided" and verdict.reason in reasons


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def softmax_jacobian(z):
    p = softmax(z)
    return np.diag(p) - np.outer(p, p)


@pytest.mark.parametrize("seed", range(30))
def test_a_saturated_softmax_gets_no_false_verdict(seed):
    draw = np.random.default_rng(seed)
    z = draw.normal(size=5) * 10 ** draw.uniform(0, 2)
    assert check_derivative(softmax, softmax_jacobian, z).status != "wrong"
    assert not check_derivative(softmax, lambda z: -softmax_jacobian(z), z)


@pytest.mark.parametrize("seed", range(20))
def test_the_rows_of_rectifiers_are_decided(seed):
    draw = np.random.default_rng(seed)
    W, b, x = draw.normal(size=(5, 3)), draw.normal(size=5), draw.normal(size=3)
    right = W * (W @ x + b > 0)[:, None]
    assert check_derivative(lambda x: np.maximum(W @ x + b, 0), right, x)
    assert check_derivative(lambda x: np.maximum(W @ x + b, 0), W - right, x).status == "wrong"


@pytest.mark.parametrize("part", [0.3, 0.6, 0.7, 0.9])
def test_a_rectifier_that_a_step_of_one_entry_meets_is_flat(part):
    at = np.array([2.0, 3.0])
    edge = (1 + part) * at[0]
    f = lambda x: np.array([np.maximum(x[0] - edge, 0), x[1] ** 2])  # noqa: E731
    assert check_derivative(f, [[0, 0], [0, 6]], at)
    assert check_derivative(f, [[1, 0], [0, 6]], at).status == "wrong"


def test_values_close_to_overflow_are_measured():
    x = np.array([700.0, 1, 2])
    assert check_derivative(lambda x: np.exp(x[0]), [np.exp(700), 0, 0], x)
    assert check_derivative(lambda x: np.exp(x[0]), [2 * np.exp(700), 0, 0], x).status == "wrong"


def test_a_sign_far_away_does_not_hide_that_f_is_constant():
    def sign(x):
        return (x - 1) / np.sqrt((x - 1) ** 2)

    assert check_derivative(sign, [[0.0]], [-0.2])
    assert check_derivative(sign, [[1.0]], [-0.2]).status == "wrong"
    assert not check_derivative(lambda x: 1e16 + x, 0.0, 1.0)


@pytest.mark.parametrize(
    ("f", "at"),
    [
        (lambda x: min(abs(x[0]), abs(x[1])), [0, 0]),
        (lambda x: x[0] * x[1] / np.hypot(*x) if x.any() else 0.0, [0, 0]),
        (lambda x: np.max(abs(x)), [1, -1]),
    ],
)
def test_a_kink_that_only_a_line_meets_is_named(f, at):
    verdict = check_derivative(f, [0, 0], at)
    assert verdict.status == "undecided"
    assert "kink" in verdict.reason


@pytest.mark.parametrize("slope", [0, 0.5, 1])
def test_a_kink_of_one_entry_is_not_smoothed_by_longer_steps(slope):
    verdict = check_derivative(
        lambda x: np.sum(np.maximum(0, x)), [1, 0, slope], np.array([0.3, -1.7, 0])
    )
    assert verdict.status == "undecided"
    assert "kink" in verdict.reason


def test_no_factor_of_zero_is_named():
    A, b = np.random.default_rng(0).normal(size=(20, 4)), np.arange(20.0)
    at = np.linalg.lstsq(A, b, rcond=None)[0]
    claim = 2 * A.T @ (A @ at - b) + 1e-8
    verdict = check_derivative(lambda x: np.sum((A @ x - b) ** 2), claim, at)
    assert verdict.status == "wrong"
    assert verdict.mistake is None
