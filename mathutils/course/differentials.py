"""Exercises: differentials, and gradients read off from them."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample, Derivation


def inv(X):
    return np.linalg.inv(X)


def is_multiple(A):
    return np.allclose(A, A[0, 0] * np.eye(len(A)))


def is_diagonal(A):
    return np.allclose(A, np.diag(np.diag(A)))


def sandwich(rng, m, n):
    shapes = [(m, n), (m + 1, m), (n, 2), (m + 1, 2)]
    return tuple(rng.normal(size=shape) for shape in shapes)


def residual(X, A, B, Y):
    return A @ X @ B - Y


exercises = Exercises(
    Exercise(
        "differential-of-cube",
        answer=lambda X, dX: dX @ X @ X + X @ dX @ X + X @ X @ dX,
        inputs=lambda rng, m, n: (rng.normal(size=(n, n)), rng.normal(size=(n, n))),
        wrong={
            "rule-for-numbers": lambda X, dX: 3 * X @ X @ dX,
            "rule-for-numbers-left": lambda X, dX: 3 * dX @ X @ X,
            "one-place-missing": lambda X, dX: dX @ X @ X + X @ X @ dX,
            "not-entry-by-entry": lambda X, dX: 3 * X**2 * dX,
        },
    ),
    Exercise(
        "shapes-of-differentials",
        answer=[(3, 4), (2, 4), (), (3, 4)],
        wrong={
            "multiplied-with-dX": {"b": (3, 4)},
            "number-has-number": {"c": (3, 4)},
            "gradient-is-not-number": {"d": ()},
            "would-be-numerator": {"d": (4, 3)},
        },
    ),
    Counterexample(
        "inverse-like-a-number",
        f=lambda X, A: np.trace(inv(X) @ A),
        claim=lambda X, A: -(inv(X) @ inv(X) @ A).T,
        answer=[np.array([[1.0, 0], [0, 2]]), np.array([[0.0, 1], [0, 0]])],
        wrong={
            "one-is-a-number": [np.array([[1.0, 2], [3, 4]]), 3 * np.eye(2)],
            "both-diagonal": [np.diag([1.0, 2]), np.diag([3.0, 4])],
            "A-and-X-commute": [np.array([[1.0, 2], [3, 4]]), np.array([[7.0, 10], [15, 22]])],
        },
        holds={
            "one-is-a-number": lambda X, A: is_multiple(X) or is_multiple(A),
            "both-diagonal": lambda X, A: is_diagonal(X) and is_diagonal(A),
            "A-and-X-commute": lambda X, A: np.allclose(A @ X, X @ A),
        },
    ),
    Derivation(
        "sandwich-line-by-line",
        f=lambda X, A, B, Y: np.sum(residual(X, A, B, Y) ** 2),
        inputs=sandwich,
        lines=("line-with-dX", "line-dX-at-end", "line-gradient"),
        answer=[
            lambda X, A, B, Y, dX: 2 * np.trace(residual(X, A, B, Y).T @ A @ dX @ B),
            lambda X, A, B, Y, dX: 2 * np.trace(B @ residual(X, A, B, Y).T @ A @ dX),
            lambda X, A, B, Y: 2 * A.T @ residual(X, A, B, Y) @ B.T,
        ],
        wrong={
            "before-dX": lambda X, A, B, Y: 2 * B @ residual(X, A, B, Y).T @ A,
            "factor-2-missing": lambda X, A, B, Y: A.T @ residual(X, A, B, Y) @ B.T,
            "Y-matters": lambda X, A, B, Y: 2 * A.T @ A @ X @ B @ B.T,
        },
    ),
    Derivation(
        "form-with-inverse",
        f=rule("inverse-form").f,
        inputs=rule("inverse-form").inputs,
        lines=("line-with-dX", "line-dX-at-end", "line-gradient"),
        answer=[
            lambda X, a, b, dX: -a @ inv(X) @ dX @ inv(X) @ b,
            lambda X, a, b, dX: -np.trace(np.outer(inv(X) @ b, a @ inv(X)) @ dX),
            lambda X, a, b: -inv(X).T @ np.outer(a, b) @ inv(X).T,
        ],
        wrong={
            "inverses-side-by-side": lambda X, a, b: -inv(X).T @ inv(X).T @ np.outer(a, b),
            "before-dX": lambda X, a, b: -np.outer(inv(X) @ b, a @ inv(X)),
        },
    ),
    Exercise(
        "layer-by-weights",
        f=lambda W, x: np.sum(np.tanh(W @ x)),
        inputs=lambda rng, m, n: (rng.normal(size=(m, n)), rng.normal(size=n)),
        wrong={
            "tanh-for-derivative": lambda W, x: np.outer(np.tanh(W @ x), x),
            "factor-x-missing": lambda W, x: 1 - np.tanh(W @ x) ** 2,
            "tanh-as-identity": lambda W, x: np.outer(np.ones(len(W)), x),
        },
    ),
    Exercise(
        "symmetric-moves",
        answer=np.array([[3.0, 5], [5, 8]]),
        wrong={
            "for-free-entries": np.array([[3.0, 4], [6, 8]]),
            "a-and-b-exchanged-here": np.array([[3.0, 6], [4, 8]]),
            "mirrored-not-symmetric-part": np.array([[3.0, 10], [10, 8]]),
            "sum-is-twice-too-large": np.array([[6.0, 10], [10, 16]]),
        },
    ),
)
