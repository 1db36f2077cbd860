"""How a matrix expression is written: as plain text, and as LaTeX.

Both write the same things in the same order; they differ in signs alone. Each piece comes with
how tightly it holds together, so that brackets stand only where they have to.
"""

import re
from fractions import Fraction
from itertools import groupby
from numbers import Real

from mathutils.letters.algebra import (
    FUNCTIONS,
    ONE,
    Expression,
    bare,
    content,
    factors,
    is_ones,
    is_sum,
    is_unit,
    ones,
    pairs,
    product,
    scaled,
    split,
    transposed,
    turns,
)

SUM, ENTRYWISE, PRODUCT, POWER, ATOM = range(5)
GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eta": "η",
    "theta": "θ", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π",
    "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip
UPRIGHT = [
    "arctan", "cos", "cosh", "det", "log", "max", "min", "prod", "sigma", "sin", "sinh", "tan",
    "tanh",
]  # fmt: skip
SUPERSCRIPTS = str.maketrans("-0123456789ᵀ", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹ᵀ")
SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


class Plain:
    """Plain text, such as ``-X⁻ᵀ a bᵀ X⁻ᵀ``.

    `entries` has the names of entries of letters, and `taken` the names that are in use: the
    identity and its columns are called I and e, or otherwise.
    """

    space, function = " ", "{}({{}})"
    signs = {
        "odot": "⊙", "oslash": "⊘", "kron": "⊗", "(": "({})",
        ">": ">", ">=": "≥", "<": "<", "<=": "≤", "==": "=", "!=": "≠", "compare": "[{} {} {}]",
        "ones": "1", "eye": "{0}", "unit": "{0}", "rows": "{0}[{2}]",
        "norm": "‖{}‖", "norm F": "‖{}‖", "norm 1": "‖{}‖₁", "abs": "|{}|",
        "exp": "exp({})", "sigma": "σ({})", "prod": "∏({})", "sqrt": "√({})", "ratio": "{}/{}",
        "vec": "vec({})", "mat": "mat({}, {}×{})",
    }  # fmt: skip

    def __init__(self, entries=(), taken=()):
        self.entries = dict(entries)
        self.whole = next(name for name in ("I", "E", "Id") if name not in taken)
        self.column = next(name for name in ("e", "d", "u", "h") if name not in taken)

    def sign(self, name: str, *parts: object) -> str:
        """Write a sign by its name, or a function, around its parts."""
        return (self.signs.get(name) or self.function.format(name)).format(*parts)

    def name(self, name: str, bold: bool) -> str:
        """Write the name of a letter, bold where it is a vector."""
        if name.startswith("bar "):
            name = self.name(name[4:], bold)
            return f"{name[0]}\u0304{name[1:]}"
        if name in GREEK:
            return GREEK[name]
        stem, digits = re.fullmatch(r"(.*?)_?(\d*)_?", name).groups()
        return (self.name(stem, bold) if digits else name) + digits.translate(SUBSCRIPTS)

    def index(self, base: str, places: list) -> str:
        """Write an entry of a vector or a matrix."""
        separator = "," if any(place > 9 for place in places) else ""
        return base + separator.join(map(str, places)).translate(SUBSCRIPTS)

    def raised(self, base: str, exponent: str, entrywise: bool = False) -> str:
        """Write a power, of all or of each entry, a transpose or an inverse."""
        if re.fullmatch("[-0-9ᵀ]+", exponent) and not entrywise:
            return base + exponent.translate(SUPERSCRIPTS)
        exponent = exponent if exponent.isalnum() else f"({exponent})"
        return f"{base}^{'⊙' * entrywise}{exponent}"

    def fraction(self, above: str, below: list) -> tuple:
        """Return a fraction, and how tightly it holds together."""
        text, level = below[0] if len(below) == 1 else (f"({join(self, below)})", ATOM)
        return f"{above} / {text if level >= POWER else f'({text})'}", PRODUCT

    def listed(self, rows: list) -> str:
        """Write a vector or a matrix by its entries."""
        if len(rows[0]) == 1:
            return f"({', '.join(row[0] for row in rows)})"
        return f"[{', '.join('[' + ', '.join(row) + ']' for row in rows)}]"


class Latex(Plain):
    r"""LaTeX, such as ``-X^{-\top}\mathbf a\mathbf b^{\top}X^{-\top}``."""

    space, function = "", r"\operatorname{{{{{}}}}}({{}})"
    signs = Plain.signs | {
        "odot": r"\odot", "oslash": r"\oslash", "kron": r"\otimes", ">=": r"\geq", "<=": r"\leq",
        "!=": r"\neq", "ones": r"\mathbf 1", "rows": "{0}_{{{2}}}", "abs": r"\lvert {}\rvert",
        "norm": r"\lVert {}\rVert", "norm F": r"\lVert {}\rVert_F", "norm 1": r"\lVert {}\rVert_1",
        "exp": "e^{{{}}}", "sqrt": r"\sqrt{{{}}}", "ratio": r"\frac{{{}}}{{{}}}",
        "vec": r"\operatorname{{vec}}_r({})",
        "mat": r"\operatorname{{mat}}_{{{1} \times {2}}}({0})",
    } | {name: rf"\{name}({{}})" for name in UPRIGHT}  # fmt: skip

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

    def index(self, base: str, places: list) -> str:
        base = re.sub(r"^\\mathbf (\w)$", r"\1", base).strip()
        separator = "," if any(place > 9 for place in places) else ""
        return f"{base}_{{{separator.join(map(str, places))}}}"

    def raised(self, base: str, exponent: str, entrywise: bool = False) -> str:
        exponent = exponent.replace("ᵀ", r"\top")
        if entrywise:
            return rf"{base}^{{\odot {exponent}}}"
        return f"{base}^{exponent}" if re.fullmatch(r"\w", exponent) else f"{base}^{{{exponent}}}"

    def fraction(self, above: str, below: list) -> tuple:
        return rf"\frac{{{above}}}{{{join(self, below)}}}", ATOM

    def listed(self, rows: list) -> str:
        inside = r" \\ ".join(" & ".join(row) for row in rows)
        return rf"\begin{{pmatrix}} {inside} \end{{pmatrix}}"


def spell(e: Expression, style: Plain) -> str:
    """Return how an expression is written in a style, `Plain` or `Latex`."""
    return piece(e, style, True)[0]


def piece(e: Expression, style: Plain, alone: bool = False) -> tuple:
    """Return the text of an expression, and how tightly it holds together."""
    base, exponent = _stripped(e, alone)
    if not exponent:
        return WAYS.get(e.kind, _applied)(e, style)
    size, is_negative = abs(content(e)[0]), all(c < 0 for _, c in pairs(e))
    if size != 1 or is_negative:
        text, level = _product(size, {}, [scaled(e, (-1 if is_negative else 1) / size)], style)
        return (f"-{text}", SUM) if is_negative else (text, level)
    return style.raised(tight(base, style, ATOM), exponent.replace("-1ᵀ", "-ᵀ")), POWER


def _stripped(e, alone=False):
    """Return what is below a transpose and an inverse, and what is to be written above it.

    What is made entry by entry is transposed as a whole where that is shorter; what stands alone
    has no brackets yet.
    """
    if e.kind == "inv":
        return e.args[0], "-1"
    if e.kind == "T" and (is_unit(e.args[0]) or e.args[0].kind != "columns"):
        base, exponent = _stripped(e.args[0])
        return base, exponent + "ᵀ"
    is_function = e.kind in FUNCTIONS or e.kind == "compare"
    if is_function or (is_sum(e) or e.kind == "had") and turns(e) > 1:
        other = transposed(e)
        if turns(other) + alone < turns(e):
            return other, "ᵀ"
    return e, ""


def tight(e: Expression, style: Plain, level: int = POWER) -> str:
    """Return the text of an expression, in brackets where it is looser than `level`."""
    text, own = piece(e, style)
    return text if own >= level else style.sign("(", text)


def join(style: Plain, parts: list) -> str:
    """Write factors side by side; what is looser than a product gets brackets."""
    if len(parts) == 1:
        return parts[0][0]
    return _beside(style, [t if level >= POWER else style.sign("(", t) for t, level in parts])


def _beside(style, texts):
    whole = texts[0]
    for text in texts[1:]:
        is_stuck = re.search(r"\\[A-Za-z]+$", whole) and text[0].isalpha()
        whole += (style.space or " " * bool(is_stuck)) + text
    return whole


def coefficient(c: Real, style: Plain) -> str:
    """Write a positive number."""
    if isinstance(c, float):
        return f"{c:.6g}"
    if c.denominator == 1:
        return str(c)
    is_short = c.denominator in (2, 4, 5, 8) and c.numerator < 20
    if is_short or 100000 % c.denominator:
        return style.sign("ratio", c.numerator, c.denominator)
    return f"{float(c):.6g}"


# Sums and products


def _sum(e, style):
    found = list(pairs(e))
    sizes = {abs(c) for _, c in found}
    c = next(iter(sizes), 1)
    if len(found) > 1 and len(sizes) == 1 and c != 1 and (len(found) > 3 or c % 1):
        inside = style.sign("(", _sum(scaled(e, 1 / c), style)[0])
        return _beside(style, [coefficient(c, style), inside]), PRODUCT
    if len(found) == 2 and transposed(found[0][0]) == found[1][0]:
        found.sort(key=lambda pair: turns(pair[0]))
    return _terms(found, style) if found else ("0", ATOM)


def _terms(found, style):
    """Write terms with numbers in front of them, first one that is added."""
    first = next((i for i, (_, c) in enumerate(found) if c > 0), 0)
    found = [found[first], *found[:first], *found[first + 1 :]]
    texts = [_signed(t, c, style) for t, c in found]
    text = ("-" if texts[0][0] else "") + texts[0][1]
    text += "".join(f" {'-' if negative else '+'} {more}" for negative, more, _ in texts[1:])
    return text, SUM if len(found) > 1 or texts[0][0] else texts[0][2]


def _signed(t, c, style):
    """Return whether a term is subtracted, its text, and how tightly it holds together."""
    _, powers, chain = factors(t)
    parts = [*powers.items(), *((x, None) for x in chain)]
    for k, (x, p) in enumerate(parts if c < 0 else []):  # b - a for a - b, if that helps
        is_square = x != transposed(x) and (transposed(x), None) in parts
        if p in (None, 1, -1) and not is_square and (other := _opposite(x)):
            parts[k], c = (other, p), -c
            break
    powers = {x: p for x, p in parts if p is not None}
    chain = [x for x, p in parts if p is None]
    return c < 0, *_product(abs(c), powers, chain, style)


def _opposite(e):
    """Return -e, if it is a sum in which signs can change, or an entrywise product of such."""
    if is_sum(e):
        return scaled(e, -1) if min(c for _, c in e.args) < 0 else None
    for k, (x, p) in enumerate(e.args if e.kind == "had" else ()):
        if p in (1, -1) and (other := _opposite(x)):
            return Expression("had", (*e.args[:k], (other, p), *e.args[k + 1 :]), e.shape)
    return None


def _term(e, style):
    return _terms([(e, 1)], style)


def _product(c, powers, chain, style):
    """Write a number times powers of numbers times a chain."""
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
        text = style.sign("(", text)
    return style.fraction(text, below)


def _is_above(e, p):
    """Say whether a power stands above a fraction line; exp always does."""
    return p > 0 or e.kind == "exp"


def _power(e, p, style, entrywise=False):
    """Return the text of a power and how tightly it holds together."""
    if e.kind == "exp":
        return style.sign("exp", spell(scaled(e.args[0], p), style)), ATOM
    if p == 1:
        return piece(e, style)
    if p == Fraction(1, 2):
        return style.sign("sqrt", spell(e, style)), ATOM
    exponent = f"{p:.6g}" if isinstance(p, float) else str(p)
    return style.raised(tight(e, style, ATOM), exponent, entrywise), POWER


def _chain(chain, style):
    """Return the pieces of a chain, where equal neighbours make a power."""
    found = []
    for e, run in groupby(chain):
        times = len(list(run))
        if times == 1:
            found.append(piece(e, style))
        elif e.kind == "inv":
            found.append((style.raised(tight(e.args[0], style, ATOM), f"-{times}"), POWER))
        else:
            found.append((style.raised(tight(e, style, ATOM), str(times)), POWER))
    return found


def _hadamard(e, style):
    args = sorted(e.args, key=lambda pair: pair[0].kind != "letter")
    above, below = [], []
    for x, p in args:
        side, p = (above, p) if _is_above(x, p) else (below, -p)
        times = 2 if p == 2 and x.kind == "letter" else 1  # x ⊙ x is shorter than a power
        side += [_power(x, p if times == 1 else 1, style, True)] * times
    if len(above) == 1 and not below:
        return above[0]
    above, below = (
        [(t if k >= POWER else style.sign("(", t)) for t, k in s] for s in (above, below)
    )
    odot = f" {style.sign('odot')} "
    text = odot.join(above) or spell(ones(*e.shape), style)
    if below:
        under = odot.join(below)
        text += f" {style.sign('oslash')} {under if len(below) == 1 else style.sign('(', under)}"
    return text, ENTRYWISE


# Everything else


def _columns(e, style):
    n, places = bare(e).args
    first, last = places[0] + 1, places[-1] + 1
    if is_unit(e):
        return style.sign("unit", style.name(f"{style.column}{first}", True), n, first), ATOM
    if places == tuple(range(first - 1, last)):
        inside = f"{first}:{last}"
    else:
        inside = ",".join(str(place + 1) for place in places)
    text = style.sign("rows", style.whole, n, inside)
    return (text, ATOM) if e.kind == "T" else (style.raised(text, "ᵀ"), POWER)


def _norm(e, style):
    [inside] = e.args
    return style.sign("norm" if 1 in inside.shape else "norm F", spell(inside, style)), ATOM


def _trace(e, style):
    first, *chain = e.args
    if is_unit(bare(first)):
        places = [bare(first).args[1][0] + 1]
        if len(chain) > 1 and is_unit(chain[-1]):
            places.append(chain.pop().args[1][0] + 1)
        return _entry(product(*chain), places, style)
    if chain and first.kind == "T" and bare(first).kind == "ones" and chain[0].kind == "abs":
        return style.sign("norm 1", spell(chain[0].args[0], style)), ATOM
    text = join(style, _chain(e.args, style))
    return (text, PRODUCT) if first.shape[0] == 1 else (style.sign("tr", text), ATOM)


def _entry(e, places, style):
    if e.kind == "letter" and len(places) == 1 and (e.args[0], places[0] - 1) in style.entries:
        return style.name(style.entries[e.args[0], places[0] - 1], False), ATOM
    return style.index(tight(e, style, ATOM), places), ATOM


def _compare(e, style):
    sign, *sides = e.args
    a, b = (spell(_level(side), style) for side in sides)
    return style.sign("compare", a, style.sign(sign), b), ATOM


def _power_of_each(e, style):
    base, exponent = e.args
    is_entrywise = e.shape != (1, 1)
    return style.raised(
        tight(base, style, ATOM), spell(_level(exponent), style), is_entrywise
    ), POWER


def _level(e):
    """Return the number that stands in all places of an array, or else the array."""
    scale, core = split(e)
    return scale if core != ONE and all(map(is_ones, factors(core)[2])) else e


def _reshape(e, style):
    text = spell(e.args[0], style)
    return style.sign("vec" if e.shape[1] == 1 else "mat", text, *e.shape), ATOM


def _applied(e, style):
    name = {"diagonal": "diag"}.get(e.kind, e.kind)
    return style.sign(name, spell(e.args[0], style)), ATOM


WAYS = {
    "T": _columns,
    "columns": _columns,
    "compare": _compare,
    "eye": lambda e, style: (style.sign("eye", style.whole, e.args[0]), ATOM),
    "had": _hadamard,
    "kron": lambda e, style: (
        f" {style.sign('kron')} ".join(tight(x, style) for x in e.args), ENTRYWISE
    ),
    "letter": lambda e, style: (style.name(*e.args[:2]), ATOM),
    "norm": _norm,
    "ones": lambda e, style: (style.sign("ones", e.args[0]), ATOM),
    "power": _power_of_each,
    "product": _term,
    "reshape": _reshape,
    "sum": _sum,
    "trace": _trace,
}  # fmt: skip
