"""The catalogue: the rules of the series, each with its condition and its classic wrong twins.

One entry a rule. The formula sheet is printed from it, with a verdict for each rule; exercises
take their wrong answers from it; and the tests judge every rule right, at random sizes and
scales, and every twin wrong, and read the LaTeX to see that it says what the functions compute.

Sources, by their short names: MN is Magnus and Neudecker, Matrix Differential Calculus (2019),
with the chapter; MC is Petersen and Pedersen, The Matrix Cookbook (November 2012), with the
number of the equation. A rule may be a special case of what stands there, or more general.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.linalg import det, inv, matrix_power, norm

from mathutils.check import check_derivative


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A function, its derivative by its first argument, and what one gets wrong about it.

    The LaTeX is mathematics without words, so that it serves every language. Functions of one
    number, such as log, are meant entry by entry; 1 in bold is a vector of ones; vec lists a
    matrix column by column, and K turns vec X into that of the transpose.

    Attributes
    ----------
    name : str
        A slug, which never changes.
    formula, by, result : str
        LaTeX of f, of the first argument, and of the derivative. Where it has three or four
        indices, as in ``D_{ijkl}``, those of the output come first.
    other : str
        LaTeX of what others write: a gradient in numerator layout, another derivative in
        denominator layout, one of three or four indices as the matrix that vec makes of it.
        Empty where nothing changes.
    shapes : str
        LaTeX of the shapes of all arguments.
    condition : str
        LaTeX; empty where the shapes are all that is asked for. May define letters.
    source : str
    f, derivative : functions of the same arguments
        The derivative is by the first one, of shape ``f(x).shape + x.shape``.
    inputs : function of a generator and of two sizes m and n
        Returns a tuple of random arguments which meet the condition.
    wrong : dict from a sentence that names a mistake to the function that it leads to
    """

    name: str
    formula: str
    by: str
    result: str
    other: str = ""
    shapes: str
    condition: str = ""
    source: str = ""
    f: Callable
    derivative: Callable
    inputs: Callable
    wrong: dict

    def check(self, seed=0, m=2, n=3):
        """Return the `Verdict` on the rule at one random input."""
        return self.judge(self.derivative, *self.inputs(np.random.default_rng(seed), m, n))

    def judge(self, derivative, x, *rest):
        """Return the `Verdict` on a function that is said to be the derivative, at one input."""
        return check_derivative(lambda x: self.f(x, *rest), lambda x: derivative(x, *rest), x)


def rule(name):
    """Return the rule of this name.

    Examples
    --------
    >>> rule("linear-map").check()
    right: all 6 entries agree, shape (2, 3)
    """
    for rules in RULES.values():
        for one in rules:
            if one.name == name:
                return one
    raise KeyError(f"there is no rule {name!r}")


# Random arguments


def vector(rng, size):
    return rng.normal(size=size)


def matrix(rng, rows, columns):
    return rng.normal(size=(rows, columns))


def symmetric(rng, n):
    a = matrix(rng, n, n)
    return a + a.T


def positive_definite(rng, n):
    a = matrix(rng, n, n)
    return a @ a.T + np.eye(n)


def invertible(rng, n, sign=1):
    """Return a matrix far from singular, whose determinant has this sign."""
    a = np.linalg.qr(matrix(rng, n, n))[0] @ positive_definite(rng, n)
    if np.sign(det(a)) != sign:
        a[0] = -a[0]
    return a


def between(rng, m, n):
    """Return X, m × n, with A and B such that AXB is 2 × 2 and has a positive determinant."""
    x, a, b = matrix(rng, m, n), matrix(rng, 2, m), matrix(rng, n, 2)
    if det(a @ x @ b) < 0:
        a[0] = -a[0]
    return x, a, b


def singular(rng, n):
    return matrix(rng, n, n - 1) @ matrix(rng, n - 1, n)


def weights(rng, size):
    """Return positive numbers whose sum is 1."""
    return softmax(vector(rng, size))


# Functions that numpy does not have


def softmax(x):
    e = np.exp(x - x.max())
    return e / e.sum()


def log_sum_exp(x):
    return x.max() + np.log(np.sum(np.exp(x - x.max())))


def sigmoid(x):
    return 1 / (1 + np.exp(-x))


def cofactors(a, sign=-1):
    """Return the determinants that are left without row i and column j, with their signs."""
    c = np.empty_like(a)
    for i, j in np.ndindex(a.shape):
        c[i, j] = sign ** (i + j) * det(np.delete(np.delete(a, i, axis=0), j, axis=1))
    return c


def vec(a):
    """List a matrix column by column."""
    return a.ravel(order="F")


def vech(s):
    """List the entries on and below the diagonal column by column, each once."""
    return s.T[np.triu_indices(len(s))]


def unvech(s):
    """Return the symmetric matrix with these entries on and below the diagonal."""
    n = int(np.sqrt(2 * s.size))
    a = np.zeros((n, n))
    a[np.triu_indices(n)] = s
    return a + a.T - np.diag(np.diag(a))


def top_eigenvector(s):
    return np.linalg.eigh(s)[1][:, -1]


def delta(size):
    return np.eye(size)


