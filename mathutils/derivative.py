"""Derivatives measured from the values of a function, each with an estimate of its error.

The central difference (f(x + h) - f(x - h)) / 2h misses the derivative by a h² + b h⁴ + …
Measured with a ladder of steps h, these powers can be taken away one after another, until only
the rounding of f is left. That rounding is measured too (sample.py). Chapter 11 tells
the story.

Source: Ridders (1982), Advances in Engineering Software 4, 75-76.
"""

from dataclasses import dataclass
from functools import partial

import numpy as np

from mathutils.sample import EPS, Function, survey

# Ladders of steps, in units of the size of x. Second differences lose more to rounding, so their
# steps are larger and closer to each other.
SLOPE_STEPS = 2.0 ** -np.arange(-1, 9)
BEND_STEPS = 16 * 1.6 ** -np.arange(16)
RESTARTS = 2.0 ** -np.array([0, 8, 16, 24, 32])  # where a whole ladder was too high
MARGIN = 30  # a deviation of this many estimated errors is no accident


def numerical_gradient(f, x, return_error=False, vectorized=False):
    """Measure the gradient of a scalar function.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number (shape ``()``)
    x : array of real numbers, of any shape; lists and integers are read as floats
    return_error : bool
        Also return the estimated error of each entry.
    vectorized : bool
        f takes an array of shape ``(k, *x.shape)`` and returns shape ``(k,)``.

    Returns
    -------
    gradient : array of the shape of `x`, in units of f over units of x
    error : array of the shape of `x`, only with `return_error`

    Raises
    ------
    TypeError, ValueError
        As `numerical_jacobian` does, and where ``f(x)`` is not a single number.

    Examples
    --------
    >>> numerical_gradient(lambda p: p[0] * p[1], [2, 3])    # shape (2,)
    array([3., 2.])
    """
    measured = measure(f, x, vectorized, scalar=True)
    return _result(measured.derivative, measured.error, measured.trouble, return_error)


def numerical_jacobian(f, x, return_error=False, vectorized=False):
    """Measure the derivative of a function between arrays of any shapes.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number or an array
    x : array of real numbers, of any shape; lists and integers are read as floats
    return_error : bool
        Also return the estimated error of each entry.
    vectorized : bool
        f takes an array of shape ``(k, *x.shape)`` and returns shape ``(k, *f(x).shape)``.

    Returns
    -------
    jacobian : array of shape ``f(x).shape + x.shape``
        Entry ``[i, j]`` is the derivative of output ``i`` by input ``j``,
        where i and j may each be several indices, or none.
    error : array of the same shape, only with `return_error`

    Raises
    ------
    TypeError
        Where f is not a function, or `x` or ``f(x)`` is not made of real numbers.
    ValueError
        Where `x` is empty, where `x` or ``f(x)`` has a NaN or infinite entry, where f changes
        its shape, or where no derivative can be measured (a kink, noise, an edge).

    Examples
    --------
    >>> A = np.array([[1, 2, 3], [4, 5, 6]])
    >>> numerical_jacobian(lambda x: A @ x, np.ones(3))      # shape (2, 3)
    array([[1., 2., 3.],
           [4., 5., 6.]])
    """
    measured = measure(f, x, vectorized)
    return _result(measured.derivative, measured.error, measured.trouble, return_error)


def numerical_hessian(f, x, gradient=None, return_error=False, vectorized=False):
    """Measure the second derivative of a scalar function.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number
    x : array of real numbers, of any shape
    gradient : function returning the gradient of f, in the shape of `x`
        With it the result is its Jacobian: faster, more accurate, and not forced to be
        symmetric. Without it, second differences of f, which assume continuous second partials.
    return_error, vectorized : as in `numerical_jacobian`, the latter for the function used

    Returns
    -------
    hessian : array of shape ``x.shape + x.shape``
    error : array of the same shape, only with `return_error`

    Raises
    ------
    TypeError, ValueError
        As `numerical_gradient` does.

    Examples
    --------
    >>> numerical_hessian(lambda p: p[0] * p[1] ** 2, [2, 3])      # shape (2, 2)
    array([[0., 6.],
           [6., 4.]])
    """
    if gradient is not None:
        return numerical_jacobian(gradient, x, return_error, vectorized)
    function = Function(f, x, vectorized, scalar=True)
    close = survey(function)
    parts = (part.reshape(function.x.shape * 2) for part in _hessian(function, close))
    return _result(*parts, close.trouble, return_error)


