"""The model answers of all chapters, and what one answer looks like in other forms."""

import contextlib
import io
import re
from fractions import Fraction
from functools import cache

import nbformat
import numpy as np

from mathutils.course.exercise import Exercises
from tools.chapters import chapters

NEEDED = ("setup", "exercise-", "solution-")
LENIENT = contextlib.suppress(Exception)


@cache
def model_answers():
    """Return the model answers, by the name of their exercise.

    What draws is left out, and what fails for that.
    """
    found, original = {}, Exercises.model

    def note(self, number, answer):
        found[dict(self)[number].name] = answer

    Exercises.model = note
    try:
        for path in chapters():
            if path.parent.name == "en":
                run(path)
    finally:
        Exercises.model = original
    return found


def run(path):
    """Run the cells of a chapter that define something and those of its exercises."""
    variables = {"__name__": path.stem}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in nbformat.read(path, as_version=4).cells:
            draws = re.search(r"\b(show|live)\(", cell.source) and not cell.id.startswith(NEEDED)
            if cell.cell_type == "code" and not draws:
                with contextlib.nullcontext() if cell.id.startswith(NEEDED) else LENIENT:
                    exec(compile(cell.source, f"{path.name}[{cell.id}]", "exec"), variables)


def forms(value):
    """Yield a stored value in other forms that say the same."""
    if isinstance(value, str):
        yield from (value.upper(), f" {value} ", value.capitalize())
        yield from [value.replace(".T", mark) for mark in ("^T", "ᵀ", r"^{\top}") if ".T" in value]
    elif isinstance(value, tuple):
        yield from (list(value), np.array(value, dtype=int), tuple(map(np.int64, value)))
        yield tuple(map(float, value))
    elif isinstance(value, bool):
        yield from (int(value), np.bool_(value), np.array(value), float(value))
    elif isinstance(value, list):
        yield tuple(value)
        yield from zip(*[(one, *list(forms(one))[:3]) for one in value], strict=False)
        with contextlib.suppress(ValueError):
            yield np.array(value)
    else:
        yield from forms_of_numbers(value)


def forms_of_numbers(value):
    array = np.asarray(value)
    yield from (array, array.tolist(), array.astype(float), array.astype(np.float32))
    yield np.vectorize(Fraction, otypes=[object])(array.astype(float))
    if array.ndim:
        yield [tuple(row) if np.ndim(row) else row for row in array.tolist()]
        yield [list(row) if np.ndim(row) else row for row in array]
    else:
        yield from (array[()], Fraction(float(value)))
        if array == np.round(array):
            yield int(array)
