"""Exercises of chapter 12, uses in machine learning."""

import numpy as np

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule

inv = np.linalg.inv


def cases(rng, m, n):
    weights = rng.uniform(0.5, 2, size=m + 3)
    return (
        rng.normal(size=(n, 2)),
        rng.normal(size=(m + 3, n)),
        rng.normal(size=(m + 3, 2)),
        weights,
    )


exercises = Exercises(
    Exercise(
        answer=[(20, 3), (20, 5), (5,), (5, 3), (3, 3)],
        wrong={
            "the bias stands in all 20 rows, but it has 5 entries, and so has its gradient": [
                None,
                None,
                (20, 5),
                None,
                None,
            ],
            "the bias has one axis, and so has its gradient": [None, None, (1, 5), None, None],
            "a gradient has the shape of what one differentiates by: (d) is the transpose": [
                None,
                None,
                None,
                (3, 5),
                None,
            ],
            "softmax returns a vector: its derivative has a row for each probability": [
                None,
                None,
                None,
                None,
                (3,),
            ],
        },
        hints=(
            "$X$ is $20 \\times 4$ and $W_1$ is $4 \\times 5$. Walk forwards to $Z$ first.",
            "$V_A$ has the shape of $A$; a gradient by weights has the shape of the weights. Only "
            "(e) has a vector as its output: then it is output × input.",
        ),
    ),
    Exercise(
        answer=[1 / 2, 1 / 3],
        wrong={
            "the largest eigenvalue sets the limit, not the smallest": [1, None],
            "the eigenvalues of this matrix are not its diagonal": [2 / 3, None],
            "that step lands at once along the steep direction, but one may go twice as far": [
                1 / 4,
                None,
            ],
            "a factor 2 is missing in (b)": [None, 1 / 6],
            "in (b) the worse of the two factors counts, not only that of the steep direction": [
                None,
                1 / 4,
            ],
        },
        hints=(
            "Trace 6, determinant 8: which two eigenvalues have that sum and that product?",
            r"(a) $\lvert 1 - \eta\lambda\rvert < 1$ for both. (b) $1 - \eta\lambda_{\min} = "
            r"\eta\lambda_{\max} - 1$.",
        ),
    ),
    Exercise(
        f=lambda W, X, Y, c: np.sum(c[:, None] * (X @ W - Y) ** 2),
        inputs=cases,
        wrong={
            "the weights c are missing": lambda W, X, Y, c: 2 * X.T @ (X @ W - Y),
            "the weights c count twice": lambda W, X, Y, c: (
                2 * X.T @ (c[:, None] ** 2 * (X @ W - Y))
            ),
            "the weights c belong to Y as well, not only to XW": lambda W, X, Y, c: (
                2 * X.T @ (c[:, None] * (X @ W) - Y)
            ),
        },
        hints=(
            r"$df = \operatorname{tr}(dR^{\top}CR) + \operatorname{tr}(R^{\top}C\,dR)$, and $C$ "
            "is symmetric.",
            r"$df = 2\operatorname{tr}(R^{\top}CX\,dW)$. In code $CR$ is `c[:, None] * R`.",
        ),
    ),
    Exercise.of(
        rule("logistic"),
        wrong={
            "L is the sum over all cases, not their mean": lambda w, X, t: (
                rule("logistic").derivative(w, X, t) / len(t)
            ),
        },
        letters={"z": "s"},
        hints=(
            r"First by $p_i$: $-\dfrac{t_i}{p_i} + \dfrac{1 - t_i}{1 - p_i}$. Then "
            r"$dp_i = p_i(1 - p_i)\,ds_i$.",
            r"The two together leave $(p_i - t_i)\,ds_i$. At last $d\mathbf s = X\,d\mathbf w$.",
        ),
    ),
    Exercise.of(
        rule("gaussian-precision"),
        wrong={
            "both terms carry the factor 1/2": lambda L, S, n: n * inv(L) / 2 - S,
        },
        letters={"L": "Λ", "c": "n"},
        hints=(
            r"$d\log\det\Lambda = \operatorname{tr}(\Lambda^{-1}d\Lambda)$, and there is no other "
            "inverse left.",
            r"$d\ell = \tfrac12\operatorname{tr}((\dots)\,d\Lambda)$. Both matrices in the "
            "bracket are symmetric.",
        ),
    ),
    Exercise(
        answer=4,
        wrong={
            "line 1 is right: of the sum, each row has the gradient p − t": 1,
            "line 2 is right: look at the shapes, and sum over the batch": 2,
            "line 3 is right: dZ = dF W₂, read off by F": 3,
            "line 5 would be right, if what it is given were": 5,
        },
        hints=(
            "The shapes are all right. So look at what is done entry by entry.",
            r"The derivative of $\tanh(a)$ is $1 - \tanh^2(a)$.",
        ),
    ),
)
