"""Exercises: curvature, step sizes, Newton and Gauss-Newton."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.inputs import matrix, positive_definite, vector, weights
from mathutils.course.kinds import Counterexample, Derivation


def residuals(x):
    return np.array([x[0] ** 2 - 1, x[0] * x[1]])


def jacobian(x):
    return np.array([[2 * x[0], 0], [x[1], x[0]]])


def bent(x, A, y):
    """Return tanh(Ax), what it lacks to y, and the slopes of tanh."""
    h = np.tanh(A @ x)
    return h, h - y, 1 - h**2


exercises = Exercises(
    Exercise(
        "ends-of-curvature",
        answer=[-3, 2],
        wrong={
            "greatest-first": [2, -3],
            "diagonal-entries": [-2, 1],
            "half-the-hessian": [-1.5, 1],
        },
    ),
    Exercise(
        "two-step-sizes",
        answer=[1 / 2, 1 / 3],
        wrong={
            "one-over-largest": {"a": 1 / 4},
            "smallest-instead": {"a": 1},
            "diagonal-instead": {"a": 2 / 3},
            "one-over-sum": {"b": 1 / 6},
            "only-steepest": {"b": 1 / 4},
        },
    ),
    Exercise(
        "heron",
        answer=lambda x, a: (x + a / x) / 2,
        inputs=lambda rng, m, n: tuple(rng.uniform(0.5, 3, size=2)),
        wrong={
            "step-not-place": lambda x, a: (a / x - x) / 2,
            "uphill-step": lambda x, a: x + (x**2 - a) / (2 * x),
            "second-derivative-missing": lambda x, a: x - (x**2 - a),
            "root-of-f": lambda x, a: x - (x**3 / 3 - a * x) / (x**2 - a),
        },
    ),
    Counterexample(
        "not-the-hessian",
        f=lambda x: jacobian(x).T @ residuals(x),
        claim=lambda x: jacobian(x).T @ jacobian(x),
        answer=[np.array([2.0, 1.0])],
        wrong={"no-residual": [np.array([1.0, 0.0])]},
        holds={"no-residual": lambda x: not residuals(x).any()},
    ),
    Exercise(
        "softmax-times-vector",
        answer=lambda s, v: s * (v - s @ v),
        inputs=lambda rng, m, n: (weights(rng, n), vector(rng, n)),
        wrong={
            "own-change-alone": lambda s, v: s * v,
            "mean-not-weighted": lambda s, v: s * (v - np.mean(v)),
            "mean-lacks-factor": lambda s, v: s * v - s @ v,
            "mean-added": lambda s, v: s * (v + s @ v),
        },
    ),
    Exercise(
        "matrix-with-ruler",
        answer=lambda G, M: np.linalg.solve(M, G),
        inputs=lambda rng, m, n: (matrix(rng, m, n), positive_definite(rng, m)),
        wrong={
            "ruler-multiplied": lambda G, M: M @ G,
            "same-as-before": lambda G, M: G,
            "gradient-transposed": lambda G, M: np.linalg.solve(M, G).T,
        },
    ),
    Derivation(
        "tanh-line-by-line",
        f=lambda x, A, y: np.sum((np.tanh(A @ x) - y) ** 2) / 2,
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n), vector(rng, m)),
        lines=("line-with-dh", "line-vector-dx", "line-gradient"),
        answer=[
            lambda x, A, y, dx: bent(x, A, y)[1] @ (bent(x, A, y)[2] * (A @ dx)),
            lambda x, A, y, dx: ((bent(x, A, y)[1] * bent(x, A, y)[2]) @ A) @ dx,
            lambda x, A, y: A.T @ (bent(x, A, y)[1] * bent(x, A, y)[2]),
        ],
        wrong={
            "tanh-missing": lambda x, A, y: A.T @ bent(x, A, y)[1],
            "factor-2-too-many": lambda x, A, y: 2 * A.T @ (bent(x, A, y)[1] * bent(x, A, y)[2]),
        },
    ),
)
