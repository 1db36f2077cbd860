"""The model answers of all chapters, and what one answer looks like in other forms."""

import ast
import contextlib
import io
from fractions import Fraction
from functools import cache

import matplotlib.pyplot as plt
import numpy as np

from mathutils.course.exercise import Exercises
from tests.languages import cells_of
from tools.chapters import chapters

NEEDED = ("setup", "exercise-", "solution-")


@cache
def model_answers():
    """Return the model answers, by the name of their exercise."""
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
    """Run the exercises of a chapter, and of its other cells what they define."""
    variables = {"__name__": path.stem}
    with contextlib.redirect_stdout(io.StringIO()):
        for cell in cells_of(path):
            if cell.cell_type == "code":
                tree = ast.parse(cell.source, f"{path.name}[{cell.id}]")
                if not cell.id.startswith(NEEDED):
                    tree.body = [part for part in tree.body if not isinstance(part, ast.Expr)]
                exec(compile(tree, f"{path.name}[{cell.id}]", "exec"), variables)
    plt.close("all")


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
