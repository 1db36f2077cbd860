"""Every derivative that a chapter displays is what is measured, and its rule is in the catalogue.

The letters are read as the series uses them: a bold one is a vector, a capital one a matrix, here
of three rows and columns; S and Σ are symmetric, determinants are positive, C is made of the
cofactors of X, and the sum of t is 1.
"""

import re
from dataclasses import replace
from functools import cache
from itertools import product

import nbformat
import numpy as np
import pytest

from mathutils import numerical_hessian, numerical_jacobian
from mathutils.course import RULES, rule
from tests.displayed import MOVING, NAME, claims, letters_in, missing, tagged
from tests.languages import ENGLISH, cells_of
from tests.latex import tokens, value

UNREADABLE = (ValueError, KeyError, IndexError)

# What is not read: single entries and sums over them, coordinates, sizes, and laws for any
# function, such as the chain rule, in which there are names of functions and of derivatives.
NOT_READ = re.compile(
    r"_\{?[a-z0-9]|\\sum|\\dots|, |\\times|\\mathbf 0"
    r"|\\varphi|'|\\mathbf [a-z]\(|\\partial|\\nabla|\b[JHG]\b|[JHG]_|\\mathbf g"
)

# What is displayed to be refuted, or is right for a reason that its cell tells.
NOT_RIGHT = {
    r"04 bowl: 2A\mathbf p + \mathbf w": "the A of this cell is symmetric",
    r"11 tempting-commute: 2X dX": "the tempting twin",
    r"11 summary: 2X dX": "only where X commutes with dX",
    r"04 linear-layout: \mathbf w^{\top}": "numerator layout",
    r"09 layout: X^{-1}": "numerator layout",
    r"10 layouts: A^{\top}": "denominator layout",
    r"12 more: A dX B": "any Y that has this differential",
    r"18 block: \exp(X) dX": "the tempting twin",
}

# What is right, and no rule of the catalogue.
NO_RULE = {
    r"\mathbf b^{\top}A\mathbf x": "the linear form, which has Aᵀb for w",
    r"\mathbf c^{\top}A\mathbf x": "the same",
    r"\frac{1}{4}(\mathbf x^{\top}\mathbf x)^2": "an example",
    "XY": "the product rule",
    r"X \otimes Y": "the product rule",
    r"\alpha X + \beta Y": "linearity",
    "XW - Y": "linearity",
    r"\operatorname{tr}(X^3)": "the rule for a power, for k = 3",
    r"\operatorname{tr}(V^{\top}AXB)": "the rule for tr(AXB), which has VᵀA for A",
    r"\lVert XW - Y\rVert_F^2 + \alpha\lVert W\rVert_F^2": "two rules, added",
    r"-\frac{n}{2}\log\det\Sigma - \frac{1}{2}\operatorname{tr}(\Sigma^{-1}S)": "two rules, added",
    r"\lVert X^{\top}X\rVert_F^2": "chapter 19 shows how to find what is not on the sheet",
}


def letters():
    rng, matrices = np.random.default_rng(0), "ABDEFKLMPQRTUVWXYZ"
    found = {name: rng.normal(size=(3, 1)) for name in "abcdhkmpqrsuvwxyz"}
    found |= {name: rng.normal(size=(3, 3)) + np.eye(3) for name in matrices}
    for name in matrices:
        found[name][0] *= np.sign(np.linalg.det(found[name]))
    found |= {name: found["B"] @ found["B"].T + k * np.eye(3) for k, name in [(0, "S"), (1, "Σ")]}
    found |= {"C": np.linalg.det(found["X"]) * np.linalg.inv(found["X"]).T, "I": np.eye(3)}
    numbers = {"n": 2.0, r"\alpha": 0.7, r"\beta": -1.3}
    found |= {name: np.array([[number]]) for name, number in numbers.items()}
    return found | {r"\Sigma": found["Σ"] + found["S"] @ found["S"], "t": np.full((3, 1), 1 / 3)}


LETTERS = letters()
CHANGE = re.compile(r"(?<![A-Za-z\\])d ?(?:\\mathbf )?(\\Sigma|[A-Za-z])(?![a-z])")


def known(said, by):
    """Return what the letters are, with those that the chapter has defined; none that moves is."""
    found = dict(LETTERS)
    for name, (latex, _) in said.items():
        if name in LETTERS and name not in [*MOVING, by]:
            try:
                found[name] = value(latex, found)
            except UNREADABLE:
                continue
    return found


