"""Slopes of f by single entries of x: central differences and Richardson's extrapolation.

The central difference (f(x + h) - f(x - h)) / 2h misses the derivative by a h² + b h⁴ + …
Measured with smaller and smaller steps h, these powers can be taken away one after another, until
only the rounding of f is left. Each entry has steps of its own size: it keeps its sign, and what
is measured does not depend on the units of x. Chapter 13 tells the story.

Source: Ridders (1982), Advances in Engineering Software 4, 75-76.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mathutils.noise import EPS, HOME, Survey
from mathutils.sample import Function

RATIO = 1.7  # of a step to the next: rounding grows less than with 2, and few more are needed
STEPS = HOME * RATIO ** -np.arange(8.0)  # in units of an entry's size
POWERS = np.array([2, 1]).reshape(2, 1, 1)  # of the step: in slopes even ones, in bends all
TINY = np.finfo(float).tiny
LOWER = 64.0  # so much lower begin the next steps, where these do not settle: below the last


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
    home: NDArray | None = None
    moved: NDArray | None = None

    def take(self, where: NDArray, other: "Slopes", rows: NDArray | slice = slice(None)) -> None:
        """Take what is better in another measurement of these rows."""
        for name in ("value", "error", "step", "change", "bend", "kink"):
            mine = getattr(self, name)
            mine[rows] = np.where(where, getattr(other, name), mine[rows])


def central_difference(
    function: Function, close: Survey, entries: NDArray, step: float
) -> tuple[NDArray, NDArray, NDArray, NDArray]:
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


def climb(
    function: Function, close: Survey, entries: NDArray, top: float = 1.0, restarts: int = 6
) -> Slopes:
    """Measure the slopes by some entries, with steps that begin at `top` of the usual ones."""
    if close.quadratic and top <= 1:  # how f is farther away the lines do not tell
        return one_step(function, close, entries, top * HOME)
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
    size = close.size[entries, None]
    # Known to less than a tenth, though a millionth of how f changes farther away would be less.
    vague = best.error > np.maximum(0.1 * abs(best.value), 1e-6 * best.home)
    visible = best.home * size * top * STEPS[0] > 8 * close.noise
    best.error[vague & visible] = np.inf
    return widen(best, size)


def one_step(function: Function, close: Survey, entries: NDArray, step: float) -> Slopes:
    """Measure slopes with one central difference, which is exact where f is of degree two."""
    slope, bend, rounding, change = central_difference(function, close, entries, step)
    size, kink = close.size[entries, None], np.zeros(slope.shape, bool)
    error = 2 * rounding + close.bend / (step * size)
    error, home = np.where(np.isnan(slope), np.inf, error), change / size / step
    best = Slopes(slope, error, np.full(slope.shape, step), change, bend, kink, home, kink)
    return widen(best, size)


def widen(slopes: Slopes, size: NDArray) -> Slopes:
    """Let the errors allow for the rounding of x itself, which changes each slope a little.

    By how much depends on the second derivatives. Those of pairs of entries are taken for as
    large as those of single entries allow, |∂²f/∂x∂y|² <= |∂²f/∂x²| |∂²f/∂y²|.
    """
    root = np.sqrt(abs(slopes.bend)) * np.sqrt(size / slopes.step)
    largest = np.nanmax(root, axis=0, initial=TINY)  # whose square may overflow
    length = largest * np.sqrt(np.nansum((root / largest) ** 2, axis=0))
    slopes.error += 2 * EPS * root * (length / size)
    slopes.error[np.isnan(slopes.error)] = np.inf
    return slopes


def richardson(
    function: Function, close: Survey, entries: NDArray, steps: NDArray
) -> tuple[Slopes, NDArray]:
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
    best = Slopes(*np.full((5, *shape), np.nan), np.zeros(shape, bool))
    best.error[:] = np.inf
    last, table = np.full(shape, np.nan), None
    for step in steps:
        slope, bend, rounding, change = central_difference(function, close, entries[rows], step)
        last[rows] = rounding
        if table is None:
            best.home = change / close.size[entries, None] / step
            table = Neville(np.stack([slope, bend]), POWERS, RATIO)
            continue
        table.add(np.stack([slope, bend]), rounding)
        kink = abs(table.row[-1][1]) > 10 * (table.move[1] + 2 * rounding)
        new = Slopes(table.value[0], table.error[0], step + 0 * slope, change, bend, kink)
        best.take(new.error < best.error[rows], new, rows)
        active = ~(new.error <= 8 * rounding).all(axis=1)  # what is left is rounding
        if not active.any():
            break
        if not active.all():
            rows = rows[active]
            table.keep(np.s_[:, active])
    return best, ~(best.error <= 2 * LOWER * last).all(axis=1)


class Neville:
    """A table whose rows are measured with smaller and smaller steps.

    Each column removes one more power of the step: `power`, `power` + 2, `power` + 4, …
    A power may be an array, one for each part of what is measured.

    Attributes
    ----------
    row : list of arrays, the last row of the table; its last entry is the best value
    move : array, by how much that differs from the last entry of the row before
    value, error : arrays, that value without some of its rounding, and how far off it may be

    Examples
    --------
    >>> table = Neville(np.array([1.25]), power=2)                  # 1 + h² at h = 1/2
    >>> table.add(np.array([1.0625]), rounding=np.array([0.0]))     # and at h = 1/4
    >>> table.row
    [array([1.0625]), array([1.])]
    """

    def __init__(self, first: NDArray, power: int | NDArray, ratio: float = 2.0) -> None:
        self.power, self.ratio = power, ratio
        self.row, self.value, self.move = [first], first, np.full(first.shape, np.inf)

    def add(self, new: NDArray, rounding: NDArray) -> None:
        """Add a row that begins with what the next smaller step gave."""
        old, before, self.row = self.row, self.move, [new]
        begins = np.isnan(old[-1])  # f was not defined there
        for k, one in enumerate(old):
            change = (self.row[-1] - one) / (self.ratio ** (self.power + 2 * k) - 1)
            self.row.append(self.row[-1] + np.where(begins, 0, change))
        best = self.row[-1]
        self.move = np.where(begins, np.inf, abs(best - old[-1]))
        # Truncation can change the value by no more than it did before. The rest is rounding, and
        # grows from step to step: the value follows by the share in which truncation prevails.
        change = best - self.value
        truncation = np.minimum(abs(change), before) + TINY
        share = 1 / (1 + (rounding / truncation) ** 2)
        self.value = np.where(begins, best, self.value + share * change)
        settles = (self.move <= 0.5 * before) | (self.move <= 4 * rounding)
        off = self.move + abs(best - self.value) + 0.001 * before + 2 * rounding
        self.error = np.where(settles, off, np.inf)

    def keep(self, active: NDArray | tuple) -> None:
        """Go on with the items at an index."""
        self.row = [part[active] for part in self.row]
        self.value, self.move = self.value[active], self.move[active]
