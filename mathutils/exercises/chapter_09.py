"""Exercises of chapter 09: differentials, and gradients read off from them."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule


def inv(X):
    return np.linalg.inv(X)


exercises = Exercises(
    Exercise(
        answer=[(3, 4), (2, 4), (), (3, 4)],
        wrong={
            "(b): A is multiplied with dX": [None, (3, 4), None, None],
            "(c): f is a number, and so is its differential": [None, None, (3, 4), None],
            "(d): the differential is a number; the gradient is not": [None, None, None, ()],
            "(d): that would be the numerator layout": [None, None, None, (4, 3)],
        },
        hints=(
            "A differential has the shape of the thing that changes.",
            "$dX$ is added to $X$, $d(AX)$ to $AX$, $df$ to the number $f$. And the gradient?",
        ),
    ),
    Exercise(
        answer=lambda X, dX: dX @ X @ X + X @ dX @ X + X @ X @ dX,
        inputs=lambda rng, m, n: (rng.normal(size=(n, n)), rng.normal(size=(n, n))),
        wrong={
            "the rule for numbers: right only if dX commutes with X": lambda X, dX: 3 * X @ X @ dX,
            "the rule for numbers, on the other side: right only if they commute": lambda X, dX: (
                3 * dX @ X @ X
            ),
            "one of the places where dX can stand is missing": lambda X, dX: (
                dX @ X @ X + X @ X @ dX
            ),
            "entry by entry is something else: this power is a matrix product": lambda X, dX: (
                3 * X**2 * dX
            ),
        },
        hints=(
            "Multiply out $(X + dX)(X + dX)(X + dX)$ and keep the order of the factors.",
            "Keep the terms with exactly one $dX$. How many are there?",
        ),
    ),
    Exercise.of(
        rule("inverse-form"),
        wrong={
            "two inverses side by side: the small change stands between them": lambda X, a, b: (
                -inv(X).T @ inv(X).T @ np.outer(a, b)
            ),
        },
        hints=(
            r"Put $d(X^{-1}) = -X^{-1}\,dX\,X^{-1}$ between $\mathbf a^{\top}$ and $\mathbf b$.",
            r"$df = -\mathbf a^{\top}X^{-1}\,dX\,X^{-1}\mathbf b$ is a number, so it is its own "
            "trace. Let everything behind $dX$ go round to the front.",
            r"What now stands before $dX$ is $G^{\top}$: transpose it, factor by factor.",
        ),
    ),
    Exercise.of(
        rule("trace-quadratic"),
        wrong={
            "only the other one of the two X has moved": lambda X, A: A.T @ X,
        },
        hints=(
            "$X$ occurs twice, so the product rule gives two terms.",
            r"The first term has $dX^{\top}$ in it. A trace does not change if you transpose "
            "what is under it.",
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "line 1 is right: the trace and a constant factor let d through": 1,
            "line 2 is the product rule, in the right order": 2,
            "line 4 would follow, if all before it were right": 4,
        },
        hints=(
            "Check each step by itself: which rule does it use, and is the rule allowed here?",
            r"Under a trace the last factor may go to the front. May $A$ and $X$ change places?",
        ),
    ),
    Exercise(
        f=lambda W, x: np.sum(np.tanh(W @ x)),
        inputs=lambda rng, m, n: (rng.normal(size=(m, n)), rng.normal(size=n)),
        wrong={
            "tanh stands where its derivative belongs": lambda W, x: np.outer(np.tanh(W @ x), x),
            "the factor x is missing: this is the derivative by Wx": lambda W, x: (
                1 - np.tanh(W @ x) ** 2
            ),
            "tanh is differentiated as if it were the identity": lambda W, x: np.outer(
                np.ones(len(W)), x
            ),
        },
        hints=(
            r"With $\mathbf s = \varphi'(W\mathbf x)$, $df = \mathbf s^{\top}dW\,\mathbf x$. This "
            "is a number: take its trace.",
            r"$\operatorname{tr}(\mathbf s^{\top}dW\,\mathbf x) = \operatorname{tr}(\mathbf x"
            r"\mathbf s^{\top}dW)$. So what is $G^{\top}$?",
        ),
    ),
)