VECTOR = (
    Rule(
        name="linear-form",
        formula=r"\mathbf w^{\top}\mathbf x",
        by=r"\mathbf x",
        result=r"\mathbf w",
        other=r"\mathbf w^{\top}",
        shapes=r"\mathbf x, \mathbf w: n",
        source="MC 69; MN 9",
        f=lambda x, w: w @ x,
        derivative=lambda x, w: w,
        inputs=lambda rng, m, n: (vector(rng, n), vector(rng, n)),
        wrong={
            "this is the derivative by w": lambda x, w: x,
            "this is the value, not the derivative": lambda x, w: w @ x,
        },
    ),
    Rule(
        name="quadratic-form",
        formula=r"\mathbf x^{\top}A\mathbf x",
        by=r"\mathbf x",
        result=r"(A + A^{\top})\mathbf x",
        other=r"\mathbf x^{\top}(A + A^{\top})",
        shapes=r"\mathbf x: n; A: n \times n",
        source="MC 81; MN 9",
        f=lambda x, A: x @ A @ x,
        derivative=lambda x, A: (A + A.T) @ x,
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, n, n)),
        wrong={
            "right only if A is symmetric": lambda x, A: 2 * A @ x,
            "one of the two x is held fixed": lambda x, A: A @ x,
            "this is the second derivative": lambda x, A: A + A.T,
        },
    ),
    Rule(
        name="quadratic-form-symmetric",
        formula=r"\mathbf x^{\top}S\mathbf x",
        by=r"\mathbf x",
        result=r"2S\mathbf x",
        other=r"2\mathbf x^{\top}S",
        shapes=r"\mathbf x: n; S: n \times n",
        condition=r"S = S^{\top}",
        source="MC 81; MN 9",
        f=lambda x, S: x @ S @ x,
        derivative=lambda x, S: 2 * S @ x,
        inputs=lambda rng, m, n: (vector(rng, n), symmetric(rng, n)),
        wrong={
            "one of the two x is held fixed": lambda x, S: S @ x,
            "this is the second derivative": lambda x, S: 2 * S,
            "as if x were a number": lambda x, S: 2 * x,
        },
    ),
    Rule(
        name="bilinear-form",
        formula=r"\mathbf x^{\top}A\mathbf y",
        by=r"\mathbf x",
        result=r"A\mathbf y",
        other=r"\mathbf y^{\top}A^{\top}",
        shapes=r"\mathbf x: m; A: m \times n; \mathbf y: n",
        source="MC 69; MN 9",
        f=lambda x, A, y: x @ A @ y,
        derivative=lambda x, A, y: A @ y,
        inputs=lambda rng, m, n: (vector(rng, m), matrix(rng, m, n), vector(rng, n)),
        wrong={
            "this is the derivative by y": lambda x, A, y: A.T @ x,
            "y is held fixed, but it does not vanish": lambda x, A, y: A,
        },
    ),
    Rule(
        name="squared-residual",
        formula=r"\lVert A\mathbf x - \mathbf b\rVert^2",
        by=r"\mathbf x",
        result=r"2A^{\top}(A\mathbf x - \mathbf b)",
        other=r"2(A\mathbf x - \mathbf b)^{\top}A",
        shapes=r"\mathbf x: n; A: m \times n; \mathbf b: m",
        source="MC 84; MN 9",
        f=lambda x, A, b: np.sum((A @ x - b) ** 2),
        derivative=lambda x, A, b: 2 * A.T @ (A @ x - b),
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n), vector(rng, m)),
        wrong={
            "the inner derivative, of Ax − b, is missing": lambda x, A, b: 2 * (A @ x - b),
            "b is held fixed, but it does not vanish": lambda x, A, b: 2 * A.T @ A @ x,
            "the factor 2 is missing": lambda x, A, b: A.T @ (A @ x - b),
        },
    ),
    Rule(
        name="weighted-residual",
        formula=r"(A\mathbf x - \mathbf b)^{\top}W(A\mathbf x - \mathbf b)",
        by=r"\mathbf x",
        result=r"A^{\top}(W + W^{\top})(A\mathbf x - \mathbf b)",
        other=r"(A\mathbf x - \mathbf b)^{\top}(W + W^{\top})A",
        shapes=r"\mathbf x: n; A: m \times n; \mathbf b: m; W: m \times m",
        source="MC 84; MN 9",
        f=lambda x, A, b, W: (A @ x - b) @ W @ (A @ x - b),
        derivative=lambda x, A, b, W: A.T @ (W + W.T) @ (A @ x - b),
        inputs=lambda rng, m, n: (
            *(vector(rng, n), matrix(rng, m, n)),
            *(vector(rng, m), matrix(rng, m, m)),
        ),
        wrong={
            "right only if W is symmetric": lambda x, A, b, W: 2 * A.T @ W @ (A @ x - b),
            "one of the two residuals is held fixed": lambda x, A, b, W: A.T @ W @ (A @ x - b),
            "the inner derivative, of Ax − b, is missing": lambda x, A, b, W: (
                (W + W.T) @ (A @ x - b)
            ),
            "b is held fixed, but it does not vanish": lambda x, A, b, W: A.T @ (W + W.T) @ A @ x,
        },
    ),
    Rule(
        name="log-sum-exp",
        formula=r"\log(\mathbf 1^{\top}e^{\mathbf x})",
        by=r"\mathbf x",
        result=r"\mathbf s",
        other=r"\mathbf s^{\top}",
        shapes=r"\mathbf x: n",
        condition=r"\mathbf s = \frac{e^{\mathbf x}}{\mathbf 1^{\top}e^{\mathbf x}}",
        f=lambda x: log_sum_exp(x),
        derivative=lambda x: softmax(x),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "the outer derivative, of log, is missing": lambda x: np.exp(x),
            "the inner derivative, of exp, is missing": lambda x: softmax(x) / np.exp(x),
            "log and exp do not cancel: there is a sum between them": lambda x: np.ones(len(x)),
        },
    ),
    Rule(
        name="cross-entropy",
        formula=r"-\mathbf y^{\top}\log(\mathbf s)",
        by=r"\mathbf x",
        result=r"\mathbf s - \mathbf y",
        other=r"\mathbf s^{\top} - \mathbf y^{\top}",
        shapes=r"\mathbf x, \mathbf y: n",
        condition=r"\mathbf s = \frac{e^{\mathbf x}}{\mathbf 1^{\top}e^{\mathbf x}}; "
        r"\mathbf 1^{\top}\mathbf y = 1",
        f=lambda x, y: -y @ np.log(softmax(x)),
        derivative=lambda x, y: softmax(x) - y,
        inputs=lambda rng, m, n: (vector(rng, n), weights(rng, n)),
        wrong={
            "this is the derivative by s": lambda x, y: -y / softmax(x),
            "the sum below the fraction moves as well": lambda x, y: -y,
            "y is held fixed, but it does not vanish": lambda x, y: softmax(x),
            "the sign is wrong": lambda x, y: y - softmax(x),
        },
    ),
    Rule(
        name="logistic",
        formula=r"\mathbf 1^{\top}\log(\mathbf 1 + e^{\mathbf z}) - \mathbf t^{\top}\mathbf z",
        by=r"\mathbf w",
        result=r"X^{\top}(\sigma(\mathbf z) - \mathbf t)",
        other=r"(\sigma(\mathbf z) - \mathbf t)^{\top}X",
        shapes=r"\mathbf w: n; X: m \times n; \mathbf t: m",
        condition=r"\mathbf z = X\mathbf w; \sigma(t) = \frac{1}{1 + e^{-t}}",
        f=lambda w, X, t: np.sum(np.logaddexp(0, X @ w)) - t @ X @ w,
        derivative=lambda w, X, t: X.T @ (sigmoid(X @ w) - t),
        inputs=lambda rng, m, n: (
            *(vector(rng, n), matrix(rng, m + n, n)),
            rng.integers(2, size=m + n) * 1.0,
        ),
        wrong={
            "this is the derivative by the scores z": lambda w, X, t: sigmoid(X @ w) - t,
            "the labels are compared with the scores, not with the probabilities": (
                lambda w, X, t: X.T @ (X @ w - t)
            ),
            "the derivative of the sigmoid cancels; this is for half the squared error": (
                lambda w, X, t: X.T @ ((sigmoid(X @ w) - t) * sigmoid(X @ w) * sigmoid(-X @ w))
            ),
        },
    ),
    Rule(
        name="linear-map",
        formula=r"A\mathbf x",
        by=r"\mathbf x",
        result=r"A",
        other=r"A^{\top}",
        shapes=r"\mathbf x: n; A: m \times n",
        source="MN 9",
        f=lambda x, A: A @ x,
        derivative=lambda x, A: A,
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n)),
        wrong={
            "this is the denominator layout: here it is output × input": lambda x, A: A.T,
            "this is the value, not the derivative": lambda x, A: A @ x,
        },
    ),
    Rule(
        name="softmax",
        formula=r"\mathbf s",
        by=r"\mathbf x",
        result=r"\operatorname{diag}(\mathbf s) - \mathbf s\mathbf s^{\top}",
        shapes=r"\mathbf x: n",
        condition=r"\mathbf s = \frac{e^{\mathbf x}}{\mathbf 1^{\top}e^{\mathbf x}}",
        f=lambda x: softmax(x),
        derivative=lambda x: np.diag(softmax(x)) - np.outer(softmax(x), softmax(x)),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "the sum below the fraction moves as well": lambda x: np.diag(softmax(x)),
            "each output depends on every input": lambda x: np.diag(softmax(x) * softmax(-x)),
            "a vector comes out, so each output has a row": lambda x: softmax(x) * softmax(-x),
        },
    ),
    Rule(
        name="scaled-vector",
        formula=r"(\mathbf x^{\top}\mathbf x)\mathbf x",
        by=r"\mathbf x",
        result=r"(\mathbf x^{\top}\mathbf x)I + 2\mathbf x\mathbf x^{\top}",
        shapes=r"\mathbf x: n",
        source="MN 9",
        f=lambda x: (x @ x) * x,
        derivative=lambda x: (x @ x) * np.eye(len(x)) + 2 * np.outer(x, x),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "the number in front of x moves as well": lambda x: (x @ x) * np.eye(len(x)),
            "the vector behind the number moves as well": lambda x: 2 * np.outer(x, x),
            "as if x were a number": lambda x: 3 * (x @ x) * np.eye(len(x)),
        },
    ),
    Rule(
        name="unit-vector",
        formula=r"\frac{\mathbf x}{\lVert\mathbf x\rVert}",
        by=r"\mathbf x",
        result=r"\frac{I - \mathbf u\mathbf u^{\top}}{\lVert\mathbf x\rVert}",
        shapes=r"\mathbf x: n",
        condition=r"\mathbf x \neq \mathbf 0; \mathbf u = \frac{\mathbf x}{\lVert\mathbf x\rVert}",
        source="MC 130; MN 9",
        f=lambda x: x / norm(x),
        derivative=lambda x: (np.eye(len(x)) - np.outer(x, x) / (x @ x)) / norm(x),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "the length below the fraction moves as well": lambda x: np.eye(len(x)) / norm(x),
            "the second term of the quotient rule has the other sign": lambda x: (
                (np.eye(len(x)) + np.outer(x, x) / (x @ x)) / norm(x)
            ),
            "right only where x has length 1": lambda x: np.eye(len(x)) - np.outer(x, x),
        },
    ),
    Rule(
        name="outer-product",
        formula=r"\mathbf x\mathbf x^{\top}",
        by=r"\mathbf x",
        result=r"D_{ijk} = \delta_{ik}x_j + x_i\delta_{jk}",
        other=r"\mathbf x \otimes I + I \otimes \mathbf x",
        shapes=r"\mathbf x: n",
        source="MN 9",
        f=lambda x: np.outer(x, x),
        derivative=lambda x: (
            np.einsum("ik,j->ijk", delta(len(x)), x) + np.einsum("i,jk->ijk", x, delta(len(x)))
        ),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "one of the two x is held fixed": lambda x: np.einsum("i,jk->ijk", x, delta(len(x))),
            "the two factors stand in different places, so the two terms differ": lambda x: (
                2 * np.einsum("i,jk->ijk", x, delta(len(x)))
            ),
        },
    ),
)

