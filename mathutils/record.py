"""Letters instead of arrays: NumPy computes with them, and they write down what it does.

NumPy hands every operation to them, by its own protocols ``__array_ufunc__`` and
``__array_function__``. The result is a letter again, which knows its formula, its value, and what
it was computed from. Constants get the names that they have in the code.
"""

import dis
import sys
from functools import reduce
from math import prod

import numpy as np
from numpy.lib.mixins import NDArrayOperatorsMixin

from mathutils import letters as algebra
from mathutils.vjp import VJP


class NoFormula(Exception):
    """Why there is no formula, in a sentence."""


class Letter(NDArrayOperatorsMixin):
    """An array with a name: what NumPy does to it is noted down, as a formula and as a number.

    `expression` is its formula, `value` the array itself. `source` is what it came from, an
    operation with its arguments and options, if it depends on the letter that moves.
    """

    __array_priority__ = 1000
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
        if method == "reduce" and ufunc in REDUCED:
            options = {k: v for k, v in options.items() if k in ("axis", "keepdims")}
            options["axis"] = options.get("axis", 0)
            return apply(REDUCED[ufunc], *inputs, **options)
        if method != "__call__":
            raise NoFormula(f"np.{ufunc.__name__}.{method} has no rule")
        return apply(ufunc, *inputs, **options)

    def __array_function__(self, function, types, args, options):
        return apply(function, *args, **options)

    def __getitem__(self, index):
        if any(isinstance(part, Letter) for part in (index if isinstance(index, tuple) else [index])):
            raise NoFormula("an index that is a letter, such as x[x > 0], has no rule")
        taken = index if isinstance(index, tuple) else (index,)
        kept = tuple(part for part in taken if part is not None)
        if len(kept) < len(taken):
            part = self[kept] if kept else self
            return np.reshape(part, self.value[index].shape)
        return apply("getitem", self, index=index)

    def __iter__(self):
        if not self.ndim:
            raise TypeError("a number has no entries")
        if self.expression.kind == "var" and self.ndim == 1:
            Names.unpacked(self, sys._getframe(1))
        return iter([self[i] for i in range(len(self))])

    def __len__(self):
        return len(self.value)

    def __bool__(self):
        if self.moves:
            raise NoFormula(
                "f asks whether a condition on its input is true (if, while, and, or), "
                "but a formula has no branches: np.where and np.maximum have rules"
            )
        return bool(self.value)

    def __float__(self):
        if self.moves:
            raise NoFormula(
                "f needs the number behind a letter (an entry of another array, float(), "
                "math.exp): build the result from whole arrays with NumPy's functions"
            )
        return float(self.value)

    def __array__(self, dtype=None, copy=None):
        if self.moves:
            raise NoFormula(
                "f puts letters into a new array (np.array, np.asarray, or a list of entries): "
                "build the result from whole arrays with NumPy's functions"
            )
        return np.array(self.value, dtype=dtype)

    def __setitem__(self, index, new):
        raise NoFormula("f writes into an array, which has no rule: build a new array instead")

    def scattered(self, x, index):
        """Return zeros in the shape of x, with this where x[index] is."""
        rows, columns, taken = _selections(index, x.shape)
        e = self.expression
        if len(x.shape) == 2 and len(taken) == 1 and isinstance(rows, int):
            e = algebra.transposed(e)
        e = _placed(e, rows, columns, x.shape)
        zeros = np.zeros(x.shape)
        zeros[index] = self.value
        return Letter(e, zeros)

    def kron_parts(self, a, b):
        """Return the cotangents of a and b, where this is that of their Kronecker product."""
        return _kron_parts(self.expression, a, b)

    def reshape(self, *shape):
        shape = shape[0] if len(shape) == 1 else shape
        return np.reshape(self, shape)

    def dot(self, other):
        return np.dot(self, other)

    def transpose(self):
        return self.T

    def ravel(self, order="C"):
        return np.ravel(self, order=order)

    def copy(self):
        return self

    def astype(self, dtype):
        return self

    flatten = ravel


def _method(function):
    def method(self, *args, **options):
        return apply(function, self, *args, **options)

    return method


for _name in ("sum", "mean", "prod", "max", "min", "trace", "diagonal", "squeeze", "var", "std"):
    setattr(Letter, _name, _method(getattr(np, _name)))

REDUCED = {np.add: np.sum, np.multiply: np.prod, np.maximum: np.max, np.minimum: np.min}


