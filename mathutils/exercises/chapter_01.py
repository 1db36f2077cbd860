"""Exercises of chapter 01: what goes in, what comes out, and the shape of the derivative."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule

exercises = Exercises(
    Exercise(
        answer=[(4,), (3, 3), (2, 4), (4, 4, 2, 4), (2, 3)],
        wrong={
            "(b): a vector comes out, so the input's shape alone is not enough": [
                *(None, (3,), None, None, None)
            ],
            "(d): a matrix comes out, so the input's shape alone is not enough": [
                *(None, None, None, (2, 4), None)
            ],
            "(d): right numbers, but as one big matrix; here each index keeps its place": [
                *(None, None, None, (16, 8), None)
            ],
            "(d): output first, then input": [None, None, None, (2, 4, 4, 4), None],
            "(e): a number goes in, but what comes out?": [None, None, None, None, ()],
        },
        hints=(
            "For each: what is the shape of the output, and what is the shape of the input?",
            "Write the output's shape first, then the input's, as one tuple. A number has `()`.",
            r"$X^{\top}X$ is $4 \times 4$, and $t^2A$ has the shape of $A$.",
        ),
    ),
    Exercise(
        f=lambda p: p[0] * p[1] ** 2 + p[2],
        inputs=lambda rng, m, n: (rng.normal(size=3),),
        wrong={
            "the entry of y: x is held fixed there, but it does not vanish": lambda p: np.array(
                [p[1] ** 2, 2 * p[1], 1]
            ),
            "the entry of z: what is the derivative of z by z?": lambda p: np.array(
                [p[1] ** 2, 2 * p[0] * p[1], p[2]]
            ),
            "the partial derivatives are added up: keep them apart": lambda p: (
                p[1] ** 2 + 2 * p[0] * p[1] + 1
            ),
        },
        hints=(
            "Three inputs, so three entries; in each, hold the other two letters fixed.",
            "As a function of $y$ alone, $xy^2 + z$ is $x$ times $y^2$, plus a constant.",
        ),
    ),
    Exercise.of(
        rule("trace-second-factor"),
        letters={"X": "B", "W": "A"},
        hints=(
            "The gradient by $B$ has the shape of $B$. Which matrices have that shape?",
            r"$\operatorname{tr}(AB) = \sum_i \sum_j a_{ij} b_{ji}$. What stands beside $b_{ji}$?",
            "In row $j$ and column $i$ of the gradient stands $a_{ij}$.",
        ),
    ),
    Exercise(
        answer=[False, False, True, False],
        wrong={
            "(a): 2A is 2×3, but a number comes out and a vector goes in": [
                True,
                None,
                None,
                None,
            ],
            "(b): 2Ax has the shape of the output of Ax, not of x": [None, True, None, None],
            "(d): A Aᵀ is 2×2 and cannot multiply x, which has 3 entries": [
                None,
                None,
                None,
                True,
            ],
            "(c): look at the shapes again: 3×2 times 2×3 times 3": [None, None, False, None],
        },
        hints=(
            r"A number comes out, and $\mathbf x$ of shape `(3,)` goes in: what shape is wanted?",
            r"$A^{\top}$ is $3 \times 2$. Follow the shapes through each product from the right.",
        ),
    ),
    Exercise(
        f=lambda t, A: t**2 * A,
        inputs=lambda rng, m, n: (rng.normal(), rng.normal(size=(m, n))),
        wrong={
            "the factor t is lost": lambda t, A: 2 * A,
            "this is a number: a matrix comes out, so the derivative is a matrix": lambda t, A: (
                2 * t * np.sum(A)
            ),
            "A is held fixed, but it does not vanish": lambda t, A: 2 * t,
        },
        hints=(
            "A matrix comes out: differentiate entry by entry.",
            "Entry $(i, j)$ is $t^2 a_{ij}$, and $a_{ij}$ is a constant.",
        ),
    ),
)
