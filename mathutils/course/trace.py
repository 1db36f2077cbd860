"""Exercises: differentiating by a matrix with the trace."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def two_by_two(rng, m, n):
    return (rng.normal(size=(2, 2)),)


exercises = Exercises(
    Exercise.of(
        "trace-of-square",
        rule("trace-square"),
        wrong={
            "off-diagonal-slopes": lambda A: 2 * np.diag(np.diag(A)),
            "factor-2-missing": lambda A: A.T,
            "one-x-held-fixed": None,
            "bc-occurs-twice": lambda A: np.array(
                [[2 * A[0, 0], A[1, 0]], [A[0, 1], 2 * A[1, 1]]]
            ),
        },
        inputs=two_by_two,
        letters="A",
    ),
    Exercise(
        "cyclic-or-not",
        answer=3,
        wrong={
            "line-1-cyclic": 1,
            "line-2-turned-round": 2,
            "line-4-not-first": 4,
            "line-5-adds-up": 5,
        },
    ),
    Counterexample(
        "rule-that-fails",
        f=lambda A, M: np.trace(A @ M @ A.T),
        claim=lambda A, M: 2 * A @ M,
        answer=[np.array([[1.0, 0]]), np.array([[1.0, 2], [3, 4]])],
        wrong={
            "M-is-symmetric": [np.array([[1.0, 2]]), np.array([[1.0, 2], [2, 5]])],
            "A-hides-it": [np.zeros((1, 2)), np.array([[1.0, 2], [3, 4]])],
        },
        holds={
            "M-is-symmetric": lambda A, M: np.array_equal(M, M.T),
            "A-hides-it": lambda A, M: np.allclose(A @ M, A @ M.T),
        },
    ),
    Exercise.of(
        "factorisation",
        rule("matrix-factorisation"),
        wrong={"Y-matters": lambda A, B, Y: 2 * A @ B.T @ B},
    ),
    Exercise.of(
        "trace-with-four",
        rule("trace-four"),
        wrong={
            "only-first-moved": lambda X, A, B: A.T @ X @ B.T,
            "symmetric-a": lambda X, A, B: A @ X @ (B + B.T),
            "both-or-none-transposed": lambda X, A, B: A.T @ X @ B + A @ X @ B.T,
        },
    ),
)
