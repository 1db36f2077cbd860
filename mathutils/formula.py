"""The formula of a gradient, from a function written in NumPy.

The function is called once, on letters instead of arrays (record.py). What they have written down
is walked backwards by the table of VJPs (vjp.py), as reverse mode does it with numbers, and what
arrives is written as short as possible (letters.py, shorten.py, spell.py).
"""

import inspect
import re
from types import CodeType, FunctionType

import numpy as np

from mathutils.check import check_derivative
from mathutils.letters import algebra
from mathutils.letters.record import Letter, Names, NoFormula, named
from mathutils.letters.shorten import shortest
from mathutils.letters.spell import Latex, Plain
from mathutils.sample import real_array


def differentiate(f, *inputs, symmetric=()):
    """Return the formula of the gradient of a function by its first argument.

    Parameters
    ----------
    f : function of arrays, written in NumPy, returning a number (shape ``()``)
    inputs : an array or a number for each argument of f
        They only serve to tell the shapes, and to check the formula. Letters are named as the
        arguments of f, and as the arrays and numbers that f takes from around it.
    symmetric : names of matrices that are meant to be symmetric, such as ``("S",)``

    Returns
    -------
    Formula
        It is called as ``G(x)``, and returns an array of the shape of x. It was found right by
        `check_derivative` at the input and at a second one, or else there would be none.

    Raises
    ------
    NoFormula
        Where an operation has no rule, where f branches on a value or writes into an array, and
        where the formula that was found is not right. The sentence says which.
    TypeError, ValueError
        As `check_derivative` does for a bad `f` or input.

    Examples
    --------
    >>> a, b, X = np.array([1.0, 2.0]), np.array([3.0, 4.0]), np.array([[2.0, 1.0], [0.0, 1.0]])
    >>> differentiate(lambda X: a @ np.linalg.inv(X) @ b, X)
    ∇f(X) = -X⁻ᵀ a bᵀ X⁻ᵀ
    """
    symmetric = (symmetric,) if isinstance(symmetric, str) else tuple(symmetric)
    arrays = [x if isinstance(x, int) and i else real_array(x, "an input")
              for i, x in enumerate(inputs)]  # fmt: skip
    result, x, constants = recorded(f, arrays, symmetric)
    tape = walk(result)
    cotangents = backward(result, tape)
    gradient = cotangents.get(id(x))
    expression = algebra.zero(x.expression.shape) if gradient is None else gradient.expression
    formula = Formula(f, x, shortest(expression), constants, tape, result)
    _verify(f, arrays, formula, symmetric)
    return formula


def recorded(f, arrays, symmetric=()):
    """Call f on letters; return its result, the letter that moves, and all letters by name."""
    Names.known, Names.entries = {}, {}
    names = _parameters(f, len(arrays))
    if not arrays:
        raise TypeError("no input is given, but one for each argument of f is wanted")
    missing = set(symmetric) - set(names)
    letters = [
        x if isinstance(x, int) else named(name, _symmetric_or_not(name, x, symmetric),
                                           name in symmetric, moves=not i)
        for i, (name, x) in enumerate(zip(names, arrays, strict=True))
    ]  # fmt: skip
    lettered = _Lettered(symmetric)
    result = _called(lettered.function(f), letters)
    missing -= set(lettered.symmetric_seen)
    if missing:
        raise NoFormula(f"f has no matrix named {', '.join(sorted(missing))}")
    if not isinstance(result, Letter):
        result = Letter(algebra.number(0), result)
    if result.shape != ():
        raise NoFormula(
            f"f(x) has shape {result.shape}, but a gradient is that of a number, of shape ()"
        )
    return result, letters[0], dict(Names.known)


def _called(f, letters):
    try:
        return f(*letters)
    except ValueError as problem:
        if "setting an array element" in str(problem):
            raise NoFormula(
                "f writes letters into an array of numbers, which has no rule: "
                "build the result from whole arrays with NumPy's functions"
            ) from None
        raise


def _symmetric_or_not(name, x, symmetric):
    if name in symmetric and (x.ndim != 2 or x.shape != x.T.shape or not np.allclose(x, x.T)):
        raise NoFormula(f"{name} is said to be symmetric, but the one given is not")
    return x


def _parameters(f, count):
    """Return the names of the arguments of f."""
    if not callable(f):
        raise TypeError(f"f is a {type(f).__name__}, but a function is wanted")
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except ValueError:
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names += [f"x{k}" for k in range(len(names) + 1, count + 1)]
    return names[:count]


class _Lettered:
    """Functions in which the arrays and numbers from around them are letters with names."""

    def __init__(self, symmetric):
        self.symmetric, self.symmetric_seen, self.done = symmetric, [], {}

    def function(self, f):
        if not isinstance(f, FunctionType):
            return f
        if f not in self.done:
            around = {n: f.__globals__[n] for n in _names(f.__code__) if n in f.__globals__}
            space = dict(f.__globals__)
            new = FunctionType(f.__code__, space, f.__name__, f.__defaults__, _cells(f, self))
            new.__kwdefaults__ = f.__kwdefaults__
            self.done[f] = new
            space |= {name: self.value(name, x, f) for name, x in around.items()}
        return self.done[f]

    def value(self, name, x, f):
        if isinstance(x, FunctionType) and x.__module__ == f.__module__:
            return self.function(x)
        is_array = isinstance(x, np.ndarray) and x.dtype.kind in "iuf" and x.size
        if is_array or isinstance(x, float):
            if name in self.symmetric:
                self.symmetric_seen.append(name)
                _symmetric_or_not(name, np.asarray(x), self.symmetric)
            return named(name, x, name in self.symmetric)
        return x


