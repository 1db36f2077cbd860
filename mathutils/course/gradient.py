"""Exercises: the gradient."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def point(rng, m, n):
    return (rng.normal(size=3),)


def one_over(x):
    return np.sum(1 / (1 + np.asarray(x, dtype=float)))


def whole_numbers(rng, m, n):
    return one_over, rng.integers(1, 5, (m, n) if m < n else n)


def slopes(f, x, kind=float, axes=None, h=1e-5):
    x = np.asarray(x, dtype=kind)
    found = np.zeros_like(x)
    for index in np.ndindex(x.shape[:axes]):
        up, down = x.copy(), x.copy()
        up[index] += h
        down[index] -= h
        found[index] = (f(up) - f(down)) / (2 * h)
    return found


exercises = Exercises(
    Exercise(
        "gradient-in-space",
        f=lambda p: p[0] ** 2 * p[1] + np.sin(p[2]),
        inputs=point,
        wrong={
            "term-counts-twice": lambda p: np.array([2 * p[0] * p[1], 0, np.cos(p[2])]),
            "sin-and-cos": lambda p: np.array([2 * p[0] * p[1], p[0] ** 2, -np.cos(p[2])]),
            "terms-added": lambda p: 2 * p[0] * p[1] + p[0] ** 2 + np.cos(p[2]),
        },
    ),
    Exercise(
        "loop-for-all-arrays",
        answer=slopes,
        inputs=whole_numbers,
        wrong={
            "steps-are-cut": lambda f, x: slopes(f, x, int),
            "rows-move-together": lambda f, x: slopes(f, x, axes=1),
            "distance-is-2h": lambda f, x: 2 * slopes(f, x),
            "down-minus-up": lambda f, x: -slopes(f, x),
        },
    ),
    Counterexample(
        "mixed-term-once",
        f=lambda p, b: p[0] ** 2 + b * p[0] * p[1] + p[1] ** 2,
        claim=lambda p, b: np.array([2 * p[0] + b * p[1], 2 * p[1]]),
        answer=[np.array([1.0, 0]), 1.0],
        wrong={
            "no-mixed-term": [np.array([1.0, 2]), 0.0],
            "x-is-zero": [np.array([0.0, 2]), 1.0],
        },
        holds={"no-mixed-term": lambda p, b: b == 0, "x-is-zero": lambda p, b: p[0] == 0},
    ),
    Exercise(
        "taylor-estimate",
        answer=11.0,
        wrong={"gradient-sign": 9.0, "exact-value": 11.03, "change-alone": 1.0},
    ),
    Exercise.of("length-of-a-vector", rule("norm")),
    Exercise(
        "shapes-of-gradients",
        answer=[(4,), (3,), (3, 4), (1, 4)],
        wrong={
            "shape-of-product": {"a": (3,)},
            "column-as-matrix": {"a": (4, 1)},
            "jacobian-of-residual": {"a": (3, 4)},
            "jacobian-by-b": {"b": (3, 3)},
            "shape-of-x": {"b": (4,)},
            "transposed-numerator": {"c": (4, 3)},
            "column-not-row": {"d": (4, 1)},
            "our-convention": {"d": (4,)},
        },
    ),
)
