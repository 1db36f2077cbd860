"""Functions of vectors and matrices that NumPy does not have."""

import numpy as np

from mathutils.vjp import VJP


def softmax(x: np.ndarray) -> np.ndarray:
    """Return positive numbers in the proportions of e^x, whose sum is 1.

    >>> softmax(np.array([1000, 1000]))  # shape (2,)
    array([0.5, 0.5])
    """
    e = np.exp(x - x.max())
    return e / e.sum()


def softmax_rows(x: np.ndarray) -> np.ndarray:
    """Return the softmax of each row.

    >>> softmax_rows(np.array([[0, 0], [0, 1000]]))  # shape (2, 2)
    array([[0.5, 0.5],
           [0. , 1. ]])
    """
    e = np.exp(x - x.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


def back_to_scores(
    q: np.ndarray, k: np.ndarray, u: np.ndarray, v: np.ndarray, c: float
) -> np.ndarray:
    """Return the gradient by the scores of attention, from v, that by softmax(q kᵀ / c) u.

    >>> ones = np.ones((2, 3))
    >>> back_to_scores(ones, ones, ones, ones, 1.0)  # shape (2, 2)
    array([[0., 0.],
           [0., 0.]])
    """
    scores = q @ k.T / c
    return VJP["softmax"](v @ u.T, softmax_rows(scores), scores)[0]


def layer_norm(x: np.ndarray, c: float) -> np.ndarray:
    """Return x without its mean, divided by the root of its variance plus c.

    >>> layer_norm(np.array([1.0, 3.0, 5.0, 7.0]), 4.0)  # shape (4,)
    array([-1.        , -0.33333333,  0.33333333,  1.        ])
    """
    return (x - x.mean()) / np.sqrt(np.var(x) + c)


def back_through_norm(
    x: np.ndarray, v: np.ndarray, c: float, mean: bool = True, deviation: bool = True
) -> np.ndarray:
    """Return the gradient by x, from v, that by `layer_norm` of x.

    >>> back_through_norm(np.array([1.0, 3.0, 5.0, 7.0]), np.ones(4), 4.0)  # shape (4,)
    array([0., 0., 0., 0.])
    """
    y = layer_norm(x, c)
    through_mean, through_deviation = mean * v.mean(), deviation * np.mean(v * y) * y
    return (v - through_mean - through_deviation) / np.sqrt(np.var(x) + c)


def log_sum_exp(x: np.ndarray) -> float:
    """Return the logarithm of the sum of e^x.

    >>> log_sum_exp(np.zeros(3)) - np.log(3)  # shape ()
    np.float64(0.0)
    """
    return x.max() + np.log(np.sum(np.exp(x - x.max())))


def sigmoid(x: np.ndarray) -> np.ndarray:
    """Return 1 / (1 + e^(-x)), entry by entry.

    >>> sigmoid(np.zeros((2, 3)))  # shape (2, 3)
    array([[0.5, 0.5, 0.5],
           [0.5, 0.5, 0.5]])
    """
    return 1 / (1 + np.exp(-x))


def cofactors(a: np.ndarray, sign: int = -1) -> np.ndarray:
    """Return the determinants that are left without row i and column j, with their signs.

    >>> cofactors(np.array([[1.0, 2], [3, 4]])).round(9)  # shape (2, 2)
    array([[ 4., -3.],
           [-2.,  1.]])
    """
    c = np.empty_like(a)
    for i, j in np.ndindex(a.shape):
        minor = np.delete(np.delete(a, i, axis=0), j, axis=1)
        c[i, j] = sign ** (i + j) * np.linalg.det(minor)
    return c


def vec(a: np.ndarray) -> np.ndarray:
    """List a matrix column by column.

    >>> vec(np.array([[1, 2, 3], [4, 5, 6]]))  # shape (6,)
    array([1, 4, 2, 5, 3, 6])
    """
    return a.ravel(order="F")


def vech(s: np.ndarray) -> np.ndarray:
    """List the entries on and below the diagonal column by column, each once.

    >>> vech(np.array([[1, 2], [3, 4]]))  # shape (3,)
    array([1, 3, 4])
    """
    return s.T[np.triu_indices(len(s))]


def unvech(s: np.ndarray) -> np.ndarray:
    """Return the symmetric matrix with these entries on and below the diagonal.

    >>> unvech(np.array([1, 3, 4]))  # shape (2, 2)
    array([[1., 3.],
           [3., 4.]])
    """
    n = int(np.sqrt(2 * s.size))
    a = np.zeros((n, n))
    a[np.triu_indices(n)] = s
    return a + a.T - np.diag(np.diag(a))


def top_eigenvector(s: np.ndarray) -> np.ndarray:
    """Return the unit vector that belongs to the largest eigenvalue of a symmetric matrix.

    >>> abs(top_eigenvector(np.diag([1, 3])))  # shape (2,)
    array([0., 1.])
    """
    return np.linalg.eigh(s)[1][:, -1]


def delta(size: int) -> np.ndarray:
    """Return the numbers that are 1 where the two indices are equal, and 0 elsewhere.

    >>> delta(2)  # shape (2, 2)
    array([[1., 0.],
           [0., 1.]])
    """
    return np.eye(size)
