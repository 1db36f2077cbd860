"""Exercises: reading gradient arrows, slopes in a direction."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises

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
    Exercise(
        "many-points-at-once",
        answer=[(2,), (361,), (2, 361), ()],
        wrong={
            "row-of-p": {"a": (1, 2)},
            "number-for-each-point": {"b": (2, 361)},
            "point-has-column": {"c": (361, 2)},
            "own-gradient-each": {"c": (361, 2, 361)},
            "slope-is-product": {"d": (2,)},
            "number-has-no-axis": {"d": (1,)},
        },
    ),
)
