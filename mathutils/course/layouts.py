"""Exercises: the two layouts."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def map_and_weights(rng, m, n):
    return rng.normal(size=n), rng.normal(size=(m, n)), rng.normal(size=n)


exercises = Exercises(
    Exercise(
        "layout-of-a-book",
        answer=["denominator", "A.T"],
        wrong={"column-is-denominator": {"a": "numerator"}, "book-mixes-layouts": {"b": "A"}},
    ),
    Exercise(
        "chain-of-shapes",
        answer=[(4, 3), (5, 3), (4, 5), (4, 3), (5, 3), (5,)],
        wrong={
            "part-denominator-layout": {"a": (3, 4), "c": (5, 4)},
            "part-our-convention": {"b": (3, 5)},
            "inner-first": {"d": (3, 5)},
            "outer-first": {"e": (3, 4)},
            "neither-row-nor-column": {"f": (1, 5)},
            "one-axis-only": {"f": (5, 1)},
            "number-comes-out": {"f": (4, 5)},
        },
    ),
    Exercise(
        "layouts-in-a-chain",
        answer=3,
        wrong={"line-1-column": 1, "line-2-row-each": 2, "line-4-mends": 4},
    ),
    Exercise(
        "which-layout",
        answer=["numerator", "denominator", "mixed", "numerator"],
        wrong={
            "row-or-column": {"a": "denominator"},
            "which-function-first": {"b": "numerator"},
            "first-formula-misfit": {"c": "numerator"},
            "second-formula-misfit": {"c": "denominator"},
            "shape-before-column": {"d": "denominator"},
        },
    ),
    Exercise(
        "product-turned",
        f=lambda x, A, w: (w @ x) * (A @ x),
        inputs=map_and_weights,
        wrong={
            "denominator-layout": lambda x, A, w: (w @ x) * A.T + np.outer(w, A @ x),
            "of-one-factor-alone": lambda x, A, w: (w @ x) * A,
        },
    ),
    Counterexample(
        "square-in-both-layouts",
        f=lambda x, A: A @ x,
        claim=lambda x, A: A.T,
        answer=[np.array([0.0, 0]), np.array([[0.0, 1], [0, 0]])],
        wrong={"A-is-its-transpose": [np.array([1.0, 0]), np.array([[1.0, 0], [0, 2]])]},
        holds={"A-is-its-transpose": lambda x, A: np.array_equal(A, A.T)},
    ),
)
