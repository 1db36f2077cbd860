"""A pen that draws a picture once and from then on moves what it drew.

To make a line takes longer than to move one. So the pen knows again what it drew with the same
call the last time: the same kind, in the same axes, with the same number among its like.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count

import numpy as np
from matplotlib.axes import Axes
from matplotlib.cbook import normalize_kwargs
from matplotlib.collections import LineCollection
from matplotlib.lines import Line2D
from matplotlib.transforms import Bbox, TransformedBbox
from numpy.typing import ArrayLike

from mathutils.plot import arrow, move_arrow, move_squares, squares
from mathutils.sentences import say

Drag = tuple | Callable | None
ROOM = Bbox.from_extents(-0.04, -0.04, 1.04, 1.04)  # of dots, in parts of the axes
ABOVE = 10  # where the pen's artists begin: matplotlib draws texts at 3


@dataclass(frozen=True)
class Handle:
    """What can be dragged, where it is, in units of the data, and what a drag does.

    Its grip is at its "points", or in the "area" whose corners they are, of which a drag moves the
    first; or "anywhere" in the area, where a drag just says where the pointer is.
    """

    axes: object
    drag: object
    points: np.ndarray
    grip: str

    def values(self, x: float, y: float) -> dict:
        """Return the values that a drag to (x, y) gives to controls, by name."""
        if callable(self.drag):
            return self.drag(x, y)
        return {name: value for name, value in zip(self.drag, (x, y), strict=True) if name}


@dataclass
class Known:
    """What a call drew the last time: the artist, in which style, from which data."""

    artist: object
    style: object
    data: list
    state: int


class Pen:
    """Draws on axes, each call above the one before, and hides what a drawing leaves out.

    Keywords are those of matplotlib, such as ``color="C1"``, ``ls="--"`` or ``lw=3``. With
    ``drag``, what is drawn can be dragged: a tuple names the controls to which its place goes,
    such as ``("x", "y")`` or ``("theta", None)``; a function of x and y returns their values,
    as in ``lambda x, y: {"theta": np.degrees(np.arctan2(y, x))}``.

    Attributes
    ----------
    shown : list of the artists of the last drawing, the lowest first
    states : list of a number for each of them, which is new whenever it looks otherwise
    handles : dict of a `Handle` for each thing that can be dragged, by a name that stays
    """

    def __init__(self, fig):
        self._figure, self._known, self._counts, self._new = fig, {}, Counter(), count()
        self.begin()

    def begin(self) -> None:
        """Begin a new drawing."""
        self._counts.clear()
        self.shown, self.states, self.handles = [], [], {}

    def finish(self) -> None:
        """Hide what this drawing has left out."""
        for known in self._known.values():
            known.artist.set_visible(known.artist in self.shown)

    def count(self) -> int:
        """Return how many artists of the pen are in the figure, hidden ones among them."""
        return sum(known.artist.axes is not None for known in self._known.values())

    def erase(self) -> None:
        """Take everything out of the figure that the pen has drawn."""
        for known in self._known.values():
            if known.artist.axes is not None:
                known.artist.remove()
        self._known.clear()
        self.begin()

    def line(self, ax: Axes, *points: ArrayLike, **style) -> None:
        """Draw a line through points given by x and y, in space also z, each of shape (n,)."""
        self._plot("line", ax, points, {"color": "C0"} | normalize_kwargs(style, Line2D))

    def dot(self, ax: Axes, x: ArrayLike, y: ArrayLike, drag: Drag = None, **style) -> None:
        """Draw a dot at (x, y), or n of them where x and y are arrays of shape (n,)."""
        style = {"color": "k", "marker": "o", "linestyle": ""} | normalize_kwargs(style, Line2D)
        key = self._plot("dot", ax, (x, y), style)
        self._let_drag(key, drag, np.transpose(np.broadcast_arrays(*np.atleast_1d(x, y))))

    def arrow(
        self, ax: Axes, start: ArrayLike, vector: ArrayLike, drag: Drag = None, **style
    ) -> None:
        """Draw an arrow from `start` to `start` + `vector`, or n of them, of shape (2, n).

        In units of the data, so lengths and directions are true. It is dragged at its tip.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> pen = Pen(ax.figure)
        >>> pen.arrow(ax, [1, 2], [3, 4], drag=("x", "y"))
        >>> pen.handles["arrow 0 of 0"].points
        array([[4., 6.]])
        """
        start, vector = np.broadcast_arrays(np.asarray(start, float), vector)
        key = self._draw(
            ("arrow", ax),
            (style, vector.shape),
            (start, vector),
            lambda: arrow(ax, start, vector, **style),
            lambda artist: move_arrow(artist, start, vector),
        )
        self._let_drag(key, drag, np.reshape((start + vector).T, (-1, 2)))

    def area(self, ax: Axes, x: ArrayLike, y: ArrayLike, drag: Drag = None, **style) -> None:
        """Fill the polygon with these corners; a drag moves the first of them."""
        corners = np.column_stack([x, y])
        key = self._draw(
            ("area", ax),
            set(style),
            (corners, repr(sorted(style.items()))),
            lambda: ax.fill(x, y, **style)[0],
            lambda artist: artist.set(xy=corners, **style),
        )
        self._let_drag(key, drag, corners, "area")

    def curves(self, ax: Axes, curves: list, **style) -> None:
        """Draw several lines of one style, a list of arrays of shape (n, 2)."""
        self._draw(
            ("curves", ax),
            style,
            curves,
            lambda: ax.add_collection(LineCollection(curves, **style)),
            lambda artist: artist.set_segments(curves),
        )

    def squares(self, ax: Axes, corners: ArrayLike, color: str, **style) -> None:
        """Draw unit squares as `mathutils.squares` does, for corners of shape ``(..., 2)``.

        Examples
        --------
        >>> from matplotlib.figure import Figure
        >>> ax = Figure().subplots()
        >>> pen = Pen(ax.figure)
        >>> pen.squares(ax, np.zeros((2, 3, 2)), "C0")
        >>> len(pen.shown[0].get_paths())
        6
        """
        style = {"color": color} | style
        self._draw(
            ("squares", ax),
            style,
            (corners,),
            lambda: squares(ax, corners, **style),
            lambda artist: move_squares(artist, corners),
        )

    def image(self, ax: Axes, values: ArrayLike, drag: Drag = None, **style) -> None:
        """Show an array of shape (m, n), or (m, n, 3) for colours, a square for each entry.

        A drag, or a click, says where in the image the pointer is.
        """

        if np.ndim(values) == 3:  # matplotlib draws bytes four times as fast
            values = _bytes(np.asarray(values))
        style = {"interpolation": "nearest"} | style

        def move(artist):
            artist.set_data(values)
            artist.autoscale()
            artist.set_clim(style.get("vmin"), style.get("vmax"))

        key = self._draw(
            ("image", ax),
            (style, np.shape(values)),
            (values,),
            lambda: ax.imshow(values, **style),
            move,
        )
        left, right, bottom, top = self.shown[-1].get_extent()
        corners = [(left, bottom), (right, bottom), (right, top), (left, top)]
        self._let_drag(key, drag, corners, "anywhere")

    def text(self, ax: Axes, x: float, y: float, text: str, **style) -> None:
        """Write a text, centred at (x, y): mathematics or numbers."""
        style = {"ha": "center", "va": "center"} | style
        self._draw(
            ("text", ax),
            style,
            (x, y, text),
            lambda: ax.text(x, y, text, **style),
            lambda artist: artist.set(position=(x, y), text=text),
        )

    def _plot(self, kind, ax, points, style):
        points = np.broadcast_arrays(*map(np.atleast_1d, points))

        def make():
            [artist] = ax.plot(*points, **style)
            if kind == "dot":  # whole at an edge, too
                artist.set_clip_box(TransformedBbox(ROOM, ax.transAxes))
            return artist

        def move(artist):
            artist.set_data_3d(points) if len(points) == 3 else artist.set_data(points)

        return self._draw((kind, ax), style, points, make, move)

    def _draw(self, kind, style, data, make, move):
        """Move what this call drew the last time, or make it where it drew in another style."""
        if kind[1].get_figure(root=True) is not self._figure:
            raise ValueError(say("other-figure"))
        key = (*kind, self._counts[kind])
        self._counts[kind] += 1
        known = self._known.get(key)
        if known is None or known.artist.axes is not kind[1] or not _same(style, known.style):
            artist = self._made(make, known)
            known = self._known[key] = Known(artist, style, _copies(data), next(self._new))
        elif not _equal(data, known.data):
            known.data = [None]  # should this fail half way, it is done again
            move(known.artist)
            known.data, known.state = _copies(data), next(self._new)
        if known.artist.zorder != ABOVE + len(self.shown):
            known.artist.set_zorder(ABOVE + len(self.shown))
        self.shown.append(known.artist)
        self.states.append(known.state)
        return key

    def _made(self, make, old):
        """Return a new artist in the place of an old one; what is still does not notice."""
        stale = self._figure.stale
        if old is not None and old.artist.axes is not None:
            old.artist.remove()
        artist = make()
        artist.set(animated=True, in_layout=False)
        self._figure.stale = stale
        return artist

    def _let_drag(self, key, drag, points, grip="points"):
        if drag is not None:
            if hasattr(key[1], "get_zlim"):
                raise ValueError(say("no-drag-in-space"))
            kind, ax, number = key
            name = f"{kind} {number} of {ax.figure.axes.index(ax)}"
            self.handles[name] = Handle(ax, drag, points, grip)


def _same(style, other):
    """Say whether two styles are equal; arrays in them count as different."""
    try:
        return bool(style == other)
    except ValueError:
        return False


def _copies(data):
    return [np.array(part) for part in data]


def _equal(data, other):
    return len(data) == len(other) and all(map(np.array_equal, data, other))


def _bytes(colours):
    """Return colours, numbers from 0 to 1 or bytes, of shape (m, n, 3) or (m, n, 4), as RGBA."""
    if colours.dtype != np.uint8:
        colours = (255 * np.clip(colours, 0, 1)).round().astype(np.uint8)
    opaque = np.full((*colours.shape[:2], 1), 255, np.uint8)
    return np.concatenate([colours, opaque], axis=2)[..., :4]
