"""Random arguments of functions: arrays of normal numbers, and those that must be more."""

import re
from collections.abc import Callable

import numpy as np


def of_shapes(shapes: str) -> Callable:
    r"""Return the function of a generator and of sizes m and n that draws arrays of these shapes.

    Parameters
    ----------
    shapes : str
        LaTeX, as in ``X: m \times n; \mathbf b: n; c: 1``; p and q are other sizes.

    Examples
    --------
    >>> inputs = of_shapes(r"X: m \times n; \mathbf b: n; c: 1")
    >>> [np.shape(x) for x in inputs(np.random.default_rng(0), 2, 3)]
    [(2, 3), (3,), ()]
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
    if np.sign(np.linalg.det(a)) != sign:
        a[0] = -a[0]
    return a


def between(rng, m, n):
    """Return X, m × n, with A and B such that AXB is 2 × 2 and has a positive determinant."""
    x, a, b = matrix(rng, m, n), matrix(rng, 2, m), matrix(rng, n, 2)
    if np.linalg.det(a @ x @ b) < 0:
        a[0] = -a[0]
    return x, a, b


def singular(rng, n):
    return matrix(rng, n, n - 1) @ matrix(rng, n - 1, n)


def weights(rng, size):
    """Return positive numbers whose sum is 1."""
    e = np.exp(vector(rng, size))
    return e / e.sum()
