"""Differentiate 120 expressions by `differentiate` and by SymPy, and write the page about it.

Both results are judged in the same way, by `check_derivative` at the input and, for the formula,
at two further points. It takes about three minutes.
"""

import inspect
import math
import os
import platform
import signal
import time
import warnings
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from importlib.metadata import version
from statistics import geometric_mean, median

import numpy as np

from mathutils import check_derivative
from mathutils.formula import differentiate
from mathutils.letters.algebra import NoFormula
from tests.expressions import expressions
from tests.latex import tokens
from tools import setup_venv

PATIENCE = 30  # seconds for one derivative by SymPy
GROUPS = ["catalogue", "matrixcalculus.org", "asked", "composed"]


@dataclass(frozen=True)
class Outcome:
    """What became of one expression: right, wrong or none, the formula, its LaTeX, the time."""

    status: str
    text: str
    latex: str = ""
    seconds: float = math.nan


def names(expression):
    """Return the names of the arguments of an expression's function."""
    return list(inspect.signature(expression.f).parameters)


# By our own formulas


def ours(expression):
    """Return the outcome of `differentiate`, with the median processor time of three."""
    arguments = expression.inputs(np.random.default_rng(0))
    seconds = []
    try:
        for _ in range(3):
            start = time.process_time()
            formula = differentiate(expression.f, *arguments, symmetric=expression.symmetric)
            seconds.append(time.process_time() - start)
    except NoFormula as reason:
        return Outcome("none", str(reason))
    x, *rest = arguments
    points = [x, *(x * np.random.default_rng(k).uniform(0.9, 1.1, np.shape(x)) for k in (1, 2))]
    if names(expression)[0] in expression.symmetric:
        points = [(point + np.transpose(point)) / 2 for point in points]
    right = all(check_derivative(lambda z: expression.f(z, *rest), formula, p) for p in points)
    return Outcome("right" if right else "wrong", formula.text, formula.latex, median(seconds))


# By SymPy


def theirs(expression):
    """Return the outcome of SymPy's ``diff``, the better of two ways to write a number."""
    found = [_by_sympy(expression, number) for number in ("entry", "trace")]
    return min(found, key=lambda one: ["right", "wrong", "none"].index(one.status))


def _by_sympy(expression, number):
    import sympy

    if not expression.sympy:
        return Outcome("none", "no words for it")
    arguments = expression.inputs(np.random.default_rng(0))
    named = names(expression)
    letters = dict(zip(named, map(_letter, named, arguments), strict=True))
    try:
        with _patience():
            f = eval(expression.sympy, _words(number) | letters)  # noqa: S307
            derivative = sympy.diff(f, letters[named[0]]).doit()
            if derivative.has(sympy.Derivative):
                return Outcome("none", "left as a Derivative")
            value = _value(derivative, letters, dict(zip(named, arguments, strict=True)))
    except Exception as problem:  # whatever SymPy raises is what became of it
        return Outcome("none", f"{type(problem).__name__}")
    status = judged(expression, value)
    return Outcome(status, str(derivative), sympy.latex(derivative))


def judged(expression, value):
    """Return whether a value is right: zero is an answer in any shape, others need that of x."""
    x, *rest = expression.inputs(np.random.default_rng(0))
    if not np.any(value):
        value = np.zeros(np.shape(x))
    if np.size(value) != np.size(x):
        return "none"
    value = np.reshape(value, np.shape(x))
    verdict = check_derivative(lambda z: expression.f(z, *rest), value, x)
    return "right" if verdict else "wrong"


def _letter(name, x):
    import sympy

    if isinstance(x, int):
        return x
    if np.ndim(x) == 0:
        return sympy.Symbol(name, positive=True)
    return sympy.MatrixSymbol(name, *(np.shape(x) if np.ndim(x) == 2 else (len(x), 1)))


def _words(number):
    """Return the names in the texts for SymPy: its own, and the three of expressions.py."""
    import sympy

    words = {name: getattr(sympy, name) for name in dir(sympy)} | {"u": sympy.Symbol("u")}

    def one(a):
        return sympy.OneMatrix(a.rows, 1)

    def total(a):
        return one(a).T * a * sympy.OneMatrix(a.cols, 1)

    def num(a):
        return sympy.Trace(a) if number == "trace" else a[0, 0]

    return words | {"one": one, "total": total, "num": num}


def _value(derivative, letters, arguments):
    """Return the value of SymPy's result, an array, or None where it has none."""
    import sympy

    columns = {
        name: np.reshape(x, (len(x), 1)) if np.ndim(x) == 1 else x for name, x in arguments.items()
    }
    used = [name for name in letters if not isinstance(arguments[name], int)]
    try:
        function = sympy.lambdify([letters[name] for name in used], derivative, "numpy")
        return np.array(function(*(columns[name] for name in used)), dtype=float)
    except Exception:  # it has no words of NumPy for what is in it
        numbers = {
            letters[name]: sympy.ImmutableMatrix(columns[name])
            if np.ndim(columns[name])
            else columns[name]
            for name in used
        }
        plain = derivative.subs(numbers).doit()
        plain = plain.as_explicit() if hasattr(plain, "as_explicit") else plain
        return np.array(sympy.N(plain), dtype=float)


