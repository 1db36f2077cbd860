"""Is this formula the derivative of f? A verdict from measured numbers."""

from dataclasses import dataclass

import numpy as np

from mathutils.derivative import measure, real_array

# A claim is wrong where it misses the measured value by more than this many error estimates.
MARGIN = 10


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found. True in an ``if`` only when the claim is right.

    Attributes
    ----------
    status : "right", "wrong" or "undecided"
    reason : str
    """

    status: str
    reason: str

    def __bool__(self):
        return self.status == "right"

    def __repr__(self):
        return f"{self.status}: {self.reason}"


def check_derivative(f, derivative, x):
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
        A check at one x can refute a formula; it can only support one.

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
    wrong: 3 of 3 entries differ from the measured derivative, the first at [0]
    """
    x = real_array(x, "x")
    claim = derivative(x.copy()) if callable(derivative) else derivative
    if claim is None:
        return Verdict("undecided", "no derivative is given yet")
    measured, error = measure(f, x)
    try:
        claim = real_array(claim, "the derivative")
    except (TypeError, ValueError) as problem:
        return Verdict("wrong", str(problem))
    if claim.shape != measured.shape:
        wanted = f"f(x).shape + x.shape is {measured.shape}"
        return Verdict("wrong", f"the derivative has shape {claim.shape}, but {wanted}")
    return _compare(claim, measured, error)


def _compare(claim, measured, error):
    misses = np.argwhere(abs(claim - measured) > MARGIN * error).tolist()
    if misses and claim.ndim == 0:
        return Verdict("wrong", "the number differs from the measured derivative")
    if misses:
        count = f"{len(misses)} of {claim.size} entries differ from the measured derivative"
        return Verdict("wrong", f"{count}, the first at {misses[0]}")
    if not np.isfinite(error).all():
        return Verdict("undecided", "f has a kink, a jump, noise or no finite value close to x")
    if claim.ndim == 0:
        return Verdict("right", "the number agrees with the measured derivative")
    return Verdict("right", f"all {claim.size} entries agree, shape {claim.shape}")
