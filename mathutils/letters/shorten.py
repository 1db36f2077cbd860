"""The shortest of several ways to write the same expression: multiplied out, or gathered.

What stands in one place of the algebra's normal form may still be written in several ways, such
as ``A x + Aᵀ x`` and ``(A + Aᵀ) x``. Here they are tried, and the one with the fewest signs wins.
"""

import re
from collections.abc import Collection
from itertools import combinations
from itertools import product as every
from math import prod

from mathutils.letters.algebra import (
    ONE,
    Expression,
    add,
    all_ones,
    content,
    diagonal_matrix,
    exponent,
    factors,
    function,
    hadamard,
    identity,
    number,
    ones,
    pairs,
    parts,
    power,
    power_of,
    powers_product,
    product,
    rebuilt,
    scalars,
    scaled,
    softmax,
    total,
    trace,
    transposed,
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
    forms = [e, expanded(e)]
    found = {part for part in parts(forms[1]) if part.kind == "fn" and part.args[0] == "sigma"}
    if opposite := {x for x in found if function("sigma", scaled(x.args[1], -1)) in found}:
        forms.append(expanded(forms[1], opposite))
    plain, *others = (with_softmax(gathered(form)) for form in forms)
    best = min(others, key=length)
    return turned_inwards(best if length(best) < length(plain) - 1 else plain)


def turned_inwards(e: Expression) -> Expression:
    """Return a transposed sum as the sum of its transposed terms, where that has no more of them.

    In a product it stays, beside another that may be the same.
    """
    if e.kind != "T" or e.args[0].kind != "sum":
        return e
    turned = tuple((transposed(t), c) for t, c in e.args[0].args)
    inwards = Expression("sum", turned, e.shape)
    return inwards if inwards.key.count("T(") <= e.key.count("T(") else e


def entries(e: Expression) -> dict:
    """Return the entries of a vector or a matrix by their places, where it is a sum of such."""
    if len(e.shape) != 2:
        return {}
    found, (rows, columns) = {}, e.shape
    for t, c in pairs(e):
        k, powers, chain = factors(t)
        place = _place(chain)
        if place is None:
            return {}
        part = product(number(c * k), *scalars(powers))
        found[place] = add(found[place], part) if place in found else part
    return found if rows * columns <= max(9, 2 * len(found)) and rows * columns > 1 else {}


def _place(chain):
    """Return the row and the column of the only entry of a chain that is not zero."""
    places = [0, 0]
    for part in chain:
        column = part.args[0] if part.kind == "T" else part
        if column.kind != "unit" or len(chain) > 2:
            return None
        places[part.kind == "T"] = column.args[1]
    return tuple(places) if chain else None


def expanded(e: Expression, opposite: Collection = ()) -> Expression:
    """Multiply out the sums that are factors of a product, with σ(-t) as 1 - σ(t) in some."""
    minus = {x: _one_minus(x) for x in opposite if content(x.args[1])[0] < 0}

    def change(part):
        if part.kind == "term":
            powers, chain = part.args
            front = [power_of(x, p) if p != 1 else rebuilt(x, change) for x, p in powers]
            return _distributed([*front, *(rebuilt(x, change) for x in chain)], product, minus)
        if part.kind == "trace":
            return trace(_distributed([rebuilt(x, change) for x in part.args], product, minus))
        if part.kind == "total" and part.args[0].kind == "had":
            return total(by_entries(part.args[0].args))
        return by_entries(part.args) if part.kind == "had" else None

    def by_entries(args):
        return _distributed([power(rebuilt(x, change), p) for x, p in args], hadamard, minus)

    return rebuilt(e, change)


def _one_minus(e):
    """Return the terms of σ(t) as 1 - σ(-t)."""
    return (all_ones(e.shape), 1), (function("sigma", scaled(e.args[1], -1)), -1)


def _distributed(parts, multiply, minus):
    """Return the sum of all products of a term of each part."""
    terms = [minus.get(part) or pairs(part) for part in parts]
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
        if part.kind == "T" and part.args[0].kind == "sum":
            return transposed(rebuilt(part.args[0], change))
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
    (c, p, first), (k, q, second) = factors(a), factors(b)
    common = {x: n for x, n in p.items() if q.get(x) == n}
    p, q = ({x: n for x, n in powers.items() if x not in common} for powers in (p, q))
    front = scalars(common)
    yield from _entrywise_brackets(a, front, (c, p, first), (k, q, second))
    for left, right, powers, others in _forms(first, second, p, q):
        before, after = _shared(left, right), _shared(left[::-1], right[::-1])
        for start, end in dict.fromkeys([(before, after), (before, 0), (0, after), (0, 0)]):
            if not (start or end or common) or start + end > min(len(left), len(right)):
                continue
            inner = [_rest(c, powers, left, start, end), _rest(k, others, right, start, end)]
            mixed = inner[0].shape != inner[1].shape
            if mixed:
                inner = [_as_matrix(x, inner) for x in inner]
            both = add(*inner)
            if both.kind != "sum" or both.args:
                price = 3 * mixed + (not start and not end)
                yield product(*front, *left[:start], both, *left[len(left) - end :]), price


def _forms(left, right, p, q):
    """Yield the chains to compare: those of the terms, or those of their forms such as xᵀ A y."""
    if left or right:
        yield left, right, p, q
        return
    forms = [[x for x, n in powers.items() if n == 1 and _is_form(x)] for powers in (p, q)]
    if list(map(len, forms)) == [1, 1]:
        [x], [y] = forms
        p, q = ({z: n for z, n in powers.items() if z not in (x, y)} for powers in (p, q))
        yield x.args, y.args, p, q
        yield x.args, tuple(transposed(e) for e in reversed(y.args)), p, q


def _is_form(e):
    return e.kind == "trace" and e.args[0].shape[0] == 1


def _entrywise_brackets(a, front, left, right):
    """Take out the factors that two entrywise products have in common."""
    (c, p, left), (k, q, right) = left, right
    if p or q or [x.kind for x in (*left, *right)] != ["had", "had"]:
        return
    first, second = dict(left[0].args), dict(right[0].args)
    common = {x: n for x, n in first.items() if second.get(x) == n}
    if common:
        rests = [
            powers_product([(x, n) for x, n in powers.items() if x not in common], a.shape)
            for powers in (first, second)
        ]
        both = add(scaled(rests[0], c), scaled(rests[1], k))
        yield product(*front, hadamard(powers_product(list(common.items()), a.shape), both)), 0


def _shared(a, b):
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


def _rest(c, powers, chain, start, end):
    chain = chain[start : len(chain) - end]
    return product(number(c), *scalars(powers), *chain)


def _as_matrix(x, inner):
    """Return a number as that many times the identity, where the other one is a matrix."""
    shape = next(y.shape for y in inner if y.shape != (1, 1))
    return product(x, identity(shape[0])) if x.shape == (1, 1) else x


def with_softmax(e: Expression) -> Expression:
    """Write exp(t) over the sum of all exp(t), in a vector or in each row, as softmax(t)."""

    def change(part):
        powers, chain = part.args if part.kind == "term" else ({}, ())
        powers, chain = dict(powers), list(chain)
        for k, factor in enumerate(chain):
            for turn, side in ((_same, k - 1), (transposed, k + 1)):
                exp = turn(factor)
                if (t := exponent(exp)) is None:
                    continue
                beside = chain[side] if 0 <= side < len(chain) else ONE
                scale = beside.args[0] if beside.kind == "diag" else ONE
                if exp.shape[1] == 1 and powers.get(total(exp), 0) < 0:
                    powers[total(exp)] += 1
                elif _has_below(scale, sums := product(exp, ones(exp.shape[1]))):
                    chain[side] = diagonal_matrix(hadamard(scale, sums))
                else:
                    continue
                chain[k] = turn(softmax(t))
                return rebuilt(product(*scalars(powers), *chain), change)
        return None

    return rebuilt(e, change)


def _same(e):
    return e


def _has_below(e, x):
    """Say whether an entrywise quotient has x in its denominator."""
    return e.kind == "had" and dict(e.args).get(x, 0) < 0
