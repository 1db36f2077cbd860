"""Functions with their derivatives, right and wrong ones, to judge measurements and checks by.

They know nothing of the catalogue in `mathutils.course`, so that neither can be wrong unnoticed.
The benchmark reads them, too. First random families of functions, then hostile ones, at which a
measurement may fail. Every constant and every point is drawn on a scale of its own, between 1e-3
and 1e3.
"""

from dataclasses import dataclass, replace

import numpy as np

from mathutils.derivative import measure

TINY = 1e-6  # an entry below this share of the largest is negligible


@dataclass(frozen=True)
class Claim:
    """A function, a point, and what somebody says is the derivative there.

    Attributes
    ----------
    family : str
    mistake : str, or None where the claim is right
        "sign", "factor", "one entry", "transpose" (of the whole), "vec order", "symmetric" (the
        formula for a symmetric matrix), "inner transpose" (of a factor) or "dropped" (a term).
    f : function of an array of the shape of `x`
    derivative : array of shape ``f(x).shape + x.shape``, or function of x returning it
    x : array
    """

    family: str
    mistake: str | None
    f: object
    derivative: object
    x: np.ndarray

    def value(self):
        """Return the claimed derivative at x, an array."""
        given = self.derivative
        return np.asarray(given(self.x) if callable(given) else given, dtype=float)


def in_units(claim, units, worth=1.0):
    """Return the same claim where x is measured in other units, entry by entry, and f as well.

    `units` has the shape of x, `worth` is a number or has the shape of f(x).
    """
    given, worth = claim.derivative, np.asarray(worth)
    worths = worth.reshape(worth.shape + (1,) * claim.x.ndim)

    def derivative(v):
        return worths * given(v / units) / units

    changed = derivative if callable(given) else worths * np.asarray(given) / units
    return replace(
        claim, f=lambda v: worth * claim.f(v / units), derivative=changed, x=claim.x * units
    )


def decades(rng, shape, most):
    """Draw units between 10^-most and 10^most, one for each entry."""
    return 10 ** rng.uniform(-most, most, shape)


