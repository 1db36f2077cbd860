"""Random arguments of functions: arrays of normal numbers, and those that must be more.

In the examples, ``rng`` is ``np.random.default_rng(0)``.
"""

import re
from collections.abc import Callable

import numpy as np
from numpy.random import Generator

from mathutils.course.functions import softmax


def of_shapes(shapes: str) -> Callable:
    r"""Return the function of a generator and of sizes m and n that draws arrays of these shapes.

    Parameters
    ----------
    shapes : str
        LaTeX, as in ``X: m \times n; \mathbf b: n; c: 1``; p and q are other sizes.

    Examples
    --------
    >>> X, b, c = of_shapes(r"X: m \times n; \mathbf b: n; c: 1")(rng, 2, 3)
    >>> X  # shape (2, 3)
    >>> b  # shape (3,)
    >>> c  # shape ()
    """

    def inputs(rng, m, n):
        lengths = {"m": m, "n": n, "p": m + n, "q": n + 2}
        return tuple(rng.normal(size=[lengths[size] for size in shape]) for shape in wanted)

    wanted = []
    for part in shapes.split("; "):
        names, shape = part.split(": ")
        sizes = [size for size in re.split(r" \\times ", shape) if size != "1"]
        wanted += [sizes] * len(names.split(", "))
    return inputs


def vector(rng: Generator, size: int) -> np.ndarray:
    """Return normal numbers.

    >>> vector(rng, 3)  # shape (3,)
    """
    return rng.normal(size=size)


def matrix(rng: Generator, rows: int, columns: int) -> np.ndarray:
    """Return a matrix of normal numbers.

    >>> matrix(rng, 2, 3)  # shape (2, 3)
    """
    return rng.normal(size=(rows, columns))


def symmetric(rng: Generator, n: int) -> np.ndarray:
    """Return a matrix that is its own transpose.

    >>> symmetric(rng, 3)  # shape (3, 3)
    """
    a = matrix(rng, n, n)
    return a + a.T


def positive_definite(rng: Generator, n: int) -> np.ndarray:
    """Return a symmetric matrix with eigenvalues of 1 and more.

    >>> positive_definite(rng, 3)  # shape (3, 3)
    """
    a = matrix(rng, n, n)
    return a @ a.T + np.eye(n)


def invertible(rng: Generator, n: int, sign: int = 1) -> np.ndarray:
    """Return a matrix far from singular, whose determinant has this sign.

    >>> invertible(rng, 3, sign=-1)  # shape (3, 3)
    """
    a = np.linalg.qr(matrix(rng, n, n))[0] @ positive_definite(rng, n)
    if np.sign(np.linalg.det(a)) != sign:
        a[0] = -a[0]
    return a


def between(rng: Generator, m: int, n: int) -> tuple:
    """Return X, m × n, with A and B such that AXB has a positive determinant.

    AXB is 2 × 2, or a number where X has only one row or column.

    >>> X, A, B = between(rng, 3, 4)
    >>> A @ X @ B  # shape (2, 2)
    """
    k = min(m, n, 2)
    x, a, b = matrix(rng, m, n), matrix(rng, k, m), matrix(rng, n, k)
    if np.linalg.det(a @ x @ b) < 0:
        a[0] = -a[0]
    return x, a, b


def singular(rng: Generator, n: int) -> np.ndarray:
    """Return a matrix whose determinant is zero.

    >>> singular(rng, 3)  # shape (3, 3)
    """
    return matrix(rng, n, n - 1) @ matrix(rng, n - 1, n)


def weights(rng: Generator, size: int) -> np.ndarray:
    """Return positive numbers whose sum is 1.

    >>> weights(rng, 3)  # shape (3,)
    """
    return softmax(vector(rng, size))


def distinct(rng: Generator, n: int, symmetric: bool = True) -> np.ndarray:
    """Return a matrix with n real eigenvalues, of which no two are close.

    >>> distinct(rng, 3)  # shape (3, 3)
    """
    q = np.linalg.qr(matrix(rng, n, n))[0]
    a = np.diag(np.arange(1, n + 1) + rng.uniform(-0.2, 0.2, n))
    if not symmetric:
        a += np.triu(matrix(rng, n, n), 1)
    return q @ a @ q.T


def accretive(rng: Generator, n: int) -> np.ndarray:
    """Return a matrix whose symmetric part is positive definite.

    >>> accretive(rng, 3)  # shape (3, 3)
    """
    a = matrix(rng, n, n)
    return positive_definite(rng, n) + a - a.T


def contraction(rng: Generator, n: int) -> np.ndarray:
    """Return a matrix of spectral norm 0.8.

    >>> contraction(rng, 3)  # shape (3, 3)
    """
    a = matrix(rng, n, n)
    return 0.8 * a / np.linalg.norm(a, 2)


def tall(rng: Generator, m: int, n: int) -> np.ndarray:
    """Return an m × n matrix with independent columns, for m of at least n.

    >>> tall(rng, 5, 3)  # shape (5, 3)
    """
    return np.linalg.qr(matrix(rng, m, n))[0] @ positive_definite(rng, n)
