"""The rules that the chapters display are those of the catalogue.

A table row or a line of a chapter that displays a rule carries its name in a comment, which
readers do not see: <!-- rule: quadratic-form -->. It may carry several names. Alone on its line,
the comment speaks for the text below it, up to the next empty line. There, each side of each
formula is read; one has to be the rule's function, in the letters of the catalogue, and one its
derivative, or both in any other form with the same value. Other letters are told after a colon:
<!-- rule: trace-three: P for A, Q for B -->.
"""

import re

import nbformat
import numpy as np
import pytest

from mathutils.course import RULES, rule
from tests.latex import letters_of, tokens, value
from tools.chapters import chapters

TAG = re.compile(r"<!--\s*rule:\s*([a-z, -]+?)\s*(?::\s*([\w, ]+?)\s*)?-->")


def displayed(markdown):
    """Yield the names in each comment, the letters it tells, and the text that it speaks for."""
    for block in re.split(r"\n\s*\n", markdown):
        lines = block.splitlines()
        for line in lines:
            for names, told in TAG.findall(line):
                alone = not TAG.sub("", line).strip()
                letters = {old: new for new, old in re.findall(r"(\w) for (\w)", told)}
                yield re.split(r"[ ,]+", names), letters, block if alone else line


def pieces(text):
    """Return the sides of all formulas in a text, each without its ∇, as LaTeX."""
    formulas = [a or b for a, b in re.findall(r"\$\$(.+?)\$\$|\$(.+?)\$", text, re.DOTALL)]
    formulas = [re.sub(r"\\(begin|end)\{aligned\}", " ", formula) for formula in formulas]
    ends = re.compile(r"=|&|\\\\|\\to\b|\\mapsto")
    sides = [side for formula in formulas for side in ends.split(formula)]
    return [side.strip(" .,;\n") for side in sides]


def differentiated(side):
    """Return what stands after a ∇, or between two ∂, or else the side as it is."""
    side = re.sub(r"^\\nabla(_\w|_\{.*?\})?", "", side)
    side = re.sub(r"^\\partial\s*(.*?)\s*/\s*\\partial.*$", r"\1", side, flags=re.DOTALL)
    return re.sub(r"^\((.*)\)$", r"\1", side.strip(), flags=re.DOTALL)


def missing(one, text, renamed=None):
    """Return which of the rule's formula and result the text does not display."""
    renamed = renamed or {}

    def signs(latex):
        return [renamed.get(sign, sign) for sign in tokens(latex)]

    sides = pieces(text)
    wanted = {"formula": one.formula, "result": one.result.split(" = ")[-1]}
    plain = list(map(differentiated, sides))
    return [
        name
        for name, latex in wanted.items()
        if not any(tokens(side) == signs(latex) for side in sides + plain)
        and not any(same_value(one, latex, side, renamed) for side in plain)
    ]


def same_value(one, latex, side, renamed):
    """Tell whether two pieces of LaTeX have the same value at random inputs of the rule."""
    if "_{" in latex:  # entries
        return False
    for seed, (m, n) in enumerate([(2, 3), (4, 3)]):
        letters = letters_of(one, one.inputs(np.random.default_rng(seed), m, n))
        theirs = {renamed.get(name, name): x for name, x in letters.items()}
        try:
            a, b = value(latex.removeprefix(r"\nabla"), letters), value(side, theirs)
        except (ValueError, KeyError, IndexError):  # it is not a formula of these letters
            return False
        if a.shape != b.shape or not np.allclose(a, b):
            return False
    return True


def test_the_displayed_rules_are_those_of_the_catalogue():
    for path in chapters():
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                for names, letters, text in displayed(cell.source):
                    for name in names:
                        lacks = missing(rule(name), text, letters)
                        assert not lacks, f"{path.name}, {cell.id}: {lacks} of {name} in {text}"


def test_the_chapters_that_derive_rules_name_those_that_they_display():
    tagged = {path.name[:2] for path in chapters() if "<!-- rule: " in path.read_text("utf-8")}
    assert tagged >= {"01", "04", "05", "07", "08", "09", "11", "12", "16"}


def test_every_rule_is_found_where_it_is_displayed():
    for rules in RULES.values():
        for one in rules:
            assert not missing(one, f"| ${one.formula}$ | ${one.result}$ |"), one.name
            assert missing(one, f"${one.formula}$, ${one.by}$") == ["result"], one.name


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        (r"| $\mathbf{x}^\top A \, \mathbf{x}$ | $(A+A^\top)\mathbf{x}$ |", []),
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = (A + A^{\top})\mathbf x$", []),
        (r"$\mathbf x^{\top}A\mathbf x$ has gradient $A\mathbf x + A^{\top}\mathbf x$.", []),
        ("$$\n\\begin{aligned}\nf &= \\mathbf x^{\\top}A\\mathbf x \\\\\n"
         "\\nabla f &= (A^{\\top} + A)\\mathbf x\n\\end{aligned}\n$$", []),
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = 2A\mathbf x$", ["result"]),
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = (A - A^{\top})\mathbf x$", ["result"]),
        (r"$\nabla(\mathbf x^{\top}\mathbf x) = (A + A^{\top})\mathbf x$", ["formula"]),
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = \mathbf x^{\top}(A + A^{\top})$", ["result"]),
        ("no formula", ["formula", "result"]),
    ],
)  # fmt: skip
def test_spaces_and_forms_may_differ_and_values_may_not(text, lacking):
    assert missing(rule("quadratic-form"), text) == lacking


def test_a_comment_speaks_for_its_line_or_for_the_text_below():
    table = "| f | g |\n|---|---|\n| $a$ | $b$ <!-- rule: trace --> |\n| $c$ | $d$ |"
    assert list(displayed(table)) == [(["trace"], {}, "| $a$ | $b$ <!-- rule: trace --> |")]
    block = "<!-- rule: norm, trace: P for A -->\n$$\na\n$$"
    found = [(["norm", "trace"], {"A": "P"}, block)]
    assert list(displayed(f"text\n\n{block}\n\nmore $x$")) == found
    with pytest.raises(KeyError, match="no rule"):
        rule("nrom")


@pytest.mark.parametrize(
    ("text", "lacking"),
    [
        (r"$\operatorname{tr}(PXQ)$ | $P^{\top}Q^{\top}$", []),
        (r"$\operatorname{tr}(PXQ)$ | $(QP)^{\top}$", []),
        (r"$\operatorname{tr}(PXQ)$ | $QP$", ["result"]),
        (r"$\operatorname{tr}(AXB)$ | $A^{\top}B^{\top}$", ["formula", "result"]),
    ],
)
def test_other_letters_may_be_told(text, lacking):
    assert missing(rule("trace-three"), text, {"A": "P", "B": "Q"}) == lacking
