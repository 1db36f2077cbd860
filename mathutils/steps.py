"""A derivation, checked line by line.

Each line is a way to write the differential df, as a function of X and of a small change dX. Lines
are compared for all changes at once: a line is linear in dX, so that its values for the changes of
one entry each say all, and they are the entries of the derivative.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from mathutils.check import check_derivative
from mathutils.sample import real_array
from mathutils.sentences import say
from mathutils.verdict import Verdict


@dataclass(frozen=True, repr=False)
class StepsVerdict(Verdict):
    """What a check of a derivation found, and in which line, counted from 1, or None."""

    line: int | None = None


def check_steps(f: Callable, steps: list, x: ArrayLike) -> StepsVerdict:
    """Check a derivation: the first line is the differential of f, and each follows from the last.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number or an array
    steps : list of functions of X and dX, both of the shape of `x`
        Each returns an array of the shape of ``f(x)``. None stands for a line still to come.
    x : array of real numbers, of any shape
        At a special one, such as a symmetric matrix, a wrong line may hold.

    Returns
    -------
    StepsVerdict
        It names the first wrong line, and what happened in it if that is a classic mistake;
        ``verdict.line`` is its number, None where all lines are right.

    Raises
    ------
    TypeError, ValueError
        Where a line is no function, where there is none, or as `check_derivative` does.

    Examples
    --------
    >>> A, X = np.array([[1.0, 2.0], [3.0, 5.0]]), np.array([[0.3, -1.7], [2.1, 0.4]])
    >>> steps = [
    ...     lambda X, dX: np.trace(dX.T @ A @ X) + np.trace(X.T @ A @ dX),
    ...     lambda X, dX: np.sum((A @ X) * dX) + np.sum((A.T @ X) * dX),
    ...     lambda X, dX: np.sum((2 * A @ X) * dX),
    ... ]
    >>> X  # shape (2, 2)
    >>> verdict = check_steps(lambda X: np.trace(X.T @ A @ X), steps, X)
    >>> verdict
    wrong: line 3 does not follow from line 2: a matrix is taken to be symmetric
    >>> verdict.line
    3
    """
    x, steps = real_array(x, "x"), list(steps)
    if not steps:
        raise ValueError(say("no-line"))
    for number, step in enumerate(steps, start=1):
        if step is None:
            return StepsVerdict("undecided", say("not-answered"), line=number)
        verdict = _check_line(f, step, x)
        if not verdict:
            return _at_line(verdict, number)
    return StepsVerdict("right", say("lines-right", count=len(steps)))


def _check_line(f, step, x):
    """Return the verdict on one line, as a derivative of f."""
    if not callable(step):
        raise TypeError(say("line-no-function", kind=type(step).__name__))
    shape = np.shape(f(x.copy()))
    for change in (np.ones(x.shape), np.zeros(x.shape)):
        try:
            got = np.shape(step(x.copy(), change))
        except Exception as problem:  # whatever a reader's line does, it is told in a sentence
            reason = say("line-raised", kind=type(problem).__name__, problem=problem)
            return Verdict("wrong", reason)
        if got != shape:
            return Verdict("wrong", say("line-shape", shape=got, wanted=shape), "shape")
    if not _is_linear(step, x):
        return Verdict("wrong", say("line-not-linear"), "linear")
    verdict = check_derivative(f, lambda z: coefficients(step, z), x)
    if verdict.status == "wrong" and len(shape) == 2 and shape[0] == shape[1]:
        if check_derivative(f, coefficients(lambda z, dz: step(z, dz).T, x), x):
            return Verdict("wrong", verdict.reason, "transpose")
    return verdict


def coefficients(step: Callable, x: np.ndarray) -> np.ndarray:
    """Return what a line makes of a change in each entry of x: the derivative it stands for.

    >>> coefficients(lambda x, dx: 2 * x @ dx, np.array([1.0, 3.0]))
    array([2., 6.])
    >>> coefficients(lambda X, dX: dX.T, np.zeros((2, 3)))  # shape (3, 2, 2, 3)
    """
    values = [step(x.copy(), change.reshape(x.shape)) for change in np.eye(x.size)]
    return np.stack(values, axis=-1).reshape(np.shape(values[0]) + x.shape)


def _is_linear(step, x):
    change = np.random.default_rng(0).uniform(0.5, 1.5, x.shape)
    whole = coefficients(step, x) * change
    axes = tuple(range(whole.ndim - x.ndim, whole.ndim))
    size = np.max(np.sum(abs(whole), axis=axes))
    miss = [step(x.copy(), t * change) - t * np.sum(whole, axis=axes) for t in (1, -2)]
    return np.max(np.abs(miss)) <= 1e-6 * size


SLUGS = {"transpose": "line-transpose", "sign": "line-sign", "symmetric": "line-symmetric"}


def _at_line(verdict, number):
    """Return the verdict on a line as that on the derivation."""
    reason = say(SLUGS[verdict.mistake]) if verdict.mistake in SLUGS else verdict.reason
    if verdict.status == "undecided":
        reason = say("line-undecided", line=number, reason=reason)
    elif number == 1:
        reason = say("first-line-wrong", reason=reason)
    else:
        reason = say("line-wrong", line=number, before=number - 1, reason=reason)
    return StepsVerdict(verdict.status, reason, verdict.mistake, number)
