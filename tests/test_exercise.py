"""The exercises: the judge itself, and every known wrong answer, named and never passed."""

import importlib
import math
import re
from copy import deepcopy
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest

from mathutils.check import check_derivative
from mathutils.course import RULES, jacobian, numerical_checks, rule, trying
from mathutils.course.exercise import PARTS, SIZES, Exercise, Exercises
from mathutils.course.kinds import Counterexample, Deck, Derivation
from mathutils.sentences import say, table
from tests.answers import forms, model_answers
from tools.chapters import chapters

MODULES = {
    path.stem[3:]: importlib.import_module(f"mathutils.course.{path.stem[3:]}").exercises
    for path in chapters()
}
ALL = [
    pytest.param(exercise, id=exercise.name)
    for exercises in MODULES.values()
    for _, exercise in exercises
]


def answers(exercise):
    """Yield each known wrong answer, whole, with the slug and the part of its mistake."""
    for mistake, part, wrong in exercise.mistakes():
        if part:
            whole = list(exercise.answer)
            whole[PARTS.index(part)] = wrong
            wrong = whole
        yield mistake, part, wrong


def functions(value):
    """Yield functions that return what `value` returns, in other forms."""

    def digits(array):
        return np.vectorize(lambda x: float(f"{x:.7g}"), otypes=[float])(array)

    def fractions(array):
        return np.vectorize(Fraction, otypes=[object])(array)

    for form in (np.float32, fractions, digits, np.ndarray.tolist, np.ndarray.copy):
        yield lambda *inputs, form=form: form(np.asarray(value(*inputs), dtype=float))


def every_form(exercise, answer):
    if exercise.inputs is None and not isinstance(exercise, Counterexample):
        return forms(answer)
    return functions(answer) if callable(answer) else [answer, tuple(answer)]


@pytest.mark.parametrize("name", MODULES)
def test_a_chapter_has_at_least_four(name):
    assert len(list(MODULES[name])) >= 4


def test_names_are_unique():
    names = [exercise.name for exercises in MODULES.values() for _, exercise in exercises]
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("exercise", ALL)
def test_every_known_wrong_answer_is_named_as_itself(exercise):
    assert exercise.wrong
    for mistake, part, wrong in answers(exercise):
        for form in [wrong, *every_form(exercise, wrong)]:
            assert exercise.judge(form) == exercise.verdict_on(mistake, part), repr(form)


@pytest.mark.parametrize("exercise", ALL)
def test_a_model_answer_is_right_in_every_form(exercise):
    answer = model_answers()[exercise.name]
    for form in [answer, *every_form(exercise, answer)]:
        assert exercise.judge(form), repr(form)


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ALL)
def test_a_wrong_function_is_shown_where_it_was_refuted_and_never_the_answer(exercise):
    model = model_answers()[exercise.name]
    for _, _, wrong in answers(exercise):
        if callable(wrong):
            told = exercise.judge(wrong).evidence
            answer = model(*exercise.inputs(np.random.default_rng(SIZES[0][1]), *SIZES[0]))
            own = told.partition("\nyours is ")[2].partition(", off by")[0]
            assert told.startswith("at ") and own
            assert own != trying._written(answer) or np.size(answer) > 16


@pytest.mark.slow
@pytest.mark.parametrize("exercise", ALL)
def test_every_known_wrong_answer_differs_from_the_right_one(exercise):
    """Without the list of mistakes, none of them passes either."""
    plain = replace(exercise, wrong={})
    for mistake, _, wrong in answers(exercise):
        assert plain.judge(wrong).status == "wrong", mistake


@pytest.mark.parametrize("exercise", ALL)
def test_a_stored_answer_passes_and_a_blank_one_does_not(exercise):
    assert exercise.judge(None).mistake == "blank"
    if exercise.inputs and not isinstance(exercise, Derivation):
        assert exercise.judge(lambda *inputs: None).mistake == "blank"
    if isinstance(exercise.answer, list):
        assert exercise.judge([None] * len(exercise.answer)).mistake == "blank"
    assert (exercise.answer is None) == (type(exercise) in (Exercise, Deck) and bool(exercise.f))
    if exercise.answer is not None:
        assert exercise.judge(exercise.answer)