# How an operation on letters is written


def matrix_shape(shape):
    """Return the shape as a matrix: a number is 1 × 1, a vector a column."""
    return (1, 1) if not shape else (shape[0], 1) if len(shape) == 1 else shape


def repeated(x, shape):
    """Return the expression of x, repeated by broadcasting to a shape."""
    e, target = x.expression, matrix_shape(shape)
    if len(shape) > 2 and e.shape != target:
        raise NoFormula(f"broadcasting to {len(shape)} axes has no rule")
    if e.shape == target:
        return e
    if e.shape == (1, 1):
        return algebra.product(e, algebra.ones(*target))
    if x.ndim == 1:
        e = algebra.transposed(e)
    if e.shape == target:
        return e
    if e.shape[0] == 1 < target[0]:
        return algebra.product(algebra.ones(target[0]), e)
    return algebra.product(e, algebra.ones(1, target[1]))


def _added(shape, a, b):
    return algebra.add(repeated(a, shape), repeated(b, shape))


def _subtracted(shape, a, b):
    return algebra.minus(repeated(a, shape), repeated(b, shape))


def _multiplied(shape, a, b):
    if 1 in (a.size, b.size):
        one, other = (a, b) if a.size == 1 else (b, a)
        return algebra.product(one.expression, repeated(other, shape))
    return algebra.hadamard(repeated(a, shape), repeated(b, shape))


def _divided(shape, a, b):
    return _multiplied(shape, a, Letter(algebra.power(b.expression, -1), b.value))


def _powered(shape, a, n):
    if not n.moves and n.size == 1 and (not algebra.letters(n.expression) or n.value % 1 == 0):
        return algebra.power(repeated(a, shape), n.value.item())
    logarithm = Letter(algebra.function("log", a.expression), a.value)
    return algebra.function("exp", _multiplied(shape, logarithm, n))


def _entrywise(name):
    return lambda shape, a: algebra.function(name, a.expression)


def _compared(sign):
    return lambda shape, a, b: algebra.compare(sign, repeated(a, shape), repeated(b, shape))


def _negated(shape, c):
    e = c.expression
    opposite = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}
    return algebra.compare(opposite[e.args[0]], *e.args[1:])


def _chosen(shape, c, a, b):
    other = Letter(_negated(shape, c), c.value)
    first, second = (_multiplied(shape, m, x) for m, x in ((c, a), (other, b)))
    return algebra.add(first, second)


def _log_of_sum(shape, a, b):
    both = [algebra.function("exp", repeated(x, shape)) for x in (a, b)]
    return algebra.function("log", algebra.add(*both))


def _extreme(sign):
    def build(shape, a, b):
        a, b = (repeated(x, shape) for x in (a, b))
        first, second = (Letter(algebra.compare(s, a, b), 0) for s in sign)
        parts = zip((first, second), (a, b), strict=True)
        return algebra.add(*(algebra.hadamard(m.expression, x) for m, x in parts))

    return build


def _matmul(shape, a, b):
    left = algebra.transposed(a.expression) if a.ndim == 1 else a.expression
    whole = algebra.product(left, b.expression)
    return algebra.transposed(whole) if a.ndim == 1 else whole


def _total(shape, a, axis=None, keepdims=False):
    axes = range(a.ndim) if axis is None else np.atleast_1d(axis) % max(a.ndim, 1)
    if len(axes) == a.ndim or not a.ndim:
        return algebra.total(a.expression)
    if a.ndim > 2:
        raise NoFormula("a sum over some of three or more axes has no rule")
    if 0 in axes:
        row = algebra.product(algebra.ones(1, a.shape[0]), a.expression)
        return row if keepdims else algebra.transposed(row)
    return algebra.product(a.expression, algebra.ones(a.shape[1]))


def _whole(name):
    def build(shape, a, axis=None, keepdims=False):
        if axis is not None and not (a.ndim == 1 and axis in (0, -1)):
            raise NoFormula(f"np.{name} along one axis has no rule")
        return algebra.of(name, a.expression)

    return build


def _reshaped(out, a, shape):
    if a.ndim > 2 or len(shape) > 2:
        raise NoFormula("an array with three or more axes cannot be reshaped in a formula")
    return algebra.reshaped(a.expression, matrix_shape(shape))


def _diagonal(shape, a):
    build = algebra.diagonal_matrix if a.ndim == 1 else algebra.diagonal
    return build(a.expression)


