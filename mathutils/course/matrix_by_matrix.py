"""Exercises: four indices, vec, and products backwards."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises


def stacked(x, A, k):
    return (A @ x.reshape(-1, k, order="F")).ravel(order="F")


def factors(rng, m, n):
    A, X, B = rng.normal(size=(m, n)), rng.normal(size=(n, n + 1)), rng.normal(size=(n + 1, m + 1))
    return A, X, B, rng.normal(size=(m, m + 1))


exercises = Exercises(
    Exercise(
        "shapes-and-matrices",
        answer=[(3, 3, 3, 3), (9, 9), (5, 2, 2, 5), (10, 10), (4, 10)],
        wrong={
            "matrix-comes-out-of": {"a": (3, 3)},
            "transpose-5-by-2": {"c": (2, 5, 2, 5)},
            "array-not-matrix": {"d": (5, 2, 2, 5)},
            "outputs-down": {"e": (10, 4)},
            "Z-times-transpose": {"e": (10, 10)},
            "transpose-times-Z": {"e": (25, 10)},
        },
    ),
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
        "backwards-to-A",
        f=lambda A, X, B, V: np.sum(V * (A @ X @ B)),
        inputs=factors,
        wrong={
            "gradient-by-X": lambda A, X, B, V: A.T @ V @ B.T,
            "before-dA": lambda A, X, B, V: X @ B @ V.T,
        },
    ),
    Exercise(
        "product-backwards",
        answer=3,
        wrong={"line-1-product-rule": 1, "line-2-into-trace": 2, "line-4-W-to-front": 4},
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
