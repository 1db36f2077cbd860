"""The explorer: type a function, see its derivative, and compare a formula of your own with it.

A chapter opens it with two lines::

    from mathutils.course.explorer import explorer

    explorer("x @ A @ x", "x: 3; A: 3, 3")

The first letter is the one by which is differentiated. All works by keyboard: Tab goes from line
to line, Enter takes what was typed. The cell's text is the first formula, which nbval compares.
"""

from copy import deepcopy
from html import escape

import ipywidgets as widgets
import numpy as np

from mathutils.check import check_derivative
from mathutils.control import view
from mathutils.course.shown import html_of, verdict_html
from mathutils.course.typed import Mistyped, function_of, shapes_of
from mathutils.derivative import numerical_jacobian
from mathutils.formula import Formula, differentiate
from mathutils.letters.algebra import NoFormula
from mathutils.sentences import say
from mathutils.trouble import what_is_wrong
from mathutils.verdict import Verdict

TRIES = 20  # random inputs, until one is found where f is defined


def explorer(f: str, shapes: str, claim: str = "") -> "Explorer":
    """Return three lines to type in: a function, the shapes of its letters, and a formula.

    Parameters
    ----------
    f : NumPy code in the letters, with `np`, `norm`, `inv` and `len`
    shapes : as in ``x: 3; A: 2, 3; t:``, where t is a number; by the first one is differentiated
    claim : code for the derivative, to begin with

    Examples
    --------
    >>> explorer("x @ A @ x", "x: 3; A: 3, 3").text
    '∇f(x) = (A + Aᵀ) x\\nA = Aᵀ: 2 A x'
    """
    return Explorer(f, shapes, claim)


class Explorer(widgets.VBox):
    """What is typed, and what it says: `found` for f, `judged` for the formula beside it."""

    def __init__(self, f, shapes, claim):
        given = {"explorer-f": f, "explorer-shapes": shapes, "explorer-claim": claim}
        self.lines = {slug: _line(slug, text) for slug, text in given.items()}
        self.found, self.judged = widgets.HTMLMath(), widgets.HTMLMath()
        self.text, self.inputs = "", {}
        self.f, self.shapes, self.claim = self.lines.values()
        for line in (self.f, self.shapes):
            line.observe(lambda _: self._look(), names="value")
        self.claim.observe(lambda _: self._judge(), names="value")
        self._look()
        parts = [self.f, self.shapes, self.found, self.claim, self.judged]
        super().__init__(parts, layout={"max_width": "56em"})

    _ipython_display_ = None

    def _repr_mimebundle_(self, **kwargs):
        """Beside the widget: the formula as text, which nbval compares."""
        return view(self) | {"text/plain": self.text}

    def _look(self):
        """Read f and the shapes, and show what is known of the derivative."""
        try:
            shapes = shapes_of(self.shapes.value)
            self.function = function_of(self.f.value, list(shapes))
            self.inputs = inputs_for(self.function, shapes)
        except Mistyped as problem:
            self.inputs, self.text = {}, str(problem)
            self.found.value, self.judged.value = f"<p>{escape(self.text)}</p>", ""
            return
        self._show_formula()
        self._judge()

    def _show_formula(self):
        try:
            formula = differentiate(self._named(), *deepcopy(list(self.inputs.values())))
        except (NoFormula, TypeError, ValueError) as problem:
            self.text = say("explorer-no-formula", problem=problem)
            self.found.value = f"<p>{escape(self.text)}</p>"
            return
        self.text = repr(formula)
        self.found.value = formula_html(formula, self._check(formula))

    def _named(self):
        """Return the function with the letters as its arguments, under the name f."""
        self.function.__name__ = "f"
        return self.function

    def _check(self, claim):
        x, *rest = deepcopy(list(self.inputs.values()))
        return check_derivative(lambda x: self.function(x, *rest), claim, x)

    def _judge(self):
        """Compare the formula that was typed with the measured derivative."""
        if not self.inputs or not self.claim.value.strip():
            self.judged.value = ""
            return
        try:
            claim = function_of(self.claim.value, list(self.inputs))
            self.judged.value = self._verdict_on(claim)
        except Mistyped as problem:
            self.judged.value = f"<p>{escape(str(problem))}</p>"

    def _verdict_on(self, claim):
        x, *rest = deepcopy(list(self.inputs.values()))
        try:
            value = claim(*deepcopy([x, *rest]))
        except Exception as error:  # whatever was typed, it is told in a sentence
            problem = what_is_wrong(error, claim, x, *rest)
            return verdict_html(Verdict("wrong", say("your-function-raised", problem=problem)))
        try:
            verdict = self._check(lambda x: claim(*deepcopy([x, *rest])))
            right = numerical_jacobian(lambda x: self.function(x, *rest), x)
        except (TypeError, ValueError) as problem:
            return f"<p>{escape(str(problem))}</p>"
        return verdict_html(verdict) + entries_html(value, right)


