"""How exact the values of f are around a point, and on what scale f is smooth.

f is looked at on lines through x: very short ones, on which nothing but rounding is left, and
ones on which every entry of x moves by a part of its own size.

Source: the idea of measuring noise from a few close values is that of Moré and Wild (2011),
SIAM Journal on Scientific Computing 33, 1292-1314.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mathutils.sample import Function, own_sizes

EPS = np.finfo(float).eps
HOME = 0.75  # the longest step, in units of an entry's size: the entry keeps its sign

# Places on a short line. Were they equally far apart, rounding errors could hide in a pattern.
LINE = np.array([-4, -3.13, -1.71, -0.86, 0, 1.28, 2.23, 3.31, 4])
CUBIC = np.linalg.qr(np.vander(LINE, 4, increasing=True))[0]
CUBIC_SLOPE, PARABOLA_SLOPE = (
    np.linalg.pinv(np.vander(LINE, k, increasing=True))[1] for k in (4, 3)
)
ENDS = np.array([1, 0.5, -0.5, -1])  # places on a long one


@dataclass
class Survey:
    """What f looks like around x: `size` and `directions` by entry, all else by output.

    Attributes
    ----------
    size : array, the scale of each entry of x
    directions : two arrays, those of the lines: each entry moves by a part of its size
    noise : array, the rounding of f close to x, in units of f
    digit : array, the last binary digit that f's values use, as a part of them
    slope, slope_error : arrays, those of t -> f(x + t direction) at 0 on the shortest line
    constant : array of bools, where no value of f was different
    flat : array of bools, where no value close to x was different, but others were
    bend : array, by how much f differs from a parabola as far as the entries' own sizes
    quadratic : bool, whether f is of degree two as far as the entries' own sizes
    repeats : bool, whether f gives the same value at x again
    defined : bool, whether f is defined on both sides of x
    """

    size: NDArray
    directions: NDArray
    noise: NDArray
    digit: NDArray
    slope: NDArray
    slope_error: NDArray
    constant: NDArray
    flat: NDArray
    bend: NDArray
    quadratic: bool
    repeats: bool
    defined: bool

    @property
    def direction(self) -> NDArray:
        return self.directions[0]

    def rounding(self, values: NDArray) -> NDArray:
        """Return the rounding of values of f, NaN where they are."""
        return np.maximum(self.noise, self.digit * abs(values))


@np.errstate(all="ignore")
def survey(function: Function) -> Survey:
    """Look at f on lines through x: how rough it is, how many digits it has, whether it bends."""
    size, value = own_sizes(function), function.value
    rng = np.random.default_rng(0)
    signs, parts = rng.choice([-1, 1], (2, size.size)), rng.uniform(0.65, HOME, (2, size.size))
    directions = size * signs * parts
    ends = np.array([function.along(direction, ENDS) for direction in directions])
    close, noise, slope, slope_error, flat = _shortest_line(function, directions[0])
    near, far = np.ptp(close, axis=0), np.max(abs(ends - value), axis=(0, 1))
    constant = (near == 0) & (far == 0)
    digit = np.where(far == 0, EPS, last_digit(ends.reshape(-1, value.size)))
    noise = np.where((near == 0) & ~constant, np.fmax(far, 0), noise)
    drift = abs(close[4] - value)
    noise = np.maximum(np.fmax(noise, drift), digit * abs(value))
    slope_error[drift > 1e4 * EPS * abs(value)] = np.inf  # f does not repeat its values
    rounding = np.maximum(noise, digit * np.max(abs(ends), axis=(0, 1)))
    bend = _bend(ends, value)
    return Survey(
        *(size, directions, noise, digit, slope, slope_error, constant, flat & ~constant, bend),
        quadratic=bool((bend <= 50 * rounding).all()),  # sixteen roundings, thrice
        repeats=not drift.any(),
        defined=bool(np.isfinite(close).all()),
    )


def _shortest_line(function, direction):
    """Lengthen a very short line until the change of f rises above its noise.

    Return f on the last one, and by output the noise, the slope with its error, and whether
    nothing changed on the first. The error is infinite where no line is long enough, but for an
    f that is flat at x, as t⁴ is, where the first one is.
    """
    lines, left, still = [], np.full(function.value.size, True), None
    noise, slope, error = np.full((3, function.value.size), np.nan)
    for spacing in 1e-10 * 40.0 ** np.arange(6):
        values = function.along(direction, spacing * LINE)
        lines.append(_fit(values - function.value, spacing, EPS * abs(function.value) / 4))
        still = (values == function.value).all(axis=0) if still is None else still
        for kept, new in zip((noise, slope, error), lines[-1], strict=True):
            kept[left] = new[left]
        stairs = (values[1:] == values[:-1]).any(axis=0)
        left &= ~(np.ptp(values, axis=0) > 100 * noise) | stairs
        if not left.any():
            break
    flat = left & ~stairs & (lines[-1][2] > 10 * lines[0][2])
    for kept, first in zip((noise, slope, error), lines[0], strict=True):
        kept[flat] = first[flat]
    error[left & ~flat] = np.inf
    return values, noise, slope, error, still


def _fit(changes, spacing, least):
    """Return the noise of the values on a short line, their slope, and its error."""
    rest = changes - CUBIC @ (CUBIC.T @ changes)
    largest = np.max(abs(rest), axis=0) + np.finfo(float).tiny  # whose square may be too large
    noise = largest * np.sqrt(np.sum((rest / largest) ** 2, axis=0) / 5)
    slope, other = CUBIC_SLOPE @ changes / spacing, PARABOLA_SLOPE @ changes / spacing
    return noise, slope, abs(slope - other) + np.maximum(noise, least) / spacing


def last_digit(values: NDArray) -> NDArray:
    """Return the relative size of the last binary digit that any of the values uses, by column.

    It is 2.2e-16 for numbers in double precision, 1.2e-7 for numbers that went through single.

    Examples
    --------
    >>> last_digit(np.float32([[0.1], [0.7]]))      # shape (1,)
    array([1.1920929e-07])
    """
    mantissa = np.frexp(np.where(np.isfinite(values), values, 0))[0]
    digits = (mantissa * 2**53).astype(np.int64)
    lowest = np.where(digits == 0, 2**53, digits & -digits).min(axis=0)
    return EPS * np.where(lowest == 2**53, 1, lowest)


def _bend(ends, value):
    """Return by how much the values on the long lines differ from those of a parabola."""
    a, b, c, d = ends.transpose(1, 0, 2)
    odd, even = a - d - 2 * (b - c), a + d - 4 * (b + c) + 6 * value
    return np.max(np.maximum(abs(odd), abs(even)), axis=0)


def bends_sharply(function: Function, close: Survey) -> bool:
    """Say whether some output has a kink along a line: with half the length, half the bend."""
    lengths = 1e-5 * np.array([1, 0.5, 0.25])
    values = function.along(close.direction, np.concatenate([lengths, -lengths]))
    bends = abs(values[:3] + values[3:] - 2 * function.value)
    halved = (abs(bends[:-1] - 2 * bends[1:]) < 0.05 * bends[:-1]).all(axis=0)
    visible = bends[-1] > 100 * close.digit * np.max(abs(values), axis=0)
    return bool((halved & visible).any())


def slope_along(function: Function, close: Survey, length: float) -> tuple[NDArray, NDArray]:
    """Return the slope of f at x along the direction of the survey, and its error, by output."""
    values = function.along(close.direction, length * ENDS)
    short, long = (values[1] - values[2]) / length, (values[0] - values[3]) / (2 * length)
    rounding = 4 * close.rounding(np.max(abs(values), axis=0)) / length
    return short + (short - long) / 3, 0.1 * abs(short - long) + rounding


def noise_far_away(function: Function, close: Survey, entries: NDArray, top: float) -> NDArray:
    """Return the noise of f where steps of some entries go that are `top` times as long.

    Where x is rounded inside f, as in ``np.sum(np.round(x, 2) ** 2)``, it grows with the slope,
    and the two ends of a step, which are rounded alike, do not show it.
    """
    coarse = close.noise > 100 * EPS * abs(function.value)
    if not coarse.any():
        return close.noise
    line = np.zeros(close.size.shape)
    line[entries] = top * close.direction[entries]
    values = function.along(line, 1 + 0.005 * LINE)
    noise = _fit(values - values[4], 0.005, 0)[0]
    return np.where(coarse, np.maximum(close.noise, noise), close.noise)


def is_flat(function: Function, close: Survey, changes: NDArray) -> NDArray:
    """Say which outputs are truly flat close to x: farther away they change, but not by stairs.

    Even the rounding of 1e12 + x makes stairs, of one unit in the last place. `changes` are those
    that were seen when single entries moved, a row for each.
    """
    flat = close.flat.copy()
    for output in np.flatnonzero(flat):
        steps = HOME * np.diag(close.size)[[np.argmax(changes[:, output])]]
        lines = np.concatenate([line * ENDS[:, None] for line in (*close.directions, *steps)])
        values = function(function.x + lines)[:, output]
        moved = np.isfinite(values) & (values != function.value[output])
        line = lines[np.argmax(moved)]
        flat[output] = moved.any() and not step_of_a_staircase(function, close, output, line, 0)
    return flat


def hides_far_away(function: Function, close: Survey) -> NDArray:
    """Say which outputs seem constant only because they are rounded: of 1e17 + x, say.

    Far away their first change is a few units in the last place, of double or shorter numbers, or
    they take many values that are all short decimals. A step function takes two or three.
    """
    hidden = np.zeros(close.constant.shape, bool)
    for output in np.flatnonzero(close.constant):
        values = function.along(close.direction, 4.0 ** np.arange(1, 13))[:, output]
        values = values[np.isfinite(values)]
        changes = abs(values - function.value[output])
        if changes.any():
            first, digit = changes[changes > 0][0], last_digit(values[:, None])[0]
            hidden[output] = first <= 16 * digit * abs(function.value[output]) and digit < 2**-7
            values = values[abs(values) < 1e8]
            decimals = (np.round(values, 6) == values).all()
            hidden[output] |= decimals and np.unique(values).size > 3
    return hidden


def is_steady(function: Function, close: Survey, changes: NDArray) -> NDArray:
    """Say which outputs change by nothing but rounding, however far x moves: a sum of shares, say.

    What is hidden in the rounding would rise above it gradually, so a step far away is allowed.
    `changes` are those that were seen close to x, a row for each entry.
    """
    rounding = 8 * np.maximum(close.noise, EPS * abs(function.value))
    steady = (np.max(changes, axis=0) <= rounding) & ~close.flat
    steady &= rounding <= 1e-10 * abs(function.value)
    if steady.any():
        far = abs(function.along(close.direction, 1.3 ** np.arange(1, 43)) - function.value)
        first = np.min(far, axis=0, where=far > 4 * rounding, initial=np.inf)
        step_far_away = (first > 1e6 * rounding) & ~close.constant
        steady &= (np.isinf(first) | step_far_away) & (close.digit < 1e-12)
    return steady


def step_of_a_staircase(
    function: Function, close: Survey, output: int, direction: NDArray, least: float = 100
) -> float:
    """Return the size of a jump of f near x, if it is more than so many roundings, and else 0.

    Rounding inside f makes a staircase of it. From far away it looks smooth and close to x it may
    look smooth, too. So a piece of the line is halved again and again, always towards the larger
    change: of a smooth function nothing but noise is left in the end, of a staircase one step.
    """
    slope = 0 if close.flat[output] else np.nan_to_num(close.slope[output])
    for length in (1e-6, 1e-4, 1e-2, 0.2, 1.0):
        far = function.along(direction, np.array([-length, length]))[:, output]
        if (far == function.value[output]).all():
            continue
        length = length if far[1] != function.value[output] else -length
        jump, before, height = _last_changes(function, direction, output, slope, length)
        rounding = max(close.noise[output], EPS * height)
        if jump > least * rounding and 0.5 < jump / before < 2:
            return float(jump)
    return 0.0


def _last_changes(function, direction, output, slope, length):
    """Return the change on the last piece, on one eight times as long, and how large f is."""

    def rest(t):
        return function.along(direction, np.array([t]))[0, output] - slope * t

    a, b, changes = np.copysign(1e-13, length), length, []
    at_a, at_b = rest(a), rest(b)
    while abs(b - a) > 1e-13:
        middle = (a + b) / 2
        at_middle = rest(middle)
        if abs(at_middle - at_a) < abs(at_b - at_middle):
            a, at_a = middle, at_middle
        else:
            b, at_b = middle, at_middle
        changes.append(abs(at_b - at_a))
    return changes[-1], changes[-4], abs(at_b) + abs(slope * b)
