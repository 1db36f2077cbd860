"""Exercises: Hessians, what their eigenvalues tell, products with a vector."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.functions import softmax


def point(rng, m, n):
    return (rng.normal(size=3),)


def least_squares(rng, m, n):
    return rng.normal(size=n), rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n)


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
    Exercise(
        "kinds-of-points",
        answer=["saddle", "minimum", "maximum", "saddle", "undecided"],
        wrong={
            "sign-of-6x": {"a": "minimum", "b": "saddle"},
            "signs-of-eigenvalues": {"c": "minimum"},
            "between-the-axes": {"d": "minimum"},
            "what-hessian-tells": {"e": "minimum"},
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
    Exercise(
        "shapes-of-hessians",
        answer=[(5, 5), (3, 2, 3, 2), (3, 2), ()],
        wrong={
            "shape-of-gradient-only": {"a": (5,)},
            "indices-keep-places": {"b": (6, 6)},
            "shape-of-gradient": {"b": (3, 2)},
            "input-counts": {"b": (4, 2, 4, 2)},
            "product-uses-axes": {"c": (3, 2, 3, 2)},
            "second-product": {"d": (3, 2)},
        },
    ),
    Exercise(
        "newton-step",
        answer=4,
        wrong={
            "line-1-model": 1,
            "line-2-half-cancels": 2,
            "line-3-solve": 3,
            "line-5-not-first": 5,
        },
    ),
    Exercise(
        "hessian-times-vector",
        answer=lambda x, A, b, v: 2 * A.T @ (A @ v),
        inputs=least_squares,
        wrong={
            "factor-2-missing": lambda x, A, b, v: A.T @ (A @ v),
            "b-is-constant": lambda x, A, b, v: 2 * A.T @ (A @ v - b),
            "gradient-along-v": lambda x, A, b, v: 2 * A.T @ (A @ x - b),
            "times-x-not-v": lambda x, A, b, v: 2 * A.T @ (A @ x),
            "product-wanted": lambda x, A, b, v: 2 * A.T @ A,
            "curvature-not-vector": lambda x, A, b, v: 2 * (A @ v) @ (A @ v),
        },
    ),
)
