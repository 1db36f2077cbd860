"""Functions of matrix calculus that the benchmark differentiates, and the points where it does.

Each takes one x of shape (n,) or a batch of shape (k, n). `np` is numpy, or autograd's twin of it.
"""

from numpy.random import default_rng


def point(n):
    return default_rng(n + 1).normal(size=n)


def to_number(np, n):
    """Return functions to a number, by name, each with its gradient."""
    rng, p, eye = default_rng(n), rows(n), np.eye(rows(n))
    m = min(n, 50)
    a, b, v, c, d = (rng.normal(size=k) for k in (n, m, m, p, n // p))
    C, Y = rng.normal(size=(2, p, n // p))
    A, S, T = (rng.normal(size=k) for k in [(m, n), (n, n), (p, p)])
    A, S, T = A / n**0.5, S / n**0.5, T / p**0.5

    def square(x):
        return np.sum(x * x, axis=-1)

    def column(number):
        return number[..., None]

    def matrix(x):
        return x.reshape(*x.shape[:-1], p, n // p)

    def softmax(z):
        e = np.exp(z - np.max(z, axis=-1, keepdims=True))
        return e / np.sum(e, axis=-1, keepdims=True)

    def log_sum_exp(z):
        return np.log(np.sum(np.exp(z), axis=-1))

    def gram(x):
        return eye + matrix(x) @ matrix(x).swapaxes(-1, -2)

    return {
        "a·x": (lambda x: x @ a, lambda x: a + 0 * x),
        "xᵀSx": (lambda x: np.sum(x * (x @ S), axis=-1), lambda x: x @ (S + S.T)),
        "‖Ax - b‖²": (lambda x: square(x @ A.T - b), lambda x: 2 * (x @ A.T - b) @ A),
        "(x·x)(a·x)": (
            lambda x: square(x) * (x @ a),
            lambda x: 2 * column(x @ a) * x + column(square(x)) * a,
        ),
        "log-sum-exp Ax": (lambda x: log_sum_exp(x @ A.T), lambda x: softmax(x @ A.T) @ A),
        "log(1 + x·x)": (
            lambda x: np.log(1 + square(x)),
            lambda x: 2 * x / column(1 + square(x)),
        ),
        "‖x - a‖": (
            lambda x: np.sqrt(square(x - a)),
            lambda x: (x - a) / column(np.sqrt(square(x - a))),
        ),
        "a·sin x": (lambda x: np.sin(x) @ a, lambda x: np.cos(x) * a),
        "v·tanh Ax": (
            lambda x: np.tanh(x @ A.T) @ v,
            lambda x: (v / np.cosh(x @ A.T) ** 2) @ A,
        ),
        "products of neighbours": (
            lambda x: np.sum(x**2 * np.roll(x, -1, axis=-1), axis=-1),
            lambda x: 2 * x * np.roll(x, -1, axis=-1) + np.roll(x**2, 1, axis=-1),
        ),
        "log det(I + XXᵀ)": (
            lambda x: np.linalg.slogdet(gram(x))[1],
            lambda x: 2 * np.linalg.solve(gram(x), matrix(x)).reshape(x.shape),
        ),
        "tr CᵀX": (lambda x: np.sum(C * matrix(x), axis=(-1, -2)), lambda x: C.ravel() + 0 * x),
        "cᵀXd": (lambda x: matrix(x) @ d @ c, lambda x: np.outer(c, d).ravel() + 0 * x),
        "‖TX - Y‖²": (
            lambda x: np.sum((T @ matrix(x) - Y) ** 2, axis=(-1, -2)),
            lambda x: (2 * T.T @ (T @ matrix(x) - Y)).reshape(x.shape),
        ),
        "‖X‖²": (lambda x: np.sum(x**2, axis=-1), lambda x: 2 * x),
        "tr XᵀTX": (
            lambda x: np.sum(matrix(x) * (T @ matrix(x)), axis=(-1, -2)),
            lambda x: ((T + T.T) @ matrix(x)).reshape(x.shape),
        ),
    }


def to_vector(np, n):
    """Return functions to at most 50 numbers, by name, each with None."""
    rng, p, m = default_rng(n), rows(n), min(n, 50)
    A, B = rng.normal(size=(2, m, n)) / n**0.5
    c, d = rng.normal(size=p), rng.normal(size=n // p)

    def matrix(x):
        return x.reshape(*x.shape[:-1], p, n // p)

    def share(z):
        return z / np.sum(z, axis=-1, keepdims=True)

    def combine(X):
        return np.sum(X * np.sum(X * c[:, None], axis=-2, keepdims=True), axis=-1)

    return {
        "Ax": (lambda x: x @ A.T, None),
        "softmax Ax": (lambda x: share(np.exp(x @ A.T)), None),
        "tanh Ax": (lambda x: np.tanh(x @ A.T), None),
        "Ax * Bx": (lambda x: (x @ A.T) * (x @ B.T), None),
        "Ax / ‖x‖": (lambda x: x @ A.T / np.sqrt(np.sum(x**2, axis=-1, keepdims=True)), None),
        "XXᵀc": (lambda x: combine(matrix(x)), None),
        "Xd": (lambda x: matrix(x) @ d, None),
    }


def rows(n):
    """Return the largest divisor of n up to its root: n numbers make a matrix of so many rows."""
    return max(p for p in range(1, int(n**0.5) + 1) if n % p == 0)
