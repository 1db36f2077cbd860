"""Exercises: eigenvalues, singular values, and solutions of equations."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.factors import eigentriple, first, last, triples
from mathutils.course.inputs import tall
from mathutils.course.kinds import Counterexample, Derivation


def root(p, q):
    """Return the real solution of x³ + px = q, for positive p."""
    solutions = np.roots([1, 0, p, -q])
    return solutions[np.argmin(abs(solutions.imag))].real


def root_and_p(rng, m, n):
    p = rng.uniform(0.5, 2)
    return root(p, rng.normal()), p


def right_outer(A):
    """Return v vᵀ for the right eigenvector of the largest eigenvalue."""
    v = eigentriple(A)[2]
    return np.outer(v, v)


def fit(X, y):
    """Return the best w, and what it leaves of y."""
    w = np.linalg.pinv(X) @ y
    return w, y - X @ w


exercises = Exercises(
    Exercise(
        "eigenvalues-of-a-change",
        answer=[0.1, -0.2],
        wrong={
            "eigenvalues-of-dS": [-0.5720153, 0.4720153],
            "new-eigenvalues": [1.1, 2.8],
            "eigenvalues-exchanged": [-0.2, 0.1],
            "rows-added": [0.6, 0.3],
        },
    ),
    Counterexample(
        "left-and-right",
        f=lambda A: np.linalg.eigvals(A).real.max(),
        claim=right_outer,
        answer=[np.array([[1.0, 2.0], [0.0, 3.0]])],
        wrong={"A-is-symmetric": [np.array([[1.0, 2.0], [2.0, 3.0]])]},
        holds={"A-is-symmetric": lambda A: np.array_equal(A, A.T)},
    ),
    Exercise.of(
        "rayleigh",
        rule("rayleigh-quotient"),
        wrong={
            "numerator-over-denominator": lambda x, S: S @ x / x,
        },
    ),
    Exercise(
        "smallest-singular-value",
        f=lambda X: np.linalg.norm(X, -2),
        inputs=lambda rng, m, n: (tall(rng, m + n, n),),
        wrong={
            "belongs-to-largest": first,
            "part-of-smallest": lambda X: triples(X)[1][-1] * last(X),
            "transposed-shape": lambda X: last(X).T,
            "row-of-X": lambda X: np.outer(triples(X)[0][:, -1], triples(X)[2][-1]),
        },
    ),
    Exercise(
        "cubic-root",
        answer=lambda x, p: -x / (3 * x**2 + p),
        inputs=root_and_p,
        wrong={
            "x-held-fixed": lambda x, p: -x / p,
            "goes-to-other-side": lambda x, p: x / (3 * x**2 + p),
            "derivative-by-q": lambda x, p: 1 / (3 * x**2 + p),
            "not-the-solution": lambda x, p: x,
        },
    ),
    Exercise.of("diagonal-backwards", rule("adjoint-diagonal")),
    Derivation(
        "best-fit-line-by-line",
        f=rule("best-fit").f,
        inputs=rule("best-fit").inputs,
        lines=("line-without-dw", "line-gradient"),
        answer=[
            lambda X, y, dX: -2 * fit(X, y)[1] @ dX @ fit(X, y)[0],
            lambda X, y: -2 * np.outer(fit(X, y)[1], fit(X, y)[0]),
        ],
        wrong={
            "sign": lambda X, y: 2 * np.outer(fit(X, y)[1], fit(X, y)[0]),
            "target-not-residual": lambda X, y: -2 * np.outer(y, fit(X, y)[0]),
        },
    ),
    Exercise(
        "seconds-of-a-gradient",
        answer=[1001, 2],
        wrong={
            "where-we-are": {"a": 1000},
            "both-sides": {"a": 2000},
            "solution-as-well": {"b": 1},
            "one-solve-for-all": {"b": 1001},
        },
    ),
)
