"""From what letters have noted down back to a gradient, and the way there as a table."""

from collections.abc import Callable, Iterator

import numpy as np

from mathutils.letters import algebra
from mathutils.letters.operations import WRITTEN
from mathutils.letters.record import Letter, Names, NoFormula
from mathutils.letters.shorten import entries, shortest
from mathutils.letters.spell import Latex, Plain, spell
from mathutils.sentences import say
from mathutils.vjp import VJP


def backward(result: Letter, tape: list) -> dict:
    """Return the cotangent of every letter on the tape, by its id."""
    cotangents = {id(result): Letter(algebra.ONE, 1.0)}
    for y in reversed(tape):
        if y.source and id(y) in cotangents:
            function, args, options = y.source
            for parent, g in pulled(cotangents[id(y)], y, function, args, options):
                old = cotangents.get(id(parent))
                cotangents[id(parent)] = g if old is None else g + old
    return cotangents


def pulled(g: Letter, y: Letter, function: Callable | str, args: tuple, options: dict) -> Iterator:
    """Yield the arguments that move, each with what the table of VJPs sends back to it."""
    try:
        with np.errstate(all="ignore"):
            back = VJP[function](g, y, *args, **options)
    except np.linalg.LinAlgError:
        raise NoFormula(say("singular-at-input")) from None
    for parent, part in zip(args, back, strict=True):
        if parent.moves and part is not None:
            yield parent, part


def spelled(e: algebra.Expression, style: Plain) -> str:
    """Write an expression as a whole, or entry by entry where that is how it was computed."""
    found = entries(e)
    if not found:
        return spell(e, style)
    rows, columns = e.shape
    zero = algebra.number(0)
    return style.listed(
        [[spell(found.get((i, j), zero), style) for j in range(columns)] for i in range(rows)]
    )


class Steps:
    """What is computed on the way, v₁, v₂ …, and the way back, in these names."""

    def __init__(self, tape, cotangents):
        self.tape, self.cotangents, self.local = tape, cotangents, {}
        self.styles = tuple(style(Names.entries, Names.known) for style in (Plain, Latex))
        taken = {name[0] for name in Names.known if not name[1:].strip("_0123456789")}
        self.stem = next(letter for letter in "vuwzqrsthgklmn" if letter not in taken)

    def rows(self) -> list:
        """Return a row for each step: name and formula, as text and as LaTeX, and the shape."""
        forward = [self._forward(y) for y in self.tape]
        return [row for row in forward if row] + list(self._backward())

    def _forward(self, y):
        self.local[id(y)] = y
        if not y.source:
            return None
        function, args, options = y.source
        e = WRITTEN[function](y.shape, *(self.local.get(id(x), x) for x in args), **options)
        count = 1 + sum(self.local[id(x)] is not x for x in self.tape if id(x) in self.local)
        name = algebra.variable(f"{self.stem}{count}", y.expression.shape, y.ndim == 1)
        self.local[id(y)] = Letter(name, y.value, moves=True)
        return self._row([style.name(*name.args[:2]) for style in self.styles], e, y.shape)

    def _backward(self):
        """Yield a row for each cotangent, in the cotangents and values that it comes from."""
        sums = {id(self.tape[-1]): algebra.ONE} if self.tape else {}
        for y in reversed(self.tape):
            if id(y) not in sums:
                continue
            name, bold, _ = self.local[id(y)].expression.args
            bars = [style.name(f"bar {name}", bold) for style in self.styles]
            yield self._row(bars, shortest(sums[id(y)]), y.shape)
            bar = algebra.variable(f"bar {name}", y.expression.shape, bold)
            g = Letter(algebra.ONE if y is self.tape[-1] else bar, np.ones(y.shape))
            for parent, part in self._pulled(g, y):
                old = sums.get(id(parent), algebra.zero(parent.expression.shape))
                sums[id(parent)] = algebra.add(part.expression, old)

    def _pulled(self, g, y):
        """Return what y sends back in the names of the steps, or else in full."""
        if not y.source:
            return []
        function, args, options = y.source
        inputs = [self.local.get(id(x), x) for x in args]
        parents = {id(new): old for new, old in zip(inputs, args, strict=True)}
        try:
            found = list(pulled(g, self.local[id(y)], function, inputs, options))
        except NoFormula:
            return pulled(self.cotangents[id(y)], y, function, args, options)
        return [(parents[id(new)], part) for new, part in found]

    def _row(self, names, e, shape):
        return names, [spelled(e, style) for style in self.styles], shape


class Table:
    """Rows with a name, a formula and a shape: as plain text, and typeset in a notebook."""

    def __init__(self, rows):
        self.rows = rows

    def __repr__(self):
        cells = [(name[0], formula[0], str(shape)) for name, formula, shape in self.rows]
        widths = [max(map(_width, column), default=0) for column in zip(*cells, strict=True)]
        lines = [
            "   ".join(
                cell + " " * (w - _width(cell)) for cell, w in zip(row, widths, strict=True)
            )
            for row in cells
        ]
        return "\n".join(line.rstrip() for line in lines)

    def _repr_markdown_(self):
        lines = ["| | | |", "|---|---|---|"]
        for name, formula, shape in self.rows:
            lines.append(f"| ${name[1]}$ | ${formula[1]}$ | {shape} |")
        return "\n".join(lines)


def _width(text):
    return len(text) - text.count("\u0304")
