"""numerical_gradient and numerical_jacobian: right values, honest errors, one clear sentence."""

import numpy as np
import pytest

from mathutils import numerical_gradient, numerical_jacobian

rng = np.random.default_rng(1)
A, B, X = rng.normal(size=(3, 4)), rng.normal(size=(4, 3)), rng.normal(size=(3, 3))
x = rng.normal(size=4)
eye = np.eye(3)
P = X @ X.T + eye

KNOWN = {
    "number by number": (np.exp, np.exp(0.7), 0.7),
    "vector by number": (lambda t: np.array([np.cos(t), t**3]), [-np.sin(0.7), 3 * 0.49], 0.7),
    "matrix by number": (lambda t: t**2 * A, 1.4 * A, 0.7),
    "number by vector": (lambda x: np.log(1 + x @ x), 2 * x / (1 + x @ x), x),
    "vector by vector": (lambda x: A @ x, A, x),
    "matrix by vector": (
        lambda x: np.outer(x, x),
        np.einsum("ik,j->ijk", np.eye(4), x) + np.einsum("i,jk->ijk", x, np.eye(4)),
        x,
    ),
    "number by matrix": (lambda A: np.trace(A @ B), B.T, A),
    "vector by matrix": (lambda A: A @ x, np.einsum("ik,l->ikl", eye, x), A),
    "matrix by matrix": (
        lambda X: X @ X,
        np.einsum("ik,lj->ijkl", eye, X) + np.einsum("ik,lj->ijkl", X, eye),
        X,
    ),
    "log abs det": (lambda P: np.linalg.slogdet(P)[1], np.linalg.inv(P).T, P),
}


@pytest.mark.parametrize("name", KNOWN)
def test_known_derivatives(name):
    f, derivative, at = KNOWN[name]
    measured = numerical_jacobian(f, at)
    assert measured.shape == np.shape(f(at)) + np.shape(at)
    np.testing.assert_allclose(measured, derivative, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("scale", [1e-6, 1e-3, 1, 1e3, 1e6])
def test_scale_of_x_does_not_matter(scale):
    def f(x):
        return np.sum(np.sin(x / scale))

    measured = numerical_gradient(f, scale * x)
    np.testing.assert_allclose(measured, np.cos(x) / scale, rtol=1e-9)


@pytest.mark.parametrize("name", KNOWN)
def test_the_estimate_bounds_the_true_error(name):
    f, derivative, at = KNOWN[name]
    measured, error = numerical_jacobian(f, at, return_error=True)
    assert error.shape == measured.shape
    assert (abs(measured - derivative) <= 10 * error).all()
    assert (error <= 1e-4 * abs(measured).max()).all()


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
    "f without value": (lambda x: None, [1, 2], TypeError, r"f\(x\) has dtype object"),
    "NaN f": (lambda x: np.nan, [1, 2], ValueError, r"f\(x\) has a NaN or infinite entry"),
    "f not callable": (3.0, [1, 2], TypeError, "f is a float, but a function is wanted"),
    "f changes its shape": (
        lambda x: x[x <= 1],
        [1.0, 0.5],
        ValueError,
        r"shape \(2,\) at x, but \(1,\) close to it",
    ),
    "kink": (np.abs, 0, ValueError, "kink, a jump, noise or no finite value close to x"),
    "jump": (np.floor, 1, ValueError, "kink, a jump, noise or no finite value close to x"),
    "edge": (np.sqrt, 0, ValueError, "kink, a jump, noise or no finite value close to x"),
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
