"""Exercises of chapter 10: four indices, vec, and products backwards."""

import numpy as np

from mathutils.exercise import Exercise, Exercises


def stacked(x, A, k):
    return (A @ x.reshape(-1, k, order="F")).ravel(order="F")


def factors(rng, m, n):
    A, X, B = rng.normal(size=(m, n)), rng.normal(size=(n, n + 1)), rng.normal(size=(n + 1, m + 1))
    return A, X, B, rng.normal(size=(m, m + 1))


exercises = Exercises(
    Exercise(
        answer=[(3, 3, 3, 3), (9, 9), (5, 2, 2, 5), (10, 10), (4, 10)],
        wrong={
            "(a): a matrix comes out, so the input's shape alone is not enough": [
                *((3, 3), None, None, None, None)
            ],
            "(c): the output is the transpose, 5 × 2": [None, None, (2, 5, 2, 5), None, None],
            "(d): that is the array; as a matrix it has as many rows as outputs": [
                *(None, None, None, (5, 2, 2, 5), None)
            ],
            "(e): outputs go down, inputs across": [None, None, None, None, (10, 4)],
            "(e): what is the shape of Z times its transpose?": [None, None, None, None, (10, 10)],
            "(e): that is for the transpose of Z times Z": [None, None, None, None, (25, 10)],
        },
        hints=(
            "For each: the shape of the output, then the shape of the input.",
            "Flattened: a row for each output entry, a column for each input entry.",
        ),
    ),
    Exercise(
        answer=2_000_000,
        wrong={
            "that is the number of inputs W has; each output has a derivative by each": 1000,
            "that is the number of outputs; each has a derivative by each input": 2000,
            "those are the entries of X and W; the outputs are those of Y": 5_000_000,
            "add nothing: each output meets each input": 3000,
        },
        hints=(
            "How many entries has $Y$, and how many has $W$?",
            "One derivative for each pair of an output and an input.",
        ),
    ),
    Exercise(
        f=stacked,
        inputs=lambda rng, m, n: (rng.normal(size=n * (m + 2)), rng.normal(size=(m, n)), m + 2),
        wrong={
            "that is row-major order": lambda x, A, k: np.kron(A, np.eye(k)),
            "that is the denominator layout: here it is output × input": lambda x, A, k: np.kron(
                np.eye(k), A.T
            ),
            "this is the Jacobian for one column of X": lambda x, A, k: A,
        },
        hints=(
            r"$AX = AXI$: a product of three, whose last factor is the identity.",
            r"Column by column: column $j$ of $AX$ is $A$ times column $j$ of $X$, and nothing "
            "else.",
            r"So $A$ stands along the diagonal. Which of `np.kron(A, I)` and `np.kron(I, A)` "
            "looks like that?",
        ),
    ),
    Exercise(
        f=lambda A, X, B, V: np.sum(V * (A @ X @ B)),
        inputs=factors,
        wrong={
            "this is the gradient by X": lambda A, X, B, V: A.T @ V @ B.T,
            "this is what stands before dA: transpose it": (lambda A, X, B, V: X @ B @ V.T),
        },
        hints=(
            r"$dY = dA\,XB$, and $df = \operatorname{tr}(V^{\top}dY)$.",
            r"Let $XB$ go round to the front: $df = \operatorname{tr}(XBV^{\top}dA)$.",
            r"What stands before $dA$ is $G^{\top}$. Transpose the product of three.",
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "line 1 is the product rule, in the right order": 1,
            "line 2 puts line 1 into tr(VᵀdY), and is right": 2,
            "line 4 is right: let W go round to the front": 4,
        },
        hints=(
            "Compare the shapes of lines 3 and 4 with those of $W$ and $X$.",
            r"From $\operatorname{tr}(V^{\top}X\,dW)$, what is $G^{\top}$, and what is $G$?",
        ),
    ),
    Exercise(
        f=lambda b, X, V: np.sum(V * (X + b)),
        inputs=lambda rng, m, n: (
            rng.normal(size=n),
            rng.normal(size=(m, n)),
            rng.normal(size=(m, n)),
        ),
        wrong={
            "this is the gradient by Y: it must have the shape of b": lambda b, X, V: V,
            "summed along the wrong axis": lambda b, X, V: V.sum(axis=1),
            "a mean is not a sum: each row adds its share": lambda b, X, V: V.mean(axis=0),
            "only one of the rows": lambda b, X, V: V[0],
        },
        hints=(
            r"The gradient has the shape of $\mathbf b$, and $V$ has more rows than that.",
            "$b_j$ is copied into every row. By how much does $f$ change if $b_j$ moves by $h$?",
        ),
    ),
)
