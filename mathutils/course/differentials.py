"""Exercises: differentials, and gradients read off from them."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Derivation


def inv(X):
    return np.linalg.inv(X)


exercises = Exercises(
    Exercise(
        "shapes-of-differentials",
        answer=[(3, 4), (2, 4), (), (3, 4)],
        wrong={
            "multiplied-with-dX": {"b": (3, 4)},
            "number-has-number": {"c": (3, 4)},
            "gradient-is-not-number": {"d": ()},
            "would-be-numerator": {"d": (4, 3)},
        },
    ),
    Exercise(
        "differential-of-cube",
        answer=lambda X, dX: dX @ X @ X + X @ dX @ X + X @ X @ dX,
        inputs=lambda rng, m, n: (rng.normal(size=(n, n)), rng.normal(size=(n, n))),
        wrong={
            "rule-for-numbers": lambda X, dX: 3 * X @ X @ dX,
            "rule-for-numbers-left": lambda X, dX: 3 * dX @ X @ X,
            "one-place-missing": lambda X, dX: dX @ X @ X + X @ X @ dX,
            "not-entry-by-entry": lambda X, dX: 3 * X**2 * dX,
        },
    ),
    Exercise.of(
        "form-with-inverse",
        rule("inverse-form"),
        wrong={"inverses-side-by-side": lambda X, a, b: -inv(X).T @ inv(X).T @ np.outer(a, b)},
    ),
    Exercise.of(
        "trace-form", rule("trace-quadratic"), wrong={"other-X-moved": lambda X, A: A.T @ X}
    ),
    Exercise(
        "order-under-the-trace",
        answer=3,
        wrong={"line-1-d-passes": 1, "line-2-product-rule": 2, "line-4-follows": 4},
    ),
    Exercise(
        "layer-by-weights",
        f=lambda W, x: np.sum(np.tanh(W @ x)),
        inputs=lambda rng, m, n: (rng.normal(size=(m, n)), rng.normal(size=n)),
        wrong={
            "tanh-for-derivative": lambda W, x: np.outer(np.tanh(W @ x), x),
            "factor-x-missing": lambda W, x: 1 - np.tanh(W @ x) ** 2,
            "tanh-as-identity": lambda W, x: np.outer(np.ones(len(W)), x),
        },
    ),
    Derivation(
        "log-det-line-by-line",
        f=rule("log-det-product").f,
        inputs=rule("log-det-product").inputs,
        lines=("line-with-dX", "line-dX-at-end", "line-gradient"),
        answer=[
            lambda X, A, B, dX: np.trace(inv(A @ X @ B) @ A @ dX @ B),
            lambda X, A, B, dX: np.trace(B @ inv(A @ X @ B) @ A @ dX),
            lambda X, A, B: (B @ inv(A @ X @ B) @ A).T,
        ],
        wrong={
            "before-dX": lambda X, A, B: B @ inv(A @ X @ B) @ A,
            "inner-of-three-missing": lambda X, A, B: inv(A @ X @ B).T,
        },
    ),
)
