"""Derivatives measured from the values of a function, each with an estimate of its error.

What the slopes by single entries give is held against f along a few lines. A measurement that
looked too far away shows there, and so does a function that is rounded inside.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.noise import (
    EPS,
    Survey,
    bends_sharply,
    hides_far_away,
    is_flat,
    is_steady,
    noise_far_away,
    slope_along,
    step_of_a_staircase,
    survey,
)
from mathutils.sample import Function
from mathutils.sentences import say
from mathutils.slopes import LOWER, Slopes, climb

LINES = (1e-5, 1e-3)  # lengths of lines, in the same units, along which f has to be as steep
FEW_DIGITS = 3.5e-11  # where rounding is more than this part of a slope, the steps may grow


def numerical_gradient(
    f: Callable, x: ArrayLike, return_error: bool = False
) -> NDArray | tuple[NDArray, NDArray]:
    """Measure the gradient of a scalar function.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number (shape ``()``)
    x : array of real numbers, of any shape; lists and integers are read as floats
    return_error : bool
        Also return the estimated error of each entry.

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
    return _result(measure(number_valued(f, x)), return_error)


def numerical_jacobian(
    f: Callable, x: ArrayLike, return_error: bool = False
) -> NDArray | tuple[NDArray, NDArray]:
    """Measure the derivative of a function between arrays of any shapes.

    Parameters
    ----------
    f : function of an array of the shape of `x`, returning a number or an array
    x : array of real numbers, of any shape; lists and integers are read as floats
    return_error : bool
        Also return the estimated error of each entry.

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
    return _result(measure(Function(f, x)), return_error)


def number_valued(f: Callable, x: ArrayLike) -> Function:
    """Return f around x, if f(x) is a single number."""
    function = Function(f, x)
    if function.value.size == 1 and function.outputs:
        raise ValueError(say("gradient-of-one-entry", shape=function.outputs))
    if function.outputs:
        raise ValueError(say("gradient-of-array", shape=function.outputs))
    return function


def _result(measured, return_error):
    if not np.isfinite(measured.error).all():
        raise ValueError(say("cannot-be-measured", trouble=measured.trouble))
    return (measured.derivative, measured.error) if return_error else measured.derivative


@dataclass(frozen=True)
class Measurement:
    """A measured derivative, an array of shape ``f(x).shape + x.shape``, and its error.

    Attributes
    ----------
    error : array of the same shape, infinite where nothing can be measured
    negligible : array of the same shape: a change of the derivative that is lost in f
    constant : array of bools: f did not change with this entry at all
    x : array, where it was measured, and `size` the scale of its entries
    trouble : str, what is in the way of measuring better, if anything is
    """

    derivative: NDArray
    error: NDArray
    negligible: NDArray
    constant: NDArray
    x: NDArray
    size: NDArray
    trouble: str


@np.errstate(all="ignore")
def measure(function: Function) -> Measurement:
    """Return the derivative of f at x, with its error."""
    close = survey(function)
    slopes = climb(function, close, np.arange(function.x.size))
    flatten(function, close, slopes)
    lines = lines_through(function, close)
    coarse = find_staircases(function, close, slopes, lines)
    torn = stay_local(function, close, slopes, lines, coarse)
    grow(function, close, slopes, coarse)
    slopes.error[slopes.kink] = np.inf
    slopes.error[:, np.isinf(close.slope_error) & ~close.constant & ~coarse] = np.inf
    steady = is_steady(function, close, slopes.home * close.size[:, None])
    slopes.error[:, steady] = (16 * close.noise / close.size[:, None])[:, steady]
    slopes.error[:, hides_far_away(function, close) & ~steady] = np.inf
    constant = ((slopes.change == 0) | steady) & np.isfinite(slopes.error)
    visible = np.where(slopes.moved, slopes.change / close.size[:, None], slopes.home)
    negligible = np.where(steady | constant.all(axis=0), np.inf, 1e-8 * visible)
    shape = function.outputs + function.inputs
    parts = (slopes.value, slopes.error, negligible, constant)
    parts = [part.T.reshape(shape) for part in parts]
    parts += [entries.reshape(function.inputs) for entries in (function.x, close.size)]
    trouble = say("f-is-torn") if torn else what_disturbs(function, close, slopes)
    return Measurement(*parts, trouble)


def flatten(function: Function, close: Survey, slopes: Slopes) -> None:
    """Take the slopes of an output for zero where it is flat close to x."""
    changes = slopes.home * close.size[:, None]
    jumps = close.constant & (changes != 0).any(axis=0)  # the lines met nothing, but the steps did
    close.noise[jumps] = np.max(changes, axis=0)[jumps]
    close.constant, close.flat = close.constant & ~jumps, close.flat | jumps
    flat = is_flat(function, close, changes)
    close.noise[flat] = EPS * abs(function.value[flat])
    close.slope[flat] = close.slope_error[flat] = 0
    for part in (slopes.value, slopes.change, slopes.kink, slopes.moved, slopes.home):
        part[:, flat] = 0
    slopes.error[:, flat] = (close.noise / close.size[:, None])[:, flat]


def what_disturbs(function: Function, close: Survey, slopes: Slopes) -> str:
    """Say in words what is in the way of a better measurement."""
    if not close.repeats:
        return say("f-is-random")
    if slopes.kink.any() or (np.isinf(slopes.error).any() and bends_sharply(function, close)):
        return say("f-has-a-kink")
    if not close.defined:
        return say("f-has-an-edge")
    noise = close.noise[function.value != 0] / abs(function.value[function.value != 0])
    digits = np.min(-np.log10(noise), initial=16)
    if digits < 11:
        return say("f-has-few-digits", count=int(np.clip(digits, 0, 11)))
    lost = close.noise / close.size[:, None] > 1e-6 * np.maximum(abs(slopes.value), slopes.home)
    if np.isfinite(slopes.error).all():
        return ""
    return say("f-hides-it") if lost.any() else say("f-is-rough")


def find_staircases(
    function: Function, close: Survey, slopes: Slopes, lines: list[tuple]
) -> NDArray:
    """Say which outputs f rounds off inside, and measure them again with that noise.

    One is suspected where the slopes differ from those along any line, or where the steps had to
    become small; a staircase shows in that it jumps. Where f bends as well, a line can miss the
    jumps, so that a few are tried.
    """
    doubt = ~agree(close, slopes, lines, shorter_only=False)
    doubt |= slopes.moved.any(axis=0)
    coarse = np.zeros(doubt.shape, bool)
    for output in np.flatnonzero(doubt & ~close.constant):
        moved = np.flatnonzero(slopes.moved[:, output])[:4, None]
        single = np.where(np.arange(close.size.size) == moved, close.size, 0)
        directions = [*close.directions, *single]
        jumps = (step_of_a_staircase(function, close, output, line) for line in directions)
        if jump := next(filter(None, jumps), 0):
            coarse[output], close.noise[output] = True, jump
    if coarse.any():
        every = np.arange(function.x.size)
        slopes.take(coarse, climb(function, close, every, restarts=1))
    return coarse


def stay_local(
    function: Function, close: Survey, slopes: Slopes, lines: list[tuple], coarse: NDArray
) -> bool:
    """Measure again with smaller steps what is not as steep as f along shorter lines.

    Return whether some outputs are torn: no steps agree with the lines, however small.
    """
    every, judged = np.arange(function.x.size), ~coarse & ~close.constant
    torn = ~agree(close, slopes, lines) & judged
    for restart in range(1, 6):
        if not torn.any():
            break
        slopes.take(torn, climb(function, close, every, LOWER**-restart))
        torn = ~agree(close, slopes, lines) & judged
    unknown = (np.isinf(slopes.error) & ~slopes.kink).any(axis=0)
    slopes.error[:, torn | unknown & judged] = np.inf
    return bool(torn.any()) and close.repeats and close.defined


def lines_through(function: Function, close: Survey) -> list[tuple]:
    """Return lengths of lines through x, and the slopes of f along them with their errors."""
    shortest = (0.0, close.slope, close.slope_error)
    return [shortest, *((length, *slope_along(function, close, length)) for length in LINES)]


def agree(close: Survey, slopes: Slopes, lines: list[tuple], shorter_only: bool = True) -> NDArray:
    """Say for each output whether its slopes are those of f along lines through x."""
    along, bar = close.direction @ slopes.value, abs(close.direction) @ slopes.error
    agreed = np.ones(along.shape, bool)
    for length, slope, error in lines:
        longer = length >= np.min(slopes.step, axis=0) / 4
        far_off = abs(along - slope) > 10 * (bar + error)
        agreed &= ~far_off | (longer & shorter_only)
    return agreed


def grow(function: Function, close: Survey, slopes: Slopes, coarse: NDArray) -> None:
    """Let steps grow beyond the size of an entry where f has too few digits for shorter ones.

    What they give is taken only where it lies inside the error of what was there, and a
    kink stays one.
    """
    for top in 16.0 ** np.arange(1, 6):
        rounding = close.noise / (top / 16 * close.size[:, None])
        lost = rounding > FEW_DIGITS * abs(slopes.value)
        lost &= np.isfinite(slopes.error) & (slopes.change > 0) & ~coarse & ~slopes.kink
        rows = np.flatnonzero(lost.any(axis=1))
        if rows.size == 0:
            break
        far = replace(close, noise=noise_far_away(function, close, rows, top))
        new = climb(function, far, rows, top, restarts=1)
        new.kink[:] = False  # what only longer steps see is not at x
        inside = abs(new.value - slopes.value[rows]) <= slopes.error[rows]
        inside &= np.isfinite(slopes.error[rows]) & (new.error < slopes.error[rows])
        inside &= ~slopes.kink[rows]
        slopes.take(inside, new, rows)
