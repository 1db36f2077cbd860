"""What matplotlib draws, kept as strokes that a browser can draw again.

Pixels of each state of a live picture take megabytes. What moves are some lines, dots and arrows:
as paths they take kilobytes, and are sharp on every screen.
"""

import base64
import io
import math

import numpy as np
from matplotlib.backend_bases import RendererBase
from matplotlib.path import Path
from matplotlib.transforms import Affine2D, Bbox, IdentityTransform
from PIL import Image

FINE = 5  # coordinates are whole numbers of this part of a pixel
SMOOTH = 0.4  # pixels by which a line of many points may be off with fewer
LETTERS = {Path.MOVETO: "m", Path.LINETO: "l", Path.CURVE3: "q", Path.CURVE4: "c"}


class Table(dict):
    """Numbers for things, the same for the same thing."""

    def number(self, thing):
        return self.setdefault(thing, len(self))


class Strokes(RendererBase):
    """A renderer that keeps what it is told to draw.

    Attributes
    ----------
    drawn : list of the numbers of the strokes of the present drawing
    strokes, paths, styles, images : tables from things to their numbers
        A stroke is a tuple: the numbers of a style and of a path, then the places where the path
        is drawn, x and y in turn. In place of a style an image has -1, and a size after its place.
        A path is text as in SVG, relative to its first point, a style a tuple: the colours with
        which to fill and to stroke, the width, cap, join and dashes, and what it is clipped to.
    """

    def __init__(self, figure):
        super().__init__()
        self.figure = figure
        self.width, self.height = figure.canvas.get_width_height(physical=True)
        self.strokes, self.paths, self.styles, self.images = Table(), Table(), Table(), Table()
        self.drawn = []

    def flipy(self):
        return False

    def get_canvas_width_height(self):
        return self.width, self.height

    def points_to_pixels(self, points):
        return points * self.figure.dpi / 72

    def draw_path(self, gc, path, transform, rgbFace=None):
        for style in self._styles(gc, path, transform, rgbFace):
            self._keep(style, path, transform, gc, line=rgbFace is None and not gc.get_hatch())

    def draw_markers(self, gc, marker_path, marker_trans, path, trans, rgbFace=None):
        marker = marker_trans.transform_path(marker_path)
        # To whole pixels, and round ones to their middle, as in matplotlib's own pictures.
        places = [p[-2:] for p, _ in path.iter_segments(trans, simplify=False) if len(p)]
        places = [(math.floor(x + 0.5), math.floor(self.height - y + 0.5)) for x, y in places]
        middle = 0 if gc.get_snap() else _fine(0.5)
        for style in self._styles(gc, marker, IdentityTransform(), rgbFace):
            text, (x, y) = self._path(marker, IdentityTransform(), gc)
            x, y = x + middle, y + middle - _fine(self.height)
            where = [n for p in places for n in (p[0] * FINE + x, p[1] * FINE + y)]
            self._add((style, self.paths.number(text), *where))

    def draw_image(self, gc, x, y, im, transform=None):
        height, width = im.shape[:2]
        image = self.images.number((im.tobytes(), height, width))
        place = (_fine(x), _fine(self.height - y - height))
        self._add((-1, image, *place, width * FINE, height * FINE))

    def pictures(self):
        """Return the images as PNG."""
        arrays = [np.frombuffer(im, np.uint8).reshape(h, w, 4)[::-1] for im, h, w in self.images]
        return [encoded(Image.fromarray(pixels), "png") for pixels in arrays]

    def _keep(self, style, path, transform, gc, line=False):
        text, place = self._path(path, transform, gc, line=line)
        if text:
            self._add((style, self.paths.number(text), *place))

    def _add(self, stroke):
        self.drawn.append(self.strokes.number(stroke))

    def _styles(self, gc, path, transform, face):
        """Yield the numbers of the styles with which a path is drawn: filled, hatched, stroked."""
        line = (
            gc.get_linewidth() and self.points_to_pixels(gc.get_linewidth()),
            gc.get_capstyle(),
        )
        line += (gc.get_joinstyle(), self._dashes(gc))
        clips = self._clips(gc)
        edge = _colour(gc.get_rgb()) if line[0] else None
        if gc.get_hatch():
            yield self.styles.number((_colour(face, gc), None, *line, clips))
            self._hatch(gc, self._path(path, transform, gc, absolute=True)[0], clips)
            face = None
        yield self.styles.number((_colour(face, gc), edge, *line, clips))

    def _dashes(self, gc):
        offset, lengths = gc.get_dashes()
        if lengths is None:
            return ()
        return tuple(round(self.points_to_pixels(n), 3) for n in (offset, *lengths))

    def _clips(self, gc):
        clips = []
        if box := gc.get_clip_rectangle():
            box = self._whole(box)
            clips.append(self._path(Path.unit_rectangle(), _onto(box), absolute=True)[0])
        path, transform = gc.get_clip_path()
        if path is not None:
            clips.append(self._path(path, transform, absolute=True)[0])
        return tuple(clips)

    def _whole(self, box):
        """Return a box with its edges between pixels, as matplotlib clips."""
        x0, x1 = (math.floor(x + 0.5) for x in (box.x0, box.x1))
        y0, y1 = (self.height - math.floor(self.height - y + 0.5) for y in (box.y0, box.y1))
        return Bbox.from_extents(x0, y0, x1, y1)

    def _hatch(self, gc, outline, clips):
        """Draw the pattern over the whole picture, clipped to the outline."""
        size, (width, height) = self.figure.dpi, (self.width, self.height)
        pattern = gc.get_hatch_path()
        tiles = [
            Affine2D().scale(size).translate(i * size, j * size).transform_path(pattern)
            for i in range(int(width // size) + 1)
            for j in range(int(height // size) + 1)
        ]
        lines = self.points_to_pixels(gc.get_hatch_linewidth())
        style = (None, _colour(gc.get_hatch_color()), lines, "butt", "miter", ())
        self._keep(
            self.styles.number((*style, (*clips, outline))),
            Path.make_compound_path(*tiles),
            IdentityTransform(),
            None,
        )

    def _path(self, path, transform, gc=None, absolute=False, line=False):
        """Return a path as text, relative to its first point, and that point.

        A line is cut where it leaves the picture, as in matplotlib: there its dashes begin.
        """
        wide = self.points_to_pixels(gc.get_linewidth()) if gc else 0
        snap = gc.get_snap() if gc else False
        settings = {"remove_nans": True, "snap": snap, "stroke_width": wide, "curves": True}
        if line:
            settings["clip"] = (-1, -1, self.width + 1, self.height + 1)
        if path.codes is None or (path.codes <= Path.LINETO).all():
            path, settings["simplify"] = Path(path.vertices, path.codes), True
            path.simplify_threshold = SMOOTH
        path = path.cleaned(transform, **settings)
        words, at, start, first = [], (0, 0), (0, 0), None
        for points, code in path.iter_segments(simplify=False, curves=True):
            if code == Path.CLOSEPOLY:
                words.append("z")
                at = start
                continue
            if code not in LETTERS:
                continue
            ends = [(_fine(x), _fine(self.height - y)) for x, y in points.reshape(-1, 2)]
            if first is None:
                first = (0, 0) if absolute else ends[0]
                at = first
            relative = " ".join(f"{x - at[0]} {y - at[1]}" for x, y in ends)
            words.append(LETTERS[code] + relative)
            at = ends[-1]
            start = at if code == Path.MOVETO else start
        return "".join(words).replace(" -", "-"), first or (0, 0)


def encoded(image, form):
    """Return a picture as a file, without loss, in base64."""
    file = io.BytesIO()
    image.save(file, form, lossless=True, optimize=True)
    return base64.b64encode(file.getvalue()).decode()


def _fine(length):
    return round(float(length) * FINE)


def _onto(box):
    return Affine2D().scale(box.width, box.height).translate(box.x0, box.y0)


def _colour(colour, gc=None):
    if colour is None:
        return None
    alpha = colour[3] if len(colour) > 3 else 1
    if gc is not None and gc.get_forced_alpha():
        alpha = gc.get_alpha()
    red, green, blue = (round(255 * part) for part in colour[:3])
    return f"rgba({red},{green},{blue},{round(float(alpha), 3)})" if alpha else None
