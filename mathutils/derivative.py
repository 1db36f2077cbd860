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

RATIO = 2.0  # from one step of the ladder to the next
LEVELS = 10  # of a ladder
STARTS = 2.0 ** -np.array([-1, 7, 15, 23, 31])  # first steps, in units of the size of x
# How much each column of Neville's table enlarges the rounding of its first.
AMPLIFIED = np.cumprod([1.0] + [1 + 2 / (RATIO ** (2 * j) - 1) for j in range(1, LEVELS)])
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
    first, second = np.triu_indices(function.x.size)
    pairs = np.stack([first, second], axis=1)
    parts = []
    for values in _climb(function, close, pairs, _curvatures):
        whole = np.empty((function.x.size,) * 2)
        whole[first, second] = whole[second, first] = values[:, 0]
        parts.append(whole.reshape(function.x.shape * 2))
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
    entries = np.arange(function.x.size)[:, None]
    values, error = _climb(function, close, entries, _slopes)
    reach = function.variation / function.size[:, None]
    error = error + EPS * reach
    constant = np.broadcast_to(function.variation <= 8 * close.noise, values.shape)
    shape = function.shape + function.x.shape
    parts = (part.T.reshape(shape) for part in (values, error, 1e-8 * reach, constant))
    return Measurement(*parts, close.trouble)


def _result(derivative, error, trouble, return_error):
    if not np.isfinite(error).all():
        raise ValueError(f"no derivative can be measured at x: {trouble}")
    return (derivative, error) if return_error else derivative


def _slopes(function, noise, entries, t):
    """Return the central differences by single entries, and how much of them is rounding."""
    steps = t * function.size[entries]
    at = function.x.ravel()[entries]
    both = function.moved(np.concatenate([entries] * 2), np.concatenate([steps, -steps]))
    after, before = np.split(both, 2)
    width = (at + steps) - (at - steps)
    change = np.fmax.reduce(abs(both - function.value), axis=0)
    function.variation = np.fmax(function.variation, change)
    rounding = noise + EPS * np.fmax(abs(after), abs(before))
    return (after - before) / width, 2 * rounding / width


def _curvatures(function, noise, pairs, t):
    """Return the second differences by pairs of entries, and how much of them is rounding.

    With F(a, b) for f at x, entry i moved by a and entry j by b, the difference is
    F(h, h) + F(-h, -h) - F(h, 0) - F(-h, 0) - F(0, h) - F(0, -h) + 2 F(0, 0).
    """
    single, place = np.unique(pairs, return_inverse=True)
    place = place.reshape(pairs.shape)
    both = (
        function.moved(pairs, t * function.size[pairs])
        + function.moved(pairs, -t * function.size[pairs])
        - 2 * function.value
    )
    step = t * function.size[single][:, None]
    alone = (
        function.moved(single[:, None], step)
        + function.moved(single[:, None], -step)
        - 2 * function.value
    )
    area = step[place[:, 0]] * step[place[:, 1]]
    rounding = noise + EPS * np.fmax(abs(both), abs(alone).max())
    return (both - alone[place[:, 0]] - alone[place[:, 1]]) / (2 * area), 2 * rounding / area


def _climb(function, close, items, difference):
    """Go down ladders of steps until the difference of each item has settled.

    Returns values and errors, a row for each item and a column for each output.
    """
    shape = len(items), function.value.size
    value, error, settled = np.full(shape, np.nan), np.full(shape, np.inf), np.zeros(shape, bool)
    for start in STARTS:
        pending = np.flatnonzero(~settled.all(axis=1))
        if pending.size == 0:
            break
        new = _ladder(lambda i, t: difference(function, close.noise, i, t), items[pending], start)
        better = new[1] < error[pending]
        for old, found in zip([value, error, settled], new, strict=True):
            old[pending] = np.where(better, found, old[pending])
        if items.shape[1] == 1 and not _is_local(value, error, close):
            error[:], settled[:] = np.inf, False
    error[:, np.isinf(close.slope_error)] = np.inf
    return value, error


def _ladder(difference, items, start):
    """Remove the powers of the step one after another (Neville's table), as long as it helps."""
    active, table, before = np.arange(len(items)), [], None
    for level in range(LEVELS):
        quotient, rounding = difference(items[active], start * RATIO**-level)
        if level == 0:
            value, error = np.full_like(quotient, np.nan), np.full_like(quotient, np.inf)
            settled = np.zeros(quotient.shape, dtype=bool)
        row = [quotient]
        v, e, s = value[active], error[active], settled[active]
        for j, old in enumerate(table):
            change = row[j] - old
            row.append(row[j] + change / (RATIO ** (2 * j + 2) - 1))
            if j < level - 3:  # the last columns are the good ones
                continue
            change, floor = abs(change), AMPLIFIED[j] * before
            better = change + floor < e
            # The old value has less rounding. Where the rounding shows, the new one is closer.
            best = np.where(change <= 0.1 * floor, old, row[j])
            v, e = np.where(better, best, v), np.where(better, change + floor, e)
            s |= better & (change <= 2 * floor * RATIO**j)
        s |= rounding >= e
        value[active], error[active], settled[active] = v, e, s
        left = ~s.all(axis=1)
        active, before = active[left], rounding[left]
        table = [column[left] for column in row]
        if active.size == 0:
            break
    return value, error, settled


def _is_local(value, error, close):
    """Say whether what was measured with large steps agrees with the slope close to x."""
    predicted = close.direction @ value
    bar = abs(close.direction) @ error + close.slope_error
    return not (abs(predicted - close.slope) > MARGIN * bar).any()
