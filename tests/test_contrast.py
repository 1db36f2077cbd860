"""Everything that the chapters draw can be seen, on white and in JupyterLab's dark theme."""

import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_rgba
from matplotlib.contour import ContourSet
from matplotlib.lines import Line2D
from matplotlib.quiver import Quiver
from matplotlib.text import Text

from mathutils.control import ends
from tools.chapters import ROOT

FILTER = "filter: invert(0.9333) hue-rotate(180deg);"


def luminance(colours):
    """The relative luminance of sRGB colours, shape (..., 3), from WCAG 2.2."""
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return linear @ [0.2126, 0.7152, 0.0722]


def dark(colours):
    """What FILTER makes of colours: Filter Effects Module 1, with cos = -1 and sin = 0."""
    grey = np.array([0.2126, 0.7152, 0.0722])
    turn = 2 * np.tile(grey, (3, 1)) - np.eye(3)
    inverted = colours * (1 - 2 * 0.9333) + 0.9333
    return np.clip(inverted @ turn.T, 0, 1)


def contrast(colours, ground):
    """The lesser of the contrasts in the two themes."""
    found = []
    for theme in (np.asarray, dark):
        pair = luminance(theme(colours)) + 0.05, luminance(theme(ground)) + 0.05
        found.append(np.maximum(*pair) / np.minimum(*pair))
    return np.minimum(*found)


def on(ground, colour):
    """An RGBA colour as it looks on an RGB ground."""
    *rgb, alpha = to_rgba(colour)
    return alpha * np.array(rgb) + (1 - alpha) * np.array(ground)


WHITE = np.ones(3)


def strokes(fig):
    """Yield the colours of lines, arrows and curves, but for those that part squares in white."""
    for artist in fig.findobj(lambda artist: artist.get_visible()):
        if isinstance(artist, Line2D) and len(artist.get_xydata()):
            if artist.get_linestyle() not in ("None", "", " ") or artist.get_marker() != "None":
                yield artist, [to_rgba(artist.get_color(), artist.get_alpha())]
        elif isinstance(artist, Quiver):
            yield artist, artist.get_edgecolor() if has_ink(artist) else artist.get_facecolor()
        elif isinstance(artist, ContourSet | LineCollection):
            yield artist, artist.get_edgecolor()


def has_ink(artist):
    """Say whether arrows are hollow, and drawn by their edge."""
    faces = artist.get_facecolor()
    return not len(faces) or faces[0][3] == 0 or np.all(faces[0][:3] == 1)


def on_grounds(fig):
    """Yield each text and each line with marks, with the colours on which it stands, (n, 3)."""
    found = [a for a in fig.findobj(Text) if a.get_visible() and a.get_text()]
    found += [a for a in fig.findobj(Line2D) if a.get_visible() and a.get_marker() in list("osX^")]
    former, canvas = fig.canvas, FigureCanvasAgg(fig)
    for artist in found:
        artist.set_visible(False)
    canvas.draw()
    for live_artist in sorted(fig.findobj(Artist.get_animated), key=Artist.get_zorder):
        if live_artist.get_visible():
            live_artist.axes.draw_artist(live_artist)
    pixels = np.asarray(canvas.buffer_rgba())[::-1, :, :3] / 255
    for artist in found:
        artist.set_visible(True)
    fig.canvas = former
    for artist in found:
        boxes = places(artist, canvas.get_renderer())
        under = [
            pixels[max(y0, 0) : y1, max(x0, 0) : x1].reshape(-1, 3) for x0, x1, y0, y1 in boxes
        ]
        if len(under := np.concatenate([*under, np.empty((0, 3))])):
            yield artist, under


def places(artist, renderer):
    """The pixels' numbers x0, x1, y0, y1 of a text, or of each mark of a line."""
    if isinstance(artist, Text):
        box = artist.get_window_extent(renderer)
        edges = [(box.x0 + 2, box.x1 - 2, box.y0 + 3, box.y1 - 3)]
    else:
        far = artist.get_markersize() / 2 * artist.get_figure(root=True).dpi / 72
        centres = artist.axes.transData.transform(artist.get_xydata())
        edges = [(x - far, x + far, y - far, y + far) for x, y in centres]
    return np.array(edges, int).reshape(-1, 4)


def test_lines_and_dots_have_a_contrast_of_three_and_texts_of_four_and_a_half(chapter):
    figures = chapter.figures()
    assert figures
    for fig in chapter.shown:
        fig.draw_without_rendering()
        fig.set_layout_engine("none")  # as it is for live ones: without its texts it is the same
        check(fig, chapter.path.stem)
    for live in figures:
        where = f"{chapter.path.stem} {list(live.controls)}"
        check(live._figure, where)
        for name, control in live.controls.items():
            start = control.value
            for end in ends(control):
                live.set(**{name: end})
                check(live._figure, f"{where} {name} = {end}")
            control.value = start


def check(fig, where):
    for artist, colours in strokes(fig):
        for colour in colours:
            if not np.all(np.asarray(colour)[:3] == 1) and colour[3] > 0:
                found = contrast(on(WHITE, colour), WHITE)
                assert found >= 3, f"{where}: {artist} {colour}: {found:.2f}"
    for artist, ground in on_grounds(fig):
        if isinstance(artist, Text):
            found = np.percentile(contrast(on(WHITE, artist.get_color()), ground), 10)
            assert found >= 4.5, f"{where}: {artist.get_text()!r}: {found:.2f}"
        else:  # it is seen by what it is filled with, on the ground or within its edge
            face, edge = (on(WHITE, c()) for c in (artist.get_mfc, artist.get_mec))
            found = max(np.percentile(contrast(face, ground), 90), contrast(face, edge))
            assert found >= 3, f"{where}: a mark at {artist.get_xydata()[0]}: {found:.2f}"


def test_every_colour_of_the_house_can_carry_a_word_in_white_or_be_one():
    with plt.style.context("mathutils.chapter"):
        for colour in plt.rcParams["axes.prop_cycle"].by_key()["color"]:
            assert contrast(on(WHITE, colour), WHITE) >= 4.5, colour


def test_both_style_sheets_make_the_same_of_a_picture():
    for name in ("page.css", "picture.css"):
        assert FILTER in (ROOT / "mathutils" / name).read_text("utf-8")


def test_verdicts_can_be_read():
    css = (ROOT / "mathutils" / "page.css").read_text("utf-8")
    rules = re.findall(r"^(.*)verdict-(\w+) \{ color: (#\w+); \}", css, re.MULTILINE)
    assert len(rules) == 6
    for theme, _, colour in rules:
        ground = to_rgba("#111111")[:3] if "false" in theme else WHITE
        pair = sorted(float(luminance(np.array(c))) + 0.05 for c in (to_rgba(colour)[:3], ground))
        assert pair[1] / pair[0] >= 4.5, (theme, colour)


@pytest.mark.parametrize(
    ("colour", "ground", "ratio"), [("#000000", "#ffffff", 16.3), ("#777777", "#ffffff", 4.48)]
)
def test_contrast_is_that_of_the_guidelines(colour, ground, ratio):
    found = contrast(np.array(to_rgba(colour)[:3]), np.array(to_rgba(ground)[:3]))
    assert found == pytest.approx(ratio, abs=0.05)


def test_the_dark_ground_is_that_of_jupyterlab():
    assert (dark(WHITE) * 255).round().tolist() == [17, 17, 17]