def _selections(index, shape):
    """Return which rows and columns an index takes, and the axes that it leaves out."""
    parts = list(index) if isinstance(index, tuple) else [index]
    if Ellipsis in parts:
        k = parts.index(Ellipsis)
        parts[k : k + 1] = [slice(None)] * (len(shape) - len(parts) + 1)
    parts += [slice(None)] * (len(shape) - len(parts))
    found, gone = [], []
    for axis, (part, n) in enumerate(zip(parts, shape, strict=True)):
        if isinstance(part, int | np.integer):
            found.append(int(part) % n)
            gone.append(axis)
        elif isinstance(part, slice) and len(range(n)[part]):
            found.append(range(n)[part])
        else:
            raise NoFormula(f"the index {part!r} has no rule: numbers have one, and slices that are not empty")
    return (*found, None)[:2] + (gone,)


def _picked(n, part):
    if isinstance(part, int):
        return algebra.transposed(algebra.unit(n, part))
    return algebra.selection(n, part)


def _taken(shape, a, index):
    rows, columns, gone = _selections(index, a.shape)
    if a.ndim > 2:
        raise NoFormula("an entry of an array with three or more axes has no rule")
    e = algebra.product(_picked(a.shape[0], rows), a.expression)
    if isinstance(rows, int) and a.expression.kind == "fn" and a.ndim == 1:
        return algebra.entry(a.expression, algebra.unit(a.shape[0], rows))
    if columns is not None:
        e = algebra.product(e, algebra.transposed(_picked(a.shape[1], columns)))
    return algebra.transposed(e) if isinstance(rows, int) and gone == [0] else e


def _placed(e, rows, columns, shape):
    """Return zeros with an expression in some rows and columns."""
    e = algebra.product(algebra.transposed(_picked(shape[0], rows)), e)
    return e if columns is None else algebra.product(e, _picked(shape[1], columns))


def _kron_parts(g, a, b):
    """Take the derivative by kron(a, b) apart, where it is made of two or of a product."""
    by_a, by_b = algebra.zero(a.expression.shape), algebra.zero(b.expression.shape)
    for t, c in algebra.pairs(g):
        k, powers, chain = algebra.factors(t)
        scalars = [algebra.number(c * k), *(algebra.power_of(x, p) for x, p in powers.items())]
        found = _kron_term(chain, a.expression, b.expression)
        by_a, by_b = (
            algebra.add(old, algebra.product(*scalars, new))
            for old, new in zip((by_a, by_b), found, strict=True)
        )
    numbers = VJP[np.kron](np.zeros(np.kron(a.value, b.value).shape), None, a.value, b.value)
    return tuple(Letter(e, x) for e, x in zip((by_a, by_b), numbers, strict=True))


def _kron_term(chain, a, b):
    inner = algebra.term(1, {}, chain, (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]))
    if inner.kind == "eye":
        p, q = algebra.identity(a.shape[0]), algebra.identity(b.shape[0])
    elif inner.kind == "kron" and inner.args[0].shape == a.shape:
        p, q = inner.args
    else:
        cut = algebra._column_row(inner)
        if cut is None:
            raise NoFormula("what f does with np.kron cannot be written with matrices")
        left = algebra.reshaped(cut[0], (a.shape[0], b.shape[0]))
        right = algebra.reshaped(cut[1], (a.shape[1], b.shape[1]))
        turn = algebra.transposed
        return (
            algebra.product(left, b, turn(right)),
            algebra.product(turn(left), a, right),
        )
    return tuple(
        algebra.product(algebra.total(algebra.hadamard(y, z)), x)
        for x, y, z in ((p, q, b), (q, p, a))
    )


