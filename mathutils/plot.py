"""Pictures of functions and of their derivatives.

Every plot function takes the axes first, draws, and returns the artists that it made.
Points of the plane are arrays of shape (2,), so f, gradient and x fit `check_derivative`.
"""

from collections.abc import Callable
from functools import wraps
from html import escape
from io import BytesIO
from threading import RLock

import matplotlib.pyplot as plt
import numpy as np
from IPython.display import display
from matplotlib import colormaps
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.collections import Collection, PathCollection, PolyCollection
from matplotlib.colors import ListedColormap
from matplotlib.contour import ContourSet, QuadContourSet
from matplotlib.figure import Figure
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.quiver import Quiver
from matplotlib.text import Text
from mpl_toolkits.mplot3d.art3d import Poly3DCollection
from numpy.typing import ArrayLike
from PIL import Image

from mathutils.directional import taylor_remainders
from mathutils.sentences import say

ARROW = "#C05400"
# The dark part of cividis: its yellow end cannot be seen on white.
LEVELS = ListedColormap(colormaps["cividis"](np.linspace(0, 0.6, 256)), "levels")

# A control can move in one thread of the kernel while a cell runs in another, and matplotlib
# draws in one at a time.
DRAWING = RLock()


def alone(function: Callable) -> Callable:
    """Let a function run while no other one draws."""

    @wraps(function)
    def locked(*arguments, **keywords):
        with DRAWING:
            return function(*arguments, **keywords)

    return locked


def contour(
    ax: Axes, f: Callable, x: ArrayLike, y: ArrayLike, levels: ArrayLike
) -> QuadContourSet:
    """Draw the level curves of f, with one unit equally long on both axes.

    Parameters
    ----------
    f : function of an array of shape (2,), returning a number
    x, y : arrays of shape (n,) and (m,), the grid on which f is evaluated
    levels : increasing values of f, one for each curve

    Returns
    -------
    matplotlib.contour.QuadContourSet

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> contour(ax, lambda p: p @ p, np.linspace(-2, 2, 41), np.linspace(-1, 1, 21), [1, 2]).levels
    array([1., 2.])
    """
    ax.set_aspect("equal")
    return ax.contour(x, y, _on_grid(f, x, y), levels=levels, cmap=LEVELS, linewidths=1.2)


def gradient_quiver(ax: Axes, gradient: Callable, x: ArrayLike, y: ArrayLike) -> Quiver:
    """Draw the gradient as an arrow at each point of a grid.

    The arrows' lengths are in proportion to the slope; the longest is 1.5 spacings of `x`.

    Parameters
    ----------
    gradient : function of an array of shape (2,), returning an array of shape (2,)
    x, y : arrays of shape (n,) and (m,)

    Returns
    -------
    matplotlib.quiver.Quiver

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> arrows = gradient_quiver(ax, lambda p: 2 * p, np.arange(-1, 2), np.arange(-1, 3))
    >>> arrows.get_offsets()  # shape (12, 2)
    """
    u, v = _on_grid(gradient, x, y)
    scale = np.hypot(u, v).max() / (1.5 * (x[1] - x[0]))
    return ax.quiver(
        x, y, u, v, color=ARROW, angles="xy", scale_units="xy", scale=scale, width=0.004
    )


def arrow(ax: Axes, start: ArrayLike, vector: ArrayLike, **style) -> Quiver:
    """Draw an arrow from `start` to `start` + `vector`, in data units.

    Parameters
    ----------
    start, vector : arrays of shape (2,), or (2, n) for n arrows
    **style : as for a polygon, such as ``color="k"``

    Returns
    -------
    matplotlib.quiver.Quiver

    Examples
    --------
    >>> drawn = arrow(Figure().subplots(), [1, 2], [3, 4], color="k")
    >>> drawn.get_offsets()  # shape (1, 2)
    """
    if not {"color", "facecolor"} & set(style):
        style["color"] = ARROW
    data_units = {"angles": "xy", "scale_units": "xy", "scale": 1}
    size = {"units": "inches", "width": 0.032, "minlength": 0, "minshaft": 2, "zorder": 3}
    return ax.quiver(*start, *vector, **data_units, **size, **style)


