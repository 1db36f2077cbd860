"""Exercises: going backwards through the parts of a network."""

import numpy as np

from mathutils.course.exercise import Exercise, Exercises
from mathutils.course.functions import back_through_norm, layer_norm, softmax_rows
from mathutils.course.inputs import matrix, vector
from mathutils.course.kinds import Counterexample, Derivation


def log_softmax(X):
    return np.log(softmax_rows(X))


def summed(V):
    return np.sum(V, axis=1, keepdims=True)


def root_mean_square(x, c):
    return np.sqrt(np.mean(x**2) + c)


def back_through_rms(x, v, c):
    y = x / root_mean_square(x, c)
    return (v - np.mean(v * y) * y) / root_mean_square(x, c)


def bent(X, W, V):
    return V * (1 - np.tanh(X @ W) ** 2)


exercises = Exercises(
    Exercise(
        "sum-of-two-products",
        f=lambda X, A, B, V: np.sum(V * (A @ X + X @ B)),
        inputs=lambda rng, m, n: (
            *(matrix(rng, m, n), matrix(rng, m, m)),
            *(matrix(rng, n, n), matrix(rng, m, n)),
        ),
        wrong={
            "forwards-again": lambda X, A, B, V: A @ V + V @ B,
            "first-product-only": lambda X, A, B, V: A.T @ V,
            "second-product-only": lambda X, A, B, V: V @ B.T,
        },
    ),
    Exercise(
        "weights-of-their-own",
        f=lambda W, X, V: np.sum(V * np.einsum("bij,bjk->bik", X, W)),
        inputs=lambda rng, m, n: (
            *(rng.normal(size=(2, m, n)), rng.normal(size=(2, n + 1, m))),
            rng.normal(size=(2, n + 1, n)),
        ),
        wrong={
            "batch-not-shared": lambda W, X, V: np.einsum("bij,bik->jk", X, V),
            "mean-over-rows": lambda W, X, V: np.einsum("bij,bik->bjk", X, V) / X.shape[1],
            "letters-of-the-transpose": lambda W, X, V: np.einsum("bij,bik->bkj", X, V),
        },
    ),
    Exercise(
        "log-softmax-rows",
        f=lambda X, V: np.sum(V * log_softmax(X)),
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, m, n)),
        wrong={
            "rows-of-v-sum-to-one": lambda X, V: V - softmax_rows(X),
            "of-softmax-without-log": lambda X, V: (
                softmax_rows(X) * (V - summed(softmax_rows(X) * V))
            ),
            "sum-of-each-row-missing": lambda X, V: V - softmax_rows(X) * V,
            "log-sum-held-fixed": lambda X, V: V,
        },
    ),
    Exercise(
        "rms-norm",
        f=lambda x, v, c: v @ (x / root_mean_square(x, c)),
        inputs=lambda rng, m, n: (vector(rng, n + 2), vector(rng, n + 2), rng.uniform(0.1, 0.3)),
        wrong={
            "size-held-fixed": lambda x, v, c: v / root_mean_square(x, c),
            "sum-for-the-mean": lambda x, v, c: (
                (v - (v @ x) * x / root_mean_square(x, c) ** 2) / root_mean_square(x, c)
            ),
            "root-below-missing": lambda x, v, c: (
                back_through_rms(x, v, c) * root_mean_square(x, c)
            ),
            "layer-norm-instead": lambda x, v, c: back_through_norm(x, v, c),
        },
    ),
    Counterexample(
        "norm-without-mean",
        f=lambda x, v: v @ layer_norm(x, 0.01),
        claim=lambda x, v: back_through_norm(x, v, 0.01, mean=False),
        answer=[np.array([0.0, 1, 3]), np.array([1.0, 0, 0])],
        wrong={"v-has-no-mean": [np.array([0.0, 1, 3]), np.array([1.0, -1, 0])]},
        holds={"v-has-no-mean": lambda x, v: np.isclose(np.sum(v), 0)},
    ),
    Derivation(
        "residual-block",
        f=lambda X, W, V: np.sum(V * (X + np.tanh(X @ W))),
        inputs=lambda rng, m, n: (matrix(rng, m, n), matrix(rng, n, n), matrix(rng, m, n)),
        lines=("line-of-the-block", "line-G-dX", "line-gradient"),
        answer=[
            lambda X, W, V, dX: np.sum(V * dX) + np.sum(bent(X, W, V) * (dX @ W)),
            lambda X, W, V, dX: np.sum((V + bent(X, W, V) @ W.T) * dX),
            lambda X, W, V: V + bent(X, W, V) @ W.T,
        ],
        wrong={
            "way-past-missing": lambda X, W, V: bent(X, W, V) @ W.T,
            "weights-not-transposed": lambda X, W, V: V + bent(X, W, V) @ W,
            "tanh-of-block-missing": lambda X, W, V: V + V @ W.T,
        },
    ),
    Exercise(
        "attention-backwards",
        answer=3,
        wrong={
            "attention-line-1": 1,
            "attention-line-2": 2,
            "attention-line-4": 4,
            "attention-line-5": 5,
        },
    ),
)