WRITTEN = {
    np.add: _added,
    np.subtract: _subtracted,
    np.negative: lambda shape, a: algebra.scaled(a.expression, -1),
    np.multiply: _multiplied,
    np.true_divide: _divided,
    np.power: _powered,
    np.sqrt: lambda shape, a: algebra.power(a.expression, 0.5),
    np.absolute: _entrywise("abs"),
    **{
        getattr(np, name): _entrywise(name)
        for name in "exp log sin cos tan arctan sinh cosh tanh sign".split()
    },
    **{getattr(np, name): _compared(sign) for sign, name in {
        ">": "greater", ">=": "greater_equal", "<": "less", "<=": "less_equal",
        "==": "equal", "!=": "not_equal",
    }.items()},
    np.logical_not: _negated,
    np.maximum: _extreme((">", "<=")),
    np.minimum: _extreme(("<", ">=")),
    np.where: _chosen,
    np.logaddexp: _log_of_sum,
    np.max: _whole("max"),
    np.min: _whole("min"),
    np.prod: _whole("prod"),
    np.sum: _total,
    np.broadcast_to: lambda out, a, shape: repeated(a, out),
    np.transpose: lambda shape, a: (
        a.expression if a.ndim < 2 else algebra.transposed(a.expression)
    ),
    np.reshape: _reshaped,
    "getitem": _taken,
    np.diag: _diagonal,
    np.matmul: _matmul,
    np.outer: lambda shape, a, b: algebra.product(
        a.expression, algebra.transposed(b.expression)
    ),
    np.kron: lambda shape, a, b: algebra.kronecker(a.expression, b.expression),
    np.trace: lambda shape, a: algebra.trace(a.expression),
    np.linalg.norm: lambda shape, a: algebra.norm(a.expression),
    np.linalg.inv: lambda shape, a: algebra.inverse(a.expression),
    np.linalg.solve: lambda shape, a, b: algebra.product(
        algebra.inverse(a.expression), b.expression
    ),
    np.linalg.det: lambda shape, a: algebra.determinant(a.expression),
    np.linalg.slogdet: lambda shape, a: algebra.function(
        "log", algebra.function("abs", algebra.determinant(a.expression))
    ),
}  # fmt: skip


def apply(function, *args, **options):
    """Apply an operation of NumPy to letters, by its own rule or by way of others."""
    if function in ASKED:
        return ASKED[function](*args, **options)
    values = [x.value if isinstance(x, Letter) else x for x in args]
    moves = any(isinstance(x, Letter) and x.moves for x in args)
    if not moves and function not in WRITTEN and function not in REWRITTEN:
        return known(function(*values, **options))
    if function in REWRITTEN:
        return REWRITTEN[function](*args, **options)
    if function not in WRITTEN:
        name = getattr(function, "__name__", function)
        raise NoFormula(f"{name} has no rule here, so there is no formula of this f")
    return noted(function, args, values, options, moves)


def noted(function, args, values, options, moves):
    """Return the result of an operation as a new letter, which remembers where it is from."""
    options = {k: v for k, v in options.items() if v is not np._NoValue and v is not None}
    args = tuple(x if isinstance(x, Letter) else known(x) for x in args)
    with np.errstate(all="ignore"):
        if function == "getitem":
            result = values[0][options["index"]]
        elif function is np.linalg.slogdet:
            result = np.linalg.slogdet(*values)[1]
        else:
            result = function(*values, **options)
    e = WRITTEN[function](np.shape(result), *args, **options)
    return Letter(e, result, (function, args, options) if moves else None)


class Names:
    """The letters that arrays have, for as long as one function is traced."""

    known, entries = {}, {}

    @classmethod
    def unpacked(cls, letter, frame):
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


def known(x):
    """Return a constant as a letter: by its name, or as what it is, such as the identity."""
    if isinstance(x, Letter):
        return x
    try:
        x = np.asarray(x)
        if x.dtype.kind not in "biuf":
            raise NoFormula(f"f uses an array of dtype {x.dtype}: real numbers are wanted")
    except ValueError:
        raise NoFormula("f uses a list whose rows differ in length") from None
    shape = matrix_shape(x.shape)
    special = _special(x, shape)
    if special is not None:
        return Letter(special, x)
    for letter in Names.known.values():
        if letter.shape == x.shape and np.array_equal(letter.value, x):
            return letter
        if x.ndim == 2 and letter.shape == x.T.shape and np.array_equal(letter.value, x.T):
            return letter.T
    name = "C" if x.ndim == 2 else "c"
    return named(next(f"{name}{k}" for k in range(1, 99) if f"{name}{k}" not in Names.known), x)


def _special(x, shape):
    """Return the expression of a constant that needs no name."""
    if len(shape) == 2 and x.size and x.dtype.kind != "b":
        first = x.flat[0]
        if (x == first).all():
            return algebra.product(algebra.number(first.item()), algebra.ones(*shape))
        if x.ndim == 2 and shape[0] == shape[1] and np.array_equal(x, np.eye(len(x))):
            return algebra.identity(len(x))
        if x.ndim == 1 and np.count_nonzero(x) == 1 and x.max() == 1:
            return algebra.unit(len(x), int(x.argmax()))
    if x.dtype.kind == "b":
        raise NoFormula("f uses an array of True and False: write it as one of 0 and 1")
    return None


