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


class Function:
    """f around x: takes rows of points, returns rows of values, NaN where f is undefined."""

    def __init__(self, f, x, vectorized, scalar=False):
        if not callable(f):
            raise TypeError(f"f is a {type(f).__name__}, but a function is wanted")
        self.f, self.vectorized, self.x = f, vectorized, real_array(x, "x")
        try:
            with np.errstate(all="ignore"):
                y = f(self.x[None].copy()) if vectorized else f(self.x.copy())
        except (ArithmeticError, np.linalg.LinAlgError) as error:
            raise ValueError(f"f cannot be evaluated at x: {error}") from error
        y = real_array(y, "f(x)")
        if vectorized and y.shape[:1] != (1,):
            raise ValueError(f"a vectorized f returned shape {y.shape} for a batch of one point")
        self.shape = y.shape[1:] if vectorized else y.shape
        if scalar and self.shape != ():
            raise ValueError(
                f"f(x) has shape {self.shape}, but a gradient needs a single number, of shape (): "
                "numerical_jacobian takes outputs of any shape"
            )
        self.value = y.ravel()
        self.size = typical_size(self.x).ravel()
        self.variation = np.zeros_like(self.value)

    def __call__(self, points):
        """Return f at some points, an array of shape ``(k, x.size)``: shape ``(k, f(x).size)``."""
        points = points.reshape(-1, *self.x.shape)
        with np.errstate(all="ignore"):
            values = self.f(points) if self.vectorized else list(map(self._one, points))
        try:
            values = np.asarray(values)
        except ValueError:  # values of several shapes
            self._refuse(next(y for y in map(np.shape, values) if y != self.shape))
        if values.shape != (len(points), *self.shape):
            self._refuse(values.shape[1:])
        if values.dtype.kind not in "biuf":  # complex, say, where f leaves its domain
            values = np.where(np.isreal(values), values, np.nan).real
        values = values.reshape(len(points), -1).astype(float)
        values[~np.isfinite(values)] = np.nan
        return values

    def _one(self, point):
        try:
            return self.f(point)
        except (ArithmeticError, ValueError):  # out of the domain of f, as NaN is
            return np.full(self.shape, np.nan)

    def _refuse(self, shape):
        raise ValueError(f"f returned shape {self.shape} at x, but {shape} close to it")

    def moved(self, entries, steps):
        """Return f with some entries moved: `entries` and `steps` have one row for each point."""
        rows = max(1, CHUNK // self.x.size)
        parts = []
        for i in range(0, len(entries), rows):
            some = slice(i, i + rows)
            points = np.repeat(self.x.reshape(1, -1), len(entries[some]), axis=0)
            which = np.arange(len(points))
            for column, step in zip(entries[some].T, steps[some].T, strict=True):
                points[which, column] += step
            parts.append(self(points))
        return np.concatenate(parts)


@dataclass
class Survey:
    """What f looks like close to x: one entry for each output, except for `direction`.

    `noise` is the rounding of f in units of f, and `share` as a part of the values of f; `slope`
    is that of t -> f(x + t direction), with its error, infinite where it could not be found;
    `trouble` says in words what is in the way.
    """

    noise: np.ndarray
    share: np.ndarray
    direction: np.ndarray
    slope: np.ndarray
    slope_error: np.ndarray
    trouble: str


def survey(function):
    """Take nine values of f on a very short line through x: their noise, and the slope there.

    Where noise hides the slope, the line is made longer: noise stays as it is, and a kink grows
    with the line, so that no length is long enough and the slope's error stays infinite.
    """
    n, x = function.x.size, function.x.ravel()
    direction = function.size * np.random.default_rng(0).uniform(0.5, 1.5, n) / np.sqrt(n)
    direction[1::2] *= -1
    steep = _steepness(function, direction)
    noise, slope = (np.zeros_like(function.value) for _ in range(2))
    slope_error = np.full_like(function.value, np.inf)
    for spacing in 1e-10 * 30.0 ** np.arange(7):
        values = function(x + spacing * LINE[:, None] * direction)
        flat = (np.diff(values, axis=0) == 0).any(axis=0) & (steep > 0)
        new = _line(values, spacing)
        seen = (new[2] <= 0.01 * steep) | (steep <= 100 * EPS * abs(function.value))
        now = np.isinf(slope_error) & ~flat & seen
        for old, found in zip([noise, slope, slope_error], new, strict=True):
            old[now] = found[now]
        if np.isfinite(slope_error).all():
            break
    slope_error[np.isinf(slope_error) & (np.ptp(values, axis=0) == 0)] = 0.0
    drift = abs(values[4] - function.value)
    slope_error[drift > 1e4 * EPS * abs(function.value)] = np.inf
    noise = np.maximum(noise, drift) + EPS * abs(function.value)
    share = np.fmax(EPS, noise / (abs(function.value) + steep + np.finfo(float).tiny))
    return Survey(noise, share, direction, slope, slope_error, _trouble(values, drift))


def _steepness(function, direction):
    """Return the slope of f on the way to a point as far from x as f is defined."""
    steep = np.full_like(function.value, np.nan)
    for distance in 0.5 / 8.0 ** np.arange(8):
        points = function.x.ravel() + np.array([[-distance], [distance]]) * direction
        far = abs(function(points) - function.value)
        steep = np.where(np.isnan(steep), np.fmax.reduce(far) / (2 * distance), steep)
        if np.isfinite(steep).all():
            break
    return steep


# Places on the line. Were they equally far apart, rounding errors could hide in a pattern.
LINE = np.array([-4, -3.13, -1.71, -0.86, 0, 1.28, 2.23, 3.31, 4])
CUBIC = np.linalg.qr(np.vander(LINE, 4, increasing=True))[0]
CUBIC_SLOPE, LINE_SLOPE = (np.linalg.pinv(np.vander(LINE, k, increasing=True))[1] for k in (4, 3))


def _line(values, spacing):
    """Return noise (what no cubic explains), slope and its error from nine values."""
    noise = np.sqrt(np.sum((values - CUBIC @ (CUBIC.T @ values)) ** 2, axis=0) / 5)
    slope = CUBIC_SLOPE @ values
    return noise, slope / spacing, (abs(slope - LINE_SLOPE @ values) + noise) / spacing


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