TRACE = (
    Rule(
        name="trace",
        formula=r"\operatorname{tr}A",
        by=r"A",
        result=r"I",
        shapes=r"A: n \times n",
        source="MC 99; MN 9",
        f=lambda A: np.trace(A),
        derivative=lambda A: np.eye(len(A)),
        inputs=lambda rng, m, n: (matrix(rng, n, n),),
        wrong={
            "that would be for the sum of all entries": lambda A: np.ones(A.shape),
            "these are the entries that are added, not their derivatives": lambda A: np.diag(
                np.diag(A)
            ),
            "this is the value, not the derivative": lambda A: np.trace(A),
        },
    ),
    Rule(
        name="trace-product",
        formula=r"\operatorname{tr}(AB)",
        by=r"A",
        result=r"B^{\top}",
        other=r"B",
        shapes=r"A: m \times n; B: n \times m",
        source="MC 100; MN 9",
        f=lambda A, B: np.trace(A @ B),
        derivative=lambda A, B: B.T,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, n, m)),
        wrong={
            "a gradient has the shape of A, not of its transpose": lambda A, B: B,
            "this is the derivative by B": lambda A, B: A.T,
        },
    ),
    Rule(
        name="trace-second-factor",
        formula=r"\operatorname{tr}(WX)",
        by=r"X",
        result=r"W^{\top}",
        other=r"W",
        shapes=r"X: m \times n; W: n \times m",
        source="MC 100; MN 9",
        f=lambda X, W: np.trace(W @ X),
        derivative=lambda X, W: W.T,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, n, m)),
        wrong={
            "a gradient has the shape of X, not of its transpose": lambda X, W: W,
            "this is the derivative by W": lambda X, W: X.T,
        },
    ),
    Rule(
        name="trace-inner-product",
        formula=r"\operatorname{tr}(A^{\top}B)",
        by=r"A",
        result=r"B",
        other=r"B^{\top}",
        shapes=r"A, B: m \times n",
        source="MC 103; MN 9",
        f=lambda A, B: np.trace(A.T @ B),
        derivative=lambda A, B: B,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, m, n)),
        wrong={
            "that would be for tr(AB)": lambda A, B: B.T,
            "this is the derivative by B": lambda A, B: A,
        },
    ),
    Rule(
        name="trace-three",
        formula=r"\operatorname{tr}(AXB)",
        by=r"X",
        result=r"A^{\top}B^{\top}",
        other=r"BA",
        shapes=r"X: m \times n; A: p \times m; B: n \times p",
        source="MC 101; MN 9",
        f=lambda X, A, B: np.trace(A @ X @ B),
        derivative=lambda X, A, B: A.T @ B.T,
        inputs=lambda rng, m, n: (
            *(matrix(rng, m, n), matrix(rng, m + n, m)),
            matrix(rng, n, m + n),
        ),
        wrong={
            "a gradient has the shape of X, not of its transpose": lambda X, A, B: B @ A,
            "this is the derivative by A": lambda X, A, B: (X @ B).T,
        },
    ),
    Rule(
        name="trace-three-transposed",
        formula=r"\operatorname{tr}(AX^{\top}B)",
        by=r"X",
        result=r"BA",
        other=r"A^{\top}B^{\top}",
        shapes=r"X: m \times n; A: p \times n; B: m \times p",
        source="MC 102; MN 9",
        f=lambda X, A, B: np.trace(A @ X.T @ B),
        derivative=lambda X, A, B: B @ A,
        inputs=lambda rng, m, n: (
            *(matrix(rng, m, n), matrix(rng, m + n, n)),
            matrix(rng, m, m + n),
        ),
        wrong={
            "that would be for tr(AXB)": lambda X, A, B: A.T @ B.T,
            "this is the derivative by A": lambda X, A, B: B.T @ X,
        },
    ),
    Rule(
        name="bilinear-in-matrix",
        formula=r"\mathbf a^{\top}X\mathbf b",
        by=r"X",
        result=r"\mathbf a\mathbf b^{\top}",
        other=r"\mathbf b\mathbf a^{\top}",
        shapes=r"X: m \times n; \mathbf a: m; \mathbf b: n",
        source="MC 70; MN 9",
        f=lambda X, a, b: a @ X @ b,
        derivative=lambda X, a, b: np.outer(a, b),
        inputs=lambda rng, m, n: (matrix(rng, m, n), vector(rng, m), vector(rng, n)),
        wrong={
            "the two vectors are exchanged": lambda X, a, b: np.outer(b, a),
            "this is the derivative by a": lambda X, a, b: X @ b,
        },
    ),
    Rule(
        name="trace-quadratic",
        formula=r"\operatorname{tr}(X^{\top}AX)",
        by=r"X",
        result=r"(A + A^{\top})X",
        other=r"X^{\top}(A + A^{\top})",
        shapes=r"X: m \times n; A: m \times m",
        source="MC 108; MN 9",
        f=lambda X, A: np.trace(X.T @ A @ X),
        derivative=lambda X, A: (A + A.T) @ X,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, m, m)),
        wrong={
            "right only if A is symmetric": lambda X, A: 2 * A @ X,
            "one of the two X is held fixed": lambda X, A: A @ X,
        },
    ),
    Rule(
        name="trace-congruence",
        formula=r"\operatorname{tr}(ABA^{\top})",
        by=r"A",
        result=r"AB^{\top} + AB",
        other=r"BA^{\top} + B^{\top}A^{\top}",
        shapes=r"A: m \times n; B: n \times n",
        source="MC 111; MN 9",
        f=lambda A, B: np.trace(A @ B @ A.T),
        derivative=lambda A, B: A @ B.T + A @ B,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, n, n)),
        wrong={
            "right only if B is symmetric": lambda A, B: 2 * A @ B,
            "one of the two A is held fixed": lambda A, B: A @ B,
        },
    ),
    Rule(
        name="trace-four",
        formula=r"\operatorname{tr}(AXBX^{\top})",
        by=r"X",
        result=r"A^{\top}XB^{\top} + AXB",
        other=r"BX^{\top}A + B^{\top}X^{\top}A^{\top}",
        shapes=r"X: m \times n; A: m \times m; B: n \times n",
        source="MC 118; MN 9",
        f=lambda X, A, B: np.trace(A @ X @ B @ X.T),
        derivative=lambda X, A, B: A.T @ X @ B.T + A @ X @ B,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, m, m), matrix(rng, n, n)),
        wrong={
            "right only if A and B are symmetric": lambda X, A, B: 2 * A @ X @ B,
            "one of the two X is held fixed": lambda X, A, B: A @ X @ B,
            "the first of the two terms lacks a transpose": lambda X, A, B: (
                A.T @ X @ B + A @ X @ B
            ),
        },
    ),
    Rule(
        name="trace-square",
        formula=r"\operatorname{tr}(X^2)",
        by=r"X",
        result=r"2X^{\top}",
        other=r"2X",
        shapes=r"X: n \times n",
        source="MC 106; MN 9",
        f=lambda X: np.trace(X @ X),
        derivative=lambda X: 2 * X.T,
        inputs=lambda rng, m, n: (matrix(rng, n, n),),
        wrong={
            "right only if X is symmetric": lambda X: 2 * X,
            "one of the two X is held fixed": lambda X: X.T,
        },
    ),
    Rule(
        name="trace-power",
        formula=r"\operatorname{tr}(X^k)",
        by=r"X",
        result=r"k(X^{k-1})^{\top}",
        other=r"kX^{k-1}",
        shapes=r"X: n \times n",
        condition=r"k \in \mathbb{N}",
        source="MC 121; MN 9",
        f=lambda X, k: np.trace(matrix_power(X, k)),
        derivative=lambda X, k: k * matrix_power(X, k - 1).T,
        inputs=lambda rng, m, n: (matrix(rng, n, n), int(rng.integers(3, 5))),
        wrong={
            "right only if X is symmetric": lambda X, k: k * matrix_power(X, k - 1),
            "the exponent has not gone down": lambda X, k: k * matrix_power(X, k).T,
            "only one of the k factors moves": lambda X, k: matrix_power(X, k - 1).T,
        },
    ),
    Rule(
        name="trace-square-weighted",
        formula=r"\operatorname{tr}(AX^2)",
        by=r"X",
        result=r"(AX + XA)^{\top}",
        other=r"AX + XA",
        shapes=r"X, A: n \times n",
        source="MC 107; MN 9",
        f=lambda X, A: np.trace(A @ (X @ X)),
        derivative=lambda X, A: (A @ X + X @ A).T,
        inputs=lambda rng, m, n: (matrix(rng, n, n), matrix(rng, n, n)),
        wrong={
            "right only if A and X commute": lambda X, A: 2 * (A @ X).T,
            "right only if A and X are symmetric": lambda X, A: A @ X + X @ A,
            "one of the two X is held fixed": lambda X, A: (A @ X).T,
        },
    ),
)