def changing(claim):
    """Return the letters that move in a claim."""
    if claim.by == "d":
        return sorted({name for side in claim.sides for name in CHANGE.findall(side)})
    return ["x"] if claim.by == "dd" else [claim.by]


def measured(claim, found):
    """Return the derivative, and the letters with those of the changes, such as dX."""
    f, moves = claim.f, changing(claim)
    if claim.by == "d":
        rng = np.random.default_rng(1)
        changes = {name: rng.normal(size=found[name].shape) for name in moves}
        along = numerical_jacobian(
            lambda t: value(f, found | {x: found[x] + t * d for x, d in changes.items()}), 0
        )
        return along, found | {change(x): d for x, d in changes.items()}
    (name,) = moves
    x = found[name]
    if claim.by == "dd":
        return numerical_hessian(lambda x: value(f, found | {name: x}).item(), x).squeeze(), found
    result = numerical_jacobian(lambda x: value(f, found | {name: x}), x)
    number = result.size == x.size
    result = result.reshape(x.shape) if number else result.squeeze()
    ours = "denominator" if number else "numerator"
    return (result if claim.layout in ("", ours) else result.T), found


def change(name):
    """Return the letter for the change of another."""
    return r"\d" + name.removeprefix("\\")


def judged(claim, said):
    """Return for each side whether it is right, or None where it cannot be read."""
    if claim.by == "?":
        each = [judged(replace(claim, by=x), said) for x in sorted(letters_in(claim.f))]
        return max(each, key=lambda verdicts: verdicts.count(True))
    try:
        right, found = measured(claim, known(said, claim.by))
    except UNREADABLE:
        return [None for _ in claim.sides]
    return [same(side, right, found) for side in claim.sides]


def same(side, right, found):
    try:
        said = value(CHANGE.sub(lambda d: change(d[1]) + " ", side), found)
    except UNREADABLE:
        return None
    return said.shape == right.shape and np.allclose(said, right)


def displayed(cells, number):
    """Yield place, claim, verdicts on its sides, and the rule, of each claim in Markdown cells."""
    said = {}
    for cell in cells:
        if cell.cell_type == "markdown" and not cell.id.startswith("exercise"):
            for claim in claims(cell.source, said):
                claim.sides = [side for side in claim.sides if not is_step(side, said)]
                yield f"{number} {cell.id}", claim, judged(claim, said), dict(said)


def is_step(side, said):
    """Tell whether a letter changes because another does, as R = XW - Y with W."""
    return any(name in said and name not in MOVING for name in CHANGE.findall(side))


def rule_of(claim, said):
    """Return the name of the rule for the function of a claim, which may have other letters."""
    moves = changing(claim) if claim.by != "?" else sorted(letters_in(claim.f))
    every = [one for rules in RULES.values() for one in rules]
    return next((one.name for x in moves for one in every if is_rule(one, claim.f, x, said)), None)


def is_rule(one, f, x, said):
    """Tell whether f, by x, is the function of a rule, for some choice of its letters."""
    found = known(said, x)
    wanted, others = value(f, found), letters_in(f) - {x}
    defined = dict(re.findall(r"(?:^|; )\\mathbf (\w) = ([^;]*)", one.condition))
    mine = sorted(letters_in(one.formula) - {tokens(one.by)[-1], *defined})
    for given in product(sorted(others), repeat=len(mine)):
        theirs = dict(zip(mine, map(found.get, given), strict=True))
        theirs[tokens(one.by)[-1]] = found[x]
        if set(given) == others and alike(one.formula, defined, found | theirs, wanted):
            return True
    return False


def alike(formula, defined, found, wanted):
    try:
        with np.errstate(all="ignore"):
            for name, latex in defined.items():
                found[name] = value(latex, found)
            mine = value(formula, found)
    except UNREADABLE:
        return False
    return mine.shape == wanted.shape and np.allclose(mine, wanted)


def overlooked(claim, side, verdict):
    """Tell whether a side has not been judged, and there is no principle why not."""
    named = NAME.fullmatch(claim.f) or not letters_in(claim.f)
    return verdict is None and not named and not NOT_READ.search(f"{claim.f} {claim.by} {side}")


@cache
def found_in(path):
    return list(displayed(cells_of(path), path.name[:2]))


each_chapter = pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)


@each_chapter
def test_every_displayed_derivative_is_right(path):
    for place, claim, verdicts, _ in found_in(path):
        for side, verdict in zip(claim.sides, verdicts, strict=True):
            right = verdict is not False or f"{place}: {side}" in NOT_RIGHT
            assert right, f"{place}: {side}, for {claim.f}"
            assert not overlooked(claim, side, verdict), f"{place}: cannot read {claim}"


