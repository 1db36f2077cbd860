"""Exercises: how far to trust a numerical check."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def unit(m, n):
    return 1e-8 if m < n else 1e12


def in_one_unit(rng, m, n):
    return (lambda A: np.sum(unit(m, n) ** 2 / A)), unit(m, n) * rng.uniform(1, 2, (m, n))


def gradient_in_one_unit(f, A):
    return -((unit(*A.shape) / A) ** 2)


def with_steps(step):
    """Return a gradient by central differences, with a step for each entry: a function of it."""

    def gradient(f, A):
        result = np.zeros(A.shape)
        for index in np.ndindex(A.shape):
            h = np.zeros(A.shape)
            h[index] = step(A[index])
            result[index] = (f(A + h) - f(A - h)) / (2 * h[index])
        return result

    return gradient


def polynomial(x, k):
    return np.sum(k * x ** np.arange(len(k)))


exercises = Exercises(
    Exercise("smaller-is-not-better", answer=2, wrong={"line-1-taylor": 1, "line-3-follows": 3}),
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
    Counterexample(
        "step-of-one",
        f=polynomial,
        claim=lambda x, k: (polynomial(x + 1, k) - polynomial(x - 1, k)) / 2,
        answer=[np.array(2.0), np.array([0.0, 0, 0, 1])],
        wrong={"degree-two-is-exact": [np.array(2.0), np.array([1.0, 2, 3])]},
        holds={"degree-two-is-exact": lambda x, k: not k[3:].any()},
    ),
    Exercise(
        "recipe-in-any-unit",
        answer=gradient_in_one_unit,
        inputs=in_one_unit,
        wrong={
            "step-knows-no-unit": with_steps(lambda entry: 1e-5),
            "largest-of-two-steps": with_steps(lambda entry: 1e-5 * max(1, entry)),
            "sign": lambda f, A: -gradient_in_one_unit(f, A),
            "divide-by-2h": lambda f, A: 2 * gradient_in_one_unit(f, A),
        },
    ),
    Exercise(
        "five-verdicts",
        answer=["undecided", "right", "right", "wrong", "wrong"],
        wrong={
            "slope-left-and-right": {"a": "right"},
            "not-refuted": {"a": "wrong"},
            "true-at-this-point": {"c": "wrong"},
            "shape-comes-first": {"d": "right"},
            "no-doubt-in-shape": {"d": "undecided"},
            "many-error-bars": {"e": "right"},
            "bar-is-small": {"e": "undecided"},
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
)
