"""Exercises of chapter 14: what the notes get wrong."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule

exercises = Exercises(
    Exercise(
        answer=[True, False, True, False, True],
        wrong={
            "(b): think of a function with a vector as its output": [None, True, None, None, None],
            "(c): the formula with the inverse fails there; does det?": [
                *(None, None, False, None, None)
            ],
            "(d): remember Peano's function": [None, None, None, True, None],
            "(e): that layout is the transpose of ours": [None, None, None, None, False],
        },
        hints=(
            "For each claim, look for one example against it.",
            "(b) chapter 01, (c) chapter 08, (d) chapter 06, (e) chapter 05.",
        ),
    ),
    Exercise(
        answer=[(2, 5), (5, 5), (2, 5), (5, 2)],
        wrong={
            "(a): WX would not be square": [(2, 2), None, None, None],
            "(a): W and X cannot be multiplied": [(5, 2), None, None, None],
            "(c): that is the shape of W; the gradient has the shape of X": [
                *(None, None, (5, 2), None)
            ],
            "(d): in numerator layout it is transposed": [None, None, None, (2, 5)],
        },
        hints=(
            "For $WX$ to exist and to be square, how many rows and columns has $X$?",
            "The gradient has the shape of $X$; the numerator layout transposes it.",
        ),
    ),
    Exercise.of(
        rule("log-abs-det"),
        wrong={
            "the derivative of log|t| is 1/t on both sides, without a sign": lambda X: (
                np.sign(np.linalg.det(X)) * np.linalg.inv(X).T
            ),
            "this is the gradient of det": lambda X: np.linalg.det(X) * np.linalg.inv(X).T,
        },
        letters={"A": "X"},
        hints=(
            r"What is the derivative of $\log\lvert t\rvert$ for a negative $t$?",
            r"$\log\lvert t\rvert = \log(-t)$ there. By the chain rule, $(-1) / (-t) = 1/t$. And "
            r"the derivative of $\det X$ by $x_{ij}$?",
        ),
    ),
    Exercise(
        answer=2,
        wrong={
            "line 1 says that both lie on one level curve": 1,
            "line 3 would follow, if line 2 were right": 3,
        },
        hints=(
            r"Which of the lines uses Taylor's formula, and is it $=$ or $\approx$ there?",
            "Try the two points of claim 13.",
        ),
    ),
    Exercise.of(
        rule("log-det-by-number"),
        letters={"A": "X₀", "B": "E"},
        hints=(
            r"$d\log\det X = \operatorname{tr}(X^{-1}dX)$, and here $X$ moves along $E$.",
            r"$dX = E\,dt$.",
        ),
    ),
)