DETERMINANT = (
    Rule(
        name="determinant",
        formula=r"\det A",
        by=r"A",
        result=r"(\det A)A^{-\top}",
        other=r"(\det A)A^{-1}",
        shapes=r"A: n \times n",
        condition=r"\det A \neq 0",
        source="MC 49; MN 8",
        f=lambda A: det(A),
        derivative=lambda A: det(A) * inv(A).T,
        inputs=lambda rng, m, n: (invertible(rng, n, rng.choice([-1, 1])),),
        wrong={
            "right only if A is symmetric": lambda A: det(A) * inv(A),
            "this is the derivative of log det A": lambda A: inv(A).T,
            "this is for the trace": lambda A: np.eye(len(A)),
        },
    ),
    Rule(
        name="determinant-cofactors",
        formula=r"\det A",
        by=r"A",
        result=r"\operatorname{adj}(A)^{\top}",
        other=r"\operatorname{adj}(A)",
        shapes=r"A: n \times n",
        source="MC 41; MN 8",
        f=lambda A: det(A),
        derivative=lambda A: cofactors(A),
        inputs=lambda rng, m, n: (singular(rng, n),),
        wrong={
            "right only if A is symmetric": lambda A: cofactors(A).T,
            "the signs of the cofactors are missing": lambda A: cofactors(A, sign=1),
            "where a function is zero, its derivative need not be": lambda A: np.zeros(A.shape),
        },
    ),
    Rule(
        name="log-det",
        formula=r"\log\det A",
        by=r"A",
        result=r"A^{-\top}",
        other=r"A^{-1}",
        shapes=r"A: n \times n",
        condition=r"\det A > 0",
        source="MC 43; MN 8",
        f=lambda A: np.log(det(A)),
        derivative=lambda A: inv(A).T,
        inputs=lambda rng, m, n: (invertible(rng, n),),
        wrong={
            "right only if A is symmetric": lambda A: inv(A),
            "this is the derivative of det A": lambda A: det(A) * inv(A).T,
            "the inner derivative, of det A, is missing": lambda A: np.eye(len(A)) / det(A),
        },
    ),
    Rule(
        name="log-abs-det",
        formula=r"\log\lvert\det A\rvert",
        by=r"A",
        result=r"A^{-\top}",
        other=r"A^{-1}",
        shapes=r"A: n \times n",
        condition=r"\det A \neq 0",
        source="MC 57; MN 8",
        f=lambda A: np.linalg.slogdet(A).logabsdet,
        derivative=lambda A: inv(A).T,
        inputs=lambda rng, m, n: (invertible(rng, n, sign=1 if m > n else -1),),
        wrong={
            "right only if A is symmetric": lambda A: inv(A),
            "a negative determinant does not turn the sign": lambda A: -inv(A).T,
            "the derivative of log lacks its factor": lambda A: abs(det(A)) * inv(A).T,
        },
    ),
    Rule(
        name="log-det-product",
        formula=r"\log\det(AXB)",
        by=r"X",
        result=r"A^{\top}(AXB)^{-\top}B^{\top}",
        other=r"B(AXB)^{-1}A",
        shapes=r"X: m \times n; A: p \times m; B: n \times p",
        condition=r"\det(AXB) > 0",
        source="MC 51; MN 9",
        f=lambda X, A, B: np.log(det(A @ X @ B)),
        derivative=lambda X, A, B: A.T @ inv(A @ X @ B).T @ B.T,
        inputs=lambda rng, m, n: between(rng, m, n),
        wrong={
            "the inner derivative, of AXB, is missing": lambda X, A, B: inv(A @ X @ B).T,
            "this is the derivative of det(AXB)": lambda X, A, B: (
                det(A @ X @ B) * A.T @ inv(A @ X @ B).T @ B.T
            ),
            "a gradient has the shape of X, not of its transpose": lambda X, A, B: (
                B @ inv(A @ X @ B) @ A
            ),
        },
    ),
    Rule(
        name="determinant-product",
        formula=r"\det(AXB)",
        by=r"X",
        result=r"\det(AXB)A^{\top}(AXB)^{-\top}B^{\top}",
        other=r"\det(AXB)B(AXB)^{-1}A",
        shapes=r"X: m \times n; A: p \times m; B: n \times p",
        condition=r"\det(AXB) \neq 0",
        source="MC 51; MN 9",
        f=lambda X, A, B: det(A @ X @ B),
        derivative=lambda X, A, B: det(A @ X @ B) * A.T @ inv(A @ X @ B).T @ B.T,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, 2, m), matrix(rng, n, 2)),
        wrong={
            "the inner derivative, of AXB, is missing": lambda X, A, B: (
                det(A @ X @ B) * inv(A @ X @ B).T
            ),
            "this is the derivative of log det(AXB)": lambda X, A, B: A.T @ inv(A @ X @ B).T @ B.T,
            "a gradient has the shape of X, not of its transpose": lambda X, A, B: (
                det(A @ X @ B) * B @ inv(A @ X @ B) @ A
            ),
        },
    ),
    Rule(
        name="determinant-square",
        formula=r"\det(X^2)",
        by=r"X",
        result=r"2(\det X)^2X^{-\top}",
        other=r"2(\det X)^2X^{-1}",
        shapes=r"X: n \times n",
        condition=r"\det X \neq 0",
        source="MC 58; MN 9",
        f=lambda X: det(X @ X),
        derivative=lambda X: 2 * det(X) ** 2 * inv(X).T,
        inputs=lambda rng, m, n: (invertible(rng, n, rng.choice([-1, 1])),),
        wrong={
            "right only if X is symmetric": lambda X: 2 * det(X) ** 2 * inv(X),
            "one of the two X is held fixed": lambda X: det(X) ** 2 * inv(X).T,
            "the inner derivative, of det X, lacks its factor": lambda X: 2 * det(X) * inv(X).T,
        },
    ),
    Rule(
        name="log-det-gram",
        formula=r"\log\det(X^{\top}X)",
        by=r"X",
        result=r"2X(X^{\top}X)^{-1}",
        other=r"2(X^{\top}X)^{-1}X^{\top}",
        shapes=r"X: m \times n",
        condition=r"\det(X^{\top}X) > 0",
        source="MC 55; MN 9",
        f=lambda X: np.log(det(X.T @ X)),
        derivative=lambda X: 2 * X @ inv(X.T @ X),
        inputs=lambda rng, m, n: (matrix(rng, m + n, n),),
        wrong={
            "one of the two X is held fixed": lambda X: X @ inv(X.T @ X),
            "the inner derivative, of the product, is missing": lambda X: inv(X.T @ X),
            "a gradient has the shape of X, not of its transpose": lambda X: (
                2 * inv(X.T @ X) @ X.T
            ),
        },
    ),
    Rule(
        name="gaussian-covariance",
        formula=r"\log\det S + \mathbf x^{\top}S^{-1}\mathbf x",
        by=r"S",
        result=r"S^{-1} - S^{-1}\mathbf x\mathbf x^{\top}S^{-1}",
        shapes=r"S: n \times n; \mathbf x: n",
        condition=r"S = S^{\top}; S \succ 0",
        f=lambda S, x: np.log(det(S)) + x @ inv(S) @ x,
        derivative=lambda S, x: inv(S) - inv(S) @ np.outer(x, x) @ inv(S),
        inputs=lambda rng, m, n: (positive_definite(rng, n), vector(rng, n)),
        wrong={
            "the sign of the derivative of an inverse is missing": lambda S, x: (
                inv(S) + inv(S) @ np.outer(x, x) @ inv(S)
            ),
            "the second term depends on S as well": lambda S, x: inv(S),
            "the first term depends on S as well": lambda S, x: -inv(S) @ np.outer(x, x) @ inv(S),
        },
    ),
    Rule(
        name="gaussian-precision",
        formula=r"\frac{c}{2}\log\det L - \frac{1}{2}\operatorname{tr}(LS)",
        by=r"L",
        result=r"\frac{1}{2}(cL^{-1} - S)",
        shapes=r"L, S: n \times n; c: 1",
        condition=r"L = L^{\top}; L \succ 0; S = S^{\top}",
        f=lambda L, S, c: c / 2 * np.log(det(L)) - np.trace(L @ S) / 2,
        derivative=lambda L, S, c: (c * inv(L) - S) / 2,
        inputs=lambda rng, m, n: (positive_definite(rng, n), positive_definite(rng, n), m + 3),
        wrong={
            "the derivative of log det is an inverse": lambda L, S, c: (c * L - S) / 2,
            "this is the derivative by the inverse of L": lambda L, S, c: (L @ S @ L - c * L) / 2,
            "the factor c is missing": lambda L, S, c: (inv(L) - S) / 2,
            "the trace stands with a minus": lambda L, S, c: (c * inv(L) + S) / 2,
        },
    ),
)

INVERSE = (
    Rule(
        name="inverse",
        formula=r"X^{-1}",
        by=r"X",
        result=r"D_{ijkl} = -(X^{-1})_{ik}(X^{-1})_{lj}",
        other=r"-X^{-\top} \otimes X^{-1}",
        shapes=r"X: n \times n",
        condition=r"\det X \neq 0",
        source="MC 60; MN 9",
        f=lambda X: inv(X),
        derivative=lambda X: -np.einsum("ik,lj->ijkl", inv(X), inv(X)),
        inputs=lambda rng, m, n: (invertible(rng, n),),
        wrong={
            "the sign is wrong": lambda X: np.einsum("ik,lj->ijkl", inv(X), inv(X)),
            "right only if X is symmetric": lambda X: -np.einsum("ki,jl->ijkl", inv(X), inv(X)),
            "as if X were a number": lambda X: -inv(X) @ inv(X),
        },
    ),
    Rule(
        name="trace-inverse",
        formula=r"\operatorname{tr}(X^{-1}A)",
        by=r"X",
        result=r"-(X^{-1}AX^{-1})^{\top}",
        other=r"-X^{-1}AX^{-1}",
        shapes=r"X, A: n \times n",
        condition=r"\det X \neq 0",
        source="MC 63; MN 9",
        f=lambda X, A: np.trace(inv(X) @ A),
        derivative=lambda X, A: -(inv(X) @ A @ inv(X)).T,
        inputs=lambda rng, m, n: (invertible(rng, n), matrix(rng, n, n)),
        wrong={
            "right only if A and X commute": lambda X, A: -(inv(X) @ inv(X) @ A).T,
            "right only if A and X are symmetric": lambda X, A: -inv(X) @ A @ inv(X),
            "the sign is wrong": lambda X, A: (inv(X) @ A @ inv(X)).T,
        },
    ),
    Rule(
        name="inverse-form",
        formula=r"\mathbf a^{\top}X^{-1}\mathbf b",
        by=r"X",
        result=r"-X^{-\top}\mathbf a\mathbf b^{\top}X^{-\top}",
        other=r"-X^{-1}\mathbf b\mathbf a^{\top}X^{-1}",
        shapes=r"X: n \times n; \mathbf a, \mathbf b: n",
        condition=r"\det X \neq 0",
        source="MC 61; MN 9",
        f=lambda X, a, b: a @ inv(X) @ b,
        derivative=lambda X, a, b: -inv(X).T @ np.outer(a, b) @ inv(X).T,
        inputs=lambda rng, m, n: (invertible(rng, n), vector(rng, n), vector(rng, n)),
        wrong={
            "a and b are exchanged": lambda X, a, b: -inv(X).T @ np.outer(b, a) @ inv(X).T,
            "right only if X is symmetric": lambda X, a, b: -inv(X) @ np.outer(a, b) @ inv(X),
            "the derivative of an inverse still contains the inverse": lambda X, a, b: (
                -np.outer(a, b)
            ),
            "the sign is wrong": lambda X, a, b: inv(X).T @ np.outer(a, b) @ inv(X).T,
        },
    ),
    Rule(
        name="solution-by-vector",
        formula=r"A^{-1}\mathbf b",
        by=r"\mathbf b",
        result=r"A^{-1}",
        other=r"A^{-\top}",
        shapes=r"\mathbf b: n; A: n \times n",
        condition=r"\det A \neq 0",
        source="MN 9",
        f=lambda b, A: np.linalg.solve(A, b),
        derivative=lambda b, A: inv(A),
        inputs=lambda rng, m, n: (vector(rng, n), invertible(rng, n)),
        wrong={
            "this is the denominator layout: here it is output × input": lambda b, A: inv(A).T,
            "this is the derivative of Ab": lambda b, A: A,
        },
    ),
    Rule(
        name="solution-by-matrix",
        formula=r"A^{-1}\mathbf b",
        by=r"A",
        result=r"D_{ijk} = -(A^{-1})_{ij}x_k",
        other=r"-\mathbf x^{\top} \otimes A^{-1}",
        shapes=r"A: n \times n; \mathbf b: n",
        condition=r"\det A \neq 0; \mathbf x = A^{-1}\mathbf b",
        source="MN 9",
        f=lambda A, b: np.linalg.solve(A, b),
        derivative=lambda A, b: -np.einsum("ij,k->ijk", inv(A), inv(A) @ b),
        inputs=lambda rng, m, n: (invertible(rng, n), vector(rng, n)),
        wrong={
            "the inverse is there only once": lambda A, b: -np.einsum("ij,k->ijk", inv(A), b),
            "the sign is wrong": lambda A, b: np.einsum("ij,k->ijk", inv(A), inv(A) @ b),
        },
    ),
)

