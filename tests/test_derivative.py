"""numerical_gradient and numerical_jacobian: right values, honest errors, one clear sentence."""

import math

import numpy as np
import pytest

from mathutils import numerical_gradient, numerical_hessian, numerical_jacobian
from tests.claims import all_families, natural

rng = np.random.default_rng(1)
A, B, X = rng.normal(size=(3, 4)), rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
x = rng.normal(size=4)
eye = np.eye(3)
P = X @ X.T + eye


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("name", all_families(np.random.default_rng(0)))
def test_known_derivatives_and_their_errors(name, seed):
    f, at, right, _ = all_families(np.random.default_rng(seed))[name]
    measured, error = numerical_jacobian(f, at, return_error=True)
    assert measured.shape == error.shape == np.shape(f(at)) + np.shape(at)
    assert (abs(measured - right(at)) <= 10 * error + 1e-15 * abs(measured).max()).all()
    size = max(natural(measured, at).max(), np.max(abs(f(at))))
    assert (natural(error, at) <= 1e-11 * size).all()


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1, 1e3, 1e6])
def test_scale_of_x_does_not_matter(scale):
    def f(x):
        return np.sum(np.sin(x / scale))

    measured = numerical_gradient(f, scale * x)
    np.testing.assert_allclose(measured, np.cos(x) / scale, rtol=1e-12)


@pytest.mark.parametrize("values", [[1, 2, 3], np.array([1, 2, 3]), np.float32([1, 2, 3])])
def test_integers_lists_and_float32_are_read_as_floats(values):
    measured = numerical_gradient(lambda x: x @ x, values)
    assert measured.dtype == float
    np.testing.assert_allclose(measured, [2, 4, 6], rtol=1e-9)


def test_f_that_changes_its_argument_does_no_harm():
    def f(x):
        x *= 2
        return x @ x

    point = np.array([1.0, 2.0])
    np.testing.assert_allclose(numerical_gradient(f, point), [8, 16], rtol=1e-9)
    assert point.tolist() == [1, 2]


def square(x):
    return np.sum(x * x)


BAD_INPUT = {
    "complex x": (square, [1j, 2], TypeError, "x has dtype complex128, but real numbers"),
    "text x": (square, ["a"], TypeError, "x has dtype <U1, but real numbers"),
    "empty x": (square, [], ValueError, r"x is empty \(shape \(0,\)\)"),
    "NaN in x": (square, [1, np.nan], ValueError, "x has a NaN or infinite entry"),
    "infinite x": (square, [1, np.inf], ValueError, "x has a NaN or infinite entry"),
    "ragged x": (square, [[1, 2], [3]], TypeError, "x is not an array of numbers"),
    "complex f": (lambda x: 1j * x[0], [1, 2], TypeError, r"f\(x\) has dtype complex128"),
    "f without value": (lambda x: None, [1, 2], TypeError, r"f\(x\) is None: is there a return?"),
    "NaN f": (lambda x: np.nan, [1, 2], ValueError, r"f\(x\) has a NaN or infinite entry"),
    "f not callable": (3.0, [1, 2], TypeError, "f is a float, but a function is wanted"),
    "f changes its shape": (
        lambda x: x[x <= 1],
        [1.0, 0.5],
        ValueError,
        r"shape \(2,\) at x, but \(1,\) close to it",
    ),
    "kink": (np.abs, 0, ValueError, "f has a kink at x and is not differentiable there"),
    "jump": (np.floor, 1, ValueError, "f has about 0 digits close to x, too few to tell"),
    "edge": (np.sqrt, 0, ValueError, "f is undefined or infinite on one side of x"),
    "singular matrix": (
        np.linalg.inv,
        np.ones((2, 2)),
        ValueError,
        "at x: LinAlgError: Singular",
    ),
    "infinite f": (lambda X: np.linalg.slogdet(X)[1], np.ones((2, 2)), ValueError, "infinite"),
    "object x": (square, [object()], TypeError, "x has dtype object"),
}


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("name", BAD_INPUT)
def test_bad_input_gets_one_sentence(name):
    f, at, kind, sentence = BAD_INPUT[name]
    with pytest.raises(kind, match=sentence) as caught:
        numerical_jacobian(f, at)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("f", [lambda x: x, lambda x: np.array([x @ x])])
