"""Claims at which a measurement may fail: a right formula each, and clearly wrong twins.

The verdict on the right one may be right or undecided, on a twin wrong or undecided.
"""

import numpy as np

from tests.claims import Claim, array, invertible, scale


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


def decades(rng, spread):
    """Sum of squares of entries from 1 / spread to spread."""
    x = rng.permutation(np.geomspace(1 / spread, spread, 5)) * rng.choice([-1, 1], size=5)
    return (
        lambda x: x @ x,
        x,
        2 * x,
        {**_classic(2 * x), "one entry": 2 * x * (1 + (abs(x) == spread))},
    )


def decades_of_logarithms(rng, spread):
    x = rng.permutation(np.geomspace(1 / spread, spread, 5)) * rng.choice([-1, 1], size=5)
    return lambda x: np.sum(np.log(abs(x))), x, 1 / x, _classic(1 / x)


def decades_of_products(rng, spread):
    x = rng.permutation(np.geomspace(1 / spread, spread, 5)) * rng.choice([-1, 1], size=5)
    right = np.array([np.prod(np.delete(x, i)) for i in range(5)])
    return np.prod, x, right, _classic(right)


def decades_as_coefficients(rng, spread):
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
    decades: powers_of_ten(1, 6),
    decades_of_logarithms: powers_of_ten(1, 6),
    decades_of_products: powers_of_ten(1, 6),
    decades_as_coefficients: powers_of_ten(1, 6),
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
