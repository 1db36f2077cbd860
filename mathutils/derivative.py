"""Derivatives measured from the values of a function, each with an estimate of its error.

The central difference (f(x + h) - f(x - h)) / 2h misses the derivative by a h² + b h⁴ + …
Measured with smaller and smaller steps h, these powers can be taken away one after another
(Richardson's extrapolation), until only the rounding of f is left. Each entry has steps of its own
size: it keeps its sign, and what is measured does not depend on the units of x. Chapter 11 tells
the story.

Source: Ridders (1982), Advances in Engineering Software 4, 75-76.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.noise import (
    EPS,
    Survey,
    hides_far_away,
    slope_along,
    step_of_a_staircase,
    survey,
)
from mathutils.sample import Function
from mathutils.sentences import say

STEPS = 0.75 * 0.5 ** np.arange(7)  # in units of the size of an entry, so that it keeps its sign
LOWER = 64.0  # so much lower begin the next steps, where these do not settle: half of the last
LINES = (1e-5, 1e-3)  # lengths of lines, in the same units, along which f has to be as steep
FEW_DIGITS = 1.5e-11  # where rounding is more than this part of a slope, the steps may grow


def numerical_gradient(f: Callable, x: ArrayLike, return_error: bool = False):
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


def numerical_jacobian(f: Callable, x: ArrayLike, return_error: bool = False):
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
    trouble : str, what is in the way of measuring better
    """

    derivative: NDArray
    error: NDArray
    negligible: NDArray
    constant: NDArray
    x: NDArray
    size: NDArray
    trouble: str


@dataclass
class Slopes:
    """Slopes of f by single entries of x: in each array rows are entries, columns outputs.

    Attributes
    ----------
    value, error : the slopes, and how far off they may be: infinite where unknown
    step : the length of the step, in units of the entry's size
    change, bend : how much f changed with that step, and the difference of its two sides
    kink : whether the two sides have different slopes, however short the step
    home : how much f changes with the first step that was tried, over the length of that step
    moved : whether small steps gave something else than the first steps, or alone anything
    """

    value: NDArray
    error: NDArray
    step: NDArray
    change: NDArray
    bend: NDArray
    kink: NDArray
    home: NDArray
    moved: NDArray

    def take(self, where: NDArray, other: "Slopes", rows=slice(None)) -> None:
        """Take what is better in another measurement of these rows."""
        for field in fields(self):
            if field.name not in ("home", "moved"):
                mine = getattr(self, field.name)
                mine[rows] = np.where(where, getattr(other, field.name), mine[rows])


@np.errstate(all="ignore")
def measure(function: Function) -> Measurement:
    """Return the derivative of f at x, with its error."""
    close = survey(function)
    slopes = climb(function, close, np.arange(function.x.size))
    jumps = close.constant & (slopes.home != 0).any(axis=0)
    close.constant &= ~jumps
    close.noise[jumps] = np.max(slopes.home * close.size[:, None], axis=0)[jumps]
    lines = lines_through(function, close)
    coarse = find_staircases(function, close, slopes, lines)
    stay_local(function, close, slopes, lines, coarse)
    grow(function, close, slopes, coarse)
    slopes.error[slopes.kink] = np.inf
    slopes.error[:, np.isinf(close.slope_error) & ~close.constant & ~coarse] = np.inf
    constant = (slopes.change == 0) & ~hides_far_away(function, close)
    negligible = 1e-8 * slopes.change / close.size[:, None]
    shape = function.outputs + function.inputs
    parts = (slopes.value, slopes.error, negligible, constant)
    parts = [part.T.reshape(shape) for part in parts]
    parts += [entries.reshape(function.inputs) for entries in (function.x, close.size)]
    return Measurement(*parts, what_disturbs(function, close, slopes))


def what_disturbs(function: Function, close: Survey, slopes: Slopes) -> str:
    """Say in words what is in the way of a better measurement."""
    if not close.repeats:
        return say("f-is-random")
    if slopes.kink.any():
        return say("f-has-a-kink")
    if not close.defined:
        return say("f-has-an-edge")
    noise = close.noise[function.value != 0] / abs(function.value[function.value != 0])
    digits = np.min(-np.log10(noise), initial=16)
    if digits < 11:
        return say("f-has-few-digits", count=int(np.clip(digits, 0, 11)))
    lost = close.noise / close.size[:, None] > 1e-6 * np.maximum(abs(slopes.value), slopes.home)
    if np.isfinite(slopes.error).all() or (lost & ~close.constant).any():
        return say("f-hides-it")
    return say("f-is-rough")


