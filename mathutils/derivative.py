"""Derivatives measured from the values of a function, by central differences.

The slope between x - h and x + h differs from the derivative by a multiple of h**2.
Measured again with 2h, that multiple is known and can be taken away, and what the two
slopes disagree by tells how far to trust the result. Chapter 11 explains the step size.
"""

import numpy as np

EPS = np.finfo(float).eps
# Relative to the size of x: balances the truncation h**4 against the rounding eps / h.
STEP = EPS ** (1 / 5)


def numerical_gradient(f, x, return_error=False):
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
    >>> numerical_gradient(lambda p: p[0] * p[1], [2, 3]).round(6)    # shape (2,)
    array([3., 2.])
    """
    x = real_array(x, "x")
    shape = _value(f, x).shape
    if shape != ():
        raise ValueError(
            f"f(x) has shape {shape}, but a gradient needs a single number, of shape (): "
            "numerical_jacobian takes outputs of any shape"
        )
    return numerical_jacobian(f, x, return_error)


def numerical_jacobian(f, x, return_error=False):
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
        Where `x` or ``f(x)`` is not made of real numbers.
    ValueError
        Where `x` is empty, where a number is NaN or infinite, where f changes its shape,
        or where f is not smooth at `x`.

    Source: Nocedal and Wright, Numerical Optimization (2006), section 8.1.

    Examples
    --------
    >>> A = np.array([[1, 2, 3], [4, 5, 6]])
    >>> numerical_jacobian(lambda x: A @ x, np.ones(3)).round(6)      # shape (2, 3)
    array([[1., 2., 3.],
           [4., 5., 6.]])
    """
    jacobian, error = measure(f, x)
    if not np.isfinite(error).all():
        raise ValueError(
            "f has a kink, a jump, noise or no finite value close to x, but a derivative "
            "is measured only where f is smooth on both sides"
        )
    return (jacobian, error) if return_error else jacobian


@np.errstate(all="ignore")  # f may be stepped out of its domain: its NaN is answer enough
def measure(f, x):
    """Return the measured derivative and its error, infinite where f is not smooth near x."""
    x = real_array(x, "x")
    y = _value(f, x)
    size = np.sqrt(np.mean(x**2)) or 1.0
    jacobian, error, noise = (np.empty(y.shape + x.shape) for _ in range(3))
    for entry in np.ndindex(x.shape):
        h = STEP * max(abs(x[entry]), size)
        before2, before, after, after2 = (
            _nearby(f, x, entry, steps * h, y.shape) for steps in (-2, -1, 1, 2)
        )
        near, far = (after - before) / (2 * h), (after2 - before2) / (4 * h)
        second = abs(after2 - 2 * y + before2)
        # Far below the second difference where f is smooth, as large as it at a kink.
        fourth = abs(after2 - 4 * after + 6 * y - 4 * before + before2)
        rounding = EPS * np.max(np.abs([before2, before, y, after, after2]), axis=0)
        smooth = (fourth <= 0.9 * second) | (fourth <= 1e5 * rounding)
        at = (..., *entry)
        jacobian[at] = (4 * near - far) / 3
        error[at] = np.where(smooth, abs(far - near) + rounding / h, np.inf)
        noise[at] = fourth / (2 * h)
    inputs = tuple(range(y.ndim, noise.ndim))
    return jacobian, error + noise.max(axis=inputs, keepdims=True)


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


def _value(f, x):
    if not callable(f):
        raise TypeError(f"f is a {type(f).__name__}, but a function is wanted")
    return real_array(f(x.copy()), "f(x)")  # a copy, in case f changes its argument


def _nearby(f, x, entry, step, shape):
    moved = x.copy()
    moved[entry] += step
    y = np.asarray(f(moved))
    if y.shape != shape:
        raise ValueError(f"f returned shape {shape} at x, but {y.shape} close to it")
    return y.astype(float) if y.dtype.kind in "biuf" else np.full(shape, np.nan)