def claims(rng, count, families=None):
    """Yield `count` claims, right and wrong in turn, of each family in turn."""
    families = families or all_families
    names = list(families(rng))
    for number in range(count):
        name = names[number // 2 % len(names)]
        f, x, right, wrong = families(rng)[name]
        mistake, derivative = _draw_mistake(rng, x, right, wrong) if number % 2 else (None, right)
        yield Claim(name, mistake, f, derivative if rng.random() < 0.5 else derivative(x), x)


def _draw_mistake(rng, x, right, wrong):
    """Return the kind of a mistake and the wrong derivative, at random among those that matter."""
    g, factor = right(x), rng.choice([0.5, 2])
    off = np.ones(g.shape)
    off[tuple(rng.choice(np.argwhere(natural(g, x) >= TINY * natural(g, x).max())))] = 1.01
    kinds = wrong | {
        "sign": lambda p: -right(p),
        "factor": lambda p: factor * right(p),
    }
    if g.size > 1:
        kinds["one entry"] = lambda p: off * right(p)
    if g.ndim == 2 and g.shape[0] == g.shape[1]:
        kinds["transpose"] = lambda p: right(p).T
    if x.ndim == 2 and x.shape == g.T.shape:
        upper = {"symmetric": lambda p: right(p) + right(p).T - np.diag(np.diag(right(p)))}
        kinds = upper | kinds
    if g.ndim == 4:
        kinds["transpose"] = lambda p: right(p).transpose(2, 3, 0, 1)
        kinds["vec order"] = lambda p: right(p).transpose(1, 0, 3, 2)
    kind = rng.choice([kind for kind in kinds if is_wrong(kinds[kind](x), g, x)])
    return str(kind), kinds[kind]


def natural(derivative, x):
    """Return how much each entry of x, moved by its own size, moves f."""
    return abs(derivative) * np.maximum(abs(x), np.sqrt(np.mean(x**2)))


def is_wrong(claim, right, x):
    """Tell whether some entry that is not negligible misses the right one by 0.5 %."""
    if claim.shape != right.shape:
        return False
    size = np.maximum(natural(claim, x), natural(right, x))
    seen = size >= TINY * natural(right, x).max()
    return (natural(claim - right, x) > 0.005 * size)[seen].any()


def scale(rng):
    return 10 ** rng.uniform(-3, 3)


def array(rng, *shape):
    return scale(rng) * rng.normal(size=shape)


def invertible(rng, n):
    """Draw a matrix of positive determinant and a condition number of at most 1000."""
    X = rng.normal(size=(n, n))
    while np.linalg.cond(X) > 1000:
        X = rng.normal(size=(n, n))
    X[0] *= np.sign(np.linalg.det(X))
    return scale(rng) * X


def softmax(z):
    e = np.exp(z - z.max())
    return e / e.sum()


def sech2(z):
    return 1 / np.cosh(z) ** 2


def family(f, x, right, **wrong):
    """Return a row of the tables below: the right derivative, and wrong ones that tempt."""
    return f, x, right, {kind.replace("_", " "): d for kind, d in wrong.items()}


def gradients(rng, np=np):
    """Return the families of functions to a number, by name, with newly drawn constants.

    `np` is numpy, or autograd's twin of it.
    """
    m, n, c, s = *rng.integers(2, 6, size=2), scale(rng), scale(rng)
    a, x, y, b, v = (array(rng, length) for length in (n, n, n, m, m))
    A, S, T, X, Y = (array(rng, *shape) for shape in [(m, n), (n, n), (m, m), (m, n), (m, n)])
    Z, P, Q = array(rng, n, n), invertible(rng, n), -invertible(rng, 3)
    inv, det, norm, solve = np.linalg.inv, np.linalg.det, np.linalg.norm, np.linalg.solve
    # What goes into exp, tanh and sin is of moderate size.
    r, q, t = np.array([norm(x), norm(S @ x), norm(X @ y)]) / rng.uniform(0.3, 5, size=3)
    last, smooth = np.eye(m)[-1], [(np.tanh, sech2), (np.exp, np.exp), (np.sin, np.cos)]
    u, slope = smooth[rng.integers(3)]
    W, t0 = array(rng, m, m), abs(array(rng))
    k = norm(W) / rng.uniform(0.3, 3)

    def log_sum_exp(z):
        return z.max() + np.log(np.sum(np.exp(z - z.max())))

    def layer(X):
        return np.tanh(X @ y / t)

    return {
        "eᵗ": family(lambda t: c * np.exp(t / t0), t0, lambda t: c * np.exp(t / t0) / t0),
        "a·x": family(lambda x: a @ x, x, lambda x: a.copy()),
        "(x·x)(a·x)": family(
            lambda x: (x @ x) * (a @ x),
            x,
            lambda x: 2 * (a @ x) * x + (x @ x) * a,
            dropped=lambda x: 2 * (a @ x) * x,
        ),
        "xᵀSx": family(
            lambda x: x @ S @ x,
            x,
            lambda x: (S + S.T) @ x,
            symmetric=lambda x: 2 * S @ x,
            dropped=lambda x: S @ x,
        ),
        "‖Ax - b‖²": family(
            lambda x: np.sum((A @ x - b) ** 2),
            x,
            lambda x: 2 * A.T @ (A @ x - b),
            dropped=lambda x: 2 * A.T @ A @ x,
        ),
        "‖x - a‖": family(
            lambda x: c * norm(x - a),
            x,
            lambda x: c * (x - a) / norm(x - a),
            dropped=lambda x: c * x / norm(x - a),
        ),
        "log(s + x·x)": family(
            lambda x: c * np.log(s + x @ x), x, lambda x: 2 * c * x / (s + x @ x)
        ),
        "log-sum-exp": family(
            lambda x: c * log_sum_exp(S @ x / q),
            x,
            lambda x: c * S.T @ softmax(S @ x / q) / q,
            inner_transpose=lambda x: c * S @ softmax(S @ x / q) / q,
        ),
        "product": family(
            lambda x: c * np.prod(x),
            x,
            lambda x: c * np.array([np.prod(np.delete(x, i)) for i in range(n)]),
        ),
        "xᵀSx / (s + x·x)": family(
            lambda x: x @ S @ x / (s + x @ x),
            x,
            lambda x: (S + S.T) @ x / (s + x @ x) - 2 * (x @ S @ x) * x / (s + x @ x) ** 2,
            dropped=lambda x: (S + S.T) @ x / (s + x @ x),
        ),
        "a·u(x)": family(lambda x: a @ u(x / r), x, lambda x: a * slope(x / r) / r),
        "tr SZP": family(lambda Z: np.trace(S @ Z @ P), Z, lambda Z: (P @ S).T),
        "tr XᵀTX": family(
            lambda X: np.trace(X.T @ T @ X),
            X,
            lambda X: (T + T.T) @ X,
            symmetric=lambda X: 2 * T @ X,
            dropped=lambda X: T @ X,
        ),
        "tr XSXᵀT": family(
            lambda X: np.trace(X @ S @ X.T @ T),
            X,
            lambda X: T @ X @ S + T.T @ X @ S.T,
            symmetric=lambda X: 2 * T @ X @ S,
            dropped=lambda X: T @ X @ S,
        ),
        "‖XS - Y‖²": family(
            lambda X: np.sum((X @ S - Y) ** 2),
            X,
            lambda X: 2 * (X @ S - Y) @ S.T,
            dropped=lambda X: 2 * X @ S @ S.T,
            inner_transpose=lambda X: 2 * (X @ S - Y) @ S,
        ),
        "det": family(lambda X: c * det(X), P, lambda X: c * det(X) * inv(X).T),
        "log det": family(lambda X: c * np.log(det(X)), P, lambda X: c * inv(X).T),
        "log |det|": family(lambda X: c * np.linalg.slogdet(X)[1], Q, lambda X: c * inv(X).T),
        "tr P⁻¹S": family(lambda P: np.trace(solve(P, S)), P, lambda P: -(inv(P) @ S @ inv(P)).T),
        "aᵀP⁻¹x": family(
            lambda P: a @ solve(P, x), P, lambda P: -np.outer(solve(P.T, a), solve(P, x))
        ),
        "cross-entropy": family(
            lambda X: c * (log_sum_exp(X @ y / t) - last @ X @ y / t),
            X,
            lambda X: c * np.outer(softmax(X @ y / t) - last, y) / t,
            dropped=lambda X: c * np.outer(softmax(X @ y / t), y) / t,
        ),
        "v·tanh(Xy)": family(
            lambda X: v @ np.tanh(X @ y / t),
            X,
            lambda X: np.outer(v * sech2(X @ y / t), y) / t,
            dropped=lambda X: np.outer(v, y) / t,
        ),
        "v·tanh(W tanh(Xy))": family(
            lambda X: v @ np.tanh(W @ layer(X) / k),
            X,
            lambda X: np.outer(W.T @ (v * sech2(W @ layer(X) / k)) * sech2(X @ y / t), y) / t / k,
            inner_transpose=lambda X: (
                np.outer(W @ (v * sech2(W @ layer(X) / k)) * sech2(X @ y / t), y) / t / k
            ),
        ),
        "tr PPP": family(lambda P: np.trace(P @ P @ P), P, lambda P: 3 * (P @ P).T),
    }


def jacobians(rng, np=np):
    """Return the families of functions to a vector or a matrix in the same way."""
    m, n, c = *rng.integers(2, 4, size=2), scale(rng)
    A, x, X, P = array(rng, m, n), array(rng, n), array(rng, n, n), invertible(rng, n)
    inv, norm, eye = np.linalg.inv, np.linalg.norm, np.eye(n)
    t0, r = abs(array(rng)), norm(A @ x) / rng.uniform(0.3, 5)

    def share(x):
        e = np.exp(A @ x / r)
        return e / np.sum(e)

    return {
        "(cos t, t³)": family(
            lambda t: c * np.array([np.cos(t / t0), (t / t0) ** 3]),
            t0,
            lambda t: c * np.array([-np.sin(t / t0), 3 * (t / t0) ** 2]) / t0,
        ),
        "t²A": family(lambda t: t**2 * A, t0, lambda t: 2 * t * A),
        "Ax by A": family(lambda A: A @ x, A, lambda A: np.einsum("ik,l->ikl", np.eye(m), x)),
        "softmax Ax": family(
            lambda x: c * share(x),
            x,
            lambda x: c * (np.diag(share(x)) - np.outer(share(x), share(x))) @ A / r,
            dropped=lambda x: c * np.diag(share(x)) @ A / r,
        ),
        "AᵀA": family(
            lambda A: c * A.T @ A,
            A,
            lambda A: c * (np.einsum("il,kj->ijkl", eye, A) + np.einsum("jl,ki->ijkl", eye, A)),
            dropped=lambda A: c * np.einsum("il,kj->ijkl", eye, A),
        ),
        "Ax": family(lambda x: A @ x, x, lambda x: A.copy()),
        "x / ‖x‖": family(
            lambda x: c * x / norm(x),
            x,
            lambda x: c * (eye - np.outer(x, x) / (x @ x)) / norm(x),
            dropped=lambda x: c * eye / norm(x),
        ),
        "xxᵀ": family(
            lambda x: c * np.outer(x, x),
            x,
            lambda x: c * (np.einsum("ik,j->ijk", eye, x) + np.einsum("i,jk->ijk", x, eye)),
            dropped=lambda x: c * np.einsum("ik,j->ijk", eye, x),
        ),
        "XX": family(
            lambda X: c * X @ X,
            X,
            lambda X: c * (np.einsum("ik,lj->ijkl", eye, X) + np.einsum("ik,lj->ijkl", X, eye)),
            dropped=lambda X: c * np.einsum("ik,lj->ijkl", eye, X),
        ),
        "P⁻¹": family(
            lambda P: c * inv(P), P, lambda P: -c * np.einsum("ik,lj->ijkl", inv(P), inv(P))
        ),
    }


class Once:
    """Measures for `check_derivative`: claims about the same f and x, one after another, once."""

    def __init__(self):
        self.f = None

    def __call__(self, function):
        if function.f is not self.f or not np.array_equal(function.x, self.x):
            self.f, self.x, self.measured = function.f, function.x, measure(function)
        return self.measured


def all_families(rng, np=np):
    return gradients(rng, np) | jacobians(rng, np)


# Hostile claims: a right formula each, and clearly wrong twins. The verdict on the right one may
# be right or undecided, on a twin wrong or undecided.


def _classic(right):
    return {"sign": -right, "factor": 2 * right}


def ill_conditioned(rng, condition):
    """Log of the determinant of a matrix with singular values from 1 to 1 / condition."""
    left, _, right = np.linalg.svd(rng.normal(size=(4, 4)))
    X = scale(rng) * left @ np.diag(np.geomspace(1, 1 / condition, 4)) @ right
    inverse = np.linalg.inv(X)
    twins = _classic(inverse.T) | {"transpose": inverse}
    return lambda X: np.linalg.slogdet(X)[1], X, inverse.T, twins


def kink_nearby(rng, distance):
    """Absolute values with their kinks at a small distance, as a share of x, on either side."""
    s = scale(rng)
    x = s * rng.choice([-1, 1], size=4) * rng.uniform(0.5, 2, size=4)
    kink = x * (1 + distance * rng.choice([-1, 1], size=4))
    a = rng.uniform(0.5, 2, size=4)
    right = a * np.sign(x - kink) + 2 * x / s
    beyond = -a * np.sign(x - kink) + 2 * x / s
    twins = _classic(right) | {"other side": beyond, "mean of both sides": 2 * x / s}
    return lambda x: a @ abs(x - kink) + x @ x / s, x, right, twins


def switch_nearby(rng, distance):
    """A layer of rectifiers, one of them about to switch."""
    W, x = rng.normal(size=(3, 4)), array(rng, 4)
    b = -W @ x + np.array([distance, 1, -1]) * np.linalg.norm(x)
    right = 3 * W[0] + W[1]
    twins = _classic(right) | {"other side": W[1]}
    return lambda x: np.array([3, 1, 2]) @ np.maximum(W @ x + b, 0), x, right, twins


def point_of_a_cone_nearby(rng, distance):
    """A norm, close to where it has no derivative."""
    x, direction = array(rng, 4), rng.normal(size=4)
    a = x + distance * np.linalg.norm(x) * direction / np.linalg.norm(direction)
    right = (x - a) / np.linalg.norm(x - a)
    return lambda x: np.linalg.norm(x - a), x, right, _classic(right)


def single_precision_inside(rng, size):
    W, x = rng.normal(size=(3, 4)), rng.normal(size=4) * size
    single = W.astype(np.float32)

    def f(x):
        return float(np.sum(np.tanh(single @ (x / size).astype(np.float32))))

    right = (1 / np.cosh(single @ (x / size)) ** 2) @ single / size
    return f, x, right, _classic(right)


def single_precision_result(rng, size):
    S, x = rng.normal(size=(4, 4)), rng.normal(size=4) * size
    right = (S + S.T) @ x
    twins = _classic(right) | {"dropped": S @ x}
    return lambda x: np.float32(x @ S @ x).astype(float), x, right, twins


def single_precision_matrix(rng, size):
    X = invertible(rng, 3)
    X *= size / np.linalg.norm(X)
    inverse = np.linalg.inv(X)
    twins = _classic(inverse.T) | {"transpose": inverse}
    return lambda X: np.linalg.slogdet(X.astype(np.float32))[1].item(), X, inverse.T, twins


def large_offset(rng, offset):
    S, x = rng.normal(size=(4, 4)), array(rng, 4)
    s = x @ x
    right = (S + S.T) @ x / s
    twins = _classic(right) | {"symmetric": 2 * S @ x / s}
    return lambda x: x @ S @ x / s + offset, x, right, twins


def large_offset_of_exp(rng, offset):
    S, x = rng.normal(size=(4, 4)), rng.normal(size=4)
    right = S.T @ np.exp(S @ x)
    return lambda x: np.sum(np.exp(S @ x)) + offset, x, right, _classic(right)


def squares_over_decades(rng, spread):
    """Sum of squares of entries from 1 / spread to spread."""
    x = rng.permutation(np.geomspace(1 / spread, spread, 5)) * rng.choice([-1, 1], size=5)
    return (
        lambda x: x @ x,
        x,
        2 * x,
        {**_classic(2 * x), "one entry": 2 * x * (1 + (abs(x) == spread))},
    )


def logarithms_over_decades(rng, spread):
    x = rng.permutation(np.geomspace(1 / spread, spread, 5)) * rng.choice([-1, 1], size=5)
    return lambda x: np.sum(np.log(abs(x))), x, 1 / x, _classic(1 / x)


def products_over_decades(rng, spread):
    x = rng.permutation(np.geomspace(1 / spread, spread, 5)) * rng.choice([-1, 1], size=5)
    right = np.array([np.prod(np.delete(x, i)) for i in range(5)])
    return np.prod, x, right, _classic(right)


def coefficients_over_decades(rng, spread):
    """A Jacobian whose outputs are of very different sizes."""
    A, x = rng.normal(size=(4, 3)) * np.geomspace(1 / spread, spread, 4)[:, None], array(rng, 3)
    return lambda x: A @ x, x, A, _classic(A)


def small_residual(rng, residual):
    A, x = array(rng, 5, 4), array(rng, 4)
    b = A @ (x * (1 + residual * rng.normal(size=4)))
    right = 2 * A.T @ (A @ x - b)
    twins = {"sign inside": 2 * A.T @ (A @ x + b), "dropped": 2 * A.T @ A @ x}
    if residual:
        twins |= _classic(right)
    return lambda x: np.sum((A @ x - b) ** 2), x, right, twins


def small_residual_of_a_norm(rng, residual):
    A, x = array(rng, 5, 4), array(rng, 4)
    b = A @ (x * (1 + residual * rng.normal(size=4)))
    right = A.T @ (A @ x - b) / np.linalg.norm(A @ x - b)
    return lambda x: np.linalg.norm(A @ x - b), x, right, _classic(right)


def edge_of_log(rng, distance):
    s = scale(rng)
    edge = rng.normal(size=3) * s
    x = edge + distance * s
    right = 1 / (x - edge)
    return lambda x: np.sum(np.log(x - edge)), x, right, _classic(right)


def edge_of_sqrt(rng, distance):
    s = scale(rng)
    edge = rng.normal(size=3) * s
    x = edge + distance * s
    right = 0.5 / np.sqrt(x - edge)
    return lambda x: np.sum(np.sqrt(x - edge)), x, right, _classic(right)


def edge_of_ball(rng, distance):
    x = rng.normal(size=3)
    x *= (1 - distance) / np.linalg.norm(x)
    right = -x / np.sqrt(1 - x @ x)
    return lambda x: np.sqrt(1 - x @ x), x, right, _classic(right)


def edge_of_entropy(rng, distance):
    x = np.array([distance, 0.3, 0.7 - distance])
    right = np.log(x) + 1
    twins = _classic(right) | {"dropped": np.log(x)}
    return lambda x: np.sum(x * np.log(x)), x, right, twins


def quick_oscillation(rng, k):
    x = rng.normal(size=3)
    right = k * np.cos(k * x)
    return lambda x: np.sum(np.sin(k * x)), x, right, _classic(right) | {"dropped": 0 * x}


def ripple(rng, k):
    """A quick oscillation so small that only its slope shows."""
    x = rng.normal(size=3)
    right = 2 * x + np.cos(k * x)
    twins = _classic(right) | {"dropped": 2 * x}
    return lambda x: x @ x + np.sum(np.sin(k * x)) / k, x, right, twins


def powers_of_ten(mild, severe):
    step = 1 if mild < severe else -1
    return [10.0**k for k in range(mild, severe + step, step)]


TROUBLES = {
    ill_conditioned: powers_of_ten(2, 10),
    kink_nearby: powers_of_ten(-2, -8),
    switch_nearby: powers_of_ten(-2, -8),
    point_of_a_cone_nearby: powers_of_ten(-2, -8),
    single_precision_inside: powers_of_ten(-3, 3),
    single_precision_result: powers_of_ten(-3, 3),
    single_precision_matrix: powers_of_ten(-3, 3),
    large_offset: powers_of_ten(3, 12),
    large_offset_of_exp: powers_of_ten(3, 12),
    squares_over_decades: powers_of_ten(1, 6),
    logarithms_over_decades: powers_of_ten(1, 6),
    products_over_decades: powers_of_ten(1, 6),
    coefficients_over_decades: powers_of_ten(1, 6),
    small_residual: [*powers_of_ten(-2, -12), 0.0],
    small_residual_of_a_norm: powers_of_ten(-2, -8),
    edge_of_log: powers_of_ten(-1, -9),
    edge_of_sqrt: powers_of_ten(-1, -9),
    edge_of_ball: powers_of_ten(-1, -9),
    edge_of_entropy: powers_of_ten(-1, -9),
    quick_oscillation: powers_of_ten(1, 6),
    ripple: powers_of_ten(1, 6),
}


def hostile_claims(rng, troubles=TROUBLES):
    """Yield the claims of each kind of trouble, from mild to severe."""
    for draw, levels in troubles.items():
        for level in levels:
            f, x, right, twins = draw(rng, level)
            family = f"{draw.__name__.replace('_', ' ')} {level:.0e}"
            yield Claim(family, None, f, right, x)
            for mistake, twin in twins.items():
                yield Claim(family, mistake, f, twin, x)
