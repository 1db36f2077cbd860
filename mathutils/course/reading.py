"""What a reader's value says, whatever form it has: a list for a tuple, 1 for True, a fraction.

The stored value tells how it is meant: a text, a tuple (a shape), True or False, a number, an
array, or a list of parts. What cannot be read so is answered by one sentence.
"""

import re
from decimal import Decimal
from fractions import Fraction
from numbers import Real

import numpy as np

from mathutils.sample import real_array
from mathutils.sentences import say

EXACT = 1e-6  # numbers that are computed
ROUNDED = 1e-3  # numbers that are written down by hand, such as 0.333 for 1/3
NOT_NUMBERS = dict, set, frozenset, bytes, type(None)


class Unreadable(ValueError):
    """A value in a form that says nothing; the text is what to tell."""


def read(value: object, like: object) -> object:
    """Return a value in the form of another one.

    Raises
    ------
    Unreadable
        Where it cannot be meant so; says what is wanted.

    Examples
    --------
    >>> read([np.int64(4), 2], like=(2, 3)), read(1, like=True), read(" Saddle ", like="bowl")
    ((4, 2), True, 'saddle')
    """
    if isinstance(value, np.ndarray) and value.ndim == 0:
        value = value[()]
    if isinstance(like, list):
        return _as_list(value, like)
    if isinstance(like, str):
        return _as_text(value)
    _refuse_text(value, like)
    if isinstance(like, tuple):
        return _as_shape(value)
    if isinstance(like, bool):
        return _as_bool(value)
    array = numbers(value)
    return array.reshape(()) if np.ndim(like) == 0 and array.size == 1 else array


def is_blank(value: object) -> bool:
    """Say whether nothing is answered: None, ..., an empty text, or a list of nothing else.

    >>> is_blank([None, "  "]), is_blank([]), is_blank(0)
    (True, False, False)
    """
    if isinstance(value, list | tuple):
        return len(value) > 0 and all(map(is_blank, value))
    return value is None or value is ... or (isinstance(value, str) and not value.strip())


def agrees(value: object, stored: object, precision: float = EXACT) -> bool:
    """Say whether a value has the content of a stored one, in whatever form.

    Whole numbers agree only exactly, and so do texts, shapes, and True or False.

    Examples
    --------
    >>> agrees([[4, 2], [2, 4]], [(4, 2), (2, 4)])
    True
    >>> agrees(0.333, 1 / 3), agrees(0.333, 1 / 3, ROUNDED)
    (False, True)
    """
    try:
        value = read(value, stored)
    except Unreadable:
        return False
    if isinstance(stored, list):
        return len(value) == len(stored) and all(
            agrees(one, other, precision) for one, other in zip(value, stored, strict=True)
        )
    if isinstance(stored, str | tuple | bool):
        return value == (read(stored, stored) if isinstance(stored, str) else stored)
    return off_by(value, np.asarray(stored, dtype=float), precision) == 0


def off_by(value: np.ndarray, right: np.ndarray, precision: float = EXACT) -> float:
    """Return the largest gap between two arrays, 0 where they agree, inf where shapes differ.

    >>> off_by(np.array([1.0, 2]), np.array([1.0, 4]))
    2.0
    """
    if value.shape != right.shape:
        return np.inf
    whole = right == np.round(right)
    small = 1e-9 * (np.max(abs(right), initial=0) or 1)
    gap = abs(value - right)
    allowed = np.where(whole, np.minimum(EXACT * abs(right), 0.01), precision * abs(right))
    return float(np.max(np.where(gap <= allowed + small, 0, gap), initial=0))


