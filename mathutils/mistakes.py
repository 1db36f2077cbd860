"""Right, wrong or unknown: a claim is held against a measurement, and its mistake is named."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.derivative import Measurement
from mathutils.noise import last_digit
from mathutils.sentences import say
from mathutils.verdict import Verdict

MARGIN = 30  # a deviation of this many estimated errors is no accident
COARSE = 4e-3  # an entry is known well enough where its tolerance is below this part of it
SIX_DIGITS = 1e-6
NEARBY = 1e-3  # a step of this part of an entry stays close to x


def judge(claim: NDArray, measured: Measurement) -> str:
    """Return "right", "wrong", or "undecided" where another claim could be right as well."""
    if claim.shape != measured.derivative.shape or is_off(claim, measured).any():
        return "wrong"
    return "right" if is_known(claim, measured).all() else "undecided"


def is_off(claim: NDArray, measured: Measurement) -> NDArray:
    """Say which entries of a claim are wrong: an array of bools."""
    return abs(claim - measured.derivative) > MARGIN * measured.error


def is_known(claim: NDArray, measured: Measurement) -> NDArray:
    """Say which entries of a claim are known so well that nothing else would pass.

    That is so where the tolerance is a small part of the claim, or where both are too small to
    matter to f: zero, as far as f can tell.
    """
    tolerance = MARGIN * measured.error
    zero = (tolerance <= measured.negligible) & (abs(claim) <= tolerance)
    zero |= measured.constant & (claim == 0)
    return np.isfinite(tolerance) & (zero | (tolerance <= COARSE * abs(claim)))


def name_mistake(
    claim: NDArray, derivative: Callable | ArrayLike, f: Callable, measured: Measurement
) -> Verdict:
    """Return the verdict on a wrong claim, with the name of the mistake if it is a classic one.

    The claim is an array, and `derivative` the function that gave it, if it was one.
    """
    if measured.constant.all():
        return Verdict("wrong", say("f-is-constant"))
    for recognise in (_other_shape, _rounded, _rearranged, _mirrored):
        verdict = recognise(claim, measured)
        if verdict is not None:
            return verdict
    if callable(derivative) and needs_symmetry(claim, derivative, f, measured):
        return Verdict("wrong", say("needs-symmetry"), "symmetric")
    return _unnamed(claim, measured)


def _other_shape(claim, measured):
    """Return the verdict where f or the claim has another shape than was meant, if it has."""
    wanted, inputs = measured.derivative.shape, measured.x.shape
    outputs = wanted[: len(wanted) - len(inputs)]
    if claim.size != measured.derivative.size:
        return _diagonal(claim, measured) if claim.shape == inputs == outputs else None
    right = judge(claim.reshape(wanted), measured) == "right"
    if outputs and np.prod(outputs) == 1 and claim.shape != wanted and right:
        return Verdict("wrong", say("one-output", shape=outputs), "shape")
    return None


def _diagonal(claim, measured):
    """Return the verdict on the diagonal of a diagonal Jacobian."""
    n = claim.size
    full = np.diag(claim.ravel()).reshape(measured.derivative.shape)
    beside = measured.derivative.reshape(n, n)[~np.eye(n, dtype=bool)]
    if judge(full, measured) == "right" and (n == 1 or (abs(beside) < abs(claim).max()).all()):
        return Verdict("wrong", say("only-diagonal", shape=measured.derivative.shape), "diagonal")
    return None


@np.errstate(all="ignore")
def _rounded(claim, measured):
    """Return the verdict on a claim that agrees to six digits and more, but not to all."""
    g = measured.derivative
    if claim.shape != g.shape or not np.isfinite(measured.error).all():
        return None
    off, natural = abs(claim - g), np.broadcast_to(measured.size, g.shape)
    places = is_off(claim, measured)
    if np.sum(places) == 1 and (off > SIX_DIGITS * abs(g))[places].all():
        return None  # of a small entry not even six digits agree, and of the others all
    largest = np.max(off) / np.max(abs(g))
    if not max(largest, np.max(off * natural) / np.max(abs(g) * natural)) <= SIX_DIGITS:
        return None
    if 2**-23 <= last_digit(claim.reshape(-1, 1))[0] <= 2**-20:
        return Verdict("wrong", say("off-as-float32", size=f"{largest:.0e}"), "precision")
    return Verdict("wrong", say("off-by", size=f"{largest:.0e}"), "precision")


def _rearranged(claim, measured):
    """Return the verdict on a claim whose entries stand elsewhere, or are all off by a factor."""
    for candidate, kind, words in _arrangements(claim, measured):
        factor = _factor(candidate, measured)
        if factor and (words or factor != 1):
            kind = kind or ("sign" if factor == -1 else "factor")
            size = _factor_in_words(factor)
            both = say("two-mistakes", first=words, second=size) if words and size else ""
            return Verdict("wrong", both or words or size, kind)
    return None


def _factor_in_words(factor):
    known = {1: "", -1: say("wrong-sign"), 2: say("two-too-much"), 0.5: say("two-missing")}
    return known.get(factor, say("factor", factor=f"{factor:.4g}"))


def _arrangements(claim: NDArray, measured: Measurement) -> Iterator[tuple]:
    """Yield what a claim would be if its entries were arranged as ours: array, mistake, words."""
    shape, inputs = measured.derivative.shape, measured.x.shape
    outputs = shape[: len(shape) - len(inputs)]
    yield claim, None, ""
    if claim.ndim == len(shape) == 2 and len(inputs) != 1:
        yield claim.T, "transpose", say("transpose")
    if claim.ndim == len(shape) and outputs:
        ours = np.moveaxis(claim, range(len(inputs)), range(len(outputs), len(shape)))
        yield ours, "denominator layout", say("wrong-layout")
    if claim.size != np.prod(shape):
        return
    if len(shape) != 2 and claim.ndim == 2 and max(len(outputs), len(inputs)) > 1:
        row_major, column_major = claim.reshape(shape), claim.reshape(shape, order="F")
        yield row_major, "vec order", say("row-major-matrix", shape=shape)
        yield column_major, "vec order", say("column-major-matrix", shape=shape)
    if claim.shape != shape:
        words = say("numbers-right", shape=claim.shape, wanted=shape)
        yield claim.reshape(shape), "shape", words
    elif len(outputs) == len(inputs) == 1:
        for rows in _vec_orders(shape[0]):
            for columns in _vec_orders(shape[1]):
                yield claim[np.ix_(rows, columns)], "vec order", say("vec-orders")


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
    if abs(measured.derivative.flat[best]) <= MARGIN * measured.error.flat[best]:
        return None  # all of it may be zero
    factor = candidate.flat[best] / measured.derivative.flat[best]
    if not np.isfinite(factor) or factor == 0:
        return None
    common = (1, -1, 2, 0.5)
    factor = next((c for c in common if abs(factor - c) < 1e-6), float(factor))
    if candidate.size == 1 and factor not in common:
        return None
    return factor if judge(candidate / factor, measured) == "right" else None


def _mirrored(claim, measured):
    """Return the verdict on a gradient by a matrix whose mirrored entries are taken as one."""
    g, constant = measured.derivative, measured.constant
    if g.ndim != 2 or not claim.shape == measured.x.shape == g.shape == g.T.shape:
        return None
    error, triangle = 3 * (measured.error + measured.error.T), np.triu(np.ones(g.shape, bool), 1)
    if g.size > 1 and (constant[triangle].all() or constant.T[triangle].all()):
        halves = replace(measured, derivative=(g + g.T) / 2, error=error)
        if judge(claim, halves) == "right":
            return Verdict("wrong", say("one-triangle"), "one triangle")
    together = replace(measured, derivative=g + g.T - np.diag(np.diag(g)), error=error)
    if judge(claim, together) == "right":
        return Verdict("wrong", say("mirrored-entries"), "symmetric")
    return None


def needs_symmetry(
    claim: NDArray, derivative: Callable, f: Callable, measured: Measurement
) -> bool:
    """Say whether a wrong gradient would be right if matrices in its formula were symmetric.

    The Jacobian J of a gradient is symmetric. Where that of the claim is not, and (J + Jᵀ) / 2
    bends as f does, somebody took a matrix A for its mean with its transpose.
    """
    x, size = measured.x, measured.size
    if not claim.shape == measured.derivative.shape == x.shape or x.size > 100:
        return False
    try:
        jacobian = _jacobian_nearby(derivative, x, size)
        u, v = (np.random.default_rng(k).uniform(-1, 1, x.shape) * size for k in (1, 2))
        mixed = _mixed_difference(f, x, NEARBY * u, NEARBY * v) / NEARBY**2
        skew = (jacobian - jacobian.T) / 2
        expected = u.ravel() @ (jacobian - skew) @ v.ravel()
        lost = abs(u.ravel() @ skew @ v.ravel())
    except Exception:  # the claim is no function that has a derivative
        return False
    return bool(lost > 1e-6 * abs(expected) and abs(mixed - expected) <= 1e-4 * lost)


def _jacobian_nearby(derivative, x, size):
    columns = []
    for i in range(x.size):
        step = np.zeros(x.size)
        step[i] = NEARBY * size.flat[i]
        step = step.reshape(x.shape)
        change = np.asarray(derivative(x + step), float) - np.asarray(derivative(x - step), float)
        columns.append(change.ravel() / (2 * NEARBY * size.flat[i]))
    return np.array(columns).T


def _mixed_difference(f, x, u, v):
    return float(f(x + u + v) - f(x + u - v) - f(x - u + v) + f(x - u - v)) / 4


def _unnamed(claim, measured):
    """Return the verdict on a wrong claim of which one can only say where it is off."""
    wanted = measured.derivative.shape
    if claim.shape != wanted:
        if claim.T.shape == wanted:
            reason = say("derivative-shape-transposed", shape=claim.shape, wanted=wanted)
        else:
            reason = say("derivative-shape", shape=claim.shape, wanted=wanted)
        return Verdict("wrong", reason, "shape")
    off = is_off(claim, measured)
    places = np.argwhere(off).tolist()
    if claim.ndim == 0:
        return Verdict("wrong", say("number-differs"))
    others_known = is_known(claim, measured)[~off].all()
    if len(places) == 1 and claim.size > 1 and others_known:
        return Verdict("wrong", say("one-entry", place=place_of(places[0])), "one entry")
    count, total, first = len(places), claim.size, place_of(places[0])
    if others_known:
        return Verdict("wrong", say("entries-differ", count=count, total=total, first=first))
    reason = say("entries-differ-at-least", count=count, total=total, first=first)
    return Verdict("wrong", reason)


def place_of(indices: list[int]) -> str:
    """Return the place of an entry as it is written in code."""
    return f"[{', '.join(map(str, indices))}]"
