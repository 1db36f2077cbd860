"""Exercises: derivatives of one number, shapes, layouts, verdicts."""

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises

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
    Exercise(
        "verdict-at-one-point", answer=3, wrong={"line-1-power-rule": 1, "line-2-put-in-2": 2}
    ),
    Exercise.of("jacobian-of-a-map", rule("linear-map")),
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
