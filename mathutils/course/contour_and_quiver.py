"""Exercises: reading gradient arrows, slopes in a direction."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample


def bowl(p):
    x, y = p
    return 2 * x**2 + 6 * x * y + 7 * y**2 - 26 * x - 54 * y + 107


def bowl_gradient(p):
    x, y = p
    return np.array([4 * x + 6 * y - 26, 6 * x + 14 * y - 54])


def on_the_way(t, v):
    return np.array([5, 1]) + t * v / np.linalg.norm(v)


exercises = Exercises(
    Exercise(
        "signs-at-the-origin",
        answer=[-1, -1],
        wrong={"downhill": [1, 1], "entries-not-signs": [-26, -54]},
    ),
    Exercise(
        "slope-along-3-4",
        answer=-36.8,
        wrong={
            "divide-by-length": -184.0,
            "rise-or-fall": 36.8,
            "steepest-slope": np.hypot(16, 34),
            "gradient-not-slope": np.array([-16, -34]),
        },
    ),
    Counterexample(
        "slope-of-any-length",
        f=lambda t, v: bowl(on_the_way(t, v)),
        claim=lambda t, v: bowl_gradient(on_the_way(t, v)) @ v,
        answer=[0.0, np.array([0.0, 2])],
        wrong={
            "its-length-is-1": [0.0, np.array([0.6, 0.8])],
            "across-the-gradient": [0.0, np.array([3.0, 0])],
        },
        holds={
            "its-length-is-1": lambda t, v: np.isclose(np.linalg.norm(v), 1),
            "across-the-gradient": lambda t, v: np.isclose(bowl_gradient(on_the_way(t, v)) @ v, 0),
        },
    ),
    Exercise(
        "gradient-of-a-saddle",
        f=lambda p: p[0] ** 2 - p[1] ** 2,
        inputs=lambda rng, m, n: (rng.normal(size=2),),
        wrong={
            "minus-in-front": lambda p: 2 * p,
            "entries-exchanged": lambda p: np.array([-2 * p[1], 2 * p[0]]),
            "keep-two-apart": lambda p: 2 * p[0] - 2 * p[1],
        },
    ),
    Exercise(
        "where-arrows-live",
        answer=(2,),
        wrong={"point-of-the-plane": (3,), "shape-of-f": (), "vector-has-one-axis": (2, 1)},
    ),
    Exercise(
        "half-the-slope",
        answer=60,
        wrong={
            "half-the-angle": 45,
            "sine-not-cosine": 30,
            "zero-at-90": 90,
            "in-degrees": np.pi / 3,
        },
    ),
    Exercise(
        "slope-of-a-level-curve",
        answer=lambda a, b: -a / b,
        inputs=lambda rng, m, n: tuple(rng.normal(size=2)),
        wrong={
            "terms-add-to-zero": lambda a, b: a / b,
            "upside-down": lambda a, b: -b / a,
            "across-the-curve": lambda a, b: b / a,
        },
    ),
)
