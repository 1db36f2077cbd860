"""A live figure shows what a whole new drawing would show, and leaves no ghosts."""

from io import BytesIO

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import psutil
import pytest
from matplotlib.figure import Figure
from PIL import Image

from mathutils import Live, surface, tangent_plane
from mathutils.live import _spoken


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


def pixels(png):
    return np.array(Image.open(BytesIO(png)).convert("RGBA"))


def shown(picture):
    """Return the pixels that picture.js puts together."""
    still = pixels(picture.still)
    for start, end, colour in np.frombuffer(picture.value, "<u4").reshape(-1, 3):
        still.view("<u4").reshape(-1)[start:end] = colour
    return still


def assert_same_picture(live, fig, dpi=100, atol=0):
    expected = BytesIO()
    fig.savefig(expected, format="png", dpi=dpi)
    np.testing.assert_allclose(shown(live.picture), pixels(expected.getvalue()), 0, atol)


@pytest.mark.parametrize("x", [0, 3, 4])
def test_the_picture_is_the_whole_drawing_without_ghosts(live, x):
    for step in [4, 2, x]:
        live.controls["x"].value = step
    fig, _ = whole_drawing(x)
    assert_same_picture(live, fig)


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


@pytest.mark.parametrize("ratio", [1.5, 2, 3])
def test_the_picture_is_as_sharp_as_the_screen_up_to_twice(live, ratio):
    live.picture.pixel_ratio = ratio
    live.controls["x"].value = 3
    fig, _ = whole_drawing(3)
    fig.draw_without_rendering()  # lays it out for 100 dpi
    fig.set_layout_engine("none")
    assert_same_picture(live, fig, dpi=100 * min(ratio, 2))


def test_what_is_still_may_change_too(live):
    before = live.picture.value
    ax = live._figure.axes[0]
    ax.set(xlim=(0, 10), title="$t$")
    live.controls["x"].value = 3
    fig, _ = whole_drawing(3)
    fig.draw_without_rendering()
    fig.set_layout_engine("none")
    fig.axes[0].set(xlim=(0, 10), title="$t$")
    assert_same_picture(live, fig)
    ax.set(xlim=(-1, 5), title="")
    live.describe()
    live.controls["x"].value = 1
    assert live.picture.value == before


def bowl(p):
    return p[0] ** 2 + p[1] ** 2


def space_drawing(x):
    fig = Figure(figsize=(4, 3))
    ax = fig.add_subplot(projection="3d", computed_zorder=False)
    grid = np.linspace(-1, 1, 11)
    surface(ax, bowl, grid, grid)
    point = np.array([x, 0])
    plane = tangent_plane(ax, bowl, lambda p: 2 * p, point, 0.5)
    (dot,) = ax.plot([x], [0], [x**2], "ko", ms=12)
    ax.set(xlim=(-1, 1), ylim=(-1, 1), zlim=(-1, 2))
    return fig, plane, dot


def test_a_plane_and_a_point_move_in_space():
    fig, plane, dot = space_drawing(0)

    def follow(x):
        corners = np.array([[-0.5, -0.5], [0.5, -0.5], [0.5, 0.5], [-0.5, 0.5]]) + [x / 4, 0]
        heights = (x / 4) ** 2 + (corners[:, 0] - x / 4) * x / 2
        plane.set_verts([np.column_stack([corners, heights])])
        dot.set_data_3d([x / 4], [0], [(x / 4) ** 2])
        return f"$x = {x}$"

    live = Live(fig, [plane, dot], follow, x=widgets.IntSlider(0, min=0, max=4))
    for x in [4, 1, 3]:
        live.controls["x"].value = x
    expected, *_ = space_drawing(3 / 4)
    assert_same_picture(live, expected, atol=20)  # of 255, on an edge of the plane


