"""Print the formula sheet: every rule of the catalogue, with a verdict computed at this moment.

The page is HTML. Matplotlib sets the formulas, and the signs that they need of its STIX fonts are
in the page, so that it looks the same everywhere and needs nothing from elsewhere. No sign is
smaller than 7 points. Chromium or Chrome turns it into a PDF.
"""

import base64
import html
import io
import re
import tomllib
from contextlib import suppress
from datetime import date
from itertools import groupby

from fontTools import subset
from matplotlib.font_manager import FontProperties, findSystemFonts, get_font
from matplotlib.mathtext import MathTextParser

from mathutils.course import RULES
from mathutils.sentences import language, languages, numbered, say
from tools import browser
from tools.chapters import ROOT, sheet

SOURCE = ROOT  # where this project is; what is printed goes below ROOT
SIZES = [(2, 3), (3, 2), (4, 3), (3, 4)]
MARKS = {"right": "✓", "wrong": "✗", "undecided": "?"}
STYLE = """
@page { size: A4; margin: 9mm 8mm 8mm }
body { font: 9pt/1.3 "Liberation Serif", "Times New Roman", Times, "DejaVu Serif",
  "Segoe UI Symbol", NanumMyeongjo, "Noto Serif CJK KR", AppleMyungjo, Batang, serif;
  word-break: keep-all; color: #000;
  max-width: 194mm; margin: 0 auto }
h1 { font-size: 15pt; margin: 0 0 1mm }
p { margin: 0 0 .8mm }
section { margin: 2.4mm 0 0 }
h2 { font-size: 10pt; margin: 0; padding: .3mm 1mm; background: #e4e4e4;
  break-after: avoid; print-color-adjust: exact; -webkit-print-color-adjust: exact }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th:nth-child(1) { width: 4.4% } th:nth-child(2) { width: 18.9% }
th:nth-child(3) { width: 5.6% } th:nth-child(4) { width: 23.8% } th:nth-child(5) { width: 24.7% }
th { font-weight: normal; font-style: italic; font-size: 8pt; text-align: left }
th, td { padding: .5mm .4mm; vertical-align: baseline; box-sizing: border-box }
td { border-top: .15mm solid #999; font-size: 8pt; padding-bottom: .9mm }
td:first-child { white-space: nowrap }
tr { break-inside: avoid }
tr:first-child { break-after: avoid }
.formula, .asked { font-size: 10pt; white-space: nowrap }
.asked { margin-right: 1.5mm }
.source { white-space: nowrap }
.method td { font-size: 9pt }
.method td:first-child { width: 36%; white-space: normal }
.method .formula { margin-right: 5mm }
.mark { font: bold 8pt "DejaVu Sans", sans-serif }
svg { overflow: visible }
@media screen { body { padding: 4mm } section { overflow-x: auto } table { min-width: 180mm } }
text { font-size: 100px } text.s70 { font-size: 70px }
"""
METHOD = {
    "sheet-method-differential": (
        r"d(XY) = dX\,Y + X\,dY",
        r"d(X^{\top}) = (dX)^{\top}",
        r"d(X^{-1}) = -X^{-1}\,dX\,X^{-1}",
        r"d\,\operatorname{tr}X = \operatorname{tr}(dX)",
        r"d\,\det X = \det(X)\operatorname{tr}(X^{-1}dX)",
        r"d\varphi(X) = \varphi'(X) \odot dX",
    ),
    "sheet-method-ring": (
        r"\operatorname{tr}(ABC) = \operatorname{tr}(BCA) = \operatorname{tr}(CAB)",
        r"\operatorname{tr}(A) = \operatorname{tr}(A^{\top})",
        r"\operatorname{tr}(A^{\top}(B \odot C)) = \operatorname{tr}((A \odot B)^{\top}C)",
    ),
    "sheet-method-read": (
        r"df = \operatorname{tr}(G^{\top}dX) \Rightarrow \nabla f = G",
        r"df = \mathbf g^{\top}d\mathbf x \Rightarrow \nabla f = \mathbf g",
        r"d\mathbf y = J\,d\mathbf x \Rightarrow J = \partial\mathbf y / \partial\mathbf x",
    ),
    "sheet-method-chain": (
        r"d\mathbf z = J_2\,d\mathbf y, d\mathbf y = J_1\,d\mathbf x "
        r"\Rightarrow d\mathbf z = J_2J_1\,d\mathbf x",
        r"\nabla_{\mathbf x}f = J_1^{\top}\,\nabla_{\mathbf y}f",
    ),
    "sheet-method-backwards": (
        r"V = \nabla_Yf, dY = A\,dX\,B \Rightarrow \nabla_Xf = A^{\top}VB^{\top}",
        r"dY = M \odot dX \Rightarrow \nabla_Xf = M \odot V",
    ),
}
GREEK = "alpha delta lambda mu nabla partial rho sigma varphi"
SIGNS = {
    **dict(zip(GREEK.split(), "αδλμ∇∂ρσφ", strict=True)),
    **{"lVert": "‖", "rVert": "‖", "lvert": "|", "rvert": "|", "top": "ᵀ", "Sigma": "Σ"},
    **{"times": " × ", "odot": " ⊙ ", "otimes": " ⊗ ", "neq": " ≠ ", "geq": " ≥ ", "succ": " ≻ "},
    **{"in": " ∈ ", "int": "∫", "dots": "…", "Rightarrow": " ⇒ "},
}


