"""The moving picture of the README: a point of chapter 03's bowl, its gradient and a slope."""

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

from tools.chapters import ROOT, chapters, run_cells

TARGET = ROOT / "figures" / "moving.gif"
FRAMES, MILLISECONDS, COLOURS = 72, 90, 48
DEGREES = np.arange(0, 361, 3)
GRADIENT, DIRECTION = "#D55E00", "#0072B2"


def direction(degrees):
    return np.array([np.cos(np.radians(degrees)), np.sin(np.radians(degrees))])


def moves():
    """Yield the point and the angle of the direction: first the point goes round, then u turns."""
    for t in 2 * np.linspace(0, 1, FRAMES, endpoint=False):
        turn = 2 * np.pi * min(t, 1)
        yield np.array([2 + 2.6 * np.cos(turn), 3 + 2.1 * np.sin(turn)]), 120 + 360 * max(t - 1, 0)


def scene(f, gradient):
    """Return a figure, and a function of a point and an angle that draws what moves on it."""
    fig = Figure(figsize=(7.2, 3.4), dpi=100, layout="constrained")
    canvas = FigureCanvasAgg(fig)
    left, right = fig.subplots(1, 2)
    x, y = np.linspace(-2, 6, 81), np.linspace(-1, 7, 81)
    heights = f(np.array(np.meshgrid(x, y)))
    left.contour(x, y, heights, levels=5 * np.arange(1, 9) ** 2, linewidths=0.8)
    left.set(aspect="equal", xlabel="$x$", ylabel="$y$")
    left.plot(2, 3, "k+")
    right.axhline(0, color="0.6", lw=0.8)
    right.set(xlabel=r"$\theta\;(^{\circ})$", ylabel=r"$D_{\mathbf{u}} f$")
    right.set(xlim=(0, 360), ylim=(-50, 50), xticks=[0, 90, 180, 270, 360])
    moving = []

    def draw(p, degrees):
        while moving:
            moving.pop().remove()
        g, u = gradient(p), direction(degrees)
        arrows = {"angles": "xy", "scale_units": "xy", "scale": 1, "zorder": 3}
        moving.append(left.contour(x, y, heights, levels=[f(p)], colors="k", linewidths=1.8))
        moving.append(left.quiver(*p, *g / 22, color=GRADIENT, width=0.015, **arrows))
        moving.append(left.quiver(*p, *1.4 * u, color=DIRECTION, width=0.008, **arrows))
        moving.extend(left.plot(*p, "ko"))
        moving.extend(right.plot(DEGREES, g @ direction(DEGREES), color=GRADIENT))
        moving.extend(right.plot(degrees % 360, g @ u, "o", color=DIRECTION, ms=9))
        canvas.draw()
        fig.set_layout_engine("none")  # nothing else moves
        return np.asarray(canvas.buffer_rgba())[..., :3]

    return draw


def frames():
    """Return the frames as images that share their colours."""
    [path] = [path for path in chapters() if path.stem.endswith("contour_and_quiver")][:1]
    chapter = run_cells(path, until="key-figure")
    draw = scene(chapter["f"], chapter["gradient"])
    images = [Image.fromarray(draw(p, degrees)) for p, degrees in moves()]
    palette = images[0].quantize(COLOURS, Image.Quantize.MAXCOVERAGE)
    return [image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images]


def write(target=TARGET):
    first, *others = frames()
    first.save(
        target, save_all=True, append_images=others, duration=MILLISECONDS, loop=0, optimize=True
    )
