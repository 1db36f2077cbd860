"""The formula of a gradient, from a function written in NumPy.

The function is called once, on letters instead of arrays (letters/record.py). What they have noted
down is walked backwards by the table of VJPs (vjp.py), as reverse mode does it with numbers, and
what arrives is written as short as it can be (letters/shorten.py, letters/spell.py).
"""

import inspect
import re
from collections.abc import Callable
from contextlib import suppress
from types import CellType, CodeType, FunctionType

import numpy as np
from numpy.typing import ArrayLike

from mathutils.check import check_derivative
from mathutils.letters import algebra
from mathutils.letters.record import Letter, Names, NoFormula, named, walk
from mathutils.letters.shorten import shortest
from mathutils.letters.spell import Latex, Plain
from mathutils.letters.walk import Steps, Table, backward, spelled
from mathutils.sample import real_array
from mathutils.sentences import say


def differentiate(f: Callable, *inputs: ArrayLike, symmetric: str | tuple = ()) -> "Formula":
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
    >>> G = differentiate(lambda X: a @ np.linalg.inv(X) @ b, X)
    >>> G
    ∇f(X) = -X⁻ᵀ a bᵀ X⁻ᵀ
    >>> G(X)  # shape (2, 2)
    """
    symmetric = (symmetric,) if isinstance(symmetric, str) else tuple(symmetric)
    names = _parameters(f, len(inputs))
    arrays = [
        x if isinstance(x, int) and i else real_array(x, name)
        for i, (name, x) in enumerate(zip(names, inputs, strict=True))
    ]
    try:
        formula = _found(f, names, arrays, symmetric)
        _verify(f, arrays, formula)
    except ZeroDivisionError:
        raise NoFormula(say("division-by-zero")) from None
    except OverflowError:
        raise NoFormula(say("coefficient-out-of-range")) from None
    except NoFormula as problem:  # the sentence is enough
        raise problem.with_traceback(None) from None
    return formula


def _found(f, names, arrays, symmetric):
    """Return the formula of the gradient, which nobody has checked yet."""
    with Names.of_one_function():
        result, x = _recorded(f, names, arrays, symmetric)
        tape = walk(result)
        cotangents = backward(result, tape)
        zero = Letter(algebra.zero(x.expression.shape), np.zeros(x.shape))
        gradient = shortest(cotangents.get(id(x), zero).expression)
        return Formula(f, x, gradient, tape, cotangents)


# What f is called on


def _recorded(f, names, arrays, symmetric=()):
    """Call f on letters with these names; return its result, and the letter that moves."""
    lettered = _Lettered(symmetric)
    pairs = list(zip(names, arrays, strict=True))
    x = lettered.letter(*pairs[0], moves=True)
    rest = [a if isinstance(a, int) else lettered.letter(name, a) for name, a in pairs[1:]]
    f = lettered.function(f)
    try:
        result = f(x, *rest)
    except np.linalg.LinAlgError as problem:
        raise NoFormula(say("f-not-evaluated", problem=problem)) from None
    except ValueError as problem:
        if "sequence" in str(problem):  # NumPy has tried to write a letter into an array
            raise NoFormula(say("letters-in-array")) from None
        raise
    if lettered.symmetric:
        raise NoFormula(say("no-such-matrix", names=sorted(lettered.symmetric)))
    result = result if isinstance(result, Letter) else Letter(algebra.number(0), result)
    if result.shape != ():
        raise NoFormula(say("gradient-of-a-number", shape=result.shape))
    return result, x


def _parameters(f, count):
    """Return the names of the arguments of f."""
    if not callable(f):
        raise TypeError(say("not-callable", kind=type(f).__name__))
    if not count:
        raise TypeError(say("no-input"))
    try:
        parameters = list(inspect.signature(f).parameters.values())
    except ValueError:  # some functions of NumPy do not tell
        parameters = []
    names = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, p.POSITIONAL_OR_KEYWORD)]
    names += [f"x{k}" for k in range(len(names) + 1, count + 1)]
    return names[:count]


class _Lettered:
    """Functions in which the arrays and numbers from around them are letters with their names."""

    def __init__(self, symmetric):
        self.symmetric, self.said, self.done = set(symmetric), set(symmetric), {}

    def letter(self, name: str, x: object, moves: bool = False) -> Letter:
        """Return an array as a letter, symmetric where it is said to be."""
        is_symmetric = name in self.said
        self.symmetric.discard(name)
        if is_symmetric and (
            np.ndim(x) != 2 or np.shape(x) != x.T.shape or not np.allclose(x, x.T)
        ):
            raise NoFormula(say("not-symmetric", name=name))
        return named(name, x, is_symmetric, moves)

    def function(self, f: object) -> object:
        """Return a copy of a function whose surroundings are letters."""
        if not isinstance(f, FunctionType):
            return f
        if f not in self.done:
            code, space = f.__code__, dict(f.__globals__)
            cells = tuple(CellType() for _ in code.co_freevars)
            self.done[f] = new = FunctionType(code, space, f.__name__, f.__defaults__, cells)
            new.__kwdefaults__ = {
                n: self.value(n, x, f) for n, x in (f.__kwdefaults__ or {}).items()
            }
            for name in _names(code) & f.__globals__.keys():
                space[name] = self.value(name, f.__globals__[name], f)
            for name, cell, old in zip(code.co_freevars, cells, f.__closure__ or (), strict=True):
                with suppress(ValueError):  # a cell may have no value yet
                    cell.cell_contents = self.value(name, old.cell_contents, f)
            values = f.__defaults__ or ()
            names = code.co_varnames[code.co_argcount - len(values) : code.co_argcount]
            new.__defaults__ = tuple(
                self.value(name, x, f) for name, x in zip(names, values, strict=True)
            )
        return self.done[f]

    def value(self, name: str, x: object, f: object) -> object:
        """Return what a name around f stands for: a letter for an array, else what it is."""
        if isinstance(x, FunctionType) and x.__module__ == f.__module__:
            return self.function(x)
        is_array = isinstance(x, np.ndarray) and x.dtype.kind in "biuf" and x.size
        return self.letter(name, x) if is_array or isinstance(x, float) else x


def _names(code):
    """Return the names that a function uses from outside, those of functions inside it too."""
    inner = [part for part in code.co_consts if isinstance(part, CodeType)]
    return {*code.co_names}.union(*map(_names, inner))


# What is shown


class Formula:
    """The formula of a gradient. Called on an array, it returns the gradient there.

    Functions of one number, such as log and σ(t) = 1/(1 + exp(-t)), are meant entry by entry, ⊙
    and ⊘ multiply and divide so; 1 is a column of ones, e₁ the first column of the identity,
    I[2:3] are two of its rows; [a > b] is 1 where it holds, and 0 elsewhere; vec lists entries row
    by row and mat sets them up again; softmax and rowmax take each row of a matrix by itself.

    Attributes
    ----------
    text, latex : str
        The right side of ``∇f(x) = …``, in the shape of x.
    layouts : Table
        The gradient, in the shape of x (as in denominator layout), and ∂f/∂x in numerator layout,
        where it is transposed: for a vector x a row, for a matrix of m × n one of n × m.
    steps : Table
        The operations of f, v₁, v₂ …, and the way back: v̄ is the derivative of f by v.
    conditions : dict from str to str
        From a condition, such as ``A = Aᵀ``, to the text of a formula that is shorter under it.
    """

    def __init__(self, f, x, expression, tape, cotangents):
        self.expression, self._x = expression, x
        self._tape, self._cotangents, self._entries = tape, cotangents, dict(Names.entries)
        self._letters = dict(Names.known)
        self._styles = [style(self._entries, self._letters) for style in (Plain, Latex)]
        name = getattr(f, "__name__", "f")
        self._name = name if name.isidentifier() else "f"
        self.text, self.latex = self._written(expression)
        self._conditions = self._if_symmetric()
        self.conditions = {plain[0]: plain[1] for plain, _ in self._conditions}

    def __call__(self, x: ArrayLike) -> np.ndarray:
        x = np.asarray(x, dtype=float)
        if x.shape != self._x.shape:
            raise ValueError(say("formula-shape", wanted=self._x.shape, shape=x.shape))
        numbers = {
            name: letter.value.astype(float).reshape(letter.expression.shape)
            for name, letter in self._letters.items()
        }
        numbers[self._x.expression.args[0]] = x.reshape(self._x.expression.shape)
        with np.errstate(all="ignore"):
            return algebra.value(self.expression, numbers).reshape(x.shape)

    def _written(self, e):
        return [spelled(e, style) for style in self._styles]

    def __repr__(self):
        x, _ = self._written(self._x.expression)
        lines = [f"∇{self._name}({x}) = {self.text}"]
        lines += [f"{condition}: {text}" for condition, text in self.conditions.items()]
        lines += [told[0] for told in self._unnamed()]
        return "\n".join(lines)

    def _repr_latex_(self):
        _, x = self._written(self._x.expression)
        name = self._name.replace("_", r"\_")
        name = name if len(name) == 1 else rf"\operatorname{{{name}}}"
        more = "".join(rf" \qquad ({c}: \; {formula})" for _, (c, formula) in self._conditions)
        more += "".join(rf" \qquad {told[1]}" for told in self._unnamed())
        return rf"$$\nabla {name}({x}) = {self.latex}{more}$$"

    def _unnamed(self):
        """Return what constants are that have no name in the code, as text and as LaTeX."""
        found = [self._letters[letter.args[0]] for letter in algebra.letters(self.expression)]
        told = []
        for letter in [letter for letter in found if letter.unnamed]:
            rows = letter.value.reshape(letter.expression.shape)
            texts = [[f"{x:.6g}" for x in row] for row in rows]
            names = self._written(letter.expression)
            if letter.size > 6:
                sizes = [sign.join(map(str, letter.shape)) for sign in (" × ", r" \times ")]
                told.append([f"{n}: {size}" for n, size in zip(names, sizes, strict=True)])
            else:
                pairs = zip(names, self._styles, strict=True)
                told.append([f"{name} = {style.listed(texts)}" for name, style in pairs])
        return told

    @property
    def layouts(self) -> Table:
        """Both layouts: name, formula and shape."""
        rows = [(say("layout-denominator"), [self.text, self.latex], self._x.shape)]
        if self._x.size > 1 and self._x.ndim < 3:
            turned = algebra.transposed(self.expression)
            rows.append((say("layout-numerator"), self._written(turned), turned.shape))
        return Table([((name, rf"\text{{{name}}}"), *rest) for name, *rest in rows])

    @property
    def steps(self) -> Table:
        """The way forwards and back: name, formula and shape."""
        with Names.of_one_function(self._letters, self._entries):
            return Table(Steps(self._tape, self._cotangents).rows())

    def _if_symmetric(self):
        """Return what symmetry of one matrix would shorten: condition and formula, twice each."""
        found = []
        for letter in algebra.letters(self.expression):
            name, bold, symmetric = letter.args
            is_square = letter.shape[0] == letter.shape[1] > 1
            if symmetric or not is_square or letter == self._x.expression:
                continue
            new = algebra.variable(name, letter.shape, bold, True)
            other = shortest(algebra.rebuilt(self.expression, {letter: new}.get))
            texts = self._written(other)
            if _without_turns(texts[0]) < _without_turns(self.text):
                names = [style.name(name, bold) for style in self._styles]
                conditions = f"{names[0]} = {names[0]}ᵀ", rf"{names[1]} = {names[1]}^{{\top}}"
                found.append(list(zip(conditions, texts, strict=True)))
        return found


def _without_turns(text):
    return len(re.sub("[ᵀ() ]", "", text))


# What is never left out


def _verify(f, arrays, formula):
    """Raise where the formula is not the derivative of f, at the input and at a second one."""
    x, *rest = arrays
    verdict = check_derivative(lambda z: f(z, *rest), formula, x)
    if not verdict:
        raise NoFormula(say("formula-not-confirmed", reason=verdict.reason))
    reason = ""
    for size in (0.3, 0.03, 0.003):  # closer to the input where f is undefined, or nearly so
        second = _moved(x, size, formula._x.expression.args[2])
        try:
            verdict = check_derivative(lambda z: f(z, *rest), formula, second)
        except ValueError as problem:
            reason = problem
            continue
        if verdict:
            return
        reason = verdict.reason
        if verdict.status == "wrong":
            break
    raise NoFormula(say("formula-not-confirmed", reason=reason))


def _moved(x, size, is_symmetric):
    """Return a point at some distance, a part of the size of x in every entry."""
    rng = np.random.default_rng(0)
    step = rng.choice([-1, 1], x.shape) * rng.uniform(0.5, 1, x.shape)
    step = step * np.maximum(abs(x), np.sqrt(np.mean(x * x)) or 1.0)
    return x + size * ((step + step.T) / 2 if is_symmetric else step)
