"""Functions of vectors and matrices that NumPy does not have."""

import numpy as np
from numpy.linalg import det


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