def test_the_recipe_with_one_step_fails_in_other_units():
    exercise = dict(numerical_checks.exercises)[4]
    assert exercise.judge(numerical_checks.with_steps(lambda entry: 1e-5 * entry))
    assert exercise.judge(numerical_checks.with_steps(lambda entry: 1e-5)).status == "wrong"


def test_the_jacobian_that_stops_before_w_is_one():
    x, A, _ = rule("layer-input").inputs(np.random.default_rng(0), 4, 3)
    assert check_derivative(lambda x: np.tanh(A @ x), jacobian.by_output(x, A), x)


@pytest.mark.parametrize("exercise", ALL)
def test_hints_and_names_are_sentences(exercise):
    assert len(exercise.hints) >= 2
    assert all(hint.endswith((".", "?", ".)", "?)", "$$", "|")) for hint in exercise.hints)
    for mistake, part, _ in exercise.mistakes():
        sentence = exercise.verdict_on(mistake, part).reason
        assert not sentence.endswith(".") and not re.search(r"[$\\{]", sentence), sentence


@pytest.fixture(autouse=True)
def more_sentences(monkeypatch):
    """What the exercises of this file say."""
    mine = {"mine": "{part} is a vector", "mine-too": "this is {x}", "square.1": "One."}
    for slug, sentence in (mine | {"square.2": "Two."}).items():
        monkeypatch.setitem(table("en"), slug, sentence)


SQUARE = Exercise(
    "square",
    f=lambda x, A: x @ A @ x,
    inputs=lambda rng, m, n: (rng.normal(size=n), rng.normal(size=(n, n))),
    wrong={"symmetric-a": lambda x, A: 2 * A @ x},
)
SEVERAL = Exercise("several", answer=[(2, 3), (4,), 7.5], wrong={"mine": {"b": (4, 1)}})


def right(x, A):
    return (A + A.T) @ x


@pytest.mark.parametrize(
    "answer, words",
    [
        (right, "right: it agrees on 4 random inputs"),
        (lambda x, A: 2 * A @ x, "wrong: right only if A is symmetric"),
        (lambda x, A: -(A + A.T) @ x, "wrong: the sign is wrong"),
        (lambda x, A: (A + A.T) @ x / 2, "wrong: a factor 2 is missing"),
        (lambda x, A: A, r"wrong: the derivative has shape \(3, 3\), but .* is \(3,\)"),
        (lambda x, A: A @ x / 0, "wrong: the answer has a NaN or infinite entry"),
        (
            lambda x, A: A @ np.ones(9),
            r"wrong: your function fails: the shapes in \(3, 3\) @ \(9,\)",
        ),
        (lambda x: x, "wrong: your function fails: it takes the arguments x, but 2 are given"),
        (lambda x, A: "2x", "wrong: a number or an array is wanted, not a str"),
        (lambda x, A: lambda x: right(x, A), "wrong: numbers are wanted, but .* a function"),
        (np.ones(3), "wrong: a function is wanted, but this is a value"),
        (lambda x, A: None, "undecided: not answered yet"),
        (
            lambda x, A: right(x, A) if len(x) == 3 else x,
            r"wrong: .*; it agrees on 2 of 4 random inputs",
        ),
    ],
)
@pytest.mark.filterwarnings("ignore:divide by zero:RuntimeWarning")
@pytest.mark.filterwarnings("ignore:invalid value:RuntimeWarning")
def test_a_function_is_judged_on_several_random_inputs(answer, words):
    assert re.match(words, str(SQUARE.judge(answer)))


@pytest.mark.slow
@pytest.mark.parametrize(
    "rule", [one for rules in RULES.values() for one in rules], ids=lambda one: one.name
)
def test_every_rule_can_be_an_exercise(rule):
    exercise = Exercise.of(rule.name, rule)
    assert exercise.judge(rule.derivative)
    for mistake, twin in rule.wrong.items():
        assert str(exercise.judge(twin)) == f"wrong: {rule.says(mistake)}"


