"""A reader of the catalogue's LaTeX: what is the value of this formula, for these letters?

It knows just what the rules use. Vectors are columns here, and numbers are 1 × 1.
"""

import inspect
import re

import numpy as np

TOKEN = re.compile(
    r"\\sigma_n_1|\\(?:sigma|lambda)_[\dn]|\\vec_r|I_[a-z]|\\[A-Za-z]+|[A-Za-z]+|\d+|\S"
)
ONES = object()  # a column of ones, as long as it has to be
ENTRYWISE = {
    r"\log": np.log,
    r"\sin": np.sin,
    r"\cos": np.cos,
    r"\tanh": np.tanh,
    r"\sigma": lambda x: 1 / (1 + np.exp(-x)),
}


def tokens(latex):
    """Return the signs of a formula: two formulas with the same differ in spaces at most."""
    latex = re.sub(r"\\(left|right)(?![A-Za-z])|\\[,;:! ]|~", " ", latex)
    latex = re.sub(r"\\operatorname\s*\{\s*(\w+)\s*\}(_r)?", r"\\\1\2 ", latex)
    latex = re.sub(r"\\mathbf\s*\{\s*(\w)\s*\}", r"\\mathbf \1", latex)
    latex = re.sub(r"\\mathbf\s*1", r"\\ones ", latex)
    latex = re.sub(r"\\mathbf\s*([A-Za-z0])", r" \1 ", latex)
    latex = latex.replace(r"\sigma_{n-1}", r"\sigma_n_1 ")
    latex = re.sub(r"([_^])\s*\{\s*(\w|\\[A-Za-z]+)\s*\}", r"\1\2 ", latex)
    found = []
    for token in TOKEN.findall(latex):  # letters side by side are factors
        found += token if re.fullmatch(r"[A-Za-z]+", token) else [token]
    return found


def value(latex, letters):
    """Return the value of a formula: an array of two axes, or of as many as D has indices."""
    if latex.startswith("D_{"):
        return _entries(latex, letters)
    reader = _Reader(tokens(latex), letters)
    result = reader.sum()
    if reader.left:
        raise ValueError(f"cannot read {latex} from {''.join(reader.left)} on")
    return result


def column(x):
    """Return a number or a vector as an array of two axes; matrices stay."""
    x = np.asarray(x, dtype=float)
    return x if x.ndim == 2 else x.reshape(-1, 1)


def letters_of(rule, inputs):
    """Return what the letters of a rule stand for at these inputs, with those it defines."""
    names = list(inspect.signature(rule.f).parameters)
    letters = dict(zip(names, inputs, strict=True)) | EXTRA.get(rule.name, no_more)(*inputs)
    letters = {name: x if np.ndim(x) == 2 else column(x) for name, x in letters.items()}
    for part in filter(None, rule.shapes.split("; ")):
        arguments, sizes = part.split(": ")
        shape = letters[tokens(arguments)[0]].shape
        letters |= {n: column(k) for n, k in zip(sizes.split(r" \times "), shape, strict=False)}
    sizes = {name: int(x.item()) for name, x in letters.items() if name in "mnpq"}
    letters |= {f"I_{name}": np.eye(size) for name, size in sizes.items()}
    letters["I"] = np.eye(sizes["n"])
    for name, definition in re.findall(r"(?:^|; )(?:\\mathbf )?(\w) = ([^;]*)", rule.condition):
        if name not in letters:
            letters[name] = value(definition, letters)
    return letters


def no_more(*inputs):
    return {}


def commutation(m, n):
    """Return the K with K vec X = vec Xᵀ for an m × n matrix X, both column-major."""
    order = np.arange(m * n).reshape(n, m).T.ravel()
    return np.eye(m * n)[order]


def singular_triple(x):
    u, s, vt = np.linalg.svd(x)
    return {"u": u[:, 0], "v": vt[0], r"\sigma_1": s[0], r"\sigma_2": s[1]}


def largest_pair(s):
    values, vectors = np.linalg.eig(s)  # which does not know that s is symmetric
    second, first = np.argsort(values)[-2:]
    v = vectors[:, first] / np.linalg.norm(vectors[:, first])
    return {"v": v, r"\lambda_1": values[first], r"\lambda_2": values[second]}


def deviation(x, v, c):
    return {r"\mu": np.mean(x), "s": np.sqrt(np.var(x) + c)}


def both_eigenvectors(a):
    values, vectors = np.linalg.eig(a)
    from_left, rows = np.linalg.eig(a.T)
    v, u = vectors[:, np.argmax(values)], rows[:, np.argmax(from_left)]
    second, first = np.sort(values)[-2:]
    return {"u": u / (u @ v), "v": v, r"\lambda_1": first, r"\lambda_2": second}


def turned(s, r):
    pair = largest_pair(s)
    pair["v"] = pair["v"] * np.sign(r @ pair["v"])
    return pair | {"M": np.linalg.pinv(pair[r"\lambda_1"] * np.eye(len(s)) - s)}


