"""Exercises: to fit and to estimate."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.functions import softmax
from mathutils.course.kinds import Counterexample, Derivation

inv = np.linalg.inv


def cases(rng, m, n):
    weights = rng.uniform(0.5, 2, size=m + 3)
    return (
        rng.normal(size=(n, 2)),
        rng.normal(size=(m + 3, n)),
        rng.normal(size=(m + 3, 2)),
        weights,
    )


def ridge(W, X, Y, alpha):
    return np.sum((X @ W - Y) ** 2) + alpha * np.sum(W**2)


exercises = Exercises(
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
    Counterexample(
        "target-of-any-sum",
        f=lambda z, t: -t @ np.log(softmax(z)),
        claim=lambda z, t: softmax(z) - t,
        answer=[np.array([0.0]), np.array([2.0])],
        wrong={"entries-add-up-to-1": [np.array([0.0, 1.0]), np.array([0.25, 0.75])]},
        holds={"entries-add-up-to-1": lambda z, t: np.isclose(np.sum(t), 1)},
    ),
    Exercise.of(
        "precision-matrix",
        rule("gaussian-precision"),
        wrong={"half-in-both-terms": lambda L, S, n: n * inv(L) / 2 - S},
        letters="Λ S n",
    ),
    Derivation(
        "ridge-line-by-line",
        f=ridge,
        inputs=lambda rng, m, n: (*cases(rng, m, n)[:3], rng.uniform(0.5, 2)),
        lines=("line-with-dW", "line-dW-at-end", "line-gradient"),
        answer=[
            lambda W, X, Y, alpha, dW: (
                2 * np.sum((X @ W - Y) * (X @ dW)) + 2 * alpha * np.sum(W * dW)
            ),
            lambda W, X, Y, alpha, dW: np.trace(2 * ((X @ W - Y).T @ X + alpha * W.T) @ dW),
            lambda W, X, Y, alpha: 2 * X.T @ (X @ W - Y) + 2 * alpha * W,
        ],
        wrong={
            "price-without-2": lambda W, X, Y, alpha: 2 * X.T @ (X @ W - Y) + alpha * W,
            "price-forgotten": lambda W, X, Y, alpha: 2 * X.T @ (X @ W - Y),
        },
    ),
)
