"""Letters instead of arrays: NumPy computes with them, and they write down what it does.

NumPy hands every operation to them, by its own protocols ``__array_ufunc__`` and
``__array_function__``. The result is a letter again, which knows its formula, its value, and what
it was computed from. Constants get the names that they have in the code.
"""

import dis
import inspect
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from math import prod
from types import FrameType

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin
from numpy.typing import ArrayLike

from mathutils.letters import algebra
from mathutils.letters.algebra import NoFormula
from mathutils.sentences import say

# From an operation to how its result is written (MATRICES are those of at most two axes), and to
# what it is rewritten as; operations.py fills them.
WRITTEN, MATRICES, REWRITTEN = {}, {}, {}


class Letter(NDArrayOperatorsMixin):
    """An array with a name: what NumPy does to it is noted down, as a formula and as a number.

    `expression` is its formula, `value` the array itself. `source` is what it came from, an
    operation with its arguments and options, if it depends on the letter that moves.
    """

    __array_priority__ = 1000
    unnamed = False
    __hash__ = object.__hash__

    def __init__(self, expression, value, source=None, moves=False):
        self.expression, self.value, self.source = expression, np.asarray(value), source
        self.moves = moves or source is not None

    shape = property(lambda self: self.value.shape)
    ndim = property(lambda self: self.value.ndim)
    size = property(lambda self: self.value.size)
    dtype = property(lambda self: self.value.dtype)
    T = property(lambda self: apply(np.transpose, self))
    mT = T

    def __array_ufunc__(self, ufunc, method, *inputs, **options):
        options.pop("out", None)
        if method == "__call__":
            return apply(ufunc, *inputs, **options)
        if method == "reduce" and ufunc in REDUCED:
            return REDUCED[ufunc](*inputs, **{"axis": 0} | options)
        raise NoFormula(say("no-rule", name=f"{ufunc.__name__}.{method}"))

    def __array_function__(self, function, types, args, options):
        return apply(function, *args, **options)

    def __getattr__(self, name):
        if name.startswith("__"):  # NumPy must not find the numbers behind a letter
            raise AttributeError(name)
        if self.moves:
            raise NoFormula(say("no-rule", name=name))
        return getattr(self.value, name)

    def __getitem__(self, index):
        taken = index if isinstance(index, tuple) else (index,)
        if any(isinstance(part, Letter) and part.moves for part in taken):
            raise NoFormula(say("letter-as-index"))
        taken = tuple(_as_index(x) if isinstance(x, Letter) else x for x in taken)
        kept = tuple(part for part in taken if part is not None)
        if len(kept) < len(taken):
            part = self[kept] if kept else self
            return np.reshape(part, self.value[taken].shape)
        return apply("getitem", self, index=taken)

    def __iter__(self):
        if not self.ndim:
            raise TypeError(say("number-unpacked"))
        if self.expression.kind == "letter" and self.ndim == 1:
            Names.unpacked(self, sys._getframe(1))
        return iter([self[i] for i in range(len(self))])

    def __len__(self):
        return len(self.value)

    def __bool__(self):
        if self.moves:
            raise NoFormula(say("branch"))
        return bool(self.value)

    def __float__(self):
        if self.moves:
            raise NoFormula(say("letter-as-number"))
        return float(self.value)

    def __int__(self):
        return int(float(self))

    __index__ = __int__

    def __array__(self, dtype=None, copy=None):
        if self.moves:
            raise NoFormula(say("letters-in-array"))
        return np.array(self.value, dtype=dtype)

    def __setitem__(self, index, new):
        raise NoFormula(say("letters-in-array"))

    def reshape(self, *shape: int | tuple, **options: object) -> "Letter":
        """As for arrays: row by row."""
        return np.reshape(self, shape[0] if len(shape) == 1 else shape, **options)

    def item(self, *place: int) -> "Letter":
        """As for arrays: the only entry, or that of a number in the list of all."""
        return self.ravel()[place] if place else np.reshape(self, ())

    def astype(self, dtype: object) -> "Letter":
        """Letters have one dtype only."""
        return self


