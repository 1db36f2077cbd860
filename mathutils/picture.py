"""A picture in the browser whose parts can be dragged, and to which only changed pixels travel.

They travel as they are: to encode and to decode a picture would take longer. What runs in the
browser is picture.js.
"""

from io import BytesIO
from pathlib import Path

import anywidget
import numpy as np
import traitlets
from matplotlib.image import imsave
from numpy.typing import ArrayLike


class Picture(anywidget.AnyWidget):
    """Pixels on a still PNG in the browser, which reports its screen's density and drags.

    `values`, in HTML, are those of the readout, which the picture brings along, so that both are
    painted at once. What can be dragged is in `handles`: by name, its points in parts of the
    picture's width and height, rightwards and upwards, and its grip (see `mathutils.pen.Handle`).
    """

    _esm = Path(__file__).with_name("picture.js")
    _css = Path(__file__).with_name("picture.css")
    still = traitlets.Bytes().tag(sync=True)
    value = traitlets.Bytes().tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    values = traitlets.List(traitlets.Unicode()).tag(sync=True)
    width = traitlets.Int().tag(sync=True)
    height = traitlets.Int().tag(sync=True)
    pixel_ratio = traitlets.Float(1).tag(sync=True)
    handles = traitlets.Dict().tag(sync=True)
    drag = traitlets.Dict().tag(sync=True)

    def keep(self, pixels: ArrayLike) -> None:
        """Take RGBA pixels, an array of shape ``(height, width, 4)``, for the still part."""
        still = BytesIO()
        imsave(still, pixels, format="png", pil_kwargs={"compress_level": 1})
        self.still = still.getvalue()

    def show(self, pixels: ArrayLike, still: ArrayLike) -> None:
        """Send what is not still as runs of one colour: the start, end and colour of each.

        Both are RGBA pixels, arrays of shape ``(height, width, 4)``.

        Examples
        --------
        >>> still = np.full((2, 4, 4), 255, np.uint8)
        >>> pixels = still.copy()
        >>> pixels[1, :3] = 0, 0, 0, 255
        >>> picture = Picture(width=4, height=2)
        >>> picture.show(pixels, still)
        >>> np.frombuffer(picture.value, "<u4")[:2]
        array([4, 7], dtype=uint32)
        """
        drawn, still = (np.asarray(rgba).view("<u4").ravel() for rgba in (pixels, still))
        places = np.flatnonzero(drawn != still)
        colours = drawn[places]
        first = np.flatnonzero((np.diff(places, prepend=-2) != 1) | np.diff(colours, prepend=0))
        ends = places[np.roll(first, -1) - 1] + 1
        self.value = np.array([places[first], ends, colours[first]], "<u4").T.tobytes()
