"""Checks along one random direction: quick for large inputs, and the Taylor test.

The direction moves each entry by a part of its own size, so that no unit of x weighs more than
another; an entry that is zero moves as far as its claimed slope makes it count.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.check import check_derivative, evaluate_claim
from mathutils.noise import survey
from mathutils.sample import Function, real_array
from mathutils.sentences import say
from mathutils.verdict import Verdict


def random_direction(x: NDArray, claim: NDArray, seed: int) -> NDArray:
    """Return a random direction of the shape of x: each entry a part of its own size."""
    rng = np.random.default_rng(seed)
    steep = np.max(abs(claim.reshape(-1, *x.shape)), axis=0)
    moved = abs(x) * steep
    typical = np.mean(moved, where=moved > 0) if (moved > 0).any() else 1.0
    visible = typical / np.where(steep > 0, steep, typical)
    size = np.where(x == 0, visible, abs(x))
    return size * rng.choice([-1, 1], x.shape) * rng.uniform(0.3, 0.8, x.shape)


def check_directional(
    f: Callable, derivative: Callable | ArrayLike | None, x: ArrayLike, seed: int = 0
) -> Verdict:
    """Check a claimed derivative along a random direction: fast, for large inputs.

    Parameters and errors are those of `check_derivative`. The claim is multiplied by a
    direction v, drawn with `seed`, and compared with the measured derivative of t -> f(x + t v).
    A mistake in a single entry shows, but is not named.

    Examples
    --------
    >>> x = np.linspace(-1, 2, 1000)
    >>> check_directional(lambda x: np.sum(x**3), lambda x: 3 * x**2, x)
    right: it agrees with the measured derivative along a random direction
    """
    x = real_array(x, "x")
    claim = evaluate_claim(derivative, x)
    if isinstance(claim, Verdict):
        return claim
    wanted = Function(f, x).outputs + x.shape
    if claim.shape != wanted:
        reason = say("derivative-shape", shape=claim.shape, wanted=wanted)
        return Verdict("wrong", reason, "shape")
    v = random_direction(x, claim, seed)
    with np.errstate(over="ignore", invalid="ignore"):
        if not np.isfinite(np.tensordot(claim, v, x.ndim)).all():  # as with exp(709)
            v = v / 2**20
        slope = np.tensordot(claim, v, x.ndim)
    verdict = check_derivative(lambda t: f(x + (t - 1) * v), slope, 1.0)
    if verdict.status == "undecided":
        return verdict
    if verdict:
        return Verdict("right", say("agrees-along"))
    return Verdict("wrong", say("differs-along"))


def taylor_remainders(
    f: Callable, derivative: Callable | ArrayLike, x: ArrayLike, seed: int = 2
) -> tuple[NDArray, NDArray]:
    """Return steps h, and how much f(x + h v) differs there from f(x) + h (derivative · v).

    v is a random direction, drawn with `seed`, in which each entry of x moves by a part of its
    size. Only steps at which the remainder is well above the rounding of f are returned.

    Returns
    -------
    h, remainder : arrays of shape (k,), h halving from one to the next; k may be 0

    Raises
    ------
    TypeError, ValueError
        As `check_derivative` does, and where the claim is no array of the derivative's shape.

    Examples
    --------
    >>> h, remainder = taylor_remainders(lambda x: x @ x, lambda x: 2 * x, [1, 2, 3])
    >>> h[:3]      # shape (3,)
    array([0.0625  , 0.03125 , 0.015625])
    """
    x = real_array(x, "x")
    claim, function = evaluate_claim(derivative, x), Function(f, x)
    if isinstance(claim, Verdict):
        raise ValueError(claim.reason)
    if claim.shape != function.outputs + x.shape:
        wanted = function.outputs + x.shape
        raise ValueError(say("derivative-shape", shape=claim.shape, wanted=wanted))
    v, close = random_direction(x, claim, seed).ravel(), survey(function)
    slope, h = claim.reshape(-1, x.size) @ v, 0.5 ** np.arange(4, 24)
    values = function.along(v, h)
    if not np.isfinite(values).all():
        raise ValueError(say("cannot-be-measured", trouble=say("f-has-an-edge")))
    remainder = np.linalg.norm(values - function.value - h[:, None] * slope, axis=1)
    rounding = np.linalg.norm(close.noise) + 1e-16 * np.linalg.norm(slope)
    seen = remainder > 1e4 * rounding
    return h[seen], remainder[seen]


def taylor_rate(
    f: Callable, derivative: Callable | ArrayLike, x: ArrayLike, seed: int = 2
) -> float:
    """Return the power of h with which the Taylor remainder falls: 2 for a right gradient.

    For a wrong one it goes towards 1. Where f is linear in the direction tried, a right
    derivative leaves no remainder, and the rate is infinite.

    Raises
    ------
    TypeError, ValueError
        As `taylor_remainders` does, and where f has too few digits for three steps.

    Examples
    --------
    >>> round(taylor_rate(lambda x: x @ x, lambda x: 2 * x, [1, 2, 3]), 2)
    2.0
    >>> round(taylor_rate(lambda x: x @ x, lambda x: 3 * x, [1, 2, 3]), 2)
    1.0
    """
    h, remainder = taylor_remainders(f, derivative, x, seed)
    if len(h) == 0:
        return np.inf
    if len(h) < 3:
        raise ValueError(say("too-few-remainders", count=len(h)))
    return float(np.polyfit(np.log(h[-3:]), np.log(remainder[-3:]), 1)[0])
