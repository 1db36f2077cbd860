"""Exercises of chapter 06: Hessians, what their eigenvalues tell, products with a vector."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule, softmax


def point(rng, m, n):
    return (rng.normal(size=3),)


def least_squares(rng, m, n):
    return rng.normal(size=n), rng.normal(size=(m, n)), rng.normal(size=m), rng.normal(size=n)


exercises = Exercises(
    Exercise(
        f=lambda p: np.array([2 * p[0] * p[1], p[0] ** 2, np.cos(p[2])]),
        inputs=point,
        wrong={
            "the mixed entries are missing: how does ∂f/∂x change when y moves?": lambda p: (
                np.diag([2 * p[1], 0, -np.sin(p[2])])
            ),
            "these are the three pure second derivatives: the mixed ones belong to it as well": (
                lambda p: np.array([2 * p[1], 0, -np.sin(p[2])])
            ),
            "the mixed entry stands in one place only, but it has a mirror image": lambda p: (
                np.array([[2 * p[1], 2 * p[0], 0], [0, 0, 0], [0, 0, -np.sin(p[2])]])
            ),
            "mind the sign of the derivative of the cosine": lambda p: np.array(
                [[2 * p[1], 2 * p[0], 0], [2 * p[0], 0, 0], [0, 0, np.sin(p[2])]]
            ),
            "this is the gradient: differentiate each of its entries once more": lambda p: (
                np.array([2 * p[0] * p[1], p[0] ** 2, np.cos(p[2])])
            ),
        },
        hints=(
            "The gradient is $(2xy,\\; x^2,\\; \\cos z)$. Each entry gives a row.",
            "In the first row stand the derivatives of $2xy$ by $x$, by $y$ and by $z$.",
        ),
    ),
    Exercise(
        answer=["saddle", "minimum", "maximum", "saddle", "undecided"],
        wrong={
            "(a), (b): the two are exchanged; what is the sign of 6x?": [
                *("minimum", "saddle", None, None, None)
            ],
            "(c): what signs have the eigenvalues there, and what does that mean?": [
                *(None, None, "minimum", None, None)
            ],
            "(d): positive on the diagonal is not enough; look between the axes": [
                *(None, None, None, "minimum", None)
            ],
            "(e): true of the function, but the question is what its Hessian tells": [
                *(None, None, None, None, "minimum")
            ],
        },
        hints=(
            "For (a) and (b) the Hessian is diagonal, and its entries are its eigenvalues.",
            "For (c) and (d) write the Hessian. Symmetric and $2 \\times 2$, with a negative "
            "determinant, it has eigenvalues of both signs; with a positive one, both have the "
            "sign of the trace.",
            "For (e), what is the second derivative of $x^4$ at $0$?",
        ),
    ),
    Exercise.of(
        rule("second-log-sum-exp"),
        wrong={
            "this is the diagonal; off it the entries are not zero": lambda x: np.diag(
                softmax(x) * (1 - softmax(x))
            ),
            "mind the sign of the second term: the sum stands in the denominator": lambda x: (
                np.diag(softmax(x)) + np.outer(softmax(x), softmax(x))
            ),
            "p @ p is a number, but a matrix is wanted there": lambda x: (
                np.diag(softmax(x)) - softmax(x) @ softmax(x)
            ),
            "off the diagonal this is right; where i = j there is one more term": lambda x: (
                -np.outer(softmax(x), softmax(x))
            ),
        },
        hints=(
            "Differentiate $p_i = e^{x_i} / s$ by $x_j$, where $s = \\sum_k e^{x_k}$. First take "
            "$j \\ne i$: then only $s$ moves.",
            "For $j \\ne i$ one gets $-e^{x_i}e^{x_j}/s^2 = -p_ip_j$. For $j = i$ the numerator "
            "moves as well.",
            "`np.diag(p)` is the matrix with $p$ on its diagonal, `np.outer(p, p)` has the "
            "entries $p_ip_j$.",
        ),
    ),
    Exercise(
        answer=[(5, 5), (3, 2, 3, 2), (3, 2), ()],
        wrong={
            "(a): that is the shape of the gradient; the Hessian is the gradient's Jacobian": [
                *((5,), None, None, None)
            ],
            "(b): those are the numbers as one big matrix; here each index keeps its place": [
                *(None, (6, 6), None, None)
            ],
            "(b): that is the shape of the gradient": [None, (3, 2), None, None],
            "(b): what counts is the shape of X, the input, not that of AX": [
                *(None, (4, 2, 4, 2), None, None)
            ],
            "(c): that is the shape of the Hessian; a product with V uses up some of its axes": [
                *(None, None, (3, 2, 3, 2), None)
            ],
            "(d): that is what the first product leaves; here there is a second one": [
                *(None, None, None, (3, 2))
            ],
        },
        hints=(
            "The gradient has the shape of the input. Its Jacobian is output × input.",
            "A product with a direction $V$ of the shape of $X$ uses up the last two indices.",
        ),
    ),
    Exercise(
        answer=4,
        wrong={
            "line 1 is right: it defines the model": 1,
            "line 2 is right: H is symmetric, so the ½ cancels": 2,
            "line 3 is right: solve ∇f + Hd = 0 for d": 3,
            "line 5 is wrong, but it is not the first that is": 5,
        },
        hints=(
            "Which of the lines would fail for $f = -x^2 - y^2$?",
            "A zero gradient is necessary for a lowest point. What else is needed?",
        ),
    ),
    Exercise(
        answer=lambda x, A, b, v: 2 * A.T @ (A @ v),
        inputs=least_squares,
        wrong={
            "a factor 2 is missing": lambda x, A, b, v: A.T @ (A @ v),
            "b is constant: the second derivative knows nothing of it": lambda x, A, b, v: (
                2 * A.T @ (A @ v - b)
            ),
            "this is the gradient: how does it change along v?": lambda x, A, b, v: (
                2 * A.T @ (A @ x - b)
            ),
            "this is the Hessian times x, not times v": lambda x, A, b, v: 2 * A.T @ (A @ x),
            "this is the Hessian itself: its product with v is wanted": lambda x, A, b, v: (
                2 * A.T @ A
            ),
            "this is the curvature along v, a number: a vector is wanted": lambda x, A, b, v: (
                2 * (A @ v) @ (A @ v)
            ),
        },
        hints=(
            "The gradient is $2A^{\\top}(A\\mathbf x - \\mathbf b)$. Put "
            "$\\mathbf x + t\\mathbf v$ for $\\mathbf x$ and differentiate by $t$.",
            "What is left is $2A^{\\top}$ times a vector. Compute that vector first, and no $n "
            "\\times n$ matrix appears.",
        ),
    ),
)
