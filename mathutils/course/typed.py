"""Formulas that a reader types: Python expressions in np, norm, inv, len and some letters."""

import ast
import keyword
import re
import unicodedata
import warnings
from collections.abc import Callable

import numpy as np

from mathutils.sentences import say

LONGEST = 400  # letters of a formula: longer ones would be derived for minutes
KNOWN = {"np": np, "norm": np.linalg.norm, "inv": np.linalg.inv, "len": len}


class Mistyped(ValueError):
    """What was typed cannot be read; the text is the sentence to tell."""


def function_of(code: str, letters: list) -> Callable:
    """Return the function of these letters that an expression stands for.

    Raises
    ------
    Mistyped
        Where it is no expression of Python, or has a name that is not known.

    Examples
    --------
    >>> function_of("2 * A @ x", ["x", "A"])(np.ones(2), np.eye(2))  # shape (2,)
    array([2., 2.])
    """
    code = re.sub(r"^\s*(return\b|lambda\b[^:]*:)", "", code).strip()
    if not code:
        raise Mistyped(say("typed-nothing"))
    if len(code) > LONGEST:
        raise Mistyped(say("typed-long", size=len(code), most=LONGEST))
    tree = _parsed(code)
    own = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and _is_set(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitXor):
            raise Mistyped(say("power-is-two-stars"))
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
            _let_overflow(node.left)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Constant):
            raise Mistyped(say("typed-times", number=node.func.value, next="("))
        if isinstance(node, ast.Name) and node.id not in {*letters, *KNOWN, *own}:
            raise Mistyped(say("typed-unknown", name=node.id, letters=letters, known=[*KNOWN]))
    whole = ast.parse(f"lambda {', '.join(letters)}: 0", mode="eval")
    whole.body.body = tree.body
    try:
        return eval(compile(ast.fix_missing_locations(whole), "", "eval"), dict(KNOWN))
    except SyntaxError:  # await, say
        raise Mistyped(say("typed-syntax", before="", after=code)) from None


def _let_overflow(base):
    """Make a whole number a float, of which a power is too large at once, not after hours."""
    if isinstance(base, ast.Constant) and isinstance(base.value, int):
        base.value = float(min(base.value, 1e300))


def _is_set(name):
    return isinstance(name.ctx, ast.Store)


def _parsed(code):
    if odd := re.search(r"[ᵀ²³⁻¹·×⊙√‖]", code):
        raise Mistyped(say("typed-sign", sign=odd[0]))
    try:
        with warnings.catch_warnings(action="ignore"):  # of 2(x), say
            return ast.parse(code, mode="eval")
    except SyntaxError as problem:
        if missing := re.search(r"(\d)\s*([A-Za-z(])", code):
            raise Mistyped(say("typed-times", number=missing[1], next=missing[2])) from None
        place = min((problem.offset or len(code) + 1) - 1, len(code))
        raise Mistyped(say("typed-syntax", before=code[:place], after=code[place:])) from None


def shapes_of(text: str) -> dict:
    """Return the shapes of letters, in order, from a text.

    Examples
    --------
    >>> shapes_of("x: 3; A: 2, 3; t:")
    {'x': (3,), 'A': (2, 3), 't': ()}
    """
    shapes = {}
    for part in filter(str.strip, text.split(";")):
        name, _, sizes = part.partition(":")
        name, sizes = unicodedata.normalize("NFKC", name.strip()), sizes.strip(" ()")
        numbers = [n for n in re.split(r"[\s,×*x]+", sizes) if n]
        taken = name in KNOWN or keyword.iskeyword(name)
        if not name.isidentifier() or taken or ":" not in part:
            raise Mistyped(say("typed-letter", part=part.strip()))
        if len(numbers) > 2 or not all(re.fullmatch("[1-9]|1[0-9]|20", n) for n in numbers):
            raise Mistyped(say("typed-shape", part=part.strip()))
        shapes[name] = tuple(map(int, numbers))
    if not shapes:
        raise Mistyped(say("typed-no-letter"))
    return shapes
