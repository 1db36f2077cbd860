"""Exercises of chapter 08, det and log det."""

import numpy as np
from numpy.linalg import det, inv, slogdet

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule


def free_entries(rng, m, n):
    p, r = rng.uniform(1, 2, size=2)
    return (np.array([p, rng.uniform(-0.9, 0.9), r]),)


def only(letter, answer):
    """Return a wrong answer to exercise 2, with None for all parts but one."""
    return [answer if part == letter else None for part in "abcdefg"]


exercises = Exercises(
    Exercise(
        answer=np.array([[-18.0, -6, 15], [-4, 2, -5], [8, -4, -5]]),
        wrong={
            "this is the adjugate, the transpose: each cofactor belongs where its entry stands": (
                np.array([[-18.0, -4, 8], [-6, 2, -4], [15, -5, -5]])
            ),
            "these are the minors: the signs of the chessboard are missing": np.array(
                [[-18.0, 6, 15], [4, 2, 5], [8, 4, -5]]
            ),
            "this is divided by the determinant, as for the logarithm": (
                np.array([[-18.0, -6, 15], [-4, 2, -5], [8, -4, -5]]) / -30
            ),
        },
        hints=(
            "It is the cofactor matrix. For each entry, cross out its row and its column.",
            "Nine determinants of $2 \\times 2$ matrices, and a minus sign in four of the places. "
            "To see whether you are right, add up entry times cofactor in two different rows.",
        ),
    ),
    Exercise(
        answer=[32.0, 8.0, 1.0, (5, 2), (2, 2), (4, 3), (3, 4)],
        wrong={
            "(a) doubling one row doubles the determinant, but 2X doubles every row": (
                only("a", 8.0)
            ),
            "(b) the inner derivative is not all: the cofactors of 2X are larger too": (
                only("b", 2.0)
            ),
            "(b) the cofactors of 2X are right, but the inner derivative is missing": (
                only("b", 4.0)
            ),
            "(c) the logarithm turns a factor into a summand": only("c", 2.0),
            "(c) that is for det, without the logarithm": only("c", 8.0),
            "(d) that is the shape of the product; by what is it differentiated?": (
                only("d", (2, 2))
            ),
            "(d) that is the numerator layout; here the shape of the input counts": (
                only("d", (2, 5))
            ),
            "(e) that is the shape of X; which matrix has the determinant and the cofactors?": (
                only("e", (4, 3))
            ),
            "(f) that is the shape of the product; by what is it differentiated?": (
                only("f", (2, 2))
            ),
            "(f) that is the numerator layout; here the shape of the input counts": (
                only("f", (3, 4))
            ),
            "(g) that is the layout of this book; the other one transposes": only("g", (4, 3)),
        },
        hints=(
            "The determinant is linear in each row. How many rows has $2X$ doubled?",
            "Write $\\det(2X)$ as a number times $\\det X$, then take the gradient, or the "
            "logarithm and the gradient.",
            "For (d) and (f): a number comes out, so the gradient has the shape of what goes in. "
            "For (e): a cofactor belongs to an entry of the matrix whose determinant is taken.",
        ),
    ),
    Exercise.of(
        rule("determinant-square"),
        wrong={
            "this is a number: the gradient has the shape of X": lambda X: 2 * det(X),
            "this is the gradient of log(det(X)²)": lambda X: 2 * inv(X).T,
            "this is the square of the gradient of det, entry by entry": lambda X: (
                (det(X) * inv(X).T) ** 2
            ),
        },
        hints=(
            "With $t = \\det X$: what is the derivative of $t^2$ by $t$, and that of $t$ by "
            "$x_{ij}$?",
            "The derivative by $x_{ij}$ is $2 \\det(X)\\, C_{ij}$. How is $C$ written with the "
            "inverse?",
        ),
    ),
    Exercise.of(
        rule("log-det-gram"),
        letters={"X": "A"},
        hints=(
            "The gradient has the shape of $A$, $m \\times n$. With $M = A^{\\top}A$, which is "
            "symmetric, $m_{kl}$ moves $\\log\\det M$ at the rate $(M^{-1})_{kl}$.",
            "$m_{kl} = \\sum_p a_{pk}\\, a_{pl}$ contains $a_{ij}$ if $k = j$, and if $l = j$. "
            "At which rates does it move?",
            "$$\\frac{\\partial f}{\\partial a_{ij}} = \\sum_{l} (M^{-1})_{jl}\\, a_{il} + "
            "\\sum_{k} (M^{-1})_{kj}\\, a_{ik}$$",
        ),
    ),
    Exercise.of(
        rule("log-abs-det"),
        wrong={
            "this is the function as it was": lambda X: slogdet(X).sign * inv(X),
            "one mistake is gone; the other shows where X is not symmetric": inv,
            "one mistake is gone; the other shows where the determinant is negative": lambda X: (
                slogdet(X).sign * inv(X).T
            ),
            "this is the gradient of det": lambda X: det(X) * inv(X).T,
            "right only if X is symmetric": None,
        },
        letters={"A": "X"},
        hints=(
            "What do covariance matrices have in common that other matrices do not?",
            "They are symmetric, and their determinant is positive. What is the derivative of "
            "$\\log|t|$ for negative $t$?",
        ),
    ),
    Exercise.of(
        rule("log-det-symmetric"),
        wrong={
            "this is the gradient of det, without the logarithm": lambda v: np.array(
                [v[2], -2 * v[1], v[0]]
            ),
            "three numbers go in, so the gradient is a vector of three": lambda v: (
                np.array([[v[2], -v[1]], [-v[1], v[0]]]) / (v[0] * v[2] - v[1] ** 2)
            ),
            "the entries are in the wrong places: by p, look at what p is multiplied with": (
                lambda v: np.array([v[0], -2 * v[1], v[2]]) / (v[0] * v[2] - v[1] ** 2)
            ),
        },
        inputs=free_entries,
        hints=(
            "Write out $\\det S$ in the three letters first.",
            "$\\det S = pr - q^2$. Its derivative by $q$ is not $-q$.",
        ),
    ),
)
