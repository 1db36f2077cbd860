"""Exercises: judge an answer, name the mistake in a wrong one, give hints, keep the score.

An exercise is defined beside this module, in the one named for its chapter, and stated in the
chapter. Where the answer is a derivative, nobody has to store it: it is measured. What an answer
says, whatever its form, is read by `reading`; a function is tried at inputs by `trying`.
"""

import re
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace

import numpy as np
from IPython.display import Markdown, display

from mathutils.check import check_derivative
from mathutils.course import reading, trying
from mathutils.course.reading import ROUNDED, Unreadable, agrees
from mathutils.course.rule import Rule, letters
from mathutils.course.score import keep, right_so_far
from mathutils.derivative import numerical_jacobian
from mathutils.sentences import numbered, say
from mathutils.verdict import Verdict

NEAR = 0.02  # a number that is rounded to fewer digits than are wanted
SIZES = [(2, 3), (3, 2), (4, 3), (3, 4)]  # m and n of the random inputs on which one is judged
PARTS = "abcdefghij"


@dataclass(frozen=True, repr=False)
class Judgement(Verdict):
    """A verdict on an answer; `evidence` is where it was refuted, and what was found there."""

    evidence: str = field(default="", compare=False)


@dataclass(frozen=True)
class Exercise:
    """What the machine knows of an exercise; its text stands in the chapter.

    Attributes
    ----------
    name : str
        A slug, under which the table of sentences has the hints.
    f : function, optional
        The answer is the derivative of f by its first argument, as a function of all of them.
    answer : any value, or a function; only without f
        A list has parts (a), (b) …, each judged for itself. A tuple is a shape. Numbers that are
        not whole may be given rounded to three digits.
    inputs : function of a generator and of two sizes m and n, optional
        Returns a tuple of random inputs. Where it is given, the answer is a function of them.
    wrong : dict from the slug of a mistake to the answer that it leads to
        ``{"b": 4}`` is a mistake in part (b) alone; with several parts, in any of them.
    letters : str
        What the chapter calls the arguments of f, where it has other names for them.
    """

    name: str
    f: Callable | None = None
    answer: object = None
    inputs: Callable | None = None
    wrong: dict = field(default_factory=dict)
    letters: str = ""

    @classmethod
    def of(
        cls,
        name: str,
        rule: Rule,
        wrong: dict | None = None,
        inputs: Callable | None = None,
        letters: str = "",
    ) -> "Exercise":
        """Return the exercise to find the derivative of a `Rule`, with its wrong twins.

        More wrong answers can be added, and come first; None as one takes a twin away. The inputs
        can be others, and so can the letters.

        Examples
        --------
        >>> from mathutils.course import rule
        >>> exercise = Exercise.of("form", rule("quadratic-form"), letters="x M")
        >>> exercise.judge(lambda x, M: 2 * M @ x)
        wrong: right only if M is symmetric
        """
        wrong = (wrong or {}) | {k: v for k, v in rule.wrong.items() if k not in (wrong or {})}
        wrong = {mistake: answer for mistake, answer in wrong.items() if answer is not None}
        return cls(name, rule.f, None, inputs or rule.inputs, wrong, letters)

    @property
    def cards(self) -> int:
        """How many cards it has."""
        return 0

    @property
    def hints(self) -> list:
        """The hints in the language of the chapter, from a first nudge to nearly all: Markdown."""
        return numbered(self.name)

    def judge(self, answer: object) -> Judgement:
        """Return the `Judgement` of an answer. It never tells the right one, and never raises."""
        if reading.is_blank(answer):
            return blank(say("not-answered"))
        if callable(answer) and self.inputs is None:
            return wrong_because("value-wanted")
        if self.inputs is None:
            return self._judge_value(answer)
        if not callable(answer):
            return wrong_because("function-wanted")
        return self._judge_function(answer)

    def at(self, card: int) -> "Exercise":
        """Return what this exercise is where that card lies: itself, if it has no cards."""
        return self

    def mistakes(self) -> Iterator:
        """Yield the known wrong answers: slug, the part or None for all of it, and answer."""
        for mistake, wrong in self.wrong.items():
            if isinstance(wrong, dict):
                for part, answer in wrong.items():
                    yield mistake, part, answer
            else:
                yield mistake, None, wrong

    def verdict_on(self, mistake: str, part: str | None = None) -> Judgement:
        """Return the `Judgement` that names one of the known mistakes."""
        return wrong_because(mistake, part=_in_brackets(part), **letters(self.f, self.letters))

    # A value

    def _judge_value(self, answer):
        for precision in (reading.EXACT, ROUNDED):
            if agrees(answer, self.answer, precision):
                return self._right_value(answer, precision)
            for mistake, part, wrong in self.mistakes():
                if agrees(_part_of(answer, part), wrong, precision):
                    return self.verdict_on(mistake, part)
        if isinstance(self.answer, list):
            return self._judge_parts(answer)
        try:
            return self._differs(reading.read(answer, self.answer))
        except Unreadable as problem:
            return Judgement("wrong", str(problem))

    def _judge_parts(self, answer):
        """Return the judgement of a list of which not all is right."""
        try:
            answer = reading.read(answer, self.answer)
        except Unreadable as problem:
            return Judgement("wrong", str(problem))
        parts = list(zip(map(_in_brackets, PARTS), answer, self.answer, strict=False))
        left = [name for name, part, _ in parts if reading.is_blank(part)]
        if left:
            whole = len(left) == len(parts)
            return blank(say("not-answered") if whole else say("parts-not-answered", parts=left))
        for name, part, right in parts:
            try:
                reading.read(part, right)
            except Unreadable as problem:
                return wrong_because("in-part", part=name, reason=problem)
        return wrong_because(
            "parts-not-right", parts=[n for n, p, r in parts if not agrees(p, r, ROUNDED)]
        )

    def _right_value(self, answer, precision):
        """Return the judgement of a right value, and say how to be exact where it is not."""
        if precision == reading.EXACT:
            return Judgement("right", say("agrees"))
        stored = self.answer if isinstance(self.answer, list) else [self.answer]
        given = answer if isinstance(self.answer, list) else [answer]
        rounded = [s for g, s in zip(given, stored, strict=True) if not agrees(g, s)]
        exact = [reading.in_words(value) for value in rounded if np.ndim(value) == 0]
        if any(exact):
            return Judgement("right", say("agrees-exactly", exact=list(filter(None, exact))))
        return Judgement("right", say("agrees-rounded"))

    def _differs(self, value):
        """Return the judgement of a value that could be read, and is another one."""
        if isinstance(self.answer, str | tuple | bool):
            return wrong_because("another-one")
        right = np.asarray(self.answer)
        if value.shape != right.shape:
            return wrong_because("other-shape", shape=value.shape, wanted=right.shape)
        choices = {float(n) for n in (right, *self.wrong.values()) if np.ndim(n) == 0}
        if (
            choices == set(range(1, len(choices) + 1))
            and np.ndim(value) == 0
            and float(value) not in choices
        ):
            return wrong_because("choice-wanted", choices=sorted(map(int, choices)))
        if reading.off_by(value, right, NEAR) == 0:
            return wrong_because("value-is-near")
        return wrong_because("numbers-differ")

    # A function

    def _judge_function(self, answer):
        trials = [self.inputs(np.random.default_rng(n), m, n) for m, n in SIZES]
        found = trying.values(answer, trials)
        nothing = list(map(reading.is_blank, found))
        if any(nothing):
            if all(nothing) and trying.is_blank(answer):
                return blank(say("not-answered"))
            return blank(say("returned-none"))
        trouble = trying.trouble(answer, trials, found)
        if trouble:
            return Judgement("wrong", trouble)
        if any(map(callable, found)):
            return wrong_because("function-returned")
        try:
            given = [reading.numbers(value) for value in found]
        except Unreadable as problem:
            return Judgement("wrong", str(problem))
        for mistake, wrong in self.wrong.items():
            if all(_close(v, wrong(*deepcopy(i))) for v, i in zip(given, trials, strict=True)):
                verdict = self.verdict_on(mistake)
                return self._with_evidence(verdict, answer, trials[0], given[0])
        verdicts = [self._judge_one(v, i) for v, i in zip(given, trials, strict=True)]
        return self._together(answer, trials, found, given, verdicts)

    def _judge_one(self, value, inputs):
        if self.f is not None:
            x, *rest = inputs
            return check_derivative(lambda x: self.f(x, *rest), value, x)
        right = np.asarray(self.answer(*deepcopy(inputs)), dtype=float)
        if value.shape != right.shape:
            return Verdict(
                "wrong", say("other-shape", shape=value.shape, wanted=right.shape), "shape"
            )
        if _close(value, right):
            return Verdict("right", say("agrees"))
        return Verdict("wrong", say("numbers-differ"))

    def _together(self, answer, trials, found, given, verdicts):
        """Return one judgement for the verdicts at all inputs."""
        failed = [k for k, v in enumerate(verdicts) if not v and v.mistake != "precision"]
        failed.sort(key=lambda k: verdicts[k].status != "wrong")  # what is refuted comes first
        if not failed:
            coarse = any(verdict.mistake == "precision" for verdict in verdicts)
            slug = say("agrees-to-digits") if coarse else say("agrees-on-all", all=len(trials))
            return Judgement("right", slug)
        first = failed[0]
        verdict = _common([verdicts[k] for k in failed])
        reason, agree = verdict.reason, len(trials) - len(failed)
        if verdict.status == "wrong":
            reason = self._slip(answer, trials, found) or reason
        if agree:
            reason = say("agrees-on-some", reason=reason, count=agree, all=len(trials))
        told = Judgement(verdict.status, reason, verdict.mistake)
        wrong = verdict.status == "wrong"
        return self._with_evidence(told, answer, trials[first], given[first]) if wrong else told

    def _slip(self, answer, trials, found):
        """Return a slip in the code rather than in the mathematics, "" where there is none."""
        outside = trying.names_outside(answer)
        if outside:
            return say("uses-outside", name=outside[0])
        if not np.array_equal(found[0], trying.values(answer, trials[:1])[0]):
            return say("not-the-same-twice")
        rights = [self._right(inputs) for inputs in trials]
        pairs = list(zip(map(np.asarray, found), rights, strict=True))
        if all(v.dtype.kind in "iu" and _close(v, np.trunc(r)) for v, r in pairs):
            return say("fractions-cut")
        if all(_close(v, r, ROUNDED) for v, r in pairs):
            return say("agrees-nearly")
        return next(trying.slips(answer, trials[0]), "")

    def _right(self, inputs):
        """Return the right value at an input, NaN where it cannot be measured."""
        if self.f is None:
            return np.asarray(self.answer(*deepcopy(inputs)), dtype=float)
        x, *rest = inputs
        try:
            return numerical_jacobian(lambda x: self.f(x, *rest), x)
        except ValueError:  # at a kink, say
            return np.nan

    def _with_evidence(self, verdict, answer, inputs, value):
        right = self._right(inputs)
        gap = np.max(abs(value - right)) if value.shape == np.shape(right) else np.inf
        return replace(verdict, evidence=trying.evidence(answer, inputs, value, gap))


