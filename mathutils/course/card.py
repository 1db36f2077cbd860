"""Cards: the derivative of a function of the catalogue is asked, or of one made of two."""

import re
from dataclasses import dataclass
from inspect import Parameter, Signature

import numpy as np

from mathutils.course import RULES, rule
from mathutils.course.exercise import Exercise
from mathutils.course.rule import Rule
from mathutils.course.trying import names_of
from mathutils.formula import differentiate
from mathutils.letters.algebra import NoFormula
from mathutils.letters.walk import Table
from mathutils.sentences import say

OUTER = "linear-form", "quadratic-form", "log-sum-exp", "cross-entropy", "norm-squared", "norm"
INNER = "linear-map", "exponential", "sigmoid", "scaled-vector", "unit-vector"
BESIDE = {  # pairs that are constant, or whose numbers grow so fast that no digits are left
    *(("norm", "unit-vector"), ("norm-squared", "unit-vector")),
    *((outer, inner) for outer in OUTER[2:4] for inner in ("exponential", "scaled-vector")),
}


@dataclass(frozen=True)
class Card(Exercise):
    """A rule as an exercise that states itself, has hints, and shows its derivation.

    Attributes
    ----------
    rule : Rule
    """

    rule: Rule | None = None

    @classmethod
    def of_rule(cls, rule: Rule) -> "Card":
        """Return the card of a rule.

        Examples
        --------
        >>> Card.of_rule(rule("quadratic-form")).judge(lambda x, A: 2 * A @ x)
        wrong: right only if A is symmetric
        """
        names = getattr(rule, "names", "")
        return cls(rule.name, rule.f, None, rule.inputs, dict(rule.wrong), names, rule)

    @property
    def arguments(self) -> list:
        """The names of the arguments in code, in the order of the shapes."""
        return names_of(self.rule.f)

    @property
    def statement(self) -> str:
        """What is asked, as Markdown."""
        rule = self.rule
        values = {"formula": rule.formula, "by": rule.by, "code": ", ".join(self.arguments)}
        values["shapes"] = _spaced(rule.shapes.split("; "))
        condition = _spaced(_said_of(rule))
        if not condition:
            return say("card", **values)
        return say("card-with-condition", condition=condition, **values)

    @property
    def hints(self) -> list:
        """Hints from a first nudge to nearly all, as Markdown: shape, way forwards, mistake."""
        x, *rest = self.rule.inputs(np.random.default_rng(0), 2, 3)
        shape = np.shape(self.rule.f(x, *rest)) + np.shape(x)
        told = [say("card-hint-shape", m=2, n=3, shape=shape)]
        rows = self._rows()
        forward = [row for row in rows if not _is_back(row)]
        if forward:
            told.append(say("card-hint-forward", rows=_typeset(forward)))
        if self.wrong:
            mistake = self.verdict_on(next(iter(self.wrong))).reason
            told.append(say("card-hint-mistake", mistake=mistake))
        if len(rows) > len(forward) + 1:
            told.append(say("card-hint-back", rows=_typeset(rows[len(forward) : -1])))
        return told

    @property
    def derivation(self) -> str:
        """The derivation and the result, as Markdown."""
        rows, rule = self._rows(), self.rule
        result = say("card-result", by=rule.by, result=rule.result)
        if rule.condition:
            condition = _spaced(rule.condition.split("; "))
            result = say("card-result-where", result=result, condition=condition)
        return say("card-steps", rows=_typeset(rows), result=result) if rows else result

    def _rows(self):
        inputs = self.rule.inputs(np.random.default_rng(1), 2, 3)
        try:
            return differentiate(self.rule.f, *inputs).steps.rows
        except (NoFormula, TypeError, ValueError):  # no gradient, or an operation without a rule
            return []


def _spaced(parts):
    return r", \quad ".join(parts)


def _said_of(rule):
    """Return the parts of a condition but for letters that only the result has."""
    parts = rule.condition.split("; ") if rule.condition else []
    kept = []
    for part in parts:
        letter = re.match(r"(\\mathbf \w|\\\w+|\w)(\(t\))? = ", part)
        others = rule.formula + "".join(other for other in parts if other is not part)
        if not letter or letter[1] in others:
            kept.append(part)
    return kept


def _is_back(row):
    return "\u0304" in row[0][0]


def _typeset(rows):
    return Table(rows)._repr_markdown_()


