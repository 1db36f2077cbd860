"""The chapters as readers have them: JupyterLab in a browser, moved by keyboard and mouse."""

import shutil
import time

import nbformat
import pytest

from tools import browser as tool
from tools.browser import command, execute
from tools.chapters import ROOT, chapters
from tools.refresh import METADATA

SCREENSHOTS = ROOT / "screenshots"

SMALL = """
import time
from pathlib import Path

from ipywidgets import FloatSlider, IntSlider
from matplotlib.figure import Figure

from mathutils import Live

fig = Figure(figsize=(4, 3))
ax = fig.subplots()
ax.set(xlim=(0, 100), ylim=(0, 1))
(dot,) = ax.plot([], [], "ko", ms=20)
calls = 0


def follow(x, y):
    global calls
    calls += 1
    while Path("hold").exists():
        time.sleep(0.01)
    dot.set_data([x], [y / 360])
    return f"$x = {x}, n = {calls}$"


calls = 0
sliders = {
    "x": IntSlider(50, description=r"$\\mathbf x$"),
    "y": FloatSlider(180, max=360, step=5, description="$y$"),
}
live = Live(fig, [dot], follow, {ax: lambda x, y: {"x": x}}, **sliders)
live
"""

# Look at every frame that is painted: is the picture there, whole, and of the same height?
SAMPLE = """() => {
    const figure = document.querySelector('.live-figure'), image = figure.querySelector('canvas');
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.width, image.height];
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    window.frames_seen = { count: 0, blank: 0, heights: [] };
    const look = () => {
        pen.clearRect(0, 0, canvas.width, canvas.height);
        pen.drawImage(image, 0, 0);
        const places = [[2, 2], [canvas.width - 3, canvas.height - 3]];
        const whole = places.every((place) => pen.getImageData(...place, 1, 1).data[0] > 250);
        frames_seen.count += 1;
        frames_seen.blank += !whole;
        if (!frames_seen.heights.includes(figure.offsetHeight))
            frames_seen.heights.push(figure.offsetHeight);
        requestAnimationFrame(look);
    };
    look();
}"""

# What the kernel has drawn, and what is on the canvas.
DRAWN = "import hashlib; print(hashlib.sha256(live._canvas.buffer_rgba()).hexdigest())"
HASH = """async (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}"""

# JupyterLab hides cells that are far from the active one.
GO_TO = """(cell) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = cell;
    return notebook.scrollToItem(cell);
}"""


@pytest.fixture(scope="module")
def browser(request):
    if not tool.find():
        sentence = "no chromium and no Chrome is installed: nothing was tested in a browser"
        (pytest.fail if request.config.getoption("--browser") else pytest.skip)(sentence)
    SCREENSHOTS.mkdir(exist_ok=True)
    with tool.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def lab(browser, tmp_path_factory):
    """JupyterLab on a copy of the notebooks, since it saves what it opens."""
    folder = tmp_path_factory.mktemp("lab")
    for path in chapters():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    cells = [nbformat.v4.new_code_cell(SMALL)]
    nbformat.write(
        nbformat.v4.new_notebook(cells=cells, metadata=METADATA), folder / "small.ipynb"
    )
    with tool.Lab(folder) as started:
        yield started


def opened(lab, browser, name, **options):
    page = lab.open(browser, name, **options)
    command(page, "notebook:run-all-cells")
    return page


def until(condition):
    """Wait until a condition holds, and say whether it ever did."""
    for _ in range(200):
        if condition():
            return True
        time.sleep(0.05)
    return False


def all_outputs(page):
    return page.evaluate(
        "() => jupyterapp.shell.currentWidget.content.model.sharedModel.cells"
        ".flatMap((cell) => cell.toJSON().outputs ?? [])"
    )


def assert_no_complaints(lab, page):
    wrong = [o for o in all_outputs(page) if "stderr" in (o.get("name"), o["output_type"])]
    wrong += [o for o in all_outputs(page) if o["output_type"] == "error"]
    assert not wrong
    assert page.locator(".jp-Dialog").count() == 0
    assert page.complaints == []
    assert lab.complaints() == []


