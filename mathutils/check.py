"""Is this formula the derivative of f? A verdict from numbers, which names the mistake."""

from dataclasses import dataclass

import numpy as np

from mathutils.derivative import MARGIN, measure
from mathutils.sample import EPS, real_array, typical_size

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
    claim = derivative(x.copy()) if callable(derivative) else derivative
    if claim is None:
        return Verdict("undecided", "no derivative is given yet")
    measured = measure(f, x)
    try:
        claim = real_array(claim, "the derivative")
    except (TypeError, ValueError) as problem:
        return Verdict("wrong", str(problem))
    if claim.shape != measured.derivative.shape:
        return _wrong(claim, derivative, measured, x, None)
    misses = np.argwhere(abs(claim - measured.derivative) > MARGIN * measured.error).tolist()
    if misses:
        return _wrong(claim, derivative, measured, x, misses)
    if not _is_known(claim, measured):
        return Verdict("undecided", measured.trouble)
    if claim.ndim == 0:
        return Verdict("right", "the number agrees with the measured derivative")
    return Verdict("right", f"all {claim.size} entries agree, shape {claim.shape}")


def _wrong(claim, derivative, measured, x, misses):
    """Return the verdict on a wrong claim, with the name of the mistake where it has one."""
    kind, reason = _rearranged(claim, measured, x) or _symmetric(claim, derivative, measured, x)
    if reason:
        return Verdict("wrong", reason, kind)
    if misses is None:
        wanted = f"f(x).shape + x.shape is {measured.derivative.shape}"
        if claim.T.shape == measured.derivative.shape:
            wanted += ", the shape of its transpose"
        return Verdict("wrong", f"the derivative has shape {claim.shape}, but {wanted}", "shape")
    if claim.ndim == 0:
        return Verdict("wrong", "the number differs from the measured derivative")
    if len(misses) == 1 and claim.size > 1:
        return Verdict("wrong", f"only the entry at {misses[0]} is off", "one entry")
    count = f"{len(misses)} of {claim.size} entries differ from the measured derivative"
    return Verdict("wrong", f"{count}, the first at {misses[0]}")


def _is_known(claim, measured):
    """Say whether each entry was measured well enough to tell this claim from others."""
    tolerance = MARGIN * measured.error
    known = (tolerance <= COARSE * abs(claim)) | (tolerance <= measured.negligible)
    known |= measured.constant & (claim == 0) & np.isfinite(tolerance)
    return known.all()


@np.errstate(all="ignore")
def _rearranged(claim, measured, x):
    """Name the claim if it is the derivative in another arrangement, or times a factor."""
    for candidate, name, mistake in _arrangements(claim, measured.derivative.shape, x.shape):
        if candidate.shape != measured.derivative.shape:
            continue
        best = np.argmax(abs(measured.derivative) / (measured.error + np.finfo(float).tiny))
        factor = candidate.flat[best] / measured.derivative.flat[best]
        near = next((c for c in (1, -1, 2, 0.5) if abs(factor - c) < 1e-6), factor)
        if near == 0 or not np.isfinite(near) or (candidate.size == 1 and near not in FACTORS):
            continue
        gap = abs(candidate / near - measured.derivative)
        agrees = (gap <= MARGIN * measured.error).all() and _is_known(candidate / near, measured)
        if agrees and (name or near != 1):
            factor_name = FACTORS.get(near, f"it is {near:.4g} times the derivative")
            reason = " and ".join(filter(None, [name, factor_name]))
            return mistake or ("sign" if near == -1 else "factor"), reason
    return None


FACTORS = {
    1: "",
    -1: "the sign is wrong",
    2: "a factor 2 is too much",
    0.5: "a factor 2 is missing",
}


