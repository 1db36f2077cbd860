"""The exercises: the judge itself, and every known wrong answer, named and never passed."""

import importlib
import re
from copy import deepcopy

import numpy as np
import pytest

from mathutils.check import check_derivative
from mathutils.course import RULES, jacobian, numerical_checks, rule
from mathutils.course.exercise import PARTS, SIZES, Exercise, Exercises
from mathutils.sentences import table
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
        assert exercise.judge(wrong) == exercise.verdict_on(mistake, part)


@pytest.mark.parametrize("exercise", ALL)
def test_every_known_wrong_answer_differs_from_the_right_one(exercise):
    """Without the list of mistakes, none of them passes either."""
    plain = Exercise("plain", exercise.f, exercise.answer, exercise.inputs)
    for mistake, _, wrong in answers(exercise):
        assert plain.judge(wrong).status == "wrong", mistake


@pytest.mark.parametrize("exercise", ALL)
def test_a_stored_answer_passes_and_a_blank_one_does_not(exercise):
    assert exercise.judge(None).mistake == "blank"
    if exercise.inputs:
        assert exercise.judge(lambda *inputs: None).mistake == "blank"
    if isinstance(exercise.answer, list):
        assert exercise.judge([None] * len(exercise.answer)).mistake == "blank"
    if exercise.f is None:
        assert exercise.judge(exercise.answer)
    else:
        assert exercise.answer is None


def test_the_recipe_that_fails_with_integers_is_right_with_floats():
    exercise = dict(numerical_checks.exercises)[5]
    assert exercise.judge(numerical_checks.gradient_in(float))
    assert exercise.judge(numerical_checks.gradient_in(int)).status == "wrong"


def test_the_jacobian_that_stops_before_w_is_one():
    x, A, _ = rule("layer-input").inputs(np.random.default_rng(0), 4, 3)
    assert check_derivative(lambda x: np.tanh(A @ x), jacobian.by_output(x, A), x)


@pytest.mark.parametrize("exercise", ALL)
def test_hints_and_names_are_sentences(exercise):
    assert len(exercise.hints) >= 2
    assert all(hint.endswith((".", "?", ".)", "?)", "$$")) for hint in exercise.hints)
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
        (lambda x, A: A @ x / 0, "wrong: ∂f/∂x has a NaN or infinite entry"),
        (lambda x, A: A @ np.ones(9), "wrong: your function raised ValueError: matmul"),
        (lambda x: x, "wrong: your function raised TypeError: .*takes 1 positional argument"),
        (lambda x, A: "2x", "wrong: ∂f/∂x has dtype"),
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
    for other in ([5], "566", 5, np.array([5, 3, 4]), {"a": 5}):
        assert shapes.judge(other).status == "wrong"


@pytest.mark.parametrize(
    "answer, words",
    [
        ([(2, 3), (4,), 7.5], "right: it agrees"),
        ([(2, 3), (4, 1), 1], "wrong: (b) is a vector"),
        ([(3, 2), (4,), 8], "wrong: not right: (a), (c)"),
        ([(2, 3), None, 7.5], "undecided: not answered yet: (b)"),
        ([(2, 3)], "wrong: a list of 3 answers is wanted"),
        ([(np.ones(2), 3), (np.ones(2), 1), 7.5], "wrong: not right: (a), (b)"),
        ((2, 3), "wrong: a list of 3 answers is wanted"),
        (7, "wrong: a list of 3 answers is wanted"),
        (len, "wrong: a value is wanted, but this is a function"),
    ],
)
def test_an_answer_of_several_parts_is_judged_part_by_part(answer, words):
    assert str(SEVERAL.judge(answer)) == words


@pytest.mark.parametrize(
    "wanted, answer, words",
    [
        (2.5, 2.5001, "right: it agrees"),
        (2.5, 2.51, "wrong: the numbers differ"),
        (2.5, np.array(2.5), "right: it agrees"),
        (2.5, [2.5], "wrong: it has shape (1,), but shape () is wanted"),
        (2.5, "2.5 m", "wrong: the answer has dtype <U5, but real numbers are wanted"),
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
        ((2, 3), (3, 2), "wrong: it is another one"),
        ((2, 3), 6, "wrong: a tuple, such as (2, 3), is wanted"),
        ((2, 3), (np.ones(2), 3), "wrong: it is another one"),
        (True, True, "right: it agrees"),
        (True, 1, "wrong: True or False is wanted"),
        ("saddle", "bowl", "wrong: it is another one"),
        ("saddle", 3, "wrong: a text is wanted"),
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
    assert lines[2:4] == ["right: it agrees on 4 random inputs", "model answer: right: it agrees"]
    assert lines[4] == "1 of 2 right; still to do: 2"
    assert lines[-3] == "1 of 2 right; still to do: 1"
    assert lines[-1] == "2 of 2 right"


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
