"""Values of f around a point: how rough they are, and how steep.

Before a derivative can be measured, one has to know how exactly f is computed, and whether it
is smooth at x at all. Nine values on a very short line tell both.

Source: the idea of measuring noise from a few close values is that of Moré and Wild (2011),
SIAM Journal on Scientific Computing 33, 1292-1314.
"""

from dataclasses import dataclass

import numpy as np

EPS = np.finfo(float).eps
CHUNK = 2**16  # numbers that go into a vectorized f at once, so that they stay in the cache


def real_array(values, name):
    """Return `values` as a new float64 array, or say in one sentence why that cannot be."""
    try:
        array = np.array(values)
    except ValueError:
        raise TypeError(f"{name} is not an array of numbers: its rows differ in length") from None
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} has dtype {array.dtype}, but real numbers are wanted")
    if array.size == 0:
        raise ValueError(f"{name} is empty (shape {array.shape}), but numbers are wanted")
    if not np.isfinite(array).all():
        raise ValueError(f"{name} has a NaN or infinite entry, but finite numbers are wanted")
    return array.astype(float)


def typical_size(x):
    """Return for each entry of x the larger of its own size and the root mean square of all."""
    return np.maximum(abs(x), np.sqrt(np.mean(x**2)) or 1.0)


def some_direction(x):
    """Return a random direction, an array of the shape of x and of its size."""
    sides = np.where(np.arange(x.size) % 2, -1, 1)
    weights = sides * np.random.default_rng(0).uniform(0.5, 1.5, x.size) / np.sqrt(x.size)
    return typical_size(x) * weights.reshape(x.shape)


