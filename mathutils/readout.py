"""What a live picture says: names and values as mathematics, and as words for a screen reader."""

import re
from numbers import Integral, Real

import numpy as np

from mathutils.sentences import say

PLAIN = re.compile(r"([\d .+°ε-]|\^\{-?\d+\})+")  # a value in LaTeX that HTML can say as well


def typeset(readout: dict | str | None) -> str:
    r"""Return a readout as text with mathematics between ``$``.

    Parameters
    ----------
    readout : dict, str or None
        A dict of names in LaTeX to values: whole numbers as they are, other numbers and arrays
        with four digits, what is below 1e-12 as zero, and a str as the LaTeX that it is.
        Arrays have the shape ``()``, ``(n,)`` or ``(m, n)``.

    Raises
    ------
    TypeError, ValueError
        For what is neither, and for arrays of another shape or without real numbers.

    Examples
    --------
    >>> typeset({"f": 39.04, r"\nabla f": np.array([20, 40])})
    '$f = 39.04, \\quad \\nabla f = (20,\\; 40)$'
    """
    if readout is None or isinstance(readout, str):
        return readout or ""
    if not isinstance(readout, dict):
        raise TypeError(say("bad-readout", readout=repr(readout)))
    parts = [f"{name} = {_latex(value)}" for name, value in readout.items()]
    return "$" + r", \quad ".join(parts) + "$" if parts else ""


def in_parts(readout: dict | str | None) -> list[tuple[str, str]]:
    r"""Return a readout as pairs: what is typeset once, and a value as HTML, which moves.

    To typeset mathematics takes the browser longer than to show a picture, and the names stay.

    Examples
    --------
    >>> in_parts({"f": np.array([2e-7, -40]), "h": "2^{-5}", "g": r"\alpha"})[:2]
    [('$f =$', '(2.000 × 10<sup>−7</sup>, −40.00)'), ('$h =$', '2<sup>−5</sup>')]
    >>> in_parts({"g": r"\alpha"})
    [('$g = \\alpha$', '')]
    """
    if not isinstance(readout, dict):
        return [(typeset(readout), "")]
    parts = [(name, _html(value), value) for name, value in readout.items()]
    return [
        (f"${name} =$", moves) if moves else (f"${name} = {value}$", "")
        for name, moves, value in parts
    ]


def _latex(value):
    if isinstance(value, str):
        return value
    numbers = _numbers(value)
    if np.ndim(numbers) == 0:
        return numbers
    if np.ndim(numbers) == 1:
        return "(" + r",\; ".join(numbers) + ")"
    rows = r" \\ ".join(map(" & ".join, numbers))
    return rf"\begin{{bmatrix}} {rows} \end{{bmatrix}}"


def _html(value):
    """Return a value as HTML, or nothing for a text with commands in LaTeX."""
    if isinstance(value, str):
        return _html_number(value) if PLAIN.fullmatch(value) else ""
    numbers = _numbers(value)
    if np.ndim(numbers) == 0:
        return _html_number(numbers)
    if np.ndim(numbers) == 1:
        return "(" + ", ".join(map(_html_number, numbers)) + ")"
    entries = [f"<span>{_html_number(number)}</span>" for row in numbers for number in row]
    columns = f"grid-template-columns: repeat({len(numbers[0])}, auto)"
    return f'<span class="live-matrix" style="{columns}">{"".join(entries)}</span>'


def _html_number(text):
    text = re.sub(r"\^\{(.*?)\}", r"<sup>\1</sup>", text).replace(r"\times", "×")
    text = text.replace("-", "−").replace("ε", "<i>ε</i>")
    return text.replace(r"\text{nan}", "nan").replace(r"\infty", "∞")


def _numbers(value):
    """Return a number, or an array of at most two axes, as texts in LaTeX, nested in lists."""
    array = np.asarray(value)
    if array.ndim == 0:
        return _number(array[()])
    if array.ndim <= 2:
        return [_numbers(row) for row in array]
    raise ValueError(say("bad-readout-shape", shape=str(array.shape)))


def _number(value):
    if isinstance(value, Integral | np.bool_):
        return str(value)
    if not isinstance(value, Real):
        raise TypeError(say("bad-readout-number", value=repr(value)))
    value = float(value)
    if not np.isfinite(value):
        return r"\text{nan}" if np.isnan(value) else r"\infty" if value > 0 else r"-\infty"
    # No negative zero, and no exact tie that the last bit would decide.
    text = f"{0.0 if abs(value) < 1e-12 else value * (1 + 1e-11):#.4g}"
    mantissa, _, exponent = text.rstrip(".").partition("e")
    return rf"{mantissa} \times 10^{{{int(exponent)}}}" if exponent else mantissa


def spoken(text: str) -> str:
    r"""Return a text with mathematics as a screen reader can say it.

    Examples
    --------
    >>> spoken(r"$\|\nabla f\| = 22.4$")
    '| nabla f | = 22.4'
    """
    text = text.replace(r"\\", "; ").replace("&", ", ")
    text = re.sub(r"\\(begin|end)\{\w+\}", " ", text)
    text = re.sub(r"\}\s*\{", " / ", text)  # \frac{a}{b}
    text = re.sub(r"\\(quad|qquad|mathbf|mathrm|text|frac|[,;! ])|[\\${}]", " ", text)
    return re.sub(r" (?=[,;.)])", "", " ".join(text.split()))
