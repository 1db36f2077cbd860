"""Eigenvalues, roots, exponentials and triangles of matrices, and how they move."""

from collections.abc import Callable

import numpy as np


def eigentriple(a: np.ndarray) -> tuple:
    """Return the largest eigenvalue with its left and its right eigenvector, whose product is 1.

    The right one is a unit vector. All eigenvalues should be real.

    >>> value, u, v = eigentriple(np.array([[1.0, 5.0], [0.0, 3.0]]))
    >>> value  # shape ()
    np.float64(3.0)
    >>> u @ v  # shape ()
    np.float64(1.0)
    """
    values, vectors = np.linalg.eig(a)
    k = np.argmax(values.real)
    return values[k].real, np.linalg.inv(vectors)[k].real, vectors[:, k].real


def triples(x: np.ndarray) -> tuple:
    """Return the singular values and vectors of a matrix, U, s and V with X = U diag(s) Vᵀ.

    >>> U, s, V = triples(np.ones((4, 3)))
    >>> U  # shape (4, 3)
    >>> V  # shape (3, 3)
    """
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return u, s, vt.T


def matrix_exponential(a: np.ndarray) -> np.ndarray:
    """Return the sum of all powers of a matrix, each divided by k!.

    >>> matrix_exponential(np.zeros((2, 2)))  # shape (2, 2)
    array([[1., 0.],
           [0., 1.]])
    """
    term = total = np.eye(len(a))
    for k in range(1, 200):
        term = term @ a / k
        total = total + term
    return total


def exponential_slopes(x: np.ndarray) -> np.ndarray:
    """Return the slopes of the chords of exp between the numbers in x, and of its tangents.

    >>> exponential_slopes(np.zeros(2))  # shape (2, 2)
    array([[1., 1.],
           [1., 1.]])
    """
    half = np.subtract.outer(x, x) / 2
    ratio = np.divide(np.sinh(half), half, out=np.ones_like(half), where=half != 0)
    return np.exp(np.add.outer(x, x) / 2) * ratio


def square_root(a: np.ndarray) -> np.ndarray:
    """Return the matrix whose square is `a`, for `a` with positive eigenvalues.

    >>> square_root(np.diag([4.0, 9.0]))  # shape (2, 2)
    array([[2., 0.],
           [0., 3.]])
    """
    values, vectors = np.linalg.eig(a)
    return ((vectors * np.sqrt(values.astype(complex))) @ np.linalg.inv(vectors)).real


def half_lower(a: np.ndarray) -> np.ndarray:
    """Return the lower triangle, with half of the diagonal: with its transpose it gives `a` back.

    >>> half_lower(np.array([[2.0, 5.0], [5.0, 4.0]]))  # shape (2, 2)
    array([[1., 0.],
           [5., 2.]])
    """
    return np.tril(a) - np.diag(np.diag(a)) / 2


def fixed_point(w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the x with x = tanh(Wx + b), for W of spectral norm below 1.

    >>> fixed_point(np.zeros((2, 2)), np.zeros(2))  # shape (2,)
    array([0., 0.])
    """
    x = np.tanh(b)
    for _ in range(12):  # Newton's method
        y = np.tanh(w @ x + b)
        slopes = (1 - y**2)[:, None] * w
        x = x - np.linalg.solve(np.eye(len(b)) - slopes, x - y)
    return x


def turning(s: np.ndarray, r: np.ndarray) -> tuple:
    """Return M and v with dv = M dS v, for the eigenvector v of the largest eigenvalue.

    Of the two unit vectors, v is the one whose product with `r` is positive.

    >>> M, v = turning(np.diag([1.0, 3.0]), np.array([0.0, 1.0]))
    >>> M  # shape (2, 2)
    array([[0.5, 0. ],
           [0. , 0. ]])
    """
    values, vectors = np.linalg.eigh(s)
    gaps = values[-1] - values[:-1]
    m = (vectors[:, :-1] / gaps) @ vectors[:, :-1].T
    return m, vectors[:, -1] * np.sign(r @ vectors[:, -1])


def first(x: np.ndarray) -> np.ndarray:
    """Return the outer product of the singular vectors of the largest singular value.

    >>> first(np.diag([1.0, 3.0]))  # shape (2, 2)
    array([[0., 0.],
           [0., 1.]])
    """
    u, _, v = triples(x)
    return np.outer(u[:, 0], v[:, 0])


def last(x: np.ndarray) -> np.ndarray:
    """Return the outer product of the singular vectors of the smallest singular value.

    >>> last(np.diag([1.0, 3.0]))  # shape (2, 2)
    array([[1., 0.],
           [0., 0.]])
    """
    u, _, v = triples(x)
    return np.outer(u[:, -1], v[:, -1])


def slope_of_exponential(s: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the derivative of the exponential of s + tb by t, at 0, for symmetric s.

    >>> slope_of_exponential(np.zeros((2, 2)), np.ones((2, 2)))  # shape (2, 2)
    array([[1., 1.],
           [1., 1.]])
    """
    d, v = np.linalg.eigh(s)
    return v @ (exponential_slopes(d) * (v.T @ b @ v)) @ v.T


def side(s: np.ndarray) -> int:
    """Return the number of rows of a square matrix, from all its entries.

    >>> side(np.zeros(9))
    3
    """
    return int(np.sqrt(s.size))


def sum_of_roots(s: np.ndarray) -> np.ndarray:
    """Return R ⊗ I + I ⊗ R for the square root R of the symmetric matrix with these entries.

    >>> sum_of_roots(np.array([4.0, 0.0, 0.0, 9.0]))  # shape (4, 4)
    array([[4., 0., 0., 0.],
           [0., 5., 0., 0.],
           [0., 0., 5., 0.],
           [0., 0., 0., 6.]])
    """
    root, identity = square_root(s.reshape(side(s), -1)), np.eye(side(s))
    return np.kron(root, identity) + np.kron(identity, root)


def cholesky_forwards(s: np.ndarray, ds: np.ndarray, half: Callable) -> np.ndarray:
    """Return L half(L⁻¹ dS L⁻ᵀ), which is dL where `half` is `half_lower`.

    >>> cholesky_forwards(4 * np.eye(2), np.eye(2), half_lower)  # shape (2, 2)
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    lower = np.linalg.cholesky(s)
    inverse = np.linalg.inv(lower)
    return lower @ half(inverse @ ds @ inverse.T)


def cholesky_backwards(s: np.ndarray, v: np.ndarray, half: Callable) -> np.ndarray:
    """Return the symmetric part of L⁻ᵀ half(Lᵀ V) L⁻¹.

    That is the gradient by S where `half` is `half_lower` and V is the gradient by L.

    >>> cholesky_backwards(4 * np.eye(2), np.eye(2), half_lower)  # shape (2, 2)
    array([[0.25, 0.  ],
           [0.  , 0.25]])
    """
    lower = np.linalg.cholesky(s)
    inverse = np.linalg.inv(lower)
    g = inverse.T @ half(lower.T @ v) @ inverse
    return (g + g.T) / 2


def loop(w: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return the diagonal matrix of the slopes of tanh at the fixed point.

    >>> loop(np.zeros((2, 2)), np.zeros(2))  # shape (2, 2)
    array([[1., 0.],
           [0., 1.]])
    """
    return np.diag(1 - fixed_point(w, b) ** 2)
