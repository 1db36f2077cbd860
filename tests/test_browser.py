"""The chapters as readers have them: JupyterLab in a browser, moved by keyboard and mouse."""

import json
import re
import shutil
import time
from io import BytesIO

import nbformat
import pytest
from PIL import Image

from mathutils.sentences import say
from tests.languages import ENGLISH, SOME, label
from tools import browser as tool
from tools.browser import command, execute, settle
from tools.chapters import ROOT, chapters
from tools.refresh import METADATA, WIDGET_VIEW

SCREENSHOTS = ROOT / "screenshots"

SMALL = """
import time
from pathlib import Path

from matplotlib.figure import Figure

from mathutils import live

fig = Figure(figsize=(4, 3))
ax = fig.subplots()
ax.set(xlim=(0, 100), ylim=(0, 1))
calls = 0


def draw(pen, x=50, y=180.0, z=0.3):
    global calls
    calls += 1
    while Path("hold").exists():
        time.sleep(0.01)
    pen.dot(ax, x, y / 360, ms=20, drag=("x", None))
    return {r"\\mathbf x": x, "n": calls, "z": repr(z)}


moved = live(fig, draw, x=(0, 100), y=(0.0, 360.0, 5), z=(-1.2, 1.2, 0.1))
calls = 0
moved
"""

