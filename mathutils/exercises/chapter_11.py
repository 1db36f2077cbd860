"""Exercises of chapter 11: how far to trust a numerical check."""

import numpy as np

from mathutils.exercise import Exercise, Exercises


def whole_numbers(rng, m, n):
    return (lambda A: np.sum(1 / (1 + np.asarray(A, dtype=float)))), rng.integers(1, 5, (m, n))


def gradient_in(kind, h=1e-5):
    def gradient(f, A):
        result = np.zeros(A.shape, dtype=kind)
        for index in np.ndindex(A.shape):
            up, down = A.astype(kind), A.astype(kind)
            up[index] += h
            down[index] -= h
            result[index] = (f(up) - f(down)) / (2 * h)
        return result

    return gradient


exercises = Exercises(
    Exercise(
        answer=["undecided", "right", "right", "wrong"],
        wrong={
            "(a): left of 0 the slope is −1, right of it 1; is there a derivative at 0?": [
                *("right", None, None, None)
            ],
            "(a): it is not refuted either: nothing can be measured there": [
                *("wrong", None, None, None)
            ],
            "(c): at this one point the claim is true": [None, None, "wrong", None],
            "(d): the shape is compared first": [None, None, None, "right"],
            "(d): a wrong shape leaves no doubt": [None, None, None, "undecided"],
        },
        hints=(
            "A verdict speaks for one point only.",
            "At (a) and (b), draw the absolute value. At (d), ask for the shape.",
        ),
    ),
    Exercise(
        answer=(3 * 1.2e-7 / 6) ** (1 / 3),
        wrong={
            "this is the step for double precision": (3 * 2.2e-16 / 6) ** (1 / 3),
            "a cube root, not a square root": (3 * 1.2e-7 / 6) ** 0.5,
            "the cube root is still to be taken": 3 * 1.2e-7 / 6,
            "the third derivative of 1/x at 1 is missing": (3 * 1.2e-7) ** (1 / 3),
        },
        hints=(
            r"$h = \sqrt[3]{3\,\epsilon_{\mathrm m}\,\lvert f\rvert / \lvert f'''\rvert}$: what "
            "are $f$ and $f'''$ at $x = 1$?",
            "The derivatives of $1/x$ are $-1/x^2$, $2/x^3$ and $-6/x^4$.",
        ),
    ),
    Exercise(
        answer=[2.0, -1.0],
        wrong={
            "those are the weights for an error of order h²": [4 / 3, -1 / 3],
            "that is free of h, but measures something else: test it on f(x) = x": [1.0, -0.5],
            "the mean does not remove the error, it averages it": [0.5, 0.5],
            "the two are exchanged": [-1.0, 2.0],
        },
        hints=(
            "Two conditions for two unknowns: the derivative itself must come out once, and the "
            "term with $h$ not at all.",
            r"$F(h/2)$ has the error $c\,h/2$, $F(h)$ has $c\,h$. So "
            r"$\alpha/2 + \beta = 0$. And the other condition?",
        ),
    ),
    Exercise(
        answer=2,
        wrong={
            "line 1 is Taylor's formula, and right": 1,
            "line 3 would follow, if line 2 were right": 3,
        },
        hints=(
            "Look at the picture with the two V-shaped curves.",
            "Which error is line 1 about, and which one does line 2 forget?",
        ),
    ),
    Exercise(
        answer=lambda f, A: -1 / (1.0 + A) ** 2,
        inputs=whole_numbers,
        wrong={
            "an array of integers cannot hold small steps: copy A as floats first": gradient_in(
                int
            ),
            "nothing but zeros: is the array of the results one of floats, too?": lambda f, A: (
                0 * A
            ),
            "the sign is wrong": lambda f, A: 1 / (1.0 + A) ** 2,
            "divide by 2h, not by h: that is how far the two points are apart": lambda f, A: (
                -2 / (1.0 + A) ** 2
            ),
        },
        hints=(
            "`np.array(A, dtype=float)` makes a copy in double precision, of any shape.",
            "`np.ndindex(A.shape)` runs through all entries, whatever the number of axes.",
            "Make a step of zeros with a single entry $h$, and call `f(A + step)`.",
        ),
    ),
)
