"""Exercises of chapter 07, differentiating by a matrix with the trace."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule


def two_by_two(rng, m, n):
    return (rng.normal(size=(2, 2)),)


exercises = Exercises(
    Exercise(
        answer=[(5, 3), (4, 2), (3, 4), (3, 3, 2, 3), (4, 2)],
        wrong={
            "(a) is transposed: B moves, and the gradient has its shape": [
                (3, 5),
                None,
                None,
                None,
                None,
            ],
            "(b) is the shape of Y, but it is W that moves": [None, (10, 2), None, None, None],
            "(c) is transposed: what is the shape of A, for the product to exist?": [
                None,
                None,
                (4, 3),
                None,
                None,
            ],
            "(d) has the shape of X only where a number comes out; here a matrix does": [
                None,
                None,
                None,
                (2, 3),
                None,
            ],
            "(e) is the gradient in our layout; the question is about the other one": [
                None,
                None,
                None,
                None,
                (2, 4),
            ],
        },
        hints=(
            "First ask what comes out. If it is a number, the gradient has the shape of the "
            "matrix that moves, whatever the function looks like.",
            "In (a) and (b) that is $B$ and $W$: which sizes make the products exist? In (d) "
            "a $3 \\times 3$ matrix comes out, and the derivative has shape output + input.",
            "In numerator layout the derivative of a number has the transposed shape.",
        ),
    ),
    Exercise.of(
        rule("trace-square"),
        wrong={
            "b and c have slopes, too: they meet in the product": lambda A: (
                2 * np.diag(np.diag(A))
            ),
            "the term bc occurs twice in the trace, once in each diagonal entry": lambda A: (
                np.array([[2 * A[0, 0], A[1, 0]], [A[0, 1], 2 * A[1, 1]]])
            ),
        },
        inputs=two_by_two,
        letters={"X": "A"},
        hints=(
            "Multiply out the diagonal of $A^2$: the upper left entry is $a^2 + bc$.",
            "$\\operatorname{tr}(A^2) = a^2 + 2bc + d^2$. Differentiate by each of the four "
            "letters, and put each slope where its letter stands.",
        ),
    ),
    Exercise(
        answer=[True, True, False, False],
        wrong={
            "for some M it is right: when is M plus its transpose the same as 2M?": [
                False,
                False,
                False,
                False,
            ],
            "(c): compare this matrix with its transpose, sign by sign": [
                True,
                True,
                True,
                False,
            ],
        },
        hints=(
            "For every $M$ the gradient is $AM + AM^{\\top}$. When is that equal to $2AM$ for "
            "every $A$?",
            "Compare $M$ with $M^{\\top}$, entry by entry. For (c): what is $M + M^{\\top}$?",
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "line 1 is a cyclic move: the first factor has gone to the end": 1,
            "line 2 is in order: transposing a product turns the order of its factors round": 2,
            "line 4 is wrong, but it is not the first that is": 4,
            "line 5 adds the two parts up, as it should: is each of them right?": 5,
        },
        hints=(
            "Which of the steps are cyclic moves? In a cyclic move the factors keep their order, "
            "read round a ring.",
            "Put in sizes: $A$ is $m \\times n$; $X$ and $Y$ are $n \\times m$. Which of the "
            "products do not exist?",
        ),
    ),
    Exercise.of(
        rule("matrix-factorisation"),
        wrong={
            "this is the gradient of the squared norm of the product alone; Y matters": (
                lambda A, B, Y: 2 * A @ B.T @ B
            ),
        },
        hints=(
            "Write $R = Y - AB^{\\top}$. Then $f = \\operatorname{tr}(R^{\\top}R)$, and $A$ "
            "occurs once in each $R$.",
            "Let the $A$ of the second $R$ move: "
            "$-\\operatorname{tr}(R^{\\top}\\underline{A}B^{\\top})$. "
            "Which factor has to go to the front?",
            "$-\\operatorname{tr}(B^{\\top}R^{\\top}\\underline{A})$. What is $G$, if this is "
            "$\\operatorname{tr}(G^{\\top}\\underline{A})$? And what of the other $R$?",
        ),
    ),
    Exercise.of(
        rule("trace-four"),
        wrong={
            "only the first X has moved; there is another": lambda X, A, B: A.T @ X @ B.T,
            "right only if A is symmetric": lambda X, A, B: A @ X @ (B + B.T),
            "each part has the matrices A and B either both transposed or both not": (
                lambda X, A, B: A.T @ X @ B + A @ X @ B.T
            ),
        },
        hints=(
            "$X$ occurs twice: two parts.",
            "First part: $\\operatorname{tr}(A\\underline{X}BX^{\\top}) = "
            "\\operatorname{tr}(BX^{\\top}A\\,\\underline{X})$. Read off $G$.",
            "Second part: $\\operatorname{tr}(AXB\\underline{X}^{\\top})$ has the form "
            "$\\operatorname{tr}(K\\underline{X}^{\\top})$. Transpose it, then move $X$ to the "
            "end.",
        ),
    ),
)