def named(name, x, symmetric=False, moves=False):
    """Return an array as a letter with a name."""
    x = np.asarray(x, dtype=float)
    letter = Names.known.get(name)
    if letter is not None and letter.shape == x.shape and np.array_equal(letter.value, x):
        return letter
    while name in Names.known:
        name += "_2"
    e = algebra.variable(name, matrix_shape(x.shape), x.ndim == 1, symmetric)
    Names.known[name] = Letter(e, x, moves=moves)
    return Names.known[name]


# Operations that are others in disguise


def _sum(a, axis=None, keepdims=False, **options):
    if a.ndim == 0:
        return a
    return noted(np.sum, (a,), (a.value,), {"axis": axis, "keepdims": keepdims or None}, a.moves)


def _mean(a, axis=None, keepdims=False, **options):
    count = a.size if axis is None else prod(np.atleast_1d(np.array(a.shape)[axis]))
    return np.sum(a, axis=axis, keepdims=keepdims) / int(count)


def _variance(a, axis=None, ddof=0, keepdims=False, **options):
    rest = a - np.mean(a, axis=axis, keepdims=True) if axis is not None else a - np.mean(a)
    count = a.size if axis is None else a.shape[axis]
    return np.sum(rest**2, axis=axis, keepdims=keepdims) / (count - ddof)


def _dot(a, b):
    return a * b if 0 in (np.ndim(a), np.ndim(b)) else a @ b


def _norm(a, ord=None, axis=None, keepdims=False):
    if axis is not None:
        return np.sqrt(np.sum(a**2, axis=axis, keepdims=keepdims))
    if ord is None or ord == "fro" or ord == 2 and a.ndim == 1:
        with np.errstate(all="ignore"):
            return noted(np.linalg.norm, (a,), (a.value,), {}, a.moves)
    if ord == 1 and a.ndim == 1:
        return np.sum(abs(a))
    raise NoFormula(f"the norm with ord={ord!r} of an array with {a.ndim} axes has no rule")


def _slogdet(a):
    value = known(np.sign(np.linalg.det(a.value)))
    result = noted(np.linalg.slogdet, (a,), (a.value,), {}, a.moves)
    return type(np.linalg.slogdet(np.eye(1)))(value, result)


def _matrix_power(a, n):
    if n < 0:
        return _matrix_power(np.linalg.inv(a), -n)
    result = a if n else np.eye(len(a))
    for _ in range(n - 1):
        result = result @ a
    return result


def _prod(a, axis=None, **options):
    if a.ndim == 1 and a.size <= 4:
        entries = list(a)
        return prod(entries[1:], start=entries[0])
    return noted(np.prod, (a,), (a.value,), {"axis": axis}, a.moves)


def _outer(a, b):
    a, b = (np.ravel(known(x)) for x in (a, b))
    return noted(np.outer, (a, b), (a.value, b.value), {}, True)


def _kron(a, b):
    if 0 in (np.ndim(a), np.ndim(b)):
        return a * b
    if np.ndim(a) == np.ndim(b) == 1:
        return np.ravel(np.outer(a, b))
    a, b = (x[None, :] if x.ndim == 1 else x for x in map(known, (a, b)))
    return noted(np.kron, (a, b), (a.value, b.value), {}, True)


def _squared(function):
    """Return a function of a square matrix, which takes the square part of any."""

    def build(a, **options):
        n = min(a.shape)
        a = a if a.ndim == 1 or a.shape == (n, n) else a[:n, :n]
        return noted(function, (a,), (a.value,), options, a.moves)

    return build


def _einsum(subscripts, *operands, **options):
    """Write a product of matrices and vectors in Einstein's notation as what it is."""
    subscripts = subscripts.replace(" ", "")
    inputs, _, output = subscripts.partition("->")
    if "->" not in subscripts:
        output = "".join(sorted(c for c in set(inputs) - {","} if inputs.count(c) == 1))
    parts = [_own_sums(*part) for part in zip(inputs.split(","), operands, strict=True)]
    while len(parts) > 1:
        parts = _contracted(parts, output, subscripts)
    [(index, result)] = [_summed_out(parts[0], output)]
    if sorted(index) != sorted(output):
        raise NoFormula(f"einsum with {subscripts!r} is no product of matrices")
    return result if index == output else result.T