def test_a_gradient_needs_a_single_number(f):
    with pytest.raises(ValueError, match="but a gradient needs a single number"):
        numerical_gradient(f, [1, 2])


def test_smooth_functions_with_vanishing_second_difference_are_measured():
    for f in [lambda x: 5.0, lambda x: np.sum(x**4), lambda x: np.sum(x**3), np.sum]:
        derivative = numerical_gradient(f, np.zeros(2))
        assert abs(derivative - (f is np.sum)).max() < 1e-9


def test_hessian_from_f_and_from_the_gradient():
    expected = A.T @ A * 2 + np.diag(np.exp(x))

    def f(x):
        return np.sum((A @ x) ** 2) + np.sum(np.exp(x))

    def gradient(x):
        return 2 * A.T @ A @ x + np.exp(x)

    np.testing.assert_allclose(numerical_hessian(f, x), expected, rtol=0, atol=1e-10)
    H, error = numerical_hessian(f, x, gradient=gradient, return_error=True)
    np.testing.assert_allclose(H, expected, rtol=0, atol=1e-12)
    assert (abs(H - expected) <= 30 * error).all()


def hessian_and_evaluations(f, x):
    """Return what numerical_hessian does, and its evaluations of f for each pair of entries."""
    count = 0

    def counting(x):
        nonlocal count
        count += 1
        return f(x)

    measured = numerical_hessian(counting, x, return_error=True)
    return *measured, count / (x.size * (x.size + 1) / 2)


@pytest.mark.parametrize("scale", [1e-4, 1, 1e4])
def test_one_step_is_enough_for_the_gradient_of_a_quadratic(scale):
    point, C, calls = scale * rng.normal(size=30), rng.normal(size=(30, 30)), []

    def f(x):
        calls.append(x)
        return x @ C @ x

    g, error = numerical_gradient(f, point, return_error=True)
    assert len(calls) < 3 * point.size
    assert (abs(g - (C + C.T) @ point) <= 30 * error).all()
    assert error.max() <= 1e-12 * abs(g).max()


def test_one_step_is_enough_for_the_hessian_of_a_cubic():
    point, C = rng.normal(size=30), rng.normal(size=(30, 30))
    H, error, evaluations = hessian_and_evaluations(lambda x: (x @ C @ x) * np.sum(x), point)
    ones = np.ones_like(point)
    one_sided = np.outer((C + C.T) @ point, ones)
    expected = (C + C.T) * np.sum(point) + one_sided + one_sided.T
    assert (abs(H - expected) <= 30 * error).all()
    assert error.max() <= 1e-12 * abs(H).max()
    assert evaluations < 2.8


def test_few_steps_are_enough_for_the_hessian_of_a_smooth_function():
    point = rng.normal(size=30)
    q = 1 + point @ point
    H, error, evaluations = hessian_and_evaluations(lambda x: np.log(1 + x @ x), point)
    expected = 2 * np.eye(30) / q - 4 * np.outer(point, point) / q**2
    assert (abs(H - expected) <= 30 * error).all()
    assert abs(H - expected).max() <= 5e-11 * abs(H).max()
    assert evaluations < 15


@pytest.mark.parametrize("scale", [1e-4, 1e4])
def test_scale_of_x_does_not_matter_for_hessians(scale):
    for f, bend in [(np.sin, -np.sin(x)), (lambda x: x**3, 6 * x)]:
        H, error = numerical_hessian(lambda x, f=f: np.sum(f(x / scale)), scale * x, None, True)
        assert (abs(H - np.diag(bend) / scale**2) <= 30 * error).all()
        assert error.max() <= 1e-9 * abs(H).max()


