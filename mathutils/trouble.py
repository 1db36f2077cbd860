"""What an error in a reader's function means, in one sentence."""

import inspect
import re
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from mathutils.sentences import say


def what_is_wrong(error: Exception, function: Callable, *inputs: NDArray) -> str:
    """Return what to tell somebody whose function of these inputs raised an error.

    Examples
    --------
    >>> A = np.ones((2, 3))
    >>> what_is_wrong(ValueError("core dimension"), lambda x: A @ x, np.ones(2))
    'the shapes in (2, 3) @ (2,) do not fit: 3 ≠ 2'
    """
    if isinstance(error, TypeError):
        try:
            inspect.signature(function).bind(*inputs)
        except (TypeError, ValueError):
            parameters = _parameters(function)
            if len(inputs) == 1:
                return say("other-arguments", parameters=parameters)
            return say("other-count", parameters=parameters, count=len(inputs))
        if "can be converted to Python scalars" in str(error):
            return say("math-takes-numbers")
        if "bitwise_xor" in str(error) or " for ^: " in str(error):
            return say("power-is-two-stars")
    if isinstance(error, ValueError) and "core dimension" in str(error):
        try:
            function(*map(_watch, inputs))
        except _Misfit as misfit:
            return str(misfit)
        except Exception:  # it fails in another way with such an array
            pass
        sizes = re.search(r"size (\d+) is different from (\d+)", str(error))
        if sizes:
            return say("sizes-misfit", inner=sizes[2], outer=sizes[1])
    if isinstance(error, ValueError) and "not have enough dimensions" in str(error):
        return say("number-in-product")
    first_line = str(error).partition("\n")[0].strip()
    return f"{type(error).__name__}: {first_line}" if first_line else type(error).__name__


def _parameters(function):
    try:
        return list(inspect.signature(function).parameters) or ["()"]
    except (TypeError, ValueError):
        return ["…"]


def _watch(x):
    return x.copy().view(_Watched) if isinstance(x, np.ndarray) else x


class _Misfit(Exception):
    """Two shapes that cannot be multiplied."""


class _Watched(np.ndarray):
    """An array that says which shapes do not fit when it is multiplied."""

    def __array_ufunc__(self, ufunc, method, *inputs, out=None, **options):
        arrays = [np.asarray(one) for one in inputs]
        if ufunc is np.matmul and all(a.ndim for a in arrays):
            (left, right), second = arrays, max(0, arrays[1].ndim - 2)
            if left.shape[-1] != right.shape[second]:
                sizes = {"inner": left.shape[-1], "outer": right.shape[second]}
                raise _Misfit(say("shapes-misfit", left=left.shape, right=right.shape, **sizes))
        result = getattr(ufunc, method)(*arrays, **options)
        return result.view(_Watched) if isinstance(result, np.ndarray) else result
