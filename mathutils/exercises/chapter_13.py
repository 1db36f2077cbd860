"""Exercises of chapter 13: rules of the catalogue."""

from mathutils.exercise import Exercise, Exercises
from mathutils.rules import rule

exercises = Exercises(
    Exercise.of(
        rule("trace-three-transposed"),
        hints=(
            r"A trace does not change if you transpose what is under it. Then $dX$ has no "
            "transpose any more.",
            r"$\operatorname{tr}(A\,dX^{\top}B) = \operatorname{tr}(B^{\top}dX\,A^{\top})$. "
            "Let the last factor go to the front.",
        ),
    ),
    Exercise.of(
        rule("log-det-gram"),
        hints=(
            r"With $M = X^{\top}X$, $d\log\det M = \operatorname{tr}(M^{-1}dM)$.",
            r"$dM = dX^{\top}X + X^{\top}dX$. The second term is the transpose of the first, and "
            "$M^{-1}$ is symmetric: both give the same.",
            r"$df = 2\operatorname{tr}(M^{-1}X^{\top}dX)$. Transpose what stands before $dX$.",
        ),
    ),
    Exercise(
        answer=[False, True, False, True, False],
        wrong={
            "(a): only the product must be square, and then the shapes fit": [
                *(True, None, None, None, None)
            ],
            "(b): what happens at zero?": [None, False, None, None, None],
            "(c): det is a polynomial in its entries, also where it is zero": [
                *(None, None, True, None, None)
            ],
            "(d): what is the logarithm of a negative number?": [None, None, None, False, None],
        },
        hints=(
            "Look for a kink, a division by zero, or a logarithm.",
            "A polynomial in the entries has a gradient everywhere.",
        ),
    ),
    Exercise(
        answer=3,
        wrong={
            "row 1 is the scalar product of two matrices": 1,
            "row 2 is right, entry by entry": 2,
            "row 4 is right: the other factor, transposed": 4,
        },
        hints=(
            "One of the rows holds only if a matrix is symmetric.",
            r"In $X^{\top}AX$ both $X$ move. What does each of them contribute?",
        ),
    ),
    Exercise.of(
        rule("second-log-sum-exp"),
        hints=(
            r"Differentiate $s_i = e^{x_i} / \sum_k e^{x_k}$ by $x_j$, with the quotient rule.",
            r"For $i \neq j$ only the denominator contains $x_j$: the result is $-s_is_j$.",
        ),
    ),
)
