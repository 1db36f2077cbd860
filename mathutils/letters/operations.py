"""What is written for each operation on letters, and which ones are others in disguise."""

from functools import partial, reduce

import numpy as np

from mathutils.letters import algebra
from mathutils.letters.algebra import Expression
from mathutils.letters.record import (
    MATRICES,
    REWRITTEN,
    WRITTEN,
    Letter,
    NoFormula,
    call,
    known,
    matrix_shape,
    noted,
    walk,
)
from mathutils.sentences import say
from mathutils.vjp import VJP


def repeated(x: Letter, shape: tuple) -> Expression:
    """Return the expression of x, repeated by broadcasting to a shape."""
    e, target = x.expression, matrix_shape(shape)
    if e.shape == target:
        return e
    if e.shape == (1, 1):
        return algebra.product(e, algebra.ones(*target))
    if len(shape) > 2:
        raise NoFormula(say("many-axes"))
    if x.ndim == 1:
        e = algebra.transposed(e)
    before = algebra.ones(target[0] if e.shape[0] < target[0] else 1)
    after = algebra.ones(1, target[1] if e.shape[1] < target[1] else 1)
    return algebra.product(before, e, after)


# Entry by entry: from expressions of one shape to another one


def _powered(a, n):
    c, powers, chain = algebra.factors(n)
    if not powers and all(map(algebra.is_ones, chain)):
        return algebra.power(a, c)
    return Expression("power", (a, n), a.shape)


def _compared(sign):
    return lambda a, b: Expression("compare", (sign, a, b), a.shape)


def _negated(c):
    if c.kind != "compare":  # it has a name, v₁ say
        return algebra.minus(algebra.ones(*c.shape), c)
    opposite = {">": "<=", "<=": ">", "<": ">=", ">=": "<", "==": "!=", "!=": "=="}
    return Expression("compare", (opposite[c.args[0]], *c.args[1:]), c.shape)


def _chosen(c, a, b):
    return algebra.add(algebra.hadamard(c, a), algebra.hadamard(_negated(c), b))


def _log_of_sum(a, b):
    return algebra.function("log", algebra.add(*(algebra.function("exp", x) for x in (a, b))))


def _of_one_shape(build):
    return lambda shape, *args: build(*(repeated(x, shape) for x in args))


ENTRYWISE = {
    np.add: algebra.add,
    np.subtract: algebra.minus,
    np.negative: lambda a: algebra.scaled(a, -1),
    np.multiply: algebra.hadamard,
    np.true_divide: lambda a, b: algebra.hadamard(a, algebra.power(b, -1)),
    np.power: _powered,
    np.sqrt: lambda a: algebra.power(a, 0.5),
    **{f: partial(algebra.function, name) for name, f in algebra.FUNCTIONS.items()},
    **{f: _compared(sign) for sign, f in algebra.COMPARISONS.items()},
    np.logical_not: _negated,
    np.maximum: lambda a, b: _chosen(_compared(">")(a, b), a, b),
    np.minimum: lambda a, b: _chosen(_compared("<")(a, b), a, b),
    np.logaddexp: _log_of_sum,
}
WRITTEN |= {f: _of_one_shape(build) for f, build in ENTRYWISE.items()}
WRITTEN[np.where] = lambda shape, c, a, b: _chosen(*(repeated(x, shape) for x in (c, a, b)))


# Sums and the like: from the shape of the result and from letters


def _row_by_row(of_all, of_rows):
    """Return how a number made of all entries is written, or a column of those of each row."""

    def build(shape, a, axis=None, keepdims=False):
        axes = range(a.ndim) if axis is None else np.atleast_1d(axis) % a.ndim
        if len(axes) == a.ndim:
            return of_all(a.expression)
        if a.ndim > 2:
            raise NoFormula(say("many-axes"))
        column = of_rows(algebra.transposed(a.expression) if 0 in axes else a.expression)
        return algebra.transposed(column) if 0 in axes and keepdims else column

    return build


def _extreme_of(name):
    return _row_by_row(
        lambda e: Expression(name, (e,), (1, 1)),
        lambda e: Expression(f"row{name}", (e,), (e.shape[0], 1)),
    )


WRITTEN |= {
    np.sum: _row_by_row(algebra.total, lambda e: algebra.product(e, algebra.ones(e.shape[1]))),
    np.max: _extreme_of("max"),
    np.min: _extreme_of("min"),
    np.prod: lambda shape, a: Expression("prod", (a.expression,), (1, 1)),
    np.linalg.norm: lambda shape, a: algebra.norm(a.expression),
    np.broadcast_to: lambda out, a, shape: repeated(a, out),
    np.reshape: lambda out, a, shape: algebra.reshaped(a.expression, matrix_shape(shape)),
}