def _line(slug, text):
    line = widgets.Text(text, description=say(slug), continuous_update=False)
    line.layout.width, line.style.description_width = "auto", "9em"
    return line


def inputs_for(function: object, shapes: dict) -> dict:
    """Return random inputs of these shapes for which a function is defined.

    Raises
    ------
    Mistyped
        Where none is found; the sentence says what is in the way.

    Examples
    --------
    >>> inputs_for(lambda X: np.log(np.linalg.det(X)), {"X": (3, 3)})["X"]  # shape (3, 3)
    """
    trouble = ""
    for seed in range(TRIES):
        rng = np.random.default_rng(seed)
        inputs = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        if seed % 2:  # in every other try what is square is positive definite
            inputs = {name: _definite(array) for name, array in inputs.items()}
        try:
            with np.errstate(all="ignore"):
                found = function(*deepcopy(list(inputs.values())))
                value = np.asarray(found)
        except Exception as error:  # whatever was typed, it is told in a sentence
            raise Mistyped(_fails(error, function, inputs)) from None
        if value.dtype.kind not in "biuf" or value.size == 0:
            kind = type(found).__name__ if value.dtype == object else value.dtype
            trouble = say("explorer-no-number", kind=kind)
        elif np.isfinite(value).all():
            return inputs
        trouble = trouble or say("explorer-not-defined")
    raise Mistyped(trouble)


def _fails(error, function, inputs):
    return say("explorer-fails", problem=what_is_wrong(error, function, *inputs.values()))


def _definite(array):
    if array.ndim < 2 or array.shape[0] != array.shape[1]:
        return abs(array) + 0.1
    return array @ array.T + np.eye(len(array))


def formula_html(formula: Formula, verdict: Verdict) -> str:
    """Return a formula with its verdict, both layouts and the steps.

    Examples
    --------
    >>> G = differentiate(lambda x: x @ x, np.ones(2))
    >>> formula_html(G, Verdict("right", "it agrees"))[:36]
    '<p>$$\\\\nabla f(\\\\mathbf x) = 2\\\\mathbf '
    """
    layouts, steps = (table._repr_markdown_() for table in (formula.layouts, formula.steps))
    more = "".join(
        f"<details><summary>{escape(say(slug))}</summary>{html_of(table)}</details>"
        for slug, table in (("explorer-layouts", layouts), ("explorer-steps", steps))
    )
    name = formula._repr_latex_()
    return f"<p>{escape(name, quote=False)}</p>{verdict_html(verdict)}{more}"


def entries_html(value: object, right: np.ndarray) -> str:
    """Return the entries of a claim as a table that marks those which differ.

    Examples
    --------
    >>> entries_html(np.array([1.0, 2]), np.array([1.0, 3]))
    '<table><tr><td>✓ 1</td><td><verdict-wrong>✗ 2</verdict-wrong></td></tr></table>'
    """
    value = np.asarray(value)
    fits = value.dtype.kind in "biuf" and value.shape == right.shape
    if not fits or not 0 < value.ndim < 3 or value.size > 100:
        return ""
    close = abs(value - right) <= 1e-6 * np.max(abs(right))
    rows = zip(np.atleast_2d(value), np.atleast_2d(close), strict=True)
    cells = ["".join(map(_cell, row, marks)) for row, marks in rows]
    return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"


def _cell(number, agrees):
    text = f"{number:.4g}".replace("-", "−")
    return f"<td>✓ {text}</td>" if agrees else f"<td><verdict-wrong>✗ {text}</verdict-wrong></td>"
