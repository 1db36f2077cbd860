"""Exercises: judge an answer, name the mistake in a wrong one, give hints, keep the score.

An exercise is defined in one place, mathutils/exercises/, and stated in a chapter. Where the
answer is a derivative, nobody has to store it: it is measured.
"""

import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field

import numpy as np
from IPython.display import Markdown, display

from mathutils.check import check_derivative
from mathutils.sample import real_array
from mathutils.verdict import Verdict

SIZES = [(2, 3), (3, 2), (4, 3), (3, 4)]  # m and n of the random inputs on which one is judged
BLANK = Verdict("undecided", "not answered yet")


@dataclass(frozen=True)
class Exercise:
    """What the machine knows of an exercise; its text stands in the chapter.

    Attributes
    ----------
    f : function, optional
        The answer is the derivative of f by its first argument, as a function of all of them.
    answer : any value, or a function; only without f
        A list has parts (a), (b) …, each judged for itself. A tuple is a shape.
    inputs : function of a generator and of two sizes m and n, optional
        Returns a tuple of random inputs. Where it is given, the answer is a function of them.
    wrong : dict
        From a sentence that names a mistake to the answer that it leads to. Where this is a
        list, None stands for the parts that have nothing to do with the mistake.
    hints : tuple of str
        Markdown, from a first nudge to nearly all.
    """

    f: Callable | None = None
    answer: object = None
    inputs: Callable | None = None
    wrong: dict = field(default_factory=dict)
    hints: tuple = ()

    @classmethod
    def of(cls, rule, hints=(), wrong=None, inputs=None, letters=None):
        """Return the exercise to find the derivative of a `Rule`, with its wrong twins.

        More wrong answers can be added, and come first; None as one takes a twin away. The inputs
        can be others, and so can the letters in the names of the twins.

        Examples
        --------
        >>> from mathutils.rules import rule
        >>> exercise = Exercise.of(rule("quadratic-form"), letters={"A": "M"})
        >>> exercise.judge(lambda x, M: 2 * M @ x)
        wrong: right only if M is symmetric
        """
        letters = letters or {}
        twins = {
            re.sub(r"[A-Z]|\b[a-z]\b", lambda x: letters.get(x[0], x[0]), mistake): twin
            for mistake, twin in rule.wrong.items()
        }
        wrong = (wrong or {}) | {k: v for k, v in twins.items() if k not in (wrong or {})}
        wrong = {mistake: answer for mistake, answer in wrong.items() if answer is not None}
        return cls(f=rule.f, inputs=inputs or rule.inputs, wrong=wrong, hints=hints)

    def judge(self, answer):
        """Return the `Verdict` on an answer. It never tells the right one, and never raises."""
        if answer is None:
            return BLANK
        if callable(answer) != (self.inputs is not None):
            got, wanted = ("function", "value")[:: 1 if callable(answer) else -1]
            return Verdict("wrong", f"a {wanted} is wanted, but this is a {got}")
        if self.inputs is None:
            return self._judge_value(answer)
        return self._judge_function(answer)

    def _judge_value(self, answer):
        for mistake, wrong in self.wrong.items():
            if _same(answer, wrong):
                return Verdict("wrong", mistake)
        if not isinstance(self.answer, list):
            return _compare(answer, self.answer)
        if not isinstance(answer, list | tuple) or len(answer) != len(self.answer):
            return Verdict("wrong", f"a list of {len(self.answer)} answers is wanted")
        if all(part is None for part in answer):
            return BLANK
        open_parts = [name for name, part in zip(LETTERS, answer, strict=False) if part is None]
        if open_parts:
            return Verdict("undecided", f"not answered yet: {', '.join(open_parts)}")
        parts = zip(LETTERS, answer, self.answer, strict=False)
        bad = [name for name, part, right in parts if not _compare(part, right)]
        return Verdict("wrong", f"not right: {', '.join(bad)}") if bad else RIGHT

    def _judge_function(self, answer):
        trials = [self.inputs(np.random.default_rng(n), m, n) for m, n in SIZES]
        try:
            given = [answer(*deepcopy(inputs)) for inputs in trials]
        except Exception as problem:  # whatever a reader's function does, it is told in a sentence
            reason = f"your function raised {type(problem).__name__}: {problem}"
            return Verdict("wrong", reason)
        if any(value is None for value in given):
            return BLANK
        if any(map(callable, given)):
            return Verdict("wrong", "numbers are wanted, but your function returned a function")
        for mistake, wrong in self.wrong.items():
            if all(_same(v, wrong(*deepcopy(i))) for v, i in zip(given, trials, strict=True)):
                return Verdict("wrong", mistake)
        verdicts = [self._judge_one(v, i) for v, i in zip(given, trials, strict=True)]
        failed = [verdict for verdict in verdicts if not verdict]
        failed.sort(key=lambda verdict: verdict.status != "wrong")  # what is refuted comes first
        if not failed:
            return Verdict("right", f"it agrees on {len(trials)} random inputs")
        agree = f"; it agrees on {len(trials) - len(failed)} of {len(trials)} random inputs"
        reason = failed[0].reason + (agree if len(failed) < len(trials) else "")
        return Verdict(failed[0].status, reason, failed[0].mistake)

    def _judge_one(self, value, inputs):
        if self.f is None:
            return _compare(value, self.answer(*deepcopy(inputs)))
        x, *rest = inputs
        return check_derivative(lambda x: self.f(x, *rest), value, x)


