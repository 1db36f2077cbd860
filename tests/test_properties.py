"""What holds for every derivative holds for the measured ones, within their own error."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes

from mathutils import (
    check_derivative,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)

MARGIN = 30  # the estimates bound the true error with this much to spare

shapes = array_shapes(min_dims=0, max_dims=3, max_side=3)
sides = st.integers(1, 4)
seeds = st.integers(0, 2**32 - 1).map(np.random.default_rng)
powers = st.integers(-40, 40)
steady = settings(max_examples=40, deadline=None, derandomize=True)


def bowl(rng, n):
    """Return a smooth function to a number whose derivatives are all different, and a point."""
    A, b = rng.normal(size=(n, n)), rng.normal(size=n)
    return lambda x: x @ A @ x + np.exp(b @ np.tanh(x)), rng.normal(size=n)


def layer(rng, m, n):
    """Return a smooth function from n numbers to m."""
    W = rng.normal(size=(m, n)) / n
    return lambda x: np.sin(W @ x) + np.tanh(W[:, 0] * x[0]) ** 2


def agree(first, second):
    """Compare two measurements, each a value and an error."""
    (a, a_error), (b, b_error) = first, second
    assert a.shape == b.shape
    size = max(abs(a).max(), abs(b).max())
    assert (a_error <= 1e-6 * size).all() and (b_error <= 1e-6 * size).all()
    assert (abs(a - b) <= MARGIN * (a_error + b_error) + 4 * np.finfo(float).eps * size).all()


@steady
@given(seeds, shapes, shapes)
def test_shape_is_that_of_output_and_input_and_linear_maps_are_exact(rng, inputs, outputs):
    T, x = rng.normal(size=outputs + inputs), rng.normal(size=inputs)
    measured, error = numerical_jacobian(
        lambda x: np.tensordot(T, x, len(inputs)), x, return_error=True
    )
    assert measured.shape == error.shape == T.shape
    assert (abs(measured - T) <= MARGIN * error).all()
    assert abs(measured - T).max() <= 1e-12 * max(1, abs(T).max())


@steady
@given(seeds, sides, st.floats(-1e3, 1e3), st.floats(-1e3, 1e3))
def test_the_gradient_is_linear_in_f(rng, n, a, b):
    (f, x), (g, _) = bowl(rng, n), bowl(rng, n)
    measured = numerical_gradient(lambda x: a * f(x) + b * g(x), x, return_error=True)
    (df, f_error), (dg, g_error) = (numerical_gradient(h, x, return_error=True) for h in (f, g))
    slack = MARGIN * (measured[1] + abs(a) * f_error + abs(b) * g_error)
    assert (abs(measured[0] - a * df - b * dg) <= slack).all()


@steady
@given(seeds, sides)
def test_product_rule(rng, n):
    (f, x), (g, _) = bowl(rng, n), bowl(rng, n)
    measured, error = numerical_gradient(lambda x: f(x) * g(x), x, return_error=True)
    (df, f_error), (dg, g_error) = (numerical_gradient(h, x, return_error=True) for h in (f, g))
    slack = error + abs(f(x)) * g_error + abs(g(x)) * f_error
    assert (abs(measured - f(x) * dg - g(x) * df) <= MARGIN * slack).all()


@steady
@given(seeds, sides, sides, sides)
def test_chain_rule_multiplies_jacobians(rng, k, m, n):
    inner, outer, x = layer(rng, m, n), layer(rng, k, m), rng.normal(size=n)
    whole, error = numerical_jacobian(lambda x: outer(inner(x)), x, return_error=True)
    first, first_error = numerical_jacobian(inner, x, return_error=True)
    second, second_error = numerical_jacobian(outer, inner(x), return_error=True)
    slack = error + abs(second) @ first_error + second_error @ abs(first)
    assert (abs(whole - second @ first) <= MARGIN * slack).all()


@steady
@given(seeds, sides, powers, powers)
def test_units_do_not_matter(rng, n, input_power, output_power):
    f, x = bowl(rng, n)
    unit, worth = 2.0**input_power, 2.0**output_power
    value, error = numerical_gradient(f, x, return_error=True)
    scaled = numerical_gradient(lambda x: worth * f(x / unit), unit * x, return_error=True)
    agree((value, error), (scaled[0] * unit / worth, scaled[1] * unit / worth))
    claim = value * worth / unit
    assert check_derivative(lambda x: worth * f(x / unit), claim, unit * x)
    assert (
        check_derivative(lambda x: worth * f(x / unit), 1.01 * claim, unit * x).status == "wrong"
    )


@steady
@given(seeds, sides, sides)
def test_the_order_of_the_entries_does_not_matter(rng, m, n):
    f, x = bowl(rng, m * n)
    order = rng.permutation(m * n)
    value, error = numerical_gradient(f, x, return_error=True)
    shuffled = numerical_gradient(
        lambda X: f(X.ravel()[np.argsort(order)]), x[order].reshape(m, n), return_error=True
    )
    agree((value[order].reshape(m, n), error[order].reshape(m, n)), shuffled)


@steady
@given(seeds, sides)
def test_the_hessian_is_symmetric_and_the_jacobian_of_the_gradient(rng, n):
    A, x = rng.normal(size=(n, n)), rng.normal(size=n)

    def f(x):
        return x @ A @ x + np.sin(x).sum() ** 2

    def gradient(x):
        return (A + A.T) @ x + 2 * np.sin(x).sum() * np.cos(x)

    hessian, error = numerical_hessian(f, x, return_error=True)
    assert (abs(hessian - hessian.T) <= MARGIN * (error + error.T)).all()
    agree((hessian, error), numerical_jacobian(gradient, x, return_error=True))
    agree((hessian, error), numerical_hessian(f, x, gradient=gradient, return_error=True))


@pytest.mark.parametrize("slug", ["sign", "factor", "transpose"])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seeds, st.integers(2, 4))
def test_a_classic_mistake_is_named(slug, rng, n):
    A, B, X = (rng.normal(size=(n, n)) for _ in range(3))
    right = (B @ A).T
    wrong = {"sign": -right, "factor": 2 * right, "transpose": right.T}
    assert check_derivative(lambda X: np.trace(A @ X @ B), wrong[slug], X).mistake == slug