def _as_index(x):
    return x.value if x.dtype == bool else x.value.astype(int)


def _method(function):
    def method(self: Letter, *args: object, **options: object) -> object:
        """As for arrays."""
        return apply(function, self, *args, **options)

    return method


METHODS = [np.sum, np.mean, np.prod, np.max, np.min, np.var, np.std, np.trace, np.diagonal]
for _function in [*METHODS, np.squeeze, np.dot, np.transpose, np.ravel, np.copy]:
    setattr(Letter, _function.__name__, _method(_function))
Letter.flatten = Letter.ravel

REDUCED = {  # what a method such as np.add.reduce is
    np.add: np.sum,
    np.multiply: np.prod,
    np.maximum: np.max,
    np.minimum: np.min,
    np.logaddexp: lambda a, **over: np.log(np.sum(np.exp(a - np.max(a)), **over)) + np.max(a),
}


def matrix_shape(shape: tuple) -> tuple:
    """Return the shape as a matrix: a number is 1 × 1, all but a matrix a column."""
    return shape if len(shape) == 2 else (prod(shape), 1)


def apply(function: Callable | str, *args: object, **options: object) -> object:
    """Apply an operation of NumPy to letters, by its own rule or by way of others."""
    if function in REWRITTEN:
        _check_call(REWRITTEN[function], function, args, options)
        return REWRITTEN[function](*args, **options)
    if function in WRITTEN:
        _check_call(partial(WRITTEN[function], None), function, args, options)
        return noted(function, *args, **options)
    if any(letter.moves for letter in _letters([*args, *options.values()])):
        raise NoFormula(say("no-rule", name=getattr(function, "__name__", function)))
    options = {name: _value(x) for name, x in options.items()}
    return known(function(*map(_value, args), **options))


def _check_call(rule, function, args, options):
    """Raise where a rule does not know these arguments."""
    try:
        inspect.signature(rule).bind(*args, **options)
    except TypeError:
        raise NoFormula(say("no-rule", name=call(function, *args, **options))) from None


def _letters(parts):
    """Yield the letters among arguments, and in lists of them."""
    for part in parts:
        if isinstance(part, Letter):
            yield part
        elif isinstance(part, (list, tuple)):
            yield from _letters(part)


def _value(x):
    """Return what stands behind a letter, or behind those of a list."""
    if isinstance(x, (list, tuple)):
        return type(x)(map(_value, x))
    return x.value if isinstance(x, Letter) else x


def call(function: Callable, *args: object, **options: object) -> str:
    """Return how an operation is called, without its arrays, such as ``sum(…, axis=0)``."""
    shown = [*(("", x) for x in args), *((f"{name}=", x) for name, x in options.items())]
    plain = (int, float, str, tuple)
    inside = [before + (str(x) if isinstance(x, plain) else "…") for before, x in shown]
    return f"{function.__name__}({', '.join(inside)})"


def noted(function: Callable | str, *args: object, **options: object) -> "Letter":
    """Return the result of an operation as a new letter, which remembers where it is from."""
    options = {name: x for name, x in options.items() if x is not None}
    args = tuple(map(known, args))
    with np.errstate(all="ignore"):
        result = _computed(function, [x.value for x in args], options)
    if function in MATRICES and max(np.ndim(x) for x in (result, *args)) > 2:
        raise NoFormula(say("many-axes"))
    e = WRITTEN[function](np.shape(result), *args, **options)
    return Letter(e, result, (function, args, options) if any(x.moves for x in args) else None)


def walk(letter: Letter, found: dict | None = None) -> list:
    """Return all letters on the way to one that move, each after what it comes from."""
    found = {} if found is None else found
    if letter.moves and id(letter) not in found:
        for parent in letter.source[1] if letter.source else ():
            walk(parent, found)
        found[id(letter)] = letter
    return list(found.values())