NORM = (
    Rule(
        name="norm",
        formula=r"\lVert\mathbf x\rVert",
        by=r"\mathbf x",
        result=r"\frac{\mathbf x}{\lVert\mathbf x\rVert}",
        other=r"\frac{\mathbf x^{\top}}{\lVert\mathbf x\rVert}",
        shapes=r"\mathbf x: n",
        condition=r"\mathbf x \neq \mathbf 0",
        source="MC 129; MN 9",
        f=lambda x: norm(x),
        derivative=lambda x: x / norm(x),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "this is the derivative of the square": lambda x: 2 * x,
            "right only where x has length 1": lambda x: x,
            "that would be for the sum of the absolute values": lambda x: np.sign(x),
        },
    ),
    Rule(
        name="norm-squared",
        formula=r"\lVert\mathbf x\rVert^2",
        by=r"\mathbf x",
        result=r"2\mathbf x",
        other=r"2\mathbf x^{\top}",
        shapes=r"\mathbf x: n",
        source="MC 131; MN 9",
        f=lambda x: x @ x,
        derivative=lambda x: 2 * x,
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "one of the two x is held fixed": lambda x: x,
            "this is the derivative of the length": lambda x: x / norm(x),
            "as if the length were the variable": lambda x: 2 * norm(x),
        },
    ),
    Rule(
        name="frobenius-norm-squared",
        formula=r"\lVert A\rVert_F^2",
        by=r"A",
        result=r"2A",
        other=r"2A^{\top}",
        shapes=r"A: m \times n",
        source="MC 132; MN 9",
        f=lambda A: np.sum(A**2),
        derivative=lambda A: 2 * A,
        inputs=lambda rng, m, n: (matrix(rng, m, n),),
        wrong={
            "a gradient has the shape of A, not of its transpose": lambda A: 2 * A.T,
            "one of the two A is held fixed": lambda A: A,
            "as if the norm were the variable": lambda A: 2 * norm(A),
        },
    ),
    Rule(
        name="frobenius-norm-of-product",
        formula=r"\lVert AX\rVert_F^2",
        by=r"A",
        result=r"2AXX^{\top}",
        other=r"2XX^{\top}A^{\top}",
        shapes=r"A: m \times n; X: n \times m",
        source="MC 119; MN 9",
        f=lambda A, X: np.sum((A @ X) ** 2),
        derivative=lambda A, X: 2 * A @ X @ X.T,
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, n, m)),
        wrong={
            "the inner derivative, of AX, is missing": lambda A, X: 2 * A @ X,
            "one of the two A is held fixed": lambda A, X: A @ X @ X.T,
            "this is the derivative by X": lambda A, X: 2 * A.T @ A @ X,
        },
    ),
    Rule(
        name="least-squares-matrix",
        formula=r"\lVert XW - Y\rVert_F^2",
        by=r"W",
        result=r"2X^{\top}(XW - Y)",
        other=r"2(XW - Y)^{\top}X",
        shapes=r"W: m \times n; X: p \times m; Y: p \times n",
        source="MC 119; MN 9",
        f=lambda W, X, Y: np.sum((X @ W - Y) ** 2),
        derivative=lambda W, X, Y: 2 * X.T @ (X @ W - Y),
        inputs=lambda rng, m, n: (
            *(matrix(rng, m, n), matrix(rng, m + n, m)),
            matrix(rng, m + n, n),
        ),
        wrong={
            "the inner derivative, of XW − Y, is missing": lambda W, X, Y: 2 * (X @ W - Y),
            "Y is held fixed, but it does not vanish": lambda W, X, Y: 2 * X.T @ X @ W,
            "the factor 2 is missing": lambda W, X, Y: X.T @ (X @ W - Y),
            "a gradient has the shape of W, not of its transpose": lambda W, X, Y: (
                2 * (X @ W - Y).T @ X
            ),
        },
    ),
    Rule(
        name="matrix-factorisation",
        formula=r"\lVert Y - AB^{\top}\rVert_F^2",
        by=r"A",
        result=r"2(AB^{\top} - Y)B",
        other=r"2B^{\top}(AB^{\top} - Y)^{\top}",
        shapes=r"A: m \times p; B: n \times p; Y: m \times n",
        source="MC 119; MN 9",
        f=lambda A, B, Y: np.sum((Y - A @ B.T) ** 2),
        derivative=lambda A, B, Y: 2 * (A @ B.T - Y) @ B,
        inputs=lambda rng, m, n: (matrix(rng, m, 2), matrix(rng, n, 2), matrix(rng, m, n)),
        wrong={
            "A stands behind a minus": lambda A, B, Y: 2 * (Y - A @ B.T) @ B,
            "the square has two factors, and A moves in both": lambda A, B, Y: (A @ B.T - Y) @ B,
            "a gradient has the shape of A, not of its transpose": lambda A, B, Y: (
                2 * B.T @ (A @ B.T - Y).T
            ),
            "this is the derivative by B": lambda A, B, Y: 2 * (A @ B.T - Y).T @ A,
        },
    ),
    Rule(
        name="ridge",
        formula=r"\lVert X\mathbf w - \mathbf y\rVert^2 + c\lVert\mathbf w\rVert^2",
        by=r"\mathbf w",
        result=r"2X^{\top}(X\mathbf w - \mathbf y) + 2c\mathbf w",
        other=r"2(X\mathbf w - \mathbf y)^{\top}X + 2c\mathbf w^{\top}",
        shapes=r"\mathbf w: n; X: m \times n; \mathbf y: m; c: 1",
        f=lambda w, X, y, c: np.sum((X @ w - y) ** 2) + c * w @ w,
        derivative=lambda w, X, y, c: 2 * X.T @ (X @ w - y) + 2 * c * w,
        inputs=lambda rng, m, n: (
            *(vector(rng, n), matrix(rng, m, n)),
            *(vector(rng, m), rng.uniform(1, 2)),
        ),
        wrong={
            "the second term depends on w as well": lambda w, X, y, c: 2 * X.T @ (X @ w - y),
            "the second term is a square as well": lambda w, X, y, c: (
                2 * X.T @ (X @ w - y) + c * w
            ),
            "y is held fixed, but it does not vanish": lambda w, X, y, c: (
                2 * X.T @ X @ w + 2 * c * w
            ),
        },
    ),
    Rule(
        name="spectral-norm",
        formula=r"\lVert X\rVert_2",
        by=r"X",
        result=r"\mathbf u\mathbf v^{\top}",
        other=r"\mathbf v\mathbf u^{\top}",
        shapes=r"X: m \times n",
        condition=r"X\mathbf v = \sigma_1\mathbf u; \lVert\mathbf u\rVert = "
        r"\lVert\mathbf v\rVert = 1; \sigma_1 > \sigma_2",
        f=lambda X: norm(X, 2),
        derivative=lambda X: np.outer(np.linalg.svd(X).U[:, 0], np.linalg.svd(X).Vh[0]),
        inputs=lambda rng, m, n: (matrix(rng, m, n),),
        wrong={
            "u and v are exchanged": lambda X: np.outer(
                np.linalg.svd(X).Vh[0], np.linalg.svd(X).U[:, 0]
            ),
            "this is the part of X itself that belongs to the first singular value": lambda X: (
                norm(X, 2) * np.outer(np.linalg.svd(X).U[:, 0], np.linalg.svd(X).Vh[0])
            ),
            "that would be for the sum of the singular values": lambda X: (
                np.linalg.svd(X, full_matrices=False).U @ np.linalg.svd(X, full_matrices=False).Vh
            ),
        },
    ),
)

