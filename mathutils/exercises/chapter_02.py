"""Exercises of chapter 02, the gradient."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule


def point(rng, m, n):
    return (rng.normal(size=3),)


exercises = Exercises(
    Exercise(
        f=lambda p: p[0] ** 2 * p[1] + np.sin(p[2]),
        inputs=point,
        wrong={
            "the term x²y depends on y as well: it counts in two entries": lambda p: np.array(
                [2 * p[0] * p[1], 0, np.cos(p[2])]
            ),
            "the derivative of sin is not −cos: that is the other way round": lambda p: np.array(
                [2 * p[0] * p[1], p[0] ** 2, -np.cos(p[2])]
            ),
            "the terms are added up: keep the three partial derivatives apart": lambda p: (
                2 * p[0] * p[1] + p[0] ** 2 + np.cos(p[2])
            ),
        },
        hints=(
            "Three inputs, so three entries. For each, hold the other two letters fixed.",
            "As a function of $y$ alone, $x^2y$ is a constant times $y$. As a function of $z$ "
            r"alone, only $\sin z$ moves.",
        ),
    ),
    Exercise.of(
        rule("norm-squared"),
        hints=(
            r"Only one term of $x_1^2 + \dots + x_n^2$ contains $x_i$.",
            "What is the derivative of $x_i^2$ by $x_i$? Now collect these for all $i$, and write "
            "the vector without indices.",
        ),
    ),
    Exercise(
        answer=11.0,
        wrong={
            "the gradient at (5, 1) is (0, −10), not (0, 10): mind the sign": 9.0,
            "this is the exact value; the formula of first order leaves out the rest": 11.03,
            "this is the change alone; add the value at (5, 1)": 1.0,
        },
        hints=(
            "You need $f(5, 1)$, the gradient there, and the step $(0.1, -0.1)$.",
            r"The gradient is $(4 \cdot 5 + 6 \cdot 1 - 26,\; 6 \cdot 5 + 14 \cdot 1 - 54)$.",
        ),
    ),
    Exercise(
        answer=2,
        wrong={
            "line 1 is right: put (2, 3) into the gradient": 1,
            "line 3 would follow, if line 2 were right": 3,
        },
        hints=(
            "Taylor's formula has an error. What does the formula say where the gradient is zero?",
            "Compute $f(2 + h, 3)$. Is it 0 for every small $h$?",
        ),
    ),
    Exercise(
        answer=[(4,), (3,), (3, 4), (1, 4)],
        wrong={
            "(a) is the shape of Ax: the gradient has the shape of x": [(3,), None, None, None],
            "(a) is a column as a matrix: in code x has one axis, and so has its gradient": [
                *((4, 1), None, None, None)
            ],
            "(a) is the shape of a Jacobian, that of Ax − b; but f is a number": [
                *((3, 4), None, None, None)
            ],
            "(b) is the shape of the Jacobian of Ax − b by b; but f is a number": [
                *(None, (3, 3), None, None)
            ],
            "(b) is the shape of x: how many entries has b?": [None, (4,), None, None],
            "(c) is transposed, which is the numerator layout": [None, None, (4, 3), None],
            "(d) is a column: the numerator layout writes it as a row": [None, None, None, (4, 1)],
            "(d) is in our convention": [None, None, None, (4,)],
        },
        hints=(
            "One number comes out of f, whatever it is differentiated by.",
            r"$A\mathbf x - \mathbf b$ must exist: how many entries have $\mathbf x$ and "
            r"$\mathbf b$?",
            "The numerator layout has a row for each output, and a column for each input.",
        ),
    ),
)