class Typesetter:
    """Turns LaTeX into SVG text, and keeps account of the signs that it needs of each font."""

    def __init__(self):
        self.parser, self.signs, self.known = MathTextParser("path"), {}, {}
        self.font = FontProperties(size=100, math_fontfamily="stix")

    def svg(self, latex, moves=None):
        """Return an inline SVG whose size is in em, and which can be read aloud.

        Where `moves` is the LaTeX of a letter, that letter is underlined.
        """
        width, height, depth, signs, bars = self._parse(latex)
        height = min(height, max(map(_top, signs)) + 10)  # a \dfrac leaves much above it
        box = f"0 {-height:.0f} {width:.0f} {height + depth:.0f}"
        style = f"width:{width / 100:.2f}em;vertical-align:{-depth / 100:.2f}em"
        if (latex, moves) in self.known:
            inside = f'<use href="#{self.known[latex, moves]}"/>'
        else:
            name = self.known[latex, moves] = f"m{len(self.known)}"
            if moves:
                bars = [*bars, *self._lines_under(signs, moves)]
            inside = f'<g id="{name}">{self._text(signs)}{"".join(map(_bar, bars))}</g>'
        label = html.escape(readable(latex))
        return (
            f'<svg role="img" aria-label="{label}" viewBox="{box}" style="{style}">{inside}</svg>'
        )

    def _parse(self, latex):
        return self.parser.parse(drawable(latex), 72, self.font)

    def _lines_under(self, signs, moves):
        """Return a bar under each sign that is the last sign of `moves`, as X is of vec X."""
        (font, _, letter, *_) = self._parse(moves)[3][-1]
        same = [sign for sign in signs if (sign[0].fname, sign[2]) == (font.fname, letter)]
        return [(sign[-2] + 2, sign[-1] - 0.17 * sign[1], _wide(sign), 6) for sign in same]

    def _text(self, signs):
        """Return SVG text in which each sign has its place."""
        text = ""
        for (path, size), run in groupby(signs, lambda sign: (sign[0].fname, sign[1])):
            letters, x, y = zip(
                *((chr(sign[2]), sign[-2], -sign[-1]) for sign in run), strict=True
            )
            self.signs.setdefault(path, set()).update(letters)
            kind = f"f{list(self.signs).index(path)}" + (f" s{size:.0f}" if size < 100 else "")
            places = f'x="{_numbers(x)}"' + (f' y="{_numbers(y)}"' if any(map(round, y)) else "")
            text += f'<text class="{kind}" {places}>{html.escape("".join(letters))}</text>'
        return text

    def faces(self):
        """Return the CSS of the fonts, each with nothing but the signs that are needed."""
        rules = ""
        for number, (path, signs) in enumerate(self.signs.items()):
            options = subset.Options(flavor="woff", name_IDs=[0, 13, 14])
            options.drop_tables += ["FFTM"]
            font = subset.load_font(path, options)
            font.recalcTimestamp = False
            cutter = subset.Subsetter(options)
            cutter.populate(text="".join(signs))
            cutter.subset(font)
            buffer = io.BytesIO()
            subset.save_font(font, buffer, options)
            data = base64.b64encode(buffer.getvalue()).decode()
            source = f'url("data:font/woff;base64,{data}")'
            rules += f"@font-face {{ font-family: f{number}; src: {source} }}\n"
            rules += f".f{number} {{ font-family: f{number} }}\n"
        return rules


