"""From what letters have written down back to a gradient, and the way there as a table."""

import numpy as np

from mathutils.letters import algebra
from mathutils.letters.record import WRITTEN, Letter, Names, NoFormula
from mathutils.letters.shorten import entries, shortest
from mathutils.letters.spell import Latex, Plain, spell
from mathutils.vjp import VJP


def walk(result):
    """Return all letters on the way to a result that move, each after what it comes from."""
    order, seen = [], set()

    def visit(letter):
        if id(letter) in seen or not letter.moves:
            return
        seen.add(id(letter))
        for parent in letter.source[1] if letter.source else ():
            visit(parent)
        order.append(letter)

    visit(result)
    return order


def backward(result, tape):
    """Return the cotangent of every letter on the tape, by its id."""
    cotangents = {id(result): Letter(algebra.ONE, 1.0)}
    for y in reversed(tape):
        if y.source and id(y) in cotangents:
            for parent, g in pulled(cotangents[id(y)], y, *y.source):
                old = cotangents.get(id(parent))
                cotangents[id(parent)] = g if old is None else old + g
    return cotangents


def pulled(g, y, function, args, options):
    """Yield the arguments that move, each with what the table of VJPs sends back to it."""
    try:
        with np.errstate(all="ignore"):
            back = VJP[function](g, y, *args, **options)
    except np.linalg.LinAlgError:
        raise NoFormula(
            "a matrix is singular at the input, and the formula needs its inverse"
        ) from None
    for parent, part in zip(args, back, strict=True):
        if parent.moves and part is not None:
            yield parent, part


def entries_or_spelled(e, style):
    """Write a vector or a small matrix entry by entry where it was computed so, or as a whole."""
    found = entries(e)
    if not found:
        return spell(e, style)
    zero = algebra.number(0)
    return style.listed(
        [[spell(found.get((i, j), zero), style) for j in range(e.shape[1])]
         for i in range(e.shape[0])]
    )  # fmt: skip


class Steps:
    """Names for what is computed on the way, v₁, v₂ …, and the formulas in these names."""

    def __init__(self, tape, entries):
        self.tape, self.entries, self.letters = tape, entries, {}
        used = {name.rstrip("0123456789") for name in Names.known}
        self.stem = next(letter for letter in "vuwzqrst" if letter not in used)

    def rows(self):
        """Return a row for each step: its name, its formula as text and as LaTeX, its shape."""
        found, self.letters = [], {}
        count = 0
        for y in self.tape:
            if y.source:
                function, args, options = y.source
                count += 1
                e = self._again(y, function, args, options).expression
                self._name(y, f"{self.stem}{count}")
                found.append(self._row(y, "", e))
            else:
                self.letters[id(y)] = y
        return found + self._back()

    def _name(self, y, name):
        e = algebra.variable(name, y.expression.shape, y.ndim == 1)
        self.letters[id(y)] = Letter(e, y.value, moves=True)

    def _again(self, y, function, args, options):
        args = [self.letters.get(id(x), x) for x in args]
        return Letter(WRITTEN[function](y.shape, *args, **options), y.value)

    def _row(self, y, bar, e):
        name = self.letters[id(y)].expression
        cells = []
        for style in (Plain(self.entries), Latex(self.entries)):
            cells.append((style.barred(spell(name, style)) if bar else spell(name, style),
                          entries_or_spelled(e, style)))  # fmt: skip
        (plain, text), (latex, formula) = cells
        return (plain, latex), text, formula, y.shape

    def _back(self):
        found, sums = [], {id(self.tape[-1]): algebra.ONE}
        for y in reversed(self.tape):
            if id(y) not in sums:
                continue
            found.append(self._row(y, "bar", shortest(sums[id(y)])))
            if not y.source:
                continue
            function, args, options = y.source
            local = self.letters[id(y)].expression
            bar = algebra.variable(f"bar {local.args[0]}", local.shape, local.args[1])
            g = (
                Letter(bar, np.ones(y.shape))
                if y is not self.tape[-1]
                else Letter(algebra.ONE, 1.0)
            )
            inputs = tuple(self.letters.get(id(x), x) for x in args)
            with np.errstate(all="ignore"):
                back = VJP[function](g, self.letters[id(y)], *inputs, **options)
            for x, part in zip(args, back, strict=True):
                if x.moves and part is not None:
                    old = sums.get(id(x), algebra.zero(x.expression.shape))
                    sums[id(x)] = algebra.add(old, part.expression)
        return found


class Table:
    """Rows with a name, a formula and a shape: as plain text, and in notebooks typeset."""

    def __init__(self, header, rows):
        self.header, self.rows = header, rows

    def __repr__(self):
        rows = [self.header]
        for name, text, _, shape in self.rows:
            rows.append((name if isinstance(name, str) else name[0], text, str(shape)))
        widths = [max(map(_width, column)) for column in zip(*rows, strict=True)]
        return "\n".join(
            "   ".join(cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True))
            .rstrip() for row in rows
        )  # fmt: skip

    def _repr_markdown_(self):
        lines = [" | ".join(["", *self.header, ""]).strip(), "|---|---|---|"]
        for name, _, latex, shape in self.rows:
            name = name if isinstance(name, str) else f"${name[1]}$"
            lines.append(f"| {name} | ${latex}$ | {shape} |")
        return "\n".join(lines)


def _width(text):
    return len(text) - text.count("\u0304")
