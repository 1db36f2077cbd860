"""Exercises: derivatives of one number, shapes, layouts, verdicts."""

import numpy as np

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Counterexample

exercises = Exercises(
    Exercise(
        "square-of-a-sum",
        f=lambda t: (3 * t + 1) ** 2,
        inputs=lambda rng, m, n: (rng.normal(),),
        wrong={
            "inner-of-3t-missing": lambda t: 2 * (3 * t + 1),
            "inside-is-gone": lambda t: 6 * t,
            "inner-twice": lambda t: 18 * (3 * t + 1),
        },
    ),
    Exercise("verdict-at-one-point", answer=3, wrong={"passes-at-2": 6, "value-not-slope": 1}),
    Counterexample(
        "inner-forgotten",
        f=lambda t, a: (a * t + 1) ** 2,
        claim=lambda t, a: 2 * (a * t + 1),
        answer=[1.0, 2.0],
        wrong={"inner-is-one": [0.5, 1.0], "inside-is-zero": [-0.5, 2.0]},
        holds={
            "inner-is-one": lambda t, a: np.isclose(a, 1),
            "inside-is-zero": lambda t, a: np.isclose(a * t, -1),
        },
    ),
    Exercise(
        "layouts-of-a-map",
        answer=[(4, 2), (2, 4)],
        wrong={
            "layouts-exchanged": [(2, 4), (4, 2)],
            "input-shape-only": {"a": (2,)},
            "output-shape-only": {"a": (4,)},
            "both-our-convention": [(4, 2), (4, 2)],
            "both-denominator-layout": [(2, 4), (2, 4)],
        },
    ),
    Exercise.of("jacobian-of-a-map", rule("linear-map"), letters="x B"),
    Exercise(
        "one-over-t",
        f=lambda t: 1 / t,
        inputs=lambda rng, m, n: (rng.choice([-1, 1]) * rng.uniform(0.5, 2),),
        wrong={
            "falls": lambda t: 1 / t**2,
            "one-power-too-few": lambda t: -1 / t,
            "fraction-by-parts": lambda t: 0.0,
        },
    ),
)