@each_chapter
def test_the_catalogue_has_the_rules_that_are_displayed(path):
    for place, claim, verdicts, said in found_in(path):
        if True in verdicts and claim.f not in NO_RULE:
            assert rule_of(claim, said), (
                f"{place}: {claim.f} by {claim.by} is not in the catalogue"
            )


def test_there_are_many_and_each_exception_is_needed():
    every = [found for path in ENGLISH for found in found_in(path)]
    assert sum(verdicts.count(True) for _, _, verdicts, _ in every) >= 170
    pairs = [(place, *pair) for place, claim, verdicts, _ in every
             for pair in zip(claim.sides, verdicts, strict=True)]  # fmt: skip
    bad = {f"{place}: {side}" for place, side, verdict in pairs if verdict is False}
    assert bad == set(NOT_RIGHT)
    assert {claim.f for _, claim, verdicts, _ in every if True in verdicts} >= set(NO_RULE)


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = A\mathbf x + A^{\top}\mathbf x$", [True]),
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = A\mathbf x - A^{\top}\mathbf x$", [False]),
        (r"$\nabla(\mathbf x^{\top}A\mathbf x) = 2A\mathbf x = (A + A^{\top})\mathbf x$",
         [False, True]),
        (r"$\nabla(\mathbf w^{\top}\mathbf x) = \mathbf w^{\top}$", [False]),
        (r"$$\frac{\partial \operatorname{tr}(AB)}{\partial A} = B^{\top} .$$", [True]),
        (r"$\partial\operatorname{tr}(AB)/\partial A = B$", [False]),
        (r"$f(W) = \lVert XW - Y\rVert_F^2$, so $\nabla f = 2X^{\top}(XW - Y)$", [True]),
        (r"$f(W) = \lVert XW - Y\rVert_F^2$, so $\nabla f = 2X(XW - Y)$", [False]),
        (r"$d(X^{-1}) = -X^{-1}\,dX\,X^{-1}$ and $d(X^{-1}) = X^{-1}\,dX\,X^{-1}$", [True, False]),
        (r"$\lVert A\rVert_F^2 \to 2A$, $\log\det X \to X^{-1}$", [True, False]),
        (r"<!-- let: \mathbf y = B\mathbf x --> $J = B$", [True]),
        (r"$f(\mathbf x) = (\mathbf x^{\top}\mathbf x)^2$, $H = 8\mathbf x\mathbf x^{\top}$",
         [False]),
        ("| $f$ | by | gradient | numerator layout |\n|---|---|---|---|\n"
         r"| $\operatorname{tr}(AB)$ | $B$ | $A^{\top}$ | $A$ |", [True, True]),
        ("| $f$ | by | numerator layout |\n|---|---|---|\n"
         r"| $\operatorname{tr}(AB)$ | $B$ | $A^{\top}$ |", [False]),
        (r"$\partial f/\partial x_i = w_i$, $\nabla f = J^{\top}\nabla g$", [None, None]),
        (r"$A = S + K$, $h \to 0$", []),
    ],
)  # fmt: skip
def test_derivatives_are_found_and_judged(text, verdicts):
    cell = nbformat.v4.new_markdown_cell(text, id="cell")
    found = [verdict for _, _, some, _ in displayed([cell], "00") for verdict in some]
    assert found == verdicts


# Rules that carry their names


def test_the_displayed_rules_are_those_of_the_catalogue():
    for path in ENGLISH:
        for cell in cells_of(path):
            if cell.cell_type == "markdown":
                for names, letters, text in tagged(cell.source):
                    for name in names:
                        lacks = missing(rule(name), text, letters)
                        assert not lacks, f"{path.name}, {cell.id}: {lacks} of {name} in {text}"


def test_the_chapters_that_derive_rules_name_those_that_they_display():
    named = {path.name[:2] for path in ENGLISH if "<!-- rule: " in path.read_text("utf-8")}
    assert named >= {"01", "04", "05", "07", "08", "09", "11", "12", "16"}


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
    assert list(tagged(table)) == [(["trace"], {}, "| $a$ | $b$ <!-- rule: trace --> |")]
    block = "<!-- rule: norm, trace: P for A -->\n$$\na\n$$"
    found = [(["norm", "trace"], {"A": "P"}, block)]
    assert list(tagged(f"text\n\n{block}\n\nmore $x$")) == found
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
