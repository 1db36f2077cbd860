r"""A reader of the derivatives that chapters display: ∇(xᵀAx) = …, ∂ tr(AB)/∂A = …, d(X²) = …

What a name such as f stands for is what the chapter last said it is. Where that was said in words
or with sums, a comment says it to this reader: <!-- let: f(X) = \operatorname{tr}(AX) -->.

A table row or a line that displays a rule carries its name in a comment, which readers do not see:
<!-- rule: quadratic-form -->. It may carry several names. Alone on its line, the comment speaks
for the text below it, up to the next empty line. There, each side of each formula is read; one has
to be the rule's function, in the letters of the catalogue, and one its derivative, or both in any
other form with the same value. Other letters are told after a colon:
<!-- rule: trace-three: P for A, Q for B -->.
"""

import re
from dataclasses import dataclass

import numpy as np

from tests.latex import letters_of, tokens, value

FORMULA = re.compile(r"\$\$(.+?)\$\$|\$(.+?)\$|<!-- let: (.+?) -->", re.DOTALL)
MOVING = ["x", "X", "A", "W"]  # what moves, where no formula says so
BREAK = r"\\\\|\\q?quad|\\text\{[^}]*\}|\\Long(?:left)?rightarrow"
NAME = re.compile(
    r"((?:\\mathbf )?[a-zA-Z]|\\ell|f_\\alpha|\\operatorname\{lse\})(\((?:\\mathbf )?(\w)\))?"
)


@dataclass
class Claim:
    """The derivative of f by the letter `by` is said to be each of `sides`.

    Instead of a letter, `by` may be d, where the sides are the differential of f, dd, where they
    are its Hessian, or ? where nobody says which letter moves. Empty: by the coordinates.
    """

    f: str
    by: str
    sides: list
    layout: str = ""


def claims(markdown, said):
    """Yield the claims of a text; `said` is what names stand for, and learns from the text."""
    for sides in statements(markdown):
        name = NAME.fullmatch(sides[0])
        if name and len(sides) > 1 and name[1] not in ("J", "H"):
            meant = next((side for side in sides[1:] if letters_in(side)), sides[1])
            said[letter(name[1])] = (meant, name[3] or "")
            if name[1].startswith(r"\mathbf"):
                said["J"] = said[letter(name[1])]
    lines = markdown.splitlines()
    rows = [[cell.strip() for cell in row.split("|")[1:-1]] for row in lines if row[:1] == "|"]
    for row in rows[2:]:
        yield from in_table(rows[0], [re.sub("<!--.*?-->", "", cell).strip() for cell in row])
    for sides in statements("\n".join(line for line in lines if line[:1] != "|")):
        heads = [head(side, said) for side in sides]
        for i, found in enumerate(heads[:-1]):
            results = [s for s, h in zip(sides[i + 1 :], heads[i + 1 :], strict=True) if not h]
            if found and results:
                yield Claim(*found, results)


def statements(markdown):
    """Yield the sides of each equation in a text; f → f' becomes ∇f = f'."""
    for formula in map("".join, FORMULA.findall(markdown)):
        formula = re.sub(r"\\(begin|end)\{aligned\}", " ", plain(formula))
        formula = re.sub(r"\\begin\{(\w+)\}.*?\\end\{\1\}", r" \\dots ", formula)
        formula = re.sub(r"_\{[^{}]*(=|\\to\b)[^{}]*\}", "_i", formula)
        formula = re.sub(r"&&.*?(?=\\\\|$)", "", formula)
        formula = re.sub(r"\\\\\s*&\s*=", "=", formula)
        for statement in re.split(BREAK, formula):
            sides = [side.strip(" .,;:&") for side in re.split(r"=|\\to\b", statement)]
            if r"\to " in statement and letters_in(sides[0]) and not NAME.fullmatch(sides[0]):
                sides[0] = r"\nabla_? " + sides[0]
            yield [side for side in sides if side] or [""]


def plain(latex):
    """Return a formula without what only serves its look."""
    latex = re.sub(r"\\(big|Big|left|right)[lr]?(?![a-z])|\\displaystyle|\\[,;:!]", " ", latex)
    latex = re.sub(r"\\[td]?frac\s*(\w)\s*(\w)", r"\\frac{\1}{\2}", latex)
    latex = re.sub(r"\\[td]frac", r"\\frac", latex)
    latex = re.sub(r"\\mathbf\s*(?:\{(\w)\}|(\w))", r"\\mathbf \1\2", latex)
    while part := re.search(r"\\under(line|brace)\s*(?=\{)", latex):
        inside, rest = group(latex[part.end() :])
        if part[1] == "brace":
            rest = group(rest.removeprefix("_"))[1]
        latex = f"{latex[: part.start()]} {inside} {rest}"
    return re.sub(r"\s+", " ", latex)