@dataclass(frozen=True)
class Measurement:
    """A measured derivative, with its estimated error, infinite where none can be measured.

    An error below `negligible` makes no difference to f, and where `constant` is true, f did
    not change at all. `trouble` says in words what would disturb a measurement.
    """

    derivative: np.ndarray
    error: np.ndarray
    negligible: np.ndarray
    constant: np.ndarray
    trouble: str


def measure(f, x, vectorized=False, scalar=False):
    """Return the `Measurement` of the derivative of f at x."""
    function = Function(f, x, vectorized, scalar)
    close = survey(function)
    shape = function.x.size, function.value.size
    slopes, is_local = partial(_slopes, function, close.noise), partial(_is_local, close)
    values, error, _ = _climb(slopes, shape, SLOPE_STEPS, is_local)
    error[:, np.isinf(close.slope_error)] = np.inf
    reach = function.variation / function.size[:, None]
    error = error + EPS * reach
    constant = np.broadcast_to(function.variation <= 8 * close.noise, values.shape)
    parts = (values, error, 1e-8 * reach, constant)
    shape = function.shape + function.x.shape
    return Measurement(*(part.T.reshape(shape) for part in parts), close.trouble)


def _result(derivative, error, trouble, return_error):
    if not np.isfinite(error).all():
        raise ValueError(f"no derivative can be measured at x: {trouble}")
    return (derivative, error) if return_error else derivative


def _slopes(function, noise, which, t):
    """Return the central differences by single entries, and how much of them is rounding."""
    entries = which[:, None]
    steps = t * function.size[entries]
    at = function.x.ravel()[entries]
    both = function.moved(np.concatenate([entries] * 2), np.concatenate([steps, -steps]))
    after, before = np.split(both, 2)
    width = (at + steps) - (at - steps)
    change = np.fmax.reduce(abs(both - function.value), axis=0)
    function.variation = np.fmax(function.variation, change)
    rounding = noise + EPS * np.fmax(abs(after), abs(before))
    return (after - before) / width, 2 * rounding / width


def _hessian(function, close):
    """Return the matrix of second derivatives and that of their errors.

    The diagonal has few entries. Its ladders tell at which steps those of the pairs begin.
    """
    size, top = function.x.size, BEND_STEPS[0]
    bends = partial(_bends, function, close)
    diagonal = _climb(partial(_pure, bends, function.size), (size, 1), BEND_STEPS)
    value, error, reach = np.squeeze(diagonal, axis=2)
    found = np.stack([np.diag(value), np.diag(error)])
    straight = reach >= BEND_STEPS[3]
    steps = np.where(straight, top, top / BEND_STEPS[3] * reach) * function.size
    pairs = np.argwhere(np.triu(np.ones((size, size)), 1))
    easy = straight[pairs].all(axis=1)
    if easy.any():
        line = np.where(straight, top * close.direction, 0)
        easy[easy] = _in_one_step(bends, pairs[easy], steps, line, found)
    pairs = pairs[~easy]
    mixed = partial(_mixed, bends, pairs, steps)
    _place(found, pairs, _climb(mixed, (len(pairs), 1), BEND_STEPS / top)[:2])
    if np.isinf(close.slope_error).any():
        found[1] = np.inf
    return found


def _place(found, pairs, measured):
    i, j = pairs.T
    found[:, i, j] = found[:, j, i] = np.squeeze(measured, axis=2)


def _bends(function, close, entries, steps):
    """Return f(x + s) + f(x - s) - 2 f(x) for steps s along some entries, and its rounding."""
    after, before = function.moved(entries, steps), function.moved(entries, -steps)
    rounding = close.noise + close.share * np.fmax(abs(after), abs(before))
    return after + before - 2 * function.value, rounding


def _pure(bends, size, which, t):
    """Return the second derivatives by single entries, and how much of them is rounding."""
    step = t * size[which, None]
    bend, rounding = bends(which[:, None], step)
    return bend / step**2, 2 * rounding / step**2


