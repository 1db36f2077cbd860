"""A picture that follows controls.

Drawing a whole figure takes long, moving an arrow does not. So what is still is drawn once and
kept as pixels, here and in the browser; at each move it is put back, only what the pen draws
(pen.py) is painted on it, and only the pixels that this changes travel to the browser
(picture.py).
"""

import html
from collections.abc import Callable
from weakref import WeakKeyDictionary

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.transforms import Bbox

from mathutils.control import ends, make_controls, nearest, read, view
from mathutils.pen import Pen
from mathutils.picture import Picture
from mathutils.plot import alone, describe, describe_artist, display_size, limits, png
from mathutils.readout import in_parts, spoken, typeset
from mathutils.sentences import say

ALIVE = WeakKeyDictionary()  # the live picture of each figure, since it has one at most
# Of a readout: a name, which is typeset, and its value, which picture.js replaces.
PART = '<span class="live-part">{} <span class="live-value">{}</span></span>'


@alone
def live(fig: Figure, draw: Callable, **controls) -> "Live":
    """Let a figure follow controls.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        With what is still already drawn. A live picture that it was before comes to its end.
    draw : function of a `Pen` and of the controls' values, by name
        Draws what moves, and returns the readout: a dict of names in LaTeX to numbers, arrays
        or LaTeX, or a text with mathematics between ``$``. Its defaults are the starting values.
    controls : as for `ipywidgets.interact`
        ``x=(-2, 6, 0.25)`` or ``(0, 9)`` is a slider, a bool a box to tick, a list or dict a
        choice. Any widget with a value will do, too.

    Returns
    -------
    Live
        What draws above the still part are calls of the pen; where `draw` changes something
        else, such as limits, all is drawn again, which takes as long as a new figure.

    Raises
    ------
    TypeError, ValueError
        For a control that `draw` has no parameter for, and the other way round; for a starting
        value that its control cannot have; and whatever the first drawing raises. What `draw`
        raises later, when a control moves, stands beside the picture.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> fig = Figure()
    >>> ax = fig.subplots()
    >>> def draw(pen, x=1.0):
    ...     pen.dot(ax, x, x**2, drag=("x", None))
    ...     return {"x^2": x**2}
    >>> live(fig, draw, x=(-2, 2, 0.25)).text
    '$x^2 = 1.000$'
    """
    return Live(fig, draw, controls)


