"""The shortest of several ways to write the same expression: multiplied out, or gathered.

What stands in one place of the algebra's normal form may still be written in several ways, such
as ``A x + Aᵀ x`` and ``(A + Aᵀ) x``. Here they are tried, and the one with the fewest signs wins.
"""

import re
from collections.abc import Collection
from itertools import combinations, takewhile
from itertools import product as every
from math import prod

from mathutils.letters.algebra import (
    Expression,
    add,
    bare,
    content,
    factors,
    function,
    hadamard,
    identity,
    is_unit,
    number,
    ones,
    pairs,
    parts,
    power,
    power_of,
    product,
    rebuilt,
    scalars,
    scaled,
    split,
    trace,
    zero,
)
from mathutils.letters.spell import Latex, spell

SIGN = re.compile(r"\\[A-Za-z]+|[A-Za-z]|\d+|[^\s{}]")
SILENT = {r"\mathbf", r"\operatorname", r"\rVert", r"\rvert", ")", "^", "_"}


def length(e: Expression) -> int:
    """Return how many signs it takes to write an expression."""
    return sum(sign not in SILENT for sign in SIGN.findall(spell(e, Latex())))


def shortest(e: Expression) -> Expression:
    """Return the same expression in the form that is the shortest to write."""
    if entries(e):
        return e
    wide = expanded(e)
    found = {part for part in parts(wide) if part.kind == "sigma"}
    if opposite := {x for x in found if function("sigma", scaled(x.args[0], -1)) in found}:
        wide = expanded(wide, opposite)
    plain, other = gathered(e), gathered(wide)
    return other if length(other) < length(plain) - 1 else plain


def entries(e: Expression) -> dict:
    """Return the entries of a vector or a matrix by their places, where it is a sum of such."""
    found, (rows, columns) = {}, e.shape
    for t, c in pairs(e):
        (scale, core), place = split(t), [0, 0]
        for part in factors(core)[2]:
            if not is_unit(bare(part)):
                return {}
            place[part.kind == "T"] = bare(part).args[1][0]
        found[tuple(place)] = add(found.get(tuple(place), zero((1, 1))), scaled(scale, c))
    return found if rows * columns <= max(9, 2 * len(found)) and rows * columns > 1 else {}


def expanded(e: Expression, opposite: Collection = ()) -> Expression:
    """Multiply out the sums that are factors of a product, with σ(-t) as 1 - σ(t) in some."""

    def change(part):
        if part.kind == "product":
            powers, chain = part.args
            front = [power_of(x, p) if p != 1 else again(x) for x, p in powers]
            return _distributed([*front, *map(again, chain)], product)
        if part.kind == "trace":
            return trace(_distributed([*map(again, part.args)], product))
        if part.kind == "had":
            return _distributed([power(again(x), p) for x, p in part.args], hadamard)
        if part in opposite and content(part.args[0])[0] < 0:
            other = function("sigma", scaled(part.args[0], -1))
            return Expression("sum", ((ones(*part.shape), 1), (other, -1)), part.shape)
        return None

    def again(part):
        return rebuilt(part, change)

    return again(e)


def _distributed(parts, multiply):
    """Return the sum of all products of a term of each part."""
    terms = list(map(pairs, parts))
    if not 1 < prod(map(len, terms)) <= 12:
        return multiply(*parts)
    found = []
    for choice in every(*terms):
        c = prod(k for _, k in choice)
        found.append(scaled(multiply(*(t for t, _ in choice)), c))
    return add(*found)


def gathered(e: Expression) -> Expression:
    """Put what terms have in common before or behind brackets, where that is shorter."""

    def change(part):
        if part.kind != "sum" or len(part.args) < 2:
            return None
        terms = [scaled(rebuilt(t, change), c) for t, c in part.args]
        while len(terms) > 1 and (found := _best_pair(terms)):
            i, j, both = found
            terms = [*(t for k, t in enumerate(terms) if k not in (i, j)), both]
        return add(*terms)

    return rebuilt(e, change)


def _best_pair(terms):
    """Return two terms and their sum with brackets, if that is shorter to write."""
    best, found = -1, None
    for (i, a), (j, b) in combinations(enumerate(terms), 2):
        plain = None
        for both, price in _brackets(a, b):
            plain = length(add(a, b)) if plain is None else plain
            gain = plain - length(both) - price
            if gain > best:
                best, found = gain, (i, j, both)
    return found


def _brackets(a, b):
    """Yield ways to write a + b as a product with a sum in it, and how many signs more to pay."""
    (c, p, left), (k, q, right) = _factors(a), _factors(b)
    common = {x: n for x, n in p.items() if q.get(x) == n}
    p, q = ({x: n for x, n in powers.items() if x not in common} for powers in (p, q))
    before, after = _shared(left, right), _shared(left[::-1], right[::-1])
    for start, end in dict.fromkeys([(before, after), (before, 0), (0, after), (0, 0)]):
        if not (start or end or common) or start + end > min(len(left), len(right)):
            continue
        inner = [_rest(c, p, left, start, end), _rest(k, q, right, start, end)]
        mixed = inner[0].shape != inner[1].shape
        if mixed:
            inner = [_as_matrix(x, inner) for x in inner]
        both = add(*inner)
        if both.kind != "sum" or both.args:
            price = 3 * mixed + (not start and not end)
            front = scalars(common)
            yield product(*front, *left[:start], both, *left[len(left) - end :]), price


def _factors(e):
    """Return the factors; those of a form such as xᵀ A y where it is the only one of its kind."""
    c, powers, chain = factors(e)
    forms = [x for x, n in powers.items() if n == 1 and x.kind == "trace" and 1 in x.args[0].shape]
    if not chain and len(forms) == 1:
        return c, {x: n for x, n in powers.items() if x not in forms}, forms[0].args
    return c, powers, chain


def _shared(a, b):
    """Return how many first elements two sequences have in common."""
    return len(list(takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False))))


def _rest(c, powers, chain, start, end):
    return product(number(c), *scalars(powers), *chain[start : len(chain) - end])


def _as_matrix(x, inner):
    """Return a number as that many times the identity, where the other one is a matrix."""
    shape = next(y.shape for y in inner if y.shape != (1, 1))
    return product(x, identity(shape[0])) if x.shape == (1, 1) else x