def thin(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    return {"U": u, r"\Sigma": np.diag(s), "V": vt.T}


def both_ends(x):
    u, s, vt = np.linalg.svd(x, full_matrices=False)
    ends = {r"\sigma_1": s[0], r"\sigma_2": s[1], r"\sigma_n_1": s[-2], r"\sigma_n": s[-1]}
    return ends | {"u": u[:, 0], "v": vt[0], "y": u[:, -1], "z": vt[-1]}


def means_of_exponential(t, s, b):
    """Return the basis of eigenvectors, and the integrals, by Gauss's rule."""
    d, v = np.linalg.eigh(s + t * b)
    places, weights = np.polynomial.legendre.leggauss(40)
    f = sum(w / 2 * np.exp(np.add.outer((1 + p) / 2 * d, (1 - p) / 2 * d))
            for p, w in zip(places, weights, strict=True))  # fmt: skip
    return {"V": v, "d": d, "F": f}


def lower(s):
    """Return the Cholesky factor, column by column."""
    s, factor = np.array(s), np.zeros_like(s)
    for j in range(len(s)):
        factor[j:, j] = s[j:, j] / np.sqrt(s[j, j])
        s -= np.outer(factor[:, j], factor[:, j])
    return factor


def of_cholesky(s, v):
    product = lower(s).T @ v
    return {"L": lower(s), "P": np.tril(product) - np.diag(np.diag(product)) / 2}


def of_moving_cholesky(t, s, b):
    factor = lower(s + t * b)
    return {"L": factor, "M": np.linalg.inv(factor) @ b @ np.linalg.inv(factor).T}


def of_pseudo_inverse(x):
    gram = np.linalg.inv(x.T @ x)
    return {"K": commutation(*x.shape), "M": gram, "P": np.eye(len(x)) - x @ gram @ x.T}


def of_fixed_point(b, w):
    x = np.tanh(b)
    for _ in range(500):
        x = np.tanh(w @ x + b)
    return {"x": x, "D": np.diag(1 - x**2)}


def of_root(s):
    size = int(np.sqrt(s.size))
    a = s.reshape(size, size)
    return {"S": a, "R": through_eigenvalues(np.sqrt, a)}


# Letters that are neither arguments nor defined by a condition that can be read.
EXTRA = {
    "backward-layer-norm": deviation,
    "adjoint-diagonal": lambda d, A, b, c: {"M": A + np.diag(d)},
    "cholesky": of_cholesky,
    "cholesky-by-number": of_moving_cholesky,
    "condition-number": both_ends,
    "eigenvalue": both_eigenvectors,
    "eigenvalue-by-number": lambda t, S, B: largest_pair(S + t * B),
    "eigenvector": turned,
    "exponential-of-line": means_of_exponential,
    "fixed-point": of_fixed_point,
    "gram-matrix": lambda X: {"K": commutation(X.shape[1], X.shape[1])},
    "largest-eigenvalue": largest_pair,
    "log-det-symmetric": lambda s: {"S": mirrored(s)},
    "nuclear-norm": thin,
    "pseudo-inverse": of_pseudo_inverse,
    "rayleigh-quotient": lambda x, S: {r"\rho": x @ S @ x / (x @ x)},
    "second-log-det": lambda A: {"K": commutation(*A.shape)},
    "spectral-norm": singular_triple,
    "square-root": of_root,
    "trace-symmetric": lambda s, A: {"S": mirrored(s)},
    "transpose": lambda X: {"K": commutation(*X.shape)},
    "vec-column-major": lambda x, A, B: {"X": x.reshape(len(B), -1).T},
    "vec-row-major": lambda x, A, B: {"X": x.reshape(-1, len(B))},
}


def mirrored(entries):
    n = 1
    while n * (n + 1) // 2 < entries.size:
        n += 1
    lower = np.zeros((n, n))
    lower.T[np.triu_indices(n)] = entries
    return np.where(np.tri(n), lower, lower.T)


class _Reader:
    def __init__(self, left, letters):
        self.left, self.letters = left, letters

    def next(self, *wanted):
        if wanted and (not self.left or self.left[0] not in wanted):
            return None
        if not self.left:
            raise ValueError("the formula ends too early")
        return self.left.pop(0)

    def expect(self, token):
        if self.next(token) is None:
            raise ValueError(f"{token} is missing before {''.join(self.left)}")

    def sum(self):
        sign = -1 if self.next("-") else 1
        total = sign * _plain(self.big_product())
        while operator := self.next("+", "-"):
            term = _plain(self.big_product())
            total = total + term if operator == "+" else total - term
        return total

    def big_product(self):
        """Read products with ⊙ or ⊗ between them."""
        result = self.product()
        while operator := self.next(r"\odot", r"\otimes"):
            other = _plain(self.product())
            result = _plain(result)
            result = result * other if operator == r"\odot" else np.kron(result, other)
        return result

    def product(self):
        factors = [self.power()]
        ends = {")", "}", "+", "-", r"\odot", r"\otimes", r"\rVert", r"\rvert"}
        while self.left and self.left[0] not in ends:
            factors.append(self.power())
        result = factors.pop()
        while factors:
            result = _times(factors.pop(), result)
        return result

    def power(self):
        base = self.atom()
        while self.next("^"):
            exponent = self.braced() if self.next("{") else [self.next()]
            base = _to_the(base, exponent, self.letters)
        return base

    def braced(self):
        inside = []
        while not self.next("}"):
            inside.append(self.next())
        return inside

    def group(self, end):
        result = self.sum()
        self.expect(end)
        return result

    def atom(self):
        token = self.next()
        if token == "(":
            return self.group(")")
        if token == r"\lVert":
            return self.norm(self.group(r"\rVert"))
        if token == r"\lvert":
            return abs(self.group(r"\rvert"))
        if token == r"\frac":
            self.expect("{")
            above = self.group("}")
            self.expect("{")
            return above / self.group("}")
        if token == "e":
            self.expect("^")
            return np.exp(self.group("}") if self.next("{") else self.atom())
        if token == r"\ones":
            return ONES
        if token in ENTRYWISE:
            return ENTRYWISE[token](self.argument())
        if token in FUNCTIONS:
            return column(FUNCTIONS[token](self.argument()))
        if token.isdigit():
            return column(int(token))
        if token in self.letters:
            return column(self.letters[token])
        raise ValueError(f"{token} is not known")

    def argument(self):
        return _plain(self.atom() if self.left[:1] == ["("] else self.power())

    def norm(self, inside):
        kind = self.next() and self.next() if self.left[:1] == ["_"] else "F"
        return column(np.linalg.norm(inside, {"2": 2, "*": "nuc"}.get(kind, "fro")))


FUNCTIONS = {
    r"\tr": np.trace,
    r"\det": np.linalg.det,
    r"\diag": lambda x: np.diag(x.ravel()),
    r"\vec": lambda x: x.ravel(order="F"),
    r"\vec_r": lambda x: x.ravel(),
    r"\vech": lambda x: x.T[np.triu_indices(len(x))],
    r"\adj": lambda x: adjugate(x),
    r"\tril": np.tril,
    r"\exp": lambda x: through_eigenvalues(np.exp, x),
}


def through_eigenvalues(g, a):
    """Return a function of a square matrix that has a basis of eigenvectors."""
    values, vectors = np.linalg.eig(column(a).astype(complex))
    return (vectors @ np.diag(g(values)) @ np.linalg.inv(vectors)).real


def adjugate(a):
    """Return det(A) A⁻¹ of a matrix that may be singular, from the singular values."""
    u, s, vt = np.linalg.svd(a)
    others = [np.prod(np.delete(s, i)) for i in range(len(s))]
    return np.linalg.det(u) * np.linalg.det(vt) * vt.T @ np.diag(others) @ u.T


def _plain(x):
    return column(1) if x is ONES else x


def _times(a, b):
    if isinstance(a, str):  # the transpose of ONES
        return np.sum(b, axis=0, keepdims=True)
    if a is ONES:
        return b  # a row, which numpy repeats
    if b is ONES:
        return np.sum(a, axis=1, keepdims=True)
    return a * b if 1 in (a.size, b.size) else a @ b


def _to_the(base, exponent, letters):
    if exponent == [r"\top"]:
        return "ones" if base is ONES else base.T
    if exponent == ["-", r"\top"]:
        return np.linalg.inv(base).T
    if exponent == ["+"]:
        return np.linalg.pinv(base)
    if exponent[-3:] == ["1", "/", "2"]:
        root = through_eigenvalues(np.sqrt, base)
        return np.linalg.inv(root) if exponent[0] == "-" else root
    power = int(_Reader(exponent, letters).sum().item())
    return np.linalg.matrix_power(base, power)


def _entries(latex, letters):
    """Read D_{ijk} = … where each term is a product of entries."""
    indices, terms = re.fullmatch(r"D_\{(\w+)\} = (.*)", latex).groups()
    total, sizes = 0, letters["sizes"]
    for sign, term in re.findall(r"([+-]?) ?((?:\([^()]*\)|[^+()-])+)", terms):
        names, factors = [], []
        for base, one, several in re.findall(
            r"(\([^()]*\)|\\delta|[a-z])_(?:(\w)|\{(\w+)\})", term.replace(" ", "")
        ):
            names.append(one or several)
            factors.append(base)
        arrays = [_entry_array(f, n, letters, sizes) for f, n in zip(factors, names, strict=True)]
        product = np.einsum(",".join(names) + "->" + indices, *arrays)
        total = total - product if sign == "-" else total + product
    return total


def _entry_array(base, indices, letters, sizes):
    if base == r"\delta":
        return np.eye(sizes[indices[0]])
    if base.startswith("("):
        return value(base, letters)
    if len(indices) == 1:
        return np.ravel(letters[base])
    return letters[base.upper()]
