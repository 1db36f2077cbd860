"""Exercises of chapter 05, the Jacobian."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule


def point(rng, m, n):
    return (rng.normal(size=3),)


def by_output(x, A):
    """The gradient of each entry of tanh(Ax), a row for each."""
    return np.array([rule("layer-input").derivative(x, A, w) for w in np.eye(len(A))])


exercises = Exercises(
    Exercise(
        f=lambda p: np.array([p[0] * p[1] * p[2], p[0] + p[2] ** 2]),
        inputs=point,
        wrong={
            "that is the denominator layout: here it is output × input": lambda p: np.array(
                [[p[1] * p[2], 1], [p[0] * p[2], 0], [p[0] * p[1], 2 * p[2]]]
            ),
            "the second output does not contain y: what is its derivative by y?": lambda p: (
                np.array([[p[1] * p[2], p[0] * p[2], p[0] * p[1]], [1, 1, 2 * p[2]]])
            ),
            "the derivative of x by x is not x": lambda p: np.array(
                [[p[1] * p[2], p[0] * p[2], p[0] * p[1]], [p[0], 0, 2 * p[2]]]
            ),
            "the two outputs are added up: each has a row of its own": lambda p: np.array(
                [p[1] * p[2] + 1, p[0] * p[2], p[0] * p[1] + 2 * p[2]]
            ),
        },
        hints=(
            "Two outputs and three inputs. How many rows does that make, and how many columns?",
            "The first row is the gradient of $xyz$, which you know from chapter 02. The second "
            "is the gradient of $x + z^2$.",
        ),
    ),
    Exercise.of(
        rule("scaled-vector"),
        wrong={
            "a factor 2 is missing in one of the two terms": lambda x: (
                np.outer(x, x) + (x @ x) * np.eye(len(x))
            ),
            "this adds a number to every entry: it belongs on the diagonal only": lambda x: (
                2 * np.outer(x, x) + x @ x
            ),
            "this is the derivative of the factor xᵀx alone": lambda x: 2 * x,
        },
        hints=(
            "By the product rule, $\\partial\\bigl((\\mathbf x^{\\top}\\mathbf x)\\,x_i\\bigr)/"
            "\\partial x_j$ has two terms. Which of them is zero for $j \\neq i$?",
            "The first term is $2x_jx_i$, for all $i$ and $j$. Which matrix has the entries "
            "$x_ix_j$?",
            "The second term is $\\mathbf x^{\\top}\\mathbf x$ for $j = i$, and 0 otherwise. "
            "Which matrix has ones on its diagonal and zeros elsewhere?",
        ),
    ),
    Exercise(
        answer=[(4, 3), (5, 3), (4, 5), (4, 3), (5, 3), (5,)],
        wrong={
            "(a) is in denominator layout: our convention is output × input": [
                (3, 4),
                *[None] * 5,
            ],
            "(b) is in our convention: in denominator layout each input has a row": [
                None,
                (3, 5),
                *[None] * 4,
            ],
            "(c) is in denominator layout: our convention is output × input": [
                *[None] * 2,
                (5, 4),
                *[None] * 3,
            ],
            "(d) has the inner function first": [*[None] * 3, (3, 5), None, None],
            "(e) has the outer function first": [*[None] * 4, (3, 4), None],
            "(f) is a number by a vector, and here neither row nor column": [*[None] * 5, (1, 5)],
            "(f) is a number by a vector, and has one axis only": [*[None] * 5, (5, 1)],
            "in (f) a number comes out, not a vector": [*[None] * 5, (4, 5)],
        },
        hints=(
            "Start with (a), (b) and (c): which of the two has the rows, the output or the input?",
            "Write the chain rule of each layout with its shapes, $(l \\times m)(m \\times n)$ "
            "and $(n \\times m)(m \\times l)$, for $n = 5$, $m = 3$ and $l = 4$.",
        ),
    ),
    Exercise(
        answer=["numerator", "denominator", "mixed", "numerator"],
        wrong={
            "in (a), is the right side a row or a column?": ["denominator", None, None, None],
            "in (b), look which function comes first, the outer or the inner one": [
                None,
                "numerator",
                None,
                None,
            ],
            "in (c) the first formula does not fit: numerator layout would have a row": [
                None,
                None,
                "numerator",
                None,
            ],
            "in (c) the second formula does not fit: denominator layout would transpose": [
                None,
                None,
                "denominator",
                None,
            ],
            "in (d), which shape must stand before a column to make a number?": [
                None,
                None,
                None,
                "denominator",
            ],
        },
        hints=(
            "Write the shape under each side. A number by a vector is a row in numerator layout "
            "and a column in denominator layout.",
            "In (b) the shapes may all be square. What tells then is the order: which function "
            "is applied first, and where does its derivative stand?",
            'In (c) compare both formulas with the table "Which layout is this book in?".',
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "line 1 is right: a number by a vector is a column in denominator layout": 1,
            "line 2 is right: in denominator layout each entry of x has a row": 2,
            "line 4 tries to mend what went wrong before": 4,
        },
        hints=(
            "All lines claim denominator layout. Which formula does not belong to it?",
            "Write the shapes under both factors of line 3. Where does the inner function stand "
            "in denominator layout?",
        ),
    ),
    Exercise.of(
        rule("layer-input"),
        wrong={
            "the derivative of tanh is 1 − tanh²: the square is missing": lambda x, A, w: (
                A.T @ ((1 - np.tanh(A @ x)) * w)
            ),
            "the weights w are missing": lambda x, A, w: sum(by_output(x, A)),
            "this is the Jacobian of tanh(Ax): the step through w is missing": lambda x, A, w: (
                by_output(x, A)
            ),
        },
        letters={"W": "A"},
        hints=(
            "Name the steps: $\\mathbf y = A\\mathbf x$, then $\\mathbf z = \\tanh\\mathbf y$, "
            "then $f = \\mathbf w^{\\top}\\mathbf z$. Begin with the gradient by $\\mathbf z$.",
            "Back through $\\tanh$: multiply entry by entry with $1 - \\tanh^2(A\\mathbf x)$. The "
            "shape stays `(m,)`.",
            "Back through $A$: which of $A$ and $A^{\\top}$ takes shape `(m,)` to `(n,)`?",
        ),
    ),
)