# Vectors and matrices


def _matmul(shape, a, b):
    if a.ndim == 2:
        return algebra.product(a.expression, b.expression)
    row = algebra.product(algebra.transposed(a.expression), b.expression)
    return algebra.transposed(row)


def _picked(index, shape):
    """Return the rows and the columns that an index takes, each as columns of an identity."""
    m, n = matrix_shape(shape)
    taken = np.atleast_1d(np.arange(m * n).reshape(shape)[index])
    rows, columns = np.divmod(taken, n)
    if taken.ndim == 2:
        rows, columns = rows[:, 0], columns[0]
    elif (columns == columns[:1]).all():
        columns = columns[:1]
    else:
        rows = rows[:1]
    if not taken.size or (np.add.outer(n * rows, columns).ravel() != taken.ravel()).any():
        shown = (repr(part) if np.size(part) < 4 else "…" for part in index)
        raise NoFormula(say("index-without-rule", index=", ".join(shown)))
    return algebra.columns(m, rows.tolist()), algebra.columns(n, columns.tolist())


def _taken(shape, a, index):
    rows, columns = _picked(index, a.shape)
    e = algebra.product(algebra.transposed(rows), a.expression, columns)
    return e if e.shape == matrix_shape(shape) else algebra.transposed(e)


def scattered(g: Letter, x: Letter, index: object) -> Letter:
    """Return zeros in the shape of x, with g where x[index] is."""
    rows, columns = _picked(index, x.shape)
    is_turned = g.expression.shape != (rows.shape[1], columns.shape[1])
    e = algebra.transposed(g.expression) if is_turned else g.expression
    zeros = np.zeros(x.shape)
    np.add.at(zeros, index, g.value)
    return Letter(algebra.product(rows, e, algebra.transposed(columns)), zeros)


def kron_parts(g: Letter, a: Letter, b: Letter) -> tuple:
    """Take the derivative by kron(a, b) apart, where it is made of two or of a product."""
    shape = a.shape[0] * b.shape[0], a.shape[1] * b.shape[1]
    numbers = VJP[np.kron](np.broadcast_to(g.value, shape), None, a.value, b.value)

    def part(k, x):
        def of(core):
            return _kron_term(core, a.expression, b.expression)[k]

        return Letter(algebra.termwise(g.expression, x.shape, of), numbers[k])

    return part(0, a), part(1, b)


def _kron_term(inner, a, b):
    turn, product = algebra.transposed, algebra.product
    if cut := algebra.column_row(inner):
        left = algebra.reshaped(cut[0], (a.shape[0], b.shape[0]))
        right = algebra.reshaped(cut[1], (a.shape[1], b.shape[1]))
        return product(left, b, turn(right)), product(turn(left), a, right)
    if inner.kind == "eye":
        p, q = algebra.identity(a.shape[0]), algebra.identity(b.shape[0])
    elif inner.kind == "kron" and inner.args[0].shape == a.shape:
        p, q = inner.args
    else:
        raise NoFormula(say("kron-not-written"))
    by_a, by_b = (algebra.total(algebra.hadamard(x, y)) for x, y in ((q, b), (p, a)))
    return product(by_a, p), product(by_b, q)


MATRICES |= {
    np.transpose: lambda shape, a: (
        a.expression if a.ndim < 2 else algebra.transposed(a.expression)
    ),
    "getitem": _taken,
    "softmax": lambda shape, a: algebra.softmax(a.expression),
    np.diag: lambda shape, a: (
        algebra.diagonal_matrix if a.ndim == 1 else algebra.diagonal
    )(a.expression),
    np.matmul: _matmul,
    np.outer: lambda shape, a, b: algebra.product(
        a.expression, algebra.transposed(b.expression)
    ),
    np.kron: lambda shape, a, b: Expression("kron", (a.expression, b.expression), shape),
    np.trace: lambda shape, a: algebra.trace(a.expression),
    np.linalg.inv: lambda shape, a: algebra.inverse(a.expression),
    np.linalg.solve: lambda shape, a, b: algebra.product(
        algebra.inverse(a.expression), b.expression
    ),
    np.linalg.det: lambda shape, a: algebra.determinant(a.expression),
    np.linalg.slogdet: lambda shape, a: algebra.function(
        "log", algebra.function("abs", algebra.determinant(a.expression))
    ),
}  # fmt: skip
WRITTEN |= MATRICES