def _close(value, right, precision=reading.EXACT):
    """Say whether numbers that a function has returned agree with others."""
    right = np.asarray(right, dtype=float)
    size = np.max(abs(right), initial=0) or 1
    return value.shape == right.shape and np.max(abs(value - right)) <= precision * size


def _common(verdicts):
    """Return the first of the verdicts on a wrong answer, nameless where others say otherwise."""
    first = verdicts[0]
    if first.mistake in (None, "shape"):
        return first
    same = [verdict for verdict in verdicts if verdict.status == first.status]
    texts = {re.sub(r"\(.*?\)", "", verdict.reason) for verdict in same}
    return first if len(texts) == 1 else Verdict(first.status, say("numbers-differ"))


def _in_brackets(part):
    return f"({part})"


def _part_of(answer, part):
    """Return what an answer says for one part, or all of it where that is None."""
    if part is None:
        return answer
    index = PARTS.index(part)
    is_array = isinstance(answer, np.ndarray) and answer.ndim > 0
    has_parts = is_array or isinstance(answer, list | tuple)
    return answer[index] if has_parts and len(answer) > index else None


def blank(words: str) -> Judgement:
    """Return the judgement of what is not answered yet, or not all of it.

    >>> blank("not answered yet")
    undecided: not answered yet
    """
    return Judgement("undecided", words, "blank")


