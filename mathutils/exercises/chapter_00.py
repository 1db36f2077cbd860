"""Exercises of chapter 00: derivatives of one number, shapes, layouts, verdicts."""

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule

exercises = Exercises(
    Exercise(
        f=lambda t: (3 * t + 1) ** 2,
        inputs=lambda rng, m, n: (rng.normal(),),
        wrong={
            "the inner derivative, of 3t + 1, is missing": lambda t: 2 * (3 * t + 1),
            "the square is differentiated, but what is inside is gone": lambda t: 6 * t,
            "the inner derivative is there twice": lambda t: 18 * (3 * t + 1),
        },
        hints=(
            "A square of something: the chain rule, or multiply it out.",
            "$(3t + 1)^2 = 9t^2 + 6t + 1$. Differentiate that, or compare.",
        ),
    ),
    Exercise(
        answer=[(4, 2), (2, 4)],
        wrong={
            "the two layouts are exchanged": [(2, 4), (4, 2)],
            "(a) has the input's shape: that would be right if a number came out": [(2,), None],
            "(a) has the output's shape: the input's is still missing": [(4,), None],
            "(b) is our convention too: the other layout is the transpose": [(4, 2), (4, 2)],
            "(a) is the denominator layout too: ours is output × input": [(2, 4), (2, 4)],
        },
        hints=(
            "How many numbers go in, and how many come out?",
            r"$C\mathbf x$ has four entries, $\mathbf x$ two. Our rule: `f(x).shape + x.shape`.",
            "The other layout is the transpose.",
        ),
    ),
    Exercise(
        answer=["denominator", "A.T"],
        wrong={
            "a number by a vector as a column: look again at the table, first row": [
                "numerator",
                None,
            ],
            "a book that writes w as a column and A mixes the layouts, as we do": [None, "A"],
        },
        hints=(
            "In which layout is the derivative of a number by a vector a column?",
            "Now the row of the table for a vector by a vector, in the same layout.",
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "line 1 is the rule for powers, and right": 1,
            "line 2 is right: put in t = 2": 2,
        },
        hints=(
            "Two of the lines you can verify with pen and paper.",
            "What does a verdict at one point say about the other points?",
        ),
    ),
    Exercise.of(
        rule("linear-map"),
        hints=(
            r"Write $y_1 = c_{11}x_1 + c_{12}x_2 + \dots$ What is $\partial y_1 / \partial x_2$?",
            "One row for each output, one column for each input: which matrix has "
            "$c_{ij}$ in row $i$ and column $j$?",
        ),
    ),
    Exercise(
        f=lambda t: 1 / t,
        inputs=lambda rng, m, n: (rng.choice([-1, 1]) * rng.uniform(0.5, 2),),
        wrong={
            "the sign is missing: 1/t falls": lambda t: 1 / t**2,
            "one power too few: t (t + h) becomes t² as h goes to 0": lambda t: -1 / t,
            "0/1 takes numerator and denominator each for itself": lambda t: 0.0,
        },
        hints=(
            r"$\dfrac{1}{t + h} - \dfrac1t = \dfrac{t - (t + h)}{t\,(t + h)}$. What is left of "
            "the numerator?",
            "First divide by $h$. Only then let $h$ go to zero.",
        ),
    ),
)
