"""Derivatives measured from the values of a function, each with an estimate of its error.

The central difference (f(x + h) - f(x - h)) / 2h misses the derivative by a h² + b h⁴ + …
Measured with a ladder of steps h, these powers can be taken away one after another, until only
the rounding of f is left. That rounding is measured too. Chapter 11 tells the story.

Sources: Ridders (1982), Advances in Engineering Software 4, 75-76, for the ladder;
Moré and Wild (2011), SIAM Journal on Scientific Computing 33, 1292-1314, for the noise.
"""

from dataclasses import dataclass

import numpy as np

EPS = np.finfo(float).eps
RATIO = 2.0  # from one step of the ladder to the next
LEVELS = 10  # of a ladder
STARTS = 2.0 ** -np.array([1, 9, 17, 25, 33])  # first steps, in units of the size of x
CHUNK = 2**16  # numbers that go into a vectorized f at once, so that they stay in the cache
MARGIN = 30  # an error beyond this many estimates has not been met in a million measurements


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
    function = _Function(f, x, vectorized, scalar=True)
    survey = _survey(function)
    first, second = np.triu_indices(function.x.size)
    pairs = np.stack([first, second], axis=1)
    parts = []
    for values in _climb(function, survey, pairs, _curvatures):
        whole = np.empty((function.x.size,) * 2)
        whole[first, second] = whole[second, first] = values[:, 0]
        parts.append(whole.reshape(function.x.shape * 2))
    return _result(*parts, survey.trouble, return_error)


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
    function = _Function(f, x, vectorized, scalar)
    survey = _survey(function)
    entries = np.arange(function.x.size)[:, None]
    values, error = _climb(function, survey, entries, _slopes)
    reach = function.variation / function.size[:, None]
    error = error + EPS * reach
    constant = np.broadcast_to(function.variation <= 8 * survey.noise, values.shape)
    shape = function.shape + function.x.shape
    parts = (part.T.reshape(shape) for part in (values, error, 1e-8 * reach, constant))
    return Measurement(*parts, survey.trouble)


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


def _result(derivative, error, trouble, return_error):
    if not np.isfinite(error).all():
        raise ValueError(f"no derivative can be measured at x: {trouble}")
    return (derivative, error) if return_error else derivative


