"""An algebra of matrix expressions, in which like terms meet because all have one normal form.

Everything is a matrix here: a number is 1 × 1, a vector a column, and so is the list of all
entries of an array with three or more axes. An expression is a sum of terms with numbers in
front. A term is a product of numbers (norms, traces, determinants), each with its power, and of a
chain of matrices. What comes out of the functions below is simplified: factors of one entry leave
the chain, an inverse meets its matrix, transposes move inwards to the letters and vanish in
pairs, traces are turned, entrywise products collect powers.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from functools import reduce
from math import gcd, isclose
from numbers import Real

import numpy as np

from mathutils.sentences import say

LONGEST = 12_000  # signs in the text of an expression; nobody reads a tenth of that


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


ONE = Expression("product", ((), ()), (1, 1))


def variable(name: str, shape: tuple, bold: bool = False, symmetric: bool = False) -> Expression:
    """Return a letter. A symmetric one is its own transpose, and a bold one is a vector."""
    return Expression("letter", (name, bold, symmetric), shape)


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
    left, right = (ONE if n == 1 else Expression("ones", (n,), (n, 1)) for n in (rows, columns))
    return product(left, transposed(right))


def identity(n: int) -> Expression:
    """Return the identity, n × n."""
    return ONE if n == 1 else Expression("eye", (n,), (n, n))


def columns(n: int, places: Sequence) -> Expression:
    """Return the columns of the identity at these places; one of them is a unit vector."""
    if list(places) == list(range(n)):
        return identity(n)
    return Expression("columns", (n, tuple(places)), (n, len(places)))


# Sums


def pairs(e: Expression) -> tuple:
    """Return the terms of an expression, each with the number in front of it."""
    return e.args if e.kind == "sum" else ((e, Fraction(1)),)


def add(*parts: Expression) -> Expression:
    """Add expressions of one shape, and collect like terms."""
    found, shape = {}, parts[0].shape
    for part in parts:
        for term, c in pairs(part):
            found[term] = found.get(term, 0) + c
    found = {term: c for term, c in found.items() if c != 0}
    for e, c in found.items():
        if e.kind == "sigma" and found == {e: c, ones(*shape): -c}:
            return scaled(function("sigma", scaled(e.args[0], -1)), -c)  # 1 - σ(t)
    return _sum(tuple(found.items()), shape)


def scaled(e: Expression, c: Real) -> Expression:
    """Multiply by a number."""
    c = rational(c) if isinstance(c, float) else c
    return _sum(tuple((term, c * k) for term, k in pairs(e) if c != 0), e.shape)


def minus(a: Expression, b: Expression) -> Expression:
    """Return a - b."""
    return add(a, scaled(b, -1))


def _sum(found, shape):
    is_one = len(found) == 1 and found[0][1] == 1
    return found[0][0] if is_one else Expression("sum", found, shape)


def is_sum(e: Expression) -> bool:
    """Say whether it has several terms, so that it needs brackets in a product."""
    return e.kind == "sum" and len(e.args) > 1


def turns(e: Expression) -> int:
    """Return how many transposes there are."""
    return e.key.count("T(")


def turned_least(e: Expression) -> Expression:
    """Return the expression or its transpose, whichever has fewer transposes."""
    return min(e, transposed(e), key=lambda x: (turns(x), x.key))


def content(e: Expression) -> tuple:
    """Split a number off: the greatest that leaves whole coefficients, and a sign.

    What is constant is positive then, as in 1 - x, or else the longest term, as in A x - b.
    """
    if e.kind != "sum" or not e.args:
        return Fraction(1), e
    sizes = [abs(c) for _, c in e.args]
    _, first = max(e.args, key=lambda pair: _weight(pair[0]))
    are_fractions = all(isinstance(c, (int, Fraction)) for c in sizes)
    if are_fractions and len({c.denominator for c in sizes}) == 1:
        size = Fraction(gcd(*(c.numerator for c in sizes)), sizes[0].denominator)
    else:
        size = sizes[0] if len(set(sizes)) == 1 else Fraction(1)
    size = size if first > 0 else -size
    return size, scaled(e, 1 / size)


def _weight(e):
    turned = turned_least(e).key
    return is_constant(e), len(turned), turned, e.key


def is_constant(e: Expression) -> bool:
    """Say whether it is made of ones, or is the identity."""
    _, powers, chain = factors(e)
    return e.kind == "eye" or not powers and all(map(is_ones, chain))


# Products


def factors(e: Expression) -> tuple:
    """Return the number in front, the powers of numbers, and the chain; a sum is one factor."""
    c, e = content(e) if e.kind == "sum" else (Fraction(1), e)
    if e.kind == "sum" and not e.args:
        return Fraction(0), {}, (e,)
    if e.kind == "product":
        return c, dict(e.args[0]), e.args[1]
    return (c, {e: Fraction(1)}, ()) if e.shape == (1, 1) else (c, {}, (e,))


def split(e: Expression) -> tuple:
    """Return the number in front, with all powers of numbers, and what stands behind it."""
    c, powers, chain = factors(e)
    return term(c, powers, (), (1, 1)), term(1, {}, chain, e.shape)


def term(c: Real, powers: dict, chain: Sequence, shape: tuple) -> Expression:
    """Return a number times powers of numbers times a chain that is simple already."""
    plain = {}
    for e, p in _met(powers).items():  # a power of a product is a product of powers
        k, inner, _ = factors(e) if p == int(p) else (1, {e: 1}, ())
        c *= k**p
        _merge(plain, inner, p)
    powers = dict(sorted(((e, p) for e, p in plain.items() if p != 0), key=_order))
    if not powers and len(chain) == 1:
        return scaled(chain[0], c)
    if not chain and list(powers.values()) == [1]:
        return scaled(next(iter(powers)), c)
    return scaled(Expression("product", (tuple(powers.items()), tuple(chain)), shape), c)


def _order(pair):
    return pair[0].kind != "letter", pair[0].key


def product(*parts: Expression) -> Expression:
    """Multiply matrices, numbers among them, in this order."""
    matrices = [part.shape for part in parts if part.shape != (1, 1)] or [(1, 1)]
    shape = matrices[0][0], matrices[-1][1]
    c, powers, chain = Fraction(1), {}, []
    for part in parts:
        k, some, more = factors(part)
        if k == 0:
            return zero(shape)
        c *= k
        _merge(powers, some)
        chain += more
    if (shorter := _shortened(chain, powers)) is None:
        return term(c, powers, tuple(chain), shape)
    return product(number(c), *scalars(powers), *shorter)


def scalars(powers: dict) -> list:
    """Return powers of numbers, each as a factor."""
    return [power_of(x, p) for x, p in powers.items()]


def power_of(e: Expression, p: Real) -> Expression:
    """Return a number, 1 × 1, raised to a power, as it stands."""
    return term(Fraction(1), {e: p}, (), (1, 1))


def _merge(powers, more, times=1):
    for e, p in more.items():
        powers[e] = powers.get(e, 0) + p * times


def _shortened(chain, powers):
    """Return the factors of a chain that has become simpler by one step, or None."""
    for i, e in enumerate(chain):
        before, after = chain[:i], chain[i + 1 :]
        if e.kind == "eye" and len(chain) > 1:
            return before + after
        if i and (met := _meet(chain[i - 1], e)) is not None:
            return [*chain[: i - 1], met, *after]
        if e.kind == "diag" and after and after[-1].shape[1] == 1:
            return [*before, hadamard(e.args[0], product(*after))]
        if e.kind == "diag" and before and before[0].shape[0] == 1:
            row = hadamard(transposed(product(*before)), e.args[0])
            return [transposed(row), *after]
        if 1 in e.shape and exponent(e) and powers.get(total(e), 0) < 0:
            powers[total(e)] += 1
            return [*before, softmax(exponent(e)), *after]
    sizes = [e.shape[0] for e in chain] + [e.shape[1] for e in chain[-1:]]
    cuts = [i for i, size in enumerate(sizes) if size == 1]
    for i, j in zip(cuts, cuts[1:], strict=False):  # what starts and ends with one entry
        return [*chain[:i], cyclic(chain[i:j]), *chain[j:]]
    return None


def _meet(a, b):
    """Return what two neighbours in a chain make together, or None."""
    if "inv" in (bare(a).kind, bare(b).kind) and a == _inverse(b):
        return identity(a.shape[0])
    if a.kind == "softmax" and a.shape[1] > 1 and b.kind == "ones":
        return ones(a.shape[0])
    if a.kind == b.kind == "diag":
        return diagonal_matrix(hadamard(a.args[0], b.args[0]))
    if a.kind == "diag":
        return _softmax_of_rows(a.args[0], b)
    if b.kind == "diag" and (met := _softmax_of_rows(b.args[0], transposed(a))) is not None:
        return transposed(met)
    return None


def _softmax_of_rows(scale, e):
    """Return diag(scale) exp(t) by softmax(t), where the sums of the rows are below."""
    if scale.kind != "had" or (t := exponent(e)) is None:
        return None
    sums = product(e, ones(e.shape[1]))
    if dict(scale.args).get(sums, 0) >= 0:
        return None
    return product(diagonal_matrix(hadamard(scale, sums)), softmax(t))


def transposed(e: Expression) -> Expression:
    """Move a transpose inwards: of a product, to its factors in the other order."""
    if e.shape == (1, 1) or e.kind in ("eye", "diag") or e.kind == "letter" and e.args[2]:
        return e
    shape = e.shape[::-1]
    if e.kind == "T":
        return e.args[0]
    if e.kind == "product":
        return Expression("product", (e.args[0], tuple(map(transposed, e.args[1][::-1]))), shape)
    if e.kind in ("sum", "had"):
        return Expression(e.kind, tuple((transposed(x), p) for x, p in e.args), shape)
    if e.kind in ("kron", "compare", "power") or e.kind in FUNCTIONS:
        args = (transposed(x) if isinstance(x, Expression) else x for x in e.args)
        return Expression(e.kind, tuple(args), shape)
    is_symmetric = e.kind == "inv" and transposed(e.args[0]) == e.args[0]
    return e if is_symmetric else Expression("T", (e,), shape)


def bare(e: Expression) -> Expression:
    """Return what stands below a transpose."""
    return e.args[0] if e.kind == "T" else e


def inverse(e: Expression) -> Expression:
    """Return the inverse: of a product, those of its factors where these are square."""
    scale, core = split(e)
    return product(power(scale, -1), *map(_inverse, reversed(_squares(core))))


def _squares(e):
    """Return the factors of a square matrix where all are square, or else it as one."""
    chain = factors(e)[2]
    return chain if all(part.shape[0] == part.shape[1] for part in chain) else (e,)


def _inverse(e):
    if e.kind in ("eye", "inv"):
        return e.args[0] if e.kind == "inv" else e
    if bare(e).kind == "inv":
        return transposed(bare(e).args[0])
    least = turned_least(e)
    found = Expression("inv", (least,), e.shape)
    return found if least == e else transposed(found)


# Entrywise products


def hadamard(*parts: Expression) -> Expression:
    """Multiply entry by entry; all have the same shape."""
    return powers_product([(part, 1) for part in parts], parts[0].shape)


def power(e: Expression, p: Real) -> Expression:
    """Raise each entry to a power that is a number."""
    return powers_product([(e, rational(p))], e.shape)


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
        if chain:
            _collect(term(1, {}, chain, shape), p, entrywise, outer)
    return product(number(c), *scalars(powers), *_assembled(_met(entrywise), outer, shape))


def _collect(e, p, entrywise, outer):
    """Add a factor to an entrywise product, in which products of two vectors stand apart."""
    if e.kind == "had" and (p == int(p) or all(map(_has_one_sign, e.args))):
        _merge(entrywise, dict(e.args), p)
    elif p == int(p) and (cut := column_row(e)):
        outer.append(tuple(power(part, p) for part in cut))
    elif e.kind == "compare":
        entrywise[e] = Fraction(1)
    elif not is_ones(e):
        _merge(entrywise, {e: p})


def _has_one_sign(pair):
    """Say whether (xᵠ)ᵖ is x to the power pq, also where x is negative."""
    x, q = pair
    return q == 1 or is_positive(x)


def is_positive(e: Expression) -> bool:
    """Say whether no entry can be negative, as far as the form tells."""
    return e.kind in ("norm", "exp", "abs", "sigma")


def is_ones(e: Expression) -> bool:
    """Say whether it is a column or a row of ones."""
    return bare(e).kind == "ones"


def column_row(e: Expression) -> tuple | None:
    """Return the column u and the column v of a matrix u vᵀ, or None."""
    chain = e.args[1] if e.kind == "product" else ()
    for i in range(1, len(chain)):
        if chain[i].shape[0] == 1:
            return product(*chain[:i]), transposed(product(*chain[i:]))
    return None


def _assembled(entrywise, outer, shape):
    """Return the factors that make an entrywise product of powers and of columns times rows."""
    for e in entrywise:
        if is_unit(bare(e)):  # it picks one entry
            rest = [(x if e.kind != "T" else transposed(x), p) for x, p in entrywise.items()]
            return [*(power(_entry(bare(e), x), p) for x, p in rest if x != bare(e)), e]
    if not entrywise:
        middle = [] if outer else [ones(*shape)]
    elif list(entrywise.values()) == [1]:
        middle = list(entrywise)
    else:
        middle = [Expression("had", tuple(entrywise.items()), shape)]
    if not outer:
        return middle
    left, right = (hadamard(*columns) for columns in zip(*outer, strict=True))
    if not entrywise:
        return [left, transposed(right)]
    return [diagonal_matrix(left), *middle, diagonal_matrix(right)]


def _entry(unit, e):
    around = transposed(unit), e
    return product(*around) if e.kind == "product" else Expression("trace", around, (1, 1))


def is_unit(e: Expression) -> bool:
    """Say whether it is one column of the identity."""
    return e.kind == "columns" and e.shape[1] == 1


# Numbers made of matrices


def termwise(e: Expression, shape: tuple, of: Callable) -> Expression:
    """Return what is linear in e, from `of(core)` for each term but the number before it."""
    found = [(c, *split(t)) for t, c in pairs(e)]
    return add(zero(shape), *(product(number(c), scale, of(core)) for c, scale, core in found))


def trace(e: Expression) -> Expression:
    """Return the trace, term by term."""
    return e if e.shape == (1, 1) else termwise(e, (1, 1), lambda core: cyclic(factors(core)[2]))


def total(e: Expression) -> Expression:
    """Return the sum of all entries, 1ᵀ e 1."""
    return e if e.shape == (1, 1) else termwise(e, (1, 1), _total)


def _total(e):
    if e.kind == "product":
        return product(ones(1, e.shape[0]), e, ones(e.shape[1]))
    e = turned_least(e)
    if e.kind == "ones":
        return number(e.shape[0])
    if e.kind in ("columns", "eye"):
        return number(e.shape[1])
    if e.kind == "softmax":
        return number(1 if e.shape[1] == 1 else e.shape[0])
    if e.kind in ("diag", "reshape"):
        return total(e.args[0])
    found = [p for _, p in e.args] if e.kind == "had" else []
    if found == [2] and exponent(e) is None:
        return power(norm(e.args[0][0]), 2)
    if found == [1, 1]:
        (a, _), (b, _) = e.args
        return trace(product(transposed(a), b))
    around = [ones(1, e.shape[0]), e, ones(e.shape[1])]
    return Expression("trace", tuple(x for x in around if x != ONE), (1, 1))


def norm(e: Expression) -> Expression:
    """Return the root of the sum of all squares."""
    scale, core = split(e)
    size = function("abs", scale)
    return size if core == ONE else product(size, _number("norm", turned_least(core)))


def cyclic(chain: Sequence) -> Expression:
    """Return the trace of a chain, turned and transposed into the one form that is kept."""
    chain = list(chain)
    if len(chain) == 1:
        return _trace_of_one(chain[0])
    if (met := _meet(chain[-1], chain[0])) is not None:
        return trace(product(met, *chain[1:-1]))
    between = [e for e in chain if not is_ones(e)]
    if len(between) == 1:
        return total(between[0])
    if len(chain) == 2:
        e = hadamard(transposed(chain[0]), chain[1])
        core = content(e)[1]
        is_had = core.kind == "had"
        if (
            not is_had
            or [p for _, p in core.args] != [1, 1]
            or "had" in (chain[0].kind, chain[1].kind)
        ):
            return total(e)
    starts = [i for i, e in enumerate(chain) if e.shape[0] == 1]
    turned = [chain[i:] + chain[:i] for i in starts or range(len(chain))]
    turned += [[transposed(e) for e in reversed(turn)] for turn in turned]

    def rank(turn):  # the fewest transposes, a row of the identity first
        return sum(map(turns, turn)), not is_unit(bare(turn[0])), str(turn)

    best = min(turned, key=rank)
    half, odd = divmod(len(best), 2)
    for turn in [] if odd else turned:
        if [transposed(e) for e in reversed(turn[:half])] == turn[half:]:
            return power(norm(product(*turn[half:])), 2)
    return Expression("trace", tuple(best), (1, 1))


def _trace_of_one(e):
    if e.kind == "eye":
        return number(e.shape[0])
    return total(e.args[0]) if e.kind == "diag" else _number("trace", turned_least(e))


def determinant(e: Expression) -> Expression:
    """Return the determinant: of a product, those of its factors where these are square."""
    scale, core = split(e)
    return product(power(scale, e.shape[0]), *map(_determinant, _squares(core)))


def _determinant(e):
    if e.kind == "inv":
        return power(determinant(e.args[0]), -1)
    return ONE if e.kind == "eye" else _number("det", turned_least(e))


def _number(kind, e):
    return Expression(kind, (e,), (1, 1))


# Functions of every entry


def function(name: str, e: Expression) -> Expression:
    """Apply a function such as sin to every entry."""
    c, powers, chain = factors(e)
    if c == 0 or not powers and all(map(is_ones, chain)):
        value = FUNCTIONS[name](float(c))
        if np.isfinite(value) and value == int(value):
            return scaled(ones(*e.shape), value)
    if name == "exp":
        return _exponential(e)
    if name == "abs":
        sizes = [power_of(x if p % 2 == 0 else _absolute(x), p) for x, p in powers.items()]
        whole = [_absolute(term(1, {}, chain, e.shape))] if chain else []
        return product(number(abs(c)), *sizes, *whole)
    return Expression(name, (e,), e.shape)


def _absolute(e):
    return e if is_positive(e) else Expression("abs", (e,), e.shape)


def _exponential(e):
    """Return exp of a sum, with extremes and logarithms of all entries outside, to cancel."""
    levels, inside = [], []
    for t, c in pairs(e):
        scale, core = split(t)
        if scale.kind in ("log", "max", "min") and all(map(is_ones, factors(core)[2])):
            inner = Expression("exp", (scale,), (1, 1))
            levels.append((scale.args[0] if scale.kind == "log" else inner, c))
        else:
            inside.append((t, c))
    c, rest = content(_sum(tuple(inside), e.shape))
    exp = Expression("exp", (rest,), e.shape) if inside else ones(*e.shape)
    return product(powers_product(levels, (1, 1)), power(exp, c))


def exponent(e: Expression) -> Expression | None:
    """Return t where an expression is exp(t), else None."""
    found = {"had": e.args, "product": e.args[0]}.get(e.kind, ((e, 1),))
    if e.kind == "product" and e.args[1] or not found or any(x.kind != "exp" for x, _ in found):
        return None
    return add(*(scaled(x.args[0], p) for x, p in found))


def _met(powers):
    """Write 1 + exp(t) as 1/σ(-t), exp(-t) σ(t) as σ(-t), sign(t) t as |t|."""
    found = {}
    for e, p in powers.items():
        t = _softplus(e)
        _merge(found, {e: p} if t is None else {function("sigma", scaled(t, -1)): -p})
    for e in [e for e in found if e.kind == "sign"]:
        [t] = e.args
        for a, b in ((t, _absolute(t)), (_absolute(t), t)):  # sign(t) t is |t|, sign(t) |t| is t
            if found[e] >= 1 and found.get(a, 0) >= 1:
                _merge(found, {a: -1, e: -1, b: 1})
    for e in [e for e in found if e.kind == "sigma"]:
        c, rest = content(e.args[0])
        exp = Expression("exp", (rest,), e.shape)
        while found[e] >= 1 and c and found.get(exp, 0) * -c >= 1:
            _merge(found, {exp: c, e: -1, function("sigma", scaled(e.args[0], -1)): 1})
    return {e: p for e, p in found.items() if p != 0}


def _softplus(e):
    """Return t where an expression is 1 + exp(t)."""
    if e.kind != "sum" or len(e.args) != 2 or any(c != 1 for _, c in e.args):
        return None
    found = [x for x, _ in e.args if x != ones(*e.shape)]
    return exponent(found[0]) if len(found) == 1 else None


# Other functions of matrices


def diagonal_matrix(e: Expression) -> Expression:
    """Return the diagonal matrix with these entries."""
    if e.shape == (1, 1):
        return e
    scale, core = split(e)
    n = e.shape[0]
    return product(scale, identity(n) if is_ones(core) else Expression("diag", (core,), (n, n)))


def diagonal(e: Expression) -> Expression:
    """Return the entries on the diagonal, as a column."""
    return e if e.shape == (1, 1) else termwise(e, (e.shape[0], 1), _diagonal)


def _diagonal(e):
    if cut := column_row(e):
        return hadamard(*cut)
    return Expression("diagonal", (turned_least(e),), (e.shape[0], 1))


def reshaped(e: Expression, shape: tuple) -> Expression:
    """List the entries row by row in another shape."""
    if e.shape == shape:
        return e
    if e.shape == shape[::-1] and 1 in shape:
        return transposed(e)
    scale, core = split(e)
    if core.kind == "reshape":
        return product(scale, reshaped(core.args[0], shape))
    if all(map(is_ones, factors(core)[2])):
        return product(scale, ones(*shape))
    return product(scale, Expression("reshape", (core, shape), shape))


def softmax(e: Expression) -> Expression:
    """Return exp over its sum: of a vector, or of each row of a matrix."""
    if e.shape[0] == 1:
        return transposed(softmax(transposed(e)))
    moving = [(t, c) for t, c in pairs(e) if not _is_level(factors(t)[2])]
    return Expression("softmax", (_sum(tuple(moving), e.shape),), e.shape)


def _is_level(chain):
    """Say whether a chain is the same all over a column, or in each row of a matrix."""
    return is_ones(chain[-1]) and (len(chain) == 1 or chain[-1].shape[0] == 1)


# The same expression with other letters, and values


REBUILT = {
    "T": transposed, "inv": inverse, "diag": diagonal_matrix, "diagonal": diagonal,
    "norm": norm, "det": determinant, "reshape": reshaped, "softmax": softmax,
    "trace": lambda *chain: trace(product(*chain)),
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
    if e.kind == "product":
        powers, chain = e.args
        return product(ONE, *(power(again(x), p) for x, p in powers), *map(again, chain))
    if e.kind == "had":
        return powers_product([(again(x), p) for x, p in e.args], e.shape)
    args = [again(x) if isinstance(x, Expression) else x for x in e.args]
    if e.kind in FUNCTIONS:
        return function(e.kind, *args)
    return REBUILT.get(e.kind, lambda *args: Expression(e.kind, args, e.shape))(*args)


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
    return list(dict.fromkeys(part for part in parts(e) if part.kind == "letter"))


def _softmax(x):
    axis = 0 if x.shape[1] == 1 else 1
    powers = np.exp(x - x.max(axis, keepdims=True))
    return powers / powers.sum(axis, keepdims=True)


FUNCTIONS = {
    "abs": np.absolute, "arctan": np.arctan, "cos": np.cos, "cosh": np.cosh, "exp": np.exp,
    "log": np.log, "sigma": lambda x: 1 / (1 + np.exp(-x)), "sign": np.sign, "sin": np.sin,
    "sinh": np.sinh, "tan": np.tan, "tanh": np.tanh,
}  # fmt: skip
COMPARISONS = {
    ">": np.greater, ">=": np.greater_equal, "<": np.less, "<=": np.less_equal,
    "==": np.equal, "!=": np.not_equal,
}  # fmt: skip
VALUES = FUNCTIONS | {
    "T": np.transpose,
    "inv": np.linalg.inv,
    "diag": lambda x: np.diag(x.ravel()),
    "diagonal": np.diag,
    "norm": lambda x: np.sqrt(np.sum(x * x)),
    "det": np.linalg.det,
    "kron": np.kron,
    "trace": lambda *chain: np.trace(reduce(np.matmul, chain)),
    "max": np.max,
    "min": np.min,
    "prod": np.prod,
    "rowmax": lambda x: np.max(x, axis=1),
    "rowmin": lambda x: np.min(x, axis=1),
    "power": np.power,
    "compare": lambda sign, a, b: COMPARISONS[sign](a, b) * 1.0,
    "reshape": np.reshape,
    "ones": np.ones,
    "eye": np.eye,
    "columns": lambda n, places: np.eye(n)[:, list(places)],
    "softmax": _softmax,
}


def value(e: Expression, numbers: dict, memo: dict | None = None) -> np.ndarray:
    """Return the array that an expression stands for; `numbers` has those of the letters."""
    memo = {} if memo is None else memo
    if e not in memo:
        memo[e] = np.reshape(_value(e, numbers, lambda x: value(x, numbers, memo)), e.shape)
    return memo[e]


def _value(e, numbers, again):
    if e.kind == "letter":
        return numbers[e.args[0]]
    if e.kind == "sum":
        return sum((float(c) * again(t) for t, c in e.args), np.zeros(e.shape))
    if e.kind == "had":
        return reduce(np.multiply, (again(x) ** float(p) for x, p in e.args))
    if e.kind == "product":
        scale = np.prod([np.power(again(x).item(), float(p)) for x, p in e.args[0]])
        return scale * (reduce(np.matmul, map(again, e.args[1])) if e.args[1] else 1.0)
    return VALUES[e.kind](*(again(x) if isinstance(x, Expression) else x for x in e.args))
