"""A reader's function, tried at inputs: its values, or one sentence about what is in the way."""

import dis
import inspect
from collections.abc import Callable, Iterator
from copy import deepcopy
from numbers import Real
from types import CodeType

import numpy as np

from mathutils.sentences import say
from mathutils.trouble import what_is_wrong


def values(function: Callable, trials: list) -> list:
    """Return what a function makes of each input: a value, or the error that it raised.

    Parameters
    ----------
    function : of as many arguments as an input has
        It may change its arguments: they are copies.
    trials : list of tuples

    Examples
    --------
    >>> values(lambda x: 1 / x, [(2,), (0,)])
    [0.5, ZeroDivisionError('division by zero')]
    """
    found = []
    for inputs in trials:
        try:
            with np.errstate(all="ignore"):
                found.append(function(*deepcopy(inputs)))
        except SystemExit as error:  # it called exit()
            found.append(RuntimeError(repr(error)))
        except Exception as error:  # whatever a reader's function does, it is told in a sentence
            found.append(error)
    return found


def trouble(function: Callable, trials: list, found: list) -> str:
    """Return why a function could not be evaluated at all inputs, "" where it could.

    >>> f, trials = lambda x: x[2], [(np.ones(2),), (np.ones(3),)]
    >>> trouble(f, trials, values(f, trials))
    'the inputs have other sizes as well: here x (2,)'
    """
    bad = [k for k, value in enumerate(found) if isinstance(value, Exception)]
    if not bad:
        return ""
    error, inputs = found[bad[0]], trials[bad[0]]
    if isinstance(error, NameError):
        return say("name-unknown", name=getattr(error, "name", None) or str(error))
    outside = names_outside(function)
    if outside:
        return say("uses-outside", name=outside[0])
    if len(bad) < len(found):
        return say("other-sizes", shapes=shapes(function, inputs))
    return say("your-function-raised", problem=what_is_wrong(error, function, *inputs))


def names_outside(function: Callable) -> list:
    """Return the names of arrays and numbers that a function takes from outside itself.

    >>> A = np.eye(2)
    >>> names_outside(eval("lambda x: A @ x", {"A": A}))
    ['A']
    """
    code, around = getattr(function, "__code__", None), getattr(function, "__globals__", {})
    used = {name for name in _globals_of(code) if name in around} if code else set()
    return sorted(name for name in used if isinstance(around[name], np.ndarray | Real))


def _globals_of(code):
    for step in dis.get_instructions(code):
        if step.opname == "LOAD_GLOBAL" or step.opname == "LOAD_NAME":
            yield step.argval
        if isinstance(step.argval, CodeType):
            yield from _globals_of(step.argval)


def is_blank(function: Callable) -> bool:
    """Say whether a function that returns None computes nothing, as it stood in the chapter.

    >>> is_blank(lambda x: None), is_blank(lambda x: print(2 * x))
    (True, False)
    """
    code = getattr(function, "__code__", None)
    steps = dis.get_instructions(code) if code else []
    return not any(step.opname.startswith(("BINARY_OP", "CALL")) for step in steps)


def shapes(function: Callable, inputs: tuple) -> list:
    """Return the names of a function's arguments with their shapes, as texts.

    >>> shapes(lambda x, A: A @ x, (np.ones(2), np.eye(2)))
    ['x (2,)', 'A (2, 2)']
    """
    return [f"{name} {np.shape(x)}" for name, x in zip(names_of(function), inputs, strict=False)]


def names_of(function: Callable) -> list:
    """Return the names of a function's arguments, as whoever wrote it calls them.

    >>> names_of(lambda x, A: A @ x)
    ['x', 'A']
    """
    try:
        return list(inspect.signature(function).parameters)
    except ValueError:  # some functions of NumPy do not tell
        return ["x"]


def slips(function: Callable, inputs: tuple) -> Iterator:
    """Yield what NumPy does otherwise than mathematics, where a function relies on it.

    >>> list(slips(lambda X: X**-1, (np.eye(2),)))[0][:37]
    'a power, or one over a matrix, is tak'
    """
    told = {}
    watched = [_watch(x, told) for x in deepcopy(inputs)]
    try:
        with np.errstate(all="ignore"):
            function(*watched)
    except Exception:  # it does not like such an array
        return
    yield from told.values()


def _watch(x, told):
    if not isinstance(x, np.ndarray):
        return x
    x = x.view(_Watched)
    x.told = told
    return x


class _Watched(np.ndarray):
    """An array that tells of a turned vector in a product, and of powers of a matrix."""

    told, turned = None, False

    def __array_finalize__(self, other):
        self.told = getattr(other, "told", None)

    @property
    def T(self):
        new = np.ndarray.transpose(self)
        new.turned = self.ndim == 1
        return new

    def __matmul__(self, other):
        if self.ndim == 1 and getattr(other, "turned", False):
            self.told["turned"] = say("vector-turned")
        return super().__matmul__(other)

    def __pow__(self, power):
        if self.ndim == 2 and isinstance(power, Real) and power < 0:
            self.told["inverse"] = say("power-is-no-inverse")
        return super().__pow__(power)

    def __rtruediv__(self, other):
        if self.ndim == 2 and len(set(self.shape)) == 1 and isinstance(other, Real):
            self.told["inverse"] = say("power-is-no-inverse")
        return super().__rtruediv__(other)


def evidence(function: Callable, inputs: tuple, value: object, gap: float = np.inf) -> str:
    """Return the input that refuted a value, the value there, and how large the gap is.

    The gap is rounded, so that it does not tell the right value; without one, none is told.

    >>> print(evidence(lambda x: x, (np.array([0.5, -1.0]),), np.array([0.5, 2]), 0.27))
    at x = [0.5, -1]
    yours is [0.5, 2], off by about 0.3
    """
    pairs = zip(names_of(function), inputs, strict=False)
    told = [f"{name} = {_written(x)}" for name, x in pairs if not callable(x)]
    if not np.isfinite(gap):
        return say("evidence-value", inputs=told, value=_written(value))
    return say("evidence", inputs=told, value=_written(value), gap=f"{float(f'{gap:.1g}'):g}")


def _written(value):
    """Return an array as it can be typed, with four digits, or its shape where it is long."""
    array = np.asarray(value) + 0.0  # no -0
    if array.size > 16:
        return say("array-of-shape", shape=array.shape)
    text = np.array2string(
        array, separator=", ", max_line_width=10**6, formatter={"all": lambda x: f"{x:.4g}"}
    )
    return " ".join(text.split())