@contextmanager
def _patience():
    """Raise a TimeoutError after some time, where the system has an alarm."""

    def ring(*_):
        raise TimeoutError

    if not hasattr(signal, "setitimer"):
        yield
        return
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


# The page


def ratios(outcomes):
    """Return the length of each formula as a part of its rule's in the catalogue."""
    return {
        one.name: len(tokens(mine.latex)) / len(tokens(one.rule.result.split(" = ")[-1]))
        for one, mine, _ in outcomes
        if one.rule and mine.latex
    }


def counts(outcomes, group):
    """Return how many of a group are right, wrong and none, for us and for SymPy."""
    rows = [row for row in outcomes if group in (row[0].group, "all")]
    found = []
    for which in (1, 2):
        tally = Counter(row[which].status for row in rows)
        found += [tally[status] for status in ("right", "wrong", "none")]
    return [group, len(rows), *found]


def goals(outcomes):
    """Return rows of a goal, what was reached, and whether that is enough."""
    mine = [one for _, one, _ in outcomes]
    lengths = list(ratios(outcomes).values())
    seconds = [one.seconds for one in mine if one.latex]
    right = sum(one.status == "right" for one in mine) / len(mine)
    rows = [
        ("wrong formulas", "0", n := sum(one.status == "wrong" for one in mine), n == 0),
        ("share of right ones", "≥ 95 %", f"{100 * right:.1f} %", right >= 0.95),
        ("length beside the catalogue's, median", "≤ 1.2", f"{median(lengths):.2f}",
         median(lengths) <= 1.2),
        ("the same, geometric mean", "≤ 1.2", f"{geometric_mean(lengths):.2f}",
         geometric_mean(lengths) <= 1.2),
        ("ms of processor time for a formula with its check, median", "< 50",
         f"{1e3 * median(seconds):.0f}", median(seconds) < 0.05),
    ]  # fmt: skip
    return [[*row[:3], "yes" if row[3] else "**no**"] for row in rows]


def page(outcomes):
    """Return the text of docs/benchmark_formulas.md."""
    from tools.bench import table

    both = [(mine, other) for _, mine, other in outcomes if mine.status == other.status == "right"]
    shorter = geometric_mean(len(tokens(m.latex)) / len(tokens(o.latex)) for m, o in both)
    length = ratios(outcomes)
    over = [f"{name} ({ratio:.2f})" for name, ratio in length.items() if ratio > 1.2]
    rows = [
        [one.name, f"`{mine.text}`" if mine.latex else f"none: {mine.text}",
         f"{length[one.name]:.2f}" if one.name in length else "",
         other.status + (f": `{other.text[:60]}`" if other.status == "wrong" else "")]
        for one, mine, other in outcomes
    ]  # fmt: skip
    rows = [[cell.replace("|", "\\|") for cell in row] for row in rows]
    header = ["group", "number", *("right", "wrong", "none"), *("SymPy right", "wrong", "none")]
    return f"""# Formulas from NumPy code

What `python3 run.py bench --formulas` printed on {date.today()}: {_machine()}.

The 120 functions of `tests/expressions.py` were chosen before `differentiate` was run on any of
them. On its first run it gave a formula for 113, all of them right; it has been worked on with the
others in sight since. Each is differentiated by its first argument. A result counts as right when
`check_derivative` finds it so; *none* is an error, a derivative left as it is, or no value.

## Goals

{table(["goal", "at", "reached", "met"], goals(outcomes))}
## Right, wrong, not at all

{table(header, [counts(outcomes, group) for group in [*GROUPS, "all"]])}
SymPy got each function in its own words, numbers once as traces and once as entries of 1 × 1
matrices, and the better of the two results counts. Where both are right ({len(both)}), our formula
has {shorter:.2f} times as many signs in LaTeX, in the geometric mean.

Longer than 1.2 times the catalogue's, which has letters for parts of its formulas, such as
$\\mathbf s$ for softmax: {", ".join(over)}.

## All of them

{table(["function", "gradient", "length / catalogue's", "SymPy"], rows)}"""


def _machine():
    from tools.bench import processor

    versions = ", ".join(f"{name} {version(name)}" for name in ("numpy", "sympy"))
    return (
        f"{processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}, {versions}"
    )


def main():
    from tools.bench import install_peers

    install_peers()
    warnings.simplefilter("ignore")
    outcomes = []
    for one in expressions():
        outcomes.append((one, ours(one), theirs(one)))
        print(one.name, *(result.status for result in outcomes[-1][1:]), flush=True)
    text = page(outcomes)
    target = setup_venv.ROOT / "docs" / "benchmark_formulas.md"
    target.write_text(text, encoding="utf-8", newline="\n")
    print(text)


if __name__ == "__main__":
    main()