def test_what_one_entry_meets_far_away_does_not_matter_for_hessians():
    def f(x):
        return x @ x + 1e-5 * np.sum(np.maximum(0, x - 5) ** 3)

    H, error = numerical_hessian(f, np.ones(20), return_error=True)
    assert (abs(H - 2 * np.eye(20)) <= 30 * error).all()


FLAT_ALONG_EACH_AXIS = {
    "products of squares": (lambda x: x[0] ** 2 * x[1] ** 2 + x[2], [0, 0, 1], np.zeros((3, 3))),
    "a sine": (lambda x: x[1] * np.sin(3 * x[0]), [0, 0], 3 * (1 - np.eye(2))),
    "a sine elsewhere": (
        lambda x: x[1] * np.sin(3 * x[0]),
        [0.7, 0],
        3 * np.cos(2.1) * (1 - np.eye(2)),
    ),
    "a product of five": (np.prod, np.ones(5), 1 - np.eye(5)),
}


@pytest.mark.parametrize("name", FLAT_ALONG_EACH_AXIS)
def test_what_hides_along_each_axis_shows_along_a_line(name):
    f, at, expected = FLAT_ALONG_EACH_AXIS[name]
    H, error = numerical_hessian(f, at, return_error=True)
    assert (abs(H - expected) <= 30 * error).all()
    assert error.max() < 1e-10


def test_hessian_close_to_the_edge_of_the_domain():
    at = np.array([1e-3, 0.3, 0.7])
    H, error = numerical_hessian(lambda x: np.sum(x * np.log(x)), at, return_error=True)
    assert (abs(H - np.diag(1 / at)) <= 30 * error).all()
    assert error.max() < 1e-8 / at.min()


def test_no_hessian_is_measured_at_a_kink():
    with pytest.raises(ValueError, match="no derivative can be measured at x"):
        numerical_hessian(lambda x: np.sum(np.abs(x)) + x[0] * x[1], [0.0, 1.0])


def test_rounding_inside_f_widens_the_error_of_the_hessian():
    for seed in range(50):
        draw = np.random.default_rng(seed)
        S, at = draw.normal(size=(4, 4)), draw.normal(size=4)
        coarse = numerical_hessian(lambda x, S=S: float(np.float32(x @ S @ x)), at, None, True)
        assert (abs(coarse[0] - S - S.T) <= 30 * coarse[1]).all()


def test_hessian_of_a_function_of_a_matrix():
    H = numerical_hessian(lambda X: np.trace(X @ X), X)
    np.testing.assert_allclose(H, 2 * np.einsum("il,jk->ijkl", eye, eye), atol=1e-10)


def test_hessian_from_a_gradient_is_not_made_symmetric():
    H = numerical_hessian(None, X[0], gradient=lambda x: X @ x)
    np.testing.assert_allclose(H, X, atol=1e-12)


def peano_gradient(p):
    """The gradient of xy(x² - y²) / (x² + y²): its partial derivatives at 0 are -1 and 1."""
    x, y = p
    r = (x * x + y * y) ** 2 or 1.0
    return np.array([y * (x**4 + 4 * x**2 * y**2 - y**4), x * (x**4 - 4 * x**2 * y**2 - y**4)]) / r


def test_partial_derivatives_that_do_not_add_up_to_a_derivative_are_refused():
    with pytest.raises(ValueError, match="no derivative can be measured"):
        numerical_hessian(None, [0, 0], gradient=peano_gradient)
    along_y = numerical_jacobian(lambda t: peano_gradient([0, t]), 0.0)
    np.testing.assert_allclose(along_y, [-1, 0], atol=1e-12)


def test_steps_reach_down_to_the_scale_of_f():
    for k in [1e2, 1e4, 1e5]:
        measured, error = numerical_gradient(lambda t, k=k: np.sin(k * t), 0.7, return_error=True)
        assert abs(measured - k * np.cos(0.7 * k)) <= 30 * error
        assert error < 1e-4 * k


