"""The plot functions return artists that carry the right numbers, and describe sees them."""

import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

import mathutils.plot
from mathutils import (
    arrow,
    contour,
    describe,
    gradient_quiver,
    shape_corners,
    show,
    squares,
    surface,
    tangent_plane,
    taylor_plot,
)
from mathutils.plot import describe_artist, move_arrow, move_squares

SHAPES = [(), (2,), (3,), (2, 3)]


def f(p):
    return p[0] ** 2 + 3 * p[0] * p[1]


def gradient(p):
    return np.array([2 * p[0] + 3 * p[1], 3 * p[0]])


@pytest.fixture
def ax():
    return Figure().subplots()


@pytest.fixture
def ax3d():
    return Figure().subplots(subplot_kw={"projection": "3d"})


def test_contour_draws_points_of_the_level(ax):
    axis = np.linspace(-2, 2, 81)
    drawn = contour(ax, f, axis, axis / 2, [-1, 2])
    assert drawn.levels.tolist() == [-1, 2]
    for level, path in zip(drawn.levels, drawn.get_paths(), strict=True):
        np.testing.assert_allclose(f(path.vertices.T), level, atol=1e-2)
    assert ax.get_aspect() == 1


def test_quiver_has_the_gradient_at_each_point(ax):
    drawn = gradient_quiver(ax, gradient, np.array([1, 3, 5]), np.array([5, 7]))
    points = drawn.get_offsets().T
    assert drawn.N == 6
    assert points[:, 1].tolist() == [3, 5]
    np.testing.assert_array_equal([drawn.U, drawn.V], gradient(points))
    # The longest arrow is as long as 1.5 spacings of x.
    assert np.hypot(drawn.U, drawn.V).max() / drawn.scale == pytest.approx(3)


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_arrow_starts_and_ends_where_it_should_and_moves(ax, scale):
    ax.set(xlim=(1, 10), ylim=(1, 5), xscale=scale, yscale=scale)
    drawn = arrow(ax, [1, 2], [3, 1])
    move_arrow(drawn, [4, 3], [2, -1])
    ax.figure.draw_without_rendering()
    assert drawn.get_offsets().tolist() == [[4, 3]]
    np.testing.assert_allclose(farthest(drawn), across(ax, [4, 3], [6, 2]), atol=0.5)


def farthest(drawn):
    """The tip of an arrow, in pixels from its start."""
    outline = drawn.get_transform().transform(drawn.get_paths()[0].vertices)
    return outline[np.argmax(np.hypot(*outline.T))]


def across(ax, start, end):
    return np.subtract(*ax.transData.transform([end, start]))


@pytest.mark.parametrize("length", [0.02, 0.1, 0.5, 5])
def test_an_arrow_of_any_length_has_a_head_and_ends_at_its_tip(ax, length):
    ax.set(xlim=(0, 10), ylim=(0, 10))
    drawn = arrow(ax, [1, 1], [length, 0])
    ax.figure.draw_without_rendering()
    outline = drawn.get_paths()[0].vertices
    shaft = outline[np.isclose(outline[:, 0], 0), 1]
    assert np.ptp(outline[:, 1]) > 2 * np.ptp(shaft) > 0
    np.testing.assert_allclose(farthest(drawn), across(ax, [1, 1], [1 + length, 1]), atol=0.5)


def test_an_arrow_of_no_length_is_no_mark(ax):
    ax.set(xlim=(0, 10), ylim=(0, 10))
    drawn = arrow(ax, [1, 1], [0, 0])
    ax.figure.draw_without_rendering()
    assert np.ptp(drawn.get_paths()[0].vertices, axis=0).max() < 0.1


def test_several_arrows_at_once(ax):
    drawn = arrow(ax, [[1, 2, 3], [1, 1, 1]], np.ones((2, 3)), color="k")
    assert drawn.N == 3
    assert drawn.get_facecolor().tolist() == [[0, 0, 0, 1]]


def test_surface_follows_f(ax3d):
    axis = np.array([0.0, 1.0, 2.0])
    drawn = surface(ax3d, f, axis, axis)
    # Each face is coloured by its mean height.
    faces = [f([x, y]) for x in (0, 1) for y in (0, 1)]
    corners = [
        np.mean([f([x + i, y + j]) for i in (0, 1) for j in (0, 1)])
        for x in (0, 1)
        for y in (0, 1)
    ]
    assert len(faces) == len(drawn.get_array())
    np.testing.assert_allclose(sorted(drawn.get_array()), sorted(corners))


def test_tangent_plane_is_the_plane_of_value_and_gradient(ax3d):
    point, radius = np.array([1.0, 2.0]), 0.5
    tangent_plane(ax3d, f, gradient, point, radius)
    x, y = np.meshgrid([0.5, 1.5], [1.5, 2.5])
    other = Figure().subplots(subplot_kw={"projection": "3d"})
    other.plot_surface(x, y, 7 + 8 * (x - 1) + 3 * (y - 2))
    assert describe(ax3d.figure) == describe(other.figure)