def test_wrong_answers_can_be_added_to_a_rule_and_taken_away():
    mine = {"mine-too": lambda x, A: x, "one-x-held-fixed": None}
    exercise = Exercise.of("form", rule("quadratic-form"), mine, letters="z B")
    assert exercise.hints == [] and len(exercise.wrong) == 3
    assert str(exercise.judge(lambda x, A: x)) == "wrong: this is z"
    assert str(exercise.judge(lambda x, A: A @ x)).startswith("wrong: 3 of 3 entries differ")
    assert str(exercise.judge(lambda x, A: 2 * A @ x)) == "wrong: right only if B is symmetric"


def test_a_mistake_is_told_of_the_part_in_which_it_is():
    shapes = Exercise("shapes", answer=[2, 3, 4], wrong={"mine": {"a": 5, "c": 6}})
    assert str(shapes.judge([2, 3, 6])) == "wrong: (c) is a vector"
    assert str(shapes.judge([5, None, 6])) == "wrong: (a) is a vector"
    assert str(shapes.judge([6, 3, 5])) == "wrong: not right: (a), (c)"
    for other in ([5], "566", 5, np.array([5, 3, 4, 4]), {"a": 5}):
        assert shapes.judge(other).status == "wrong"


@pytest.mark.parametrize(
    "answer, words",
    [
        ([(2, 3), (4,), 7.5], "right: it agrees"),
        ([(2, 3), (4, 1), 1], "wrong: (b) is a vector"),
        ([(3, 2), (4,), 8], "wrong: not right: (a), (c)"),
        ([(2, 3), None, 7.5], "undecided: not answered yet: (b)"),
        ([(2, 3)], "wrong: a list of 3 answers is wanted, not 1"),
        (
            [(np.ones(2), 3), (np.ones(2), 1), 7.5],
            "wrong: (a): a tuple of whole numbers, such as (2, 5), is wanted, not tuple",
        ),
        (
            [(2, 3), 4, 7.5],
            "wrong: (b): 4 is a number, but a shape is a tuple: with one entry it "
            "has a comma, (4,)",
        ),
        (
            [[2, 3], np.array([4]), "7.5"],
            "wrong: (c): 7.5 is a text here: write it without the quotes",
        ),
        ((2, 3), "wrong: a list of 3 answers is wanted, not 2"),
        (7, "wrong: a list of 3 answers is wanted, not int"),
        (len, "wrong: a value is wanted, but this is a function"),
    ],
)
def test_an_answer_of_several_parts_is_judged_part_by_part(answer, words):
    assert str(SEVERAL.judge(answer)) == words


EXACTLY = "right: it agrees, rounded; exactly it is 1/3"


