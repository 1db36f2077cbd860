"""Print the formula sheet: every rule of the catalogue, with a verdict computed at this moment.

The page is HTML. Matplotlib sets the formulas, and the signs that they need of its STIX fonts are
in the page, so that it looks the same everywhere and needs nothing from elsewhere. Chromium or
Chrome turns it into a PDF.
"""

import base64
import html
import io
import re
from itertools import groupby

from fontTools import subset
from matplotlib.font_manager import FontProperties
from matplotlib.mathtext import MathTextParser

from mathutils.course import RULES
from mathutils.sentences import language, languages, numbered, say
from tools import browser
from tools.chapters import ROOT

SIZES = [(2, 3), (3, 2), (4, 3), (3, 4)]
MARKS = {"right": "✓", "wrong": "✗", "undecided": "?"}
STYLE = """
@page { size: A4; margin: 7mm 9mm 6mm }
body { font: 8.5pt/1.25 "Liberation Serif", "Times New Roman", Times, serif; color: #000;
  max-width: 192mm; margin: 0 auto }
h1 { font-size: 14pt; margin: 0 0 1mm }
p { margin: 0 0 .6mm }
.sheet { columns: 2; column-gap: 6mm; column-rule: .2mm solid #999; margin: 2mm 0 }
section { margin: 0 0 1.2mm }
h2 { font-size: 9.5pt; margin: 0 0 .5mm; padding: .3mm 1mm; background: #e4e4e4;
  break-after: avoid; print-color-adjust: exact; -webkit-print-color-adjust: exact }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
th:nth-child(1) { width: 32% } th:nth-child(2) { width: 10% } th:nth-child(4) { width: 18% }
th { font-weight: normal; font-style: italic; font-size: 7pt; text-align: left; padding: 0 .8mm }
td { vertical-align: top; padding: .4mm .8mm .25mm; border-top: .15mm solid #999 }
tr { break-inside: avoid }
tr:first-child { break-after: avoid }
td:last-child, td:last-child .below { font-size: 7.3pt }
td:last-child, th:last-child { text-align: right; white-space: nowrap; padding-right: 0 }
td:first-child, th:first-child { padding-left: 0 }
.formula { font-size: 10pt; white-space: nowrap }
.below { font-size: 7.7pt; margin-top: .4mm }
.below svg { margin-right: 1.2mm }
.mark { font: bold 8pt "DejaVu Sans", sans-serif }
svg { overflow: visible }
@media screen { body { padding: 4mm } }
@media screen and (max-width: 700px) { .sheet { columns: 1 } }
text { font-size: 100px } text.s70 { font-size: 70px } text.s49 { font-size: 49px }
"""


class Typesetter:
    """Turns LaTeX into SVG text, and keeps account of the signs that it needs of each font."""

    def __init__(self):
        self.parser, self.signs, self.known = MathTextParser("path"), {}, {}
        self.font = FontProperties(size=100, math_fontfamily="stix")

    def svg(self, latex):
        """Return an inline SVG whose size is in em, and which can be read aloud."""
        width, height, depth, signs, bars = self.parser.parse(drawable(latex), 72, self.font)
        height = min(height, max(map(_top, signs)) + 10)  # a \dfrac leaves much above it
        box = f"0 {-height:.0f} {width:.0f} {height + depth:.0f}"
        style = f"width:{width / 100:.2f}em;vertical-align:{-depth / 100:.2f}em"
        if latex in self.known:
            inside = f'<use href="#{self.known[latex]}"/>'
        else:
            name = self.known[latex] = f"m{len(self.known)}"
            inside = f'<g id="{name}">{self._text(signs)}{"".join(map(_bar, bars))}</g>'
        head = f'<svg role="img" aria-label="{html.escape(latex)}" viewBox="{box}"'
        return f'{head} style="{style}">{inside}</svg>'

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


def verdict(rule):
    """Return the worst verdict on a rule at inputs of several shapes."""
    found = {rule.check(seed, m, n).status for seed, (m, n) in enumerate(SIZES)}
    return next(status for status in ("wrong", "undecided", "right") if status in found)


def page(spoken="en"):
    """Return the HTML of the sheet, and the names of the rules that were not found right."""
    language(spoken)
    setter = Typesetter()
    verdicts = {rule.name: verdict(rule) for rules in RULES.values() for rule in rules}
    bad = [name for name, status in verdicts.items() if status != "right"]
    sections = "\n".join(
        f"<section><h2>{say('sheet-' + name)}</h2>\n<table>\n{_heads()}"
        + "".join(_row(rule, verdicts[rule.name], setter) for rule in rules)
        + "</table></section>"
        for name, rules in RULES.items()
    )
    right, rules = len(verdicts) - len(bad), len(verdicts)
    told = say("sheet-verdict", right=right, all=rules, tries=len(SIZES))
    notes = "\n".join(f"<p>{note}</p>" for note in numbered("sheet-note"))
    title = say("sheet-title")
    return (
        f'<!DOCTYPE html>\n<html lang="{spoken}">\n<meta charset="utf-8">\n'
        f"<title>{title}</title>\n<style>{STYLE}{setter.faces()}</style>\n"
        f"<h1>{title}</h1>\n<p>{say('sheet-subtitle')} {told}</p>\n"
        f'<div class="sheet">\n{sections}\n</div>\n{notes}\n</html>\n'
    ), bad


def _heads():
    cells = (
        say("sheet-function") + "<br>" + say("sheet-below-function"),
        say("sheet-by"),
        say("sheet-derivative") + "<br>" + say("sheet-below-derivative"),
        say("sheet-source") + " ✓",
    )
    return "<tr>" + "".join(f"<th>{cell}</th>" for cell in cells) + "</tr>\n"


def _row(rule, status, setter):
    def formula(latex):
        return f'<div class="formula">{setter.svg(latex.replace("frac", "dfrac"))}</div>'

    def below(*pieces):
        return f'<div class="below">{" ".join(pieces)}</div>'

    first, *others = rule.source.split("; ")
    asked = [*rule.shapes.split("; "), *filter(None, rule.condition.split("; "))]
    cells = (
        formula(rule.formula) + below(*map(setter.svg, asked)),
        formula(rule.by),
        formula(rule.result) + below(setter.svg(rule.other or "=")),
        f'{first} <span class="mark">{MARKS[status]}</span>' + below(*others),
    )
    return "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>\n"


def print_pdf(source, target):
    """Print an HTML file to a PDF file with chromium or Chrome, without the time of day."""
    with browser.chromium() as chromium:
        tab = chromium.new_page()
        tab.goto(source.as_uri())
        data = tab.pdf(prefer_css_page_size=True, print_background=True)
    target.write_bytes(re.sub(rb"D:\d{14}", b"D:20000101000000", data))


def main():
    for spoken in languages():
        name = "formula_sheet" + ("" if spoken == "en" else f"_{spoken}")
        target = ROOT / "docs" / f"{name}.html"
        text, bad = page(spoken)
        target.write_text(text, encoding="utf-8", newline="\n")
        print(f"{target.relative_to(ROOT)}: {len(text.encode()) // 1000} kB")
        if bad:
            raise SystemExit(f"Not found right: {', '.join(bad)}.")
        if not browser.find():
            print("There is no chromium or Chrome, which would print it to a PDF.")
            continue
        print_pdf(target, target.with_suffix(".pdf"))
        size = target.with_suffix(".pdf").stat().st_size // 1000
        print(f"{target.with_suffix('.pdf').relative_to(ROOT)}: {size} kB")


if __name__ == "__main__":
    main()