@pytest.fixture
def draggable():
    fig = Figure(figsize=(4, 3), dpi=100)
    left, right = fig.subplots(1, 2)
    left.set(xlim=(0, 10), ylim=(0, 10))
    right.set(xlim=(0.1, 1000), xscale="log")
    (dot,) = left.plot([0], [0], "ko")

    def follow(x, y, n):
        follow.calls += 1
        dot.set_data([x], [y])
        return f"$x = {x}, y = {y}, n = {n}$"

    follow.calls = 0
    live = Live(
        fig,
        [dot],
        follow,
        {left: lambda x, y: {"x": x, "y": y}, right: lambda n, y: {"n": np.log10(n)}},
        x=widgets.FloatSlider(1, min=0, max=10, step=0.5, description="$x$"),
        y=widgets.FloatSlider(2, min=0, max=8, step=0.5, description=r"$\mathbf{y}$"),
        n=widgets.IntSlider(0, min=0, max=2, description="$n$"),
    )
    return live, follow


def drag(live, axes, *points):
    """Drag from the first to the last of these points of an axes, in its own units."""
    ax = live._figure.axes[axes]
    places = [ax.transData.transform(p) / live._figure.bbox.size for p in points]
    live.picture.drag = {"start": list(places[0]), "end": list(places[-1]), "time": 0}


def values(live):
    return tuple(control.value for control in live.controls.values())


def test_a_drag_sets_the_nearest_values_and_draws_once(draggable):
    live, follow = draggable
    before, calls = live.picture.value, follow.calls
    drag(live, 0, (2, 2), (4.2, 6.9))
    assert values(live) == (4, 7, 0)
    assert follow.calls == calls + 1
    assert live.picture.value != before
    assert live.readout.value == "$x = 4.0, y = 7.0, n = 0$"


def test_a_drag_out_of_the_axes_goes_to_the_bounds(draggable):
    live, _ = draggable
    drag(live, 0, (2, 2), (-30, 90))
    assert values(live) == (0, 8, 0)


def test_a_drag_in_other_axes_and_on_a_dense_screen(draggable):
    live, _ = draggable
    live.picture.pixel_ratio = 2
    drag(live, 1, (10, 0.5), (12, 0.5))
    assert values(live) == (1, 2, 1)
    assert isinstance(live.controls["n"].value, int)
    live.picture.drag = {"start": [0.001, 0.001], "end": [0.5, 0.5], "time": 1}
    assert values(live) == (1, 2, 1)


def test_values_between_the_steps_have_no_rounding_in_their_last_digits():
    live = Live(Figure(), [], lambda x: "$x$", x=widgets.FloatSlider(min=-2, max=2, step=0.1))
    live.set(x=0.41)
    assert live.controls["x"].value == 0.4


def test_reset_goes_back_to_the_start_and_draws_once(draggable):
    live, follow = draggable
    before = live.picture.value
    drag(live, 0, (2, 2), (9, 9))
    calls = follow.calls
    reset = live.children[0].children[-1]
    reset.click()
    assert values(live) == (1, 2, 0)
    assert live.picture.value == before
    assert follow.calls == calls + 1


def test_names_and_text_can_be_spoken(draggable):
    live, _ = draggable
    assert [control.tooltip for control in live.controls.values()] == ["x", "y", "n"]
    assert live.picture.alt == "x = 1.0, y = 2.0, n = 0"
    assert _spoken(r"$\frac{\nabla f}{\|\mathbf{u}_{1}\|} = 7$") == "nabla f / | u _ 1 | = 7"


def test_memory_stays_flat_and_no_figure_is_open(live):
    def move(times):
        for k in range(times):
            live.controls["x"].value = k % 4 + 1
        return psutil.Process().memory_info().rss

    before = move(100)
    assert move(500) < 1.05 * before
    assert plt.get_fignums() == []


@pytest.mark.parametrize(
    "options, lines",
    [
        ([(), (3,), (2, 3)], ["x = ()", "x = (2, 3)"]),
        ([("first", 1), ("last", 2)], ["x = 1", "x = 2"]),
        (["one", "two"], ["x = one", "x = two"]),
    ],
)
def test_options_may_be_shapes_texts_or_stand_behind_labels(options, lines):
    fig = Figure()
    live = Live(fig, [], lambda x: "$x$", x=widgets.ToggleButtons(options=options))
    assert [line.partition(";")[0] for line in live.describe().split("\n")[-2:]] == lines