def central_difference(function: Function, close: Survey, entries: NDArray, step: NDArray):
    """Return the slopes by some entries, the differences of their sides, rounding and change.

    A step is given in units of the entry's size. Each result has a row for each entry.
    """
    x, h = function.x[entries], step * close.size[entries]
    both = function.moved(np.concatenate([entries, entries]), np.concatenate([h, -h]))
    after, before = both[: len(entries)], both[len(entries) :]
    width = ((x + h) - (x - h))[:, None]
    change = np.maximum(abs(after - function.value), abs(before - function.value))
    rounding = close.rounding(after) + close.rounding(before) + 2 * EPS * change
    bend = after - 2 * function.value + before
    return (after - before) / width, bend / width, rounding / width, change


def climb(function: Function, close: Survey, entries: NDArray, top=1.0, restarts=6) -> Slopes:
    """Measure the slopes by some entries, with steps that begin at `top` of the usual ones."""
    if close.quadratic:
        return one_step(function, close, entries, top * STEPS[0])
    best, unsettled = richardson(function, close, entries, top * STEPS)
    first, first_error = best.value.copy(), best.error.copy()
    for lower in LOWER ** -np.arange(1, restarts):
        rows = np.flatnonzero(unsettled)
        if rows.size == 0:
            break
        new, unsettled[rows] = richardson(function, close, entries[rows], lower * top * STEPS)
        best.take(new.error < best.error[rows], new, rows)
    best.moved = ~((best.step >= STEPS[-1]) | (abs(best.value - first) <= 10 * first_error))
    best.moved |= np.isinf(first_error)
    vague = best.error > np.maximum(0.1 * abs(best.value), 1e-6 * best.home)
    best.error[vague & (best.change > 0)] = np.inf
    return widen(best, close.size[entries, None])


def one_step(function: Function, close: Survey, entries: NDArray, step: float) -> Slopes:
    """Measure slopes with one central difference, which is exact where f is of degree two."""
    slope, bend, rounding, change = central_difference(function, close, entries, step)
    error, kink = np.where(np.isnan(slope), np.inf, 2 * rounding), np.zeros(slope.shape, bool)
    home = change / close.size[entries, None] / step
    best = Slopes(slope, error, np.full(slope.shape, step), change, bend, kink, home, kink)
    return widen(best, close.size[entries, None])


def widen(slopes: Slopes, size: NDArray) -> Slopes:
    """Let the errors allow for the rounding of x itself, which changes each slope a little.

    By how much depends on the second derivatives. Those of pairs of entries are taken for as
    large as those of single entries allow, |∂²f/∂x∂y|² <= |∂²f/∂x²| |∂²f/∂y²|.
    """
    bend = abs(slopes.bend) * size / slopes.step
    slopes.error += 2 * EPS * np.sqrt(bend * np.nansum(bend, axis=0)) / size
    slopes.error[np.isnan(slopes.error)] = np.inf
    return slopes


def richardson(function: Function, close: Survey, entries: NDArray, steps: NDArray):
    """Remove the powers of the step one after another: from slopes, and from their two sides.

    The slope has even powers of the step, the difference of the two sides odd ones: what is left
    of it in the end is a kink. An error is what the last step changed, a small part of what the
    one before did, and the rounding.

    Returns
    -------
    slopes : Slopes
    unsettled : array of bools, the entries for which much smaller steps could be better
    """
    shape, rows = (len(entries), function.value.size), np.arange(len(entries))
    best = Slopes(*np.full((5, *shape), np.nan), np.zeros(shape, bool), None, None)
    best.error[:] = np.inf
    last, slopes = np.full(shape, np.nan), None
    for step in steps:
        slope, bend, last[rows], change = central_difference(function, close, entries[rows], step)
        if slopes is None:
            best.home = change / close.size[entries, None] / step
            slopes, bends = Neville(slope, power=2), Neville(bend, power=1)
            continue
        slopes.add(slope, last[rows])
        bends.add(bend, last[rows])
        kink = abs(bends.row[-1]) > 10 * (bends.move + 2 * last[rows])
        full = np.full(slope.shape, step)
        new = Slopes(slopes.value, slopes.error, full, change, bend, kink, None, None)
        best.take(new.error < best.error[rows], new, rows)
        active = ~(slopes.error <= 8 * last[rows]).all(axis=1)
        if not active.any():
            break
        rows = rows[active]
        slopes.keep(active)
        bends.keep(active)
    return best, ~(best.error <= 2 * LOWER * last).all(axis=1)


