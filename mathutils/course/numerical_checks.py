"""Exercises: how far to trust a numerical check."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises


def whole_numbers(rng, m, n):
    return (lambda A: np.sum(1 / (1 + np.asarray(A, dtype=float)))), rng.integers(1, 5, (m, n))


def gradient_in(kind, h=1e-5):
    def gradient(f, A):
        result = np.zeros(A.shape, dtype=kind)
        for index in np.ndindex(A.shape):
            up, down = A.astype(kind), A.astype(kind)
            up[index] += h
            down[index] -= h
            result[index] = (f(up) - f(down)) / (2 * h)
        return result

    return gradient


exercises = Exercises(
    Exercise(
        "four-verdicts",
        answer=["undecided", "right", "right", "wrong"],
        wrong={
            "slope-left-and-right": {"a": "right"},
            "not-refuted": {"a": "wrong"},
            "true-at-this-point": {"c": "wrong"},
            "shape-comes-first": {"d": "right"},
            "no-doubt-in-shape": {"d": "undecided"},
        },
    ),
    Exercise(
        "step-in-single-precision",
        answer=(3 * 1.2e-7 / 6) ** (1 / 3),
        wrong={
            "double-precision": (3 * 2.2e-16 / 6) ** (1 / 3),
            "cube-root": (3 * 1.2e-7 / 6) ** 0.5,
            "take-cube-root": 3 * 1.2e-7 / 6,
            "third-derivative-missing": (3 * 1.2e-7) ** (1 / 3),
        },
    ),
    Exercise(
        "extrapolation-weights",
        answer=[2.0, -1.0],
        wrong={
            "weights-for-h-squared": [4 / 3, -1 / 3],
            "measures-something-else": [1.0, -0.5],
            "mean-does-not-remove": [0.5, 0.5],
            "two-exchanged": [-1.0, 2.0],
        },
    ),
    Exercise("smaller-is-not-better", answer=2, wrong={"line-1-taylor": 1, "line-3-follows": 3}),
    Exercise(
        "recipe-for-integers",
        answer=lambda f, A: -1 / (1.0 + A) ** 2,
        inputs=whole_numbers,
        wrong={
            "integers-hold-no-steps": gradient_in(int),
            "nothing-but-zeros": lambda f, A: 0 * A,
            "sign": lambda f, A: 1 / (1.0 + A) ** 2,
            "divide-by-2h": lambda f, A: -2 / (1.0 + A) ** 2,
        },
    ),
)