def cards(level: int = 1) -> list:
    """Return all cards of a level: 1 for the rules of the catalogue, 2 for two of them in one.

    Derivatives of three and four indices are left out.

    Examples
    --------
    >>> [card.name for card in cards(2)][:2]
    ['linear-form-of-linear-map', 'linear-form-of-exponential']
    """
    if level == 1:
        rules = [one for section in RULES.values() for one in section]
        rules = [one for one in rules if "operatorname" not in one.by and _axes(one) <= 2]
        return [Card.of_rule(one) for one in rules]
    pairs = [(rule(outer), rule(inner)) for outer in OUTER for inner in INNER]
    return [Card.of_rule(composed(o, i)) for o, i in pairs if (o.name, i.name) not in BESIDE]


def _axes(rule):
    x, *rest = rule.inputs(np.random.default_rng(0), 2, 3)
    return np.ndim(rule.f(x, *rest)) + np.ndim(x)


@dataclass(kw_only=True)
class Composed(Rule):
    """A rule that is made of two; `names` are the letters of its wrong twins."""

    names: str = ""


def composed(outer: Rule, inner: Rule) -> Rule:
    r"""Return the rule for a function of z = g(x), both from the catalogue, by the chain rule.

    Parameters
    ----------
    outer : Rule for a number by a vector
    inner : Rule for a vector by a vector

    Examples
    --------
    >>> rule_of_two = composed(rule("norm-squared"), rule("linear-map"))
    >>> rule_of_two.condition
    '\\mathbf z = M\\mathbf x'
    >>> rule_of_two.check()
    right: all 3 entries agree, shape (3,)
    """
    chain = _Chain(outer, inner)
    inside = rf"\mathbf z = {_renamed(inner.formula)}"
    asked = Composed(
        name=f"{outer.name}-of-{inner.name}",
        formula=_in_z(outer.formula),
        result=rf"J^{{\top}}\mathbf g, \quad \mathbf g = {_in_z(outer.result)}, \quad "
        rf"J = {_renamed(inner.result)}",
        shapes=_shapes_of_both(outer, inner),
        condition="; ".join(filter(None, [inside, _in_z(outer.condition), inner.condition])),
        f=chain.signed(lambda x, *rest: outer.f(*chain.outer_inputs(x, *rest))),
        derivative=chain.through(outer.derivative),
        inputs=chain.inputs,
        names=" ".join(["z", *chain.arguments[1:]]),
    )
    missing = chain.signed(lambda x, *rest: outer.derivative(*chain.outer_inputs(x, *rest)))
    twins = {mistake: chain.through(twin) for mistake, twin in outer.wrong.items()}
    asked.wrong = {"inner-of-z-missing": missing} | _sensible(asked, twins)
    return asked


class _Chain:
    """Two rules, one inside the other, with x, the letters of the outer and of the inner one."""

    def __init__(self, outer, inner):
        self.outer, self.inner = outer, inner
        others, own = names_of(outer.f)[1:], names_of(inner.f)[1:]
        self.arguments = [*names_of(inner.f)[:1], *others, *map(_renamed, own)]
        self.count = len(others)

    def outer_inputs(self, x, *rest):
        return self.inner.f(x, *rest[self.count :]), *rest[: self.count]

    def through(self, gradient):
        """Return the gradient by x for one by z."""

        def derivative(x, *rest):
            jacobian = self.inner.derivative(x, *rest[self.count :])
            return gradient(*self.outer_inputs(x, *rest)) @ jacobian

        return self.signed(derivative)

    def inputs(self, rng, m, n):
        x, *own = self.inner.inputs(rng, m, n)
        others = self.outer.inputs(rng, m, len(self.inner.f(x, *own)))[1:]
        return (x, *others, *own)

    def signed(self, function):
        """Give a function the names of its arguments."""
        kind = Parameter.POSITIONAL_OR_KEYWORD
        function.__signature__ = Signature([Parameter(name, kind) for name in self.arguments])
        return function


def _sensible(asked, twins):
    """Return the twins that still have the shape of the gradient, and are not right."""
    found, inputs = {}, asked.inputs(np.random.default_rng(3), 3, 4)
    right = asked.derivative(*inputs)
    for mistake, twin in twins.items():
        try:
            value = twin(*inputs)
        except ValueError:  # of another shape than a gradient
            continue
        if np.shape(value) == right.shape and not np.allclose(value, right):
            found[mistake] = twin
    return found


def _in_z(latex):
    return latex.replace(r"\mathbf x", r"\mathbf z")


def _renamed(text):
    """Return the matrix of an inner map with another letter than that of an outer form."""
    return text.replace("A", "M")


def _shapes_of_both(outer, inner):
    size = "m" if ": m" in inner.shapes else "n"  # of z
    first, *own = _renamed(inner.shapes).split("; ")
    names = [(part.split(": ")) for part in outer.shapes.split("; ")]
    listed = [(name, shape) for both, shape in names for name in both.split(", ")][1:]
    others = [f"{name}: {shape.replace('n', size)}" for name, shape in listed]
    return "; ".join([first, *others, *own])
