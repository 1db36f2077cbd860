"""A live figure shows what a whole new drawing would show, and leaves no ghosts."""

from io import BytesIO

import ipywidgets as widgets
import numpy as np
import pytest
from matplotlib.figure import Figure
from PIL import Image

from mathutils import Live


def whole_drawing(x):
    """The figure of the tests below, drawn from scratch."""
    fig = Figure(figsize=(4, 3), layout="constrained")
    ax = fig.subplots()
    ax.plot([0, 1, 2], [0, 2, 1])
    ax.set(xlim=(-1, 5), ylim=(-1, 5), xlabel="$x$")
    (dot,) = ax.plot([x], [x**2 / 5], "ro", ms=20)
    return fig, dot


@pytest.fixture
def live():
    fig, dot = whole_drawing(0)

    def follow(x):
        dot.set_data([x], [x**2 / 5])
        return f"$x = {x}$"

    slider = widgets.IntSlider(1, min=0, max=4)
    return Live(fig, [dot], follow, x=slider)


def pixels(jpeg):
    return np.asarray(Image.open(BytesIO(jpeg)).convert("RGB"), dtype=int)


@pytest.mark.parametrize("x", [0, 3, 4])
def test_the_picture_is_the_whole_drawing_without_ghosts(live, x):
    for step in [4, 2, x]:
        live.controls["x"].value = step
    fig, _ = whole_drawing(x)
    expected = BytesIO()
    fig.savefig(expected, format="png", dpi=100)
    difference = abs(pixels(live.picture.value) - pixels(expected.getvalue()))
    assert difference.mean() < 1
    # A dot that stayed behind would be 600 pixels of another colour.
    assert (difference.max(axis=-1) > 100).sum() < 20


def test_the_readout_follows(live):
    live.controls["x"].value = 3
    assert live.readout.value == "$x = 3$"


def test_returning_gives_the_same_picture(live):
    before = live.picture.value
    live.controls["x"].value = 4
    assert live.picture.value != before
    live.controls["x"].value = 1
    assert live.picture.value == before


def test_the_text_covers_both_ends_of_each_control_and_changes_nothing(live):
    text = live.describe()
    assert "x = 0; 1 line points: x 0, y 0; $x = 0$" in text
    assert "x = 4; 1 line points: x 4, y 3.2; $x = 4$" in text
    assert live.describe() == text
    assert live.readout.value == "$x = 1$"


def test_the_saved_notebook_keeps_a_picture_and_the_text(live):
    before = live.picture.value
    data, metadata = live._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == live.describe()
    assert "application/vnd.jupyter.widget-view+json" in data
    assert metadata["image/png"] == {"width": 400, "height": 300}
    live.controls["x"].value = 3
    live.controls["x"].value = 1
    assert live.picture.value == before
