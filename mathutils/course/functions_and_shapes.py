"""Exercises: what goes in, what comes out, and the shape of the derivative."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises

exercises = Exercises(
    Exercise(
        "five-shapes",
        answer=[(4,), (3, 3), (2, 4), (4, 4, 2, 4), (2, 3)],
        wrong={
            "vector-comes-out-of": {"b": (3,)},
            "matrix-comes-out-of": {"d": (2, 4)},
            "one-big-matrix": {"d": (16, 8)},
            "output-first": {"d": (2, 4, 4, 4)},
            "what-comes-out": {"e": ()},
        },
    ),
    Exercise(
        "gradient-at-a-point",
        f=lambda p: p[0] * p[1] ** 2 + p[2],
        inputs=lambda rng, m, n: (rng.normal(size=3),),
        wrong={
            "entry-of-y": lambda p: np.array([p[1] ** 2, 2 * p[1], 1]),
            "entry-of-z": lambda p: np.array([p[1] ** 2, 2 * p[0] * p[1], p[2]]),
            "partials-added": lambda p: p[1] ** 2 + 2 * p[0] * p[1] + 1,
        },
    ),
    Exercise.of("trace-by-second-factor", rule("trace-second-factor"), letters="B A"),
    Exercise(
        "shapes-that-fit",
        answer=[False, False, True, False],
        wrong={
            "matrix-for-a-vector": {"a": True},
            "shape-of-output": {"b": True},
            "cannot-multiply": {"d": True},
            "shapes-do-fit": {"c": False},
        },
    ),
    Exercise(
        "matrix-by-number",
        f=lambda t, A: t**2 * A,
        inputs=lambda rng, m, n: (rng.normal(), rng.normal(size=(m, n))),
        wrong={
            "factor-t-lost": lambda t, A: 2 * A,
            "matrix-not-number": lambda t, A: 2 * t * np.sum(A),
            "A-does-not-vanish": lambda t, A: 2 * t,
        },
    ),
)
