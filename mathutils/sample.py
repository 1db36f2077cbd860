"""Values of f around a point: a function as rows of numbers in, rows of numbers out.

What a person writes as f may take a matrix and return one, raise an error outside its domain,
return the same array again and again, or forget its return. Everything that measures f sees it
through a `Function`, to which all of this is the same.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from mathutils.sentences import say
from mathutils.trouble import what_is_wrong

CHUNK = 2**16  # numbers in the points that are made at once, so that they stay in the cache


def real_array(values: ArrayLike, name: str) -> NDArray:
    """Return `values` as a new float64 array, or say in one sentence why that cannot be.

    Examples
    --------
    >>> real_array([1, 2, 3], "x")     # shape (3,)
    array([1., 2., 3.])
    """
    if values is None:
        raise TypeError(say("is-none", name=name))
    if isinstance(values, np.matrix):
        raise TypeError(say("is-matrix", name=name))
    try:
        array = np.array(values)
    except ValueError:
        tuple_of_shapes = isinstance(values, tuple) and all(np.ndim(v) < 2 for v in values[:1])
        if tuple_of_shapes and not isinstance(values[0], list | tuple):
            shapes = [np.shape(value) for value in values]
            raise TypeError(say("is-tuple", name=name, shapes=shapes)) from None
        raise TypeError(say("is-ragged", name=name)) from None
    if array.dtype.kind not in "biuf":
        raise TypeError(say("is-not-real", name=name, dtype=array.dtype))
    if array.size == 0:
        raise ValueError(say("is-empty", name=name, shape=array.shape))
    if not np.isfinite(array).all():
        raise ValueError(say("is-not-finite", name=name))
    return array.astype(float)


class Function:
    """f around x, from rows of numbers to rows of numbers: NaN where f is not defined.

    Attributes
    ----------
    x : array of shape (n,), the entries of the input in their order, and `inputs` its shape
    value : array of shape (m,), the entries of f(x), and `outputs` its shape
    """

    def __init__(self, f: Callable, x: ArrayLike) -> None:
        if not callable(f):
            raise TypeError(say("not-callable", kind=type(f).__name__))
        x = real_array(x, "x")
        self.f, self.inputs, self.x = f, x.shape, x.ravel()
        try:
            with np.errstate(all="ignore"):
                y = f(x.copy())
        except Exception as error:
            trouble = what_is_wrong(error, f, x)
            raise ValueError(say("f-fails-at-x", trouble=trouble)) from error
        y = real_array(y, "f(x)")
        self.outputs, self.value = y.shape, y.ravel()

    def __call__(self, points: NDArray) -> NDArray:
        """Return f at points of shape ``(k, n)``: an array of shape ``(k, m)``."""
        with np.errstate(all="ignore"):
            values = [self._one(point) for point in points.reshape(-1, *self.inputs)]
        try:
            array = np.array(values)
        except ValueError:  # of different shapes
            array = np.empty(0)
        if array.shape != (len(points), *self.outputs):
            odd = next(np.shape(y) for y in values if np.shape(y) != self.outputs)
            raise ValueError(say("f-changes-shape", shape=self.outputs, odd=odd))
        if array.dtype.kind not in "biuf":  # complex, say, where f leaves its domain
            array = np.where(np.isreal(array), array, np.nan).real
        array = array.reshape(len(points), -1).astype(float, copy=False)
        array[~np.isfinite(array)] = np.nan
        return array

    def _one(self, point):
        try:
            y = self.f(point)
            return y.copy() if isinstance(y, np.ndarray) else y  # f may return it again
        except Exception:  # whatever it is, f is not defined there
            return np.full(self.outputs, np.nan)

    def along(self, direction: NDArray, places: NDArray) -> NDArray:
        """Return f at x + t direction for each place t: an array of shape ``(k, m)``."""
        return self(self.x + np.multiply.outer(places, direction))

    def moved(self, entries: NDArray, steps: NDArray) -> NDArray:
        """Return f with entries of x moved by steps, a row of each for each point."""
        parts, rows = [np.empty((0, self.value.size))], max(1, CHUNK // self.x.size)
        for i in range(0, len(entries), rows):
            some = entries[i : i + rows]
            points = np.repeat(self.x[None], len(some), axis=0)
            row = np.arange(len(some)).reshape(-1, *[1] * (some.ndim - 1))
            points[row, some] += steps[i : i + rows]
            parts.append(self(points))
        return np.concatenate(parts)


def own_sizes(function: Function) -> NDArray:
    """Return the scale of each entry of x: its own size, for a zero that of a visible step.

    Sizes are taken from no other entry, so that they follow when the unit of one is changed.
    """
    size = abs(function.x)
    zeros = np.flatnonzero(size == 0)
    step, scale = np.ones(zeros.size), np.max(abs(function.value))
    for _ in range(8 if zeros.size else 0):
        change = np.max(abs(function.moved(zeros, step) - function.value), axis=1)
        scale = scale or np.nanmax(change, initial=0) or 1.0
        change = np.where(np.isnan(change), np.inf, change) / scale
        off = (change < 1e-3) | (change > 1)
        if not off.any():
            break
        step[off] *= np.clip(0.03 / np.maximum(change[off], 1e-6), 1e-4, 1e4)
    size[zeros] = np.where(change == 0, 1, step) if zeros.size else 1
    return size
