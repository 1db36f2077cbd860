"""Exercises: what goes in, what comes out, and the shape of the derivative."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample

exercises = Exercises(
    Exercise(
        "five-shapes",
        answer=[(4,), (3, 3), (2, 4), (4, 4, 2, 4), (2, 3)],
        wrong={
            "vector-comes-out-of": {"b": (3,)},
            "matrix-comes-out-of": {"d": (2, 4)},
            "one-big-matrix": {"d": (16, 8)},
            "output-first": {"d": (2, 4, 4, 4)},
            "what-comes-out": {"e": ()},
        },
    ),
    Exercise.of("trace-by-second-factor", rule("trace-second-factor"), letters="B A"),
    Exercise(
        "velocity-on-stairs",
        f=lambda t: np.array([np.cos(t), np.sin(t), t**2]),
        inputs=lambda rng, m, n: (rng.normal(),),
        wrong={
            "turns-the-other-way": lambda t: np.array([np.sin(t), -np.cos(t), 2 * t]),
            "cosine-falls": lambda t: np.array([np.sin(t), np.cos(t), 2 * t]),
            "height-rises-too": lambda t: np.array([-np.sin(t), np.cos(t)]),
            "speed-not-velocity": lambda t: np.sqrt(1 + 4 * t**2),
        },
    ),
    Exercise(
        "matrix-by-number",
        f=lambda t, A: t**2 * A,
        inputs=lambda rng, m, n: (rng.normal(), rng.normal(size=(m, n))),
        wrong={
            "factor-t-lost": lambda t, A: 2 * A,
            "matrix-not-number": lambda t, A: 2 * t * np.sum(A),
            "A-does-not-vanish": lambda t, A: 2 * t,
        },
    ),
    Counterexample(
        "square-hides-it",
        f=lambda A, B: np.trace(A @ B),
        claim=lambda A, B: B,
        answer=[np.eye(2), np.array([[1.0, 2], [3, 4]])],
        wrong={"B-equals-its-transpose": [np.array([[1.0, 2], [3, 4]]), np.eye(2)]},
        holds={"B-equals-its-transpose": lambda A, B: np.allclose(B, B.T)},
    ),
)
