"""Exercises of other kinds: give a counterexample, derive line by line, take a card."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from mathutils.check import check_derivative
from mathutils.course import reading, rule, trying
from mathutils.course.card import Card
from mathutils.course.exercise import SIZES, Exercise, Judgement, blank, wrong_because
from mathutils.sentences import say
from mathutils.steps import check_steps
from mathutils.trouble import what_is_wrong


@dataclass(frozen=True)
class Counterexample(Exercise):
    """The exercise to give arguments of f for which a claim is not its derivative.

    Attributes
    ----------
    claim : function of the arguments of f, said to be the derivative by the first
    answer : list of arrays, one for each argument of f: one counterexample of many
    wrong : dict from a slug to a list of arrays for which the claim holds
    holds : dict from the same slugs to a function of the arguments that says whether it is this
    """

    claim: Callable | None = None
    holds: dict = field(default_factory=dict)

    def judge(self, answer: object) -> Judgement:
        """Return the `Judgement` of arguments: right where the claim is refuted."""
        if isinstance(answer, np.ndarray) and answer.ndim:
            answer = list(answer)
        some_left = isinstance(answer, list | tuple) and any(map(reading.is_blank, answer))
        if reading.is_blank(answer) or some_left:
            return blank(say("not-answered"))
        names = trying.names_of(self.f)
        if not isinstance(answer, list | tuple) or len(answer) != len(names):
            got = len(answer) if isinstance(answer, list | tuple) else type(answer).__name__
            return wrong_because("arrays-wanted", count=len(names), names=names, got=got)
        try:
            arrays = [reading.numbers(value) for value in answer]
        except reading.Unreadable as problem:
            return Judgement("wrong", str(problem))
        return self._judge_at(*arrays)

    @np.errstate(all="ignore")
    def _judge_at(self, x, *rest):
        silent = self._says_nothing(x, *rest)
        if silent is not None:
            return silent
        try:
            verdict = check_derivative(lambda x: self.f(x, *rest), self.claim(x, *rest), x)
        except (TypeError, ValueError) as problem:
            return Judgement("wrong", str(problem))
        if verdict.status == "undecided":
            return Judgement("undecided", verdict.reason)
        if verdict.status == "wrong" and verdict.mistake != "precision":
            return Judgement("right", say("counterexample-found"))
        slug = next((slug for slug, is_it in self.holds.items() if is_it(x, *rest)), None)
        return self.verdict_on(slug) if slug else wrong_because("counterexample-holds")

    def _says_nothing(self, x, *rest):
        """Return a verdict where the claim says nothing about f, so that it cannot fail."""
        values = []
        for function, slug in (
            (self.f, "counterexample-fails"),
            (self.claim, "counterexample-no-claim"),
        ):
            try:
                values.append(np.asarray(function(x, *rest)))
            except Exception as error:  # most often shapes that do not fit
                return wrong_because(slug, problem=what_is_wrong(error, function, x, *rest))
        value, claim = values
        wanted = value.shape + np.shape(x)
        if claim.shape != wanted:
            return wrong_because("counterexample-of-shape", shape=claim.shape, wanted=wanted)
        if not (np.isfinite(value).all() and np.isfinite(claim).all()):
            return wrong_because("counterexample-not-finite")
        return None


@dataclass(frozen=True)
class Derivation(Exercise):
    """The exercise to derive a gradient in certain lines.

    Attributes
    ----------
    f, inputs : as in `Exercise`
    lines : tuple of slugs
        What each line of the answer is. The last one is the gradient, a function of the
        arguments of f; the others are functions of them and of dX, which comes last, and each is
        a way to write df.
    answer : list of functions, the model answer
    wrong : dict from the slug of a mistake to the gradient that it leads to
    """

    lines: tuple = ()

    def mistakes(self) -> Iterator:
        """Yield the known wrong answers: slug, None, and all lines, of which the last is wrong."""
        for mistake, gradient in self.wrong.items():
            yield mistake, None, [*self.answer[:-1], gradient]

    def judge(self, answer: object) -> Judgement:
        """Return the `Judgement` of a list of lines, at several random inputs."""
        is_list = isinstance(answer, list | tuple)
        if reading.is_blank(answer):
            return blank(say("not-answered"))
        if not is_list or len(answer) != len(self.lines):
            got = len(answer) if is_list else type(answer).__name__
            told = [say(slug) for slug in self.lines]
            return wrong_because("lines-wanted", count=len(told), lines=told, got=got)
        trials = [self.inputs(np.random.default_rng(n), m, n) for m, n in SIZES]
        for number, line in enumerate(answer, start=1):
            dx = () if number == len(answer) else (np.ones(np.shape(trials[0][0])),)
            if line is None:
                return blank(say("line-not-answered", line=number))
            if not callable(line):
                return wrong_because("function-wanted")
            if trying.values(line, [(*trials[0], *dx)])[0] is None:
                return blank(say("line-returns-none", line=number))
        return self._together(answer, [self._judge_at(answer, *inputs) for inputs in trials])

    def _judge_at(self, answer, x, *rest):
        def last(x, dx):
            gradient = np.asarray(answer[-1](x, *rest))
            if gradient.shape != x.shape:
                raise ValueError(say("other-shape", shape=gradient.shape, wanted=x.shape))
            return np.sum(gradient * dx)

        steps = [lambda x, dx, line=line: line(x, *rest, dx) for line in answer[:-1]]
        return check_steps(lambda x: self.f(x, *rest), [*steps, last], x)

    def _together(self, answer, verdicts):
        bad = [verdict for verdict in verdicts if not verdict]
        if not bad:
            return Judgement("right", verdicts[0].reason)
        first = min(bad, key=lambda verdict: (verdict.status != "wrong", verdict.line))
        if first.line == len(self.lines):
            twins = Exercise(self.name, self.f, None, self.inputs, self.wrong, self.letters)
            named = twins.judge(answer[-1])
            if named.reason in {self.verdict_on(mistake).reason for mistake in self.wrong}:
                return named
        return Judgement(first.status, first.reason, first.mistake)


@dataclass(frozen=True)
class Deck(Exercise):
    """The exercise to find the derivative on a card of the catalogue, of several.

    Attributes
    ----------
    rules : tuple of the names of rules, one for each card
    """

    rules: tuple = ()

    @classmethod
    def of_rules(cls, name: str, *rules: str) -> "Deck":
        """Return the deck of these rules; before one is drawn, the first lies on top."""
        first = rule(rules[0])
        return cls(name, first.f, None, first.inputs, dict(first.wrong), "", rules)

    @property
    def hints(self) -> list:
        """The hints of the first card."""
        return self.at(1).hints

    @property
    def cards(self) -> int:
        """How many cards it has."""
        return len(self.rules)

    def at(self, card: int) -> Card:
        """Return a card, counted from 1; before one is drawn, the first."""
        return Card.of_rule(rule(self.rules[min(max(card, 1), self.cards) - 1]))