class Neville:
    """A table whose rows are measured with smaller and smaller steps.

    Each column removes one more power of the step: `power`, `power` + 2, `power` + 4, …

    Attributes
    ----------
    row : list of arrays, the last row of the table; its last entry is the best value
    move : array, by how much that differs from the last entry of the row before
    value, error : arrays, the best value with the least rounding, and how far off it may be

    Examples
    --------
    >>> table = Neville(np.array([1.25]), power=2)                  # 1 + h² at h = 1/2
    >>> table.add(np.array([1.0625]), rounding=np.array([0.0]))     # and at h = 1/4
    >>> table.row
    [array([1.0625]), array([1.])]
    """

    def __init__(self, first: NDArray, power: int, ratio: float = 2.0) -> None:
        self.power, self.ratio = power, ratio
        self.row, self.value, self.move = [first], first, np.full(first.shape, np.inf)

    def add(self, new: NDArray, rounding: NDArray) -> None:
        """Add a row that begins with what the next smaller step gave."""
        old, before, self.row = self.row, self.move, [new]
        for k, one in enumerate(old):
            change = (self.row[-1] - one) / (self.ratio ** (self.power + 2 * k) - 1)
            self.row.append(self.row[-1] + change)
        best = self.row[-1]
        self.move = abs(best - old[-1])
        # Where the new value only confirms the one before, that one has less rounding.
        self.value = np.where(abs(best - self.value) <= 2 * rounding, self.value, best)
        settles = (self.move <= 0.5 * before) | (self.move <= 4 * rounding)
        off = self.move + abs(best - self.value) + 0.001 * before + 2 * rounding
        self.error = np.where(settles, off, np.inf)

    def keep(self, active: NDArray) -> None:
        """Go on with some of the items."""
        self.row = [part[active] for part in self.row]
        self.value, self.move = self.value[active], self.move[active]


def find_staircases(
    function: Function, close: Survey, slopes: Slopes, lines: list[tuple]
) -> NDArray:
    """Say which outputs f rounds off inside, and measure them again with that noise.

    One is suspected where the slopes differ from those along any line, or where the steps had to
    become small; a staircase shows in that it jumps.
    """
    doubt = ~agree(close, slopes, lines, shorter_only=False)
    doubt |= slopes.moved.any(axis=0)
    coarse = np.zeros(doubt.shape, bool)
    for output in np.flatnonzero(doubt & ~close.constant):
        jump = step_of_a_staircase(function, close, output)
        if jump:
            coarse[output], close.noise[output] = True, jump
    if coarse.any():
        every = np.arange(function.x.size)
        slopes.take(coarse, climb(function, close, every, restarts=1))
    return coarse


def stay_local(
    function: Function, close: Survey, slopes: Slopes, lines: list[tuple], coarse: NDArray
) -> None:
    """Measure again with smaller steps what is not as steep as f along shorter lines."""
    every = np.arange(function.x.size)
    for restart in range(1, 6):
        astray = ~agree(close, slopes, lines) & ~coarse & ~close.constant
        if not astray.any():
            break
        slopes.take(astray, climb(function, close, every, LOWER**-restart))
    unknown = (np.isinf(slopes.error) & ~slopes.kink).any(axis=0)
    unknown |= ~agree(close, slopes, lines)
    slopes.error[:, unknown & ~coarse & ~close.constant] = np.inf


def lines_through(function: Function, close: Survey) -> list[tuple]:
    """Return lengths of lines through x, and the slopes of f along them with their errors."""
    shortest = (0.0, close.slope, close.slope_error)
    return [shortest, *((length, *slope_along(function, close, length)) for length in LINES)]


def agree(close: Survey, slopes: Slopes, lines: list[tuple], shorter_only=True) -> NDArray:
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

    What they give is taken only where it lies inside the error of what was there.
    """
    for top in 16.0 ** np.arange(1, 6):
        rounding = close.noise / (top / 16 * close.size[:, None])
        lost = rounding > FEW_DIGITS * abs(slopes.value)
        lost &= np.isfinite(slopes.error) & (slopes.change > 0) & ~coarse
        rows = np.flatnonzero(lost.any(axis=1))
        if rows.size == 0:
            break
        new = climb(function, close, rows, top, restarts=1)
        inside = abs(new.value - slopes.value[rows]) <= slopes.error[rows]
        slopes.take(inside & (new.error < slopes.error[rows]), new, rows)