class Seen:
    """The live figure of a cell."""

    def __init__(self, page, cell=0):
        self.page = page
        page.evaluate(GO_TO, cell)
        self.root = page.locator(f"[data-windowed-list-index='{cell}'] .live-figure")
        self.root.scroll_into_view_if_needed()
        self.image = self.root.get_by_role("img")
        self.sliders = self.root.locator(".noUi-handle").all()
        self.choices = self.root.locator(".widget-toggle-buttons").all()
        self.reset = self.root.get_by_role("button", name="reset")
        assert until(lambda: self.image.evaluate("i => i.dataset.shown > 0"))
        self.first = self.picture()

    def picture(self):
        """Return what is on the canvas; a screenshot of it would change with the scrolling."""
        return self.image.evaluate("canvas => canvas.toDataURL()")

    def differs(self):
        return until(lambda: self.picture() != self.first)

    def restore(self):
        self.reset.click(timeout=10_000)
        assert until(lambda: self.picture() == self.first), "reset brought something else"


def value(slider):
    return slider.get_attribute("aria-valuetext")


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=40)
    page.mouse.up()


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


@pytest.mark.parametrize("path", chapters(), ids=lambda path: path.stem)
def test_a_chapter_runs_and_its_figures_follow_every_control(path, lab, browser):
    page = opened(lab, browser, path.relative_to(ROOT).as_posix())
    assert_no_complaints(lab, page)
    cells = nbformat.read(path, as_version=4).cells
    with_figure = [number for number, cell in enumerate(cells) if "\nLive(" in cell.source]
    assert with_figure
    for number in with_figure:
        figure = Seen(page, number)
        for slider in figure.sliders:
            move_by_keyboard(figure, slider)
            move_by_mouse(figure, slider)
        for choice in figure.choices:
            choose(figure, choice)
        drag_the_picture(figure)
        speaks(figure)
        page.screenshot(
            path=SCREENSHOTS / f"{path.parent.name}_{path.stem[:2]}_{cells[number].id}.png"
        )
        figure.restore()
    assert_no_complaints(lab, page)
    page.close()


def move_by_keyboard(figure, slider):
    start, ends = value(slider), set()
    for key in ("End", "Home"):
        slider.focus()
        figure.page.keyboard.press(key)
        ends.add(value(slider))
        if value(slider) != start:
            assert figure.differs(), f"nothing follows {key}"
        figure.restore()
    assert len(ends) == 2


def move_by_mouse(figure, slider):
    x, y = middle(slider.bounding_box())
    track = slider.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]").bounding_box()
    left = x > track["x"] + track["width"] / 2
    drag(figure.page, (x, y), (x + (-40 if left else 40), y))
    assert figure.differs(), "nothing follows the mouse"
    figure.restore()


def choose(figure, choice):
    buttons = choice.locator("button").all()
    for button in (buttons[0], buttons[-1]):
        if "mod-active" not in button.get_attribute("class"):
            button.focus()
            figure.page.keyboard.press("Space")
            assert figure.differs(), "nothing follows the keyboard"
            figure.restore()
            button.click()
            assert figure.differs(), "nothing follows the mouse"
            figure.restore()


def drag_the_picture(figure):
    if "crosshair" not in figure.image.get_attribute("style"):
        return
    before = list(map(value, figure.sliders))
    for place in (0.8, 0.3):  # not all axes of a figure can be dragged in
        box = figure.image.bounding_box()
        x, y = box["x"] + place * box["width"], box["y"] + box["height"] / 2
        drag(figure.page, (x, y), (x + 30, y - 50))
        time.sleep(0.3)
    assert figure.differs(), "nothing follows a drag on the picture"
    assert list(map(value, figure.sliders)) != before
    figure.restore()


def speaks(figure):
    """Every control has a name, the picture a text, and what changes is announced."""
    for slider in figure.sliders:
        name = slider.get_attribute("aria-label")
        assert name and not set(name) & set("$\\"), name
    slider = figure.sliders[0]
    slider.focus()
    for key in ("Home", "End"):
        figure.page.keyboard.press(key)
    alt = figure.image.get_attribute("aria-label")
    assert alt and not set(alt) & set("$\\{}"), alt
    status = figure.root.get_by_role("status")
    assert until(lambda: status.text_content() == figure.image.get_attribute("aria-label") != "")