@pytest.mark.parametrize(
    "wanted, answer, words",
    [
        (2.5, 2.5000001, "right: it agrees"),
        (2.5, 2.501, "right: it agrees, rounded; exactly it is 5/2"),
        (2.5, 2.51, "wrong: it is near: give three digits or more"),
        (1 / 3, 0.333, EXACTLY),
        (1 / 3, Fraction(1, 3), "right: it agrees"),
        (1 / 3, 0.33, "wrong: it is near: give three digits or more"),
        (0.0123456789, 0.01235, "right: it agrees, rounded to three digits or more"),
        (2000, 2001, "wrong: the numbers differ"),
        (2_000_000, 2_000_001, "wrong: the numbers differ"),
        (2.5, np.array(2.5), "right: it agrees"),
        (2.5, [2.5], "right: it agrees"),
        (2.5, "2.5 m", "wrong: 2.5 m is a text, but no text is wanted"),
        (60, "60°", "wrong: 60 is a text here: write it without the quotes"),
        (2.5, {2.5}, "wrong: a number or an array is wanted, not a set"),
        (2.5, {"a": 1}, "wrong: a number or an array is wanted, not a dict"),
        (2.5, 2.5 + 1j, "wrong: the answer has dtype complex128, but real numbers are wanted"),
        (
            2.5,
            np.nan,
            "wrong: the answer has a NaN or infinite entry, but finite numbers are wanted",
        ),
        (0.0, 1e-5, "wrong: the numbers differ"),
        (0.0, 1e-15, "right: it agrees"),
        (np.eye(2), np.eye(2), "right: it agrees"),
        (
            np.eye(2),
            [[1, 0], [0]],
            "wrong: the answer is not an array of numbers: its rows differ in length",
        ),
        ((2, 3), (2, 3), "right: it agrees"),
        ((2, 3), [2, 3], "right: it agrees"),
        ((), [], "right: it agrees"),
        ((2, 3), (3, 2), "wrong: it is another one"),
        (
            (2, 3),
            6,
            "wrong: 6 is a number, but a shape is a tuple: with one entry it has a comma, (6,)",
        ),
        ((2, 3), "(2, 3)", "wrong: (2, 3) is a text here: write it without the quotes"),
        (True, True, "right: it agrees"),
        (True, 1, "right: it agrees"),
        (True, np.True_, "right: it agrees"),
        (True, "True", "wrong: True is a text here: write it without the quotes"),
        (True, 2, "wrong: True or False is wanted, not 2"),
        ("saddle", " Saddle", "right: it agrees"),
        ("A.T", "Aᵀ", "right: it agrees"),
        ("A.T", "A^T", "right: it agrees"),
        ("A.T", "A", "wrong: it is another one"),
        ("saddle", "bowl", "wrong: it is another one"),
        ("saddle", 3, "wrong: a text in quotes is wanted, not 3"),
    ],
)
def test_a_value_is_judged_shape_first(wanted, answer, words):
    assert str(Exercise("value", answer=wanted).judge(answer)) == words


def test_a_function_without_f_is_compared_with_the_answer():
    product = Exercise(
        "product",
        answer=lambda A, B: A @ B,
        inputs=lambda rng, m, n: (rng.normal(size=(m, n)), rng.normal(size=(n, m))),
    )
    assert product.judge(lambda A, B: A @ B)
    assert str(product.judge(lambda A, B: B @ A)).startswith("wrong: it has shape (3, 3), but")
    assert str(product.judge(lambda A, B: -A @ B)) == "wrong: the numbers differ"


def test_what_is_refuted_once_is_wrong_even_where_another_input_cannot_decide():
    size = Exercise(
        "size",
        f=lambda t: abs(t),
        inputs=lambda rng, m, n: (0.0 if n == 3 else float(n),),
    )
    assert str(size.judge(lambda t: -1.0)).startswith("wrong: the sign is wrong")
    assert size.judge(lambda t: 1.0).status == "undecided"


def test_the_inputs_have_several_shapes_and_are_the_readers_to_change():
    assert len(set(SIZES)) == len(SIZES) and all(m != n for m, n in SIZES)

    def careless(x, A):
        result = right(x, A)
        x[:] = A[:] = 0
        return result

    assert SQUARE.judge(careless)


def test_check_counts_and_the_model_answer_does_not(capsys):
    exercises = Exercises(SQUARE, SEVERAL)
    exercises.check(1, None)
    exercises.score()
    exercises.check(1, right)
    exercises.model(2, deepcopy(SEVERAL.answer))
    exercises.score()
    exercises.check(1, lambda x, A: x)
    exercises.check(2, SEVERAL.answer)
    exercises.score()
    exercises.check(1, right)
    exercises.score()
    lines = capsys.readouterr().out.splitlines()
    assert lines[:2] == ["not answered yet", "0 of 2 right; still to do: 1, 2"]
    assert lines[2] == "right: it agrees on 4 random inputs"
    assert lines[3] == "model answer: right: it agrees; your own: not answered yet"
    assert lines[4] == "1 of 2 right; still to do: 2"
    assert lines[-3] == "1 of 2 right; still to do: 1"
    assert lines[-1] == "2 of 2 right"