def numbers(value: object) -> np.ndarray:
    """Return a number, or numbers in lists, as an array: fractions and those of SymPy, too.

    >>> numbers([Fraction(1, 3), 2])  # shape (2,)
    """
    if isinstance(value, NOT_NUMBERS):
        raise Unreadable(say("array-wanted", kind=type(value).__name__))
    read = _floats(value)
    for odd in _no_numbers_in(read):
        if odd is read:
            raise Unreadable(say("array-wanted", kind=type(odd).__name__))
        raise Unreadable(say("entry-wanted", entry=_short(odd)))
    try:
        return real_array(read, say("the-answer"))
    except (TypeError, ValueError) as problem:
        raise Unreadable(str(problem)) from None


def in_words(value: float) -> str:
    """Return a number as a fraction where it is a simple one, else as ``""``.

    >>> in_words(1 / 3)
    '1/3'
    """
    simple = Fraction(value).limit_denominator(60)
    return str(simple) if abs(value - simple) < 1e-12 * abs(value) else ""


def _floats(value):
    """Return lists and arrays with all that is a number as a float."""
    if isinstance(value, np.matrix) or hasattr(value, "__array__"):
        value = np.asarray(value)[()]
    if isinstance(value, np.ndarray) and value.dtype == object:
        value = value.tolist()
    if isinstance(value, list | tuple | range):
        return [_floats(one) for one in value]
    if isinstance(value, np.ndarray | np.generic | complex | str):
        return value
    try:
        return float(value)
    except OverflowError:
        return np.inf
    except (TypeError, ValueError):
        return value


def _no_numbers_in(value):
    """Yield what stands in lists, or alone, and is no number."""
    if isinstance(value, list):
        for one in value:
            yield from _no_numbers_in(one)
    elif not isinstance(value, np.ndarray | np.number | np.bool_ | float | complex):
        yield value


def _as_list(value, like):
    if isinstance(value, np.ndarray) and value.ndim:
        value = list(value)
    if not isinstance(value, list | tuple) or len(value) != len(like):
        got = len(value) if isinstance(value, list | tuple) else type(value).__name__
        raise Unreadable(say("list-wanted", size=len(like), got=got))
    return list(value)


TRANSPOSES = re.compile(r"\^?\{?(?:ᵀ|(?<=\^)t|(?<=\^\{)t|\\top|(?<=\^)⊤|')\}?")


def _as_text(value):
    if not isinstance(value, str):
        raise Unreadable(say("text-wanted", got=_short(value)))
    return TRANSPOSES.sub(".t", re.sub(r"[\s$*]", "", value).casefold()).rstrip(".")


def _as_shape(value):
    if isinstance(value, Real):
        raise Unreadable(say("comma-missing", given=_whole(value)))
    if not isinstance(value, list | tuple | np.ndarray):
        raise Unreadable(say("tuple-wanted", got=_short(value)))
    sizes = tuple(map(_whole, value))
    if not all(isinstance(size, int) for size in sizes):
        raise Unreadable(say("tuple-wanted", got=_short(value)))
    return sizes


def _whole(value):
    """Return a number that is whole as an int, and anything else as it is."""
    if not isinstance(value, Real | Decimal) or isinstance(value, bool):
        return value
    try:
        return int(value) if int(value) == float(value) else value
    except (OverflowError, ValueError):  # infinite, or NaN
        return value


def _as_bool(value):
    if isinstance(value, Real | np.bool_) and value in (0, 1):
        return bool(value)
    raise Unreadable(say("true-or-false-wanted", got=_short(value)))


def _refuse_text(value, like):
    if isinstance(value, str):
        bare = value.strip().rstrip("°% ").replace("\N{MINUS SIGN}", "-")
        if isinstance(like, bool) and bare.capitalize() in ("True", "False"):
            raise Unreadable(say("without-quotes", given=bare.capitalize()))
        if isinstance(like, bool):
            raise Unreadable(say("true-or-false-wanted", got=_short(value)))
        known = re.fullmatch(r"[\d\s.,()/+-]+", bare)
        slug = "without-quotes" if known else "no-text-wanted"
        raise Unreadable(say(slug, given=bare))


def _short(value):
    plain = isinstance(value, str | Real | None)
    return repr(value) if plain else type(value).__name__