def _names(code):
    """Return the names that a function uses from outside, those of functions inside it too."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return {*code.co_names, *(name for part in inner for name in _names(part))}


def _cells(f, lettered):
    def new(name, cell):
        try:
            content = cell.cell_contents
        except ValueError:  # it has no value yet
            return cell
        replaced = lettered.value(name, content, f)
        return cell if replaced is content else (lambda: replaced).__closure__[0]

    return tuple(map(new, f.__code__.co_freevars, f.__closure__ or ()))


# What is shown


class Formula:
    """The formula of a gradient. Called on an array, it returns the gradient there.

    Attributes
    ----------
    text, latex : str
        The right side of ``∇f(x) = …``, in the shape of x.
    layouts, steps : Table
        The formula in both layouts; the operations of f, and the way back through them.
    conditions : list of str
        What would be shorter if a matrix were symmetric.
    """

    def __init__(self, f, x, expression, constants, tape, result):
        self.expression, self.shape = expression, x.shape
        self._x, self._constants = x, constants
        self._entries = dict(Names.entries)
        self._name = f.__name__ if getattr(f, "__name__", "<lambda>") != "<lambda>" else "f"
        self.text, self.latex = (self._spelled(expression, s) for s in (Plain, Latex))
        self.conditions = self._shorter_if_symmetric()
        self._tape, self._result = tape, result

    def __call__(self, x):
        x = np.asarray(x, dtype=float)
        if x.shape != self.shape:
            raise ValueError(f"the formula is for shape {self.shape}, and got shape {x.shape}")
        numbers = {name: letter.value for name, letter in self._constants.items()}
        numbers[self._x.expression.args[0]] = x
        shaped = {
            name: np.reshape(number, self._constants[name].expression.shape)
            for name, number in numbers.items()
        }
        with np.errstate(all="ignore"):
            return algebra.value(self.expression, shaped).reshape(self.shape)

    def __repr__(self):
        name = self._spelled(self._x.expression, Plain)
        lines = [f"∇{self._name}({name}) = {self.text}"]
        lines += [f"if {condition}: {text}" for condition, text, _, _ in self.conditions]
        for letter in algebra.letters(self.expression):
            constant = self._constants[letter.args[0]]
            if constant.unnamed:
                text = str(constant.value) if constant.size < 13 else "an array in f"
                lines.append(f"where {self._spelled(letter, Plain)} = {text}")
        return "\n".join(lines)

    def _repr_latex_(self):
        name = self._spelled(self._x.expression, Latex)
        f = self._name if len(self._name) == 1 else rf"\operatorname{{{self._name}}}"
        f = f.replace("_", r"\_")
        return rf"$$\nabla {f}({name}) = {self.latex}$$"

    def _spelled(self, e, style):
        return entries_or_spelled(e, style(self._entries))

    @property
    def layouts(self):
        """The formula as a gradient, and in numerator layout, where it is transposed."""
        rows = [("gradient", self.text, self.latex, self.shape)]
        if self.shape and self.expression.shape != (1, 1):
            turned = algebra.transposed(self.expression)
            texts = [self._spelled(turned, s) for s in (Plain, Latex)]
            rows.append(("numerator layout", *texts, self.expression.shape[::-1]))
        return Table(("layout", "formula", "shape"), rows)

    @property
    def steps(self):
        """The operations of f in their order, and the way back through them."""
        return Table(("step", "formula", "shape"), Steps(self._tape, self._entries).rows())

    def _shorter_if_symmetric(self):
        """Return for each matrix whose symmetry would join terms: the condition, the formula."""
        found = []
        for letter in algebra.letters(self.expression):
            name, bold, symmetric = letter.args
            n, m = letter.shape
            if symmetric or n != m or n == 1 or letter == self._x.expression:
                continue
            new = algebra.variable(name, letter.shape, bold, True)
            other = shortest(algebra.rebuilt(self.expression, {letter: new}.get))
            texts = [self._spelled(other, s) for s in (Plain, Latex)]
            if _untransposed(texts[0]) < _untransposed(self.text):
                condition = [s().name(name, False) for s in (Plain, Latex)]
                found.append(
                    (f"{condition[0]} = {condition[0]}ᵀ", *texts,
                     rf"{condition[1]} = {condition[1]}^{{\top}}")
                )  # fmt: skip
        return found


def _untransposed(text):
    return len(re.sub("[ᵀ() ]", "", text))


# What is never left out: the check


def _verify(f, arrays, formula, symmetric):
    """Raise where the formula is not the derivative of f, at the input and at a second one."""
    x, *rest = arrays
    verdict = check_derivative(lambda z: f(z, *rest), formula, x)
    if not verdict:
        raise NoFormula(f"the formula found for f could not be confirmed: {verdict.reason}")
    for size in (0.3, 0.03, 0.003):
        second = _moved(x, size, formula._x.expression.args[2])
        try:
            verdict = check_derivative(lambda z: f(z, *rest), formula, second)
        except ValueError:  # f is undefined there
            continue
        if verdict:
            return
    raise NoFormula(f"the formula found for f could not be confirmed nearby: {verdict.reason}")


def _moved(x, size, is_symmetric):
    step = np.random.default_rng(0).uniform(-1, 1, x.shape)
    step = step + step.T if is_symmetric else step
    scale = np.maximum(abs(x), np.sqrt(np.mean(x * x)) or 1.0)
    scale = np.maximum(scale, scale.T) if is_symmetric else scale
    return x + size * scale * step
