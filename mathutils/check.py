"""Is this formula the derivative of f? A verdict from numbers, which names the mistake."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.derivative import Measurement, measure
from mathutils.mistakes import MARGIN, is_known, judge, name_mistake, place_of
from mathutils.sample import Function, real_array
from mathutils.sentences import say
from mathutils.trouble import what_is_wrong
from mathutils.verdict import Verdict


def check_derivative(
    f: Callable, derivative: Callable | ArrayLike | None, x: ArrayLike
) -> Verdict:
    """Compare a claimed derivative with the measured one, shape first.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number or an array
    derivative : array, or function of x returning one, of shape ``f(x).shape + x.shape``
        ``None`` stands for an exercise that is still blank.
    x : array of real numbers, of any shape

    Returns
    -------
    Verdict
        A check at one x can refute a formula; it can only support one. The tolerance is
        taken from the estimated error of the measurement. The right answer is never told.
        What f hides in its rounding no check can see: of ``x[0] + 1e-20 * x[1]`` the second
        entry may be claimed to be zero, and where a gradient is nearly zero, its entries are
        undecided. Nor can it see what is much finer than x: of ``x + 1e-11 * np.sin(1e11 * x)``,
        whose slope is 2 at 0, it sees the slope 1, since the ripple looks like rounding.

    Raises
    ------
    TypeError, ValueError
        As `numerical_jacobian` does for a bad `f` or `x`.
        A bad `derivative` raises nothing: its verdict is wrong, and says why.

    Examples
    --------
    >>> check_derivative(lambda x: x @ x, lambda x: 2 * x, [1, 2, 3])
    right: all 3 entries agree, shape (3,)
    >>> check_derivative(lambda x: x @ x, lambda x: x, [1, 2, 3])
    wrong: a factor 2 is missing
    """
    if isinstance(x, np.matrix):
        return Verdict("undecided", say("is-matrix", name="x"))
    x = real_array(x, "x")
    claim = evaluate_claim(derivative, x)
    if isinstance(claim, Verdict):
        return claim
    measured = measure(Function(f, x))
    status = judge(claim, measured)
    if status == "wrong":
        return name_mistake(claim, derivative, f, measured)
    if status == "undecided":
        return Verdict("undecided", measured.trouble or _hidden(claim, measured))
    return _agreement(claim, derivative, measured, x)


def evaluate_claim(derivative: Callable | ArrayLike | None, x: NDArray) -> NDArray | Verdict:
    """Return the claimed derivative at x as an array, or the verdict on what is none."""
    if derivative is None:
        return Verdict("undecided", say("no-derivative"))
    try:
        claim = derivative(x.copy()) if callable(derivative) else derivative
    except Exception as error:
        return Verdict("wrong", say("claim-fails", trouble=what_is_wrong(error, derivative, x)))
    if claim is None:
        return Verdict("undecided", say("claim-returns-none"))
    try:
        return real_array(np.asarray(claim) if isinstance(claim, np.matrix) else claim, "∂f/∂x")
    except (TypeError, ValueError) as problem:
        return Verdict("wrong", str(problem))


def _hidden(claim, measured):
    """Say which entry of a claim is too small beside the digits of f."""
    if claim.size == 1:
        return say("number-is-hidden")
    first = np.argwhere(~is_known(claim, measured))[0].tolist()
    return say("entry-is-hidden", place=place_of(first))


def _agreement(claim: NDArray, derivative, measured: Measurement, x: NDArray) -> Verdict:
    """Return the verdict on a right claim, with what would be right at this x, too."""
    if claim.ndim == 0:
        reason = say("number-agrees")
    else:
        reason = say("entries-agree", count=claim.size, shape=claim.shape)
    part = np.min(MARGIN * measured.error[claim != 0] / abs(claim[claim != 0]), initial=1)
    if 1e-6 < part < 1:
        reason = say("to-few-digits", reason=reason, count=int(-np.log10(part)))
    twin = _twin(claim, derivative, measured, x)
    return Verdict("right", say("right-here", reason=reason, twin=twin) if twin else reason)


def _twin(claim, derivative, measured, x):
    """Say which wrong twin of a right claim cannot be told from it, since x is special."""
    tolerance = MARGIN * measured.error
    if claim.shape == x.shape == x.T.shape and x.ndim == 2 and x.size > 1 and (x == x.T).all():
        if (abs(claim - claim.T) <= tolerance + tolerance.T).all():
            return say("twin-of-symmetric")
    if not callable(derivative) or x.size < 2 or measured.constant.all():
        return ""
    if (abs(claim) <= tolerance).all():
        return say("twin-of-zero")
    if (x == x.flat[0]).all():
        return say("twin-of-alike")
    return ""
