"""Helpers of the matrix calculus notebooks: measure a derivative, check a formula, draw.

Convention, here and in every chapter: the derivative of ``f`` at ``x`` has shape
``f(x).shape + x.shape``. So the gradient of a scalar function has the shape of its
input, and a Jacobian is output x input (numerator layout).
"""

from mathutils.check import check_derivative
from mathutils.derivative import numerical_gradient, numerical_jacobian
from mathutils.directional import check_directional, taylor_rate
from mathutils.figure import live
from mathutils.formula import differentiate
from mathutils.hessian import numerical_hessian
from mathutils.page import chapter_style
from mathutils.plot import (
    arrow,
    contour,
    describe,
    gradient_quiver,
    shape_corners,
    show,
    squares,
    surface,
    tangent_plane,
    taylor_plot,
)
from mathutils.steps import check_steps
from mathutils.verdict import Verdict

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