def test_the_model_answer_is_not_mistaken_for_ones_own(capsys):
    exercises = Exercises(SEVERAL)
    for own in (None, [(2, 3), (4,), 8], SEVERAL.answer):
        exercises.check(1, own)
        exercises.model(1, SEVERAL.answer)
    told = [line for line in capsys.readouterr().out.splitlines() if "model" in line]
    assert [line.rpartition("your own: ")[2] for line in told] == [
        "not answered yet",
        "wrong",
        "right",
    ]


def test_hints_come_one_more_each_time(monkeypatch):
    shown = []
    monkeypatch.setattr("mathutils.course.exercise.display", lambda hint: shown.append(hint.data))
    exercises = Exercises(SQUARE)
    for _ in range(3):
        exercises.hint(1)
    first, second = "**Hint 1 of 2.** One.", "**Hint 2 of 2.** Two."
    assert shown == [first, first, second, first, second]


def test_an_unknown_number_is_told_in_a_sentence(capsys):
    Exercises(SQUARE).check(7, right)
    Exercises(SQUARE).hint("1")
    Exercises(SQUARE).check([1], right)
    assert capsys.readouterr().out.splitlines() == [
        "There is no exercise 7: they are 1 to 1.",
        "There is no exercise '1': they are 1 to 1.",
        "There is no exercise [1]: they are 1 to 1.",
    ]


# How an answer may go wrong, beside being wrong

CHOICE = Exercise("choice", answer=3, wrong={"mine": 1, "mine-too": 2})
TANH = Exercise(
    "layer",
    f=lambda x: np.sum(np.exp(x)),
    inputs=lambda rng, m, n: (rng.normal(size=n),),
)
LOG_DET = Exercise.of("log-det", rule("log-abs-det"), {"by-a": None})
SOFTMAX = Exercise.of("softmax", rule("softmax"))


def softmax_turned(x):
    p = np.exp(x) / np.sum(np.exp(x))
    return np.diag(p) - p @ p.T


def prints(x):
    print(2 * x)


def never_returns(x):
    return never_returns(x)


@pytest.mark.parametrize(
    "exercise, answer, words",
    [
        (CHOICE, 4, "wrong: one of 1, 2, 3 is wanted"),
        (CHOICE, 2.5, "wrong: one of 1, 2, 3 is wanted"),
        (TANH, prints, "undecided: your function returned None: is there a return?"),
        (TANH, lambda x: x ^ 2, r"wrong: your function fails: \^ is no power in Python"),
        (TANH, lambda x: {1: x}, "wrong: a number or an array is wanted, not a dict"),
        (TANH, lambda x: np.exp(x).astype(int), "wrong: whole numbers: the fractions are cut off"),
        (TANH, lambda x: np.exp(x).astype("f"), "right: it agrees to six digits or more"),
        (TANH, lambda x: np.exp(x).round(3), "wrong: it agrees to about three digits only"),
        (TANH, lambda x: np.exp(x[[0, 1, 2]]), r"wrong: the inputs have other sizes .* x \(2,\)"),
        (TANH, lambda x: OUTSIDE, "wrong: it uses OUTSIDE, which is not its argument"),
        (TANH, lambda x: OUTSIDE @ x, "wrong: it uses OUTSIDE, which is not its argument"),
        (TANH, lambda x: nowhere(x), "wrong: nowhere is not known: run the first cell"),  # noqa: F821
        (TANH, lambda x: np.random.default_rng().normal(size=len(x)), "wrong: .* else each time"),
        (TANH, lambda x: exit(), r"wrong: your function fails: RuntimeError: SystemExit"),
        (TANH, lambda x: [math.exp(x)], "wrong: your function fails: it wants one number"),
        (TANH, lambda x, y: x, "wrong: your function fails: one argument is given .* takes x, y"),
        (TANH, never_returns, "wrong: your function fails: RecursionError"),
        (TANH, lambda x: x * np.exp(x), "wrong: 3 of 3 entries differ"),
        (SOFTMAX, softmax_turned, "wrong: the T of a vector is the vector itself"),
        (LOG_DET, lambda X: X**-1.0, "wrong: a power, or one over a matrix, is taken entry by"),
        (LOG_DET, lambda X: (1 / X).T, "wrong: a power, or one over a matrix, is taken entry by"),
    ],
)
def test_what_is_unusual_is_told_in_a_sentence(exercise, answer, words, capsys):
    assert re.match(words, str(exercise.judge(answer)))


