"""Random claims about derivatives, half of them right and half wrong, to judge a check by.

Every constant and every point is drawn on a scale of its own, between 1e-3 and 1e3.
"""

from dataclasses import dataclass, replace

import numpy as np

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
        "one entry": lambda p: off * right(p),
    }
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


def log_sum_exp(z):
    return z.max() + np.log(np.sum(np.exp(z - z.max())))


def sech2(z):
    return 1 / np.cosh(z) ** 2


def family(f, x, right, **wrong):
    """Return a row of the tables below: the right derivative, and wrong ones that tempt."""
    return f, x, right, {kind.replace("_", " "): d for kind, d in wrong.items()}


def gradients(rng):
    """Return the families of functions to a number, by name, with newly drawn constants."""
    m, n, c, s = *rng.integers(2, 6, size=2), scale(rng), scale(rng)
    a, x, y, b, v = (array(rng, length) for length in (n, n, n, m, m))
    A, S, T, X, Y = (array(rng, *shape) for shape in [(m, n), (n, n), (m, m), (m, n), (m, n)])
    Z, P, Q = array(rng, n, n), invertible(rng, n), -invertible(rng, 3)
    inv, det, norm, solve = np.linalg.inv, np.linalg.det, np.linalg.norm, np.linalg.solve
    # What goes into exp, tanh and sin is of moderate size.
    r, q, t = np.array([norm(x), norm(S @ x), norm(X @ y)]) / rng.uniform(0.3, 5, size=3)
    last, smooth = np.eye(m)[-1], [(np.tanh, sech2), (np.exp, np.exp), (np.sin, np.cos)]
    u, slope = smooth[rng.integers(3)]
    return {
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
    }


def jacobians(rng):
    """Return the families of functions to a vector or a matrix in the same way."""
    m, n, c = *rng.integers(2, 4, size=2), scale(rng)
    A, x, X, P = array(rng, m, n), array(rng, n), array(rng, n, n), invertible(rng, n)
    inv, norm, eye = np.linalg.inv, np.linalg.norm, np.eye(n)
    return {
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


def all_families(rng):
    return gradients(rng) | jacobians(rng)
