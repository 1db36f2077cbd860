"""Exercises of chapter 03: reading gradient arrows, slopes in a direction."""

import numpy as np

from mathutils.exercise import Exercise, Exercises

exercises = Exercises(
    Exercise(
        answer=[-1, -1],
        wrong={
            "that way it goes down: the gradient points to where f grows": [1, 1],
            "those are the entries, and their signs are what is asked": [-26, -54],
        },
        hints=(
            "The lowest point, $(2, 3)$, lies to the right of $(0, 0)$ and above it.",
            r"Put $x = y = 0$ into $(4x + 6y - 26,\; 6x + 14y - 54)$.",
        ),
    ),
    Exercise(
        answer=-36.8,
        wrong={
            "divide by the length of (3, 4)": -184.0,
            "the size is right; does f rise or fall that way?": 36.8,
            "this is the slope in the steepest direction": np.hypot(16, 34),
            "this is the gradient, two numbers: take the product with the unit direction": (
                np.array([-16, -34])
            ),
        },
        hints=(
            "You need the gradient at $(1, 1)$ and a direction of length 1.",
            r"The length of $(3, 4)$ is 5, and the gradient is $(4 + 6 - 26,\; 6 + 14 - 54)$.",
        ),
    ),
    Exercise(
        f=lambda p: p[0] ** 2 - p[1] ** 2,
        inputs=lambda rng, m, n: (rng.normal(size=2),),
        wrong={
            "mind the minus sign in front of y²": lambda p: 2 * p,
            "the entries are exchanged": lambda p: np.array([-2 * p[1], 2 * p[0]]),
            "this is one number: keep the two partial derivatives apart": lambda p: (
                2 * p[0] - 2 * p[1]
            ),
        },
        hints=(
            "Two inputs, two entries.",
            "By $x$ only $x^2$ counts, by $y$ only $-y^2$.",
        ),
    ),
    Exercise(
        answer=(2,),
        wrong={
            "the surface lies in space, but what goes into f is a point of the plane": (3,),
            "a number comes out, and that is the shape of f; which shape goes in?": (),
            "in code a vector has one axis: a tuple with one length": (2, 1),
        },
        hints=(
            "The gradient has the shape of the input.",
            r"What goes in is $\mathbf p = (x, y)$, in code an array with two entries.",
        ),
    ),
    Exercise(
        answer=60,
        wrong={
            "half of the right angle is not half of the slope: what is the cosine of 45°?": 45,
            "the cosine of 30° is 0.87; you took the sine": 30,
            "at 90° the slope is zero": 90,
            "in degrees, please": np.pi / 3,
        },
        hints=(
            r"$D_{\mathbf u} f = \lVert\nabla f\rVert \cos\psi$, and the greatest slope is "
            r"$\lVert\nabla f\rVert$.",
            r"For which $\psi$ is $\cos\psi = \tfrac12$?",
        ),
    ),
    Exercise(
        answer=lambda a, b: -a / b,
        inputs=lambda rng, m, n: tuple(rng.normal(size=2)),
        wrong={
            "the sign is missing: the two terms add up to zero": lambda a, b: a / b,
            "the fraction is upside down": lambda a, b: -b / a,
            "this is the slope of the arrow, which crosses the curve": lambda a, b: b / a,
        },
        hints=(
            "Along the curve $f$ is constant. What is the derivative of a constant?",
            r"The chain rule has two terms: $a \cdot 1 + b \cdot dy/dx$.",
        ),
    ),
    Exercise(
        answer=[(2,), (361,), (2, 361), ()],
        wrong={
            "(a) is a row, the numerator layout: our gradient has the shape of p": [
                *((1, 2), None, None, None)
            ],
            "(b) is the shape of the points: one number comes out for each": [
                *(None, (2, 361), None, None)
            ],
            "(c) has a row for each point: here each point has a column": [
                *(None, None, (361, 2), None)
            ],
            "(c) is that of all 361 values by all points: here each point has its own gradient": [
                *(None, None, (361, 2, 361), None)
            ],
            "(d) is that of the gradient: a slope is its scalar product with u": [
                *(None, None, None, (2,))
            ],
            "(d): a slope is a single number, and has no axis": [None, None, None, (1,)],
        },
        hints=(
            "`x, y = points` takes the two rows apart. What shape has each?",
            "For each point a number, or for each point two?",
        ),
    ),
)
