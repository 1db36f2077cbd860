"""Exercises: the Jacobian."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises


def point(rng, m, n):
    return (rng.normal(size=3),)


def by_output(x, A):
    """The gradient of each entry of tanh(Ax), a row for each."""
    return np.array([rule("layer-input").derivative(x, A, w) for w in np.eye(len(A))])


exercises = Exercises(
    Exercise(
        "jacobian-in-space",
        f=lambda p: np.array([p[0] * p[1] * p[2], p[0] + p[2] ** 2]),
        inputs=point,
        wrong={
            "denominator-layout": lambda p: np.array(
                [[p[1] * p[2], 1], [p[0] * p[2], 0], [p[0] * p[1], 2 * p[2]]]
            ),
            "no-y-in-output": lambda p: np.array(
                [[p[1] * p[2], p[0] * p[2], p[0] * p[1]], [1, 1, 2 * p[2]]]
            ),
            "x-by-x": lambda p: np.array(
                [[p[1] * p[2], p[0] * p[2], p[0] * p[1]], [p[0], 0, 2 * p[2]]]
            ),
            "outputs-added": lambda p: np.array(
                [p[1] * p[2] + 1, p[0] * p[2], p[0] * p[1] + 2 * p[2]]
            ),
        },
    ),
    Exercise.of(
        "length-times-vector",
        rule("scaled-vector"),
        wrong={
            "one-term-lacks-2": lambda x: np.outer(x, x) + (x @ x) * np.eye(len(x)),
            "diagonal-only": lambda x: 2 * np.outer(x, x) + x @ x,
            "of-factor-alone": lambda x: 2 * x,
        },
    ),
    Exercise(
        "chain-of-shapes",
        answer=[(4, 3), (5, 3), (4, 5), (4, 3), (5, 3), (5,)],
        wrong={
            "part-denominator-layout": {"a": (3, 4), "c": (5, 4)},
            "part-our-convention": {"b": (3, 5)},
            "inner-first": {"d": (3, 5)},
            "outer-first": {"e": (3, 4)},
            "neither-row-nor-column": {"f": (1, 5)},
            "one-axis-only": {"f": (5, 1)},
            "number-comes-out": {"f": (4, 5)},
        },
    ),
    Exercise(
        "which-layout",
        answer=["numerator", "denominator", "mixed", "numerator"],
        wrong={
            "row-or-column": {"a": "denominator"},
            "which-function-first": {"b": "numerator"},
            "first-formula-misfit": {"c": "numerator"},
            "second-formula-misfit": {"c": "denominator"},
            "shape-before-column": {"d": "denominator"},
        },
    ),
    Exercise(
        "layouts-in-a-chain",
        answer=3,
        wrong={"line-1-column": 1, "line-2-row-each": 2, "line-4-mends": 4},
    ),
    Exercise.of(
        "layer-by-input",
        rule("layer-input"),
        wrong={
            "tanh-squared-missing": lambda x, A, w: A.T @ ((1 - np.tanh(A @ x)) * w),
            "weights-missing": lambda x, A, w: sum(by_output(x, A)),
            "stops-before-w": lambda x, A, w: by_output(x, A),
        },
        letters="x A a",
    ),
)