def _computed(function, values, options):
    if function == "getitem":
        return values[0][options["index"]]
    if function is np.linalg.slogdet:
        return np.linalg.slogdet(*values)[1]
    if function is np.reshape:  # before NumPy 2.1 its shape had another name
        return values[0].reshape(options["shape"])
    return function(*values, **options)


class Names:
    """The letters that arrays have, for as long as one function is traced."""

    known, entries = {}, {}

    @classmethod
    @contextmanager
    def of_one_function(cls, known: dict = (), entries: dict = ()) -> Iterator:
        """Start with these names, none at first, and have the old ones back at the end."""
        old = cls.known, cls.entries
        cls.known, cls.entries = dict(known), dict(entries)
        try:
            yield
        finally:
            cls.known, cls.entries = old

    @classmethod
    def unpacked(cls, letter: Letter, frame: FrameType) -> None:
        """Note the names of the entries, where the code says ``x, y, z = p``."""
        steps = list(dis.get_instructions(frame.f_code))
        here = next(i for i, step in enumerate(steps) if step.offset == frame.f_lasti)
        if steps[here].opname != "UNPACK_SEQUENCE" or steps[here].argval != letter.size:
            return
        names = []
        for step in steps[here + 1 :]:
            if not step.opname.startswith("STORE_") or len(names) >= letter.size:
                break
            names += [step.argval] if isinstance(step.argval, str) else step.argval
        names = names[: letter.size]
        taken = {*cls.known, *cls.entries.values()}
        if len(set(names) - taken) == letter.size:
            p = letter.expression.args[0]
            cls.entries |= {(p, k): name for k, name in enumerate(names)}


def known(x: ArrayLike) -> "Letter":
    """Return a constant as a letter: by its name, or as what it is, such as the identity."""
    if isinstance(x, Letter):
        return x
    try:
        x = np.asarray(x)
        if x.dtype.kind not in "biuf":
            raise NoFormula(say("constant-dtype", dtype=x.dtype))
    except ValueError:
        raise NoFormula(say("constant-ragged")) from None
    shape = matrix_shape(x.shape)
    special = _special(x, shape)
    if special is not None:
        return Letter(special, x)
    for letter in [letter for letter in Names.known.values() if not letter.moves]:
        if np.array_equal(letter.value, x):
            return letter
        if x.ndim == 2 and np.array_equal(letter.value, x.T):
            return letter.T
    name = "C" if x.ndim == 2 else "c"
    letter = named(next(f"{name}{k}" for k in range(1, 99) if f"{name}{k}" not in Names.known), x)
    letter.unnamed = True
    return letter


def _special(x, shape):
    """Return the expression of a constant that needs no name."""
    if x.size:
        first = float(x.flat[0])
        if (x == first).all():
            return algebra.scaled(algebra.ones(*shape), first)
        if x.ndim == 2 and shape[0] == shape[1] and np.array_equal(x, first * np.eye(len(x))):
            return algebra.scaled(algebra.identity(len(x)), first)
        if x.ndim == 1 and np.count_nonzero(x) == 1 and x.max() == 1:
            return algebra.columns(len(x), [int(x.argmax())])
    return None


def named(name: str, x: ArrayLike, symmetric: bool = False, moves: bool = False) -> "Letter":
    """Return an array as a letter with a name."""
    x = np.asarray(x)
    x = x if x.dtype == bool else x.astype(float)
    while name in Names.known:
        letter = Names.known[name]
        if not letter.moves and np.array_equal(letter.value, x):
            return letter
        name += "0"
    e = algebra.variable(name, matrix_shape(x.shape), x.ndim == 1, symmetric)
    Names.known[name] = Letter(e, x, moves=moves)
    return Names.known[name]
