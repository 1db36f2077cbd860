"""Exercises of chapter 04, the linear and the quadratic form."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule


def three_vectors(rng, m, n):
    return tuple(rng.normal(size=(3, n)))


exercises = Exercises(
    Exercise(
        answer=[np.array([[2, -3], [-3, 5]]), np.array([4, -1]), np.array([-4, 13])],
        wrong={
            "(a) the coefficient of the mixed term is counted twice: it is a sum of two entries": [
                np.array([[2, -6], [-6, 5]]),
                None,
                None,
            ],
            "(a) the form is right, but all of the mixed term stands above the diagonal": [
                np.array([[2, -6], [0, 5]]),
                None,
                None,
            ],
            "(a) the form is right, but all of the mixed term stands below the diagonal": [
                np.array([[2, 0], [-6, 5]]),
                None,
                None,
            ],
            "(c) the linear form has a gradient, too": [None, None, np.array([-8, 14])],
            "(c) a factor 2 is missing in the gradient of the quadratic form": [
                None,
                None,
                np.array([0, 6]),
            ],
        },
        hints=(
            "The squares come from the diagonal of $S$, the mixed term from the other two.",
            "$\\mathbf x^{\\top}S\\mathbf x = s_{11}x_1^2 + (s_{12} + s_{21})\\,x_1x_2 + "
            "s_{22}x_2^2$, and $S$ is symmetric if $s_{12} = s_{21}$.",
            "For a symmetric $S$ the gradient is $2S\\mathbf x + \\mathbf w$.",
        ),
    ),
    Exercise(
        answer=[4.0, -4.0, 0.0],
        wrong={
            "(a) mind the sign: is A with this k its own transpose?": [-4.0, None, None],
            "(b) with k = 0 the mixed term does not vanish: the entry 4 is left": [
                None,
                0.0,
                None,
            ],
            "(b) mind the sign: with this k the two mixed terms add up": [None, 4.0, None],
            "(c) this is only one of the two mixed terms": [
                None,
                None,
                105.0,
            ],
            "(c) mind the sign of the entry below the diagonal": [None, None, 210.0],
        },
        hints=(
            "(a) When are $2A\\mathbf x$ and $(A + A^{\\top})\\,\\mathbf x$ the same for every "
            "$\\mathbf x$?",
            "(b) Write the form out: how large is the coefficient of $x_1x_2$? (c) Write it out "
            "as well, all four terms.",
        ),
    ),
    Exercise(
        f=lambda x, u, v: (u @ x) * (v @ x),
        inputs=three_vectors,
        wrong={
            "the second factor was held fixed all the time: the product rule has two terms": (
                lambda x, u, v: u * (v @ x)
            ),
            "the first factor was held fixed all the time: the product rule has two terms": (
                lambda x, u, v: v * (u @ x)
            ),
            "the two terms of the product rule differ: here the one with u was taken twice": (
                lambda x, u, v: 2 * u * (v @ x)
            ),
            "the two terms of the product rule differ: here the one with v was taken twice": (
                lambda x, u, v: 2 * v * (u @ x)
            ),
            "each vector stands beside the wrong number: which factor is held fixed?": (
                lambda x, u, v: u * (u @ x) + v * (v @ x)
            ),
            "the factors are mixed up: (u · x)(v · x) is not (u · v)(x · x)": (
                lambda x, u, v: 2 * (u @ v) * x
            ),
        },
        hints=(
            "Both factors are linear forms, and numbers. The product rule holds one of them fixed "
            "at a time.",
            "With $c = \\mathbf v^{\\top}\\mathbf x$ held fixed, what is the gradient of "
            "$c\\,\\mathbf u^{\\top}\\mathbf x$? Then the other way round.",
        ),
    ),
    Exercise.of(
        rule("weighted-residual"),
        hints=(
            "Multiply it out, as for $\\lVert A\\mathbf x - \\mathbf b\\rVert^2$. The matrix "
            "between the two $\\mathbf x$ is now $A^{\\top}WA$.",
            "The two middle terms are $\\mathbf b^{\\top}WA\\mathbf x$ and "
            "$\\mathbf x^{\\top}A^{\\top}W\\mathbf b$. Are they equal? Rule 1 for each.",
            "At the end take out $A^{\\top}$ on the left: what stands between it and "
            "$A\\mathbf x - \\mathbf b$?",
        ),
    ),
    Exercise(
        answer=[(5,), (2, 5), (3,), (6, 6)],
        wrong={
            "(a) this has the shape of b: but x moves": [(2,), None, None, None],
            "(a) that is the row of the numerator layout; here it is the shape of the input": [
                (1, 5),
                None,
                None,
                None,
            ],
            "(b) that is the numerator layout; here it is the shape of the input": [
                None,
                (5, 2),
                None,
                None,
            ],
            "(c) this has the shape of Ax − b: but x moves": [None, None, (7,), None],
            "(c) this has the shape of A: but x moves": [None, None, (7, 3), None],
            "(d) this is the shape of the first product, BC": [None, None, None, (2, 2)],
            "(d) this is the shape of C itself": [None, None, None, (6, 2)],
        },
        hints=(
            "The gradient of a number has the shape of that by which one differentiates.",
            "(a) $A\\mathbf x$ must exist: how many entries has $\\mathbf x$? (d) $BC$ must be "
            "square: which shape has $C$?",
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "line 1 is right: a 1 × 1 matrix has one diagonal entry": 1,
            "line 2 is right: the last factor has gone to the front": 2,
            "line 4 is wrong, but it is not the first that is": 4,
        },
        hints=(
            "Which of the swaps puts the last factor in front, or the first one behind, and which "
            "does something else?",
            "Put in numbers: $n = 2$, $\\mathbf x = (1, 0)$, and an $A$ whose only entry that is "
            "not zero is $a_{22}$. Which is the first line that changes the value?",
        ),
    ),
)