class Function:
    """f around x: takes rows of points, returns rows of values, NaN where f is undefined."""

    def __init__(self, f, x, vectorized, scalar=False):
        if not callable(f):
            raise TypeError(f"f is a {type(f).__name__}, but a function is wanted")
        self.f, self.vectorized, self.x = f, vectorized, real_array(x, "x")
        self.size = typical_size(self.x).ravel()
        try:
            with np.errstate(all="ignore"):
                y = f(self.x[None].copy()) if vectorized else f(self.x.copy())
        except (ArithmeticError, np.linalg.LinAlgError) as error:
            raise ValueError(f"f cannot be evaluated at x: {error}") from error
        y = real_array(y, "f(x)")
        if vectorized and y.shape[:1] != (1,):
            raise ValueError(f"a vectorized f returned shape {y.shape} for a batch of one point")
        self.shape, self.value = y.shape[1:] if vectorized else y.shape, y.ravel()
        if scalar and self.shape != ():
            raise ValueError(
                f"f(x) has shape {self.shape}, but a gradient needs a single number, of shape (): "
                "numerical_jacobian takes outputs of any shape"
            )

    def __call__(self, points):
        """Return f at points of shape ``(k, x.size)``: an array of shape ``(k, f(x).size)``."""
        points = points.reshape(-1, *self.x.shape)
        with np.errstate(all="ignore"):
            values = self.f(points) if self.vectorized else list(map(self._one, points))
        try:
            array = np.asarray(values)
        except ValueError:  # values of several shapes
            array = np.empty(0)
        if array.shape != (len(points), *self.shape):
            shapes = [array.shape[1:]] if self.vectorized else map(np.shape, values)
            odd = next(shape for shape in shapes if shape != self.shape or self.vectorized)
            raise ValueError(f"f returned shape {self.shape} at x, but {odd} close to it")
        if array.dtype.kind not in "biuf":  # complex, say, where f leaves its domain
            array = np.where(np.isreal(array), array, np.nan).real
        array = array.reshape(len(points), -1).astype(float)
        array[~np.isfinite(array)] = np.nan
        return array

    def _one(self, point):
        try:
            return self.f(point)
        except (ArithmeticError, ValueError):  # out of the domain of f, as NaN is
            return np.full(self.shape, np.nan)

    def moved(self, entries, lengths):
        """Return f with some entries moved: `entries` and `lengths` have a row for each point."""
        rows = max(1, CHUNK // self.x.size)
        parts = []
        for i in range(0, len(entries), rows):
            some = slice(i, i + rows)
            points = np.repeat(self.x.reshape(1, -1), len(entries[some]), axis=0)
            np.add.at(points, (np.arange(len(points))[:, None], entries[some]), lengths[some])
            parts.append(self(points))
        return np.concatenate(parts)


# Places on the line. Were they equally far apart, rounding errors could hide in a pattern.
LINE = np.array([-4, -3.13, -1.71, -0.86, 0, 1.28, 2.23, 3.31, 4])
CUBIC = np.linalg.qr(np.vander(LINE, 4, increasing=True))[0]
CUBIC_SLOPE, LINE_SLOPE = (np.linalg.pinv(np.vander(LINE, k, increasing=True))[1] for k in (4, 3))


@dataclass
class Survey:
    """What f looks like close to x: one entry for each output, except for `direction`.

    `noise` is the rounding of f close to x, in units of f, and `eps` that of its values as a
    part of them; `slope` is that of t -> f(x + t direction), with its error, infinite where it
    could not be found; `trouble` says in words what is in the way.
    """

    direction: np.ndarray
    noise: np.ndarray
    eps: np.ndarray
    slope: np.ndarray
    slope_error: np.ndarray
    trouble: str


@np.errstate(all="ignore")
def survey(function):
    """Take nine values of f on a very short line through x: their noise, and the slope there.

    Where noise hides the slope, the line is made longer: noise stays as it is, and a kink grows
    with the line, so that no length is long enough and the slope's error is infinite.
    """
    value, direction = abs(function.value), some_direction(function.x).ravel()
    x = function.x.ravel()
    ends = function(np.array([x - direction, x + direction]))
    far = abs(ends - function.value)
    for spacing in 1e-10 * 30.0 ** np.arange(7):
        values = function(x + spacing * LINE[:, None] * direction)
        changes = values - function.value
        close = np.ptp(values, axis=0)
        reach = np.fmax.reduce([*far, close])
        rest = changes - CUBIC @ (CUBIC.T @ changes)
        noise = np.sqrt(np.sum(rest**2, axis=0) / 5) + EPS * value
        slope = CUBIC_SLOPE @ changes / spacing
        error = abs(slope - LINE_SLOPE @ changes / spacing) + noise / spacing
        steep = np.fmax(reach, close / spacing / 8)
        flat = (np.diff(values, axis=0) == 0).any(axis=0)
        constant = (reach <= 100 * EPS * value) | (close <= 4 * EPS * value) & (spacing > 1e-5)
        seen = (error <= 0.01 * steep) & ~flat | constant
        if seen.all():
            break
    drift = abs(changes[4])
    error[~seen | (drift > 1e4 * EPS * value)] = np.inf
    every = np.concatenate([values, ends])
    single = (every == every.astype(np.float32)).all(axis=0) & (close > 0)
    eps = np.where(single, np.finfo(np.float32).eps, EPS)
    noise = np.fmax.reduce([noise, drift, eps * value])
    return Survey(direction, noise, eps, slope, error, _trouble(values, drift))


def _trouble(values, drift):
    if drift.any():
        return "f is not deterministic: it gave two values at x"
    if not np.isfinite(values).all():
        return "f is undefined or infinite on one side of x, or close to it"
    slopes = np.diff(values, axis=0) / np.diff(LINE)[:, None]
    left, right = slopes[:4], slopes[4:]
    jump = abs(np.mean(right, axis=0) - np.mean(left, axis=0))
    if (jump > 10 * np.fmax(np.ptp(left, axis=0), np.ptp(right, axis=0))).any():
        return "f has a kink at x and is not differentiable there"
    return "f is too rough, too noisy or too coarse close to x"
