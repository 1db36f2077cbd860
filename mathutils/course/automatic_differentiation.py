"""Exercises: dual numbers, the tape, and the way back."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises


def numbers(rng, m, n):
    a, b, d = rng.normal(size=3)
    return a, b, rng.uniform(1, 2), d


def unit_of_product(x, A):
    return A @ x / np.linalg.norm(A @ x)


def back_to_y(x, A, V):
    z = unit_of_product(x, A)
    return (V - (z @ V) * z) / np.linalg.norm(A @ x)


exercises = Exercises(
    Exercise(
        "corner-of-a-matrix",
        answer=[9, 45],
        wrong={
            "value-in-the-corner": {"a": 2, "b": 2},
            "three-of-the-power": {"a": 1},
            "constant-part-stays": {"a": 12},
            "corner-is-multiplied": {"b": 9},
            "corner-is-not-added": {"b": 14},
        },
    ),
    Exercise(
        "quotient-of-duals",
        answer=lambda a, b, c, d: (b * c - a * d) / c**2,
        inputs=numbers,
        wrong={
            "slope-over-slope": lambda a, b, c, d: b / d,
            "quotient-sign": lambda a, b, c, d: (b * c + a * d) / c**2,
            "quotient-square": lambda a, b, c, d: (b * c - a * d) / c,
            "denominator-has-slope": lambda a, b, c, d: b / c,
        },
    ),
    Exercise(
        "row-for-cumsum",
        f=lambda x, V: V @ np.cumsum(x),
        inputs=lambda rng, m, n: (rng.normal(size=m + n), rng.normal(size=m + n)),
        wrong={
            "cumsum-forwards": lambda x, V: np.cumsum(V),
            "adjoint-of-output": lambda x, V: V,
            "all-outputs-count": lambda x, V: np.full(len(V), V.sum()),
            "cumsum-turned-round": lambda x, V: np.cumsum(V[::-1]),
        },
    ),
    Exercise(
        "runs-of-a-jacobian",
        answer=[1000, 3, 1],
        wrong={
            "forwards-and-backwards": {"a": 3, "b": 1000},
            "runs-are-not-entries": {"a": 3000, "b": 3000},
            "one-run-one-column": {"c": 1000},
        },
    ),
    Exercise(
        "parts-of-an-adjoint",
        answer=[2, 2, 1],
        wrong={
            "used-again-in-f": {"a": 1},
            "used-again-in-sum": {"b": 1},
            "not-in-f-itself": {"b": 3},
            "matrix-used-once": {"c": 2},
        },
    ),
    Exercise(
        "back-through-unit-vector",
        f=lambda x, A, V: V @ unit_of_product(x, A),
        inputs=lambda rng, m, n: (
            rng.normal(size=n),
            rng.normal(size=(m + 1, n)),
            rng.normal(size=m + 1),
        ),
        wrong={
            "back-to-y-only": back_to_y,
            "length-held-fixed": lambda x, A, V: A.T @ V / np.linalg.norm(A @ x),
            "length-of-y-missing": lambda x, A, V: (
                A.T @ back_to_y(x, A, V) * np.linalg.norm(A @ x)
            ),
        },
    ),
    Exercise(
        "rows-of-the-table",
        answer=4,
        wrong={
            "row-1-both-parts": 1,
            "row-2-is-right": 2,
            "row-3-both-places": 3,
            "row-5-trace": 5,
        },
    ),
)