LETTERS = [f"({letter})" for letter in "abcdefghij"]
RIGHT = Verdict("right", "it agrees")


def _fill(wrong, answer):
    """Return a known wrong answer with its blanks, None, taken from the right one."""
    if not isinstance(wrong, list):
        return wrong
    return [right if part is None else part for part, right in zip(wrong, answer, strict=True)]


def _same(value, other):
    """Say whether two values agree: shape first, None in `other` standing for anything."""
    if other is None:
        return True
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


def _compare(value, right):
    """Return the verdict on a value that should be `right`, without telling what that is."""
    if isinstance(right, str | tuple | bool):
        if _equal(value, right):
            return RIGHT
        kind = {str: "a text", tuple: "a tuple, such as (2, 3),", bool: "True or False"}
        if type(value) is type(right):
            return Verdict("wrong", "it is another one")
        return Verdict("wrong", f"{kind[type(right)]} is wanted")
    try:
        value, right = real_array(value, "the answer"), real_array(right, "the right answer")
    except (TypeError, ValueError) as problem:
        return Verdict("wrong", str(problem))
    if value.shape != right.shape:
        return Verdict("wrong", f"it has shape {value.shape}, but shape {right.shape} is wanted")
    size = np.max(abs(right), initial=0) or 1e-3
    if np.allclose(value, right, rtol=1e-4, atol=1e-6 * size):
        return RIGHT
    return Verdict("wrong", "the numbers differ")


class Exercises:
    """The exercises of a chapter, and which of them have been answered rightly."""

    def __init__(self, *exercises):
        self._exercises = dict(enumerate(exercises, start=1))
        self._right, self._hints = set(), dict.fromkeys(self._exercises, 0)

    def __iter__(self):
        return iter(self._exercises.items())

    def model(self, number, answer):
        """Print the verdict on the model answer, without counting it."""
        print(f"model answer: {self._exercises[number].judge(answer)}")

    def check(self, number, answer):
        """Judge an answer, print the verdict, and count it in the score."""
        if not self._has(number):
            return
        verdict = self._exercises[number].judge(answer)
        (self._right.add if verdict else self._right.discard)(number)
        is_open = verdict.reason.startswith(BLANK.reason)
        print(verdict.reason if is_open else verdict)

    def hint(self, number):
        """Show a hint, and one more each time."""
        if not self._has(number):
            return
        hints = self._exercises[number].hints
        self._hints[number] = min(self._hints[number] + 1, len(hints))
        for k in range(self._hints[number]):
            display(Markdown(f"**Hint {k + 1} of {len(hints)}.** {hints[k]}"))

    def _has(self, number):
        found = isinstance(number, int) and number in self._exercises
        if not found:
            print(f"There is no exercise {number!r}: they are 1 to {len(self._exercises)}.")
        return found

    def score(self):
        """Print how many exercises are right, and which are still to be done."""
        left = [str(number) for number in self._exercises if number not in self._right]
        to_do = f"; still to do: {', '.join(left)}" if left else ""
        print(f"{len(self._right)} of {len(self._exercises)} right{to_do}")
