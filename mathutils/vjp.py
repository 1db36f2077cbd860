"""The table of VJPs: how each operation of NumPy sends a cotangent back to what it came from.

Let y be an array computed on the way to a number f, and let g have the derivative of f by each
entry of y. A vector-Jacobian product takes g to the derivatives by the entries of what y was
computed from. Reverse mode is nothing but this table, and the chain rule. A rule is written in
NumPy, and so it holds for arrays of numbers and for letters: `differentiate` gives it letters.

    >>> g, A, x = np.array([1.0, -1.0]), np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([5.0, 6.0])
    >>> VJP[np.matmul](g, A @ x, A, x)    # shapes (2, 2) and (2,)
    (array([[ 5.,  6.],
           [-5., -6.]]), array([-2., -2.]))

Sources: Giles (2008), Collected matrix derivative results for forward and reverse mode
algorithmic differentiation; Magnus and Neudecker (2019), chapters 8 and 9.
"""

import numpy as np
from numpy.typing import ArrayLike


def summed(g: ArrayLike, x: ArrayLike) -> ArrayLike:
    """Sum a cotangent over the axes along which x has been repeated by broadcasting.

    >>> summed(np.ones((2, 3)), np.zeros(3))
    array([2., 2., 2.])
    >>> summed(np.ones((2, 3)), np.zeros((2, 1)))  # shape (2, 1)
    """
    extra = np.ndim(g) - np.ndim(x)
    if extra:
        g = np.sum(g, axis=tuple(range(extra)))
    repeated = tuple(i for i, n in enumerate(np.shape(x)) if n == 1 and np.shape(g)[i] > 1)
    return np.sum(g, axis=repeated, keepdims=True) if repeated else g


def spread(
    g: ArrayLike, x: ArrayLike, axis: int | tuple | None = None, keepdims: bool = False
) -> ArrayLike:
    """Repeat along the axes that were summed, so that g has the shape of x.

    >>> spread(np.array([1.0, 2.0]), np.zeros((2, 3)), axis=1)
    array([[1., 1., 1.],
           [2., 2., 2.]])
    """
    if axis is not None and not keepdims:
        g = np.expand_dims(g, axis)
    return np.broadcast_to(g, np.shape(x))


def scattered(g: ArrayLike, x: ArrayLike, index: int | slice | tuple) -> ArrayLike:
    """Return zeros in the shape of x, with g where the entries were taken from.

    >>> scattered(5.0, np.zeros((2, 2)), (0, 1))
    array([[0., 5.],
           [0., 0.]])
    """
    if hasattr(g, "scattered"):
        return g.scattered(x, index)
    zeros = np.zeros(np.shape(x))
    np.add.at(zeros, index, g)
    return zeros


def others(y: ArrayLike, x: ArrayLike) -> ArrayLike:
    """Return for each entry of x the product of all the others, where y is that of all.

    With letters it is written y / x, which says nothing where an entry is zero.

    >>> others(0.0, np.array([2.0, 0.0, 3.0]))
    array([0., 6., 0.])
    """
    if hasattr(x, "expression"):
        return y / x
    rows = np.where(np.eye(np.size(x)), 1, np.ravel(x))
    return np.reshape(np.prod(rows, axis=1), np.shape(x))


def _power(g, y, a, n):
    by_a = summed(g * n * a ** (n - 1), a)
    return by_a, None if type(n) in (int, float) else summed(g * y * np.log(a), n)


def _matmul(g, y, a, b):
    if np.ndim(a) == np.ndim(b) == 1:
        return g * b, g * a
    if np.ndim(b) == 1:
        return np.outer(g, b), a.T @ g
    if np.ndim(a) == 1:
        return b @ g, np.outer(a, g)
    return g @ b.T, a.T @ g


def _solve(g, y, a, b):
    back = np.linalg.solve(a.T, g)
    return (-np.outer(back, y) if np.ndim(b) == 1 else -back @ y.T), back


