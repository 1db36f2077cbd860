"""Exercises: rules of the catalogue."""

from mathutils.course import rule
from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.kinds import Deck

exercises = Exercises(
    Exercise.of("trace-with-transpose", rule("trace-three-transposed")),
    Exercise.of("log-det-of-gram-by-differential", rule("log-det-gram")),
    Exercise(
        "which-need-more",
        answer=[False, True, False, True, False],
        wrong={
            "only-product-square": {"a": True},
            "what-at-zero": {"b": False},
            "det-is-polynomial": {"c": True},
            "log-of-negative": {"d": False},
        },
    ),
    Exercise(
        "row-of-the-sheet",
        answer=3,
        wrong={"row-1-scalar-product": 1, "row-2-entry-by-entry": 2, "row-4-other-factor": 4},
    ),
    Exercise.of("hessian-of-log-sum-exp", rule("second-log-sum-exp")),
    Deck.of_rules(
        "card-of-the-sheet",
        "trace-quadratic",
        "squared-residual",
        "trace-inverse",
        "unit-vector",
        "determinant-square",
        "inverse-form",
    ),
)
