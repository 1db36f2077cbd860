"""First and second derivatives agree with those of autograd, which works by the rules."""

import autograd
import autograd.numpy as np
import pytest
from numpy.random import default_rng

from mathutils import (
    check_derivative,
    numerical_gradient,
    numerical_hessian,
    numerical_jacobian,
)
from tools.chapters import ROOT, run_cells

MARGIN = 30  # error estimates


def log_sum_exp(z):
    return np.max(z) + np.log(np.sum(np.exp(z - np.max(z))))


def invertible(rng, n):
    return rng.normal(size=(n, n)) + 3 * np.eye(n)


def functions(rng):
    """Return, by name, a function to a number and a point, of a random shape."""
    m, n, k = rng.integers(1, 5, size=3)
    A, S, X = (rng.normal(size=shape) for shape in [(m, n), (n, n), (m, n)])
    W, b, x = rng.normal(size=(k, m)), rng.normal(size=m), rng.normal(size=n)
    P = invertible(rng, n)
    return {
        "quadratic form": (lambda x: x @ S @ x, x),
        "least squares": (lambda x: np.sum((A @ x - b) ** 2), x),
        "log-sum-exp": (lambda x: log_sum_exp(A @ x), x),
        "norm": (lambda x: np.sqrt(np.sum((x - 1) ** 2)), x),
        "product of sines": (lambda x: np.prod(np.sin(x)), x),
        "rational": (lambda x: (x @ S @ x) / (1 + x @ x), x),
        "log det": (lambda P: np.linalg.slogdet(P)[1], P),
        "det": (np.linalg.det, P),
        "trace of the inverse": (lambda P: np.trace(np.linalg.inv(P) @ S), P),
        "trace of a cube": (lambda P: np.trace(P @ P @ P), P),
        "two layers": (lambda X: np.sum(np.tanh(W @ np.tanh(X @ x))), X),
        "cross-entropy": (lambda X: log_sum_exp(X @ x) - (X @ x)[0], X),
        "Gaussian kernel": (lambda X: np.sum(np.exp(-((X[:, None] - X[None]) ** 2))), X),
    }


def maps(rng):
    """Return the same for functions to arrays."""
    m, n = rng.integers(1, 5, size=2)
    A, x, X = rng.normal(size=(m, n)), rng.normal(size=n), rng.normal(size=(m, n))
    P = invertible(rng, n)
    return {
        "Ax": (lambda x: A @ x, x),
        "softmax": (lambda x: np.exp(A @ x - log_sum_exp(A @ x)), x),
        "outer product": (lambda x: np.outer(x, x), x),
        "Gram matrix": (lambda X: X.T @ X, X),
        "square": (lambda P: P @ P, P),
        "inverse": (np.linalg.inv, P),
        "rows normalised": (lambda X: X / np.sqrt(np.sum(X**2, axis=1, keepdims=True)), X),
        "elementwise": (lambda X: np.exp(X) * np.sin(X), X),
    }


def hold(measurement, truth, share):
    """Compare a value and its error with the truth; the error may be a share of the largest."""
    value, error = measurement
    assert value.shape == truth.shape
    size = max(abs(truth).max(), 1e-3)
    assert (abs(value - truth) <= MARGIN * error + 1e-15 * size).all()
    assert abs(value - truth).max() <= share * size


seeds = pytest.mark.parametrize("seed", range(5))


@seeds
@pytest.mark.parametrize("name", functions(default_rng(0)))
def test_gradients(name, seed):
    f, x = functions(default_rng(seed))[name]
    gradient = autograd.grad(f)(x)
    hold(numerical_gradient(f, x, return_error=True), gradient, 1e-10)
    assert check_derivative(f, autograd.grad(f), x)
    if abs(gradient).max() > 1e-9:
        assert check_derivative(f, gradient + 0.01 * abs(gradient).max(), x).status == "wrong"


@seeds
@pytest.mark.parametrize("name", functions(default_rng(0)))
def test_hessians(name, seed):
    f, x = functions(default_rng(seed))[name]
    hessian = autograd.hessian(f)(x)
    assert hessian.shape == x.shape + x.shape
    hold(numerical_hessian(f, x, return_error=True), hessian, 1e-7)
    hold(numerical_hessian(f, x, autograd.grad(f), return_error=True), hessian, 1e-10)


@seeds
@pytest.mark.parametrize("name", maps(default_rng(0)))
def test_jacobians(name, seed):
    f, x = maps(default_rng(seed))[name]
    hold(numerical_jacobian(f, x, return_error=True), autograd.jacobian(f)(x), 1e-10)
    assert check_derivative(f, autograd.jacobian(f), x)


def test_the_gradients_by_hand_in_chapter_12():
    chapter = run_cells(ROOT / "notebooks/en/12_machine_learning.ipynb")
    weights, loss = chapter["initial"], chapter["network_loss"]
    by_hand = chapter["network_gradients"](*weights)
    chapter["np"] = np  # autograd's: from now on the chapter's functions use it
    for k, claim in enumerate(by_hand):
        truth = autograd.grad(loss, k)(*weights)
        assert claim.shape == truth.shape
        assert np.allclose(claim, truth, rtol=1e-11, atol=1e-14)