ELEMENTWISE = (
    Rule(
        name="exponential",
        formula=r"e^{\mathbf x}",
        by=r"\mathbf x",
        result=r"\operatorname{diag}(e^{\mathbf x})",
        shapes=r"\mathbf x: n",
        f=lambda x: np.exp(x),
        derivative=lambda x: np.diag(np.exp(x)),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "a vector comes out, so each output has a row": lambda x: np.exp(x),
            "each output depends on its own input alone": lambda x: np.outer(
                np.exp(x), np.ones(len(x))
            ),
            "this is the rule for powers": lambda x: np.diag(x * np.exp(x - 1)),
        },
    ),
    Rule(
        name="sigmoid",
        formula=r"\sigma(\mathbf x)",
        by=r"\mathbf x",
        result=r"\operatorname{diag}(\sigma(\mathbf x) \odot (\mathbf 1 - \sigma(\mathbf x)))",
        shapes=r"\mathbf x: n",
        condition=r"\sigma(t) = \frac{1}{1 + e^{-t}}",
        f=lambda x: sigmoid(x),
        derivative=lambda x: np.diag(sigmoid(x) * (1 - sigmoid(x))),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "a vector comes out, so each output has a row": lambda x: (
                sigmoid(x) * (1 - sigmoid(x))
            ),
            "each output depends on its own input alone": lambda x: np.outer(
                sigmoid(x), 1 - sigmoid(x)
            ),
            "this is the value, not the derivative": lambda x: np.diag(sigmoid(x)),
        },
    ),
    Rule(
        name="hadamard-product",
        formula=r"\mathbf x \odot \mathbf y",
        by=r"\mathbf x",
        result=r"\operatorname{diag}(\mathbf y)",
        shapes=r"\mathbf x, \mathbf y: n",
        f=lambda x, y: x * y,
        derivative=lambda x, y: np.diag(y),
        inputs=lambda rng, m, n: (vector(rng, n), vector(rng, n)),
        wrong={
            "a vector comes out, so each output has a row": lambda x, y: y,
            "this is the derivative by y": lambda x, y: np.diag(x),
            "each output depends on its own input alone": lambda x, y: np.outer(
                y, np.ones(len(x))
            ),
        },
    ),
    Rule(
        name="sum-over-entries",
        formula=r"\mathbf 1^{\top}\sin(X)\mathbf 1",
        by=r"X",
        result=r"\cos(X)",
        other=r"\cos(X)^{\top}",
        shapes=r"X: m \times n",
        f=lambda X: np.sum(np.sin(X)),
        derivative=lambda X: np.cos(X),
        inputs=lambda rng, m, n: (matrix(rng, m, n),),
        wrong={
            "the partial derivatives are added up: keep them apart": lambda X: np.sum(np.cos(X)),
            "a gradient has the shape of X, not of its transpose": lambda X: np.cos(X).T,
            "the derivative of sin is not −cos: that is the other way round": lambda X: -np.cos(X),
        },
    ),
    Rule(
        name="layer",
        formula=r"\mathbf a^{\top}\tanh(W\mathbf x)",
        by=r"W",
        result=r"(\mathbf a \odot (\mathbf 1 - \mathbf h \odot \mathbf h))\mathbf x^{\top}",
        other=r"\mathbf x(\mathbf a \odot (\mathbf 1 - \mathbf h \odot \mathbf h))^{\top}",
        shapes=r"W: m \times n; \mathbf a: m; \mathbf x: n",
        condition=r"\mathbf h = \tanh(W\mathbf x)",
        f=lambda W, a, x: a @ np.tanh(W @ x),
        derivative=lambda W, a, x: np.outer(a * (1 - np.tanh(W @ x) ** 2), x),
        inputs=lambda rng, m, n: (matrix(rng, m, n), vector(rng, m), vector(rng, n)),
        wrong={
            "the derivative of tanh is missing": lambda W, a, x: np.outer(a, x),
            "the inner derivative, of Wx, is missing": lambda W, a, x: (
                a * (1 - np.tanh(W @ x) ** 2)
            ),
            "a gradient has the shape of W, not of its transpose": lambda W, a, x: np.outer(
                x, a * (1 - np.tanh(W @ x) ** 2)
            ),
        },
    ),
    Rule(
        name="layer-input",
        formula=r"\mathbf a^{\top}\tanh(W\mathbf x)",
        by=r"\mathbf x",
        result=r"W^{\top}(\mathbf a \odot (\mathbf 1 - \mathbf h \odot \mathbf h))",
        other=r"(\mathbf a \odot (\mathbf 1 - \mathbf h \odot \mathbf h))^{\top}W",
        shapes=r"\mathbf x: n; W: m \times n; \mathbf a: m",
        condition=r"\mathbf h = \tanh(W\mathbf x)",
        f=lambda x, W, a: a @ np.tanh(W @ x),
        derivative=lambda x, W, a: W.T @ (a * (1 - np.tanh(W @ x) ** 2)),
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n), vector(rng, m)),
        wrong={
            "the derivative of tanh is missing": lambda x, W, a: W.T @ a,
            "the inner derivative, of Wx, is missing": lambda x, W, a: (
                a * (1 - np.tanh(W @ x) ** 2)
            ),
            "tanh itself stands where its derivative belongs": lambda x, W, a: (
                W.T @ (a * np.tanh(W @ x))
            ),
        },
    ),
    Rule(
        name="bias",
        formula=r"\lVert Z + \mathbf 1\mathbf b^{\top}\rVert_F^2",
        by=r"\mathbf b",
        result=r"2(Z + \mathbf 1\mathbf b^{\top})^{\top}\mathbf 1",
        other=r"2\,\mathbf 1^{\top}(Z + \mathbf 1\mathbf b^{\top})",
        shapes=r"\mathbf b: n; Z: m \times n",
        f=lambda b, Z: np.sum((Z + b) ** 2),
        derivative=lambda b, Z: 2 * np.sum(Z + b, axis=0),
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n)),
        wrong={
            "b stands in every row, but there is only one b": lambda b, Z: 2 * (Z + b),
            "the wrong axis is summed over": lambda b, Z: 2 * np.sum(Z + b, axis=1),
            "this is a mean": lambda b, Z: 2 * np.mean(Z + b, axis=0),
            "b is counted in one row only": lambda b, Z: 2 * (np.sum(Z, axis=0) + b),
        },
    ),
    Rule(
        name="mean-squared-error",
        formula=r"\frac{1}{m}\lVert X\mathbf w - \mathbf y\rVert^2",
        by=r"\mathbf w",
        result=r"\frac{2}{m}X^{\top}(X\mathbf w - \mathbf y)",
        other=r"\frac{2}{m}(X\mathbf w - \mathbf y)^{\top}X",
        shapes=r"\mathbf w: n; X: m \times n; \mathbf y: m",
        f=lambda w, X, y: np.mean((X @ w - y) ** 2),
        derivative=lambda w, X, y: 2 / len(y) * X.T @ (X @ w - y),
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n), vector(rng, m)),
        wrong={
            "this is for the sum, not for the mean": lambda w, X, y: 2 * X.T @ (X @ w - y),
            "y is held fixed, but it does not vanish": lambda w, X, y: 2 / len(y) * X.T @ X @ w,
            "the factor 2 is missing": lambda w, X, y: X.T @ (X @ w - y) / len(y),
        },
    ),
)