def test_f_may_raise_or_turn_complex_outside_its_domain():
    for f in [math.log, np.emath.log]:
        np.testing.assert_allclose(numerical_gradient(f, 0.3), 1 / 0.3, rtol=1e-12)
    P = np.array([[2.0, 1.9], [1.9, 2.0]])  # the step to a singular matrix is short
    measured = numerical_jacobian(lambda P: np.log(np.diag(np.linalg.cholesky(P))).sum(), P)
    lower = np.tril(np.linalg.inv(P)) - np.diag(np.diag(np.linalg.inv(P))) / 2
    np.testing.assert_allclose(measured, lower, rtol=1e-9)


def test_f_may_be_defined_close_to_x_only():
    measured = numerical_gradient(lambda t: np.sqrt(0.01 - (t - 1) ** 2), 1.02)
    np.testing.assert_allclose(measured, -0.02 / np.sqrt(0.0096), rtol=1e-9)


def test_f_may_vary_in_its_last_digits():
    digits = np.random.default_rng(5)
    measured = numerical_gradient(lambda t: t * (1 + 1e-14 * digits.normal()), 1e6)
    np.testing.assert_allclose(measured, 1, rtol=1e-10)


def test_rounding_inside_f_widens_the_error():
    exact = numerical_gradient(lambda x: x @ x, x, return_error=True)[1]
    coarse = numerical_gradient(lambda x: float(np.float32(x @ x)), x, return_error=True)[1]
    assert (coarse > 1e5 * exact).all()


def huber(x):
    return np.sum(np.where(abs(x) <= 1, x * x / 2, abs(x) - 0.5))


BENT = {
    "Huber at its edge": (huber, [1.0, 0.3]),
    "Huber at its other edge": (huber, [0.3, -1.0]),
    "x|x|": (lambda x: np.sum(x * abs(x)), [0.0, 1.0]),
    "x|x| elsewhere": (lambda x: np.sum((x - 2) * abs(x - 2)), [2.0, 1.0]),
    "squared relu": (lambda x: np.sum(np.maximum(x, 0) ** 2), [0.0, 1.0]),
    "squared relu of a layer": (lambda x: np.sum(np.maximum(A[:, :2] @ x, 0) ** 2), [0.0, 0.0]),
    "squared hinge": (lambda x: np.maximum(0, 1 - x[0] * x[1]) ** 2, [0.5, 2.0]),
    "beside something steep": (lambda x: x[0] * abs(x[0]) + np.exp(3 * x[1]), [0.0, 1.0]),
}


@pytest.mark.parametrize("worth", [1e-6, 1, 1e6])
@pytest.mark.parametrize("units", [[1, 1], [1e-4, 1e5]])
@pytest.mark.parametrize("name", BENT)
def test_where_the_two_sides_bend_differently_there_is_no_hessian(name, units, worth):
    (f, at), units = BENT[name], np.array(units)
    with pytest.raises(ValueError, match="no derivative can be measured at x: f bends diff"):
        numerical_hessian(lambda x: worth * f(x / units), at * units)


def test_beside_its_edge_there_is_one():
    for at in [[0.9, 0.3], [1.1, 0.3], [-3.0, 0.5]]:
        bend = np.diag((abs(np.array(at)) < 1) * 1.0)
        np.testing.assert_allclose(numerical_hessian(huber, at), bend, atol=1e-8)


def test_a_hessian_is_known_in_each_entry_or_not_shown():
    def f(p):
        return np.log(p[0]) + p[1] ** 2 * p[0]

    shown = 0
    for at in [[1e-6, 1e3], [1e-3, 10.0], [0.3, 2.0], [1e3, 1e-6]]:
        try:
            H, error = numerical_hessian(f, at, return_error=True)
        except ValueError as trouble:
            assert str(trouble).startswith("no derivative can be measured at x")
            continue
        exact = np.array([[-1 / at[0] ** 2, 2 * at[1]], [2 * at[1], 2 * at[0]]])
        assert (abs(H - exact) <= 30 * error).all()
        assert (error <= np.maximum(0.1 * abs(exact), 1e-6 / np.outer(at, at))).all()
        shown += 1
    assert shown >= 2