def move_arrow(quiver: Quiver, start: ArrayLike, vector: ArrayLike) -> None:
    """Let an `arrow` go from `start` to `start` + `vector`."""
    quiver.XY = np.reshape(np.transpose(start), (-1, 2))
    quiver.set_offsets(quiver.XY)
    quiver.set_UVC(*vector)


def surface(ax: Axes, f: Callable, x: ArrayLike, y: ArrayLike) -> Poly3DCollection:
    """Draw the graph of f over a grid, on axes with ``projection="3d"``.

    Parameters
    ----------
    f : function of an array of shape (2,), returning a number
    x, y : arrays of shape (n,) and (m,)

    Returns
    -------
    mpl_toolkits.mplot3d.art3d.Poly3DCollection

    Examples
    --------
    >>> ax = Figure().add_subplot(projection="3d")
    >>> drawn = surface(ax, lambda p: p @ p, np.linspace(-1, 1, 5), np.linspace(-1, 1, 5))
    >>> drawn.get_facecolor()  # shape (16, 4)
    """
    grid = np.meshgrid(x, y)
    return ax.plot_surface(
        *grid, _on_grid(f, x, y), cmap="cividis", alpha=0.6, rcount=25, ccount=25
    )


def tangent_plane(
    ax: Axes, f: Callable, gradient: Callable, point: ArrayLike, radius: float
) -> Poly3DCollection:
    """Draw the tangent plane of f at a point, on axes with ``projection="3d"``.

    Parameters
    ----------
    f, gradient : functions of an array of shape (2,), returning a number and shape (2,)
    point : array of shape (2,), where the plane touches the graph
    radius : half the side of the square of the plane that is drawn, in units of x

    Returns
    -------
    mpl_toolkits.mplot3d.art3d.Poly3DCollection

    Examples
    --------
    >>> ax = Figure().add_subplot(projection="3d")
    >>> drawn = tangent_plane(ax, lambda p: p @ p, lambda p: 2 * p, np.array([1.0, 2.0]), 0.5)
    >>> drawn.get_facecolor()  # shape (1, 4)
    """
    value, slope = f(point), gradient(point)
    x, y = (np.array([c - radius, c + radius]) for c in point)

    def plane(p):
        return value + slope @ (p - point)

    return ax.plot_surface(*np.meshgrid(x, y), _on_grid(plane, x, y), color=ARROW, alpha=0.6)


def taylor_plot(ax: Axes, f: Callable, derivative: ArrayLike, x: ArrayLike) -> Line2D:
    """Draw how much f(x + h v) differs from its Taylor formula, against h, in logarithmic scales.

    v is a random direction. The line has slope 2 where the derivative is right, and
    towards 1 where it is wrong; see `taylor_rate`.

    Parameters
    ----------
    f, derivative, x : as for `check_derivative`

    Returns
    -------
    matplotlib.lines.Line2D

    Examples
    --------
    >>> x = np.array([1.0, 2.0])
    >>> h, error = taylor_plot(Figure().subplots(), lambda x: x @ x, 2 * x, x).get_data()
    >>> np.allclose(error, error[0] * (h / h[0]) ** 2)
    True
    """
    ax.set(xscale="log", yscale="log", xlabel="$h$", ylabel=r"$\varepsilon(h)$")
    return ax.plot(*taylor_remainders(f, derivative, x), "o-")[0]


