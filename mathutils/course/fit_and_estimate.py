"""Exercises: to fit and to estimate."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises

inv = np.linalg.inv


def cases(rng, m, n):
    weights = rng.uniform(0.5, 2, size=m + 3)
    return (
        rng.normal(size=(n, 2)),
        rng.normal(size=(m + 3, n)),
        rng.normal(size=(m + 3, 2)),
        weights,
    )


exercises = Exercises(
    Exercise(
        "shapes-of-a-network",
        answer=[(20, 3), (20, 5), (5,), (5, 3), (3, 3)],
        wrong={
            "bias-has-5-entries": {"c": (20, 5)},
            "bias-has-one-axis": {"c": (1, 5)},
            "part-is-transposed": {"d": (3, 5)},
            "row-for-each-probability": {"e": (3,)},
        },
    ),
    Exercise(
        "step-sizes",
        answer=[1 / 2, 1 / 3],
        wrong={
            "largest-sets-limit": {"a": 1},
            "not-the-diagonal": {"a": 2 / 3},
            "twice-as-far": {"a": 1 / 4},
            "part-lacks-2": {"b": 1 / 6},
            "worse-factor-counts": {"b": 1 / 4},
        },
    ),
    Exercise(
        "weighted-cases",
        f=lambda W, X, Y, c: np.sum(c[:, None] * (X @ W - Y) ** 2),
        inputs=cases,
        wrong={
            "weights-c-missing": lambda W, X, Y, c: 2 * X.T @ (X @ W - Y),
            "weights-c-twice": lambda W, X, Y, c: 2 * X.T @ (c[:, None] ** 2 * (X @ W - Y)),
            "weights-c-of-Y": lambda W, X, Y, c: 2 * X.T @ (c[:, None] * (X @ W) - Y),
        },
    ),
    Exercise.of(
        "two-classes",
        rule("logistic"),
        wrong={"sum-over-cases": lambda w, X, t: rule("logistic").derivative(w, X, t) / len(t)},
        letters="w X t",
    ),
    Exercise.of(
        "precision-matrix",
        rule("gaussian-precision"),
        wrong={"half-in-both-terms": lambda L, S, n: n * inv(L) / 2 - S},
        letters="Λ S n",
    ),
    Exercise(
        "network-backwards",
        answer=4,
        wrong={
            "line-1-p-minus-t": 1,
            "line-2-sum-over-batch": 2,
            "line-3-read-off": 3,
            "line-5-right-if-given": 5,
        },
    ),
)
