"""A picture that follows controls.

Drawing a whole figure takes long, moving an arrow does not. So the still part is drawn once
and kept as pixels, here and in the browser; at each move it is put back, only the moving artists
are drawn on it, and only the pixels that they change travel to the browser (picture.py).
"""

import re

import ipywidgets as widgets
import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.transforms import Bbox

from mathutils.picture import Picture
from mathutils.plot import describe, describe_artist, display_size, png


class Live(widgets.VBox):
    """Controls, a picture that follows them, and a line of mathematics beside it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Made with ``Figure()``, since pyplot would also show it as it stands.
    moving : list of artists that `follow` changes, drawn above all others
        What else `follow` changes, such as limits, is drawn again with all that is still.
    follow : function of the controls' values, by name
        Changes the artists and returns the readout, HTML with mathematics between ``$``.
    drag : dict from axes to a function of x and y, optional
        Says to what a drag to (x, y) sets the controls: a dict of values by name.
    controls : ipywidgets, in the order of display

    Attributes
    ----------
    controls : dict of the widgets
    picture : Picture
    readout : ipywidgets.HTMLMath
    """

    def __init__(self, fig, moving, follow, drag=None, **controls):
        self._figure, self._moving, self._follow, self._drag = fig, moving, follow, drag or {}
        self._canvas, self._setting = FigureCanvasAgg(fig), False
        for artist in moving:
            artist.set_animated(True)
        self.controls, start = controls, {name: c.value for name, c in controls.items()}
        self.picture = Picture(draggable=bool(drag), **display_size(fig))
        self.readout = widgets.HTMLMath()
        for control in controls.values():
            control.tooltip = _spoken(control.description)
            control.observe(self._update, names="value")
        reset = widgets.Button(description="↺", tooltip="reset", layout={"width": "3em"})
        reset.on_click(lambda button: self.set(**start))
        self.picture.observe(self._follow_drag, names="drag")
        self.picture.observe(self._match_screen, names="pixel_ratio")
        self._update()
        row = widgets.Box([*controls.values(), reset], layout={"flex_flow": "row wrap"})
        super().__init__([row, self.picture, self.readout], _dom_classes=["live-figure"])

    def set(self, **values):
        """Set controls by name, each to the nearest value that it can have, and draw once."""
        self._setting = True
        for name, value in values.items():
            self.controls[name].value = _nearest(self.controls[name], value)
        self._setting = False
        self._update()

    def _values(self):
        return {name: control.value for name, control in self.controls.items()}

    def _update(self, change=None):
        if self._setting:
            return
        text = self.readout.value = self._follow(**self._values())
        with self.picture.hold_sync():  # all in one message
            if self._figure.stale:
                self._draw_still()
            self._canvas.restore_region(self._background)
            for artist in self._moving:
                if hasattr(artist, "do_3d_projection"):
                    artist.do_3d_projection()
                artist.axes.draw_artist(artist)
            self.picture.show(self._canvas.buffer_rgba(), self._background)
            self.picture.alt = _spoken(text)

    def _draw_still(self):
        self._canvas.draw()
        self._figure.set_layout_engine("none")  # the axes stay where they are
        whole = Bbox([(0, 0), self._canvas.get_width_height(physical=True)])
        self._background = self._canvas.copy_from_bbox(whole)
        self.picture.keep(self._canvas.buffer_rgba())

    def _match_screen(self, change):
        self._figure.set_dpi(100 * min(change.new, 2))
        self._update()

    def _follow_drag(self, change):
        start, end = (self._figure.bbox.size * change.new[name] for name in ("start", "end"))
        for axes, values in self._drag.items():
            if axes.bbox.contains(*start):
                self.set(**values(*axes.transData.inverted().transform(end)))

    def describe(self):
        """Return the figure as text: as it is, and with each control at each of its ends."""
        lines = [describe(self._figure), self.readout.value]
        for name, control in self.controls.items():
            for end in _ends(control):
                text = self._follow(**{**self._values(), name: end})
                artists = filter(None, map(describe_artist, self._moving))
                lines.append("; ".join([f"{name} = {end}", *artists, text]))
        self._follow(**self._values())
        self._figure.stale = True  # describing has drawn elsewhere
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        """Beside the widget: a PNG for where no kernel runs, and the text that nbval compares."""
        view = super()._repr_mimebundle_(**kwargs) | png(self._figure)
        view["text/plain"] = self.describe()
        return view, {"image/png": display_size(self._figure)}


def _ends(control):
    """Return the first and the last value that a control can be set to."""
    if hasattr(control, "options"):
        return _value(control.options[0]), _value(control.options[-1])
    return control.min, control.max


def _value(option):
    """Return the value of an option, which may stand behind a label."""
    labelled = isinstance(option, tuple) and len(option) == 2 and isinstance(option[0], str)
    return option[1] if labelled else option


def _nearest(control, value):
    """Return the nearest value that a control can be set to."""
    if hasattr(control, "options"):
        return value
    steps = round((np.clip(value, control.min, control.max) - control.min) / control.step)
    return type(control.value)(round(control.min + steps * control.step, 9))


def _spoken(latex):
    """Return mathematics as a screen reader can say it."""
    divided = re.sub(r"\}\s*\{", " / ", latex)  # \frac{a}{b}
    return " ".join(re.sub(r"\\(quad|qquad|mathbf|frac|[,;!])|[\\${}]", " ", divided).split())