class Live(widgets.VBox):
    """Controls, a picture that follows them, and a line of mathematics under it.

    Attributes
    ----------
    controls : dict of the widgets
    picture : Picture
    readout : ipywidgets.HTMLMath
    text : str
        What the readout under the picture says, with mathematics between ``$``.
    """

    def __init__(self, fig, draw, controls):
        if fig in ALIVE:
            ALIVE[fig].end()
        plt.close(fig)  # else pyplot would show it as well, as it stands
        self._figure, self._draw, self._pen = fig, draw, Pen(fig)
        self._canvas, self._still, self._setting = FigureCanvasAgg(fig), None, False
        fig.set_dpi(100)
        self.controls = make_controls(draw, controls)
        self.picture = Picture(**display_size(fig))
        self.readout, self._names = widgets.HTMLMath(tooltip=""), None  # else it is "null"
        ALIVE[fig] = self
        readout = self._move(self._values())
        _keep_limits(fig)
        self._paint(readout)
        start = {name: control.value for name, control in self.controls.items()}
        reset = widgets.Button(description="↺", tooltip=say("reset"), layout={"width": "3em"})
        reset.on_click(lambda button: self._put(start))
        for control in self.controls.values():
            control.observe(self._update, names="value")
        self.picture.observe(self._follow_drag, names="drag")
        self.picture.observe(self._match_screen, names="pixel_ratio")
        shown = [c for c in self.controls.values() if isinstance(c, widgets.DOMWidget)]
        row = widgets.Box([*shown, reset], _dom_classes=["live-controls"])
        super().__init__([row, self.picture, self.readout], _dom_classes=["live-figure"])

    @alone
    def set(self, **values) -> None:
        """Set controls by name, each to the nearest value that it can have, and draw once."""
        self._know(values)
        self._put({name: nearest(self.controls[name], value) for name, value in values.items()})

    def _know(self, names):
        if unknown := set(names) - set(self.controls):
            raise ValueError(say("no-such-control", names=sorted(map(str, unknown))))

    @alone
    def _put(self, values):
        self._setting = True
        try:
            for name, value in values.items():
                self.controls[name].value = value
        finally:
            self._setting = False
        self._update()

    @alone
    def end(self) -> None:
        """Follow the controls no longer, and leave only what is still in the figure."""
        ALIVE.pop(self._figure, None)
        for name in ("drag", "pixel_ratio"):
            self.picture.unobserve_all(name)
        self._pen.erase()

    def _values(self):
        return {name: read(control) for name, control in self.controls.items()}

    @alone
    def _update(self, change=None):
        if self._setting or ALIVE.get(self._figure) is not self:
            return
        try:
            self._paint(self._move(self._values()))
        except Exception as problem:
            self._say(problem)

    def _move(self, values):
        """Let the pen draw, which paints nothing yet, and return the readout."""
        before = self._count_still()
        self._pen.begin()
        readout = self._draw(self._pen, **values)
        self._pen.finish()
        for handle in self._pen.handles.values():
            self._know(() if callable(handle.drag) else filter(None, handle.drag))
        if self._count_still() > before:
            raise ValueError(say("draw-adds"))
        return readout

    def _count_still(self):
        return sum(len(ax.get_children()) for ax in self._figure.axes) - self._pen.count()

    def _paint(self, readout):
        self.text = typeset(readout)
        parts = in_parts(readout)
        names = [name for name, _ in parts]
        with self.picture.hold_sync():  # all in one message
            if self._still is None or self._figure.stale:
                self._paint_still()
            self._paint_moving()
            self.picture.show(self._canvas.buffer_rgba(), self._still)
            self._handles = self._pen.handles
            self.picture.handles = {name: self._place(h) for name, h in self._handles.items()}
            self.picture.values = [value for _, value in parts]
            self.picture.alt = spoken(self.text)
        if names != self._names:
            self._names = names
            self.readout.value = "".join(
                PART.format(html.escape(name, quote=False), value) for name, value in parts
            )

    def _paint_still(self):
        self._canvas.draw()
        self._figure.set_layout_engine("none")  # the axes stay where they are
        self._still = self._ground = self._copy()
        self._painted = self._grounded = []
        self.picture.keep(self._canvas.buffer_rgba())

    def _paint_moving(self):
        """Paint what the pen drew, from the first thing on that has changed since the last time.

        What lies below that is kept with what is still, as the ground of the next paintings.
        """
        states, same = self._pen.states, 0
        while same < min(len(states), len(self._painted)) and states[same] == self._painted[same]:
            same += 1
        if states[: len(self._grounded)] != self._grounded:
            self._ground, self._grounded = self._still, []
        self._canvas.restore_region(self._ground)
        for number in range(len(self._grounded), len(states)):
            if number == same > len(self._grounded):
                self._ground, self._grounded = self._copy(), states[:same]
            artist = self._pen.shown[number]
            artist.axes.draw_artist(artist)
        self._painted = states

    def _copy(self):
        whole = Bbox([(0, 0), self._canvas.get_width_height(physical=True)])
        return self._canvas.copy_from_bbox(whole)

    def _place(self, handle):
        """Return where something is that can be dragged, in parts of the picture's size."""
        points = handle.axes.transData.transform(handle.points) / self._figure.bbox.size
        points = points[np.isfinite(points).all(axis=1)]  # JSON has no nan
        return {"points": points.round(4).tolist(), "grip": handle.grip}

    @alone
    def _match_screen(self, change):
        self._figure.set_dpi(100 * min(change.new, 2))
        self._update()

    @alone
    def _follow_drag(self, change):
        handle = self._handles.get(change.new["handle"])
        if handle is None:  # it has vanished meanwhile
            return
        to_data = handle.axes.transData.inverted()
        place = to_data.transform(self._figure.bbox.size * change.new["place"])
        try:
            self.set(**handle.values(*place))
        except Exception as problem:
            self._say(problem)

    def _say(self, problem):
        sentence = f"{type(problem).__name__}: {str(problem).strip()}"
        sentence = sentence.split("\n")[0].replace("$", "")
        self.readout.value, self._names = f"<mark>✗ {html.escape(sentence)}</mark>", None
        self.picture.alt, self.text = sentence, f"✗ {sentence}"

    @alone
    def describe(self) -> str:
        """Return the figure as text: as it is, and with each control at each of its ends.

        Examples
        --------
        >>> ax = Figure().subplots()
        >>> follower = live(ax.figure, lambda pen, x=1: pen.dot(ax, x, 0), x=(0, 4))
        >>> print(follower.describe().split("\\n")[-1].rstrip("; "))
        x = 4; 1 line points: x 4, y 0
        """
        now = self._values()
        try:
            lines = [typeset(self._move(now))]
            lines.insert(0, describe(self._figure))
            for name, control in self.controls.items():
                for end in ends(control):
                    text = typeset(self._move({**now, name: end}))
                    artists = filter(None, map(describe_artist, self._pen.shown))
                    lines.append("; ".join([f"{name} = {_plain(end)}", *artists, text]))
        finally:
            self._move(now)
        return "\n".join(lines)

    _ipython_display_ = None

    @alone
    def _repr_mimebundle_(self, **kwargs):
        """Beside the widget: a PNG for where no kernel runs, and the text that nbval compares."""
        text = self.describe()
        forms = view(self) | png(self._figure) | {"text/plain": text}
        alt = "\n".join([describe(self._figure), self.picture.alt])
        return forms, {"image/png": display_size(self._figure) | {"alt": alt.strip()}}


def _keep_limits(fig):
    """Let the axes keep the limits that the first drawing has given them."""
    for ax in fig.axes:
        ax.set(**{f"{name}lim": ends_of_axis for name, ends_of_axis in limits(ax)})


def _plain(value):
    return f"{value:.6g}" if isinstance(value, float) else str(value)
