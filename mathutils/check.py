"""Is this formula the derivative of f? A verdict from numbers, which names the mistake."""

from dataclasses import dataclass, replace

import numpy as np

from mathutils.derivative import measure
from mathutils.page import verdict_html
from mathutils.sample import EPS, real_array, some_direction, typical_size

MARGIN = 30  # a deviation of this many estimated errors is no accident
COARSE = 1e-3  # an entry is known well enough where its tolerance is below this part of it


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found. True in an ``if`` only when the claim is right.

    Attributes
    ----------
    status : "right", "wrong" or "undecided"
    reason : str
    mistake : str or None
        The kind of a mistake that was recognised: "transpose", "denominator layout", "sign",
        "factor", "symmetric", "vec order", "shape" or "one entry".
    """

    status: str
    reason: str
    mistake: str | None = None

    def __bool__(self):
        return self.status == "right"

    def __repr__(self):
        return f"{self.status}: {self.reason}"

    def _repr_html_(self):
        return verdict_html(self.status, repr(self))


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
        A check at one x can refute a formula; it can only support one. The tolerance is
        taken from the estimated error of the measurement. The right answer is never told.

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
    x = real_array(x, "x")
    claim = _claimed(derivative, x)
    if claim is None:
        return BLANK
    measured = measure(f, x)
    try:
        claim = real_array(claim, "the derivative")
    except (TypeError, ValueError) as problem:
        return Verdict("wrong", str(problem))
    status = _compare(claim, measured)
    if status == "wrong":
        return _refute(claim, derivative, measured, x)
    if status == "undecided":
        return Verdict("undecided", measured.trouble)
    if claim.ndim == 0:
        return Verdict("right", "the number agrees with the measured derivative")
    return Verdict("right", f"all {claim.size} entries agree, shape {claim.shape}")


BLANK = Verdict("undecided", "no derivative is given yet")


def _claimed(derivative, x):
    return derivative(x.copy()) if callable(derivative) else derivative


def _compare(claim, measured):
    """Return "right", "wrong", or "undecided" where another claim could be right as well."""
    if claim.shape != measured.derivative.shape:
        return "wrong"
    tolerance = MARGIN * measured.error
    if (abs(claim - measured.derivative) > tolerance).any():
        return "wrong"
    known = (tolerance <= COARSE * abs(claim)) | (tolerance <= measured.negligible)
    known |= measured.constant & (claim == 0) & np.isfinite(tolerance)
    return "right" if known.all() else "undecided"


FACTORS = {
    1: "",
    -1: "the sign is wrong",
    2: "a factor 2 is too much",
    0.5: "a factor 2 is missing",
}


def _refute(claim, derivative, measured, x):
    """Return the verdict on a wrong claim, with the name of the mistake if it is a classic one."""
    for candidate, kind, words in _arrangements(claim, measured.derivative.shape, x.shape):
        factor = _factor(candidate, measured)
        if factor and (words or factor != 1):
            size = FACTORS.get(factor, f"it is {factor:.4g} times the derivative")
            kind = kind or ("sign" if factor == -1 else "factor")
            return Verdict("wrong", " and ".join(filter(None, [words, size])), kind)
    if claim.shape == x.shape == measured.derivative.shape:
        if _is_mirrored(claim, measured):
            words = "this is for a symmetric matrix, whose mirrored entries move together"
            return Verdict("wrong", words, "symmetric")
        if callable(derivative) and _needs_symmetry(claim, derivative, measured, x):
            words = "this would be right only if a matrix in the formula were symmetric"
            return Verdict("wrong", words, "symmetric")
    return _unnamed(claim, measured)


def _arrangements(claim, shape, inputs):
    """Yield what a claim would be if its entries were arranged as ours: array, mistake, words."""
    outputs = shape[: len(shape) - len(inputs)]
    yield claim, None, ""
    if claim.ndim == len(shape) == 2 and len(inputs) != 1:
        yield claim.T, "transpose", "this is the transpose of the derivative"
    if claim.ndim == len(shape) and outputs:
        ours = np.moveaxis(claim, range(len(inputs)), range(len(outputs), len(shape)))
        words = "this is the denominator layout, the transpose; here it is output × input"
        yield ours, "denominator layout", words
    if claim.size != np.prod(shape):
        return
    if len(shape) != 2 and claim.ndim == 2 and max(len(outputs), len(inputs)) > 1:
        for order, major in [("C", "row-major"), ("F", "column-major")]:
            words = f"this is the matrix of the {major} vec; here its shape is {shape}"
            yield claim.reshape(shape, order=order), "vec order", words
    if claim.shape != shape:
        words = f"the numbers are right, but the shape is {claim.shape} instead of {shape}"
        yield claim.reshape(shape), "shape", words
    elif len(outputs) == len(inputs) == 1:
        for rows in _vec_orders(shape[0]):
            for columns in _vec_orders(shape[1]):
                words = "row-major and column-major vec are exchanged"
                yield claim[np.ix_(rows, columns)], "vec order", words


def _vec_orders(size):
    """Yield the orders in which the entries of a matrix of this size can be listed."""
    for rows in range(1, size):
        if size % rows == 0:
            yield np.arange(size).reshape(rows, -1).T.ravel()


@np.errstate(all="ignore")
def _factor(candidate, measured):
    """Return the number by which all of an array differs from the derivative, or None."""
    if candidate.shape != measured.derivative.shape:
        return None
    best = np.argmax(abs(measured.derivative) / (measured.error + np.finfo(float).tiny))
    factor = candidate.flat[best] / measured.derivative.flat[best]
    factor = next((c for c in FACTORS if abs(factor - c) < 1e-6), factor)
    if candidate.size == 1 and factor not in FACTORS:
        return None
    return factor if _compare(candidate / factor, measured) == "right" else None


def _is_mirrored(claim, measured):
    """Say whether each entry is the sum of what its own and its mirrored entry should be."""
    g = measured.derivative
    if g.ndim != 2 or g.shape != g.T.shape:
        return False
    both = replace(measured, derivative=g + g.T - np.diag(np.diag(g)), error=3 * measured.error)
    return _compare(claim, both) == "right"


def _needs_symmetry(claim, derivative, measured, x):
    """Say whether the claim is right once its own Jacobian, A say, becomes (A + Aᵀ) / 2."""
    if x.size > 100:
        return False
    try:
        slopes = measure(derivative, x).derivative.reshape(x.size, x.size)
    except (TypeError, ValueError):  # it is no function that has a derivative
        return False
    even = (claim.ravel() + (slopes.T - slopes) / 2 @ x.ravel()).reshape(x.shape)
    before, after = (abs(array - measured.derivative) for array in (claim, even))
    return (after <= 1e-3 * before + MARGIN * measured.error).all()


def _unnamed(claim, measured):
    """Return the verdict on a wrong claim of which one can only say where it is off."""
    wanted = measured.derivative.shape
    if claim.shape != wanted:
        reason = f"the derivative has shape {claim.shape}, but f(x).shape + x.shape is {wanted}"
        turned = ", the shape of its transpose" if claim.T.shape == wanted else ""
        return Verdict("wrong", reason + turned, "shape")
    misses = np.argwhere(abs(claim - measured.derivative) > MARGIN * measured.error).tolist()
    if claim.ndim == 0:
        return Verdict("wrong", "the number differs from the measured derivative")
    if len(misses) == 1 and claim.size > 1:
        return Verdict("wrong", f"only the entry at {misses[0]} is off", "one entry")
    count = f"{len(misses)} of {claim.size} entries differ from the measured derivative"
    return Verdict("wrong", f"{count}, the first at {misses[0]}")


def check_directional(f, derivative, x):
    """Check a claimed derivative along a random direction: fast, for large inputs.

    Parameters and errors are those of `check_derivative`. The claim is multiplied by a
    direction v, and compared with the measured derivative of t -> f(x + t v). A mistake in
    a single entry shows, but is not named.

    Examples
    --------
    >>> x = np.linspace(-1, 2, 1000)
    >>> check_directional(lambda x: np.sum(x**3), lambda x: 3 * x**2, x)
    right: it agrees with the measured derivative along a random direction
    """
    x = real_array(x, "x")
    claim = _claimed(derivative, x)
    if claim is None:
        return BLANK
    shape = np.shape(f(x.copy())) + x.shape
    if np.shape(claim) != shape:
        reason = f"the derivative has shape {np.shape(claim)}, but f(x).shape + x.shape is {shape}"
        return Verdict("wrong", reason, "shape")
    v = some_direction(x)
    slope = np.tensordot(claim, v, x.ndim)
    verdict = check_derivative(lambda t: f(x + t * v), slope, 0.0)
    if verdict.status == "undecided":
        return verdict
    agrees = "agrees with" if verdict else "differs from"
    return Verdict(verdict.status, f"it {agrees} the measured derivative along a random direction")


def taylor_remainders(f, derivative, x):
    """Return steps h, and how much f(x + h v) differs there from f(x) + h (derivative · v).

    v is a random direction of the size of x. Only steps at which the remainder is well above
    the rounding of f are returned.

    Returns
    -------
    h, remainder : arrays of shape (k,), h halving from one to the next; k may be 0
    """
    x = real_array(x, "x")
    claim = _claimed(derivative, x)
    v = typical_size(x) * np.random.default_rng(2).uniform(0.5, 1.5, x.shape) / np.sqrt(x.size)
    slope, start = np.tensordot(claim, v, x.ndim), np.asarray(f(x.copy()))
    h = 0.5 ** np.arange(4, 24)
    remainder = np.array([np.linalg.norm(f(x + t * v) - start - t * slope) for t in h])
    rounding = 1e4 * EPS * (np.linalg.norm(start) + np.linalg.norm(slope))
    return h[remainder > rounding], remainder[remainder > rounding]


def taylor_rate(f, derivative, x):
    """Return the power of h with which the Taylor remainder falls: 2 for a right gradient.

    For a wrong one it goes towards 1. Where f is linear in the direction tried, a right
    derivative leaves no remainder, and the rate is infinite.

    Examples
    --------
    >>> round(taylor_rate(lambda x: x @ x, lambda x: 2 * x, [1, 2, 3]), 2)
    2.0
    >>> round(taylor_rate(lambda x: x @ x, lambda x: 3 * x, [1, 2, 3]), 2)
    1.0
    """
    h, remainder = taylor_remainders(f, derivative, x)
    if len(h) < 3:
        return np.inf
    return float(np.polyfit(np.log(h[-3:]), np.log(remainder[-3:]), 1)[0])
