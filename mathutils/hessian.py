"""Second derivatives, measured from the values of f or of its gradient.

The second difference (f(x + h) - 2 f(x) + f(x - h)) / h² misses f'' by a h² + b h⁴ + … These
powers are taken away as in derivative.py. Rounding counts for more, since it is divided by h²: so
the steps are as large as they can be, and closer to each other.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.derivative import number_valued, numerical_jacobian
from mathutils.noise import ENDS, Survey, survey
from mathutils.sample import Function
from mathutils.sentences import say
from mathutils.slopes import Neville

STEPS = 1.6 ** -np.arange(12.0)
STRIDE = 8.0  # one such step is enough where f is of degree three
RESTARTS = 2.0 ** -np.array([0, 8, 16, 24, 32])  # where all steps were too large


def numerical_hessian(
    f: Callable | None,
    x: ArrayLike,
    gradient: Callable | None = None,
    return_error: bool = False,
) -> NDArray | tuple[NDArray, NDArray]:
    """Measure the second derivative of a scalar function.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number
    x : array of real numbers, of any shape
    gradient : function returning the gradient of f, in the shape of `x`
        With it the result is its Jacobian: faster, more accurate, and not forced to be
        symmetric. Without it, second differences of f, which assume continuous second partials:
        they are held against how f bends along one more line.
    return_error : bool
        Also return the estimated error of each entry.

    Returns
    -------
    hessian : array of shape ``x.shape + x.shape``
    error : array of the same shape, only with `return_error`

    Raises
    ------
    TypeError, ValueError
        As `numerical_gradient` does, and where f bends differently on the two sides of x.

    Examples
    --------
    >>> numerical_hessian(lambda p: p[0] * p[1] ** 2, [2, 3])      # shape (2, 2)
    array([[0., 6.],
           [6., 4.]])
    """
    if gradient is not None:
        return numerical_jacobian(gradient, x, return_error)
    function = number_valued(f, x)
    close = survey(function)
    bend, bend_error, two_sided = bend_along(function, close)
    if two_sided:
        raise ValueError(say("cannot-be-measured", trouble=say("f-bends-differently")))
    for size in (np.maximum(close.size, np.sqrt(np.mean(function.x**2))), close.size):
        hessian, error = second_differences(function, close, size)
        off = abs(close.direction @ hessian @ close.direction - bend)
        agrees = off <= 10 * (abs(close.direction) @ error @ abs(close.direction) + bend_error)
        if agrees and known(function, close, hessian, error):
            hessian, error = (matrix.reshape(function.inputs * 2) for matrix in (hessian, error))
            return (hessian, error) if return_error else hessian
    trouble = trouble_of(close) if agrees else say("f-bends-otherwise")
    raise ValueError(say("cannot-be-measured", trouble=trouble))


def known(function: Function, close: Survey, hessian: NDArray, error: NDArray) -> bool:
    """Say whether each entry is known to a tenth, or to a millionth of what f changes."""
    change = np.max(abs(function.along(close.direction, ENDS) - function.value))
    diagonal = np.sqrt(abs(np.diag(hessian)))
    enough = 0.1 * np.maximum(abs(hessian), np.outer(diagonal, diagonal))
    enough = np.fmax(enough, 1e-6 * change / np.outer(close.size, close.size))
    return bool((error <= enough).all())


def trouble_of(close: Survey) -> str:
    """Say in words why there is no second derivative."""
    if not close.repeats:
        return say("f-is-random")
    return say("f-is-rough") if close.defined else say("f-has-an-edge")


@np.errstate(all="ignore")
def bend_along(function: Function, close: Survey) -> tuple[float, float, bool]:
    """Return the second derivative of f along a line, its error, and whether the sides differ.

    From the values on the two sides of x the slope is taken away with half the step: what is
    left of their difference in the end is that of the two second derivatives.
    """
    table = sides = None
    value, error, differ = np.nan, np.inf, False
    for step in 0.5 ** np.arange(12):
        a, b, c, d = function.along(close.direction, step * ENDS)[:, 0]
        rounding = np.atleast_1d(8 * close.rounding(max(abs(a), abs(d))) / step**2)
        whole = np.atleast_1d((a - 2 * function.value[0] + d) / step**2)
        side = np.atleast_1d(((a - d) - 2 * (b - c)) * 4 / step**2)
        if table is None or np.isnan(table.value[0]):  # begin where f is defined
            table, sides = Neville(whole, power=2), Neville(side, power=1)
            continue
        table.add(whole, rounding)
        sides.add(side, 4 * rounding)
        if table.error[0] < error:
            value, error = float(table.value[0]), float(table.error[0])
            differ = bool(abs(sides.row[-1]) > 10 * (sides.move + 8 * rounding))
    return value, error, differ


@np.errstate(all="ignore")
def second_differences(
    function: Function, close: Survey, size: NDArray
) -> tuple[NDArray, NDArray]:
    """Return the matrix of second derivatives, with steps in units of size, and its errors."""
    n = function.x.size
    pairs = np.argwhere(np.triu(np.ones((n, n))))
    # On a line that goes farther than the steps a bend of degree four would show.
    line, every = 2 * STRIDE * close.direction / close.size * size, np.arange(n)[None]
    whole, rounding = second_difference(function, close, every, line[None])
    half, _ = second_difference(function, close, every, line[None] / 2)
    miss = abs(whole - 4 * half) + rounding
    if miss[0] <= 100 * rounding[0]:  # f is of degree three: one step is enough
        value, rounding = mixed_differences(function, close, size, pairs, STRIDE)
        error = 2 * rounding + miss / abs(np.prod(line[pairs], axis=1))
    else:
        value, error = climb(function, close, size, pairs)
    error[np.isnan(value)] = np.inf
    if np.isinf(close.slope_error).any() and not close.constant.all():
        error[:] = np.inf
    matrices = np.empty((2, n, n))
    for matrix, numbers in zip(matrices, (value, error), strict=True):
        matrix[*pairs.T] = matrix[*pairs.T[::-1]] = numbers
    return matrices


def second_difference(
    function: Function, close: Survey, entries: NDArray, steps: NDArray
) -> tuple[NDArray, NDArray]:
    """Return f(x + s) - 2 f(x) + f(x - s) for steps s by some entries, and its rounding."""
    both = function.moved(np.concatenate([entries] * 2), np.concatenate([steps, -steps]))[:, 0]
    after, before = both[: len(entries)], both[len(entries) :]
    rounding = close.rounding(np.maximum(abs(after), abs(before)))
    return after + before - 2 * function.value, rounding


def mixed_differences(
    function: Function, close: Survey, size: NDArray, pairs: NDArray, step: float
) -> tuple[NDArray, NDArray]:
    """Return the second derivatives by some pairs of entries, and their rounding."""
    involved, place = np.unique(pairs, return_inverse=True)
    i, j = place.reshape(pairs.shape).T
    h = step * size[involved]
    alone, alone_rounding = second_difference(function, close, involved[:, None], h[:, None])
    apart = i != j
    bent, rounding = 2 * alone[i], alone_rounding[i]
    both, both_rounding = second_difference(
        function, close, pairs[apart], step * size[pairs[apart]]
    )
    bent[apart] = both - alone[i[apart]] - alone[j[apart]]
    rounding[apart] = np.maximum(
        both_rounding, np.maximum(rounding[apart], alone_rounding[j[apart]])
    )
    area = h[i] * h[j]
    return bent / (2 * area), 2 * rounding / area


def climb(
    function: Function, close: Survey, size: NDArray, pairs: NDArray
) -> tuple[NDArray, NDArray]:
    """Return second derivatives by pairs of entries, extrapolated, and their errors."""
    value, error = np.full(len(pairs), np.nan), np.full(len(pairs), np.inf)
    left = np.arange(len(pairs))
    for top in RESTARTS:
        rows, table, last = left, None, np.full(len(pairs), np.nan)
        for step in top * STEPS:
            new, last[rows] = mixed_differences(function, close, size, pairs[rows], step)
            if table is None:
                table = Neville(new, power=2, ratio=STEPS[0] / STEPS[1])
                continue
            table.add(new, last[rows])
            better = table.error < error[rows]
            value[rows] = np.where(better, table.value, value[rows])
            error[rows] = np.where(better, table.error, error[rows])
            active = ~(table.error <= 8 * last[rows])
            rows = rows[active]
            if rows.size == 0:
                break
            table.keep(active)
        left = left[~(error[left] <= 2 * last[left] / RESTARTS[1])]
        if left.size == 0:
            break
    return value, error