def test_taylor_plot_has_slope_two_for_the_right_gradient_only(ax):
    point = np.array([0.3, -1.7])
    for claim, power in [(gradient, 2), (lambda p: 1.5 * gradient(p), 1)]:
        h, remainder = taylor_plot(ax, f, claim, point).get_data()
        assert len(h) > 10 and ax.get_xscale() == ax.get_yscale() == "log"
        assert np.polyfit(np.log(h[-4:]), np.log(remainder[-4:]), 1)[0] == pytest.approx(
            power, abs=0.02
        )


@pytest.mark.parametrize("output_shape", SHAPES)
@pytest.mark.parametrize("input_shape", SHAPES)
def test_the_table_of_shapes_has_a_square_for_each_entry(output_shape, input_shape):
    inputs, outputs, entries = shape_corners(output_shape, input_shape)
    assert inputs.shape == (*input_shape, 2)
    assert outputs.shape == (*output_shape, 2)
    assert entries.shape == (*output_shape, *input_shape, 2)
    corners = np.concatenate([c.reshape(-1, 2) for c in (inputs, outputs, entries)])
    apart = abs(corners[:, None] - corners).max(axis=-1) + 9 * np.eye(len(corners))
    assert apart.min() >= 1, "two squares overlap"
    for block in entries.reshape(-1, *inputs.shape):
        shift = (block - inputs).reshape(-1, 2)
        np.testing.assert_allclose(shift, shift[:1].repeat(len(shift), 0), atol=1e-12)


def test_jacobian_squares_lie_below_their_input_and_beside_their_output():
    inputs, outputs, entries = shape_corners((1,), (3,))
    assert entries[0, :, 0].tolist() == inputs[:, 0].tolist()
    assert set(entries[0, :, 1]) == {outputs[0, 1]}


def test_the_table_of_shapes_has_narrow_gaps():
    inputs, outputs, entries = shape_corners((2, 2), (2, 3))
    assert inputs[0, 0].tolist() == [0, -3] and outputs[0, 0].tolist() == [-3, 0]
    assert (entries[1, 1, 0, 0] - entries[0, 0, 0, 0]).tolist() == [3.4, 2.4]


def test_squares_are_unit_squares_and_move(ax):
    drawn = squares(ax, [[0, 0], [4, 1]], "C0")
    outline = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    drawn_outlines = [path.vertices.tolist() for path in drawn.get_paths()]
    assert drawn_outlines == [outline, [[x + 4, y + 1] for x, y in outline]]
    move_squares(drawn, [[2, 3]])
    assert [path.vertices.min(axis=0).tolist() for path in drawn.get_paths()] == [[2, 3]]
    assert ax.yaxis_inverted()


def line(values):
    fig = Figure()
    fig.subplots().plot(values)
    return fig


def test_describe_gives_counts_ranges_and_a_weighted_mean():
    text = describe(line([1.0, -2.0, 4.0]))
    assert text.endswith("; 3 line points: x 0 to 2 (1.333), y -2 to 4 (1.5)")


@pytest.mark.parametrize("other", [[1, 4, -2], [-1, 2, -4], [1, -2, 4.01], [1, -2], [1, -2, 4, 4]])
def test_describe_notices_a_change(other):
    assert describe(line([1.0, -2.0, 4.0])) != describe(line(other))


def test_describe_notices_colours_of_an_image_and_words(ax):
    before = describe(ax.figure)
    ax.imshow([[1, 2], [3, 4]])
    image = describe(ax.figure)
    ax.text(1, 0, "$x_1$")
    assert "4 pixels: x 1 to 4 (3)" in image
    assert "'$x_1$' at 1, 0" in describe(ax.figure)
    assert len({before, image, describe(ax.figure)}) == 3


def test_describe_says_the_same_after_rounding_errors():
    values = np.array([0.1, 0.25, 12345.5])
    noisy = values * (1 + np.array([2e-16, -2e-16, 2e-16]))
    assert describe(line(values)) == describe(line(noisy))
    zeros, noise = (Line2D([0, 1], y) for y in ([0.0, 0.0], [-0.0, 1e-17]))
    assert describe_artist(zeros) == describe_artist(noise)


def test_show_displays_a_picture_and_its_text_and_closes_it(monkeypatch):
    shown = []
    told = []
    monkeypatch.setattr(
        mathutils.plot,
        "display",
        lambda bundle, metadata=None, **_: (shown.append(bundle), told.append(metadata)),
    )
    fig, ax = plt.subplots()
    ax.plot([1, 2])
    show(fig)
    assert shown[0]["image/png"].startswith(b"\x89PNG")
    assert shown[1]["text/plain"] == told[0]["image/png"]["alt"] == describe(fig)
    assert "2 line points: x 0 to 1" in shown[1]["text/html"]
    assert mathutils.plot.display_size(Figure(figsize=(3, 2))) == {"width": 300, "height": 200}
    assert plt.get_fignums() == []
