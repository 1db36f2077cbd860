"""Helpers of the matrix calculus notebooks: measure a derivative, check a formula, draw.

Convention, here and in every chapter: the derivative of ``f`` at ``x`` has shape
``f(x).shape + x.shape``. So the gradient of a scalar function has the shape of its
input, and a Jacobian is output x input (numerator layout).
"""

import sys
from importlib import import_module

from mathutils.check import check_derivative
from mathutils.derivative import numerical_gradient, numerical_jacobian
from mathutils.directional import check_directional, taylor_rate
from mathutils.formula import differentiate
from mathutils.hessian import numerical_hessian
from mathutils.sentences import say
from mathutils.steps import check_steps
from mathutils.verdict import Verdict

# What draws, and the module it is in: imported when first asked for, since that takes longest.
DRAWING = {"chapter_style": "page", "live": "figure"} | dict.fromkeys(
    ["arrow", "contour", "describe", "gradient_quiver", "shape_corners", "show", "squares"]
    + ["surface", "tangent_plane", "taylor_plot"],
    "plot",
)
# What Blender's package of the same name has, whose users may be here by mistake.
BLENDER = {"Color", "Euler", "Matrix", "Quaternion", "Vector", "geometry", "kdtree"}

__all__ = [
    "Verdict",
    "arrow",
    "chapter_style",
    "check_derivative",
    "check_directional",
    "check_steps",
    "contour",
    "describe",
    "differentiate",
    "gradient_quiver",
    "live",
    "numerical_gradient",
    "numerical_hessian",
    "numerical_jacobian",
    "shape_corners",
    "show",
    "squares",
    "surface",
    "tangent_plane",
    "taylor_plot",
    "taylor_rate",
]


def __getattr__(name):
    if name in DRAWING:
        globals()[name] = getattr(import_module(f"mathutils.{DRAWING[name]}"), name)
        return globals()[name]
    if name in BLENDER:
        raise ImportError(say("name-of-blender", name=name))
    return object.__getattribute__(sys.modules[__name__], name)  # which raises


def __dir__():
    return sorted(globals() | DRAWING)