def shape_corners(output_shape: tuple, input_shape: tuple) -> tuple:
    """Lay out an input, an output and the derivative as a table of unit squares.

    The input lies across the top and the output down the left side; y grows downwards.
    Where they meet, each output has a block of the input's form: its derivatives.

    Parameters
    ----------
    output_shape, input_shape : tuples of at most two lengths
        An output of one axis stands upright, an input of one axis lies flat.

    Returns
    -------
    inputs : array of shape ``(*input_shape, 2)``, one corner (x, y) for each entry
    outputs : array of shape ``(*output_shape, 2)``
    entries : array of shape ``(*output_shape, *input_shape, 2)``

    Examples
    --------
    >>> inputs, outputs, entries = shape_corners((2,), (2, 3))
    >>> entries  # shape (2, 2, 3, 2)
    """
    down, across = (*output_shape, 1, 1)[:2]
    rows, columns = (1, 1, *input_shape)[-2:]
    outputs, inputs = _grid(down, across), _grid(rows, columns)
    entries = (outputs * [columns + 0.4, rows + 0.4])[:, :, None, None] + inputs
    return (
        (inputs - [0, rows + 1]).reshape(*input_shape, 2),
        (outputs - [across + 1, 0]).reshape(*output_shape, 2),
        entries.reshape(*output_shape, *input_shape, 2),
    )


def squares(
    ax: Axes, corners: ArrayLike, color: str, edgecolor: str = "white", linewidth: float = 1.5
) -> PolyCollection:
    """Draw a square for each corner, an array of shape ``(..., 2)``; y grows downwards.

    Returns
    -------
    matplotlib.collections.PolyCollection

    Examples
    --------
    >>> drawn = squares(Figure().subplots(), np.zeros((2, 3, 2)), "C0")
    >>> len(drawn.get_paths())
    6
    """
    ax.set_aspect("equal")
    ax.axis("off")
    drawn = PolyCollection([], facecolors=color, edgecolors=edgecolor, linewidths=linewidth)
    move_squares(drawn, corners)
    ax.add_collection(drawn)
    ax.autoscale_view()
    if not ax.yaxis_inverted():
        ax.invert_yaxis()
    return drawn


def move_squares(drawn: PolyCollection, corners: ArrayLike) -> None:
    """Let `squares` be those with these corners, an array of shape ``(..., 2)``."""
    outline = np.array([[0, 0], [1, 0], [1, 1], [0, 1]])
    drawn.set_verts(np.reshape(corners, (-1, 1, 2)) + outline)


@alone
def show(fig: Figure) -> None:
    """Display a figure, and under it `describe` of it, folded to the first range.

    The text is what the regression test compares, since it cannot compare pictures, and
    what a reader has who cannot see the picture.

    Examples
    --------
    >>> show(plt.figure())  # doctest: +SKIP
    """
    picture, text = png(fig), describe(fig)
    display(picture, raw=True, metadata={"image/png": display_size(fig) | {"alt": text}})
    plt.close(fig)
    lines = escape(text).split("\n")
    summary = lines[0].partition(";")[0]
    html = f"<details><summary>{summary}</summary>{'<br>'.join(lines)}</details>"
    display({"text/html": html, "text/plain": text}, raw=True)


def png(fig: Figure) -> dict:
    """Return a figure as a MIME bundle of 256 colours, small enough to be stored in a notebook."""
    drawn, small = BytesIO(), BytesIO()
    fig.savefig(drawn, format="png")
    Image.open(drawn).convert("RGB").quantize(dither=Image.Dither.NONE).save(small, format="png")
    return {"image/png": small.getvalue()}


def display_size(fig: Figure) -> dict:
    """Return the width and height of a figure on the page, in pixels, as a dict."""
    width, height = fig.get_size_inches() * 100
    return {"width": int(width), "height": int(height)}


def describe(fig: Figure) -> str:
    """Return a line of text for each axes of a figure, computed from what is drawn.

    For each artist: its kind, how many points it has, and of each coordinate the least and
    the greatest value, then in brackets a mean with weights 1, 2, 3 …, which also notices
    that two points have been exchanged. Four digits.

    Examples
    --------
    >>> ax = Figure().subplots()
    >>> ax.set(xlim=(0, 2), ylim=(0, 4)), ax.plot([0, 1, 2], [0, 1, 4])  # doctest: +ELLIPSIS
    (...)
    >>> describe(ax.figure)
    'x 0 to 2, y 0 to 4; 3 line points: x 0 to 2 (1.333), y 0 to 4 (2.333)'
    """
    if any(hasattr(ax, "get_zlim") for ax in fig.axes):
        fig.draw_without_rendering()  # a surface has its places only then
    return "\n".join(_describe_axes(ax) for ax in fig.axes)


