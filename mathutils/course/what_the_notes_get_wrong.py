"""Exercises: what the notes get wrong."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises

exercises = Exercises(
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
    Exercise.of(
        "log-of-absolute-det",
        rule("log-abs-det"),
        wrong={
            "no-sign-in-log": lambda X: np.sign(np.linalg.det(X)) * np.linalg.inv(X).T,
            "gradient-of-det": lambda X: np.linalg.det(X) * np.linalg.inv(X).T,
        },
        letters="X",
    ),
    Exercise("chord-is-not-tangent", answer=2, wrong={"line-1-one-level": 1, "line-3-follows": 3}),
    Exercise.of("log-det-along-a-line", rule("log-det-by-number"), letters="t X₀ E"),
)
