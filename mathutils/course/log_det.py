"""Exercises: det and log det."""

import numpy as np
from numpy.linalg import det, inv, matrix_rank, slogdet

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def free_entries(rng, m, n):
    p, r = rng.uniform(1, 2, size=2)
    return (np.array([p, rng.uniform(-0.9, 0.9), r]),)


def zero_where_singular(X):
    return det(X) * inv(X).T if matrix_rank(X) == len(X) else np.zeros(X.shape)


exercises = Exercises(
    Exercise(
        "matrix-of-a-gradient",
        answer=np.array([[2.0, 7], [1, 5]]),
        wrong={
            "b-and-c-exchanged": np.array([[2.0, 1], [7, 5]]),
            "minus-signs-lost": np.array([[2.0, -7], [-1, 5]]),
            "diagonal-not-exchanged": np.array([[5.0, 7], [1, 2]]),
            "this-is-the-gradient": np.array([[5.0, -1], [-7, 2]]),
        },
    ),
    Exercise(
        "cofactors-of-three",
        answer=np.array([[-18.0, -6, 15], [-4, 2, -5], [8, -4, -5]]),
        wrong={
            "adjugate": np.array([[-18.0, -4, 8], [-6, 2, -4], [15, -5, -5]]),
            "minors": np.array([[-18.0, 6, 15], [4, 2, 5], [8, 4, -5]]),
            "divided-by-det": np.array([[-18.0, -6, 15], [-4, 2, -5], [8, -4, -5]]) / -30,
        },
    ),
    Counterexample(
        "gradient-where-singular",
        f=lambda X: det(X),
        claim=zero_where_singular,
        answer=[np.array([[1.0, 2], [2, 4]])],
        wrong={
            "X-has-an-inverse": [np.array([[1.0, 2], [3, 4]])],
            "rank-too-low": [np.zeros((2, 2))],
        },
        holds={
            "X-has-an-inverse": lambda X: matrix_rank(X) == len(X),
            "rank-too-low": lambda X: matrix_rank(X) < len(X) - 1,
        },
    ),
    Exercise(
        "doubled-matrix",
        answer=[32.0, 8.0, 1.0],
        wrong={
            "every-row-doubles": {"a": 8.0},
            "cofactors-grow": {"b": 2.0},
            "only-cofactors": {"b": 4.0},
            "log-of-factor": {"c": 2.0},
            "without-logarithm": {"c": 8.0},
        },
    ),
    Exercise.of(
        "det-of-square",
        rule("determinant-square"),
        wrong={
            "number-not-gradient": lambda X: 2 * det(X),
            "factor-2-missing": lambda X: det(X) ** 2 * inv(X).T,
            "one-x-held-fixed": None,
            "of-log-det-squared": lambda X: 2 * inv(X).T,
            "square-entry-by-entry": lambda X: (det(X) * inv(X).T) ** 2,
        },
    ),
    Exercise.of(
        "two-mistakes",
        rule("log-abs-det"),
        wrong={
            "function-as-it-was": lambda X: slogdet(X).sign * inv(X),
            "other-shows-unsymmetric": inv,
            "other-shows-negative": lambda X: slogdet(X).sign * inv(X).T,
            "gradient-of-det": lambda X: det(X) * inv(X).T,
            "symmetric-x": None,
        },
        letters="X",
    ),
    Exercise.of(
        "three-free-entries",
        rule("log-det-symmetric"),
        wrong={
            "det-without-logarithm": lambda v: np.array([v[2], -2 * v[1], v[0]]),
            "three-numbers-go-in": lambda v: (
                np.array([[v[2], -v[1]], [-v[1], v[0]]]) / (v[0] * v[2] - v[1] ** 2)
            ),
            "places-of-entries": lambda v: (
                np.array([v[0], -2 * v[1], v[2]]) / (v[0] * v[2] - v[1] ** 2)
            ),
        },
        inputs=free_entries,
    ),
)
