"""Random functions of vectors and matrices, put together from NumPy's operations."""

import re

import numpy as np

ONE = [
    "np.sin({0})", "np.exp({0} / 3)", "np.tanh({0})", "{0} ** 2", "-{0}", "{0}.T", "2 * {0}",
    "np.sum({0})", "{0}.ravel()", "abs({0})", "np.mean({0}, axis=0)", "np.sum({0}, axis=-1)",
    "np.linalg.norm({0})", "{0}[0]", "{0}[1:]", "{0}[..., 1]", "np.diag({0})", "np.trace({0})",
    "np.linalg.inv({0})", "np.linalg.det({0})", "np.log(1 + {0} ** 2)", "np.sqrt(1 + {0} ** 2)",
    "1 / (2 + np.cos({0}))", "np.maximum({0}, 0)", "np.where({0} > 0, {0}, 0.1 * {0})",
    "np.prod({0})", "np.max({0})", "{0} * {0}", "{0} @ {0}", "{0}.T @ {0}", "np.outer({0}, {0})",
    "np.linalg.slogdet({0})[1]", "{0} - np.mean({0})", "np.exp({0}) / np.sum(np.exp({0}))",
    "1 / (1 + np.exp(-{0}))", "{0}[:, None]", "{0}[None, :]", "{0}.sum(axis=1, keepdims=True)",
    "np.logaddexp(0, {0})", "np.square({0})", "{0}[::-1]", "np.cos({0})", "np.arctan({0})",
    "np.linalg.matrix_power({0}, 2)", "np.var({0})", "np.max({0}, axis=0)",
    "{0} - np.log(np.sum(np.exp({0}), axis=-1, keepdims=True))", "np.sqrt({0} ** 2)",
    "np.cosh({0} / 2)", "np.ravel({0}, 'F')",
]  # fmt: skip
TWO = [
    "{0} + {1}", "{0} - {1}", "{0} * {1}", "{0} @ {1}", "{0} / (3 + np.sin({1}))",
    "np.outer({0}, {1})", "np.linalg.solve({0}, {1})", "np.kron({0}, {1})", "{0} @ {1}.T",
    "np.dot({0}, {1})", "np.vdot({0}, {1})", "np.maximum({0}, {1})", "np.minimum({0}, {1})",
    "np.einsum('ij,j->i', {0}, {1})", "np.einsum('ij,ij->', {0}, {1})", "np.inner({0}, {1})",
    "np.einsum('i,ij->j', {0}, {1})", "np.einsum('ij,kj->ik', {0}, {1})",
]  # fmt: skip
LAST = ["np.sum({0})", "np.sum(({0}) ** 2)", "np.linalg.norm({0})", "np.mean(np.sin({0}))"]


def program(seed):
    """Return the code of a function to a number, and the arrays by name, what moves first."""
    rng = np.random.default_rng(seed)
    m, n = rng.choice([2, 3, 4], size=2)
    others = {
        "A": rng.normal(size=(m, n)),
        "B": rng.normal(size=(n, m)),
        "S": rng.normal(size=(n, n)),
        "a": rng.normal(size=n),
        "b": rng.normal(size=m),
        "c": rng.uniform(0.5, 2),
    }
    first = str(rng.choice(["x", "X", "Y", "t"]))
    moving = {
        "x": rng.normal(size=n),
        "X": rng.normal(size=(m, n)),
        "Y": rng.normal(size=(n, n)) + 2 * np.eye(n),
        "t": rng.uniform(0.5, 2),
    }[first]
    arrays = {first: np.asarray(moving)} | others
    codes = [first] * 4 + list(others)
    for _ in range(rng.integers(2, 7)):
        codes += [step(rng, codes, arrays, first)] * 2
    code = next(code for code in reversed(codes) if moves(first, code))
    if np.shape(evaluated(code, arrays)) != ():
        code = rng.choice(LAST).format(code)
    return str(code), {first: moving} | others


def step(rng, codes, arrays, first):
    """Return the code of one more operation on what there is, or of what moves."""
    for _ in range(30):
        if rng.random() < 0.5:
            code = str(rng.choice(ONE)).format(f"({rng.choice(codes)})")
        else:
            code = str(rng.choice(TWO)).format(*(f"({one})" for one in rng.choice(codes, size=2)))
        value = evaluated(code, arrays)
        is_small = value is not None and value.ndim <= 2 and 0 < value.size <= 40
        if is_small and np.all(abs(value) < 1e4) and moves(first, code) and len(code) < 160:
            return code
    return first


def moves(first, code):
    return re.search(rf"\b{first}\b", code) is not None


def evaluated(code, arrays):
    """Return the value of a piece of code, None where it has none."""
    try:
        with np.errstate(all="ignore"):
            return np.asarray(eval(code, {"np": np}, arrays))
    except (ValueError, IndexError, TypeError, AttributeError, np.linalg.LinAlgError):
        return None


def function(code, arrays):
    return eval(f"lambda {', '.join(arrays)}: {code}", {"np": np})
