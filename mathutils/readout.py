"""What a live picture says: names and values as mathematics, and as words for a screen reader."""

import re
from numbers import Integral, Real

import numpy as np

from mathutils.sentences import say


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
    >>> in_parts({"f": 39.04, r"\nabla f": np.array([2e-7, -40]), "h": "2^{-5}"})[1:]
    [('$\\nabla f =$', '(2.000 × 10<sup>−7</sup>, −40.00)'), ('$h = 2^{-5}$', '')]
    """
    if not isinstance(readout, dict):
        return [(typeset(readout), "")]
    return [
        (f"${name} =$", _html(value))
        if np.ndim(value) < 2 and not isinstance(value, str)
        else (f"${name} = {_latex(value)}$", "")  # what has rows is left to the typesetter
        for name, value in readout.items()
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
    numbers = _numbers(value)
    if np.ndim(numbers) == 0:
        return _html_number(numbers)
    return "(" + ", ".join(map(_html_number, numbers)) + ")"


def _html_number(text):
    text = re.sub(r"\\times 10\^\{(.*)\}", r"× 10<sup>\1</sup>", text).replace("-", "−")
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
    text = re.sub(r"<[^>]*>", " ", text).replace(r"\\", "; ").replace("&", ", ")
    text = re.sub(r"\\(begin|end)\{\w+\}", " ", text)
    text = re.sub(r"\}\s*\{", " / ", text)  # \frac{a}{b}
    text = re.sub(r"\\(quad|qquad|mathbf|mathrm|text|frac|[,;! ])|[\\${}]", " ", text)
    return re.sub(r" (?=[,;.)])", "", " ".join(text.split()))
