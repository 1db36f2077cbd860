"""How long a chapter is, what it promises, and where its exercises stand."""

import importlib
import math
import re
from collections import Counter

import pytest

from mathutils.course.exercise import Exercise
from mathutils.course.kinds import Counterexample, Deck
from tests.languages import cells_of
from tools.chapters import chapters, words

WORDS, CELLS, WORDS_A_MINUTE, MINUTES_A_PICTURE = 2500, 45, 150, 2
CHAPTERS = [pytest.param(path, id=path.stem) for path in chapters() if path.parent.name == "en"]


def exercises_of(path):
    module = importlib.import_module(f"mathutils.course.{path.stem[3:]}")
    return [exercise for _, exercise in module.exercises]


def length(path):
    """Return the words of a chapter, its code cells, and its live pictures."""
    cells = cells_of(path)
    code = [cell.source for cell in cells if cell.cell_type == "code"]
    prose = [cell.source for cell in cells if cell.cell_type == "markdown"]
    return (
        sum(map(words, prose)),
        len(code),
        sum(bool(re.search(r"^live\(", text, re.M)) for text in code),
    )


@pytest.mark.parametrize("path", CHAPTERS)
def test_a_chapter_can_be_read_in_one_sitting(path):
    prose, code, _ = length(path)
    assert prose <= WORDS and code <= CELLS


@pytest.mark.parametrize("path", CHAPTERS)
def test_the_minutes_are_those_of_the_words_and_the_pictures(path):
    prose, _, pictures = length(path)
    said = int(re.search(r"\*\*How long\*\* (\d+) minutes", cells_of(path)[0].source)[1])
    assert said == math.ceil(prose / WORDS_A_MINUTE + MINUTES_A_PICTURE * pictures)


@pytest.mark.parametrize("path", CHAPTERS)
def test_something_can_be_tried_before_the_third_section(path):
    headings = 0
    for cell in cells_of(path):
        if cell.id.startswith("exercise-") and cell.cell_type == "code":
            break
        headings += len(re.findall(r"^## (?!Your turn)", cell.source, re.M))
    assert headings <= 2


@pytest.mark.parametrize("path", CHAPTERS)
def test_exercises_are_numbered_as_they_appear(path):
    ids = [cell.id for cell in cells_of(path) if re.fullmatch(r"exercise-\d+", cell.id)]
    assert ids == [f"exercise-{n}" for n in range(1, len(exercises_of(path)) + 1)]


@pytest.mark.parametrize("path", CHAPTERS)
def test_one_exercise_asks_for_a_counterexample(path):
    assert any(isinstance(one, Counterexample) for one in exercises_of(path))


@pytest.mark.parametrize("path", CHAPTERS)
def test_at_most_one_exercise_in_five_asks_for_shapes(path):
    exercises = exercises_of(path)
    assert sum(map(asks_for_shapes, exercises)) <= max(1, len(exercises) // 5)


def asks_for_shapes(exercise):
    answer = exercise.answer
    if isinstance(exercise, Counterexample) or callable(answer):
        return False
    parts = answer if isinstance(answer, list) else [answer]
    return any(isinstance(part, tuple) for part in parts)


@pytest.mark.parametrize(
    ("answer", "shapes"), [((2, 3), True), ([(), 1], True), ([1, 2], False), ("A", False)]
)
def test_an_exercise_about_shapes_is_known_by_its_answer(answer, shapes):
    assert asks_for_shapes(Exercise("", answer=answer)) == shapes


def test_no_two_chapters_share_an_exercise():
    asked = [one for path in chapters() if path.parent.name == "en" for one in exercises_of(path)]
    names = Counter(one.name for one in asked)
    functions = Counter(one.f for one in asked if one.f and not isinstance(one, Deck))
    assert max(names.values()) == 1
    assert [one.name for one in asked if functions[one.f] > 1 and not isinstance(one, Deck)] == []


def test_words_are_counted_as_a_reader_reads_them():
    assert words("Two *words*, and $x^2 + 1$ as one; $$\na\n= b\n$$ too.") == 8
    assert words("See `a + b` <!-- let: f = x --> in [chapter 02](02_gradient.ipynb).") == 5
    assert words("Ask.\n<details><summary>Answer</summary>\n\nIt is long.\n\n</details>") == 1
