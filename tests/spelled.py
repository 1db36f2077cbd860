"""A third way to write a formula, beside plain text and LaTeX: as code, so that it can be run.

It shares with them where the signs and the brackets stand. So if the value of the code is that of
the formula, the others say what they mean, too.
"""

import numpy as np

from mathutils.letters.algebra import COMPARISONS, FUNCTIONS
from mathutils.letters.spell import Plain


class Code(Plain):
    space, function = " @ ", "M({{}}).applied({!r})"
    signs = {
        "odot": "*", "oslash": "/", "kron": "^", "(": "({})", "ones": "M(np.ones(({}, 1)))",
        "eye": "M(np.eye({1}))", "unit": "M(np.eye({1})[:, [{2} - 1]])",
        "norm": "M({}).norm('')", "norm F": "M({}).norm('')", "norm 1": "M({}).norm('1')",
        "sqrt": "M({}).entrywise(0.5)", "ratio": "M({} / {})",
        "compare": "M((M({}).x {} M({}).x) * 1.0)",
        "vec": "M(M({}).x.reshape({}, {}))", "mat": "M(M({}).x.reshape({}, {}))",
    } | {sign: sign for sign in COMPARISONS}  # fmt: skip

    def sign(self, name, *parts):
        if name == "rows":
            first, _, last = parts[2].partition(":")
            rows = range(int(first), int(last) + 1) if last else map(int, first.split(","))
            return f"M(np.eye({parts[1]})[{[row - 1 for row in rows]}])"
        return super().sign(name, *parts)

    def name(self, name, bold):
        return f"letter[{name!r}]"

    def index(self, base, places):
        rows, columns = ([k - 1 for k in places] + [0])[:2]
        return f"M({base}.x[{rows}, {columns}])"

    def raised(self, base, exponent, entrywise=False):
        if exponent in ("ᵀ", "-ᵀ"):
            return f"{base}.T" if exponent == "ᵀ" else f"{base}.inverse().T"
        return f"{base}.{'entrywise' if entrywise else 'power'}({exponent})"

    def listed(self, rows):
        return f"M([[{'], ['.join(', '.join(f'M({x}).x.item()' for x in row) for row in rows)}]])"


class M:
    """A matrix, or a number as a matrix of one entry, which multiplies anything."""

    def __init__(self, x):
        x = np.asarray(getattr(x, "x", x), dtype=float)
        self.x = x.reshape(1, 1) if x.ndim == 0 else x

    T = property(lambda self: M(self.x.T))

    def __matmul__(self, other):
        a, b = self.x, M(other).x
        return M(a * b if 1 in (a.size, b.size) else a @ b)

    def __rmatmul__(self, other):
        return M(other) @ self

    def _both(self, other, operation):
        a, b = self.x, M(other).x
        assert a.shape == b.shape or 1 in (a.size, b.size), (a.shape, b.shape)
        return M(operation(a, b))

    def __add__(self, other):
        return self._both(other, np.add)

    __radd__ = __add__

    def __sub__(self, other):
        return self._both(other, np.subtract)

    def __rsub__(self, other):
        return M(other) - self

    def __mul__(self, other):
        return self._both(other, np.multiply)

    def __truediv__(self, other):
        return self._both(other, np.divide)

    def __rtruediv__(self, other):
        return M(other) / self

    def __xor__(self, other):
        return M(np.kron(self.x, other.x))

    def __neg__(self):
        return M(-self.x)

    def inverse(self):
        return M(np.linalg.inv(self.x))

    def power(self, n):
        n = M(n).x.item()
        return self.entrywise(n) if self.x.size == 1 else M(np.linalg.matrix_power(self.x, int(n)))

    def entrywise(self, n):
        return M(self.x ** M(n).x)

    def norm(self, kind):
        return M(np.sum(abs(self.x)) if kind == "1" else np.sqrt(np.sum(self.x**2)))

    def applied(self, name):
        if name in FUNCTIONS:
            return M(FUNCTIONS[name](self.x))
        if name == "diag":
            return M(np.diag(self.x.ravel() if 1 in self.x.shape else self.x).reshape(-1, 1)
                     if 1 not in self.x.shape else np.diag(self.x.ravel()))  # fmt: skip
        rows = self.x if self.x.shape[1] > 1 else self.x.T
        e = np.exp(rows - rows.max(axis=1, keepdims=True))
        known = {
            "tr": np.trace, "det": np.linalg.det, "max": np.max, "min": np.min, "prod": np.prod,
            "softmax": lambda x: (e / e.sum(axis=1, keepdims=True)).reshape(x.shape),
            "rowmax": lambda x: np.max(x, axis=1, keepdims=True),
            "rowmin": lambda x: np.min(x, axis=1, keepdims=True),
        }  # fmt: skip
        return M(known[name](self.x))


def run(code, numbers):
    """Return the array that a formula written as code stands for."""
    letter = {name: M(x) for name, x in numbers.items()}
    with np.errstate(all="ignore"):
        return M(eval(code, {"M": M, "np": np, "letter": letter})).x
