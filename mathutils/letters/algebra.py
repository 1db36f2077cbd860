"""An algebra of matrix expressions, in which like terms meet because all have one normal form.

Everything is a matrix here: a number is 1 × 1, a vector a column. An expression is a sum of terms
with numbers in front. A term is a product of numbers (norms, traces, determinants), each with its
power, and of a chain of matrices. What comes out of the functions below is simplified: factors
of one entry leave the chain, an inverse meets its matrix, transposes move inwards and vanish in
pairs, traces are turned, entrywise products collect powers.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, isclose
from numbers import Real

import numpy as np

from mathutils.sentences import say

LONGEST = 10_000  # signs in the text of an expression; nobody reads a tenth of that


class NoFormula(Exception):
    """Why there is no formula, in a sentence."""


class Expression:
    """A node: its kind, its arguments, its shape, and a text by which equal ones are known."""

    __slots__ = ("kind", "args", "shape", "key")

    def __init__(self, kind, args, shape):
        self.kind, self.args, self.shape = kind, args, shape
        parts = map(_key, args)
        self.key = f"{kind}({','.join(sorted(parts) if kind in ('sum', 'had') else parts)})"
        if len(self.key) > LONGEST:
            raise NoFormula(say("formula-too-long"))

    def __eq__(self, other):
        return isinstance(other, Expression) and self.key == other.key

    def __hash__(self):
        return hash(self.key)

    def __repr__(self):
        return self.key


def _key(part):
    if isinstance(part, tuple):
        return f"[{','.join(map(_key, part))}]"
    return part.key if isinstance(part, Expression) else str(part)


ONE = Expression("term", ((), ()), (1, 1))


def variable(name: str, shape: tuple, bold: bool = False, symmetric: bool = False) -> Expression:
    """Return a letter. A symmetric one is its own transpose, and a bold one is a vector."""
    return Expression("var", (name, bold, symmetric), shape)


def rational(value: Real) -> Fraction | float:
    """Return a number as a fraction where it is one with a small denominator."""
    fraction = Fraction(value).limit_denominator(1000)
    return fraction if isclose(fraction, value, rel_tol=1e-15) else float(value)


def number(value: Real) -> Expression:
    """Return a number as an expression, 1 × 1."""
    return scaled(ONE, rational(value))


def zero(shape: tuple) -> Expression:
    """Return an empty sum."""
    return Expression("sum", (), shape)


def ones(rows: int, columns: int = 1) -> Expression:
    """Return a matrix of ones, as a product of two vectors of ones."""
    left, right = (Expression("ones", (n,), (n, 1)) for n in (rows, columns))
    if rows == columns == 1:
        return ONE
    if columns == 1:
        return left
    return transposed(right) if rows == 1 else product(left, transposed(right))


def all_ones(shape: tuple) -> Expression:
    """Return an array of ones, of two or more axes."""
    return ones(*shape) if len(shape) == 2 else Expression("ones", shape, shape)


def identity(n: int) -> Expression:
    """Return the identity, n × n."""
    return ONE if n == 1 else Expression("eye", (n,), (n, n))


def unit(n: int, k: int) -> Expression:
    """Return column k of the identity."""
    return ONE if n == 1 else Expression("unit", (n, k), (n, 1))


def selection(n: int, indices: Sequence) -> Expression:
    """Return the rows of the identity with these numbers."""
    if list(indices) == list(range(n)):
        return identity(n)
    if len(indices) == 1:
        return transposed(unit(n, indices[0]))
    return Expression("select", (n, tuple(indices)), (len(indices), n))


# Sums


def pairs(e: Expression) -> tuple:
    """Return the terms of an expression, each with the number in front of it."""
    if e.kind == "T" and e.args[0].kind == "sum":
        return tuple((transposed(term), c) for term, c in e.args[0].args)
    return e.args if e.kind == "sum" else ((e, Fraction(1)),)


def add(*parts: Expression) -> Expression:
    """Add expressions of one shape, and collect like terms."""
    found = {}
    for part in parts:
        for term, c in pairs(part):
            found[term] = found.get(term, 0) + c
    shape, found = parts[0].shape, {term: c for term, c in found.items() if c != 0}
    for e, c in found.items():
        if e.kind == "fn" and e.args[0] == "sigma" and found == {e: c, all_ones(shape): -c}:
            return scaled(function("sigma", scaled(e.args[1], -1)), -c)  # 1 - σ(t)
        if e.kind == "unit":
            units = {unit(shape[0], k): c for k in range(shape[0])}
            if units.items() <= found.items():  # all columns of the identity
                rest = tuple(pair for pair in found.items() if pair[0] not in units)
                return add(_sum(rest, shape), scaled(ones(*shape), c))
    return _sum(tuple(found.items()), shape)


def scaled(e: Expression, c: Real) -> Expression:
    """Multiply by a number."""
    c = rational(c) if isinstance(c, float) else c
    if e.kind == "T" and e.args[0].kind == "sum":
        return transposed(scaled(e.args[0], c))
    return _sum(tuple((term, c * k) for term, k in pairs(e) if c != 0), e.shape)


def minus(a: Expression, b: Expression) -> Expression:
    """Return a - b."""
    return add(a, scaled(b, -1))


def _sum(found, shape):
    if len(found) == 1 and found[0][1] == 1:
        return found[0][0]
    one = Expression("sum", found, shape)
    if len(found) < 2 or shape == (1, 1) or len(shape) != 2:
        return one
    other = Expression("sum", tuple((transposed(t), c) for t, c in found), shape[::-1])
    return Expression("T", (other,), shape) if _turns(other) < _turns(one) > 1 else one


def _turns(e):
    return e.key.count("T(")


def _rank(e):
    return _turns(e), e.key


def is_sum(e: Expression) -> bool:
    """Say whether it has several terms, so that it needs brackets in a product."""
    e = bare(e)
    return e.kind == "sum" and len(e.args) > 1


def content(e: Expression) -> tuple:
    """Split a number off: the greatest that leaves whole coefficients, and a sign."""
    if e.kind == "T":
        c, rest = content(e.args[0])
        return c, transposed(rest)
    if e.kind != "sum" or not e.args:
        return Fraction(1), e
    sizes = [abs(c) for _, c in e.args]
    sign = 1 if min(e.args, key=lambda pair: pair[0].key)[1] > 0 else -1
    are_fractions = all(isinstance(c, (int, Fraction)) for c in sizes)
    if are_fractions and len({c.denominator for c in sizes}) == 1:
        size = Fraction(gcd(*(c.numerator for c in sizes)), sizes[0].denominator)
    else:
        size = sizes[0] if len(set(sizes)) == 1 else Fraction(1)
    return sign * size, scaled(e, sign / size)


# Products


def factors(e: Expression) -> tuple:
    """Return the number in front, the powers of numbers, and the chain; a sum is one factor."""
    c, e = content(e)
    if e.kind == "sum" and not e.args:
        return Fraction(0), {}, (e,)
    if e.kind == "term":
        return c, dict(e.args[0]), e.args[1]
    return (c, {e: Fraction(1)}, ()) if e.shape == (1, 1) else (c, {}, (e,))


def term(c: Real, powers: dict, chain: Sequence, shape: tuple) -> Expression:
    """Return a number times powers of numbers times a chain that is simple already."""
    plain = {}
    for e, p in _met(powers).items():  # a power of a product is a product of powers
        k, inner, _ = factors(e) if p == int(p) else (1, {e: 1}, ())
        c *= k**p
        _merge(plain, inner, p)
    powers = {e: p for e, p in plain.items() if p != 0}
    if not powers and len(chain) == 1:
        return scaled(chain[0], c)
    if not chain and not powers:
        return Expression("sum", ((ONE, c),), shape) if c != 1 else ONE
    if not chain and list(powers.values()) == [1]:
        return scaled(next(iter(powers)), c)
    return scaled(Expression("term", (tuple(powers.items()), tuple(chain)), shape), c)


def product(*parts: Expression) -> Expression:
    """Multiply matrices, numbers among them, in this order."""
    shape = _shape(parts)
    c, powers, chain = Fraction(1), {}, []
    for part in parts:
        k, some, more = factors(part)
        if k == 0:
            return zero(shape)
        c *= k
        _merge(powers, some)
        chain += more
    left = _simplify(chain)
    if len(chain) > 1 and chain[0].kind == "diag" and chain[-1].shape[1] == 1:
        left, chain = [*left, hadamard(chain[0].args[0], product(*chain[1:]))], []
    if left:
        return product(number(c), *scalars(powers), *left, *chain)
    return term(c, powers, tuple(chain), shape)


def _shape(parts):
    matrices = [part.shape for part in parts if part.shape != (1, 1)]
    if not matrices:
        return (1, 1)
    if len(matrices[0]) != 2:
        return matrices[0]
    return matrices[0][0], matrices[-1][1]


def _merge(powers, more, times=1):
    for e, p in more.items():
        powers[e] = powers.get(e, 0) + p * times


def _simplify(chain):
    """Shorten a chain in place, and return the numbers that have left it."""
    left, i = [], 0
    while i < len(chain):
        if chain[i].kind == "eye" and len(chain) > 1:
            del chain[i]
        elif i and (met := _meet(chain[i - 1], chain[i])) is not None:
            c, powers, chain[i - 1 : i + 1] = factors(met)
            left += [number(c), *scalars(powers)]
        else:
            i += 1
            continue
        i = max(i - 1, 0)
    return left + _split(chain)


def _split(chain):
    """Take the parts of a chain out that are numbers, since they start and end with one entry."""
    if not chain or any(len(e.shape) != 2 for e in chain):
        return []
    sizes = [chain[0].shape[0], *(e.shape[1] for e in chain)]
    cuts = [i for i, size in enumerate(sizes) if size == 1]
    found = [cyclic(chain[i:j]) for i, j in zip(cuts, cuts[1:], strict=False)]
    if len(cuts) > 1:
        del chain[cuts[0] : cuts[-1]]
    return found


def _meet(a, b):
    """Return what two neighbours in a chain make together, or None."""
    (x, x_turned, x_inverse), (y, y_turned, y_inverse) = map(_core, (a, b))
    if x == y and x_inverse != y_inverse and x_turned == y_turned:
        return identity(a.shape[0])
    if a.kind == "softmax" and a.shape[1] > 1 and b.kind == "ones":
        return ones(a.shape[0])
    if a.kind == b.kind == "diag":
        return diagonal_matrix(hadamard(a.args[0], b.args[0]))
    if a.kind == "diag" and b.shape[1] == 1:
        return hadamard(a.args[0], b)
    if b.kind == "diag" and a.shape[0] == 1:
        return transposed(hadamard(transposed(a), b.args[0]))
    return None


def _core(e):
    """Return what stands below a transpose and an inverse, and whether they are there."""
    inner = bare(e)
    return (inner.args[0] if inner.kind == "inv" else inner), e.kind == "T", inner.kind == "inv"


def transposed(e: Expression) -> Expression:
    """Move a transpose inwards: of a product, to its factors in the other order."""
    if e.shape == (1, 1) or e.kind in ("eye", "diag") or e.kind == "var" and e.args[2]:
        return e
    shape = e.shape[::-1]
    if e.kind == "T":
        return e.args[0]
    if e.kind == "term":
        chain = tuple(transposed(part) for part in reversed(e.args[1]))
        return Expression("term", (e.args[0], chain), shape)
    if e.kind == "sum":
        return _sum(tuple((transposed(t), c) for t, c in e.args), shape)
    other = None
    if e.kind == "had":
        other = Expression("had", tuple((transposed(f), p) for f, p in e.args), shape)
    elif e.kind in ("inv", "fn") and transposed(e.args[-1]) == e.args[-1]:
        other = e
    return e if other == e else Expression("T", (e,), shape)


def inverse(e: Expression) -> Expression:
    """Return the inverse: of a product, those of its factors where these are square."""
    c, powers, chain = factors(e)
    chain = map(_inverse, reversed(_squares(chain, e.shape)))
    return product(number(1 / c), *(power(x, -p) for x, p in powers.items()), *chain)


def _squares(chain, shape):
    """Return the factors of a square matrix where all are square, or else it as one."""
    are_square = all(part.shape[0] == part.shape[1] for part in chain)
    return chain if are_square else (term(1, {}, chain, shape),)


def _inverse(e):
    if e.kind in ("eye", "inv"):
        return e.args[0] if e.kind == "inv" else e
    if e.kind == "T":
        return transposed(_inverse(e.args[0]))
    return Expression("inv", (e,), e.shape)


# Entrywise products


def hadamard(*parts: Expression) -> Expression:
    """Multiply entry by entry; all have the same shape."""
    return powers_product([(part, 1) for part in parts], parts[0].shape)


def power(e: Expression, p: Real) -> Expression:
    """Raise each entry to a power that is a number."""
    p = rational(p)
    return powers_product([(e, p)], e.shape)


def powers_product(found: list, shape: tuple) -> Expression:
    """Return the entrywise product of powers, in normal form."""
    c, powers, entrywise, outer = Fraction(1), {}, {}, []
    for e, p in found:
        k, some, chain = factors(e)
        if k == 0 and p > 0:
            return zero(shape)
        whole = p == int(p)
        if not whole and not (k > 0 and all(map(_has_one_sign, some.items()))):
            k, some, chain = 1, {}, ()
            _merge(powers if shape == (1, 1) else entrywise, {e: p})
        c *= rational(k**p) if isinstance(k, float) or not whole else k**p
        _merge(powers, some, p)
        for part in _entrywise(chain, e.shape):
            _collect(part, p, entrywise, outer)
    return _assemble(c, powers, _met(entrywise), outer, shape)


def _entrywise(chain, shape):
    return [term(1, {}, chain, shape)] if chain else []


def _collect(e, p, entrywise, outer):
    """Add a factor to an entrywise product, in which products of two vectors stand apart."""
    cut, core = column_row(e), bare(e)
    if core.kind == "had" and (p == int(p) or all(map(_has_one_sign, core.args))):
        _merge(entrywise, {x if core is e else transposed(x): q for x, q in core.args}, p)
    elif cut and p == int(p):
        outer.append(tuple(power(part, p) for part in cut))
    elif e.kind == "compare":
        entrywise[e] = Fraction(1)
    elif not is_ones(e):
        _merge(entrywise, {e: p})


def _has_one_sign(pair):
    """Say whether (xᵠ)ᵖ is x to the power pq, also where x is negative."""
    x, q = pair
    return q == 1 or is_positive(x)


def column_row(e: Expression) -> tuple | None:
    """Return the column u and the column v of a matrix u vᵀ, or None."""
    chain = e.args[1] if e.kind == "term" else ()
    for i in range(1, len(chain)):
        if chain[i].shape[0] == 1:
            return product(*chain[:i]), transposed(product(*chain[i:]))
    return None


def _assemble(c, powers, entrywise, outer, shape):
    entrywise = {e: p for e, p in entrywise.items() if p != 0}
    for e in entrywise:  # a unit vector picks one entry
        if bare(e).kind == "unit":
            column = bare(e)
            others = [(transposed(x) if e.kind == "T" else x, p) for x, p in entrywise.items()]
            picked = [power(entry(x, column), p) for x, p in others if x != column]
            return product(number(c), *scalars(powers), *picked, e)
    middle = _hadamard_node(entrywise, shape)
    if not outer:
        return product(number(c), *scalars(powers), middle)
    left, right = (hadamard(*columns) for columns in zip(*outer, strict=True))
    if not entrywise:
        both = (left, transposed(right))
    else:
        both = (diagonal_matrix(left), middle, diagonal_matrix(right))
    return product(number(c), *scalars(powers), *both)


def power_of(e: Expression, p: Real) -> Expression:
    """Return a number, 1 × 1, raised to a power, as it stands."""
    return term(Fraction(1), {e: p}, (), (1, 1))


def scalars(powers: dict) -> list:
    """Return powers of numbers, each as a factor."""
    return [power_of(x, p) for x, p in powers.items()]


def _hadamard_node(entrywise, shape):
    if list(entrywise.values()) == [1]:
        return next(iter(entrywise))
    return Expression("had", tuple(entrywise.items()), shape) if entrywise else all_ones(shape)


def bare(e: Expression) -> Expression:
    """Return what stands below a transpose."""
    return e.args[0] if e.kind == "T" else e


def is_positive(e: Expression) -> bool:
    """Say whether no entry can be negative, as far as the form tells."""
    return e.kind == "norm" or e.kind == "fn" and e.args[0] in ("exp", "abs", "sigma")


def entry(e: Expression, column: Expression) -> Expression:
    """Return the entry of a vector at which a unit vector has its one."""
    if e.kind == "fn":
        return function(e.args[0], entry(e.args[1], column))
    if e.kind == "term":
        return product(transposed(column), e)
    return Expression("trace", (transposed(column), e), (1, 1))


# Numbers made of matrices


def termwise(e: Expression, shape: tuple, of: Callable) -> Expression:
    """Return what is linear in e, from `of(chain)` for the chain of each of its terms."""
    found = [zero(shape)]
    for t, c in pairs(e):
        k, powers, chain = factors(t)
        found.append(product(number(c * k), *scalars(powers), of(chain)))
    return add(*found)


def trace(e: Expression) -> Expression:
    """Return the trace, term by term."""
    return e if e.shape == (1, 1) else termwise(e, (1, 1), lambda chain: cyclic(list(chain)))


def total(e: Expression) -> Expression:
    """Return the sum of all entries."""
    return e if e.shape == (1, 1) else termwise(e, (1, 1), lambda chain: _total(chain, e.shape))


def _total(chain, shape):
    if len(chain) > 1:
        return product(ones(1, shape[0]), *chain, ones(shape[1]))
    [e] = chain
    e = bare(e)
    if e.kind == "ones":
        return number(int(np.prod(e.shape)))
    if e.kind in ("unit", "eye", "select", "softmax"):
        return number(1 if e.shape[1] == 1 else e.shape[0])
    if e.kind in ("diag", "reshape"):
        return total(e.args[0])
    if e.kind == "had":
        return _inner(e)
    return Expression("total", (e,), (1, 1))


def _inner(e):
    """Return the sum of the entries of an entrywise product: a norm, a trace or a sum."""
    inner = [x.args[0].shape for x, _ in e.args if x.kind == "reshape"]
    if len(inner) == len(e.args) and len(set(inner)) == 1:
        e = powers_product([(x.args[0], p) for x, p in e.args], inner[0])
        return total(e)
    found = [p for _, p in e.args]
    if found == [2] and exponent(e) is None:
        return power(norm(e.args[0][0]), 2)
    if found != [1, 1] or len(e.shape) != 2:
        return Expression("total", (e,), (1, 1))
    (a, _), (b, _) = e.args
    if "eye" in (a.kind, b.kind):
        return trace(b if a.kind == "eye" else a)
    a = transposed(a)
    return cyclic([part for x in (a, b) for part in (x.args[1] if x.kind == "term" else (x,))])


def norm(e: Expression) -> Expression:
    """Return the root of the sum of all squares."""
    c, powers, chain = factors(e)
    front = _sizes(c, powers)
    if e.shape == (1, 1):
        return product(*front)
    whole = term(1, {}, chain, e.shape)
    inside = min(bare(whole), bare(transposed(whole)), key=_rank)
    return product(*front, Expression("norm", (inside,), (1, 1)))


def _absolute(e):
    return e if is_positive(e) else Expression("fn", ("abs", e), e.shape)


def _sizes(c, powers):
    """Return the absolute values of a number and of powers of numbers, each as a factor."""
    found = [power_of(x if p % 2 == 0 else _absolute(x), p) for x, p in powers.items()]
    return [number(abs(c)), *found]


def cyclic(chain: Sequence) -> Expression:
    """Return the trace of a chain, turned and transposed into the one form that is kept."""
    if len(chain) == 1:
        return _trace_of_one(chain[0])
    if (met := _meet(chain[-1], chain[0])) is not None:
        return trace(product(met, *chain[1:-1]))
    if len(chain) == 2:
        both = {transposed(chain[0]): 1, chain[1]: 1}
        e = hadamard(*both) if len(both) == 2 else power(chain[1], 2)
        if e.kind != "had" or dict(e.args) != both:
            return total(e)
    starts = [i for i, e in enumerate(chain) if e.shape[0] == 1]
    turns = [chain[i:] + chain[:i] for i in starts or range(len(chain))]
    turns += [[transposed(e) for e in reversed(turn)] for turn in turns]

    def rank(turn):  # the fewest transposes, a row of the identity first
        return sum(e.kind == "T" for e in turn), bare(turn[0]).kind != "unit", str(turn)

    best = min(turns, key=rank)
    half, odd = divmod(len(best), 2)
    for turn in [] if odd else turns:
        if [transposed(e) for e in reversed(turn[:half])] == turn[half:]:
            return power(norm(product(*turn[half:])), 2)
    return Expression("trace", tuple(best), (1, 1))


def _trace_of_one(e):
    if e.kind == "T":
        return trace(e.args[0])
    if e.kind == "eye":
        return number(e.shape[0])
    return total(e.args[0]) if e.kind == "diag" else Expression("trace", (e,), (1, 1))


def determinant(e: Expression) -> Expression:
    """Return the determinant: of a product, those of its factors where these are square."""
    n = e.shape[0]
    c, powers, chain = factors(e)
    parts = map(_determinant, _squares(chain, e.shape))
    return product(number(c**n), *(power(x, n) for x in scalars(powers)), *parts)


def _determinant(e):
    if e.kind == "T":
        return _determinant(e.args[0])
    if e.kind == "inv":
        return power(determinant(e.args[0]), -1)
    return ONE if e.kind == "eye" else Expression("det", (e,), (1, 1))


# Functions of every entry, and other functions of matrices


def function(name: str, e: Expression) -> Expression:
    """Apply a function such as sin to every entry."""
    if e.kind == "T":
        return transposed(function(name, e.args[0]))
    c, powers, chain = factors(e)
    if not powers and all(map(is_ones, chain)):
        value = FUNCTIONS[name](float(c))
        if np.isfinite(value) and value == int(value):
            return scaled(all_ones(e.shape), rational(value))
    if name == "exp":
        return _exponential(e)
    if name == "abs":
        return product(*_sizes(c, powers), *map(_absolute, _entrywise(chain, e.shape)))
    if name == "log" and (found := _logarithm(e)) is not None:
        return found
    return Expression("fn", (name, e), e.shape)


def _exponential(e):
    """Write exp of a sum with what can leave it: logarithms, and extremes, which may cancel."""
    outside, inside = [], []
    for t, c in pairs(e):
        _, powers, chain = factors(t)
        u, v = column_row(t) or (None, None)
        if t.kind == "fn" and t.args[0] == "log":
            outside.append((t.args[1], c))
        elif e.shape != (1, 1) and _is_level(powers) and all(map(is_ones, chain)):
            scalar = term(c, powers, (), (1, 1))
            outside.append((product(_exponential(scalar), all_ones(e.shape)), 1))
        elif v is not None and "ones" in (u.kind, v.kind) and _is_level((u, v)):
            u, v = (x if x.kind == "ones" else _exponential(scaled(x, c)) for x in (u, v))
            outside.append((product(u, transposed(v)), 1))
        else:
            inside.append((t, c))
    if inside:
        c, rest = content(_sum(tuple(inside), e.shape))
        outside.append((Expression("fn", ("exp", rest), e.shape), c))
    return powers_product(outside or [(all_ones(e.shape), 1)], e.shape)


def _is_level(parts):
    """Say whether an extreme of all entries or of each row, or a logarithm, is among parts."""
    return any(x.kind in ("of", "along") or x.kind == "fn" and x.args[0] == "log" for x in parts)


def is_ones(e: Expression) -> bool:
    """Say whether it is a column or a row of ones."""
    return bare(e).kind == "ones"


def _logarithm(e):
    """Return the logarithm of a product that has some exp(t) in it, or None."""
    found = e.args if e.kind == "had" else ((e, 1),)
    if e.kind == "term" and not e.args[1]:
        found = e.args[0]
    known = [(x, p) for x, p in found if x.kind == "fn" and x.args[0] == "exp"]
    rest = [pair for pair in found if pair not in known]
    if not known:
        return None
    parts = [scaled(x.args[1], p) for x, p in known]
    return add(*parts, function("log", powers_product(rest, e.shape)) if rest else zero(e.shape))


def _met(powers):
    """Write 1 + exp(t) as 1/σ(-t), exp(-t) σ(t) as σ(-t), sign(t) t as |t|."""
    found = {}
    for e, p in powers.items():
        t = _softplus(e)
        _merge(found, {e: p} if t is None else {function("sigma", scaled(t, -1)): -p})
    for e in [e for e in found if e.kind == "fn" and e.args[0] == "sign"]:
        t = e.args[1]
        size = Expression("fn", ("abs", t), e.shape)
        for a, b in ((t, size), (size, t)):  # sign(t) t is |t|, and sign(t) |t| is t
            if found[e] >= 1 and found.get(a, 0) >= 1:
                _merge(found, {a: -1, e: -1, b: 1})
                break
    for e in [e for e in found if e.kind == "fn" and e.args[0] == "sigma"]:
        c, rest = content(e.args[1])
        exp = Expression("fn", ("exp", rest), e.shape)
        while found[e] >= 1 and c and found.get(exp, 0) * -c >= 1:
            _merge(found, {exp: c, e: -1, function("sigma", scaled(e.args[1], -1)): 1})
    return {e: p for e, p in found.items() if p != 0}


def _softplus(e):
    """Return t where an expression is 1 + exp(t)."""
    if e.kind != "sum" or len(e.args) != 2 or any(c != 1 for _, c in e.args):
        return None
    (a, _), (b, _) = e.args
    one = all_ones(e.shape)
    rest = b if a == one else a if b == one else None
    return None if rest is None else exponent(rest)


def exponent(e: Expression) -> Expression | None:
    """Return t where an expression is exp(t), else None."""
    if e.kind == "T":
        t = exponent(e.args[0])
        return t and transposed(t)
    found = _logarithm(e)
    return None if found is None or "log" in found.key else found


def compare(sign: str, a: Expression, b: Expression) -> Expression:
    """Return a matrix of 0 and 1 that says where ``a > b`` holds, or another comparison."""
    return Expression("compare", (sign, a, b), a.shape)


def diagonal_matrix(e: Expression) -> Expression:
    """Return the diagonal matrix with these entries."""
    if e.shape == (1, 1):
        return e
    c, powers, chain = factors(e)
    [inner] = _entrywise(chain, e.shape)
    n = e.shape[0]
    core = identity(n) if inner.kind == "ones" else Expression("diag", (inner,), (n, n))
    return product(number(c), *scalars(powers), core)


def diagonal(e: Expression) -> Expression:
    """Return the entries on the diagonal, as a column."""
    return e if e.shape == (1, 1) else termwise(e, (e.shape[0], 1), _diagonal)


def _diagonal(chain):
    whole = product(*chain)
    if cut := column_row(whole):
        return hadamard(*cut)
    return Expression("diagonal", (min(whole, transposed(whole), key=_rank),), (whole.shape[0], 1))


def reshaped(e: Expression, shape: tuple) -> Expression:
    """List the entries row by row in another shape."""
    if e.shape == shape:
        return e
    if e.shape == shape[::-1] and 1 in shape:
        return transposed(e)
    c, powers, chain = factors(e)
    core = term(1, {}, chain, e.shape) if chain else e
    if core.kind == "reshape":
        core = reshaped(core.args[0], shape)
    elif all(map(is_ones, chain)):
        core = ones(*shape)
    else:
        core = Expression("reshape", (core, shape), shape)
    return product(number(c), *scalars(powers), core)


def kronecker(a: Expression, b: Expression) -> Expression:
    """Return the Kronecker product."""
    shape = (a.shape[0] * b.shape[0], a.shape[1] * b.shape[1])
    c, powers, chain = factors(a)
    k, more, rest = factors(b)
    parts = tuple(term(1, {}, x, e.shape) if x else ONE for x, e in ((chain, a), (rest, b)))
    front = number(c * k), *scalars(powers), *scalars(more)
    return product(*front, Expression("kron", parts, shape))


def of(name: str, e: Expression) -> Expression:
    """Return a number that a function such as max makes of all entries."""
    return e if e.shape == (1, 1) else Expression("of", (name, e), (1, 1))


def along(name: str, e: Expression) -> Expression:
    """Return a column of what a function such as max makes of each row."""
    return e if e.shape[1] == 1 else Expression("along", (name, e), (e.shape[0], 1))


def softmax(e: Expression) -> Expression:
    """Return exp over its sum: of a vector, or of each row of a matrix."""
    return Expression("softmax", (e,), e.shape)


# Values, and the same expression with other letters


REBUILD = {
    "T": transposed, "inv": inverse, "diag": diagonal_matrix, "diagonal": diagonal,
    "norm": norm, "det": determinant, "total": total, "kron": kronecker,
    "trace": lambda *chain: trace(product(*chain)),
    "fn": function, "of": of, "along": along, "compare": compare, "reshape": reshaped,
    "softmax": softmax,
}  # fmt: skip


def rebuilt(e: Expression, change: Callable, memo: dict | None = None) -> Expression:
    """Build an expression anew, with ``change(part)`` in place of a part where it is not None."""
    memo = {} if memo is None else memo
    if e not in memo:
        new = change(e)
        memo[e] = _rebuilt(e, lambda x: rebuilt(x, change, memo)) if new is None else new
    return memo[e]


def _rebuilt(e, again):
    if e.kind == "sum":
        return add(zero(e.shape), *(scaled(again(t), c) for t, c in e.args))
    if e.kind == "term":
        powers, chain = e.args
        return product(ONE, *(power(again(x), p) for x, p in powers), *map(again, chain))
    if e.kind == "had":
        return powers_product([(again(x), p) for x, p in e.args], e.shape)
    if e.kind in REBUILD:
        return REBUILD[e.kind](*(again(x) if isinstance(x, Expression) else x for x in e.args))
    return e


def parts(e: object) -> Iterator:
    """Yield an expression and all that it is made of."""
    if isinstance(e, Expression):
        yield e
        yield from parts(e.args)
    elif isinstance(e, tuple):
        for part in e:
            yield from parts(part)


def letters(e: Expression) -> list:
    """Return the variables of an expression, in the order in which they appear."""
    return list(dict.fromkeys(part for part in parts(e) if part.kind == "var"))


FUNCTIONS = {
    "abs": np.absolute, "arctan": np.arctan, "cos": np.cos, "cosh": np.cosh, "exp": np.exp,
    "log": np.log, "sigma": lambda x: 1 / (1 + np.exp(-x)), "sign": np.sign, "sin": np.sin,
    "sinh": np.sinh, "tan": np.tan, "tanh": np.tanh,
}  # fmt: skip
COMPARISONS = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
    "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
VALUES = {
    "T": lambda x: x.T,
    "inv": np.linalg.inv,
    "diag": lambda x: np.diag(x.ravel()),
    "diagonal": lambda x: np.diag(x)[:, None],
    "norm": lambda x: np.sqrt(np.sum(x * x)),
    "det": np.linalg.det,
    "total": np.sum,
    "kron": np.kron,
    "trace": lambda *chain: np.trace(reduce(np.matmul, chain)),
    "fn": lambda name, x: FUNCTIONS[name](x),
    "of": lambda name, x: {"max": np.max, "min": np.min, "prod": np.prod}[name](x),
    "along": lambda name, x: {"max": np.max, "min": np.min}[name](x, axis=1),
    "compare": lambda sign, a, b: COMPARISONS[sign](a, b) * 1.0,
    "reshape": np.reshape,
    "ones": lambda *shape: np.ones(shape if len(shape) > 1 else (*shape, 1)),
    "unit": lambda n, k: np.eye(n)[:, [k]],
    "eye": np.eye,
    "select": lambda n, rows: np.eye(n)[list(rows)],
    "softmax": lambda x: _softmax(x if x.shape[1] > 1 else x.T).reshape(x.shape),
}


def _softmax(x):
    powers = np.exp(x - x.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def value(e: Expression, numbers: dict, memo: dict | None = None) -> np.ndarray:
    """Return the array that an expression stands for; `numbers` has those of the letters."""
    memo = {} if memo is None else memo
    if e not in memo:
        memo[e] = np.reshape(_value(e, numbers, lambda x: value(x, numbers, memo)), e.shape)
    return memo[e]


def _value(e, numbers, again):
    if e.kind == "var":
        return numbers[e.args[0]]
    if e.kind == "sum":
        return sum((float(c) * again(t) for t, c in e.args), np.zeros(e.shape))
    if e.kind == "had":
        return reduce(np.multiply, (again(x) ** float(p) for x, p in e.args))
    if e.kind == "term":
        scale = np.prod([np.power(again(x).item(), float(p)) for x, p in e.args[0]])
        return scale * (reduce(np.matmul, map(again, e.args[1])) if e.args[1] else 1.0)
    return VALUES[e.kind](*(again(x) if isinstance(x, Expression) else x for x in e.args))