KRONECKER = (
    Rule(
        name="transpose",
        formula=r"X^{\top}",
        by=r"X",
        result=r"D_{ijkl} = \delta_{il}\delta_{jk}",
        other=r"K",
        shapes=r"X: m \times n",
        source="MN 9",
        f=lambda X: X.T,
        derivative=lambda X: np.einsum("il,jk->ijkl", delta(X.shape[1]), delta(X.shape[0])),
        inputs=lambda rng, m, n: (matrix(rng, m, n),),
        wrong={
            "this is the derivative of X itself": lambda X: np.einsum(
                "ik,jl->ijkl", delta(X.shape[0]), delta(X.shape[1])
            ),
            "as if X were a number": lambda X: np.ones(X.T.shape),
        },
    ),
    Rule(
        name="matrix-product",
        formula=r"XW",
        by=r"W",
        result=r"D_{ijkl} = x_{ik}\delta_{jl}",
        other=r"I_n \otimes X",
        shapes=r"W: m \times n; X: p \times m",
        source="MN 9",
        f=lambda W, X: X @ W,
        derivative=lambda W, X: np.einsum("ik,jl->ijkl", X, delta(W.shape[1])),
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, m + n, m)),
        wrong={
            "the indices of the input come first: here it is output × input": lambda W, X: (
                np.einsum("ik,jl->klij", X, delta(W.shape[1]))
            ),
            "this is the matrix of one column alone": lambda W, X: X,
            "column j of the output depends on column j of W alone": lambda W, X: np.einsum(
                "ik,jl->ijkl", X, np.ones((W.shape[1],) * 2)
            ),
        },
    ),
    Rule(
        name="product-of-three",
        formula=r"AXB",
        by=r"X",
        result=r"D_{ijkl} = a_{ik}b_{lj}",
        other=r"B^{\top} \otimes A",
        shapes=r"X: m \times n; A: p \times m; B: n \times q",
        source="MN 9",
        f=lambda X, A, B: A @ X @ B,
        derivative=lambda X, A, B: np.einsum("ik,lj->ijkl", A, B),
        inputs=lambda rng, m, n: (
            *(matrix(rng, m, n), matrix(rng, m + 1, m)),
            matrix(rng, n, n + 2),
        ),
        wrong={
            "the indices of the input come first: here it is output × input": lambda X, A, B: (
                np.einsum("ik,lj->klij", A, B)
            ),
            "this is the matrix of the column-major vec": lambda X, A, B: np.kron(B.T, A),
            "this is the matrix of the row-major vec": lambda X, A, B: np.kron(A, B.T),
        },
    ),
    Rule(
        name="square-of-matrix",
        formula=r"X^2",
        by=r"X",
        result=r"D_{ijkl} = \delta_{ik}x_{lj} + x_{ik}\delta_{lj}",
        other=r"X^{\top} \otimes I + I \otimes X",
        shapes=r"X: n \times n",
        source="MN 9",
        f=lambda X: X @ X,
        derivative=lambda X: (
            np.einsum("ik,lj->ijkl", delta(len(X)), X) + np.einsum("ik,lj->ijkl", X, delta(len(X)))
        ),
        inputs=lambda rng, m, n: (matrix(rng, n, n),),
        wrong={
            "right only if X commutes with its change": lambda X: (
                2 * np.einsum("ik,lj->ijkl", X, delta(len(X)))
            ),
            "one of the two X is held fixed": lambda X: np.einsum("ik,lj->ijkl", X, delta(len(X))),
            "as if X were a number": lambda X: 2 * X,
        },
    ),
    Rule(
        name="gram-matrix",
        formula=r"X^{\top}X",
        by=r"X",
        result=r"D_{ijkl} = \delta_{il}x_{kj} + x_{ki}\delta_{jl}",
        other=r"I_n \otimes X^{\top} + K(I_n \otimes X^{\top})",
        shapes=r"X: m \times n",
        source="MC 79; MN 9",
        f=lambda X: X.T @ X,
        derivative=lambda X: (
            np.einsum("il,kj->ijkl", delta(X.shape[1]), X)
            + np.einsum("ki,jl->ijkl", X, delta(X.shape[1]))
        ),
        inputs=lambda rng, m, n: (matrix(rng, m, n),),
        wrong={
            "the two terms are transposes of each other, and differ": lambda X: (
                2 * np.einsum("ki,jl->ijkl", X, delta(X.shape[1]))
            ),
            "one of the two X is held fixed": lambda X: np.einsum(
                "ki,jl->ijkl", X, delta(X.shape[1])
            ),
            "as if X were a number": lambda X: 2 * X,
        },
    ),
    Rule(
        name="vec-column-major",
        formula=r"\operatorname{vec}(AXB)",
        by=r"\operatorname{vec}X",
        result=r"B^{\top} \otimes A",
        other=r"B \otimes A^{\top}",
        shapes=r"X: m \times n; A: p \times m; B: n \times q",
        condition=r"\operatorname{vec}X = (x_{11}, x_{21}, \dots)",
        source="MN 9",
        f=lambda x, A, B: vec(A @ x.reshape(len(B), -1).T @ B),
        derivative=lambda x, A, B: np.kron(B.T, A),
        inputs=lambda rng, m, n: (
            *(vector(rng, m * n), matrix(rng, m + 1, m)),
            matrix(rng, n, n + 2),
        ),
        wrong={
            "this is for the row-major vec": lambda x, A, B: np.kron(A, B.T),
            "this is the denominator layout: here it is output × input": lambda x, A, B: np.kron(
                B, A.T
            ),
            "that would be for AXBᵀ": lambda x, A, B: np.kron(B, A),
        },
    ),
    Rule(
        name="vec-row-major",
        formula=r"\operatorname{vec}_r(AXB)",
        by=r"\operatorname{vec}_rX",
        result=r"A \otimes B^{\top}",
        other=r"A^{\top} \otimes B",
        shapes=r"X: m \times n; A: p \times m; B: n \times q",
        condition=r"\operatorname{vec}_rX = (x_{11}, x_{12}, \dots)",
        f=lambda x, A, B: (A @ x.reshape(-1, len(B)) @ B).ravel(),
        derivative=lambda x, A, B: np.kron(A, B.T),
        inputs=lambda rng, m, n: (
            *(vector(rng, m * n), matrix(rng, m + 1, m)),
            matrix(rng, n, n + 2),
        ),
        wrong={
            "this is for the column-major vec": lambda x, A, B: np.kron(B.T, A),
            "this is the denominator layout: here it is output × input": lambda x, A, B: np.kron(
                A.T, B
            ),
            "that would be for AXBᵀ": lambda x, A, B: np.kron(A, B),
        },
    ),
)

SYMMETRIC = (
    Rule(
        name="log-det-symmetric",
        formula=r"\log\det S",
        by=r"\operatorname{vech}S",
        result=r"\operatorname{vech}(2S^{-1} - S^{-1} \odot I)",
        other=r"\operatorname{vech}(2S^{-1} - S^{-1} \odot I)^{\top}",
        shapes=r"S: n \times n",
        condition=r"S = S^{\top}; \det S > 0; \operatorname{vech}S = (s_{ij})_{i \geq j}",
        source="MC 141",
        f=lambda s: np.log(det(unvech(s))),
        derivative=lambda s: vech(2 * inv(unvech(s)) - inv(unvech(s)) * np.eye(len(unvech(s)))),
        inputs=lambda rng, m, n: (vech(positive_definite(rng, n)),),
        wrong={
            "that would be right if all entries of S could move alone": lambda s: vech(
                inv(unvech(s))
            ),
            "the diagonal entries are counted twice": lambda s: vech(2 * inv(unvech(s))),
        },
    ),
    Rule(
        name="trace-symmetric",
        formula=r"\operatorname{tr}(AS)",
        by=r"\operatorname{vech}S",
        result=r"\operatorname{vech}(A + A^{\top} - A \odot I)",
        other=r"\operatorname{vech}(A + A^{\top} - A \odot I)^{\top}",
        shapes=r"S, A: n \times n",
        condition=r"S = S^{\top}; \operatorname{vech}S = (s_{ij})_{i \geq j}",
        source="MC 139",
        f=lambda s, A: np.trace(A @ unvech(s)),
        derivative=lambda s, A: vech(A + A.T - np.diag(np.diag(A))),
        inputs=lambda rng, m, n: (vech(symmetric(rng, n)), matrix(rng, n, n)),
        wrong={
            "that would be right if all entries of S could move alone": lambda s, A: vech(A.T),
            "the diagonal entries are counted twice": lambda s, A: vech(A + A.T),
        },
    ),
    Rule(
        name="largest-eigenvalue",
        formula=r"\lambda_1",
        by=r"S",
        result=r"\mathbf v\mathbf v^{\top}",
        shapes=r"S: n \times n",
        condition=r"S = S^{\top}; S\mathbf v = \lambda_1\mathbf v; "
        r"\lVert\mathbf v\rVert = 1; \lambda_1 > \lambda_2",
        source="MC 67; MN 8",
        f=lambda S: np.linalg.eigvalsh((S + S.T) / 2)[-1],
        derivative=lambda S: np.outer(top_eigenvector(S), top_eigenvector(S)),
        inputs=lambda rng, m, n: (symmetric(rng, n),),
        wrong={
            "this belongs to the smallest eigenvalue": lambda S: np.outer(
                top_eigenvector(-S), top_eigenvector(-S)
            ),
            "this is the part of S itself that belongs to the eigenvalue": lambda S: (
                np.linalg.eigvalsh(S)[-1] * np.outer(top_eigenvector(S), top_eigenvector(S))
            ),
            "that would be for the sum of all eigenvalues": lambda S: np.eye(len(S)),
        },
    ),
)