def describe_artist(artist: Artist) -> str | None:
    """Return what `describe` says of one artist, or None where there is nothing to say."""
    if not artist.get_visible():
        return None
    if isinstance(artist, Text):
        if not artist.get_text():
            return None
        place = list(map(_number, artist.get_position()))
        return say("drawn-text", text=repr(artist.get_text()), place=place)
    kind, coordinates = _drawn(artist)
    count = np.size(coordinates.get("x", ()))
    if count == 0:
        return None
    ranges = [_range(letter, values, count) for letter, values in coordinates.items()]
    if kind != "drawn-contour":
        return say(kind, count=count, ranges=ranges)
    levels = list(map(_number, artist.levels))
    return say(kind, count=count, levels=levels, ranges=ranges)


def _range(letter, values, count):
    least = _number(np.min(values))
    if count == 1:
        return say("drawn-value", letter=letter, value=least)
    mean = _number(np.average(values, weights=np.arange(1, count + 1)))
    return say("drawn-range", letter=letter, least=least, most=_number(np.max(values)), mean=mean)


def _describe_axes(ax):
    ranges = [
        say("drawn-axis", letter=name, least=_number(a), most=_number(b))
        for name, (a, b) in limits(ax)
    ]
    kinds = ax.images, ax.collections, ax.lines, ax.patches, ax.texts
    ordered = [artist for kind in kinds for artist in sorted(kind, key=_layer)]
    artists = filter(None, map(describe_artist, ordered))
    return "; ".join([say("drawn-axes", ranges=ranges), *artists])


def _layer(artist):
    """What a pen draws, later above earlier, comes after what is still."""
    return artist.get_zorder() if artist.get_animated() else 0


def limits(ax: Axes) -> list:
    """Return the name of each axis, such as "x", with its lower and its upper end."""
    return [(n, getattr(ax, f"get_{n}lim")()) for n in "xyz" if hasattr(ax, f"get_{n}lim")]


def _drawn(artist):
    """Return the slug of what is said of an artist, and its coordinates, by letter, as arrays."""
    if isinstance(artist, Line2D):
        return "drawn-line", _xy(artist.get_xydata())
    if isinstance(artist, Quiver):
        return "drawn-arrows", {**_xy(artist.get_offsets()), "u": artist.U, "v": artist.V}
    if isinstance(artist, ContourSet):
        return "drawn-contour", _xy(_vertices(artist.get_paths()))
    if isinstance(artist, PathCollection):
        return "drawn-points", _xy(artist.get_offsets())
    if isinstance(artist, Collection):
        return "drawn-faces", _xy(_vertices(artist.get_paths()))
    if isinstance(artist, Patch):
        return "drawn-patch", _xy(
            artist.get_patch_transform().transform(artist.get_path().vertices)
        )
    if isinstance(artist, AxesImage):
        return "drawn-pixels", {"x": np.ravel(artist.get_array())}
    raise TypeError(say("unknown-artist", kind=type(artist).__name__))


def _xy(points):
    return dict(zip("xy", np.asarray(points, dtype=float).T, strict=True)) if len(points) else {}


def _vertices(paths):
    return np.concatenate([path.vertices for path in paths]) if paths else []


def _number(value):
    """Four digits that do not depend on the last bit: no negative zero, no exact tie."""
    return f"{0.0 if abs(value) < 1e-9 else value * (1 + 1e-11):.4g}"


def _grid(rows, columns):
    return np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=-1).astype(float)


def _on_grid(f, x, y):
    """Return f at each point of the grid, of shape ``f(point).shape + (m, n)``."""
    return np.apply_along_axis(f, 0, np.array(np.meshgrid(x, y), dtype=float))
