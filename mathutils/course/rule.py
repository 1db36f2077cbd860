"""What a rule is: a function, its derivative, and the classic mistakes."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike

from mathutils.check import check_derivative
from mathutils.course.inputs import of_shapes
from mathutils.sentences import say
from mathutils.verdict import Verdict


@dataclass(kw_only=True)
class Rule:
    """A function, its derivative by its first argument, and what one gets wrong about it.

    The LaTeX is mathematics without words, so that it serves every language. Functions of one
    number, such as log, are meant entry by entry, but exp of a matrix is its power series; 1 in
    bold is a vector of ones; vec lists a matrix column by column, and K turns vec X into that of
    the transpose.

    Attributes
    ----------
    name : str
        A slug, which never changes.
    formula, result : str
        LaTeX of f and of the derivative. Where it has three or four indices, as in ``D_{ijkl}``,
        those of the output come first.
    other : str
        LaTeX of what others write: a gradient in numerator layout, another derivative in
        denominator layout, one of three or four indices as the matrix that vec makes of it.
        Empty where nothing changes.
    shapes : str
        LaTeX of the shapes of all arguments, in order, as in ``X: m \\times n; \\mathbf b: n``.
    by : str
        LaTeX of that by which f is differentiated; the first of `shapes` when it is not given.
    condition : str
        LaTeX; empty where the shapes are all that is asked for. May define letters.
    source : str
    f, derivative : functions of the same arguments
        The derivative is by the first one, of shape ``f(x).shape + x.shape``.
    inputs : function of a generator and of two sizes m and n
        Returns a tuple of random arguments which meet the condition. When it is not given, they
        are normal numbers in the shapes.
    wrong : dict from the slug of a mistake to the function that it leads to
        In its sentence {x}, {a}, {b} and {c} are the letters of the arguments, in order.
    """

    name: str
    formula: str
    result: str
    other: str = ""
    shapes: str
    by: str = ""
    condition: str = ""
    source: str = ""
    f: Callable
    derivative: Callable
    inputs: Callable | None = None
    wrong: dict = field(default_factory=dict)

    def __post_init__(self):
        self.by = self.by or self.shapes.split(":")[0].split(",")[0]
        self.inputs = self.inputs or of_shapes(self.shapes)

    def check(self, seed: int = 0, m: int = 2, n: int = 3) -> Verdict:
        """Return the `Verdict` on the rule at one random input."""
        return self.judge(self.derivative, *self.inputs(np.random.default_rng(seed), m, n))

    def judge(self, derivative: Callable, x: ArrayLike, *rest: ArrayLike) -> Verdict:
        """Return the `Verdict` on a function that is said to be the derivative, at one input."""
        return check_derivative(lambda x: self.f(x, *rest), lambda x: derivative(x, *rest), x)

    def says(self, mistake: str) -> str:
        """Return the sentence of one of the wrong answers.

        Examples
        --------
        >>> from mathutils.course import rule
        >>> rule("quadratic-form").says("symmetric-a")
        'right only if A is symmetric'
        """
        return say(mistake, **letters(self.f))


def letters(f: Callable | None, names: str = "") -> dict:
    """Return what the blanks x, a, b and c of a mistake stand for: the arguments of f, in order.

    Parameters
    ----------
    f : function, or None
    names : str
        Other names for them, with a space between.

    Examples
    --------
    >>> letters(lambda X, B: X @ B)
    {'x': 'X', 'a': 'B'}
    >>> letters(lambda X, B: X @ B, "Y A")
    {'x': 'Y', 'a': 'A'}
    """
    given = names.split() or list(inspect.signature(f).parameters if f else [])
    return dict(zip("xabc", given, strict=False))
