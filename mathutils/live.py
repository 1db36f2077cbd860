"""A picture that follows controls.

Drawing a whole figure takes long, moving an arrow does not. So the still part is drawn once
and kept as pixels; at each move it is put back, and only the moving artists are drawn on it.
"""

from io import BytesIO

import ipywidgets as widgets
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.image import imsave

from mathutils.plot import describe, describe_artist, display_size, png


class Live(widgets.VBox):
    """Controls, a picture that follows them, and a line of mathematics beside it.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        Made with ``Figure()``, since pyplot would also show it as it stands.
    moving : list of artists that `follow` changes; all else keeps still
    follow : function of the controls' values, by name
        Changes the artists and returns the readout, HTML with mathematics between ``$``.
    controls : ipywidgets, in the order of display

    Attributes
    ----------
    controls : dict of the widgets
    picture : ipywidgets.Image, a JPEG
    readout : ipywidgets.HTMLMath
    """

    def __init__(self, fig, moving, follow, **controls):
        self._figure, self._moving, self._follow = fig, moving, follow
        for artist in moving:
            artist.set_animated(True)
        self._canvas = FigureCanvasAgg(fig)
        self._canvas.draw()
        fig.set_layout_engine("none")  # the axes must not shift under the kept pixels
        self._still = self._canvas.copy_from_bbox(fig.bbox)
        self.controls = controls
        self.picture = widgets.Image(
            format="jpeg", layout={"object_fit": "contain"}, **display_size(fig)
        )
        self.readout = widgets.HTMLMath()
        for control in controls.values():
            control.observe(self._update, names="value")
        self._update()
        row = widgets.Box(list(controls.values()), layout={"flex_flow": "row wrap"})
        super().__init__([row, self.picture, self.readout])

    def _values(self):
        return {name: control.value for name, control in self.controls.items()}

    def _update(self, change=None):
        text = self._follow(**self._values())
        self._canvas.restore_region(self._still)
        for artist in self._moving:
            artist.axes.draw_artist(artist)
        jpeg = BytesIO()
        options = {"quality": 90, "subsampling": 0}
        imsave(jpeg, self._canvas.buffer_rgba(), format="jpeg", pil_kwargs=options)
        self.picture.value, self.readout.value = jpeg.getvalue(), text

    def describe(self):
        """Return the figure as text: as it is, and with each control at each of its ends."""
        lines = [describe(self._figure), self.readout.value]
        for name, control in self.controls.items():
            for end in _ends(control):
                text = self._follow(**{**self._values(), name: end})
                artists = filter(None, map(describe_artist, self._moving))
                lines.append("; ".join([f"{name} = {end}", *artists, text]))
        self._follow(**self._values())
        return "\n".join(lines)

    def _repr_mimebundle_(self, **kwargs):
        """Beside the widget: a PNG for where no kernel runs, and the text that nbval compares."""
        view = super()._repr_mimebundle_(**kwargs)
        view["text/plain"] = self.describe()
        return view | png(self._figure), {"image/png": display_size(self._figure)}


def _ends(control):
    """Return the first and the last value that a control can be set to."""
    if hasattr(control, "options"):
        return control.options[0], control.options[-1]
    return control.min, control.max
