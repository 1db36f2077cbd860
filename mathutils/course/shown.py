"""Sentences in Markdown, and verdicts, as the HTML of a widget that typesets mathematics."""

import re
from html import escape

from mathutils.verdict import Verdict


def html_of(markdown: str) -> str:
    """Return HTML for the Markdown of our sentences: paragraphs, tables, code, stress, bold.

    Examples
    --------
    >>> html_of("Shape `(2,)` of $a < b$.")
    '<p>Shape <code>(2,)</code> of $a &lt; b$.</p>'
    """
    return "".join(_block(part) for part in re.split(r"\n\s*\n", markdown.strip()) if part)


def _block(text):
    lines = text.splitlines()
    if lines[0].startswith("|"):
        rows = [line.strip("| ").split(" | ") for line in lines if line.strip("|- ")]
        cells = ["".join(f"<td>{_inline(cell)}</td>" for cell in row) for row in rows]
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in cells)}</table>"
    return f"<p>{_inline(' '.join(lines))}</p>"


def _inline(text):
    text = re.sub(r"`([^`]*)`", r"<code>\1</code>", escape(text, quote=False))
    text = re.sub(r"\*\*([^*]+)\*\*", r"<b>\1</b>", text)
    return re.sub(r"(?<![\w*])\*([^*$]+)\*(?![\w*])", r"<em>\1</em>", text)


def verdict_html(verdict: Verdict, more: str = "") -> str:
    """Return a verdict with its sign and colour, and lines of text below it.

    Examples
    --------
    >>> verdict_html(Verdict("right", "it agrees"))
    '<verdict-right>✓ right: it agrees</verdict-right>'
    """
    if verdict.mistake == "blank":
        return f"<p>{escape(verdict.reason)}</p>"
    below = "".join(f"<br><code>{escape(line)}</code>" for line in more.splitlines())
    return verdict._repr_html_() + below
