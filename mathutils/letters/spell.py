"""How a matrix expression is written: as plain text, and as LaTeX.

Both write the same things in the same order; they differ in signs alone. Each piece comes with
how tightly it holds together, so that brackets stand only where they have to.
"""

import re
from fractions import Fraction
from itertools import groupby
from numbers import Real

from mathutils.letters.algebra import (
    Expression,
    all_ones,
    bare,
    content,
    factors,
    is_ones,
    is_sum,
    number,
    pairs,
    power_of,
    product,
    scalars,
    scaled,
    transposed,
)

SUM, ENTRYWISE, PRODUCT, POWER, ATOM = range(5)
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
UPRIGHT = {
    "arctan", "cos", "cosh", "det", "log", "max", "min", "sigma", "sin", "sinh", "tan", "tanh"
}  # fmt: skip
SUPERSCRIPTS = str.maketrans("-0123456789ᵀ", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Plain:
    """Plain text, such as ``-X⁻ᵀ a bᵀ X⁻ᵀ``.

    `entries` has the names of entries of letters, and `taken` the names that are in use: the
    identity and its columns are called I and e, or otherwise.
    """

    space, odot, oslash, otimes = " ", "⊙", "⊘", "⊗"

    def __init__(self, entries=(), taken=()):
        self.entries = dict(entries)
        self.whole = next(name for name in ("I", "E", "Id") if name not in taken)
        self.column = next(name for name in ("e", "d", "u", "h") if name not in taken)

    def name(self, name: str, bold: bool) -> str:
        """Write the name of a letter, bold where it is a vector."""
        if name.startswith("bar "):
            name = self.name(name[4:], bold)
            return f"{name[0]}\u0304{name[1:]}"
        if name in GREEK:
            return GREEK[name]
        stem, digits = re.fullmatch(r"(.*?)_?(\d*)_?", name).groups()
        return (self.name(stem, bold) if digits else name) + digits.translate(SUBSCRIPTS)

    def ones(self, n: int) -> str:
        """Write a column of n ones."""
        return "1"

    def identity(self, n: int) -> str:
        """Write the identity, n × n."""
        return self.whole

    def unit(self, n: int, place: int) -> str:
        """Write column `place` of the identity."""
        return self.index(self.column, [place])

    def selection(self, n: int, places: list) -> str:
        """Write some rows of the identity."""
        return f"{self.whole}[{places}]"

    def index(self, base: str, places: list) -> str:
        """Write an entry of a vector or a matrix."""
        separator = "," if any(place > 9 for place in places) else ""
        return base + separator.join(map(str, places)).translate(SUBSCRIPTS)

    def raised(self, base: str, exponent: str, entrywise: bool = False) -> str:
        """Write a power, of all or of each entry, a transpose or an inverse."""
        if entrywise:
            return f"{base}^⊙{exponent if exponent.isalnum() else f'({exponent})'}"
        if re.fullmatch("[-0-9ᵀ]+", exponent):
            return base + exponent.translate(SUPERSCRIPTS)
        return f"{base}^{exponent}" if exponent.isalnum() else f"{base}^({exponent})"

    def fraction(self, above: str, below: list) -> tuple:
        """Return a fraction, and how tightly it holds together."""
        text, level = below[0] if len(below) == 1 else (self.brackets(join(self, below)), ATOM)
        return f"{above} / {text if level >= POWER else f'({text})'}", PRODUCT

    def brackets(self, text: str) -> str:
        """Put brackets around a text."""
        return f"({text})"

    def norm(self, text: str, kind: str) -> str:
        """Write a norm; its kind is 1, F or nothing."""
        return f"‖{text}‖{'₁' if kind == '1' else ''}"

    def applied(self, name: str, text: str) -> str:
        """Write a function of something."""
        if name == "abs":
            return f"|{text}|"
        return f"{dict(sigma='σ', prod='∏').get(name, name)}({text})"

    def exponential(self, text: str) -> str:
        """Write exp of something."""
        return f"exp({text})"

    def root(self, text: str) -> str:
        """Write a square root."""
        return f"√{text}" if len(text) < 2 else f"√({text})"

    def ratio(self, c: Fraction) -> str:
        """Write a number that is a fraction."""
        return f"{c.numerator}/{c.denominator}"

    def condition(self, a: str, sign: str, b: str) -> str:
        """Write what is 1 where a comparison holds, and 0 elsewhere."""
        sign = {">=": "≥", "<=": "≤", "==": "=", "!=": "≠"}.get(sign, sign)
        return f"[{a} {sign} {b}]"

    def reshaped(self, text: str, shape: tuple) -> str:
        """Write entries listed row by row in another shape."""
        if shape[1] == 1:
            return f"vec({text})"
        return f"mat({text}, {shape[0]}×{shape[1]})"

    def listed(self, rows: list) -> str:
        """Write a vector or a matrix by its entries."""
        if len(rows[0]) == 1:
            return f"({', '.join(row[0] for row in rows)})"
        return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"


class Latex(Plain):
    r"""LaTeX, such as ``-X^{-\top}\mathbf a\mathbf b^{\top}X^{-\top}``."""

    space, odot, oslash, otimes = "", r"\odot", r"\oslash", r"\otimes"

    def name(self, name: str, bold: bool) -> str:
        stem, digits = re.fullmatch(r"(.*?)_?(\d*)_?", name).groups()
        if digits:
            return f"{self.name(stem, bold)}_{{{digits}}}"
        if name.startswith("bar "):
            return rf"\bar{{{self.name(name[4:], bold)}}}"
        if name in GREEK:
            return rf"\boldsymbol\{name}" if bold else rf"\{name} "
        if len(name) > 1:
            name = name.replace("_", r"\_")
            return rf"\mathbf{{{name}}}" if bold else rf"\mathrm{{{name}}}"
        return rf"\mathbf {name}" if bold else name

    def ones(self, n: int) -> str:
        return r"\mathbf 1"

    def unit(self, n: int, place: int) -> str:
        return rf"\mathbf {self.column}_{{{place}}}"

    def selection(self, n: int, places: list) -> str:
        return f"{self.whole}_{{{places}}}"

    def index(self, base: str, places: list) -> str:
        if len(places) == 2 and len(base) == 1:  # an entry of X is a small x
            base = base.lower()
        base = re.sub(r"^\\mathbf (\w)$", r"\1", base).strip()
        separator = "," if any(place > 9 for place in places) else ""
        return f"{base}_{{{separator.join(map(str, places))}}}"

    def raised(self, base: str, exponent: str, entrywise: bool = False) -> str:
        exponent = exponent.replace("-ᵀ", r"-\top").replace("ᵀ", r"\top")
        if entrywise:
            return rf"{base}^{{\odot {exponent}}}"
        return f"{base}^{exponent}" if re.fullmatch(r"\w", exponent) else f"{base}^{{{exponent}}}"

    def fraction(self, above: str, below: list) -> tuple:
        return rf"\frac{{{above}}}{{{join(self, below)}}}", ATOM

    def norm(self, text: str, kind: str) -> str:
        return rf"\lVert {text}\rVert" + (f"_{kind}" if kind else "")

    def applied(self, name: str, text: str) -> str:
        if name == "abs":
            return rf"\lvert {text}\rvert"
        name = rf"\{name}" if name in UPRIGHT else rf"\operatorname{{{name}}}"
        return f"{name}({text})"

    def exponential(self, text: str) -> str:
        return f"e^{{{text}}}"

    def root(self, text: str) -> str:
        return rf"\sqrt{{{text}}}"

    def ratio(self, c: Fraction) -> str:
        return rf"\frac{{{c.numerator}}}{{{c.denominator}}}"

    def condition(self, a: str, sign: str, b: str) -> str:
        sign = {">=": r"\geq", "<=": r"\leq", "==": "=", "!=": r"\neq"}.get(sign, sign)
        return f"[{a} {sign} {b}]"

    def reshaped(self, text: str, shape: tuple) -> str:
        if shape[1] == 1:
            return rf"\operatorname{{vec}}_r({text})"
        return rf"\operatorname{{mat}}_{{{shape[0]} \times {shape[1]}}}({text})"

    def listed(self, rows: list) -> str:
        inside = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def spell(e: Expression, style: Plain) -> str:
    """Return how an expression is written in a style, `Plain` or `Latex`."""
    return piece(e, style)[0]


def piece(e: Expression, style: Plain) -> tuple:
    """Return the text of an expression, and how tightly it holds together."""
    if e.kind == "T":
        return _turned(e.args[0], style)
    return WAYS.get(e.kind, _applied)(e, style)


def tight(e: Expression, style: Plain, level: int = POWER) -> str:
    """Return the text of an expression, in brackets where it is looser than `level`."""
    text, own = piece(e, style)
    return text if own >= level else style.brackets(text)


def join(style: Plain, parts: list) -> str:
    """Write factors side by side; what is looser than a product gets brackets."""
    if len(parts) == 1:
        return parts[0][0]
    texts = [text if level >= POWER else style.brackets(text) for text, level in parts]
    return _beside(style, texts)


def _beside(style, texts):
    whole = texts[0]
    for text in texts[1:]:
        gap = style.space or (
            " " if re.search(r"\\[A-Za-z]+$", whole) and text[0].isalpha() else ""
        )
        whole += gap + text
    return whole


def coefficient(c: Real, style: Plain) -> str:
    """Write a positive number."""
    if isinstance(c, float):
        return f"{c:.6g}"
    if c.denominator == 1:
        return str(c)
    return style.ratio(c) if 100000 % c.denominator or c in COMMON else f"{float(c):.6g}"


COMMON = {Fraction(n, d) for d in (2, 4, 5, 8) for n in range(1, 20)}


def _sum(e, style):
    found = list(pairs(e))
    if not found:
        return "0", ATOM
    sizes = {abs(c) for _, c in found}
    c = next(iter(sizes))
    if len(found) > 1 and len(sizes) == 1 and c != 1 and (len(found) > 3 or c % 1):
        inside = _sum(scaled(e, 1 / c), style)[0]
        return _beside(style, [coefficient(c, style), style.brackets(inside)]), PRODUCT
    if len(found) == 2 and transposed(found[0][0]) == found[1][0]:
        found.sort(key=lambda pair: pair[0].key.count("T("))
    first = next((i for i, (_, c) in enumerate(found) if c > 0), 0)
    found.insert(0, found.pop(first))
    texts = [_signed(t, c, style) for t, c in found]
    text = ("-" if texts[0][0] else "") + texts[0][1]
    text += "".join(f" {'-' if negative else '+'} {more}" for negative, more, _ in texts[1:])
    return text, SUM if len(found) > 1 or texts[0][0] else texts[0][2]


def _is_entry(e):
    """Say whether it is eᵀ x or eᵀ X e with columns e of the identity."""
    if e.kind != "trace" or bare(e.args[0]).kind != "unit":
        return False
    return e.args[-1].kind == "unit" if len(e.args) == 3 else len(e.args) == 2


def _places(e):
    """Return the numbers of an entry, by which entries are put in order."""
    return tuple(x.args[-1] for x in (bare(part) for part in e.args) if x.kind == "unit")


def _signed(t, c, style):
    """Return whether a term is subtracted, its text, and how tightly it holds together."""
    _, powers, chain = factors(t)
    parts = [*((x, p) for x, p in powers.items()), *((x, None) for x in chain)]
    negative = c < 0
    turned = set()
    for is_bad in (True, False):  # first 1 - x for x - 1, then b - a for a - b if that helps
        for k, (x, p) in enumerate(parts):
            if p is None and x != transposed(x) and (transposed(x), None) in parts:
                continue  # a square such as (A - B)ᵀ (A - B)
            if p in (None, 1, -1) and (is_bad or negative) and k not in turned:
                new, odd = _flipped(x, is_bad)
                if odd or new != x:
                    parts[k], negative = (new, p), negative != odd
                    turned.add(k)
    if negative and not c < 0:  # there was a minus sign too many
        parts, negative = [*powers.items(), *((x, None) for x in chain)], False
    powers = {x: p for x, p in parts if p is not None}
    chain = tuple(x for x, p in parts if p is None)
    return negative, *_product(abs(c), powers, chain, style)


def _flipped(e, is_bad):
    """Turn the signs of a sum, or of sums in an entrywise product; say whether that is odd."""
    if e.kind == "T":
        new, odd = _flipped(e.args[0], is_bad)
        return transposed(new), odd
    if e.kind in ("had", "term"):
        args, odd = [], False
        for x, p in e.args if e.kind == "had" else ((x, 1) for x in e.args[1]):
            new, once = _flipped(x, is_bad) if p in (1, -1) and (is_bad or not odd) else (x, False)
            args.append((new, p))
            odd = odd != once
        if e.kind == "had":
            return Expression("had", tuple(args), e.shape), odd
        return Expression("term", (e.args[0], tuple(x for x, _ in args)), e.shape), odd
    if not is_sum(e):
        return e, False
    signs = [d for _, d in e.args]
    constant = [d for x, d in e.args if x == all_ones(e.shape) or x.kind == "eye"]
    turn = bool(constant) and constant[0] < 0 < max(signs) if is_bad else min(signs) < 0
    return (scaled(e, -1), True) if turn else (e, False)


def _term(e, style):
    return _signed(e, Fraction(1), style)[1:]


def _product(c, powers, chain, style):
    """Write a number times powers of numbers times a chain."""
    if all(map(_is_entry, powers)):
        powers = dict(sorted(powers.items(), key=lambda item: _places(item[0])))
    above = [_power(x, p, style) for x, p in powers.items() if _is_above(x, p)]
    below = [_power(x, -p, style) for x, p in powers.items() if not _is_above(x, p)]
    above += _chain(chain, style)
    if below and isinstance(c, Fraction):
        whole, under = c.numerator, c.denominator
        below = [(str(under), ATOM)] * (under != 1) + below
        above = [(str(whole), ATOM)] * (whole != 1 or not above) + above
    elif c != 1 or not above:
        above = [(coefficient(c, style), ATOM), *above]
    if len(above) == 2 and above[0][0][:1].isdigit() and above[1][1] == PRODUCT:
        above = [above[0], (above[1][0], POWER)]  # 2 xᵀ y needs no brackets
    text = join(style, above)
    if not below:
        return text, above[0][1] if len(above) == 1 else PRODUCT
    if len(above) == 1 and above[0][1] < PRODUCT and style.space:
        text = style.brackets(text)
    return style.fraction(text, below)


def _is_above(e, p):
    """Say whether a power stands above a fraction line; exp always does."""
    return p > 0 or e.kind == "fn" and e.args[0] == "exp"


def _power(e, p, style, entrywise=False):
    """Return the text of a power and how tightly it holds together."""
    if e.kind == "fn" and e.args[0] == "exp":
        return _exponential(scaled(e.args[1], p), style)
    if p == 1:
        return piece(e, style)
    if p == Fraction(1, 2):
        return style.root(spell(e, style)), ATOM
    exponent = f"{p:.6g}" if isinstance(p, float) else str(p)
    if entrywise and p == 2 and e.kind == "var":
        text = spell(e, style)
        return f"{text} {style.odot} {text}", ENTRYWISE
    return style.raised(tight(e, style, ATOM), exponent, entrywise), POWER


def _exponential(e, style):
    """Write exp(e), or a power, where e is an exponent times a logarithm."""
    c, powers, chain = factors(e)
    for log in [*powers, *chain]:
        if log.kind == "fn" and log.args[0] == "log" and powers.get(log, 1) == 1:
            rest = [power_of(x, p) for x, p in powers.items() if x != log]
            rest = product(number(c), *rest, *(x for x in chain if x != log))
            entrywise = log.shape != (1, 1)
            base = tight(log.args[1], style, ATOM)
            return style.raised(base, spell(rest, style), entrywise), POWER
    return style.exponential(spell(e, style)), ATOM


def _chain(chain, style):
    """Return the pieces of a chain, where equal neighbours make a power."""
    found = []
    for e, run in groupby(chain):
        times = len(list(run))
        core = e.args[0] if e.kind == "T" else e
        if times == 1:
            found.append(piece(e, style))
            continue
        sign = "-" if core.kind == "inv" else ""
        base = core.args[0] if sign else core
        text = style.raised(tight(base, style, ATOM), f"{sign}{times}")
        if e.kind == "T":
            text = style.raised(style.brackets(text), "ᵀ")
        found.append((text, POWER))
    return found


def _turned(e, style):
    if is_sum(e):
        c, rest = content(e)
        if c != 1:
            turned = style.raised(style.brackets(spell(rest, style)), "ᵀ"), POWER
            front = [] if abs(c) == 1 else [(coefficient(abs(c), style), ATOM)]
            text = join(style, [*front, turned])
            return ("-" + text, SUM) if c < 0 else (text, PRODUCT)
    if e.kind == "inv":
        return style.raised(tight(e.args[0], style, ATOM), "-ᵀ"), POWER
    return style.raised(tight(e, style, ATOM), "ᵀ"), POWER


def _hadamard(e, style):
    args = sorted(e.args, key=lambda pair: pair[0].kind != "var")
    above = [_power(x, p, style, True) for x, p in args if _is_above(x, p)]
    below = [_power(x, -p, style, True) for x, p in args if not _is_above(x, p)]
    if len(above) == 1 and not below:
        return above[0]
    above, below = (
        [t if level >= POWER or level == ENTRYWISE else style.brackets(t) for t, level in side]
        for side in (above, below)
    )
    text = f" {style.odot} ".join(above) or _ones(e.shape, style)
    if len(below) == 1:
        bare = f" {style.odot} " not in below[0] or below[0][-1] == ")"
        below = below if bare else [style.brackets(below[0])]
    elif below:
        below = [style.brackets(f" {style.odot} ".join(below))]
    return f" {style.oslash} ".join([text, *below]), ENTRYWISE


def _ones(shape, style):
    if shape == (1, 1) or len(shape) != 2:
        return "1"
    rows, columns = style.ones(shape[0]), style.raised(style.ones(shape[1]), "ᵀ")
    if 1 in shape:
        return rows if shape[1] == 1 else columns
    return _beside(style, [rows, columns])


def _var(e, style):
    return style.name(e.args[0], e.args[1]), ATOM


def _inverse(e, style):
    return style.raised(tight(e.args[0], style, ATOM), "-1"), POWER


def _norm(e, style):
    [inside] = e.args
    return style.norm(spell(inside, style), "" if 1 in inside.shape else "F"), ATOM


def _determinant(e, style):
    [inside] = e.args
    if inside.kind == "var" and not style.space:
        return rf"\det {spell(inside, style)}", PRODUCT
    return style.applied("det", spell(inside, style)), ATOM


def _trace(e, style):
    chain = e.args
    if _is_entry(e):
        return _entry(chain[1], [place + 1 for place in _places(e)], style)
    if bare(chain[0]).kind == "unit" and chain[0].shape[0] == 1 and chain[-1].shape[1] == 1:
        return _entry(product(*chain[1:]), [chain[0].args[0].args[1] + 1], style)
    text = join(style, _chain(chain, style))
    return (text, PRODUCT) if chain[0].shape[0] == 1 else (style.applied("tr", text), ATOM)


def _entry(e, places, style):
    if e.kind == "var" and len(places) == 1 and (e.args[0], places[0] - 1) in style.entries:
        return style.name(style.entries[e.args[0], places[0] - 1], False), ATOM
    return style.index(tight(e, style, ATOM), places), ATOM


def _total(e, style):
    [inside] = e.args
    if inside.kind == "fn" and inside.args[0] == "abs":
        return style.norm(spell(inside.args[1], style), "1"), ATOM
    if len(inside.shape) != 2:
        return style.applied("sum", spell(inside, style)), ATOM
    parts = [(style.raised(style.ones(inside.shape[0]), "ᵀ"), POWER), piece(inside, style)]
    if inside.shape[1] > 1:
        parts.append((style.ones(inside.shape[1]), ATOM))
    return join(style, parts), PRODUCT


def _function(e, style):
    name, inside = e.args
    if name == "exp":
        return _exponential(inside, style)
    return style.applied(name, spell(inside, style)), ATOM


def _applied(e, style):
    names = {"diagonal": "diag"}
    return style.applied(names.get(e.kind, e.kind), spell(e.args[0], style)), ATOM


def _kron(e, style):
    return f" {style.otimes} ".join(tight(x, style) for x in e.args), ENTRYWISE


def _compare(e, style):
    sign, *sides = e.args
    for k, (c, powers, chain) in enumerate(map(factors, sides)):
        if chain and all(map(is_ones, chain)):  # all are compared with one number
            sides[k] = product(number(c), *scalars(powers))
    return style.condition(spell(sides[0], style), sign, spell(sides[1], style)), ATOM


def _select(e, style):
    n, rows = e.args
    first, last = rows[0] + 1, rows[-1] + 1
    if rows == tuple(range(rows[0], rows[-1] + 1)):
        inside = f"{first}:{last}"
    else:
        inside = ",".join(str(row + 1) for row in rows)
    return style.selection(n, inside), ATOM


WAYS = {
    "along": lambda e, style: (style.applied(f"row{e.args[0]}", spell(e.args[1], style)), ATOM),
    "compare": _compare,
    "det": _determinant,
    "eye": lambda e, style: (style.identity(e.args[0]), ATOM),
    "fn": _function,
    "had": _hadamard,
    "inv": _inverse,
    "kron": _kron,
    "norm": _norm,
    "of": lambda e, style: (style.applied(e.args[0], spell(e.args[1], style)), ATOM),
    "ones": lambda e, style: (_ones(e.shape, style), ATOM),
    "reshape": lambda e, style: (style.reshaped(spell(e.args[0], style), e.shape), ATOM),
    "select": _select,
    "sum": _sum,
    "term": _term,
    "total": _total,
    "trace": _trace,
    "unit": lambda e, style: (style.unit(e.args[0], e.args[1] + 1), ATOM),
    "var": _var,
}  # fmt: skip
