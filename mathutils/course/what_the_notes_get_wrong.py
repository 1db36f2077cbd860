"""Exercises: what the notes get wrong."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample

exercises = Exercises(
    Exercise(
        "shapes-for-a-trace",
        answer=[(2, 5), (5, 5), (2, 5), (5, 2)],
        wrong={
            "would-not-be-square": {"a": (2, 2)},
            "cannot-be-multiplied": {"a": (5, 2)},
            "shape-of-W": {"c": (5, 2)},
            "transposed-in-numerator": {"d": (2, 5)},
        },
    ),
    Counterexample(
        "pseudo-inverse-for-det",
        f=lambda A: np.linalg.det(A),
        claim=lambda A: np.linalg.det(A) * np.linalg.pinv(A).T,
        answer=[np.array([[0.0]])],
        wrong={
            "invertible-holds": [np.array([[1.0, 2], [3, 4]])],
            "rank-too-low": [np.zeros((2, 2))],
        },
        holds={
            "invertible-holds": lambda A: np.linalg.matrix_rank(A) == len(A),
            "rank-too-low": lambda A: np.linalg.matrix_rank(A) < len(A) - 1,
        },
    ),
    Exercise("chord-is-not-tangent", answer=2, wrong={"line-1-one-level": 1, "line-3-follows": 3}),
    Exercise(
        "cheapest-check",
        answer=["shapes", "numbers", "special", "shapes", "special"],
        wrong={
            "product-does-not-exist": {"a": "numbers"},
            "shape-does-not-object": {"b": "shapes"},
            "needs-no-symmetry": {"b": "special"},
            "right-at-random": {"c": "numbers", "e": "numbers"},
            "three-by-two": {"d": "numbers"},
        },
    ),
    Exercise(
        "true-or-false",
        answer=[True, False, True, False, True],
        wrong={
            "vector-as-output": {"b": True},
            "fails-with-inverse": {"c": False},
            "remember-peano": {"d": True},
            "layout-is-transpose": {"e": False},
        },
    ),
    Exercise.of("log-det-along-a-line", rule("log-det-by-number"), letters="t X₀ E"),
)