def test_what_is_overtaken_is_dropped_and_the_last_position_stays(lab, browser):
    page = opened(lab, browser, "small.ipynb")
    figure = Seen(page)
    x, y = middle(figure.image.bounding_box())
    hold = lab.folder / "hold"
    for begin, dx in [((x, y), 80), (middle(figure.sliders[0].bounding_box()), 50)]:
        figure.restore()
        time.sleep(0.5)  # let the reset be drawn before drawings are counted
        before = calls(figure)
        hold.touch()
        drag(page, begin, (begin[0] + dx, begin[1]))
        hold.unlink()
        time.sleep(0.5)
        last = value(figure.sliders[0])
        assert float(last) > 60
        assert until(lambda last=last: f"x = {float(last):.0f}," in alt(figure))
        # 40 moves, of which few but the first and the last are drawn.
        assert calls(figure) - before <= 4
    assert_no_complaints(lab, page)
    page.close()


def alt(figure):
    return figure.image.get_attribute("aria-label")


def calls(figure):
    return int(alt(figure).rpartition("=")[2])


def test_no_frame_is_blank_and_nothing_jumps(lab, browser):
    page = opened(lab, browser, "small.ipynb")
    figure = Seen(page)
    figure.sliders[0].focus()
    page.evaluate(SAMPLE)
    for _ in range(20):
        page.keyboard.press("ArrowRight")
        time.sleep(0.03)
    assert until(lambda: "x = 70," in alt(figure))
    seen = page.evaluate("frames_seen")
    assert seen["count"] > 10
    assert seen["blank"] == 0
    assert len(seen["heights"]) == 1
    page.close()


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_the_picture_is_as_sharp_as_the_screen_and_each_pixel_arrives(ratio, lab, browser):
    page = opened(lab, browser, "small.ipynb", device_scale_factor=ratio)
    figure = Seen(page)
    width, height = 400 * ratio, 300 * ratio
    assert until(lambda: figure.image.evaluate("i => [i.width, i.offsetWidth]") == [width, 400])
    assert figure.image.evaluate("i => [i.height, i.offsetHeight]") == [height, 300]
    # The second time with still axes that are new, then without the dot, and both.
    for new in ["", "ax.set(xlim=(0, 200))", "ax.set(xlim=(0, 20))", "ax.set(title='$t$')"]:
        execute(page, new)
        figure.sliders[0].focus()
        page.keyboard.press("ArrowRight")
        assert until(lambda: figure.image.evaluate(HASH) == execute(page, DRAWN).strip())
    page.close()


def test_a_value_is_spoken_without_what_rounding_adds(lab, browser):
    page = opened(lab, browser, "small.ipynb")
    figure = Seen(page)
    figure.sliders[1].focus()
    for key in ["Home", *["ArrowRight"] * 3]:  # the slider itself says 14.999999999999998
        page.keyboard.press(key)
    assert until(lambda: value(figure.sliders[1]) == "15")
    page.close()


def test_in_a_slide_show_a_key_moves_the_control_or_turns_the_slide_not_both(lab, browser):
    page = opened(lab, browser, "small.ipynb")
    figure = Seen(page)
    slider = figure.sliders[0]
    page.evaluate("document.body.classList.add('reveal')")  # what RISE wraps its slides in
    slider.focus()
    page.keyboard.press("ArrowRight")
    assert until(lambda: slider.get_attribute("data-lm-suppress-shortcuts"))
    page.evaluate("() => { window.seen = []; document.onkeydown = (e) => seen.push(e.key); }")
    for key in ["ArrowLeft", "PageDown", "Home", "End", "Space"]:
        page.keyboard.press(key)
    assert until(lambda: value(slider) == "100" and "x = 100," in alt(figure))
    figure.reset.focus()
    page.keyboard.press("Space")
    assert until(lambda: value(slider) == "50")
    assert page.evaluate("seen") == [" "]  # the one on the slider, which has no use for it
    page.close()