def _top(sign):
    font, size, number, *_, y = sign
    font.set_size(size, 72)
    return y + font.load_char(number).horiBearingY / 64


def _wide(sign):
    font, size, number, *_ = sign
    font.set_size(size, 72)
    return font.load_char(number).horiAdvance / 64 - 4


def _numbers(values):
    return " ".join(str(round(value)) for value in values)


def _bar(bar):
    left, low, wide, high = map(round, bar)
    return f'<path d="M{left} {-low - high}h{wide}v{high}h-{wide}z"/>'


def drawable(latex):
    """Return LaTeX as matplotlib reads it, with the spaces that it does not set by itself."""
    latex = re.sub(r"\\mathbf (\w)", r"\\mathbf{\1}", latex)
    latex = re.sub(r"\\[lr](vert|Vert)(?![A-Za-z])", r"\\\1 ", latex)
    latex = latex.replace(r"^{\top}", r"^{\!\top\!}").replace(r"^{-\top}", r"^{-\!\top\!}")
    latex = re.sub(r"([A-Z])(?=\^\{\\!)", r"\1\\hspace{-0.08}", latex)  # what leans stands apart
    functions = r"(?<=[})a])(\\log|\\tanh|\\sin|\\det|\\operatorname\{tr\})"
    return "$" + re.sub(functions, r"\,\1", latex) + "$"


def readable(latex):
    """Return LaTeX as a line of text that a screen reader can say, the same in every language.

    Examples
    --------
    >>> readable(r"\\frac{1}{2}L^{-\\top}(P + P^{\\top})\\mathbf x_{ij}")
    '(1)/(2)L⁻ᵀ(P + Pᵀ)x_ij'
    """
    text = re.sub(r"\\operatorname\{(\w+)\}", r"\1 ", latex).replace(r"\,", " ")
    text = re.sub(r"\^\{?(-?)(\\top|\d(?!/)|\+)\}?", _raised, text)
    text = re.sub(rf"\\({'|'.join(SIGNS)})(?![A-Za-z]) ?", lambda found: SIGNS[found[1]], text)
    text = re.sub(r"\\(log|det|exp|sin|cos|tanh)(?![a-z])\s*", r"\1 ", text)
    text = re.sub(r"\\mathb[fb] ?(\w|\{\w+\})", r"\1", text)
    text = re.sub(r"(?<=[_^])\{([^{}]*)\}", lambda found: _grouped(found[1]), text)
    part = r"\{([^{}]*)\}"
    while r"\frac" in text or r"\dfrac" in text:
        text = re.sub(rf"\\d?frac{part}{part}", r"(\1)/(\2)", text)
    return " ".join(re.sub(r"[{}]", "", text).split())


def _raised(found):
    small = {r"\top": "ᵀ", "+": "⁺", "1": "¹", "2": "²", "3": "³"}
    return ("⁻" if found[1] else "") + small.get(found[2], "^" + found[2])


def _grouped(inside):
    return inside if inside.isalnum() else f"({inside})"


def verdict(rule):
    """Return the worst verdict on a rule at inputs of several shapes."""
    found = {rule.check(seed, m, n).status for seed, (m, n) in enumerate(SIZES)}
    return next(status for status in ("wrong", "undecided", "right") if status in found)