def wrong_because(slug: str, **values) -> Judgement:
    """Return the judgement of a wrong answer, with a sentence.

    >>> wrong_because("value-wanted")
    wrong: a value is wanted, but this is a function
    """
    return Judgement("wrong", say(slug, **values))


class Exercises:
    """The exercises of a chapter, and which of them have been answered rightly."""

    def __init__(self, *exercises: Exercise):
        self._exercises = dict(enumerate(exercises, start=1))
        kept = right_so_far()
        self._right = {number for number, one in self._exercises.items() if one.name in kept}
        self._verdicts, self._hints = {}, dict.fromkeys(self._exercises, 0)
        self._cards = dict.fromkeys(self._exercises, 0)

    def __iter__(self):
        return iter(self._exercises.items())

    def draw(self, number: int, card: int = 1) -> None:
        """Show a card of an exercise that has cards; it lies there until another one is drawn."""
        if not self._has(number):
            return
        last = self._exercises[number].cards
        if not last:
            print(say("no-cards", number=number))
        elif not isinstance(card, int) or not 1 <= card <= last:
            print(say("no-such-card", number=number, last=last))
        else:
            if card != self._cards[number]:
                self._cards[number], self._hints[number] = card, 0
            display(Markdown(self._exercises[number].at(card).statement))

    def model(self, number: int, answer: object) -> None:
        """Print the verdict on the model answer, without counting it, and that on one's own."""
        verdict, own = self._exercises[number].judge(answer), self._verdicts.get(number)
        own = say("not-answered") if own is None or own.mistake == "blank" else say(own.status)
        print(say("model-answer", verdict=verdict, own=own))

    def check(self, number: int, answer: object) -> None:
        """Judge an answer, print the verdict, and keep it in the score, unless it is blank."""
        if not self._has(number):
            return
        exercise = self._exercises[number].at(self._cards[number])
        verdict = self._verdicts[number] = exercise.judge(answer)
        if verdict.mistake == "blank":
            print(verdict.reason)
            return
        (self._right.add if verdict else self._right.discard)(number)
        print(verdict)
        if verdict.evidence:
            print(verdict.evidence)
        keep(self._exercises[number].name, bool(verdict))

    def hint(self, number: int) -> None:
        """Show a hint, and one more each time."""
        if not self._has(number):
            return
        hints = self._exercises[number].at(self._cards[number]).hints
        self._hints[number] = min(self._hints[number] + 1, len(hints))
        for k, hint in enumerate(hints[: self._hints[number]], start=1):
            display(Markdown(say("hint", number=k, all=len(hints), hint=hint)))

    def _has(self, number):
        found = isinstance(number, int) and number in self._exercises
        if not found:
            print(say("no-such-exercise", number=repr(number), last=len(self._exercises)))
        return found

    def score(self) -> None:
        """Print how many exercises are right, and which are still to be done."""
        left = [number for number in self._exercises if number not in self._right]
        right, all_of_them = len(self._right), len(self._exercises)
        if left:
            print(say("score-so-far", count=right, all=all_of_them, left=left))
        else:
            print(say("score", count=right, all=all_of_them))