def _kron(g, y, a, b):
    if hasattr(g, "kron_parts"):
        return g.kron_parts(a, b)
    blocks = np.reshape(g, (a.shape[0], b.shape[0], a.shape[1], b.shape[1]))
    return np.einsum("ikjl,kl->ij", blocks, b), np.einsum("ikjl,ij->kl", blocks, a)


# From an operation to a function of the cotangent g of its result y, of y, and of its arguments,
# which returns a cotangent for each. Options, such as axis, are passed on by their names.
VJP = {
    np.add: lambda g, y, a, b: (summed(g, a), summed(g, b)),
    np.subtract: lambda g, y, a, b: (summed(g, a), summed(-g, b)),
    np.negative: lambda g, y, a: (-g,),
    np.multiply: lambda g, y, a, b: (summed(g * b, a), summed(g * a, b)),
    np.true_divide: lambda g, y, a, b: (summed(g / b, a), summed(-g * a / b**2, b)),
    np.power: _power,
    # functions of one number, entry by entry
    np.exp: lambda g, y, a: (g * y,),
    np.log: lambda g, y, a: (g / a,),
    np.sqrt: lambda g, y, a: (g / (2 * y),),
    np.sin: lambda g, y, a: (g * np.cos(a),),
    np.cos: lambda g, y, a: (-g * np.sin(a),),
    np.tan: lambda g, y, a: (g * (1 + y**2),),
    np.arctan: lambda g, y, a: (g / (1 + a**2),),
    np.sinh: lambda g, y, a: (g * np.cosh(a),),
    np.cosh: lambda g, y, a: (g * np.sinh(a),),
    np.tanh: lambda g, y, a: (g * (1 - y**2),),
    np.absolute: lambda g, y, a: (g * np.sign(a),),
    # choices
    np.maximum: lambda g, y, a, b: (summed(g * (a > b), a), summed(g * (a <= b), b)),
    np.minimum: lambda g, y, a, b: (summed(g * (a < b), a), summed(g * (a >= b), b)),
    np.where: lambda g, y, c, a, b: (
        None, summed(g * c, a), summed(g * np.logical_not(c), b)
    ),
    np.logaddexp: lambda g, y, a, b: (
        summed(g / (1 + np.exp(b - a)), a), summed(g / (1 + np.exp(a - b)), b)
    ),
    # the derivative by what is compared is 0 where there is one
    **dict.fromkeys(
        (np.greater, np.greater_equal, np.less, np.less_equal, np.equal, np.not_equal),
        lambda g, y, a, b: (None, None),
    ),
    np.sign: lambda g, y, a: (None,),
    np.max: lambda g, y, a, **over: (spread(g, a, **over) * (a == spread(y, a, **over)),),
    np.min: lambda g, y, a, **over: (spread(g, a, **over) * (a == spread(y, a, **over)),),
    # sums and products of entries
    "softmax": lambda g, y, a: (y * (g - np.sum(g * y, axis=-1, keepdims=True)),),
    np.sum: lambda g, y, a, **over: (spread(g, a, **over),),
    np.prod: lambda g, y, a: (g * others(y, a),),
    np.broadcast_to: lambda g, y, a, shape: (summed(g, a),),
    # where the entries stand
    np.transpose: lambda g, y, a: (np.transpose(g),),
    np.reshape: lambda g, y, a, shape: (np.reshape(g, np.shape(a)),),
    "getitem": lambda g, y, a, index: (scattered(g, a, index),),
    np.diag: lambda g, y, a: (np.diag(g),),
    # matrices
    np.matmul: _matmul,
    np.outer: lambda g, y, a, b: (g @ b, g.T @ a),
    np.kron: _kron,
    np.trace: lambda g, y, a: (g * np.eye(len(a)),),
    np.linalg.norm: lambda g, y, a: (g * a / y,),
    np.linalg.inv: lambda g, y, a: (-y.T @ g @ y.T,),
    np.linalg.solve: _solve,
    np.linalg.det: lambda g, y, a: (g * y * np.linalg.inv(a).T,),
    np.linalg.slogdet: lambda g, y, a: (g * np.linalg.inv(a).T,),  # y is its second result
}  # fmt: skip
