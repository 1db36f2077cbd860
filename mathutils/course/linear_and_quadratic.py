"""Exercises: the linear and the quadratic form."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises


def three_vectors(rng, m, n):
    return tuple(rng.normal(size=(3, n)))


exercises = Exercises(
    Exercise(
        "form-and-gradient",
        answer=[np.array([[2, -3], [-3, 5]]), np.array([4, -1]), np.array([-4, 13])],
        wrong={
            "mixed-term-twice": {"a": np.array([[2, -6], [-6, 5]])},
            "mixed-term-above": {"a": np.array([[2, -6], [0, 5]])},
            "mixed-term-below": {"a": np.array([[2, 0], [-6, 5]])},
            "linear-form-counts": {"c": np.array([-8, 14])},
            "quadratic-lacks-2": {"c": np.array([0, 6])},
        },
    ),
    Exercise(
        "three-values-of-k",
        answer=[4.0, -4.0, 0.0],
        wrong={
            "own-transpose": {"a": -4.0},
            "entry-4-is-left": {"b": 0.0},
            "mixed-terms-add-up": {"b": 4.0},
            "one-mixed-term": {"c": 105.0},
            "sign-below-diagonal": {"c": 210.0},
        },
    ),
    Exercise(
        "product-of-forms",
        f=lambda x, u, v: (u @ x) * (v @ x),
        inputs=three_vectors,
        wrong={
            "second-held-fixed": lambda x, u, v: u * (v @ x),
            "first-held-fixed": lambda x, u, v: v * (u @ x),
            "term-with-u-twice": lambda x, u, v: 2 * u * (v @ x),
            "term-with-v-twice": lambda x, u, v: 2 * v * (u @ x),
            "beside-wrong-number": lambda x, u, v: u * (u @ x) + v * (v @ x),
            "factors-mixed-up": lambda x, u, v: 2 * (u @ v) * x,
        },
    ),
    Exercise.of("weighted-squares", rule("weighted-residual")),
    Exercise(
        "four-shapes",
        answer=[(5,), (2, 5), (3,), (6, 6)],
        wrong={
            "shape-of-b": {"a": (2,)},
            "row-of-numerator": {"a": (1, 5)},
            "numerator-not-input": {"b": (5, 2)},
            "shape-of-residual": {"c": (7,)},
            "shape-of-A": {"c": (7, 3)},
            "first-product": {"d": (2, 2)},
            "shape-of-C": {"d": (6, 2)},
        },
    ),
    Exercise(
        "trace-of-a-number",
        answer=3,
        wrong={"line-1-one-diagonal-entry": 1, "line-2-last-to-front": 2, "line-4-not-first": 4},
    ),
)
