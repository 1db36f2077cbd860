"""Exercises: the Jacobian."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def point(rng, m, n):
    return (rng.normal(size=3),)


def by_output(x, A):
    """The gradient of each entry of tanh(Ax), a row for each."""
    return np.array([rule("layer-input").derivative(x, A, w) for w in np.eye(len(A))])


exercises = Exercises(
    Exercise(
        "jacobian-in-space",
        f=lambda p: np.array([p[0] * p[1] * p[2], p[0] + p[2] ** 2]),
        inputs=point,
        wrong={
            "denominator-layout": lambda p: np.array(
                [[p[1] * p[2], 1], [p[0] * p[2], 0], [p[0] * p[1], 2 * p[2]]]
            ),
            "no-y-in-output": lambda p: np.array(
                [[p[1] * p[2], p[0] * p[2], p[0] * p[1]], [1, 1, 2 * p[2]]]
            ),
            "x-by-x": lambda p: np.array(
                [[p[1] * p[2], p[0] * p[2], p[0] * p[1]], [p[0], 0, 2 * p[2]]]
            ),
            "outputs-added": lambda p: np.array(
                [p[1] * p[2] + 1, p[0] * p[2], p[0] * p[1] + 2 * p[2]]
            ),
        },
    ),
    Exercise.of(
        "length-times-vector",
        rule("scaled-vector"),
        wrong={
            "one-term-lacks-2": lambda x: np.outer(x, x) + (x @ x) * np.eye(len(x)),
            "diagonal-only": lambda x: 2 * np.outer(x, x) + x @ x,
            "of-factor-alone": lambda x: 2 * x,
        },
    ),
    Exercise.of(
        "layer-by-input",
        rule("layer-input"),
        wrong={
            "tanh-squared-missing": lambda x, A, w: A.T @ ((1 - np.tanh(A @ x)) * w),
            "weights-missing": lambda x, A, w: sum(by_output(x, A)),
            "stops-before-w": lambda x, A, w: by_output(x, A),
        },
        letters="x A a",
    ),
    Exercise(
        "half-square-of-waves",
        f=lambda x, A: np.sum(np.sin(A @ x) ** 2) / 2,
        inputs=lambda rng, m, n: (rng.normal(size=n), rng.normal(size=(m, n))),
        wrong={
            "cosine-missing": lambda x, A: A.T @ np.sin(A @ x),
            "stops-before-half-square": lambda x, A: A.T @ np.cos(A @ x),
        },
    ),
    Counterexample(
        "order-of-square-factors",
        f=lambda x, A: np.sin(A @ x),
        claim=lambda x, A: A * np.cos(A @ x),
        answer=[np.array([0.0, 1]), np.array([[0.0, 1], [0, 0]])],
        wrong={
            "A-is-diagonal": [np.array([1.0, 2]), np.diag([1.0, 2])],
            "cosines-are-equal": [np.array([0.0, 0]), np.array([[1.0, 2], [3, 4]])],
        },
        holds={
            "A-is-diagonal": lambda x, A: np.array_equal(A, np.diag(np.diag(A))),
            "cosines-are-equal": lambda x, A: np.ptp(np.cos(A @ x)) < 1e-9,
        },
    ),
)