def _own_sums(index, x):
    if len(index) == 2 and index[0] == index[1]:
        return index[0], np.diag(x)
    if len(index) > 2 or len(set(index)) < len(index):
        raise NoFormula(f"einsum with the index {index!r} has no rule")
    return index, x


def _summed_out(part, kept):
    """Sum over the indices of one array that nobody else has."""
    index, x = part
    for letter in index:
        if letter not in kept:
            x = np.sum(x, axis=index.index(letter))
            index = index.replace(letter, "", 1)
    return index, x


def _contracted(parts, output, subscripts):
    """Multiply the first two arrays that share an index, or else the first two."""
    share = [
        (i, j) for j in range(len(parts)) for i in range(j) if set(parts[i][0]) & set(parts[j][0])
    ]
    i, j = (share or [(0, 1)])[0]
    rest = [part for k, part in enumerate(parts) if k not in (i, j)]
    kept = output + "".join(index for index, _ in rest)
    (a, x), (b, y) = (
        _summed_out(parts[k], kept + parts[other][0]) for k, other in ((i, j), (j, i))
    )
    common = [c for c in a if c in b]
    gone = [c for c in common if c not in kept]
    if len(common) == len(a) == len(b):
        if a != b:
            y = y.T
        return [_summed_out((a, x * y), kept), *rest]
    if not common:
        if len(a) == len(b) == 1:
            return [(a + b, np.outer(x, y)), *rest]
        if not a or not b:
            return [(a + b, x * y), *rest]
    if len(common) == 1 and gone:
        [c] = gone
        x, y = (x if a[-1] == c else x.T), (y if b[0] == c else y.T)
        return [(a.replace(c, "") + b.replace(c, ""), x @ y), *rest]
    if len(common) == 1 and {len(a), len(b)} == {1, 2}:
        index, matrix, vector = (a, x, y) if len(a) == 2 else (b, y, x)
        first = index[0] == common[0]
        column = np.reshape(vector, (-1, 1)) if first else vector
        return [_summed_out((index, matrix * column), kept), *rest]
    raise NoFormula(f"einsum with {subscripts!r} is no product of matrices")


REWRITTEN = {
    np.sum: _sum,
    np.mean: _mean,
    np.var: _variance,
    np.std: lambda a, **options: np.sqrt(np.var(a, **options)),
    np.dot: _dot,
    np.inner: lambda a, b: _dot(a, known(b).T if np.ndim(a) else b),
    np.vdot: lambda a, b: np.sum(np.ravel(known(a)) * np.ravel(known(b))),
    np.vecdot: lambda a, b: np.sum(a * b, axis=-1),
    np.square: lambda a: a**2,
    np.reciprocal: lambda a: 1 / a,
    np.positive: lambda a: a,
    np.log1p: lambda a: np.log(1 + a),
    np.expm1: lambda a: np.exp(a) - 1,
    np.clip: lambda a, low, high: np.minimum(np.maximum(a, low), high),
    np.ravel: lambda a, order="C": np.reshape(a if order == "C" else a.T, (a.size,)),
    np.reshape: lambda a, shape, order="C": noted(
        np.reshape, (a,), (a.value,), {"shape": a.value.reshape(shape).shape}, a.moves
    ),
    np.broadcast_to: lambda a, shape: noted(
        np.broadcast_to, (a,), (a.value,), {"shape": shape}, a.moves
    ),
    np.expand_dims: lambda a, axis: np.reshape(a, np.expand_dims(a.value, axis).shape),
    np.squeeze: lambda a, axis=None: np.reshape(a, np.squeeze(a.value, axis).shape),
    np.diag: _squared(np.diag),
    np.diagonal: _squared(np.diag),
    np.trace: _squared(np.trace),
    np.outer: _outer,
    np.linalg.norm: _norm,
    np.linalg.slogdet: _slogdet,
    np.linalg.matrix_power: _matrix_power,
    np.linalg.multi_dot: lambda arrays: reduce(np.matmul, arrays),
    np.prod: _prod,
    np.kron: _kron,
    np.einsum: _einsum,
}


def _like(fill):
    return lambda a, *args, **options: fill(a.shape)


ASKED = {  # what is no operation, but a question about the array
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a: a.size,
    np.ones_like: _like(np.ones),
    np.zeros_like: _like(np.zeros),
    np.copy: lambda a: a,
    np.real: lambda a: a,
}