OUTSIDE = np.ones(3)
ODD = [
    *(np.nan, np.inf, -1e300, 10**400, 37.5, 1j, Decimal("NaN"), "", "pi/3"),
    *(r"$\frac{1}{2}$", "−3,5", b"1", {2}, {"a": 1}, range(3), iter([2]), object(), np.ma.masked),
    *([], [[]], [None, 2], [np.inf], [10**400], (np.nan,), ("n",), [[1], [1, 2]], [iter([1])]),
    *(np.array([1, None]), np.array(None), np.zeros((0, 2)), np.zeros(99), np.datetime64("now")),
    *([True] * 9, slice(3), ...),
]


def of_every_kind():
    """Yield exercises whose answers are of other kinds, one of each."""
    kinds = {}
    for param in ALL:
        (one,) = param.values
        stored = one.answer[0] if isinstance(one.answer, list) else one.answer
        kinds[type(one), type(one.answer), type(stored), one.f is None, one.inputs is None] = one
    return [pytest.param(one, id=one.name) for one in kinds.values()]


@pytest.mark.parametrize("exercise", of_every_kind())
def test_no_answer_breaks_the_judge_or_is_told_a_dtype_of_python(exercise):
    for odd in ODD:
        for answer in (odd, lambda *inputs, odd=odd: odd):
            verdict = exercise.judge(answer)
            found = isinstance(exercise, Counterexample)  # by chance, it may be one
            assert (found or not verdict) and "dtype object" not in verdict.reason, odd


@pytest.mark.parametrize("exercise", ALL)
def test_numbers_are_numbers_in_any_library(exercise):
    """A number of SymPy, a list of one number, a shape in fractions."""
    if exercise.inputs is None and isinstance(exercise.answer, int | float | tuple):
        values = np.ravel(exercise.answer).tolist()
        for kind in (Fraction, Decimal):
            read = [kind(value) for value in values]
            assert (
                exercise.judge(tuple(read))
                if isinstance(exercise.answer, tuple)
                else (exercise.judge(read[0]) and exercise.judge(read))
            )


def test_blanks_are_blank_in_every_form():
    for blank in (None, ..., "", "  ", [None] * 3, [..., "", None]):
        assert SEVERAL.judge(blank).mistake == CHOICE.judge(blank).mistake == "blank"
        assert TANH.judge(lambda x, blank=blank: blank).mistake == "blank"


def test_a_number_rounded_too_much_is_told_so():
    tenth = Exercise("tenth", answer=36.8, wrong={"mine": np.array([3, 68])})
    assert str(tenth.judge(37)) == "wrong: it is near: give three digits or more"
    assert str(tenth.judge(36.79)) == "right: it agrees, rounded; exactly it is 184/5"
    assert str(tenth.judge(35)) == "wrong: the numbers differ"
    assert str(CHOICE.judge(3.02)) == "wrong: one of 1, 2, 3 is wanted"


def test_a_factor_is_named_only_where_it_is_the_same_on_all_inputs():
    norm = Exercise(
        "norm",
        f=lambda x: np.linalg.norm(x),
        inputs=lambda rng, m, n: (rng.normal(size=n),),
    )
    assert str(norm.judge(lambda x: 3 * x / np.linalg.norm(x))).startswith("wrong: it is 3 times")
    assert str(norm.judge(lambda x: x)) == "wrong: the numbers differ"
    assert str(norm.judge(lambda x: -x / np.linalg.norm(x))) == "wrong: the sign is wrong"


