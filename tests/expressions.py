"""120 scalar functions of vectors and matrices, on which `differentiate` is judged.

They were chosen before `differentiate` was run on any of them: the catalogue's rules whose
function gives a number, the examples in the documentation of matrixcalculus.org, functions that
people ask the derivative of, and 40 composed ones. Each is differentiated by its first argument.

The last text is the same function for SymPy. There ``num`` makes a number of a 1 × 1 matrix,
``total`` adds all entries, and ``one`` is a column of ones with as many rows as its argument.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.linalg import det, inv, norm, slogdet, solve

from mathutils.course import RULES
from mathutils.course.inputs import invertible, positive_definite, symmetric


@dataclass(frozen=True)
class Expression:
    """A function of arrays, the arguments that it gets, and the same for SymPy.

    `inputs` is a function of a random generator; `symmetric` names the arguments that are said
    to be symmetric; `rule` is the one of the catalogue, with the result to compare with.
    """

    name: str
    group: str
    f: Callable
    inputs: Callable
    sympy: str
    symmetric: tuple = ()
    rule: object = None


# The catalogue's rules, in SymPy's words. Where there are none for it, the text is empty.
CATALOGUE = {
    "linear-form": "w.T*x",
    "quadratic-form": "x.T*A*x",
    "quadratic-form-symmetric": "x.T*S*x",
    "bilinear-form": "x.T*A*y",
    "squared-residual": "(A*x - b).T*(A*x - b)",
    "weighted-residual": "(A*x - b).T*W*(A*x - b)",
    "log-sum-exp": "log(num(one(x).T*x.applyfunc(exp)))",
    "cross-entropy": "-num(y.T*x) + num(one(y).T*y)*log(num(one(x).T*x.applyfunc(exp)))",
    "logistic": "one(t).T*(X*w).applyfunc(Lambda(u, log(1 + exp(u)))) - t.T*X*w",
    "trace": "Trace(A)",
    "trace-product": "Trace(A*B)",
    "trace-second-factor": "Trace(W*X)",
    "trace-inner-product": "Trace(A.T*B)",
    "trace-three": "Trace(A*X*B)",
    "trace-three-transposed": "Trace(A*X.T*B)",
    "bilinear-in-matrix": "a.T*X*b",
    "trace-quadratic": "Trace(X.T*A*X)",
    "trace-congruence": "Trace(A*B*A.T)",
    "trace-four": "Trace(A*X*B*X.T)",
    "trace-square": "Trace(X**2)",
    "trace-power": "Trace(X**k)",
    "trace-square-weighted": "Trace(A*X**2)",
    "determinant": "det(A)",
    "log-det": "log(det(A))",
    "log-abs-det": "log(Abs(det(A)))",
    "log-det-product": "log(det(A*X*B))",
    "determinant-product": "det(A*X*B)",
    "determinant-square": "det(X**2)",
    "log-det-gram": "log(det(X.T*X))",
    "gaussian-covariance": "log(det(S)) + num(x.T*S.I*x)",
    "gaussian-precision": "c/2*log(det(L)) - Trace(L*S)/2",
    "trace-inverse": "Trace(X.I*A)",
    "inverse-form": "a.T*X.I*b",
    "norm": "sqrt(num(x.T*x))",
    "norm-squared": "x.T*x",
    "frobenius-norm-squared": "Trace(A.T*A)",
    "frobenius-norm-of-product": "Trace((A*X).T*A*X)",
    "least-squares-matrix": "Trace((X*W - Y).T*(X*W - Y))",
    "matrix-factorisation": "Trace((Y - A*B.T).T*(Y - A*B.T))",
    "ridge": "num((X*w - y).T*(X*w - y)) + c*num(w.T*w)",
    "spectral-norm": "",
    "sum-over-entries": "total(X.applyfunc(sin))",
    "layer": "a.T*(W*x).applyfunc(tanh)",
    "layer-input": "a.T*(W*x).applyfunc(tanh)",
    "bias": "Trace((Z + one(Z)*b.T).T*(Z + one(Z)*b.T))",
    "mean-squared-error": "(X*w - y).T*(X*w - y)/y.rows",
    "log-det-symmetric": "",
    "trace-symmetric": "",
    "largest-eigenvalue": "",
    "determinant-by-number": "det(A + t*B)",
    "log-det-by-number": "log(det(A + t*B))",
    "along-a-line": "(x + t*v).T*A*(x + t*v)",
}
SYMMETRIC = {
    "quadratic-form-symmetric": ("S",),
    "gaussian-covariance": ("S",),
    "gaussian-precision": ("L", "S"),
    "largest-eigenvalue": ("S",),
}


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def softmax(z):
    e = np.exp(z - np.max(z))
    return e / np.sum(e)


def log_sum_exp(z):
    return np.max(z) + np.log(np.sum(np.exp(z - np.max(z))))


# Name, function, arguments, SymPy. Of the arguments, 3x4 is any matrix, 3x3i one with a positive
# determinant, 3x3p a positive definite one, 4 a vector, 4p one of positive numbers, 1p a number.

MATRIXCALCULUS = [
    ("0.5*x'*A*x", lambda x, A: 0.5 * x @ A @ x, "x 4, A 4x4", "x.T*A*x/2"),
    ("y'*A*exp(x)", lambda x, A, y: y @ A @ np.exp(x), "x 4, A 3x4, y 3",
     "y.T*A*x.applyfunc(exp)"),
    ("sin(x)'*y", lambda x, y: np.sin(x) @ y, "x 4, y 4", "x.applyfunc(sin).T*y"),
    ("(y.*v)'*x", lambda v, x, y: (y * v) @ x, "v 4, x 4, y 4", "HadamardProduct(y, v).T*x"),
    ("a^b", lambda a, b: a**b, "a 1p, b 1p", "a**b"),
    ("norm1(A*x-y)", lambda x, A, y: np.sum(abs(A @ x - y)), "x 4, A 3x4, y 3",
     "one(y).T*(A*x - y).applyfunc(Abs)"),
    ("norm2(A*x-y)^2", lambda A, x, y: norm(A @ x - y) ** 2, "A 3x4, x 4, y 3",
     "(A*x - y).T*(A*x - y)"),
    ("sum(log(exp(-y.*(X*w)) + vector(1)))",
     lambda w, X, y: np.sum(np.log(np.exp(-y * (X @ w)) + 1)), "w 3, X 5x3, y 5",
     "one(y).T*HadamardProduct(-y, X*w).applyfunc(Lambda(u, log(1 + exp(u))))"),
    ("tr(A*X'*B*X*C)", lambda X, A, B, C: np.trace(A @ X.T @ B @ X @ C),
     "X 4x3, A 2x3, B 4x4, C 3x2", "Trace(A*X.T*B*X*C)"),
    ("log(det(inv(X)))", lambda X: np.log(det(inv(X))), "X 3x3i", "log(det(X.I))"),
    ("x'*A*x + c*sin(y)'*x", lambda x, A, c, y: x @ A @ x + c * np.sin(y) @ x,
     "x 4, A 4x4, c 1p, y 4", "x.T*A*x + c*y.applyfunc(sin).T*x"),
    ("norm2(T - U*V')^2", lambda V, T, U: norm(T - U @ V.T) ** 2, "V 4x2, T 3x4, U 3x2",
     "Trace((T - U*V.T).T*(T - U*V.T))"),
]  # fmt: skip

ASKED = [
    ("(tr(I - A))^2", lambda A: np.trace(np.eye(3) - A) ** 2, "A 3x3",
     "Trace(Identity(3) - A)**2"),
    ("tr A + tr A^2", lambda A: np.trace(A) + np.trace(A @ A), "A 3x3", "Trace(A) + Trace(A**2)"),
    ("tr AᵀA + tr BᵀB", lambda A, B: np.trace(A.T @ A) + np.trace(B.T @ B), "A 4x3, B 4x3",
     "Trace(A.T*A) + Trace(B.T*B)"),
    ("||XXᵀ - A||²", lambda X, A: np.sum((X @ X.T - A) ** 2), "X 4x2, A 4x4",
     "Trace((X*X.T - A).T*(X*X.T - A))"),
    ("log det(XXᵀ + I)", lambda X: slogdet(X @ X.T + np.eye(3))[1], "X 3x4",
     "log(det(X*X.T + Identity(3)))"),
    ("aᵀXᵀXb", lambda X, a, b: a @ X.T @ X @ b, "X 4x3, a 3, b 3", "a.T*X.T*X*b"),
    ("||Ax - b||", lambda x, A, b: norm(A @ x - b), "x 4, A 3x4, b 3",
     "sqrt(num((A*x - b).T*(A*x - b)))"),
    ("xᵀAx / xᵀx", lambda x, A: (x @ A @ x) / (x @ x), "x 4, A 4x4",
     "num(x.T*A*x)/num(x.T*x)"),
    ("exp(-xᵀAx / 2)", lambda x, A: np.exp(-x @ A @ x / 2), "x 3, A 3x3p",
     "exp(-num(x.T*A*x)/2)"),
    ("sum of sigmoid(Wx)", lambda W, x: np.sum(sigmoid(W @ x)), "W 3x4, x 4",
     "one(W).T*(W*x).applyfunc(Lambda(u, 1/(1 + exp(-u))))"),
    ("||xxᵀ - A||²", lambda x, A: np.sum((np.outer(x, x) - A) ** 2), "x 4, A 4x4",
     "Trace((x*x.T - A).T*(x*x.T - A))"),
    ("tr(AX⁻¹B)", lambda X, A, B: np.trace(A @ inv(X) @ B), "X 3x3i, A 4x3, B 3x4",
     "Trace(A*X.I*B)"),
    ("log(aᵀx)", lambda x, a: np.log(a @ x), "x 4p, a 4p", "log(num(a.T*x))"),
    ("(aᵀx)(bᵀx)", lambda x, a, b: (a @ x) * (b @ x), "x 4, a 4, b 4", "(a.T*x)*(b.T*x)"),
    ("xᵀ diag(a) x", lambda x, a: x @ np.diag(a) @ x, "x 4, a 4", "x.T*DiagMatrix(a)*x"),
    ("sum of A ∘ (XXᵀ)", lambda X, A: np.sum(A * (X @ X.T)), "X 4x3, A 4x4",
     "total(HadamardProduct(A, X*X.T))"),
]  # fmt: skip

COMPOSED = [
    ("xyz", lambda p: p[0] * p[1] * p[2], "p 3", "p[0,0]*p[1,0]*p[2,0]"),
    ("a quadratic", lambda p: (
        2 * p[0] ** 2 + 6 * p[0] * p[1] + 7 * p[1] ** 2 - 26 * p[0] - 54 * p[1] + 107
    ), "p 2", "2*p[0,0]**2 + 6*p[0,0]*p[1,0] + 7*p[1,0]**2 - 26*p[0,0] - 54*p[1,0] + 107"),
    ("a product of norms", lambda x, a, b: norm(x - a) * norm(x - b), "x 4, a 4, b 4",
     "sqrt(num((x - a).T*(x - a)))*sqrt(num((x - b).T*(x - b)))"),
    ("the cosine of an angle", lambda x, y: (x @ y) / (norm(x) * norm(y)), "x 4, y 4",
     "num(x.T*y)/(sqrt(num(x.T*x))*sqrt(num(y.T*y)))"),
    ("log of a quadratic form", lambda x, A: np.log(1 + x @ A @ x), "x 4, A 4x4p",
     "log(1 + num(x.T*A*x))"),
    ("sqrt of a quadratic form", lambda x, A: np.sqrt(x @ A @ x), "x 4, A 4x4p",
     "sqrt(num(x.T*A*x))"),
    ("a quadratic form of exp", lambda x, A: np.exp(x) @ A @ np.exp(x), "x 4, A 4x4",
     "x.applyfunc(exp).T*A*x.applyfunc(exp)"),
    ("two layers, by the first weights", lambda W, x, V, a: a @ np.tanh(V @ np.tanh(W @ x)),
     "W 3x4, x 4, V 2x3, a 2", "a.T*(V*(W*x).applyfunc(tanh)).applyfunc(tanh)"),
    ("two layers, by the input", lambda x, W, V, a: a @ np.tanh(V @ np.tanh(W @ x)),
     "x 4, W 3x4, V 2x3, a 2", "a.T*(V*(W*x).applyfunc(tanh)).applyfunc(tanh)"),
    ("relu", lambda W, x, a: a @ np.maximum(W @ x, 0), "W 3x4, x 4, a 3",
     "a.T*(W*x).applyfunc(Lambda(u, Max(u, 0)))"),
    ("a bias on a batch", lambda b, X, W, Y: np.sum((np.tanh(X @ W + b) - Y) ** 2),
     "b 2, X 5x3, W 3x2, Y 5x2",
     "Trace(((X*W + one(X)*b.T).applyfunc(tanh) - Y).T"
     "*((X*W + one(X)*b.T).applyfunc(tanh) - Y))"),
    ("squared error of a batch, by W", lambda W, X, b, Y: np.mean((X @ W + b - Y) ** 2),
     "W 3x2, X 5x3, b 2, Y 5x2",
     "Trace((X*W + one(X)*b.T - Y).T*(X*W + one(X)*b.T - Y))/10"),
    ("cross-entropy of Wx", lambda W, x, y: log_sum_exp(W @ x) - y @ W @ x, "W 3x4, x 4, y 3",
     "log(num(one(y).T*(W*x).applyfunc(exp))) - num(y.T*W*x)"),
    ("one entry of a softmax", lambda x: np.log(softmax(x))[1], "x 4",
     "x[1,0] - log(num(one(x).T*x.applyfunc(exp)))"),
    ("softmax in a scalar product", lambda x, a: a @ softmax(x), "x 4, a 4",
     "num(a.T*x.applyfunc(exp))/num(one(x).T*x.applyfunc(exp))"),
    ("entropy", lambda p: -np.sum(p * np.log(p)), "p 4p", "-p.T*p.applyfunc(log)"),
    ("Kullback–Leibler divergence", lambda p, q: np.sum(p * np.log(p / q)), "p 4p, q 4p",
     "p.T*p.applyfunc(log) - p.T*q.applyfunc(log)"),
    ("Gaussian, by its mean", lambda m, x, S: (x - m) @ solve(S, x - m) / 2,
     "m 3, x 3, S 3x3p", "(x - m).T*S.I*(x - m)/2"),
    ("Gaussian, by a factor of S", lambda L, x: (
        slogdet(L @ L.T)[1] + x @ inv(L @ L.T) @ x
    ), "L 3x3i, x 3", "log(det(L*L.T)) + num(x.T*(L*L.T).I*x)"),
    ("log det of a sum", lambda X, A: np.log(det(A + X.T @ X)), "X 4x3, A 3x3p",
     "log(det(A + X.T*X))"),
    ("marginal likelihood", lambda c, K, y: (
        y @ inv(K + c * np.eye(4)) @ y + np.log(det(K + c * np.eye(4)))
    ), "c 1p, K 4x4p, y 4",
     "num(y.T*(K + c*Identity(4)).I*y) + log(det(K + c*Identity(4)))"),
    ("det over trace", lambda X: det(X) / np.trace(X), "X 3x3p", "det(X)/Trace(X)"),
    ("the square of a determinant", lambda X, A: det(X @ A @ X.T) ** 2, "X 3x3i, A 3x3i",
     "det(X*A*X.T)**2"),
    ("trace of a product of inverses", lambda X, A: np.trace(inv(X) @ A @ inv(X)),
     "X 3x3i, A 3x3", "Trace(X.I*A*X.I)"),
    ("trace of a projector", lambda X, A: np.trace(X @ inv(X.T @ X) @ X.T @ A), "X 4x2, A 4x4",
     "Trace(X*(X.T*X).I*X.T*A)"),
    ("ridge with solve", lambda y, X, b: b @ solve(X.T @ X + np.eye(3), X.T @ y),
     "y 5, X 5x3, b 3", "b.T*(X.T*X + Identity(3)).I*X.T*y"),
    ("trace squared over norm", lambda X: np.trace(X) ** 2 / np.sum(X * X), "X 3x3",
     "Trace(X)**2/Trace(X.T*X)"),
    ("||AXB - C||²", lambda X, A, B, C: norm(A @ X @ B - C) ** 2,
     "X 3x4, A 2x3, B 4x5, C 2x5", "Trace((A*X*B - C).T*(A*X*B - C))"),
    ("||AX + XB - C||²", lambda X, A, B, C: np.sum((A @ X + X @ B - C) ** 2),
     "X 3x4, A 3x3, B 4x4, C 3x4", "Trace((A*X + X*B - C).T*(A*X + X*B - C))"),
    ("||X - aXᵀ||²", lambda X, a: np.sum((X - a * X.T) ** 2), "X 3x3, a 1p",
     "Trace((X - a*X.T).T*(X - a*X.T))"),
    ("a masked product", lambda U, V, M, Y: np.sum((M * (U @ V.T - Y)) ** 2),
     "U 4x2, V 3x2, M 4x3, Y 4x3",
     "total(HadamardPower(HadamardProduct(M, U*V.T - Y), 2))"),
    ("row sums", lambda X, a: np.sum(X, axis=1) @ a + np.sum(X**2, axis=0) @ np.ones(4),
     "X 3x4, a 3", "a.T*X*OneMatrix(4, 1) + total(HadamardPower(X, 2))"),
    ("means of columns", lambda X, a: np.mean(X, axis=0) @ a, "X 3x4, a 4",
     "OneMatrix(1, 3)*X*a/3"),
    ("variance", lambda x: np.sum((x - np.mean(x)) ** 2) / 4, "x 4",
     "(x - OneMatrix(4, 4)*x/4).T*(x - OneMatrix(4, 4)*x/4)/4"),
    ("scatter about the mean", lambda X: np.sum((X - np.mean(X, axis=0)) ** 2), "X 4x3",
     "Trace((X - OneMatrix(4, 4)*X/4).T*(X - OneMatrix(4, 4)*X/4))"),
    ("einsum of four", lambda X, a, B, c: np.einsum("i,ij,jk,k->", a, X, B, c),
     "X 3x4, a 3, B 4x2, c 2", "a.T*X*B*c"),
    ("Kronecker with a vector", lambda X, A, u: norm(np.kron(A, X) @ u) ** 2,
     "X 2x3, A 3x2, u 6", "(KroneckerProduct(A, X)*u).T*(KroneckerProduct(A, X)*u)"),
    ("a row and a column", lambda X: X[0] @ X[:, 1], "X 3x3", "(X*X)[0,1]"),
    ("log of a product of entries", lambda x: np.log(np.prod(x)) + np.sum(1 / x), "x 5p",
     "log(x[0,0]*x[1,0]*x[2,0]*x[3,0]*x[4,0]) + num(one(x).T*HadamardPower(x, -1))"),
    ("Huber's penalty", lambda r: np.sum(np.where(abs(r) < 1, r**2 / 2, abs(r) - 0.5)), "r 6",
     "one(r).T*r.applyfunc(Lambda(u, Piecewise((u**2/2, Abs(u) < 1), (Abs(u) - 1/2, True))))"),
]  # fmt: skip


def argument(shape, rng):
    """Return a random array; the letter behind its shape says which kind."""
    sizes, kind = re.fullmatch(r"([\dx]+)([ips]?)", shape).groups()
    sizes = tuple(map(int, sizes.split("x")))
    if len(sizes) == 1:
        some = rng.normal(size=sizes)
        some = abs(some) + 0.5 if kind == "p" else some
        return some.item() if sizes == (1,) else some
    kinds = {"i": invertible, "p": positive_definite, "s": symmetric}
    return kinds[kind](rng, sizes[0]) if kind else rng.normal(size=sizes)


def arguments(text):
    shapes = [part.split()[1] for part in text.split(", ")]
    return lambda rng: tuple(argument(shape, rng) for shape in shapes)


def expressions():
    """Return all 120 of them."""
    rules = {rule.name: rule for rules in RULES.values() for rule in rules}
    found = [
        Expression(
            name, "catalogue", rules[name].f, lambda rng, rule=rules[name]: rule.inputs(rng, 3, 4),
            text, SYMMETRIC.get(name, ()), rules[name],
        )
        for name, text in CATALOGUE.items()
    ]  # fmt: skip
    for group, rows in [
        ("matrixcalculus.org", MATRIXCALCULUS), ("asked", ASKED), ("composed", COMPOSED)
    ]:  # fmt: skip
        found += [Expression(n, group, f, arguments(text), sympy) for n, f, text, sympy in rows]
    return found
