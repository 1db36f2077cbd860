"""A live figure shows what a whole new drawing would show, whatever has been done to it before."""

import re
import warnings
from datetime import date
from fractions import Fraction
from io import BytesIO
from threading import Thread

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import psutil
import pytest
from matplotlib.figure import Figure
from PIL import Image

from mathutils import describe, live, surface
from mathutils.control import ends, make_controls, nearest, read, symbol
from mathutils.figure import Live
from mathutils.readout import in_parts, spoken, typeset

OLD_WIDGETS = widgets.__version__.startswith("7.")


def tooltip(control):
    return control.description_tooltip if OLD_WIDGETS else control.tooltip


def still_drawing():
    fig = Figure(figsize=(4, 3), layout="constrained")
    ax = fig.subplots()
    ax.plot([0, 1, 2], [0, 2, 1], color="C4")
    ax.set(xlim=(-1, 5), ylim=(-1, 5), xlabel="$x$")
    return fig, ax


def everything(ax):
    """A function that draws each kind of artist, some of them only now and then."""

    def draw(pen, x=1, style="plain"):
        if x % 2:
            pen.area(ax, [0, x, 1], [0, 1, x], color="C2", alpha=0.5)
        pen.image(ax, [[x, 1], [2, 3]], extent=(3, 5, 3, 5), cmap="cividis")
        pen.line(ax, [0, x], [x, 1], **({"ls": "--"} if style == "dashed" else {"lw": 4}))
        if x > 2:
            pen.line(ax, [0, 4], [4, x], color="C1")
        pen.curves(ax, [np.array([[0, y], [x, y + 1]]) for y in range(x)], color="C3")
        pen.arrow(ax, [x, 1], [-1, x / 2])
        pen.arrow(ax, np.ones((2, x + 1)), np.arange(2 * x + 2).reshape(2, -1) / 3, color="k")
        pen.text(ax, x, 2, f"${x}$", color="C1" if style == "dashed" else "k")
        pen.dot(ax, x, x**2 / 5, ms=20, drag=("x", None))
        return {"x": x}

    return draw


def follower(**options):
    fig, ax = still_drawing()
    return live(fig, everything(ax), x=(0, 4), style=["plain", "dashed"], **options)


def pixels(png):
    return np.array(Image.open(BytesIO(png)).convert("RGBA"))


def shown(picture):
    """Return the pixels that picture.js puts together."""
    still = pixels(picture.still)
    for start, end, colour in np.frombuffer(picture.value, "<u4").reshape(-1, 3):
        still.view("<u4").reshape(-1)[start:end] = colour
    return still


def saved(fig, dpi=100):
    expected = BytesIO()
    fig.savefig(expected, format="png", dpi=dpi)
    return pixels(expected.getvalue())


def fresh(**values):
    """The pixels of a new live figure that starts at these values, and those of saving it."""
    fig, ax = still_drawing()
    draw = everything(ax)
    new = live(fig, lambda pen, **now: draw(pen, **now), **{k: [v] for k, v in values.items()})
    return shown(new.picture), saved(fig)


STATES = [{"x": x, "style": style} for x in range(5) for style in ("plain", "dashed")]


@pytest.mark.parametrize("state", STATES, ids=lambda state: f"{state['x']}-{state['style']}")
def test_after_any_moves_the_picture_is_that_of_a_new_drawing_without_ghosts(state):
    moved = follower()
    for number in np.random.default_rng(state["x"]).permutation(len(STATES)):
        moved.set(**STATES[number])
    moved.set(**state)
    for expected in fresh(**state):
        np.testing.assert_array_equal(shown(moved.picture), expected)


AREAS = [
    {"color": "C0", "alpha": 0.5},
    {"color": (0.1, 0.5, 0.2), "alpha": 1},
    {"facecolor": "r", "edgecolor": "b", "ls": (0, (3, 2))},
    {"edgecolor": "r", "facecolor": "b", "ls": (0, (3, 2))},
    {"facecolor": ("C0", 0.35), "hatch": "xx"},
]


