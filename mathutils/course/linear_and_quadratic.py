"""Exercises: the linear and the quadratic form."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def three_vectors(rng, m, n):
    return tuple(rng.normal(size=(3, n)))


def matrix_and_vectors(rng, m, n):
    return rng.normal(size=n), rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n)


exercises = Exercises(
    Exercise(
        "two-linear-forms",
        f=lambda x, B, u, v: u @ B @ x - 3 * (v @ x),
        inputs=matrix_and_vectors,
        wrong={
            "second-sign-lost": lambda x, B, u, v: B.T @ u + 3 * v,
            "number-3-lost": lambda x, B, u, v: B.T @ u - v,
            "letter-that-moves": lambda x, B, u, v: B.T @ u - 3 * x,
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
    Counterexample(
        "product-like-a-square",
        f=lambda x, u, v: (u @ x) * (v @ x),
        claim=lambda x, u, v: 2 * (u @ x) * v,
        answer=[np.array([1.0, 2]), np.array([1.0, 0]), np.array([0.0, 1])],
        wrong={
            "u-beside-v": [np.array([1.0, 2]), np.array([1.0, -1]), np.array([2.0, -2])],
            "x-hides-it": [np.zeros(2), np.array([1.0, 0]), np.array([0.0, 1])],
        },
        holds={
            "x-hides-it": lambda x, u, v: np.allclose((u @ x) * v, 0) and np.allclose(v @ x, 0),
            "u-beside-v": lambda x, u, v: np.linalg.matrix_rank([u, v]) < 2,
        },
    ),
)