class _Function:
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
        self.size = np.maximum(abs(self.x), np.sqrt(np.mean(self.x**2))).ravel()
        self.size[self.size == 0] = 1.0
        self.variation = np.zeros_like(self.value)

    def __call__(self, points):
        points = points.reshape(-1, *self.x.shape)
        with np.errstate(all="ignore"):
            if self.vectorized:
                return self._real(self.f(points), (len(points), *self.shape)).reshape(
                    len(points), -1
                )
            return np.array([self._one(point) for point in points])

    def _one(self, point):
        try:
            y = self.f(point)
        except (ArithmeticError, ValueError):  # out of the domain of f, as NaN is
            return np.full(self.value.size, np.nan)
        return self._real(y, self.shape).ravel()

    def _real(self, y, shape):
        y = np.asarray(y)
        if y.shape != shape:
            raise ValueError(f"f returned shape {shape} at x, but {y.shape} close to it")
        return y.astype(float) if y.dtype.kind in "biuf" else np.full(shape, np.nan)

    def moved(self, entries, steps):
        """Return f with some entries moved: `entries` and `steps` have one row for each point."""
        rows = max(1, CHUNK // self.x.size)
        parts = []
        for i in range(0, len(entries), rows):
            points = np.tile(self.x.ravel(), (len(entries[i : i + rows]), 1))
            which = np.arange(len(points))[:, None]
            np.add.at(points, (which, entries[i : i + rows]), steps[i : i + rows])
            parts.append(self(points))
        return np.concatenate(parts)


@dataclass
class _Survey:
    noise: np.ndarray
    direction: np.ndarray
    slope: np.ndarray
    slope_error: np.ndarray
    trouble: str


def _survey(function):
    """Take nine values of f on a very short line through x: their noise, and the slope there.

    Where noise hides the slope, the line is made longer: noise stays as it is, and a kink grows
    with the line, so that no length is long enough and the slope's error stays infinite.
    """
    n, x = function.x.size, function.x.ravel()
    direction = function.size * np.random.default_rng(0).uniform(0.5, 1.5, n) / np.sqrt(n)
    direction[1::2] *= -1
    far = function(x + np.array([[-0.5], [0.5]]) * direction) - function.value
    reach = np.fmax.reduce(abs(far))  # how much f changes on the way to another x
    noise, slope = (np.zeros_like(function.value) for _ in range(2))
    slope_error = np.full_like(function.value, np.inf)
    for spacing in 1e-10 * 30.0 ** np.arange(7):
        values = function(x + spacing * LINE[:, None] * direction)
        flat = (np.diff(values, axis=0) == 0).any(axis=0) & (reach > 0)
        new = _line(values, spacing)
        seen = (new[2] <= 0.01 * reach) | (reach <= 100 * EPS * abs(function.value))
        now = np.isinf(slope_error) & ~flat & seen
        for old, found in zip([noise, slope, slope_error], new, strict=True):
            old[now] = found[now]
        if np.isfinite(slope_error).all():
            break
    drift = abs(values[4] - function.value)
    slope_error[drift > 1e4 * EPS * abs(function.value)] = np.inf
    noise = np.maximum(noise, drift) + EPS * abs(function.value)
    return _Survey(noise, direction, slope, slope_error, _trouble(values, drift))


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
    """Return the second differences by pairs of entries, and how much of them is rounding."""
    steps = t * function.size[pairs]
    signs = np.array([[1, 1], [-1, -1], [1, -1], [-1, 1]])
    values = [function.moved(pairs, sign * steps) for sign in signs]
    area = 4 * steps.prod(axis=1, keepdims=True)
    rounding = noise + EPS * np.fmax.reduce(np.abs(values))
    return (values[0] + values[1] - values[2] - values[3]) / area, 4 * rounding / area


def _climb(function, survey, items, difference):
    """Go down ladders of steps until the difference of each item has settled.

    Returns values and errors, a row for each item and a column for each output.
    """
    shape = len(items), function.value.size
    value, error, settled = np.full(shape, np.nan), np.full(shape, np.inf), np.zeros(shape, bool)
    for start in STARTS:
        pending = np.flatnonzero(~settled.all(axis=1))
        if pending.size == 0:
            break
        new = _ladder(lambda i, t: difference(function, survey.noise, i, t), items[pending], start)
        better = new[1] < error[pending]
        for old, found in zip([value, error, settled], new, strict=True):
            old[pending] = np.where(better, found, old[pending])
        if items.shape[1] == 1 and not _is_local(value, error, survey):
            error[:], settled[:] = np.inf, False
    error[:, np.isinf(survey.slope_error)] = np.inf
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
            change, floor = abs(row[j] - old), AMPLIFIED[j] * before
            better = change + floor < e
            v, e = np.where(better, old, v), np.where(better, change + floor, e)
            s |= better & (change <= floor)
            row.append(row[j] + (row[j] - old) / (RATIO ** (2 * j + 2) - 1))
        s |= rounding >= e
        value[active], error[active], settled[active] = v, e, s
        left = ~s.all(axis=1)
        active, before = active[left], rounding[left]
        table = [column[left] for column in row]
        if active.size == 0:
            break
    return value, error, settled


# How much each column of the table enlarges the rounding of its first.
AMPLIFIED = np.cumprod([1.0] + [1 + 2 / (RATIO ** (2 * j) - 1) for j in range(1, LEVELS)])


def _is_local(value, error, survey):
    """Say whether what was measured with large steps agrees with the slope close to x."""
    predicted = survey.direction @ value
    bar = abs(survey.direction) @ error + survey.slope_error
    return not (abs(predicted - survey.slope) > MARGIN * bar).any()