# Operations that are others in disguise


def _over_axes(function):
    """Return an operation on all entries or along an axis, which leaves a number as it is."""

    def of_entries(a, axis=None, keepdims=False):
        return noted(function, a, axis=axis, keepdims=keepdims or None) if a.ndim else a

    return of_entries


def _mean(a, axis=None, keepdims=False):
    total = np.sum(a, axis=axis, keepdims=keepdims)
    return total / (a.size // total.size)


def _variance(a, axis=None, ddof=0, keepdims=False):
    mean = np.mean(a, axis=axis, keepdims=axis is not None)
    total = np.sum((a - mean) ** 2, axis=axis, keepdims=keepdims)
    return total / (a.size // total.size - ddof)


def _dot(a, b):
    return a * b if 0 in (np.ndim(a), np.ndim(b)) else a @ b


def _norm(a, ord=None, axis=None, keepdims=False):
    axes = a.ndim if axis is None else np.size(axis)
    if ord == 1 and axes == 1:
        return np.sum(abs(a), axis=axis, keepdims=keepdims)
    if not (ord is None or ord == "fro" or ord == 2 and axes == 1):
        raise NoFormula(say("no-rule", name=call(np.linalg.norm, a, ord=ord)))
    if axes == a.ndim and not keepdims:
        return noted(np.linalg.norm, a)
    return np.sqrt(np.sum(a**2, axis=axis, keepdims=keepdims))


def _slogdet(a):
    sign, _ = np.linalg.slogdet(a.value)
    return type(np.linalg.slogdet(np.eye(1)))(known(sign), noted(np.linalg.slogdet, a))


def _matrix_power(a, n):
    a = np.linalg.inv(a) if n < 0 else a
    return reduce(np.matmul, [a] * abs(n)) if n else np.eye(len(a))


def _prod(a, axis=None):
    if a.ndim < 2 and a.size <= 4:
        return reduce(np.multiply, np.ravel(a))
    if axis is not None and a.ndim > 1:
        raise NoFormula(say("no-rule", name=call(np.prod, a, axis=axis)))
    return noted(np.prod, a)


def _kron(a, b):
    if 0 in (np.ndim(a), np.ndim(b)):
        return a * b
    if np.ndim(a) == np.ndim(b) == 1:
        return np.ravel(np.outer(a, b))
    return noted(np.kron, *(x[None, :] if x.ndim == 1 else x for x in map(known, (a, b))))


def _softmax_or(function):
    """Return an operation, or where its result is softmax(t), for a t on the way to it, that."""

    def build(*args):
        y = noted(function, *args)
        e = algebra.bare(whole := y.expression)
        found = walk(y) if e.kind == "softmax" else []
        for t in [t for x in found for t in (x, x.T) if t.expression == e.args[0]][:1]:
            if 1 in y.shape:  # a row or a column as a matrix
                column = Letter(e, y.value.ravel(), ("softmax", (np.ravel(t),), {}))
                return np.reshape(column, y.shape)
            rows = Letter(e, y.value if e == whole else y.value.T, ("softmax", (t,), {}))
            return rows if e == whole else rows.T
        return y

    return build


def _squared(function):
    """Return a function of a square matrix, which takes the square part of any."""

    def build(a):
        n = min(a.shape)
        return noted(function, a if a.ndim == 1 or a.shape == (n, n) else a[:n, :n])

    return build


def _einsum(subscripts, *operands, optimize=None):
    """Write a product of matrices and vectors in Einstein's notation as what it is."""
    inputs, arrow, output = subscripts.replace(" ", "").partition("->")
    if not arrow:
        output = "".join(sorted(c for c in set(inputs) - {","} if inputs.count(c) == 1))
    parts = list(zip(inputs.split(","), operands, strict=True))
    sizes = {(c, n) for index, x in parts for c, n in zip(index, np.shape(x), strict=False)}
    if len(sizes) > len(set(inputs) - {","}) or max(map(len, inputs.split(","))) > 2:
        raise NoFormula(say("einsum-no-product", subscripts=subscripts))
    parts = [(i[0], np.diag(x)) if i[:1] == i[1:] != "" else (i, x) for i, x in parts]
    while len(parts) > 1:  # the first two that share an index, or else the first two
        places = [(i, j) for j in range(len(parts)) for i in range(j)]
        i, j = next(((i, j) for i, j in places if {*parts[i][0]} & {*parts[j][0]}), (0, 1))
        rest = [part for k, part in enumerate(parts) if k not in (i, j)]
        kept = output + "".join(index for index, _ in rest)
        a, x = _summed(*parts[i], kept + parts[j][0])
        b, y = _summed(*parts[j], kept + parts[i][0])
        parts = [_summed(*_product_of_two(a, x, b, y, kept), kept), *rest]
    index, result = _summed(*parts[0], output)
    return result if index == output else result.T


def _summed(index, x, kept):
    """Sum over the indices of an array that nobody else has."""
    axes = tuple(k for k, c in enumerate(index) if c not in kept)
    return "".join(c for c in index if c in kept), np.sum(x, axis=axes) if axes else x


def _product_of_two(a, x, b, y, kept):
    """Return the index and the product of two arrays with the indices a and b."""
    common, every = [c for c in a if c in b], "".join(dict.fromkeys(a + b))
    if len(common) == 1 and common[0] not in kept:
        [c] = common
        x, y = (x if a[-1] == c else x.T), (y if b[0] == c else y.T)
        return a.replace(c, "") + b.replace(c, ""), x @ y
    if len(every) > 2:
        raise NoFormula(say("einsum-no-product", subscripts=f"{a},{b}"))
    return every, _spread(a, x, every) * _spread(b, y, every)


def _spread(index, x, every):
    """Turn an array so that it can be multiplied by others with the indices `every`."""
    if len(index) == len(every):
        return x if index == every else x.T
    return x[:, None] if index and index == every[0] and len(every) == 2 else x


REWRITTEN |= {
    # what is asked about an array
    np.shape: lambda a: a.shape,
    np.ndim: lambda a: a.ndim,
    np.size: lambda a: a.size,
    np.ones_like: lambda a: np.ones(a.shape),
    np.zeros_like: lambda a: np.zeros(a.shape),
    np.copy: lambda a: a,
    np.real: lambda a: a,
    # sums and the like
    np.sum: _over_axes(np.sum),
    np.max: _over_axes(np.max),
    np.min: _over_axes(np.min),
    np.mean: _mean,
    np.var: _variance,
    np.std: lambda a, axis=None, ddof=0, keepdims=False: np.sqrt(
        np.var(a, axis=axis, ddof=ddof, keepdims=keepdims)
    ),
    np.prod: _prod,
    np.linalg.norm: _norm,
    # entry by entry
    np.square: lambda a: a**2,
    np.reciprocal: lambda a: 1 / a,
    np.positive: lambda a: a,
    np.invert: lambda a: np.logical_not(a),
    np.bitwise_and: lambda a, b: a * b,
    np.logical_and: lambda a, b: a * b,
    np.log1p: lambda a: np.log(1 + a),
    np.expm1: lambda a: np.exp(a) - 1,
    np.true_divide: _softmax_or(np.true_divide),
    np.exp: _softmax_or(np.exp),
    np.clip: lambda a, low, high: (
        low + np.where(a > low, a - low, 0) - np.where(a > high, a - high, 0)
    ),
    # where the entries stand
    np.ravel: lambda a, order="C": np.reshape(a if order == "C" else a.T, (a.size,)),
    np.reshape: lambda a, shape: noted(np.reshape, a, shape=a.value.reshape(shape).shape),
    np.broadcast_to: lambda a, shape: noted(np.broadcast_to, a, shape=shape),
    np.expand_dims: lambda a, axis: np.reshape(a, np.expand_dims(a.value, axis).shape),
    np.squeeze: lambda a, axis=None: np.reshape(a, np.squeeze(a.value, axis).shape),
    np.diag: _squared(np.diag),
    np.diagonal: _squared(np.diag),
    np.trace: _squared(np.trace),
    np.linalg.trace: lambda a: np.trace(a),
    # products
    np.dot: _dot,
    np.inner: lambda a, b: _dot(a, known(b).T if np.ndim(a) else b),
    np.vdot: lambda a, b: np.sum(np.ravel(known(a)) * np.ravel(known(b))),
    np.vecdot: lambda a, b: np.sum(a * b, axis=-1),
    np.outer: lambda a, b: noted(np.outer, *(np.ravel(known(x)) for x in (a, b))),
    np.kron: _kron,
    np.einsum: _einsum,
    np.linalg.multi_dot: lambda arrays: reduce(np.matmul, arrays),
    np.linalg.matrix_power: _matrix_power,
    np.linalg.slogdet: _slogdet,
}

# what the table of VJPs asks of a letter
Letter.scattered, Letter.kron_parts = scattered, kron_parts