def test_the_gap_and_the_value_are_told_and_not_the_answer(capsys):
    exercises = Exercises(SQUARE)
    exercises.check(1, lambda z, Q: 3 * right(z, Q))
    first, place, own = capsys.readouterr().out.splitlines()
    z, Q = SQUARE.inputs(np.random.default_rng(SIZES[0][1]), *SIZES[0])
    assert first == "wrong: it is 3 times the derivative"
    assert place.startswith("at z = [") and ", Q = [[" in place
    assert own.startswith(f"yours is {trying._written(3 * right(z, Q))}, off by about ")
    gap = 2 * np.max(abs(right(z, Q)))
    assert float(own.rpartition(" ")[2]) == float(f"{gap:.1g}")
    exercises.check(1, right)
    assert len(capsys.readouterr().out.splitlines()) == 1


# Other kinds


def test_a_counterexample_is_judged_by_measuring():
    exercise = Counterexample(
        "square-that-fails",
        f=lambda x, A: x @ A @ x,
        claim=lambda x, A: 2 * A @ x,
        answer=[[1.0, 2], [[1.0, 2], [3, 4]]],
    )
    assert str(exercise.judge(exercise.answer)) == "right: there the claim fails"
    assert str(exercise.judge([[1, 2], np.eye(2)])) == "wrong: there the claim holds"
    for answer, words in (
        ([[1, 2]], "wrong: 2 arrays in a list are wanted, x, A, not 1"),
        (7, "wrong: 2 arrays in a list are wanted, x, A, not int"),
        ([[1, 2], np.eye(3)], "wrong: the function cannot be evaluated there: the shapes in"),
        ([[1, 2], "I"], "wrong: a number or an array is wanted, not a str"),
        ([[1, 2], [[1, 2], [3, np.inf]]], "wrong: the answer has a NaN or infinite entry"),
        ([None, None], "undecided: not answered yet"),
    ):
        assert str(exercise.judge(answer)).startswith(words)


SILENT = [  # chapter, exercise, arrays at which the claim says nothing about the function
    ("functions_and_shapes", "square-hides-it", [np.ones((2, 3)), np.ones((3, 2))]),
    ("contour_and_quiver", "slope-of-any-length", [0.0, [0.0, 0.0]]),
    ("jacobian", "order-of-square-factors", [[1.0], [[1.0], [2.0]]]),
    ("layouts", "square-in-both-layouts", [[1, 2, 3], [[1, 2, 3], [4, 5, 6]]]),
    ("hessian", "second-of-fourth-power", [[[1.0, 2], [3, 4]]]),
]


@pytest.mark.parametrize(("chapter_slug", "name", "arrays"), SILENT)
def test_where_a_claim_says_nothing_it_does_not_fail(chapter_slug, name, arrays):
    module = importlib.import_module(f"mathutils.course.{chapter_slug}")
    [exercise] = [one for _, one in module.exercises if one.name == name]
    told = str(exercise.judge(arrays))
    assert told.startswith("wrong: there the") and "says nothing" in told


def test_a_deck_shows_the_card_that_is_asked_for_however_often(monkeypatch, capsys):
    shown = []
    monkeypatch.setattr("mathutils.course.exercise.display", lambda text: shown.append(text.data))
    deck = Deck.of_rules("deck", "norm-squared", "linear-map")
    exercises = Exercises(deck, SEVERAL)
    exercises.check(1, lambda x: 2 * x)
    for _ in range(2):
        exercises.draw(1)
        exercises.check(1, lambda x: 2 * x)
    for _ in range(2):
        exercises.draw(1, card=2)
        exercises.check(1, lambda x, A: A)
    exercises.model(1, lambda x: 2 * x)
    first, again, *second = shown
    assert first == again and r"\lVert\mathbf x\rVert^2" in first
    assert second[0] == second[1] and r"A\mathbf x" in second[0]
    for card in (0, 3, -1, 1.5, "2", None):
        exercises.draw(1, card)
    exercises.check(1, lambda x, A: A)
    exercises.draw(2)
    told = capsys.readouterr().out.splitlines()
    kinds = [line.partition(":")[0] for line in told]
    assert kinds[:6] == ["right"] * 5 + ["model answer"] and kinds[12] == "right"
    assert len(shown) == 4 and set(told[6:12]) == {say("no-such-card", number=1, last=2)}
    assert told[13] == "Exercise 2 has no cards to draw."
