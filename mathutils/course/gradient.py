"""Exercises: the gradient."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises


def point(rng, m, n):
    return (rng.normal(size=3),)


exercises = Exercises(
    Exercise(
        "gradient-in-space",
        f=lambda p: p[0] ** 2 * p[1] + np.sin(p[2]),
        inputs=point,
        wrong={
            "term-counts-twice": lambda p: np.array([2 * p[0] * p[1], 0, np.cos(p[2])]),
            "sin-and-cos": lambda p: np.array([2 * p[0] * p[1], p[0] ** 2, -np.cos(p[2])]),
            "terms-added": lambda p: 2 * p[0] * p[1] + p[0] ** 2 + np.cos(p[2]),
        },
    ),
    Exercise.of("length-squared", rule("norm-squared")),
    Exercise(
        "taylor-estimate",
        answer=11.0,
        wrong={"gradient-sign": 9.0, "exact-value": 11.03, "change-alone": 1.0},
    ),
    Exercise(
        "flat-at-the-bottom", answer=2, wrong={"line-1-gradient-is-zero": 1, "line-3-follows": 3}
    ),
    Exercise(
        "shapes-of-gradients",
        answer=[(4,), (3,), (3, 4), (1, 4)],
        wrong={
            "shape-of-product": {"a": (3,)},
            "column-as-matrix": {"a": (4, 1)},
            "jacobian-of-residual": {"a": (3, 4)},
            "jacobian-by-b": {"b": (3, 3)},
            "shape-of-x": {"b": (4,)},
            "transposed-numerator": {"c": (4, 3)},
            "column-not-row": {"d": (4, 1)},
            "our-convention": {"d": (4,)},
        },
    ),
)
