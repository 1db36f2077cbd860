"""Each claim of the two lecture documents is checked in a chapter: a verdict says so.

The ids are those of the project's list of claims: A for the document on matrix by matrix,
B for the one on matrix differentiation. What each says stands beside it.
"""

import re

import pytest

from tests.languages import ENGLISH, cells_of

TAUGHT = {
    "A1": ["02 check-product"],  # ∇xyz = (yz, xz, xy)
    "A2": ["01 check-scalar-product", "01 refute-case"],  # a·x by a
    "A3": ["01 check-linear-map", "05 check-linear-map"],  # J = A, output × input
    "A4": ["01 check-trace", "08 check-rectangular", "08 check-second-factor"],  # tr(AB) by A
    "A5": [  # two layouts
        *("00 check-layout", "04 check-disguise"),
        *("06 check-both-layouts", "05 check-gradient-chain"),
    ],
    "A6": ["08 check-norm-product", "08 check-one-part", "08 refute-side"],  # ‖AX‖² by A
    "A7": ["08 check-scalar-product"],  # tr(AᵀB) by A
    "A8": [  # nine cells
        *("00 check-first", "01 check-scalar-product", "01 check-trace", "01 check-circle"),
        *("01 check-linear-map", "01 check-vector-by-matrix", "01 check-rotation"),
        *("01 check-outer-product", "01 check-matrix-by-matrix"),
        *("12 check-kronecker", "17 check-backprop"),
    ],
    "A9": ["01 check-trace", "01 refute-shape", "01 refute-trace"],  # shapes; numbers out only
    "A10": ["08 check-letters", "08 check-rectangular"],  # entry by entry, then in general
    "A11": ["08 check-twice"],  # xᵀAx = tr(Axxᵀ)
    "A12": [  # the table of rules
        *("08 check-trace-identity", "08 check-rectangular", "08 check-scalar-product"),
        *("08 check-sandwich", "08 check-sandwich-symmetric"),
        *("09 check-cofactors", "09 check-singular", "09 check-log-det", "09 check-negative"),
        *("09 refute-twins", "09 check-table"),
    ],
    "A13": ["08 check-least-squares", "08 refute-least-squares-side"],  # ‖XW − Y‖² by W
    "A14": ["08 check-norm"],  # ‖A‖² by A
    "A15": ["08 check-letters", "08 refute-letters"],  # tr(AX), 2 × 2
    "A16": ["08 check-rectangular"],  # tr(AX), 2 × 4 with 4 × 2
    "A18": [  # a gradient by central differences, and comparing with it
        *("10 refute-code", "10 check-code"),
        *("13 define-recipe", "13 refute-integers", "13 refute-single", "13 mend-recipe"),
        "13 check-best-step",
    ],
    "B1": ["01 check-rotation", "01 check-vector-by-matrix"],  # what goes in and out
    "B2": ["00 check-layout", "06 check-denominator", "06 refute-chain"],  # two layouts
    "B3": ["02 check-quadratic", "06 check-denominator"],  # the gradient as a column
    "B4": ["02 check-quadratic", "02 find-lowest", "02 check-square"],  # the bowl
    "B5": ["02 refute-transpose", "02 check-slopes", "03 check-directional"],  # Taylor, order one
    "B6": ["03 check-gradient", "03 draw-quiver"],  # contour and quiver
    "B7": ["03 check-greatest", "03 refute-length"],  # length is slope
    "B8": ["03 check-greatest", "03 refute-aim"],  # direction is steepest ascent
    "B9": ["03 refute-chord", "03 check-tangent"],  # orthogonal to the level curve
    "B10": ["04 check-linear"],  # wᵀx
    "B11": ["04 check-quadratic", "04 refute-symmetric"],  # xᵀAx
    "B12": ["05 check-by-a-number"],  # vector by number
    "B13": ["06 check-denominator"],  # vector by vector, in denominator layout
    "B14": ["06 check-both-layouts"],  # Ax gives Aᵀ in denominator layout
    "B15": ["05 check-rows", "05 check-columns"],  # the Jacobian
    "B16": ["07 check-bowl", "07 check-quadratic", "07 check-matrix-input"],  # the Hessian
    "B17": ["07 check-peano", "07 measure-peano", "07 check-leaf"],  # is symmetric, if C²
    "B18": [  # number by matrix
        *("08 check-rectangular", "08 check-second-factor", "08 check-numerator-layout"),
    ],
    "B19": ["08 check-second-factor"],  # tr(WX) by X
    "B20": [  # log det
        *("09 check-cofactors", "09 show-row-stays", "09 check-orthogonal"),
        *("09 check-log-det", "09 check-negative"),
    ],
}
CLAIMS = [f"A{n}" for n in (*range(1, 17), 18)] + [f"B{n}" for n in range(1, 21)]


def outputs():
    """Return what each code cell printed or showed as text, by chapter and id."""
    cells = {}
    for path in ENGLISH:
        for cell in cells_of(path):
            if cell.cell_type == "code":
                texts = [o.get("text") or o.data.get("text/plain", "") for o in cell.outputs]
                cells[f"{path.name[:2]} {cell.id}"] = "\n".join(texts)
    return cells


STORED = outputs()


def test_no_claim_is_missing():
    assert list(TAUGHT) == CLAIMS


@pytest.mark.parametrize("claim", CLAIMS)
def test_a_claim_is_checked_by_a_cell_whose_verdict_is_compared(claim):
    assert TAUGHT[claim]
    for place in TAUGHT[claim]:
        assert place in STORED, f"{place} is no code cell"
        assert STORED[place].strip(), f"{place} shows nothing that could be compared"
    shown = " ".join(STORED[place] for place in TAUGHT[claim])
    assert re.search(r"\bright: |\bTrue\b", shown), "what is taught is nowhere found right"
