"""Derivatives measured from the values of a function, each with an estimate of its error.

The central difference (f(x + h) - f(x - h)) / 2h misses the derivative by a h² + b h⁴ + …
Measured with a ladder of steps h, these powers can be taken away one after another, until only
the rounding of f is left. That rounding is measured too (sample.py). Chapter 11 tells
the story.

Source: Ridders (1982), Advances in Engineering Software 4, 75-76.
"""

from dataclasses import dataclass

import numpy as np

from mathutils.sample import EPS, Function, survey

# Ladders of steps, in units of the size of x. Second differences lose more to rounding, so their
# steps are closer to each other.
SLOPE_STEPS = 2.0 ** -np.arange(-1, 9)
BEND_STEPS = 1.6 ** -np.arange(12.0)
STRIDE = 8  # one such step is enough for second differences where f is of degree three
RESTARTS = 2.0 ** -np.array([0, 8, 16, 24, 32])  # where a whole ladder was too high


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
    hessian, error = _hessian(function, close).reshape(2, *function.x.shape * 2)
    return _result(hessian, error, close.trouble, return_error)


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
    shape, variation = (function.x.size, function.value.size), np.zeros_like(function.value)

    def slopes(which, t):
        """Return the central differences by single entries, and how much of them is rounding."""
        entries = which[:, None]
        at, step = function.x.ravel()[entries], t * function.size[entries]
        after, before = function.moved(entries, step), function.moved(entries, -step)
        change = abs(np.concatenate([after, before]) - function.value)
        np.fmax(variation, np.fmax.reduce(change), out=variation)
        width = (at + step) - (at - step)
        rounding = close.noise + close.eps * np.fmax(abs(after), abs(before))
        return (after - before) / width, 2 * rounding / width

    def is_local(value, error):
        """Say whether what was measured with large steps agrees with the slope close to x."""
        miss = abs(close.direction @ value - close.slope)
        bar = abs(close.direction) @ error + close.slope_error
        return not (miss > 10 * bar).any()  # a doubt costs only smaller steps, so 10 are enough

    line = 4 * np.sqrt(shape[0]) * close.direction  # on which each entry goes as far as in a step
    ends = function(function.x.ravel() + np.array([[1], [0.5], [-0.5], [-1]]) * line)
    bent = abs(ends[0] - ends[3] - 2 * (ends[1] - ends[2]))
    rounding = close.noise + close.eps * np.max(abs(ends), axis=0)
    one_step = (bent <= 100 * rounding).all()  # which is enough where f is of degree two
    if one_step:
        value, error = slopes(np.arange(shape[0]), SLOPE_STEPS[0])
        error += bent / abs(line)[:, None]
    if not one_step or not is_local(value, error):
        value, error = _climb(slopes, shape, SLOPE_STEPS, is_local)
    error[:, np.isinf(close.slope_error)] = np.inf
    reach = variation / function.size[:, None]
    constant = np.broadcast_to(variation <= 8 * close.noise, shape)
    parts = (value, error + EPS * reach, 1e-8 * reach, constant)
    shape = function.shape + function.x.shape
    return Measurement(*(part.T.reshape(shape) for part in parts), close.trouble)


def _result(derivative, error, trouble, return_error):
    if not np.isfinite(error).all():
        raise ValueError(f"no derivative can be measured at x: {trouble}")
    return (derivative, error) if return_error else derivative


def _hessian(function, close):
    """Return the matrix of second derivatives and that of their errors."""
    size, every = function.size, np.arange(function.x.size)
    pairs = np.argwhere(np.triu(np.ones((len(size), len(size)))))

    def bend(entries, steps):
        """Return f(x + s) + f(x - s) - 2 f(x) for steps s along some entries, and its rounding."""
        after, before = function.moved(entries, steps), function.moved(entries, -steps)
        rounding = close.noise + close.eps * np.fmax(abs(after), abs(before))
        return after + before - 2 * function.value, rounding

    def mixed(which, t):
        """Return the second derivatives by pairs of entries, and how much of them is rounding."""
        i, j = pairs[which].T
        step = t * size
        both, rounding = bend(pairs[which], step[pairs[which]])
        alone, rounding_alone = bend(every[:, None], step[:, None])
        area = (step[i] * step[j])[:, None]
        rounding = np.fmax(rounding, np.fmax(rounding_alone[i], rounding_alone[j]))
        bent = np.where((i == j)[:, None], 2 * alone[i], both - alone[i] - alone[j])
        return bent / (2 * area), 2 * rounding / area

    def matrix(values):
        found = np.empty((len(size), len(size)))
        found[pairs.T[0], pairs.T[1]] = found[pairs.T[1], pairs.T[0]] = values[:, 0]
        return found

    line = STRIDE * np.sqrt(len(size)) * close.direction[None]
    (whole, rounding), (half, _) = bend(every[None], line), bend(every[None], line / 2)
    miss = abs(whole - 4 * half) + rounding
    if miss <= 100 * rounding:  # f is of degree three, so that one step is enough
        value, error = mixed(np.arange(len(pairs)), STRIDE)
        error += miss / abs(np.prod(line[0, pairs], axis=1))[:, None]
    else:
        value, error = _climb(mixed, (len(pairs), 1), BEND_STEPS)
    error[:, np.isinf(close.slope_error)] = np.inf
    return np.array([matrix(value), matrix(error)])


def _climb(difference, shape, steps, is_local=lambda value, error: True):
    """Go down ladders of steps until each entry is measured, and as it is close to x."""
    value, error = np.full(shape, np.nan), np.full(shape, np.inf)
    left = every = np.arange(shape[0])
    for top in RESTARTS:
        new, new_error, left = _ladder(difference, left, shape, top * steps)
        better = new_error < error
        value, error = np.where(better, new, value), np.where(better, new_error, error)
        if not is_local(value, error):
            error[:], left = np.inf, every
        elif left.size == 0:
            break
    return value, error


def _ladder(difference, active, shape, steps):
    """Remove the powers of the step one after another (Neville's table), as long as it helps.

    Returns values and errors, a row for each item and a column for each output, and the items
    that could be better with smaller steps.
    """
    value, error = np.full(shape, np.nan), np.full(shape, np.inf)
    table, before, spread, ratio = [], None, None, steps[0] / steps[1]
    for step in steps:
        quotient, rounding = np.full((2, *shape), np.nan)
        quotient[active], rounding[active] = difference(active, step)
        row, last = [quotient], 0.0
        for k, old in enumerate(table, start=1):
            change = abs(row[-1] - old)
            spread = change if len(table) == 1 else spread
            # Where f has few digits, two values may agree by chance: then a second pair has to.
            bar = change + before + np.where(before > 1e-10 * spread, 0.03 * last, 0)
            # The old value has less rounding. Where the rounding shows, the new one is closer.
            closer = np.where(change <= 0.1 * before, old, row[-1])
            value = np.where(bar < error, closer, value)
            error = np.fmin(error, bar)
            row.append(row[-1] + (row[-1] - old) / (ratio ** (2 * k) - 1))
            last = change
        table, before = row, 2 * rounding
        active = active[~(error[active] <= 3 * rounding[active]).all(axis=1)]
        if active.size == 0:
            break
    return value, error, active
