"""One operator, sign, transpose or constant of some Python code, changed at a time."""

import ast
from collections import Counter
from dataclasses import dataclass

OPERATORS = {ast.Add: "+-", ast.Sub: "-+", ast.Mult: "*/", ast.Div: "/*", ast.Pow: ("**", "*")}
NAMED = ("Rule", "Exercise", "Exercise.of")
INEQUALITIES = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)


@dataclass(frozen=True)
class Change:
    """One change of a text: characters `start` to `end` become `new`.

    Its kind says what becomes of the operator; its place is the function, rule or exercise it is
    in, empty outside of all of them.
    """

    start: int
    end: int
    new: str
    kind: str
    place: str = ""
    watched: str = ""  # the same, where `Watched` sees what is multiplied

    def apply(self, text, watched=False):
        new = self.watched if watched and self.watched else self.new
        return text[: self.start] + new + text[self.end :]

    def describe(self, text):
        """Return the line as it was and as it becomes."""
        line = text.count("\n", 0, self.start)
        return (
            f"{text.splitlines()[line].strip()} -> {self.apply(text).splitlines()[line].strip()}"
        )


def named(text, prefix, by_place=False):
    """Return the changes of some code under their names: where, and which of their kind it is.

    A name holds no variables, so that it stays when one is renamed.
    """
    seen, found = Counter(), {}
    for change in sorted(changes(text), key=lambda change: (change.start, change.end)):
        where = f"{prefix} {change.place}" if by_place and change.place else prefix
        seen[where, change.kind] += 1
        number = seen[where, change.kind]
        found[where, change.kind + (f" #{number}" if number > 1 else "")] = change
    return found


def changes(text):
    """Yield each `Change` of some Python code that may change its mathematics.

    In a product, two neighbours change places. Left alone: keyword arguments that are no function
    (sizes of pictures, what a drag does, the wrong twins of a rule), test points (a rule's inputs,
    numbers that stand by themselves), formatted strings, the sign before a zero, which only tidies
    a negative zero, the order in xᵀAx and tr(AB), and the 100 in a < 100 * b, which is a bound.
    """
    places = _Places(text)
    for node, parents in _walk(ast.parse(text), ()):
        if any(map(_is_left_alone, parents)):
            continue
        place = next(filter(None, map(_name, reversed(parents))), "")
        if isinstance(node, ast.BinOp):
            left, right = places.of(node.left), places.of(node.right)
            if type(node.op) in OPERATORS:
                old, new = OPERATORS[type(node.op)]
                at = text.index(old, left[1])
                if not _is_zero(node.right) or old not in "+-":
                    yield Change(at, at + len(old), new, f"{old} to {new}", place)
            elif isinstance(node.op, ast.MatMult) and not _is_symmetric(node, parents):
                first = node.left.right if _is_product(node.left) else node.left
                start, end = places.of(first)
                a, b = _atom(first, text[start:end]), _atom(node.right, text[slice(*right)])
                if a != b:
                    rest = text[end : right[0]] + a
                    watched = "" if _is_product(node.left) else f"Watched({b}){rest}"
                    yield Change(start, right[1], b + rest, "exchange @", place, watched)
        elif isinstance(node, ast.AugAssign) and type(node.op) in OPERATORS:
            old, new = OPERATORS[type(node.op)]
            at = text.index(old, places.of(node.target)[1])
            yield Change(at, at + len(old), new, f"{old} to {new}", place)
        elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
            if not isinstance(node.operand, ast.Constant) or _is_formula(parents):
                start = places.of(node)[0]
                yield Change(start, start + 1, "", "drop -", place)
        elif isinstance(node, ast.Attribute) and node.attr == "T":
            end = places.of(node)[1]
            yield Change(text.rindex(".", 0, end), end, "", "drop .T", place)
        elif isinstance(node, ast.Constant) and type(node.value) in (int, float):
            if _is_formula(parents) and not _is_bound(parents):
                new = repr(node.value + 1)
                yield Change(*places.of(node), new, f"{node.value} to {new}", place)


def _name(node):
    """Return the name of a function, or of the rule or exercise that a call makes."""
    if isinstance(node, ast.FunctionDef):
        return node.name
    if isinstance(node, ast.Call) and ast.unparse(node.func) in NAMED:
        values = [word.value for word in node.keywords if word.arg == "name"] + node.args
        return values[0].value if values and isinstance(values[0], ast.Constant) else ""
    return ""


def _is_left_alone(node):
    if isinstance(node, ast.keyword):
        return node.arg == "inputs" or not isinstance(node.value, ast.Lambda)
    return isinstance(node, ast.JoinedStr)


def _is_symmetric(node, parents):
    """Say whether it is the xᵀA in xᵀAx, or the AB in tr(AB): the order does not matter there."""
    outer = parents[-1]
    if isinstance(outer, ast.Call):
        return ast.unparse(outer.func).endswith("trace") and not _is_product(node.left)
    is_vector = isinstance(node.left, ast.Name) and node.left.id.islower()
    return is_vector and _is_product(outer) and ast.dump(node.left) == ast.dump(outer.right)


def _is_zero(node):
    if _is_times(node):
        return _is_zero(node.left)
    return isinstance(node, ast.Constant) and node.value == 0


def _is_product(node):
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult)


def _atom(node, text):
    return f"({text})" if isinstance(node, ast.BinOp | ast.UnaryOp) else text


def _walk(node, parents):
    yield node, parents
    for child in ast.iter_child_nodes(node):
        yield from _walk(child, (*parents, node))


def _is_formula(parents):
    """Say whether a number is part of a formula: an operand, or an entry in a function's body."""
    parent = parents[-2] if isinstance(parents[-1], ast.UnaryOp) else parents[-1]
    inside = any(isinstance(p, ast.FunctionDef | ast.Lambda) for p in parents)
    return isinstance(parent, ast.BinOp) or (isinstance(parent, ast.List) and inside)


def _is_bound(parents):
    """Say whether a number is a factor of one side of an inequality."""
    outer = next(p for p in reversed(parents) if not _is_times(p))
    inequality = isinstance(outer, ast.Compare) and isinstance(outer.ops[0], INEQUALITIES)
    return inequality and _is_times(parents[-1])


def _is_times(node):
    return isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult)


class _Places:
    """Where a node of the syntax tree begins and ends; its own columns count bytes."""

    def __init__(self, text):
        self.lines = text.splitlines(keepends=True)

    def of(self, node):
        start = self._at(node.lineno, node.col_offset)
        return start, self._at(node.end_lineno, node.end_col_offset)

    def _at(self, line, column):
        before = self.lines[line - 1].encode()[:column].decode()
        return sum(map(len, self.lines[: line - 1])) + len(before)
