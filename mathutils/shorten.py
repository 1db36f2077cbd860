"""The shortest of several ways to write the same expression: multiplied out, or gathered.

What stands in one place of the algebra's normal form may still be written in several ways, such
as ``A x + Aᵀ x`` and ``(A + Aᵀ) x``. Here they are tried, and the one with the fewest signs wins.
"""

import re
from itertools import combinations, product as every

from mathutils.letters import (
    Expression,
    add,
    factors,
    identity,
    number,
    pairs,
    power_of,
    product,
    rebuilt,
    scaled,
    transposed,
)
from mathutils.spell import Latex, spell

SIGN = re.compile(r"\\[A-Za-z]+|[A-Za-z]|\d+|[^\s{}]")
SILENT = {r"\mathbf", r"\operatorname", r"\rVert", r"\rvert", ")", "^", "_"}


def length(e):
    """Return how many signs it takes to write an expression."""
    return sum(sign not in SILENT for sign in SIGN.findall(spell(e, Latex())))


def shortest(e):
    """Return the same expression in the form that is the shortest to write."""
    if entries(e):
        return e
    forms = [gathered(e), gathered(expanded(e))]
    return min(map(with_softmax, forms), key=length)


def entries(e):
    """Return the entries of a vector or a matrix by their places, where it is a sum of such."""
    found, (rows, columns) = {}, e.shape
    for t, c in pairs(e):
        k, powers, chain = factors(t)
        place = _place(chain)
        if place is None:
            return {}
        part = product(number(c * k), *(power_of(x, p) for x, p in powers.items()))
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


def expanded(e):
    """Multiply out the sums that are factors of a product of matrices."""

    def change(part):
        if part.kind != "term":
            return None
        powers, chain = part.args
        scalars = [power_of(rebuilt(x, change) if p == 1 else x, p) for x, p in powers]
        chain = [pairs(rebuilt(x, change)) for x in chain]
        if sum(map(len, chain)) > len(chain) + 6:
            return None
        terms = []
        for choice in every(*chain):
            c = number(1)
            for _, k in choice:
                c = scaled(c, k)
            terms.append(product(c, *scalars, *(t for t, _ in choice)))
        return add(*terms)

    return rebuilt(e, change)


def gathered(e):
    """Put what terms have in common in front of brackets, or behind them, where that is shorter."""

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
        for both, with_identity in _brackets(a, b):
            plain = length(add(a, b)) if plain is None else plain
            gain = plain - length(both) - 3 * with_identity
            if gain > best:
                best, found = gain, (i, j, both)
    return found


def _brackets(a, b):
    """Yield ways to write a + b as a product with a sum in it."""
    (c, p, left), (k, q, right) = factors(a), factors(b)
    common = {x: n for x, n in p.items() if q.get(x) == n}
    p, q = ({x: n for x, n in powers.items() if x not in common} for powers in (p, q))
    scalars = [power_of(x, n) for x, n in common.items()]
    before, after = _shared(left, right), _shared(left[::-1], right[::-1])
    for start, end in {(before, 0), (0, after), (0, 0)}:
        if not (start or end or common):
            continue
        inner = [
            _rest(c, p, left, start, end, a.shape),
            _rest(k, q, right, start, end, a.shape),
        ]
        mixed = inner[0].shape != inner[1].shape
        if mixed:
            inner = [_as_matrix(x, inner) for x in inner]
        chain = left[:start], left[len(left) - end :]
        both = add(*inner)
        if both.kind != "sum" or both.args:
            yield product(*scalars, *chain[0], both, *chain[1]), mixed


def _shared(a, b):
    count = 0
    for x, y in zip(a, b, strict=False):
        if x != y:
            break
        count += 1
    return count


def _rest(c, powers, chain, start, end, shape):
    chain = chain[start : len(chain) - end]
    scalars = [number(c), *(power_of(x, n) for x, n in powers.items())]
    return product(*scalars, *chain)


def _as_matrix(x, inner):
    """Return a number as that many times the identity, where the other one is a matrix."""
    shape = next(y.shape for y in inner if y.shape != (1, 1))
    return product(x, identity(shape[0])) if x.shape == (1, 1) else x


def with_softmax(e):
    """Write exp(t) over the sum of all exp(t) as softmax(t)."""

    def change(part):
        if part.kind != "term":
            return None
        powers, chain = part.args
        for x, p in powers:
            if p < 0 and x.kind == "total" and x.args[0].kind == "fn" and x.args[0].args[0] == "exp":
                new = _one_softmax(dict(powers), chain, x)
                return new if new is None else rebuilt(new, change)
        return None

    return rebuilt(e, change)


def _one_softmax(powers, chain, x):
    """Replace one exp(t), which the sum x belongs to, by a softmax; None where there is none."""
    exp = x.args[0]
    softmax = Expression("softmax", (exp.args[1],), exp.shape)

    def swap(part):
        return softmax if part == exp else None

    for k, part in enumerate(chain):
        if _is_linear_in(part, exp):
            chain = (*chain[:k], rebuilt(part, swap), *chain[k + 1 :])
            powers[x] += 1
            return product(*(power_of(y, p) for y, p in powers.items()), *chain)
    for y, p in powers.items():
        if p == 1 and y.kind in ("inner", "trace", "total") and y != x:
            if sum(_is_linear_in(part, exp) for part in y.args) == 1:
                del powers[y]
                powers[x] += 1
                rest = [power_of(z, q) for z, q in powers.items()]
                return product(*rest, rebuilt(y, swap), *chain)
    return None


def _is_linear_in(part, exp):
    part = part.args[0] if part.kind == "T" else part
    return part == exp or part.kind == "had" and dict(part.args).get(exp) == 1
