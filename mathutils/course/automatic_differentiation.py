"""Exercises: dual numbers, the tape, and the way back."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample, Derivation


def numbers(rng, m, n):
    a, b, d = rng.normal(size=3)
    return a, b, rng.uniform(1, 2), d


def along(x, A, V):
    return V @ (A @ x) / np.linalg.norm(A @ x)


def back_to_y(x, A, V):
    z = A @ x / np.linalg.norm(A @ x)
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
    Counterexample(
        "larger-plus-smaller",
        f=lambda x, y: np.sum(np.maximum(x, y) + np.minimum(x, y)),
        claim=lambda x, y: 1.0 * (x > y) + 1.0 * (x < y),
        answer=[np.array([1.0, 2]), np.array([1.0, 3])],
        wrong={
            "x-above-y": [np.array([1.0, 2]), np.array([0.0, 1])],
            "x-below-y": [np.array([0.0, 1]), np.array([1.0, 2])],
            "sometimes-above": [np.array([0.0, 3]), np.array([1.0, 2])],
        },
        holds={
            "x-above-y": lambda x, y: np.all(x > y),
            "x-below-y": lambda x, y: np.all(x < y),
            "sometimes-above": lambda x, y: np.all(x != y),
        },
    ),
    Derivation(
        "along-the-unit-vector",
        f=along,
        inputs=lambda rng, m, n: (
            rng.normal(size=n),
            rng.normal(size=(m + 1, n)),
            rng.normal(size=m + 1),
        ),
        lines=("line-with-dy", "line-with-dx", "line-gradient"),
        answer=[
            lambda x, A, V, dx: back_to_y(x, A, V) @ (A @ dx),
            lambda x, A, V, dx: (A.T @ back_to_y(x, A, V)) @ dx,
            lambda x, A, V: A.T @ back_to_y(x, A, V),
        ],
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