def group(latex):
    """Split {…} off the beginning of a formula."""
    depth = 0
    for i, sign in enumerate(latex):
        depth += (sign == "{") - (sign == "}")
        if depth == 0:
            return latex[1:i], latex[i + 1 :]
    raise ValueError(f"a brace stays open in {latex}")


def head(side, said):
    """Return what is differentiated in ∇f, ∂f/∂x, J, H or df, and by what, or else None."""
    if found := re.fullmatch(r"\\nabla\s*(?:_\s*\{?\s*(\?|(?:\\\w+ ?)?\w*)\s*\}?)?\s*(.+)", side):
        by, f = found[1] or "", found[2]
    elif found := re.fullmatch(r"\\partial\s*(.+?)\s*/\s*\\partial\s*(.+)", side):
        f, by = found.groups()
    elif side.startswith(r"\frac{\partial"):
        f, rest = group(side.removeprefix(r"\frac"))
        f, by = f.removeprefix(r"\partial"), group(rest)[0].removeprefix(r"\partial")
    elif side in ("J", "H"):
        f, by = ("f", "dd") if side == "H" else ("J", "")
    elif re.match(r"d ?(\(|\\(?!d?frac|dots)|[a-zA-Z]$)", side):
        f, by = side[1:].strip(), "d"
    else:
        return None
    by, whole = by.strip(), unwrapped(f)
    name = NAME.fullmatch(whole)
    coordinate = re.fullmatch("[a-z]", by) and by != "d"
    if coordinate or (by == "d" and f[0] == "(" and whole == f):  # d(f) + more
        return None
    if by == "d" and name and letter(name[1]) not in said:  # no function, but a change
        return None
    f, argument = said.get(letter(name[1]), (whole, "")) if name else (whole, "")
    by = letter(by) or argument
    return f, by or moving(f)


def unwrapped(f):
    """Return f without brackets around all of it."""
    inside = re.fullmatch(r"\(([^()]*(?:\([^()]*\)[^()]*)*)\)", f.strip())
    return inside[1] if inside else f.strip()


def letter(name):
    return name.removeprefix(r"\mathbf ")


def moving(f):
    return next((x for x in MOVING if x in letters_in(f)), "")


def letters_in(latex):
    """Return the letters of a formula that are vectors or matrices."""
    latex = re.sub(r"\\operatorname\s*\{\w+\}|\\top|_\{?\w+\}?", " ", latex)
    bold, rest = re.findall(r"\\mathbf ([a-z])", latex), re.sub(r"\\mathbf \w", " ", latex)
    rest, greek = re.sub(r"\\[a-zA-Z]+", " ", rest), re.findall(r"\\Sigma", rest)
    return {*bold, *greek, *re.findall(r"[A-Z]", rest)}


def in_table(header, row):
    """Yield the claims of a table row: its first cell is differentiated, others are results."""
    first = [plain("".join(formula)) for formula in FORMULA.findall(row[0])]
    if not first:
        return
    f, by = head(first[0], {}) or (first[0].split("=")[0].strip(), "")
    if told := re.search(r"by \$(.*?)\$", row[0] + header[0]):
        by = letter(plain(told[1]))
    for title, cell in zip(header[1:], row[1:], strict=True):
        kind = re.search(r"numerator|denominator|gradient|here|\$df\$|nabla|J\$", title)
        formulas = [plain("".join(formula)) for formula in FORMULA.findall(cell)]
        if formulas and title == "by":
            by = letter(formulas[0])
        elif formulas and kind:
            sides = [side.strip() for side in formulas[0].split("=") if side.strip() != "J"]
            by_what = "d" if kind[0] == "$df$" else by or moving(f)
            yield Claim(f, by_what, sides, kind[0] if kind[0].endswith("ator") else "")


# Rules that carry their names

TAG = re.compile(r"<!--\s*rule:\s*([a-z, -]+?)\s*(?::\s*([\w, ]+?)\s*)?-->")


def tagged(markdown):
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