def page(spoken="en", day=None):
    """Return the HTML of the sheet, and the names of the rules that were not found right."""
    language(spoken)
    setter = Typesetter()
    verdicts = {rule.name: verdict(rule) for rules in RULES.values() for rule in rules}
    bad = [name for name, status in verdicts.items() if status != "right"]
    numbers = {name: number for number, name in enumerate(verdicts, start=1)}
    sections = "\n".join(
        f"<section><h2>{say('sheet-' + name)}</h2>\n<table>\n{_heads()}"
        + "".join(_row(rule, numbers[rule.name], verdicts[rule.name], setter) for rule in rules)
        + "</table></section>"
        for name, rules in RULES.items()
    )
    right, rules = len(verdicts) - len(bad), len(verdicts)
    told = say("sheet-verdict", right=right, all=rules, tries=len(SIZES))
    notes = "\n".join(f"<p>{note}</p>" for note in numbered("sheet-note"))
    title, printed = say("sheet-title"), f"<time>{(day or date.today()).isoformat()}</time>"
    issue = say("sheet-issue", version=_version(), day=printed)
    method = _method(setter)  # before the fonts, which hold the signs that are drawn
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken}">\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{STYLE}{setter.faces()}</style>\n"
        f"<h1>{title}</h1>\n<p>{say('sheet-subtitle')} {told} {issue}</p>\n"
        f"{sections}\n{method}\n"
        f"<section><h2>{say('sheet-signs')}</h2>\n{notes}</section>\n</html>\n"
    ), bad


def _version():
    return tomllib.loads((SOURCE / "pyproject.toml").read_text())["project"]["version"]


def _heads():
    slugs = ["sheet-count", "sheet-function", "sheet-by"]
    slugs += ["sheet-derivative", "sheet-other", "sheet-asked"]
    return "<tr>" + "".join(f"<th>{say(slug)}</th>" for slug in slugs) + "</tr>\n"


def _row(rule, number, status, setter):
    def formula(latex, kind="formula", **marked):
        latex = latex.replace("frac", "dfrac")
        return f'<span class="{kind}">{setter.svg(latex, **marked)}</span>'

    asked = [formula(shape, "asked") for shape in rule.shapes.split("; ")]
    for condition in filter(None, rule.condition.split("; ")):
        asked.append(formula(condition, "asked", moves=rule.by))
    sources = [
        f'<span class="source">{one}</span>'
        for one in rule.source.replace("; ", ";; ").split("; ")
    ]
    cells = (
        f'{number} <span class="mark">{MARKS[status]}</span>',
        formula(rule.formula, moves=rule.by),
        formula(rule.by),
        formula(rule.result),
        formula(rule.other or "="),
        " ".join(asked + sources),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def _method(setter):
    """Return the section that says how to find what is not on the sheet."""
    rows = ""
    for slug, formulas in METHOD.items():
        drawn = " ".join(f'<span class="formula">{setter.svg(one)}</span>' for one in formulas)
        rows += f"<tr><td>{say(slug)}</td><td>{drawn}</td></tr>\n"
    table = f'<table class="method">\n{rows}</table>'
    return f"<section><h2>{say('sheet-method')}</h2>\n{table}</section>"


def print_pdf(source, target):
    """Print an HTML file to a PDF file with chromium or Chrome, without the time of day."""
    with browser.chromium() as chromium:
        tab = chromium.new_page()
        tab.goto(source.as_uri())
        data = tab.pdf(prefer_css_page_size=True, print_background=True)
    target.write_bytes(re.sub(rb"D:\d{14}", b"D:20000101000000", data))


def has_font(text):
    """Say whether a font of this computer has the Korean letters of a text, if it has any."""
    letters = {ord(letter) for letter in re.findall("[가-힣]", text)}
    for path in findSystemFonts() if letters else ():
        with suppress(OSError, RuntimeError):  # no font that can be read
            if letters <= get_font(path).get_charmap().keys():
                return True
    return not letters


def main():
    for spoken in languages():
        target = ROOT / "docs" / sheet(spoken, "html").name
        text, bad = page(spoken)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{target.relative_to(ROOT)}: {len(text.encode()) // 1000} kB")
        if bad:
            raise SystemExit(f"Not found right: {', '.join(bad)}.")
        if not browser.find():
            print("There is no chromium or Chrome, which would print it to a PDF.")
            continue
        if not has_font(text):
            print(f"No font has all letters of {target.name}, as NanumMyeongjo would: no PDF.")
            continue
        print_pdf(target, target.with_suffix(".pdf"))
        size = target.with_suffix(".pdf").stat().st_size // 1000
        print(f"{target.with_suffix('.pdf').relative_to(ROOT)}: {size} kB")


if __name__ == "__main__":
    main()