SECOND = (
    Rule(
        name="second-quadratic-form",
        formula=r"\nabla(\mathbf x^{\top}A\mathbf x)",
        by=r"\mathbf x",
        result=r"A + A^{\top}",
        shapes=r"\mathbf x: n; A: n \times n",
        source="MN 10",
        f=lambda x, A: (A + A.T) @ x,
        derivative=lambda x, A: A + A.T,
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, n, n)),
        wrong={
            "right only if A is symmetric": lambda x, A: 2 * A,
            "one of the two x is held fixed": lambda x, A: A,
            "this is the gradient, not yet its derivative": lambda x, A: (A + A.T) @ x,
        },
    ),
    Rule(
        name="second-squared-residual",
        formula=r"\nabla\lVert A\mathbf x - \mathbf b\rVert^2",
        by=r"\mathbf x",
        result=r"2A^{\top}A",
        shapes=r"\mathbf x: n; A: m \times n; \mathbf b: m",
        source="MN 10",
        f=lambda x, A, b: 2 * A.T @ (A @ x - b),
        derivative=lambda x, A, b: 2 * A.T @ A,
        inputs=lambda rng, m, n: (vector(rng, n), matrix(rng, m, n), vector(rng, m)),
        wrong={
            "the factors are exchanged": lambda x, A, b: 2 * A @ A.T,
            "the factor 2 is missing": lambda x, A, b: A.T @ A,
            "this is the gradient, not yet its derivative": lambda x, A, b: 2 * A.T @ (A @ x - b),
        },
    ),
    Rule(
        name="second-log-sum-exp",
        formula=r"\nabla\log(\mathbf 1^{\top}e^{\mathbf x})",
        by=r"\mathbf x",
        result=r"\operatorname{diag}(\mathbf s) - \mathbf s\mathbf s^{\top}",
        shapes=r"\mathbf x: n",
        condition=r"\mathbf s = \frac{e^{\mathbf x}}{\mathbf 1^{\top}e^{\mathbf x}}",
        f=lambda x: softmax(x),
        derivative=lambda x: np.diag(softmax(x)) - np.outer(softmax(x), softmax(x)),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "the sum below the fraction moves as well": lambda x: np.diag(softmax(x)),
            "the sign is wrong": lambda x: np.outer(softmax(x), softmax(x)) - np.diag(softmax(x)),
            "this is the gradient, not yet its derivative": lambda x: softmax(x),
        },
    ),
    Rule(
        name="second-norm",
        formula=r"\nabla\lVert\mathbf x\rVert",
        by=r"\mathbf x",
        result=r"\frac{I - \mathbf u\mathbf u^{\top}}{\lVert\mathbf x\rVert}",
        shapes=r"\mathbf x: n",
        condition=r"\mathbf x \neq \mathbf 0; \mathbf u = \frac{\mathbf x}{\lVert\mathbf x\rVert}",
        source="MC 130; MN 10",
        f=lambda x: x / norm(x),
        derivative=lambda x: (np.eye(len(x)) - np.outer(x, x) / (x @ x)) / norm(x),
        inputs=lambda rng, m, n: (vector(rng, n),),
        wrong={
            "the length below the fraction moves as well": lambda x: np.eye(len(x)) / norm(x),
            "this is for the square of the length": lambda x: 2 * np.eye(len(x)),
            "this is the gradient, not yet its derivative": lambda x: x / norm(x),
        },
    ),
    Rule(
        name="second-log-det",
        formula=r"\nabla\log\det A",
        by=r"A",
        result=r"D_{ijkl} = -(A^{-1})_{jk}(A^{-1})_{li}",
        other=r"-K(A^{-\top} \otimes A^{-1})",
        shapes=r"A: n \times n",
        condition=r"\det A > 0",
        source="MN 10",
        f=lambda A: inv(A).T,
        derivative=lambda A: -np.einsum("jk,li->ijkl", inv(A), inv(A)),
        inputs=lambda rng, m, n: (invertible(rng, n),),
        wrong={
            "this is the derivative of the inverse, not of its transpose": lambda A: (
                -np.einsum("ik,lj->ijkl", inv(A), inv(A))
            ),
            "the sign is wrong": lambda A: np.einsum("jk,li->ijkl", inv(A), inv(A)),
            "as if A were a number": lambda A: -inv(A) @ inv(A),
        },
    ),
)

NUMBER = (
    Rule(
        name="straight-line",
        formula=r"\mathbf a + t\mathbf b",
        by=r"t",
        result=r"\mathbf b",
        other=r"\mathbf b^{\top}",
        shapes=r"t: 1; \mathbf a, \mathbf b: n",
        source="MN 9",
        f=lambda t, a, b: a + t * b,
        derivative=lambda t, a, b: b,
        inputs=lambda rng, m, n: (rng.normal(), vector(rng, n), vector(rng, n)),
        wrong={
            "the constant is still there": lambda t, a, b: a + b,
            "the factor t is still there": lambda t, a, b: t * b,
            "a vector comes out, so the derivative is a vector": lambda t, a, b: np.sum(b),
        },
    ),
    Rule(
        name="square-by-number",
        formula=r"(A + tB)^2",
        by=r"t",
        result=r"B(A + tB) + (A + tB)B",
        other=r"(B(A + tB) + (A + tB)B)^{\top}",
        shapes=r"t: 1; A, B: n \times n",
        source="MC 37; MN 8",
        f=lambda t, A, B: (A + t * B) @ (A + t * B),
        derivative=lambda t, A, B: B @ (A + t * B) + (A + t * B) @ B,
        inputs=lambda rng, m, n: (rng.normal(), matrix(rng, n, n), matrix(rng, n, n)),
        wrong={
            "right only if A and B commute": lambda t, A, B: 2 * (A + t * B) @ B,
            "the inner derivative, of A + tB, is missing": lambda t, A, B: 2 * (A + t * B),
            "one of the two factors is held fixed": lambda t, A, B: (A + t * B) @ B,
        },
    ),
    Rule(
        name="inverse-by-number",
        formula=r"(A + tB)^{-1}",
        by=r"t",
        result=r"-(A + tB)^{-1}B(A + tB)^{-1}",
        other=r"-((A + tB)^{-1}B(A + tB)^{-1})^{\top}",
        shapes=r"t: 1; A, B: n \times n",
        condition=r"\det(A + tB) \neq 0",
        source="MC 59; MN 8",
        f=lambda t, A, B: inv(A + t * B),
        derivative=lambda t, A, B: -inv(A + t * B) @ B @ inv(A + t * B),
        inputs=lambda rng, m, n: (rng.uniform(), positive_definite(rng, n), invertible(rng, n)),
        wrong={
            "right only if A and B commute": lambda t, A, B: -inv(A + t * B) @ inv(A + t * B) @ B,
            "the inner derivative, of A + tB, is missing": lambda t, A, B: (
                -inv(A + t * B) @ inv(A + t * B)
            ),
            "the sign is wrong": lambda t, A, B: inv(A + t * B) @ B @ inv(A + t * B),
        },
    ),
    Rule(
        name="determinant-by-number",
        formula=r"\det(A + tB)",
        by=r"t",
        result=r"\det(A + tB)\operatorname{tr}((A + tB)^{-1}B)",
        shapes=r"t: 1; A, B: n \times n",
        condition=r"\det(A + tB) \neq 0",
        source="MC 46; MN 8",
        f=lambda t, A, B: det(A + t * B),
        derivative=lambda t, A, B: det(A + t * B) * np.trace(inv(A + t * B) @ B),
        inputs=lambda rng, m, n: (rng.uniform(), positive_definite(rng, n), invertible(rng, n)),
        wrong={
            "right only where A + tB is the identity": lambda t, A, B: (
                det(A + t * B) * np.trace(B)
            ),
            "this is the derivative of log det": lambda t, A, B: np.trace(inv(A + t * B) @ B),
            "this is the determinant of the derivative of A + tB": lambda t, A, B: det(B),
        },
    ),
    Rule(
        name="log-det-by-number",
        formula=r"\log\det(A + tB)",
        by=r"t",
        result=r"\operatorname{tr}((A + tB)^{-1}B)",
        shapes=r"t: 1; A, B: n \times n",
        condition=r"\det(A + tB) > 0",
        source="MC 43; MN 8",
        f=lambda t, A, B: np.log(det(A + t * B)),
        derivative=lambda t, A, B: np.trace(inv(A + t * B) @ B),
        inputs=lambda rng, m, n: (
            *(rng.uniform(), positive_definite(rng, n) + 3 * n * np.eye(n)),
            matrix(rng, n, n),
        ),
        wrong={
            "the inner derivative, of A + tB, is missing": lambda t, A, B: np.trace(
                inv(A + t * B)
            ),
            "this is the matrix of the derivatives by the entries, but t moves them all": (
                lambda t, A, B: inv(A + t * B).T
            ),
            "this is the slope at t = 0": lambda t, A, B: np.trace(inv(A) @ B),
            "this is the derivative of det(A + tB)": lambda t, A, B: (
                det(A + t * B) * np.trace(inv(A + t * B) @ B)
            ),
        },
    ),
    Rule(
        name="along-a-line",
        formula=r"(\mathbf x + t\mathbf v)^{\top}A(\mathbf x + t\mathbf v)",
        by=r"t",
        result=r"\mathbf v^{\top}(A + A^{\top})(\mathbf x + t\mathbf v)",
        shapes=r"t: 1; \mathbf x, \mathbf v: n; A: n \times n",
        f=lambda t, x, v, A: (x + t * v) @ A @ (x + t * v),
        derivative=lambda t, x, v, A: v @ (A + A.T) @ (x + t * v),
        inputs=lambda rng, m, n: (
            *(rng.normal(), vector(rng, n)),
            *(vector(rng, n), matrix(rng, n, n)),
        ),
        wrong={
            "right only if A is symmetric": lambda t, x, v, A: 2 * v @ A @ (x + t * v),
            "this is the slope at t = 0": lambda t, x, v, A: v @ (A + A.T) @ x,
            "this is the gradient: the direction is missing": lambda t, x, v, A: (
                (A + A.T) @ (x + t * v)
            ),
        },
    ),
)

RULES = {
    "vector": VECTOR,
    "trace": TRACE,
    "determinant": DETERMINANT,
    "inverse": INVERSE,
    "norm": NORM,
    "elementwise": ELEMENTWISE,
    "kronecker": KRONECKER,
    "symmetric": SYMMETRIC,
    "second": SECOND,
    "number": NUMBER,
}
