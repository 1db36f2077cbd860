"""Exercises: Hessians, and formulas that bend."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.functions import softmax
from mathutils.course.kinds import Counterexample


def point(rng, m, n):
    return (rng.normal(size=3),)


def point_and_step(rng, m, n):
    return rng.normal(size=2), rng.normal(size=2)


def leaf(p):
    return p[0] ** 3 + p[1] ** 3 - 3 * p[0] * p[1]


def leaf_gradient(p):
    return np.array([3 * p[0] ** 2 - 3 * p[1], 3 * p[1] ** 2 - 3 * p[0]])


def leaf_hessian(p):
    return np.array([[6 * p[0], -3], [-3, 6 * p[1]]])


exercises = Exercises(
    Exercise(
        "hessian-in-space",
        f=lambda p: np.array([2 * p[0] * p[1], p[0] ** 2, np.cos(p[2])]),
        inputs=point,
        wrong={
            "mixed-missing": lambda p: np.diag([2 * p[1], 0, -np.sin(p[2])]),
            "pure-only": lambda p: np.array([2 * p[1], 0, -np.sin(p[2])]),
            "mirror-image": lambda p: np.array(
                [[2 * p[1], 2 * p[0], 0], [0, 0, 0], [0, 0, -np.sin(p[2])]]
            ),
            "sign-of-cosine": lambda p: np.array(
                [[2 * p[1], 2 * p[0], 0], [2 * p[0], 0, 0], [0, 0, np.sin(p[2])]]
            ),
            "differentiate-once-more": lambda p: np.array(
                [2 * p[0] * p[1], p[0] ** 2, np.cos(p[2])]
            ),
        },
    ),
    Exercise.of(
        "jacobian-of-softmax",
        rule("second-log-sum-exp"),
        wrong={
            "diagonal-alone": lambda x: np.diag(softmax(x) * (1 - softmax(x))),
            "sign-of-second-term": lambda x: (
                np.diag(softmax(x)) + np.outer(softmax(x), softmax(x))
            ),
            "number-not-matrix": lambda x: np.diag(softmax(x)) - softmax(x) @ softmax(x),
            "one-more-term": lambda x: -np.outer(softmax(x), softmax(x)),
        },
    ),
    Counterexample(
        "second-of-fourth-power",
        f=lambda x: 4 * (x @ x) * x,
        claim=lambda x: 12 * (x @ x) * np.eye(len(x)),
        answer=[np.array([1.0, 2])],
        wrong={"one-entry-only": [np.array([2.0])], "zero-hides-it": [np.zeros(2)]},
        holds={"zero-hides-it": lambda x: not x.any(), "one-entry-only": lambda x: len(x) == 1},
    ),
    Exercise(
        "second-order-model",
        answer=lambda p, d: leaf(p) + leaf_gradient(p) @ d + d @ leaf_hessian(p) @ d / 2,
        inputs=point_and_step,
        wrong={
            "half-forgotten": lambda p, d: (
                leaf(p) + leaf_gradient(p) @ d + d @ leaf_hessian(p) @ d
            ),
            "plane-only": lambda p, d: leaf(p) + leaf_gradient(p) @ d,
            "value-forgotten": lambda p, d: leaf_gradient(p) @ d + d @ leaf_hessian(p) @ d / 2,
            "function-itself": lambda p, d: leaf(p + d),
        },
    ),
)