@pytest.mark.parametrize("last", range(len(AREAS)))
def test_an_area_may_change_its_style(last):
    def drawn(moves):
        fig, ax = still_drawing()
        draw = lambda pen, k=moves[0]: pen.area(ax, [1, 3, 4], [1, 3, 0], **AREAS[k])  # noqa: E731
        moved = live(fig, draw, k=(0, 4))
        for k in moves:
            moved.set(k=k)
        return shown(moved.picture)

    np.testing.assert_array_equal(
        drawn([*range(len(AREAS)), (last - 1) % len(AREAS), last]), drawn([last])
    )


def test_what_fails_half_way_is_drawn_again():
    fig, ax = still_drawing()

    def draw(pen, k=0):
        pen.area(ax, [k, 3, 4], [1, 3, 0], alpha=2 if k == 1 else 0.5, color="C0")

    moved = live(fig, draw, k=(0, 1))
    before = shown(moved.picture)
    moved.set(k=1)
    assert "alpha" in moved.text
    moved.set(k=0)
    np.testing.assert_array_equal(shown(moved.picture), before)


def test_the_order_of_the_calls_is_what_lies_above():
    fig, ax = still_drawing()

    def draw(pen, first=True):
        if first:
            pen.line(ax, [0, 4], [2, 2], lw=20, color="C0")
        pen.area(ax, [1, 3, 3, 1], [1, 1, 3, 3], color="C1")
        pen.line(ax, [0, 4], [2, 2], lw=10, color="C2")

    picture = live(fig, draw, first=True).picture
    height, width = shown(picture).shape[:2]
    colours = {tuple(colour) for colour in shown(picture)[:, width // 2]}
    assert (0x00, 0x7F, 0x5C, 255) in colours or len(colours) > 2
    drawn = shown(picture)[height // 2 - 40 : height // 2 + 40, width // 2]
    np.testing.assert_array_equal(
        drawn, saved(fig)[height // 2 - 40 : height // 2 + 40, width // 2]
    )


def test_a_cell_that_is_run_twice_shows_the_same_whatever_was_moved_before():
    fig, ax = still_drawing()
    results = []
    for _ in range(3):
        cell = live(fig, everything(ax), x=(0, 4), style=["plain", "dashed"])
        results.append((cell.describe(), cell.picture.still, cell.picture.value))
        cell.picture.pixel_ratio = 2
        cell.set(x=4, style="dashed")
    assert results[0] == results[1] == results[2]


def test_the_former_picture_of_a_figure_no_longer_draws_in_it():
    fig, ax = still_drawing()
    former = live(fig, everything(ax), x=(0, 4), style=["plain", "dashed"])
    cell = live(fig, everything(ax), x=(0, 4), style=["plain", "dashed"])
    before = describe(fig)
    former.set(x=4)
    former.picture.pixel_ratio = 2
    former.picture.drag = {"handle": "dot 0 of 0", "place": [0.5, 0.5], "time": 0}
    assert describe(fig) == before
    cell.set(x=2)
    np.testing.assert_array_equal(shown(cell.picture), fresh(x=2, style="plain")[0])


def test_a_figure_of_pyplot_is_not_shown_by_pyplot_as_well():
    fig, ax = plt.subplots()
    live(fig, lambda pen, x=1: pen.dot(ax, x, 0), x=(0, 4)).set(x=3)
    assert plt.get_fignums() == []


def test_the_readout_follows():
    moved = follower()
    assert moved.text == "$x = 1$"
    moved.controls["x"].value = 3
    assert moved.text == "$x = 3$"
    assert moved.picture.alt == "x = 3"


def test_a_readout_may_come_and_go():
    fig, ax = still_drawing()
    moved = live(fig, lambda pen, x=0: {"x": x} if x == 2 else {}, x=(0, 4))
    assert moved.text == moved.readout.value == "" and moved.picture.values == []
    moved.set(x=2)
    assert "$x =$" in moved.readout.value and moved.picture.values == ["2"]
    moved.set(x=3)
    assert moved.text == moved.readout.value == "" and moved.picture.values == []


def test_what_is_typeset_comes_once_and_values_come_with_the_picture():
    fig, ax = still_drawing()

    def draw(pen, x=1):
        pen.dot(ax, x, x)
        return {"x": x, "g": [x, 0.5], "A": r"\alpha"} | ({"y": x} if x > 2 else {})

    moved = live(fig, draw, x=(0, 4))
    first = moved.readout.value
    for part in ("$x =$", "$g =$", ">1<", ">(1.000, 0.5000)<", r"$A = \alpha$"):
        assert part in first
    moved.set(x=2)
    assert moved.readout.value == first
    assert moved.picture.values == ["2", "(2.000, 0.5000)", ""]
    moved.set(x=3)
    assert "$y =$" in moved.readout.value and len(moved.picture.values) == 4
    moved.set(x=2)
    assert "$y =$" not in moved.readout.value and len(moved.picture.values) == 3


def test_returning_gives_the_same_picture():
    moved = follower()
    before = moved.picture.value
    moved.controls["x"].value = 4
    assert moved.picture.value != before
    moved.controls["x"].value = 1
    assert moved.picture.value == before


def test_the_text_covers_both_ends_of_each_control_and_changes_nothing():
    moved = follower()
    before, text = shown(moved.picture), moved.describe()
    assert "\nx = 0; " in text and "1 line points: x 0, y 0; $x = 0$" in text
    assert "\nx = 4; " in text and "1 line points: x 4, y 3.2; $x = 4$" in text
    assert moved.describe() == text
    moved.set(x=2)
    moved.set(x=1)
    assert moved.text == "$x = 1$"
    np.testing.assert_array_equal(shown(moved.picture), before)


def test_the_text_leaves_out_what_is_hidden():
    fig, ax = still_drawing()

    def draw(pen, x=0):
        if x:
            pen.dot(ax, [1, 2, 3], [1, 2, 3])

    moved = live(fig, draw, x=(0, 2))
    first, _, none, two = moved.describe().split("\n")
    assert first.count("3 line points") == 1  # what is still
    assert "line points" not in none and "3 line points" in two


def test_the_saved_notebook_keeps_a_picture_and_the_text():
    moved = follower()
    before = shown(moved.picture)
    data, metadata = moved._repr_mimebundle_()
    assert data["image/png"].startswith(b"\x89PNG")
    assert data["text/plain"] == moved.describe()
    assert "application/vnd.jupyter.widget-view+json" in data
    size = {"width": 400, "height": 300}
    alt = f"{describe(moved._figure)}\nx = 1"
    assert metadata["image/png"] == size | {"alt": alt}
    moved.controls["x"].value = 3
    moved.controls["x"].value = 1
    np.testing.assert_array_equal(shown(moved.picture), before)


@pytest.mark.parametrize("ratio", [1.5, 2, 3])
def test_the_picture_is_as_sharp_as_the_screen_up_to_twice(ratio):
    moved = follower()
    moved.picture.pixel_ratio = ratio
    moved.controls["x"].value = 3
    np.testing.assert_array_equal(
        shown(moved.picture), saved(moved._figure, dpi=100 * min(ratio, 2))
    )


def test_what_is_still_may_change_too():
    moved = follower()
    before, ax = moved.picture.value, moved._figure.axes[0]
    ax.set(xlim=(0, 10), title="$t$")
    moved.controls["x"].value = 3
    np.testing.assert_array_equal(shown(moved.picture), saved(moved._figure))
    ax.set(xlim=(-1, 5), title="")
    moved.describe()
    moved.controls["x"].value = 1
    assert moved.picture.value == before


def test_limits_that_nobody_set_are_those_of_the_first_drawing():
    fig = Figure()
    ax = fig.subplots()
    x = np.linspace(0, 6, 50)
    moved = live(fig, lambda pen, a=2.0: pen.line(ax, x, a * np.sin(x)), a=(0, 9.0))
    limits = ax.get_xlim(), ax.get_ylim()
    assert limits[0][0] < 0 and limits[0][1] > 6 and 2 < limits[1][1] < 2.5
    moved.set(a=9)
    moved.describe()
    assert (ax.get_xlim(), ax.get_ylim()) == limits


def test_a_line_moves_in_space_beside_a_surface():
    fig = Figure(figsize=(4, 3))
    ax = fig.add_subplot(projection="3d")
    grid = np.linspace(-1, 1, 11)
    surface(ax, lambda p: p @ p, grid, grid)

    def draw(pen, x=0):
        pen.line(ax, [x / 4, 0], [0, 1], [x**2 / 16, 1], marker="o", ms=9)

    moved = live(fig, draw, x=(0, 4))
    for x in [4, 1, 3]:
        moved.set(x=x)
    np.testing.assert_array_equal(shown(moved.picture), saved(fig))
    drawn = moved._pen.shown[0].get_data_3d()
    np.testing.assert_array_equal(drawn, [[0.75, 0], [0, 1], [9 / 16, 1]])


# Mistakes


def test_an_error_while_a_control_moves_is_one_sentence_and_the_next_move_goes_on():
    fig, ax = still_drawing()

    def draw(pen, x=1):
        pen.dot(ax, x, x, drag=("x", None))
        if x == 2:
            raise ZeroDivisionError("no <2>,\nas I $said$")
        pen.line(ax, [0, x], [0, x])
        return {"x": x}

    moved = live(fig, draw, x=(0, 4))
    before = moved.picture.value
    moved.set(x=2)
    assert moved.readout.value == "<mark>✗ ZeroDivisionError: no &lt;2&gt;,</mark>"
    assert moved.picture.alt == "ZeroDivisionError: no <2>,"
    assert moved.picture.value == before
    to_end(moved, "dot 0 of 0", (3.2, 3))  # what had been in hand still is
    assert moved.controls["x"].value == 3 and moved.text == "$x = 3$"
    np.testing.assert_array_equal(shown(moved.picture), saved(fig))
    with pytest.raises(ZeroDivisionError):
        live(fig, draw, x=[1, 2]).describe()


def test_the_first_drawing_and_describe_raise_and_leave_no_ghosts():
    fig, ax = still_drawing()

    def draw(pen, x=0):
        pen.dot(ax, x, x)
        return {"1/x": 1 / x}

    with pytest.raises(ZeroDivisionError):
        live(fig, draw, x=(0, 4))
    mended = live(fig, lambda pen, x=1: pen.dot(ax, x, x), x=(0, 4))
    assert describe(fig).count("1 line points") == 1
    with pytest.raises(ZeroDivisionError):
        live(fig, lambda pen, x=1: {"1/x": 1 / x}, x=(0, 4)).describe()
    assert mended.text == ""


def test_what_draw_adds_by_itself_is_refused():
    fig, ax = still_drawing()
    with pytest.raises(ValueError, match="draw adds to the axes by itself"):
        live(fig, lambda pen, x=1: ax.plot([0, x], [0, x]) and None, x=(0, 4))


def test_what_can_be_dragged_and_is_nowhere_is_told_to_the_browser_as_such():
    _, ax = still_drawing()

    def draw(pen, x=0):
        pen.dot(ax, [x, 2], [1 if x else np.nan, 2], drag=("x", None))

    moved = live(ax.figure, draw, x=(0, 4))
    assert len(moved.picture.handles["dot 0 of 0"]["points"]) == 1
    moved.set(x=1)
    assert len(moved.picture.handles["dot 0 of 0"]["points"]) == 2


def test_the_axes_of_another_figure_are_refused():
    fig, _ = still_drawing()
    _, other = still_drawing()
    with pytest.raises(ValueError, match="another figure"):
        live(fig, lambda pen, x=1: pen.dot(other, x, x), x=(0, 4))


def test_axes_that_draw_clears_are_drawn_anew():
    fig = Figure(figsize=(4, 3))
    ax = fig.subplots()

    def draw(pen, x=1):
        ax.clear()
        ax.set(xlim=(0, 5), ylim=(0, 5))
        pen.line(ax, [0, x], [0, x])

    moved = live(fig, draw, x=(0, 4))
    moved.set(x=3)
    np.testing.assert_array_equal(shown(moved.picture), saved(fig))
    assert len(ax.lines) == 1


@pytest.mark.parametrize(
    ("draw", "controls", "sentence"),
    [
        (lambda pen, x=1: None, {"y": (0, 1)}, "draw has no parameter y"),
        (lambda pen, x: None, {}, "draw's parameter x has neither a control nor a default"),
        (lambda pen, x=7: None, {"x": (0, 4)}, "starts at x = 7, which its control cannot"),
        (lambda pen, x=0.5: None, {"x": (0, 4)}, "starts at x = 0.5, which its control"),
        (lambda pen, x=0.5: None, {"x": (0.0, 1.0, 0.3)}, "starts at x = 0.5, which its"),
        (lambda pen, x="c": None, {"x": ["a", "b"]}, "starts at x = 'c', which its control"),
        (lambda pen, x=1: None, {"x": (0, 1, 2, 3)}, "is no control"),
        (lambda pen, x=1: None, {"x": widgets.Button()}, "is no control"),
        (lambda pen, x=1: 3, {"x": (0, 4)}, "draw returns a dict of names to values or a text"),
        (lambda pen, x=1: {"A": np.ones((2, 2, 2))}, {"x": (0, 4)}, "not shape"),
        (lambda pen, x=1: {"z": 1j}, {"x": (0, 4)}, "has real numbers"),
    ],
)
def test_a_mistake_is_told_in_one_sentence(draw, controls, sentence):
    with pytest.raises((TypeError, ValueError), match=sentence):
        live(Figure(), draw, **controls)


# Controls


def tried(control, start):
    """Return a live figure with one control, the values that `draw` has seen, and its slider."""
    fig, ax = still_drawing()
    seen = []

    def draw(pen, c=start):
        seen.append(c)
        pen.dot(ax, 1, 1)

    return live(fig, draw, c=control), seen


@pytest.mark.parametrize(
    ("control", "start", "limits"),
    [
        ((0, 4), 1, [0, 4]),
        ((0.0, 1.0, 0.25), 0.5, [0.0, 1.0]),
        ([3, 5, 9], 5, [3, 9]),
        ({"one": 1, "two": 2}, 2, [1, 2]),
        (True, True, [False, True]),
        (widgets.Checkbox(), False, [False, True]),
        (widgets.ToggleButton(), False, [False, True]),
        (widgets.FloatLogSlider(min=-3, max=0), 0.01, [0.001, 1]),
        (widgets.FloatLogSlider(min=-3, max=3, base=2.0), 2.0, [1 / 8, 8]),
        (widgets.FloatRangeSlider(min=0, max=5), (1, 3), [(0, 0), (0, 5), (5, 5)]),
        (widgets.IntRangeSlider(min=0, max=5), (1, 3), [(0, 0), (0, 5), (5, 5)]),
        (widgets.SelectionSlider(options=["a", "b", "c"]), "b", ["a", "c"]),
        (widgets.SelectMultiple(options=["a", "b", "c"]), ("a", "b"), [("a",), ("c",)]),
        (widgets.SelectionRangeSlider(options=[1, 2, 5]), (1, 2), [(1, 1), (1, 5), (5, 5)]),
        (widgets.ToggleButtons(options=[(), (3,), (2, 3)]), (3,), [(), (2, 3)]),
        (widgets.ToggleButtons(options=[("first", 1), ("last", 2)]), 1, [1, 2]),
        (widgets.Dropdown(options={"one": 1, "two": 2}), 2, [1, 2]),
        (widgets.BoundedFloatText(min=0, max=2), 1.0, [0, 2]),
        (widgets.Text(), "word", []),
        (widgets.fixed(7), 7, []),
        (widgets.Dropdown(options=[None, 1]), 1, [None, 1]),
        (widgets.DatePicker(), date(2026, 1, 5), []),
        (widgets.FloatSlider(min=0, max=1, step=0.3), 0.6, [0, 1]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_every_kind_of_control_has_its_ends_and_goes_back_exactly(control, start, limits):
    moved, seen = tried(control, start)
    seen.clear()
    moved.describe()
    assert seen[1:-1] == limits
    for end in limits:
        moved.set(c=end)
        assert moved.controls["c"].value == end
    if not isinstance(control, widgets.fixed):
        moved.children[0].children[-1].click()
    assert moved.controls["c"].value == start


def test_a_control_is_given_by_its_default_alone_and_named_in_mathematics():
    controls = make_controls(lambda pen, x=2.0, theta=3, on=False: None, {})
    assert [c.description for c in controls.values()] == [r"$x$", r"$\theta$", r"$\mathrm{on}$"]
    assert [tooltip(c) for c in controls.values()] == ["x", "theta", "on"]
    assert isinstance(controls["x"], widgets.FloatSlider)
    assert controls["on"].value is False
    assert symbol("lambda1") == symbol("lambda_1") == r"$\lambda_{1}$"


def test_a_widget_that_moved_starts_again_where_draw_does():
    slider = widgets.IntSlider(max=4, description="$n$")
    for _ in range(2):
        moved, seen = tried(slider, 1)
        assert seen == [1] and slider.description == "$n$"
        slider.value = 3


@pytest.mark.parametrize("number", [-9, 0.12, 0.49, 3.3, 1e9])
def test_the_nearest_value_is_one_that_the_control_has(number):
    for control in [
        widgets.FloatSlider(min=-2, max=2, step=0.1),
        widgets.IntSlider(min=-2, max=2),
        widgets.FloatSlider(min=0, max=1, step=0.35),
        widgets.SelectionSlider(options=[0, 1, 4]),
        widgets.FloatLogSlider(min=-3, max=3, step=0.5),
    ]:
        value = nearest(control, abs(number) if "Log" in type(control).__name__ else number)
        control.value = value
        assert control.value == value
        low, high = ends(control)
        assert low <= value <= high
    slider = widgets.FloatSlider(min=-2, max=2, step=0.1)
    slider.value = nearest(slider, 0.41)
    assert slider.value != 0.4  # what the slider in the browser makes of it
    assert read(slider) == 0.4
    assert nearest(widgets.FloatSlider(value=1), float("nan")) == 1
    assert nearest(widgets.FloatLogSlider(min=-3, max=0), -7.0) == 0.001
    assert nearest(widgets.IntSlider(max=360, step=5), 120) == 120  # not 119.99999999999999


# Dragging


@pytest.fixture
def draggable():
    fig = Figure(figsize=(4, 3), dpi=100)
    left, right = fig.subplots(1, 2)
    left.set(xlim=(0, 10), ylim=(0, 10))
    right.set(xlim=(0.1, 1000), ylim=(0, 1), xscale="log")

    def draw(pen, x=1.0, y=2.0, n=0):
        draw.calls += 1
        pen.dot(left, x, y, drag=("x", "y"))
        pen.area(left, [x, x + 1, x], [5, 5, 6], drag=("x", None))
        pen.arrow(left, [5, 5], [x, y], drag=lambda x, y: {"x": x - 5, "y": y - 5})
        pen.dot(right, 10.0**n, 0.5, drag=lambda h, _: {"n": np.log10(h)})
        return {"x": x, "y": y, "n": n}

    draw.calls = 0
    return live(fig, draw, x=(0, 10, 0.5), y=(0, 8, 0.5), n=(0, 2)), draw


def to_end(moved, handle, place):
    """Drag a handle to a place in the data's units of its axes, as picture.js tells it."""
    ax = moved._handles[handle].axes
    at = ax.transData.transform(place) / moved._figure.bbox.size
    moved.picture.drag = {"handle": handle, "place": list(at), "time": 0}


def values(moved):
    return tuple(control.value for control in moved.controls.values())


def test_a_drag_sets_the_nearest_values_and_draws_once(draggable):
    moved, draw = draggable
    before, calls = moved.picture.value, draw.calls
    to_end(moved, "dot 0 of 0", (4.2, 6.9))
    assert values(moved) == (4, 7, 0)
    assert draw.calls == calls + 1
    assert moved.picture.value != before
    assert moved.text == r"$x = 4.000, \quad y = 7.000, \quad n = 0$"


def test_a_drag_out_of_the_axes_goes_to_the_bounds(draggable):
    moved, _ = draggable
    to_end(moved, "dot 0 of 0", (-30, 90))
    assert values(moved) == (0, 8, 0)


def test_an_area_an_arrow_and_a_logarithm_on_a_dense_screen(draggable):
    moved, _ = draggable
    moved.picture.pixel_ratio = 2
    to_end(moved, "dot 0 of 1", (12, 0.5))
    to_end(moved, "area 0 of 0", (6.1, 0.5))
    assert values(moved) == (6, 2, 1)
    assert isinstance(moved.controls["n"].value, int)
    to_end(moved, "arrow 0 of 0", (7, 6))
    assert values(moved) == (2, 1, 1)


def test_what_can_be_dragged_is_where_it_is_drawn(draggable):
    moved, _ = draggable
    moved.set(x=3, y=4)
    for ratio in (1, 2):
        moved.picture.pixel_ratio = ratio
        handles = moved.picture.handles
        ax = moved._figure.axes[0]
        dot = ax.transData.transform([3, 4]) / moved._figure.bbox.size
        tip = ax.transData.transform([8, 9]) / moved._figure.bbox.size
        np.testing.assert_allclose(handles["dot 0 of 0"]["points"], [dot], atol=1e-4)
        np.testing.assert_allclose(handles["arrow 0 of 0"]["points"], [tip], atol=1e-4)
        assert handles["area 0 of 0"]["grip"] == "area"
        assert len(handles) == 4


def test_what_has_vanished_meanwhile_is_not_dragged(draggable):
    moved, draw = draggable
    calls = draw.calls
    moved.picture.drag = {"handle": "dot 9 of 0", "place": [0.5, 0.5], "time": 0}
    assert draw.calls == calls


@pytest.mark.parametrize("drag", [("x", "z"), lambda x, y: {"z": x}])
def test_a_drag_of_a_control_that_is_not_there_is_told(drag):
    fig, ax = still_drawing()
    draw = lambda pen, x=1: pen.dot(ax, x, x, drag=drag)  # noqa: E731
    if isinstance(drag, tuple):
        with pytest.raises(ValueError, match="there is no control z"):
            live(fig, draw, x=(0, 4))
    else:
        moved = live(fig, draw, x=(0, 4))
        to_end(moved, "dot 0 of 0", (2, 2))
        assert "there is no control z" in moved.text


def test_reset_goes_back_to_the_start_and_draws_once(draggable):
    moved, draw = draggable
    before = moved.picture.value
    to_end(moved, "dot 0 of 0", (9, 9))
    calls = draw.calls
    moved.children[0].children[-1].click()
    assert values(moved) == (1, 2, 0)
    assert moved.picture.value == before
    assert draw.calls == calls + 1


# What is said


@pytest.mark.parametrize(
    ("readout", "text"),
    [
        ({"f": 39.04}, "$f = 39.04$"),
        ({"n": 1200, "m": np.int64(3)}, r"$n = 1200, \quad m = 3$"),
        ({"f": -0.0}, "$f = 0.000$"),
        ({"f": 1e-16}, "$f = 0.000$"),
        ({"f": 3.4567e-7}, r"$f = 3.457 \times 10^{-7}$"),
        ({"f": -123456.0}, r"$f = -1.235 \times 10^{5}$"),
        ({"f": 1000.0}, "$f = 1000$"),
        ({"f": np.inf}, r"$f = \infty$"),
        ({"g": np.array([1.0, -2.0])}, r"$g = (1.000,\; -2.000)$"),
        ({"A": [[1, 2], [3, 4]]}, r"$A = \begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}$"),
        ({"h": "2^{-5}"}, "$h = 2^{-5}$"),
        ({"P(X<t)": Fraction(1, 3)}, "$P(X<t) = 0.3333$"),
        ("as it is", "as it is"),
        ({}, ""),
        (None, ""),
    ],
)
def test_a_readout_is_typeset(readout, text):
    assert typeset(readout) == text


def test_a_readout_does_not_hang_on_the_last_bit():
    values = np.array([0.1, 0.25, 12345.5, 1 / 3, 2.5])
    assert typeset({"v": values}) == typeset({"v": values * (1 + 2e-16)})


def test_names_and_text_can_be_spoken(draggable):
    moved, _ = draggable
    assert [tooltip(control) for control in moved.controls.values()] == ["x", "y", "n"]
    assert moved.picture.alt == "x = 1.000, y = 2.000, n = 0"
    assert spoken(r"$\frac{\nabla f}{\|\mathbf{u}_{1}\|} = 7$") == "nabla f / | u _ 1 | = 7"
    assert spoken(typeset({"A": [[1, 2], [3, 4]]})) == "A = 1, 2; 3, 4"
    assert spoken("P(X < t), P(Y > s)") == "P(X < t), P(Y > s)"


def test_what_is_less_than_something_is_no_tag():
    fig, _ = still_drawing()
    assert "P(X&lt;t)" in live(fig, lambda pen, x=1: {"P(X<t)": x}, x=(0, 4)).readout.value


@pytest.mark.parametrize(
    ("value", "html"),
    [
        (-2e-7, "−2.000 × 10<sup>−7</sup>"),
        (-np.inf, "−∞"),
        ([1, np.nan], "(1.000, nan)"),
        ("33.5°", "33.5°"),
        ("2^{-5}", "2<sup>−5</sup>"),
        ("1.5 + 0.2 ε", "1.5 + 0.2 <i>ε</i>"),
        (r"\alpha", ""),
        ("<b>1</b>", ""),
    ],
)
def test_a_value_that_moves_says_in_html_what_it_says_typeset(value, html):
    assert in_parts({"f": value}) == [("$f =$", html) if html else (f"$f = {value}$", "")]


def test_the_entries_of_a_matrix_stand_in_their_rows():
    [(_, shown_as)] = in_parts({"A": [[1, -2, 3], [4, 5, 6]]})
    assert re.findall("<span>(.*?)</span>", shown_as) == ["1", "−2", "3", "4", "5", "6"]
    assert "repeat(3, auto)" in shown_as


def test_controls_may_move_in_another_thread_while_a_cell_draws():
    fig, ax = still_drawing()
    moved = live(fig, everything(ax), x=(0, 4), style=["plain", "dashed"])
    other, problems = follower(), []

    def move():
        for number in np.random.default_rng(0).integers(5, size=60):
            moved.controls["x"].value = int(number)
            if "✗" in moved.text:
                problems.append(moved.text)

    threads = [Thread(target=move) for _ in range(2)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        other.set(x=3)
        moved.describe()
    assert not problems
    moved.set(x=2)
    np.testing.assert_array_equal(shown(moved.picture), fresh(x=2, style="plain")[0])


@pytest.mark.slow
def test_memory_stays_flat_and_no_figure_is_open():
    moved = follower()

    def move(times):
        for k in range(times):
            moved.set(**STATES[k % len(STATES)])
        return psutil.Process().memory_info().rss

    before = move(100)
    assert move(500) < 1.05 * before
    assert plt.get_fignums() == []


@pytest.mark.skipif(OLD_WIDGETS, reason="ipywidgets 7 warn of themselves")
def test_moving_warns_of_nothing():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        moved = follower()
        for state in STATES:
            moved.set(**state)
        assert isinstance(moved, Live)