KINDS = """
from ipywidgets import FloatLogSlider, FloatRangeSlider
from matplotlib.figure import Figure

from mathutils import live

fig = Figure(figsize=(4, 3))
ax = fig.subplots()
ax.set(xlim=(0, 5), ylim=(0, 5))
seen = []


def draw(pen, h=0.01, r=(1.0, 3.0), b=True, d=2):
    seen.append([h, r, b, d])
    pen.line(ax, r, [d, d], color="C0" if b else "C1")
    pen.dot(ax, 5 * h, 1)
    return {"h": h, "r": list(r), "b": b, "d": d}


live(
    fig,
    draw,
    h=FloatLogSlider(min=-3, max=0, step=0.1),
    r=FloatRangeSlider(min=0, max=5, step=0.1),
    d={"one": 1, "two": 2},
)
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
DRAWN = "import hashlib; print(hashlib.sha256(moved._canvas.buffer_rgba()).hexdigest())"
HASH = """async (canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', data));
    return [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}"""

# What can be dragged in a live picture.
HANDLES = """
import json

from ipywidgets.widgets.widget import _instances

print(json.dumps(_instances[{!r}].picture.handles))
"""

OUTPUTS = """(cell) => jupyterapp.shell.currentWidget.content.model.sharedModel
    .cells[cell].toJSON().outputs"""

# JupyterLab hides cells that are far from the active one.
GO_TO = """(cell) => {
    const notebook = jupyterapp.shell.currentWidget.content;
    notebook.activeCellIndex = cell;
    return notebook.scrollToItem(cell);
}"""


@pytest.fixture(scope="session")
def browser(request):
    if not tool.find():
        sentence = "no chromium and no Chrome is installed: nothing was tested in a browser"
        (pytest.fail if request.config.getoption("--browser") else pytest.skip)(sentence)
    SCREENSHOTS.mkdir(exist_ok=True)
    with tool.chromium() as started:
        yield started


@pytest.fixture(scope="session")
def context(browser):
    """What a browser keeps, so that each page need not load JupyterLab anew."""
    return browser.new_context()


@pytest.fixture(scope="session")
def lab(browser, tmp_path_factory):
    """JupyterLab on a copy of the notebooks, since it saves what it opens."""
    folder = tmp_path_factory.mktemp("lab")
    for path in chapters():
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, copy)
    for name, source in [("small", SMALL), ("kinds", KINDS)]:
        cells = [nbformat.v4.new_code_cell(source)]
        notebook = nbformat.v4.new_notebook(cells=cells, metadata=METADATA)
        nbformat.write(notebook, folder / f"{name}.ipynb")
    with tool.Lab(folder) as started:
        yield started


def opened(lab, browser, name, app="lab/tree"):
    page = lab.open(browser, name, app)
    command(page, "notebook:run-all-cells")
    return page


class Tab:
    """A chapter in JupyterLab, all of whose cells have been run."""

    def __init__(self, path, lab, context):
        self.lab, self.name = lab, f"{path.parent.name}_{path.stem[:2]}"
        self.page = opened(lab, context, path.relative_to(ROOT).as_posix())
        self.cells = nbformat.read(path, as_version=4).cells
        self.live = [n for n, cell in enumerate(self.cells) if "\nlive(" in cell.source]


def grouped(path):
    """A parameter whose tests follow each other, in one process."""
    return pytest.param(path, id=label(path), marks=pytest.mark.xdist_group(label(path)))


def pytest_generate_tests(metafunc):
    """Look at three chapters, at all with --all, and with -k at those that it names."""
    if "tab" in metafunc.fixturenames:
        every = metafunc.config.getoption("--all") or metafunc.config.getoption("keyword")
        paths = [path for path in SOME if every or path not in ENGLISH]
        metafunc.parametrize("tab", list(map(grouped, paths)), indirect=True, scope="module")


@pytest.fixture(scope="module")
def tab(request, lab, context):
    made = Tab(request.param, lab, context)
    yield made
    made.page.close()


def until(condition, seconds=60):
    """Wait until a condition holds, and say whether it ever did."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


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
        self.page, self.cell = page, cell
        page.evaluate(GO_TO, cell)
        self.root = page.locator(f"[data-windowed-list-index='{cell}'] .live-figure")
        self.root.scroll_into_view_if_needed()
        self.image = self.root.get_by_role("img")
        assert until(lambda: self.image.evaluate("i => i.dataset.shown > 0"))
        settle(page)
        self.sliders = self.root.locator(".noUi-handle").all()
        self.choices = self.root.locator(".widget-toggle-buttons").all()
        self.reset = self.root.locator("button", has_text="↺")
        self.first = self.picture()

    def picture(self):
        """Return what is on the canvas; a screenshot of it would change with the scrolling."""
        return self.image.evaluate(tool.FINGERPRINT)

    def shows(self, picture):
        return until(lambda: self.picture() == picture)

    def differs(self, seconds=60):
        settle(self.page)
        return until(lambda: self.picture() != self.first, seconds)

    def restore(self):
        settle(self.page)
        self.reset.click()
        settle(self.page)
        assert self.shows(self.first), "reset brought something else"

    def handles(self):
        """Return what can be dragged, as the kernel knows it."""
        return json.loads(execute(self.page, HANDLES.format(model_of(self.page, self.cell))))


def model_of(page, cell):
    """Return by which name ipywidgets know what a cell shows."""
    [name] = [
        output["data"][WIDGET_VIEW]["model_id"]
        for output in page.evaluate(OUTPUTS, cell)
        if WIDGET_VIEW in output.get("data", {})
    ]
    return name


def value(slider):
    return slider.get_attribute("aria-valuetext")


def drag(page, start, end):
    page.mouse.move(*start)
    page.mouse.down()
    page.mouse.move(*end, steps=20)
    page.mouse.up()


def middle(box):
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_chapter_runs(tab):
    assert tab.live
    assert_no_complaints(tab.lab, tab.page)


def shift_enter(page, cell):
    """Go to a cell as a reader does, and run it."""
    page.evaluate(GO_TO, cell)
    page.evaluate("jupyterapp.shell.currentWidget.content.mode = 'command'")
    page.evaluate("jupyterapp.shell.currentWidget.content.node.focus()")
    picture = page.locator(f"[data-windowed-list-index='{cell}'] .live-figure canvas")
    picture.evaluate("picture => { picture.dataset.old = true }")
    page.keyboard.press("Shift+Enter")
    page.wait_for_function(NEW_PICTURE, arg=cell)


NEW_PICTURE = """(cell) => {
    const place = `[data-windowed-list-index='${cell}'] .live-figure canvas`;
    const { shown, old } = document.querySelector(place)?.dataset ?? {};
    return shown && !old;
}"""

# The upper and the lower edge of the notebook's window, of a figure, and of the cell below it.
EDGES = """(cell) => {
    const edges = (selector) => {
        const box = document.querySelector(selector)?.getBoundingClientRect();
        return box ? [Math.round(box.top), Math.round(box.bottom)] : [0, 0];
    };
    const place = (cell) => `[data-windowed-list-index='${cell}'] `;
    return [".jp-WindowedPanel-outer", place(cell) + ".live-figure", place(cell + 1)].map(edges);
}"""


def comes_to_rest(page, cell):
    """Return the edges when they have not moved for a second."""
    edges, since = None, time.monotonic()
    while time.monotonic() - since < 1:
        now = page.evaluate(EDGES, cell)
        if now != edges:
            edges, since = now, time.monotonic()
        time.sleep(0.05)
    return edges


@pytest.mark.parametrize("sidebar", [False, True], ids=["wide", "beside the files"])
def test_the_question_the_controls_and_the_picture_are_on_one_screen(sidebar, tab):
    page = tab.page
    if sidebar:
        command(page, "application:toggle-left-area")
    try:
        for cell in tab.live:
            shift_enter(page, cell)
            window, figure, below = comes_to_rest(page, cell)
            inside = window[0] <= figure[0] < figure[1] <= below[0] < below[1] <= window[1]
            assert inside, (tab.cells[cell].id, window, figure, below)
    finally:
        if sidebar:
            command(page, "application:toggle-left-area")


def test_a_chapters_figures_follow_every_control(tab):
    for cell in tab.live:
        figure = Seen(tab.page, cell)
        for slider in figure.sliders:
            move_by_keyboard(figure, slider)
            move_by_mouse(figure, slider)
        for choice in figure.choices:
            choose(figure, choice)
        drag_the_picture(figure)
        speaks(figure)
        assert figure.root.evaluate("e => e.scrollHeight - e.clientHeight") == 0
        path = SCREENSHOTS / f"{tab.name}_{tab.cells[cell].id}.png"
        tab.page.screenshot(path=path)
        figure.restore()
    assert_no_complaints(tab.lab, tab.page)


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
    for pixels in (40, 55):  # one of them leads to another picture, even where these repeat
        drag(figure.page, (x, y), (x + (-pixels if left else pixels), y))
        if figure.differs(2):
            break
        figure.restore()
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
    """Where something can be dragged, the cursor says so, and the controls follow."""
    for handle in figure.handles().values():
        drag_handle(figure, handle)
    box = figure.image.bounding_box()
    figure.page.mouse.move(box["x"] + 3, box["y"] + 3)
    assert until(lambda: cursor(figure) == "auto")


def drag_handle(figure, handle):
    box, points = figure.image.bounding_box(), handle["points"]
    if handle["grip"] != "points":  # the middle of an area
        points = [[sum(place) / len(points) for place in zip(*points, strict=True)]]
    x, y = box["x"] + points[0][0] * box["width"], box["y"] + (1 - points[0][1]) * box["height"]
    figure.page.mouse.move(x, y)
    assert until(lambda: cursor(figure) == CURSORS[handle["grip"]])
    before = state(figure)
    for dx, dy in [(45, -30), (-60, 40)]:  # one of the two is no end of its control
        drag(figure.page, (x, y), (x + dx, y + dy))
        settle(figure.page)
        if until(lambda: state(figure) != before, 1):
            break
    assert figure.differs(), "nothing follows a drag on the picture"
    figure.restore()


CURSORS = {"points": "grab", "area": "grab", "anywhere": "pointer"}


def cursor(figure):
    return figure.image.evaluate("image => getComputedStyle(image).cursor")


def state(figure):
    pressed = [choice.locator(".mod-active").text_content() for choice in figure.choices]
    return pressed + list(map(value, figure.sliders))


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


@pytest.fixture(scope="module")
def small_page(lab, context):
    page = lab.open(context, "small.ipynb")
    yield page
    page.close()


@pytest.fixture
def small(small_page):
    """A page on which SMALL has been run, once more for each test."""
    command(small_page, "notebook:clear-all-cell-outputs")
    command(small_page, "notebook:run-all-cells")
    yield small_page
    small_page.evaluate("document.body.classList.remove('reveal')")


in_one_page = pytest.mark.xdist_group("small")


@in_one_page
def test_what_is_overtaken_is_dropped_and_the_last_position_stays(small, lab):
    page, figure = small, Seen(small)
    x, y = middle(figure.image.bounding_box())
    hold = lab.folder / "hold"
    for begin, dx in [((x, y), 80), (middle(figure.sliders[0].bounding_box()), 50)]:
        figure.restore()
        before = calls(figure)
        hold.touch()
        drag(page, begin, (begin[0] + dx, begin[1]))
        hold.unlink()
        settle(page)
        last = value(figure.sliders[0])
        assert float(last) > 60
        assert until(lambda last=last: f"x = {float(last):.0f}," in alt(figure))
        # 20 moves, of which few but the first and the last are drawn.
        assert calls(figure) - before <= 4
    assert_no_complaints(lab, page)


def alt(figure):
    return figure.image.get_attribute("aria-label")


def told(figure):
    return figure.root.locator(".live-value").last.text_content()


def calls(figure):
    return int(re.search(r"n = (\d+)", alt(figure))[1])


@in_one_page
def test_no_frame_is_blank_and_nothing_jumps(small):
    page, figure = small, Seen(small)
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


def set_density(page, ratio):
    """Zoom, which chromium only notices when the width changes as well."""
    width = 1366 - round(4 * (ratio - 1))
    screen = {"width": width, "height": 768, "deviceScaleFactor": ratio, "mobile": False}
    page.context.new_cdp_session(page).send("Emulation.setDeviceMetricsOverride", screen)
    assert until(lambda: page.evaluate("devicePixelRatio") == ratio)
    settle(page)


@in_one_page
def test_the_picture_is_as_sharp_as_the_screen_and_each_pixel_arrives(small):
    page, figure = small, Seen(small)
    size = "i => [i.width, i.height, i.offsetWidth, i.offsetHeight]"
    for ratio in (1.5, 2, 1):
        set_density(page, ratio)
        wanted = [400 * ratio, 300 * ratio, 400, 300]
        assert until(lambda wanted=wanted: figure.image.evaluate(size) == wanted)
        # The second time with still axes that are new, then without the dot, and both.
        for new in ["", "ax.set(xlim=(0, 200))", "ax.set(xlim=(0, 20))", "ax.set(title='$t$')"]:
            execute(page, new)
            figure.sliders[0].focus()
            page.keyboard.press("ArrowRight")
            settle(page)
            assert until(lambda: figure.image.evaluate(HASH) == execute(page, DRAWN).strip())
        execute(page, "ax.set(xlim=(0, 100), title='')")


FAIL_ONCE = """() => {
    const decode = createImageBitmap;
    window.createImageBitmap = () => {
        window.createImageBitmap = decode;
        return Promise.reject(new DOMException("The source image could not be decoded."));
    };
}"""


@in_one_page
def test_what_a_busy_browser_fails_to_decode_is_decoded_again(small, lab):
    page, figure = small, Seen(small)
    page.evaluate(FAIL_ONCE)
    execute(page, "ax.set(title='$t$')")
    figure.sliders[0].focus()
    page.keyboard.press("ArrowRight")
    settle(page)
    assert until(lambda: figure.image.evaluate(HASH) == execute(page, DRAWN).strip())
    assert_no_complaints(lab, page)


@in_one_page
def test_what_a_slider_is_given_it_does_not_report_otherwise(small):
    """Else a late report would undo a reset; and what `draw` is given is what the slider says."""
    page, figure = small, Seen(small)
    assert value(figure.sliders[2]) == "0.3"  # 0.30000000000000004
    assert alt(figure).endswith("z = 0.3")
    for number in (0.1, -0.1, 0.7, 1.2):
        before = int(execute(page, "print(calls)"))
        execute(page, f"moved.set(z={number})")
        settle(page)
        assert until(lambda number=number: alt(figure).endswith(f"z = {number}"))
        # z moves nothing in the picture.
        assert until(lambda number=number: told(figure) == str(number).replace("-", "−"))
        assert calls(figure) == before + 1
        figure.sliders[2].focus()
        for key in ("ArrowLeft", "ArrowRight"):
            page.keyboard.press(key)
            settle(page)
        assert until(lambda number=number: alt(figure).endswith(f"z = {number}"))


def test_every_kind_of_control_moves_the_picture_once_and_has_a_name(lab, context):
    page = opened(lab, context, "kinds.ipynb")
    figure = Seen(page)

    def now():
        settle(page)
        return execute(page, "print(seen[-1], seen.count(seen[-1])); seen.clear()").strip()

    now()
    log, low, high = figure.sliders
    for slider, key, wanted in [
        (log, "ArrowRight", "[0.0125892541179, (1.0, 3.0), True, 2] 1"),
        (log, "End", "[1.0, (1.0, 3.0), True, 2] 1"),
        (low, "Home", "[1.0, (0.0, 3.0), True, 2] 1"),
        (high, "ArrowLeft", "[1.0, (0.0, 2.9), True, 2] 1"),
    ]:
        slider.focus()
        page.keyboard.press(key)
        assert now() == wanted
    figure.root.get_by_role("checkbox", name="b").click()
    assert now() == "[1.0, (0.0, 2.9), False, 2] 1"
    figure.root.get_by_role("combobox", name="d").select_option("one")
    assert now() == "[1.0, (0.0, 2.9), False, 1] 1"
    assert [slider.get_attribute("aria-label") for slider in figure.sliders] == ["h", "r", "r"]
    figure.restore()
    assert now() == "[0.01, (1.0, 3.0), True, 2] 1"
    assert_no_complaints(lab, page)
    page.close()


@in_one_page
def test_in_a_slide_show_a_key_moves_the_control_or_turns_the_slide_not_both(small):
    page, figure = small, Seen(small)
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


def step(page, slider):
    """Move a slider by one step: to the left, or where it cannot, to the right."""
    start = value(slider)
    slider.focus()
    page.keyboard.press("ArrowLeft")
    if value(slider) == start:
        page.keyboard.press("ArrowRight")


def run_again(page, cell):
    """Run a cell that has been run, without leaving it."""
    page.evaluate(GO_TO, cell)
    command(page, "notebook:run-cell")


@pytest.mark.parametrize("ratio", [1, 2])
def test_a_live_cell_can_be_run_again_after_its_controls_were_moved(ratio, tab):
    page = tab.page
    set_density(page, ratio)
    for cell in tab.live:
        figure = Seen(page, cell)
        for slider in figure.sliders:
            slider.focus()
            page.keyboard.press("ArrowRight")
        for choice in figure.choices:
            choice.locator("button").last.click()
        assert figure.differs()
        for _ in range(2):
            run_again(page, cell)
            assert Seen(page, cell).shows(figure.first)
        again = Seen(page, cell)
        step(page, again.sliders[0])
        assert again.differs()
        again.restore()
    assert_no_complaints(tab.lab, page)


CONTOUR = next(path for path in chapters() if "contour" in path.stem)


@pytest.fixture(scope="module")
def first(lab, context):
    made = Tab(chapters()[0], lab, context)
    yield made
    made.page.close()


together = pytest.mark.xdist_group("first")  # in one process, which opens the chapter once


@together
def test_who_scrolls_is_left_in_peace(first):
    page, cell = first.page, first.live[0]
    shift_enter(page, cell)
    page.mouse.move(600, 400)
    page.mouse.wheel(0, -700)
    time.sleep(0.5)
    scrolled_to = page.evaluate(EDGES, cell)
    time.sleep(2)
    assert page.evaluate(EDGES, cell) == scrolled_to


# Each paragraph's number of characters and of lines.
LINES = """() => [...document.querySelectorAll('.jp-RenderedMarkdown p, .jp-RenderedMarkdown li')]
    .filter((text) => !text.querySelector('mjx-container, ul, ol') && text.offsetHeight)
    .map((text) => [text.textContent.length,
                    text.offsetHeight / parseFloat(getComputedStyle(text).lineHeight)])"""


@together
def test_lines_of_text_are_as_long_as_the_eye_can_follow(first):
    first.page.evaluate(GO_TO, 0)
    found = first.page.evaluate(LINES)
    lengths = [letters / round(lines) for letters, lines in found if lines > 1.5]
    assert len(lengths) > 3
    assert 55 < max(lengths) < 95


@together
def test_pictures_and_verdicts_follow_a_dark_theme(first):
    page, places = first.page, {cell.id: n for n, cell in enumerate(first.cells)}
    command(page, "apputils:change-theme", theme="JupyterLab Dark")
    assert until(lambda: page.evaluate("document.body.dataset.jpThemeLight") == "false")
    live = Seen(page, first.live[0])
    page.evaluate(GO_TO, places["draw-tangent"])
    still = page.locator(".jp-RenderedImage img").first
    for picture in (still, live.image):
        picture.scroll_into_view_if_needed()
        shot = Image.open(BytesIO(picture.screenshot())).convert("RGB")
        colours = dict((colour, count) for count, colour in shot.getcolors(1 << 24))
        assert max(colours, key=colours.get) == (17, 17, 17)  # JupyterLab's ground
        assert max(map(sum, colours)) > 600  # its ink
    page.evaluate(GO_TO, places["check-first"])
    green = page.locator("verdict-right").first.evaluate("e => getComputedStyle(e).color")
    assert green == "rgb(111, 207, 139)"
    page.screenshot(path=SCREENSHOTS / "dark.png")
    command(page, "apputils:change-theme", theme="JupyterLab Light")


@in_one_page
def test_an_error_stands_beside_the_picture_which_goes_on(small, lab):
    page, figure = small, Seen(small)
    execute(page, "old = moved._draw\nmoved._draw = lambda pen, **v: {'f': 1 / (v['x'] - 51)}")
    figure.sliders[0].focus()
    page.keyboard.press("ArrowRight")
    problem = figure.root.locator("mark")
    assert until(lambda: problem.count() and "ZeroDivisionError" in problem.text_content())
    assert figure.picture() == figure.first
    execute(page, "moved._draw = old")
    page.keyboard.press("ArrowRight")
    assert figure.differs()
    assert problem.count() == 0
    assert_no_complaints(lab, page)


def test_in_notebook_7_the_keys_move_the_slider_and_nothing_else(lab, browser):
    context = browser.new_context()  # Notebook 7 stumbles over what JupyterLab has kept
    page = opened(lab, context, CONTOUR.relative_to(ROOT).as_posix(), app="notebooks")
    cells = nbformat.read(CONTOUR, as_version=4).cells
    figure = Seen(page, next(n for n, cell in enumerate(cells) if "\nlive(" in cell.source))
    slider = figure.sliders[0]
    slider.focus()
    for key, wanted in [("ArrowLeft", "3.75"), ("ArrowRight", "4"), ("Home", "-1"), ("End", "5")]:
        page.keyboard.press(key)
        assert until(lambda wanted=wanted: value(slider) == wanted), key
    assert page.evaluate("document.activeElement.classList.contains('noUi-handle')")
    assert figure.differs()
    figure.restore()
    own = re.compile("'schema'|filebrowser:open-path|/static/notebook/")
    page.complaints = [one for one in page.complaints if not own.search(one)]
    assert_no_complaints(lab, page)
    context.close()


def test_a_saved_picture_says_what_brings_it_to_life_again(lab, context):
    path = chapters()[0]
    copy = shutil.copy(path, lab.folder / path.relative_to(ROOT).with_name("saved.ipynb"))
    name = copy.relative_to(lab.folder).as_posix()
    cells = nbformat.read(path, as_version=4).cells
    live = next(n for n, cell in enumerate(cells) if "\nlive(" in cell.source)
    page = opened(lab, context, name)
    command(page, "docmanager:save")
    page.evaluate("() => jupyterapp.shell.currentWidget.sessionContext.shutdown()")
    page.close()
    page = lab.open(context, name)
    page.evaluate(GO_TO, live)
    asleep = page.locator(".jp-OutputArea-output.jupyter-widgets").first
    asleep.wait_for()
    assert asleep.evaluate("e => getComputedStyle(e).fontSize") == "0px"
    told = asleep.evaluate("e => getComputedStyle(e, '::after').content")
    assert told == f'"{say("asleep")}"'
    page.screenshot(path=SCREENSHOTS / "asleep.png")
    page.close()


# For everybody

# What can be operated in the outputs, with the name that it is announced by.
CONTROLS = """() => [...document.querySelectorAll([
    '.jp-OutputArea :is(button, input, select, textarea)',
    '.jp-OutputArea :is([role=slider], [role=group], [role=img])'].join())]
    .filter((control) => control.type !== 'hidden' && control.offsetParent)
    .map((control) => [
        control.outerHTML.slice(0, 200),
        (control.ariaLabel ?? control.labels?.[0]?.textContent ?? '') || control.textContent.trim()
            || control.title])"""
NAMELESS = ("", "null", "undefined")
STILLS = "() => [...document.querySelectorAll('.jp-RenderedImage img')].map((image) => image.alt)"
FOCUS = "(cell) => jupyterapp.shell.currentWidget.content.widgets[cell].node.focus()"
FOCUSED = "document.activeElement.classList.contains('noUi-handle')"
ACTIVE = "() => jupyterapp.shell.currentWidget.content.activeCellIndex"
EDITS = "() => jupyterapp.shell.currentWidget.content.mode === 'edit'"
DONE = """(cell) => jupyterapp.shell.currentWidget.content.widgets[cell].model.executionState
    !== 'running'
    && jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"""
WIDER = """() => [...document.querySelectorAll(
    '.jp-RenderedMarkdown p, .jp-RenderedMarkdown li, .live-figure, .live-figure *')]
    .filter((part) => part.offsetParent && !part.closest('mjx-assistive-mml'))
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .map((part) => part.outerHTML.slice(0, 120))"""


def test_a_stored_picture_has_a_name_before_anything_is_run(lab, context):
    page = lab.open(context, CONTOUR.relative_to(ROOT).as_posix())
    seen = []
    for number, cell in enumerate(nbformat.read(CONTOUR, as_version=4).cells):
        pictures = [one for one in cell.get("outputs", []) if "image/png" in one.get("data", {})]
        if pictures and not cell.metadata.get("jupyter", {}).get("outputs_hidden"):
            page.evaluate(GO_TO, number)
            name = " ".join(pictures[0].metadata["image/png"]["alt"].split())
            page.get_by_role("img", name=name, exact=True).wait_for()
            seen.append(name)
    assert len(seen) > 3 and all(page.evaluate(STILLS))
    page.close()


def shows_a_still(cell):
    """Say whether a cell shows a picture that nothing moves, and does not fold it away."""
    pictures = [one for one in cell.get("outputs", []) if "image/png" in one.get("data", {})]
    folded = cell.metadata.get("jupyter", {}).get("outputs_hidden")
    return bool(pictures) and "\nlive(" not in cell.source and not folded


def test_every_control_and_every_picture_has_a_name(tab):
    page, seen, stills = tab.page, [], []
    for cell in [n for n, one in enumerate(tab.cells) if one.get("outputs")]:
        page.evaluate(GO_TO, cell)
        settle(page)
        until(lambda: all(name not in NAMELESS for _, name in page.evaluate(CONTROLS)))
        seen += page.evaluate(CONTROLS)
        until(lambda: all(page.evaluate(STILLS)), 3)
        stills += page.evaluate(STILLS)
    assert len(seen) > 3 and (stills or not any(map(shows_a_still, tab.cells)))
    assert [control for control, name in seen if name in NAMELESS] == []
    assert all(text.startswith("x ") for text in stills), stills


def test_a_chapter_can_be_worked_through_without_a_mouse(lab, context):
    """All cells, all exercises, every slider; then the machine says that all is right."""
    copy = lab.folder / CONTOUR.relative_to(ROOT).with_name("keyboard.ipynb")
    shutil.copy(CONTOUR, copy)
    page = lab.open(context, copy.relative_to(lab.folder).as_posix())
    cells = nbformat.read(CONTOUR, as_version=4).cells
    models = {
        c.id.replace("solution", "exercise"): c.source for c in cells if c.id[:8] == "solution"
    }
    page.keyboard.press("Escape")
    for number, cell in enumerate(cells):
        assert page.evaluate(ACTIVE) == number
        if cell.id in models:
            page.keyboard.press("Enter")
            assert page.evaluate(EDITS)
            page.keyboard.press("Control+End")  # below the blank, which is judged as well
            answer = models[cell.id].replace("exercises.model", "exercises.check")
            page.keyboard.insert_text(f"\n\n{answer}")
        page.keyboard.press("Shift+Enter")
        page.wait_for_function(DONE, arg=number, timeout=60_000)
        if "\nlive(" in cell.source:
            slide(page, number)
    last = [cell.id for cell in cells].index("score")
    told = "".join(output["text"] for output in page.evaluate(OUTPUTS, last))
    assert told.startswith(say("score", count=len(models), all=len(models)))
    page.close()


def slide(page, cell):
    """Move each slider of a live picture, from the cell below it, and go back to that cell."""
    figure = Seen(page, cell)
    page.evaluate(GO_TO, cell + 1)
    page.evaluate(FOCUS, cell + 1)  # where Shift+Enter has led, before the picture was looked at
    left = {slider.get_attribute("aria-label") for slider in figure.sliders}
    press(page, "Shift+Tab", lambda: not left or move_focused(page, figure, left))
    assert not left
    press(page, "Tab", lambda: page.evaluate(ACTIVE) == cell + 1)
    page.keyboard.press("Escape")


def move_focused(page, figure, left):
    """Move a slider, where one has the focus, and say whether all have been moved."""
    if page.evaluate(FOCUSED):
        left.discard(page.evaluate("document.activeElement.ariaLabel"))
        before = figure.picture()
        page.keyboard.press("PageDown")
        settle(page)
        assert until(lambda: figure.picture() != before)
    return not left


def press(page, key, done, most=20):
    for _ in range(most):
        page.keyboard.press(key)
        if done():
            return
    pytest.fail(f"{key} leads nowhere")


def test_nothing_is_cut_at_twice_the_size(tab):
    page = tab.page
    page.set_viewport_size({"width": 683, "height": 384})  # what 1366 × 768 has at 200 %
    try:
        for cell in range(0, len(tab.cells), 2):
            page.evaluate(GO_TO, cell)
            assert until(lambda: page.evaluate(WIDER) == []), page.evaluate(WIDER)
        page.screenshot(path=SCREENSHOTS / f"{tab.name}_zoomed.png")
    finally:
        page.set_viewport_size({"width": 1366, "height": 768})