def _arrangements(claim, shape, inputs):
    """Yield what a claim would be if its entries were arranged as ours: array, name, mistake."""
    outputs = shape[: len(shape) - len(inputs)]
    yield claim, "", None
    if claim.ndim == len(shape) == 2 and len(inputs) != 1:
        yield claim.T, "this is the transpose of the derivative", "transpose"
    if claim.ndim == len(shape) and outputs:
        layout = "this is the denominator layout, the transpose; here it is output × input"
        last = range(len(outputs), len(shape)) if inputs else ()
        yield np.moveaxis(claim, range(len(inputs)), last), layout, "denominator layout"
    if claim.size != np.prod(shape):
        return
    if len(shape) != 2 and claim.ndim == 2 and max(len(outputs), len(inputs)) > 1:
        ours = f"; here its shape is {shape}"
        yield claim.reshape(shape), "this is the matrix of the row-major vec" + ours, "vec order"
        turned = claim.reshape(outputs[::-1] + inputs[::-1])
        axes = [*range(len(outputs))[::-1], *range(len(outputs), len(shape))[::-1]]
        name = "this is the matrix of the column-major vec" + ours
        yield turned.transpose(axes), name, "vec order"
    if claim.shape != shape:
        name = f"the numbers are right, but the shape is {claim.shape} instead of {shape}"
        yield claim.reshape(shape), name, "shape"
    elif len(outputs) == len(inputs) == 1:
        name = "row-major and column-major vec are exchanged"
        for rows in _vec_orders(shape[0]):
            for columns in _vec_orders(shape[1]):
                yield claim[np.ix_(rows, columns)], name, "vec order"


def _vec_orders(size):
    """Yield the orders in which the entries of a matrix of this size can be listed."""
    for rows in range(1, size):
        if size % rows == 0:
            yield np.arange(size).reshape(rows, -1).T.ravel()


def _symmetric(claim, derivative, measured, x):
    """Name the claim if it is a formula for symmetric matrices, used on others."""
    if claim.shape != x.shape or measured.derivative.shape != x.shape:
        return None, ""
    if x.ndim == 2 and x.shape[0] == x.shape[1]:
        g = measured.derivative
        both = g + g.T - np.diag(np.diag(g))
        if (abs(claim - both) <= 3 * MARGIN * measured.error).all() and _is_known(claim, measured):
            return (
                "symmetric",
                "this is for a symmetric matrix, whose mirrored entries move together",
            )
    if not callable(derivative) or x.size > 100:
        return None, ""
    # The Jacobian of a gradient is symmetric. Is this one's symmetric part the derivative?
    try:
        slopes = measure(derivative, x).derivative.reshape(x.size, x.size)
    except (TypeError, ValueError):  # it is no function that has a derivative
        return None, ""
    even = (claim.ravel() + (slopes.T - slopes) / 2 @ x.ravel()).reshape(x.shape)
    before, after = (abs(array - measured.derivative) for array in (claim, even))
    if (after <= 1e-3 * before + MARGIN * measured.error).all():
        return "symmetric", "this would be right only if a matrix in the formula were symmetric"
    return None, ""


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
    claim = derivative(x.copy()) if callable(derivative) else derivative
    if claim is None:
        return Verdict("undecided", "no derivative is given yet")
    shape = np.shape(f(x.copy())) + x.shape
    if np.shape(claim) != shape:
        reason = f"the derivative has shape {np.shape(claim)}, but f(x).shape + x.shape is {shape}"
        return Verdict("wrong", reason, "shape")
    rng = np.random.default_rng(1)
    v = typical_size(x) * rng.choice([-1, 1], x.shape) * rng.uniform(0.5, 1.5, x.shape)
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
    claim = derivative(x.copy()) if callable(derivative) else derivative
    v = typical_size(x) * np.random.default_rng(2).uniform(0.5, 1.5, x.shape) / np.sqrt(x.size)
    slope, start = np.tensordot(claim, v, x.ndim), np.asarray(f(x.copy()))
    h = 0.5 ** np.arange(4, 24)
    remainder = np.array([np.linalg.norm(f(x + t * v) - start - t * slope) for t in h])
    rounding = 1e4 * EPS * (np.linalg.norm(start) + h * np.linalg.norm(slope))
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
