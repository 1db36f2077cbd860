"""Exercises: four indices, vec, and products backwards."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample, Derivation


def stacked(x, A, k):
    return (A @ x.reshape(-1, k, order="F")).ravel(order="F")


def two_sided(x, A, B):
    X = x.reshape(len(A), -1, order="F")
    return (A @ X + X @ B).ravel(order="F")


def factors(rng, m, n):
    A, X, B = rng.normal(size=(m, n)), rng.normal(size=(n, n + 1)), rng.normal(size=(n + 1, m + 1))
    return A, X, B, rng.normal(size=(m, m + 1))


exercises = Exercises(
    Exercise(
        "how-many-entries",
        answer=2_000_000,
        wrong={
            "only-inputs": 1000,
            "only-outputs": 2000,
            "outputs-are-of-Y": 5_000_000,
            "add-nothing": 3000,
        },
    ),
    Exercise(
        "stacked-columns",
        f=stacked,
        inputs=lambda rng, m, n: (rng.normal(size=n * (m + 2)), rng.normal(size=(m, n)), m + 2),
        wrong={
            "row-major-order": lambda x, A, k: np.kron(A, np.eye(k)),
            "denominator-layout": lambda x, A, k: np.kron(np.eye(k), A.T),
            "one-column-of-X": lambda x, A, k: A,
        },
    ),
    Exercise(
        "two-sided-columns",
        f=two_sided,
        inputs=lambda rng, m, n: (
            *(rng.normal(size=m * (m + 1)), rng.normal(size=(m, m))),
            rng.normal(size=(m + 1, m + 1)),
        ),
        wrong={
            "row-major-order": lambda x, A, B: (
                np.kron(A, np.eye(len(B))) + np.kron(np.eye(len(A)), B.T)
            ),
            "last-factor-not-transposed": lambda x, A, B: (
                np.kron(np.eye(len(B)), A) + np.kron(B, np.eye(len(A)))
            ),
            "only-the-left-product": lambda x, A, B: np.kron(np.eye(len(B)), A),
        },
    ),
    Derivation(
        "backwards-to-A",
        f=lambda A, X, B, V: np.sum(V * (A @ X @ B)),
        inputs=factors,
        lines=("line-with-dA", "line-dA-at-end", "line-gradient"),
        answer=[
            lambda A, X, B, V, dA: np.trace(V.T @ dA @ X @ B),
            lambda A, X, B, V, dA: np.trace(X @ B @ V.T @ dA),
            lambda A, X, B, V: V @ B.T @ X.T,
        ],
        wrong={
            "gradient-by-X": lambda A, X, B, V: A.T @ V @ B.T,
            "before-dA": lambda A, X, B, V: X @ B @ V.T,
        },
    ),
    Counterexample(
        "square-backwards",
        f=lambda X, V: np.trace(V.T @ X @ X),
        claim=lambda X, V: 2 * X.T @ V,
        answer=[np.array([[0.0, 1], [0, 0]]), np.array([[1.0, 0], [0, 0]])],
        wrong={
            "V-is-a-multiple-of-I": [np.array([[1.0, 2], [3, 4]]), np.eye(2)],
            "V-commutes": [np.array([[1.0, 2], [2, 1]]), np.array([[0.0, 1], [1, 0]])],
        },
        holds={
            "V-is-a-multiple-of-I": lambda X, V: np.array_equal(V, V[0, 0] * np.eye(len(V))),
            "V-commutes": lambda X, V: np.allclose(X.T @ V, V @ X.T),
        },
    ),
    Exercise(
        "backwards-to-bias",
        f=lambda b, X, V: np.sum(V * (X + b)),
        inputs=lambda rng, m, n: (
            rng.normal(size=n),
            rng.normal(size=(m, n)),
            rng.normal(size=(m, n)),
        ),
        wrong={
            "gradient-by-Y": lambda b, X, V: V,
            "along-wrong-axis": lambda b, X, V: V.sum(axis=1),
            "mean-not-sum": lambda b, X, V: V.mean(axis=0),
            "one-row-only": lambda b, X, V: V[0],
        },
    ),
)