def _mixed(bends, pairs, steps, which, t):
    """Return the second derivatives by pairs of entries, and how much of them is rounding."""
    pairs, steps = pairs[which], t * steps
    single, place = np.unique(pairs, return_inverse=True)
    i, j = place.reshape(pairs.shape).T
    both, rounding = bends(pairs, steps[pairs])
    alone, rounding_alone = bends(single[:, None], steps[single, None])
    area = np.prod(steps[pairs], axis=1)[:, None]
    rounding = np.fmax(rounding, np.fmax(rounding_alone[i], rounding_alone[j]))
    return (both - alone[i] - alone[j]) / (2 * area), 2 * rounding / area


def _in_one_step(bends, pairs, steps, line, found):
    """Fill in what a single step finds, which is exact where f is of degree three.

    Where it is, the Hessian times a line is what second differences along that line give.
    Returns for which pairs both agree but for rounding; how much they differ is their error.
    """
    _place(found, pairs, _mixed(bends, pairs, steps, np.arange(len(pairs)), 1))
    hessian, error = found
    every = np.arange(len(steps))
    both, rounding = bends(np.tile(every, (len(steps), 1)), np.diag(steps) + line)
    alone = bends(every[:, None], steps[:, None])[0] + bends(every[None], line[None])[0]
    miss = abs(hessian @ line - (both - alone)[:, 0] / (2 * steps))
    agrees = miss <= error @ abs(line) + 2 * rounding[:, 0] / steps
    i, j = pairs.T
    error[i, j] += np.fmax(miss[i] / abs(line[j]), miss[j] / abs(line[i]))
    error[j, i] = error[i, j]
    return agrees[i] & agrees[j]


def _climb(difference, shape, steps, is_local=lambda value, error: True):
    """Go down ladders of steps until the difference of each item has settled.

    Returns values, errors and the last steps used, a row for each item, a column for each output.
    """
    best = [np.full(shape, start) for start in (np.nan, np.inf, steps[0], False)]
    value, error, reach, settled = best
    for restart in RESTARTS:
        pending = np.flatnonzero(~settled.all(axis=1))
        if pending.size == 0:
            break
        new = _ladder(difference, pending, restart * steps)
        better = new[1] < error[pending]
        for old, found in zip(best, new, strict=True):
            old[pending] = np.where(better, found, old[pending])
        if not is_local(value, error):
            error[:], settled[:] = np.inf, False
    return value, error, reach


def _ladder(difference, items, steps):
    """Remove the powers of the step one after another (Neville's table), as long as it helps."""
    active, ratio = np.arange(len(items)), steps[0] / steps[1]
    table, before = [], None
    for level, step in enumerate(steps):
        quotient, rounding = difference(items[active], step)
        if level == 0:
            best = [np.full(quotient.shape, start) for start in (np.nan, np.inf, step, False)]
        value, error, reach, settled = (part[active] for part in best)
        row, power, amplified = [quotient], 1.0, 1.0
        for j, old in enumerate(table):
            power *= ratio**2
            change = row[j] - old
            row.append(row[j] + change / (power - 1))
            if j >= level - 3:  # the last columns are the good ones
                change, floor = abs(change), amplified * before
                better = change + floor < error
                # The old value has less rounding. Where the rounding shows, the new one is closer.
                closer = np.where(change <= 0.1 * floor, old, row[j])
                value = np.where(better, closer, value)
                error = np.where(better, change + floor, error)
                settled |= better & (change <= 2 * floor * ratio**j)
            amplified *= 1 + 2 / (power - 1)  # the rounding of the first column
        reach = np.where(error < best[1][active], step, reach)
        settled |= rounding >= error
        for part, now in zip(best, (value, error, reach, settled), strict=True):
            part[active] = now
        left = ~settled.all(axis=1)
        active, before = active[left], rounding[left]
        table = [column[left] for column in row]
        if active.size == 0:
            break
    return best


def _is_local(close, value, error):
    """Say whether what was measured with large steps agrees with the slope close to x."""
    predicted = close.direction @ value
    bar = abs(close.direction) @ error + close.slope_error
    return not (abs(predicted - close.slope) > MARGIN * bar).any()
