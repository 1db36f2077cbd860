"""First and second derivatives agree with those of autograd, which works by the rules."""

import autograd
import autograd.numpy
import numpy as np
import pytest
from numpy.random import default_rng

from mathutils import numerical_gradient, numerical_hessian, numerical_jacobian
from tests.claims import gradients, jacobians
from tools.chapters import ROOT, run_cells

MARGIN = 30  # error estimates
ROUNDING = 4e-15  # of the largest entry: so much autograd has where an entry is zero


def drawn(families, name, seed):
    """Return a function of a family, a point, and the function's twin for autograd."""
    f, x, *_ = families(default_rng(seed))[name]
    return f, x, families(default_rng(seed), autograd.numpy)[name][0]


def hold(measurement, truth, share, rounding=0.0):
    """Compare a value and its error with the truth.

    The error may be a share of the largest entry, or a tenth of what one rounding of f makes.
    """
    value, error = measurement
    assert value.shape == truth.shape
    size = abs(truth).max()
    assert (abs(value - truth) <= MARGIN * error + ROUNDING * size).all()
    assert size == 0 or abs(value - truth).max() <= share * size + 0.1 * rounding


seeds = pytest.mark.parametrize("seed", range(5))


@seeds
@pytest.mark.parametrize("name", gradients(default_rng(0)))
def test_gradients(name, seed):
    f, x, twin = drawn(gradients, name, seed)
    rounding = np.spacing(abs(f(x))) / abs(x).max()
    hold(numerical_gradient(f, x, return_error=True), autograd.grad(twin)(x), 1e-10, rounding)


@pytest.mark.slow
@seeds
@pytest.mark.parametrize("name", gradients(default_rng(0)))
def test_hessians(name, seed):
    f, x, twin = drawn(gradients, name, seed)
    hessian = autograd.hessian(twin)(x)
    assert hessian.shape == x.shape + x.shape
    hold(numerical_hessian(f, x, return_error=True), hessian, 1e-7)
    hold(numerical_hessian(f, x, autograd.grad(twin), return_error=True), hessian, 1e-10)


@seeds
@pytest.mark.parametrize("name", jacobians(default_rng(0)))
def test_jacobians(name, seed):
    f, x, twin = drawn(jacobians, name, seed)
    hold(numerical_jacobian(f, x, return_error=True), autograd.jacobian(twin)(x), 1e-10)


def test_the_right_derivatives_of_the_families_are_autograds():
    for families in (gradients, jacobians):
        for name in families(default_rng(0)):
            twin, x, right, _ = families(default_rng(7), autograd.numpy)[name]
            np.testing.assert_allclose(right(x), autograd.jacobian(twin)(x), rtol=1e-9)


def test_the_gradients_by_hand_of_the_network():
    chapter = run_cells(ROOT / "notebooks/en/17_backpropagation.ipynb")
    weights, loss = chapter["initial"], chapter["network_loss"]
    by_hand = chapter["network_gradients"](*weights)
    chapter["np"] = autograd.numpy  # from now on the chapter's functions use it
    for k, claim in enumerate(by_hand):
        truth = autograd.grad(loss, k)(*weights)
        assert claim.shape == truth.shape
        assert np.allclose(claim, truth, rtol=1e-11, atol=1e-14)
