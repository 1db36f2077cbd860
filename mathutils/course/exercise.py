"""Exercises: judge an answer, name the mistake in a wrong one, give hints, keep the score.

An exercise is defined beside this module, in the one named for its chapter, and stated in the
chapter. Where the answer is a derivative, nobody has to store it: it is measured.
"""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
from IPython.display import Markdown, display

from mathutils.check import check_derivative
from mathutils.course.rule import Rule, letters
from mathutils.course.score import keep, right_so_far
from mathutils.sample import real_array
from mathutils.sentences import numbered, say
from mathutils.verdict import Verdict

SIZES = [(2, 3), (3, 2), (4, 3), (3, 4)]  # m and n of the random inputs on which one is judged
PARTS = "abcdefghij"


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
        A list has parts (a), (b) …, each judged for itself. A tuple is a shape.
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
    def hints(self) -> list:
        """The hints in the language of the chapter, from a first nudge to nearly all: Markdown."""
        return numbered(self.name)

    def judge(self, answer: object) -> Verdict:
        """Return the `Verdict` on an answer. It never tells the right one, and never raises."""
        if answer is None:
            return _blank(say("not-answered"))
        if callable(answer) and self.inputs is None:
            return _wrong("value-wanted")
        if self.inputs is None:
            return self._judge_value(answer)
        if not callable(answer):
            return _wrong("function-wanted")
        return self._judge_function(answer)

    def _judge_value(self, answer):
        for mistake, part, wrong in self.mistakes():
            if _same(_part_of(answer, part), wrong):
                return self.verdict_on(mistake, part)
        if not isinstance(self.answer, list):
            return _compare(answer, self.answer)
        if not isinstance(answer, list | tuple) or len(answer) != len(self.answer):
            return _wrong("list-wanted", size=len(self.answer))
        parts = list(zip(map(_in_brackets, PARTS), answer, self.answer, strict=False))
        left = [name for name, part, _ in parts if part is None]
        if left:
            whole = len(left) == len(parts)
            return _blank(say("not-answered") if whole else say("parts-not-answered", parts=left))
        bad = [name for name, part, right in parts if not _compare(part, right)]
        return _wrong("parts-not-right", parts=bad) if bad else _right()

    def _judge_function(self, answer):
        trials = [self.inputs(np.random.default_rng(n), m, n) for m, n in SIZES]
        try:
            given = [answer(*deepcopy(inputs)) for inputs in trials]
        except Exception as problem:  # whatever a reader's function does, it is told in a sentence
            return _wrong("your-function-raised", kind=type(problem).__name__, problem=problem)
        if any(value is None for value in given):
            return _blank(say("not-answered"))
        if any(map(callable, given)):
            return _wrong("function-returned")
        for mistake, wrong in self.wrong.items():
            if all(_same(v, wrong(*deepcopy(i))) for v, i in zip(given, trials, strict=True)):
                return self.verdict_on(mistake)
        verdicts = [self._judge_one(v, i) for v, i in zip(given, trials, strict=True)]
        failed = [verdict for verdict in verdicts if not verdict]
        failed.sort(key=lambda verdict: verdict.status != "wrong")  # what is refuted comes first
        if not failed:
            return Verdict("right", say("agrees-on-all", all=len(trials)))
        first, agree = failed[0], len(trials) - len(failed)
        if not agree:
            return first
        reason = say("agrees-on-some", reason=first.reason, count=agree, all=len(trials))
        return Verdict(first.status, reason, first.mistake)

    def _judge_one(self, value, inputs):
        if self.f is None:
            return _compare(value, self.answer(*deepcopy(inputs)))
        x, *rest = inputs
        return check_derivative(lambda x: self.f(x, *rest), value, x)

    def mistakes(self) -> Iterator:
        """Yield the known wrong answers: slug, the part or None for all of it, and answer."""
        for mistake, wrong in self.wrong.items():
            if isinstance(wrong, dict):
                for part, answer in wrong.items():
                    yield mistake, part, answer
            else:
                yield mistake, None, wrong

    def verdict_on(self, mistake: str, part: str | None = None) -> Verdict:
        """Return the `Verdict` that names one of the known mistakes."""
        return _wrong(mistake, part=_in_brackets(part), **letters(self.f, self.letters))


def _in_brackets(part):
    return f"({part})"


def _part_of(answer, part):
    """Return what an answer says for one part, or all of it where that is None."""
    if part is None:
        return answer
    index = PARTS.index(part)
    has_parts = isinstance(answer, list | tuple) and len(answer) > index
    return answer[index] if has_parts else None


def _blank(words):
    """Return the verdict on what is not answered yet, or not all of it."""
    return Verdict("undecided", words, "blank")


def _right():
    return Verdict("right", say("agrees"))


def _wrong(slug, **values):
    return Verdict("wrong", say(slug, **values))


def _same(value, other):
    """Say whether two values agree, shape first."""
    if value is None:
        return False
    if isinstance(other, list) and isinstance(value, list | tuple):
        return len(value) == len(other) and all(map(_same, value, other))
    if isinstance(other, str | tuple | bool):
        return _equal(value, other)
    return _compare(value, other).status == "right"


def _equal(value, other):
    try:
        return type(value) is type(other) and bool(value == other)
    except ValueError:  # a tuple with an array in it
        return False


WANTED = {str: "text-wanted", tuple: "tuple-wanted", bool: "true-or-false-wanted"}


def _compare(value, right):
    """Return the verdict on a value that should be `right`, without telling what that is."""
    if isinstance(right, str | tuple | bool):
        if _equal(value, right):
            return _right()
        return _wrong("another-one" if type(value) is type(right) else WANTED[type(right)])
    try:
        value, right = real_array(value, say("the-answer")), real_array(right, "right")
    except (TypeError, ValueError) as problem:
        return Verdict("wrong", str(problem))
    if value.shape != right.shape:
        return _wrong("other-shape", shape=value.shape, wanted=right.shape)
    size = np.max(abs(right), initial=0) or 1e-3
    if np.allclose(value, right, rtol=1e-4, atol=1e-6 * size):
        return _right()
    return _wrong("numbers-differ")


class Exercises:
    """The exercises of a chapter, and which of them have been answered rightly."""

    def __init__(self, *exercises: Exercise):
        self._exercises = dict(enumerate(exercises, start=1))
        kept = right_so_far()
        self._right = {number for number, one in self._exercises.items() if one.name in kept}
        self._hints = dict.fromkeys(self._exercises, 0)

    def __iter__(self):
        return iter(self._exercises.items())

    def model(self, number: int, answer: object) -> None:
        """Print the verdict on the model answer, without counting it."""
        print(say("model-answer", verdict=self._exercises[number].judge(answer)))

    def check(self, number: int, answer: object) -> None:
        """Judge an answer, print the verdict, and keep it in the score, unless it is blank."""
        if not self._has(number):
            return
        verdict = self._exercises[number].judge(answer)
        if verdict.mistake == "blank":
            print(verdict.reason)
            return
        (self._right.add if verdict else self._right.discard)(number)
        print(verdict)
        keep(self._exercises[number].name, bool(verdict))

    def hint(self, number: int) -> None:
        """Show a hint, and one more each time."""
        if not self._has(number):
            return
        hints = self._exercises[number].hints
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
