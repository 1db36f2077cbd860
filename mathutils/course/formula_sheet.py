"""Exercises: rules of the catalogue."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample, Deck, Derivation


def off(X, A, B):
    return A @ X - X @ B


exercises = Exercises(
    Exercise(
        "which-need-more",
        answer=[False, True, False, True, False],
        wrong={
            "only-product-square": {"a": True},
            "what-at-zero": {"b": False},
            "det-is-polynomial": {"c": True},
            "log-of-negative": {"d": False},
        },
    ),
    Counterexample(
        "cube-under-a-trace",
        f=lambda X: np.trace(X @ X @ X),
        claim=lambda X: 3 * X @ X,
        answer=[np.array([[1.0, 1], [0, 1]])],
        wrong={
            "X-is-symmetric": [np.array([[1.0, 2], [2, 5]])],
            "square-is-symmetric": [np.array([[0.0, -1], [1, 0]])],
        },
        holds={
            "X-is-symmetric": lambda X: np.array_equal(X, X.T),
            "square-is-symmetric": lambda X: np.allclose(X @ X, (X @ X).T),
        },
    ),
    Exercise.of("trace-with-transpose", rule("trace-three-transposed")),
    Derivation(
        "two-sided-residual",
        f=lambda X, A, B: np.sum(off(X, A, B) ** 2),
        inputs=lambda rng, m, n: (
            *(rng.normal(size=(m, n)), rng.normal(size=(m, m))),
            rng.normal(size=(n, n)),
        ),
        lines=("line-of-square", "line-dX-at-end", "line-gradient"),
        answer=[
            lambda X, A, B, dX: 2 * np.sum(off(X, A, B) * off(dX, A, B)),
            lambda X, A, B, dX: np.trace(2 * (off(X, A, B).T @ A - B @ off(X, A, B).T) @ dX),
            lambda X, A, B: 2 * (A.T @ off(X, A, B) - off(X, A, B) @ B.T),
        ],
        wrong={
            "inner-of-residual-lost": lambda X, A, B: 2 * off(X, A, B),
            "factors-not-transposed": lambda X, A, B: 2 * (A @ off(X, A, B) - off(X, A, B) @ B),
            "only-the-left-product": lambda X, A, B: 2 * A.T @ off(X, A, B),
        },
    ),
    Deck.of_rules(
        "card-of-the-sheet",
        "trace-quadratic",
        "squared-residual",
        "trace-inverse",
        "unit-vector",
        "determinant-square",
        "inverse-form",
    ),
)
