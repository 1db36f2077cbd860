"""The built site in a browser without network, by http and from disk."""

import ast
import base64
import functools
import http.server
import io
import json
import random
import re
import subprocess
import sys
import threading
import time
import zlib

import nbformat
import numpy as np
import pytest
from ipywidgets import FloatText
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.random import default_rng
from PIL import Image

from mathutils.figure import ALIVE
from mathutils.sentences import language
from tests.languages import ENGLISH, SOME, label
from tools import browser as tool
from tools.chapters import ROOT, chapters, each_cell
from tools.site.record import groups, in_parts, values
from tools.site.strokes import Strokes

SITE = ROOT / "build" / "site"
SCREENSHOTS = ROOT / "screenshots"
MEGABYTE = 2**20
ALIKE = 64  # of 255: lines are smoothed in two ways, by matplotlib and by the browser
PHONE = {"width": 390, "height": 844}

each_chapter = pytest.mark.parametrize("path", SOME, ids=label)


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language a chapter has chosen that a test has run."""
    yield
    language("en")


@pytest.fixture(scope="module")
def browser(request):
    if not tool.find():
        sentence = "no chromium and no Chrome is installed: nothing was tested in a browser"
        (pytest.fail if request.config.getoption("--browser") else pytest.skip)(sentence)
    SCREENSHOTS.mkdir(exist_ok=True)
    with tool.chromium() as started:
        yield started


@pytest.fixture(scope="module")
def site():
    done = subprocess.run([sys.executable, "-m", "tools.site"], cwd=ROOT, capture_output=True)
    assert done.returncode == 0, done.stderr.decode()[-3000:]
    return SITE


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="module")
def address(site):
    handler = functools.partial(Quiet, directory=site)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def opened(browser, address, place, **options):
    """Open a page, and note in ``page.wrong`` what goes wrong and whom else it asks."""
    page = browser.new_page(**options)
    page.set_default_timeout(180_000)
    page.wrong = []
    page.on("pageerror", lambda error: page.wrong.append(str(error)))
    page.on("console", lambda m: m.type == "error" and page.wrong.append(m.text))
    page.on("request", lambda request: note(page, address, request.url))
    page.goto(f"{address}/{place}")
    page.wait_for_function("() => MathJax.startup?.promise")
    page.evaluate("() => MathJax.startup.promise.then(() => {})")
    return page


def note(page, address, url):
    if not url.startswith((address, "data:", "blob:")):
        page.wrong.append(f"asks for {url}")


def until(condition, seconds=10):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.03)
    return True


def place(path):
    return f"{path.parent.name}/{path.stem}.html"


def live_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell.id for cell in cells if "\nlive(" in cell.source]


class Seen:
    """A live picture on a page."""

    def __init__(self, page, path, cell):
        self.page = page
        self.root = page.locator(f'.live-figure[data-recording="{path.stem}-{cell}"]')
        self.root.scroll_into_view_if_needed()
        self.root.and_(page.locator("[data-ready]")).wait_for()
        self.canvas = self.root.get_by_role("img")
        self.sliders = self.root.locator("input[type=range]").all()
        self.choices = self.root.locator(".live-choice").all()
        self.ticks = self.root.locator("input[type=checkbox]").all()
        self.reset = self.root.locator("button", has_text="↺")
        assert until(lambda: self.canvas.evaluate("c => c.dataset.shown > 0"))
        assert until(lambda: self.readout())
        self.first = self.shown()

    def state(self):
        return self.root.get_attribute("data-state")

    def shown(self):
        return self.canvas.evaluate(tool.FINGERPRINT)

    def pixels(self):
        png = self.canvas.evaluate("canvas => canvas.toDataURL()").partition(",")[2]
        return np.array(Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB"), np.int16)

    def readout(self):
        return self.root.evaluate(
            "root => MathJax.startup.document.getMathItemsWithin("
            "[root.querySelector('.live-readout')]).map(item => item.math).join('')"
        )

    def differs(self):
        return until(lambda: self.shown() != self.first)

    def restore(self):
        self.reset.click()
        assert until(lambda: self.shown() == self.first), "reset brought something else"

    def put(self, places):
        """Set each control that is elsewhere to the value at a place in its list."""
        self.root.evaluate(
            """(root, places) => [...root.querySelector('.live-controls').children]
            .slice(0, -1).forEach((control, i) => {
                const input = control.querySelector('input');
                if (!input) control.querySelectorAll('button')[places[i]].click();
                else if (input.type === 'checkbox') input.checked !== !!places[i] && input.click();
                else if (+input.value !== places[i]) {
                    input.value = places[i];
                    input.dispatchEvent(new Event('input'));
                }
            })""",
            places,
        )


def move_every_control(figure):
    for slider in figure.sliders:
        assert slider.get_attribute("aria-label")
        start, ends = slider.get_attribute("aria-valuetext"), set()
        for key in ("End", "Home"):
            slider.focus()
            figure.page.keyboard.press(key)
            ends.add(slider.get_attribute("aria-valuetext"))
            if slider.get_attribute("aria-valuetext") != start:
                assert figure.differs(), f"nothing follows {key}"
            figure.restore()
        assert len(ends) == 2
    for choice in figure.choices:
        assert choice.get_attribute("aria-label")
        for button in choice.locator("button").all():
            if button.get_attribute("aria-pressed") != "true":
                button.click()
                assert figure.differs(), "nothing follows a button"
                figure.restore()
    for tick in figure.ticks:
        tick.click()
        assert figure.differs(), "nothing follows a box"
        figure.restore()


def drag_every_handle(figure, recording):
    """What can be dragged takes its controls along, to where the pointer is let go."""
    start = next(r for i, r in enumerate(recording["states"]) if str(i) == figure.state())
    for handle in recording["handles"][start[2]].values():
        box, points = figure.canvas.bounding_box(), handle["points"]
        if handle["grip"] != "points":
            points = [[sum(p) / len(points) for p in zip(*points, strict=True)]]
        x, y = (
            box["x"] + points[0][0] * box["width"],
            box["y"] + (1 - points[0][1]) * box["height"],
        )
        before = figure.state()
        for dx, dy in [(45, -30), (-60, 40)]:
            figure.page.mouse.move(x, y)
            figure.page.mouse.down()
            figure.page.mouse.move(x + dx, y + dy, steps=5)
            figure.page.mouse.up()
            if until(lambda before=before: figure.state() != before, 1):
                break
        assert figure.state() != before, "nothing follows a drag on the picture"
        figure.restore()


def recorded(path, cell):
    """Return a recording as a page reads it."""
    file = SITE / path.parent.name / "recordings" / f"{path.stem}-{cell}.js"
    text = re.fullmatch(r'recorded\("[^"]*","(.*)"\)\n', file.read_text(encoding="utf-8"))[1]
    return json.loads(zlib.decompress(base64.b64decode(text)))


@each_chapter
def test_every_control_moves_by_http_and_the_page_is_sound(path, address, browser):
    page = opened(browser, address, place(path))
    assert live_cells(path)
    for cell in live_cells(path):
        figure = Seen(page, path, cell)
        move_every_control(figure)
        drag_every_handle(figure, recorded(path, cell))
    assert_sound(page)
    page.screenshot(path=SCREENSHOTS / f"site_{path.parent.name}_{path.stem[:2]}.png")
    assert page.wrong == []
    page.close()


def assert_sound(page):
    """Every picture is described, every formula typeset and in one piece."""
    assert page.evaluate("() => [...document.images].filter(i => !i.alt).length") == 0
    assert page.locator("mjx-merror, [data-mjx-error]").count() == 0
    assert page.locator("article mjx-container").count() > 20
    assert page.evaluate(TORN) == []


TORN = """() => [...document.querySelectorAll('article mjx-container:not([display])')]
    .filter((formula) => formula.checkVisibility() && formula.getClientRects().length !== 1)
    .map((formula) => formula.textContent)"""


@each_chapter
def test_from_disk_pictures_and_readouts_are_the_kernels(path, site, browser):
    page = opened(browser, site.as_uri(), place(path))
    draw = random.Random(path.stem)
    for cell, live in alive(path):
        figure, recording = Seen(page, path, cell), recorded(path, cell)
        known = {name: values(name, control) for name, control in live.controls.items()}
        move_every_control(figure)
        for group in draw.choices(recording["groups"], k=4):
            places = [one["start"] for one in recording["controls"]]
            for i in group:
                places[i] = draw.randrange(len(recording["controls"][i]["values"]))
            live.set(**{name: known[name][i] for name, i in zip(known, places, strict=True)})
            compare(figure, live, places)
            figure.restore()
    assert page.wrong == []
    page.close()


def compare(figure, live, places):
    """Set the values on the page as in Python, and look whether both show the same."""
    figure.put(places)
    assert until(lambda: figure.canvas.get_attribute("aria-label") == live.picture.alt)
    assert until(lambda: bare(figure.readout()) == bare(live.text)), places
    wanted = np.asarray(live._canvas.buffer_rgba(), np.int16)[..., :3]
    alike = until(lambda: difference(figure.pixels(), wanted) < ALIKE, 4)
    assert alike, (places, difference(figure.pixels(), wanted))


def alive(path):
    """Run a chapter and yield its live pictures, at the density of the site, with their cells."""
    known = set(ALIVE.values())
    for cell, _ in each_cell(path):
        for live in set(ALIVE.values()) - known:
            live.picture.pixel_ratio = 2
            yield cell.id, live
        known = set(ALIVE.values())


def bare(text):
    """Return a readout without what separates its parts."""
    return re.sub(r"\$|\\q?quad|,|\s", "", text)


def difference(picture, other):
    """Return by how much a pixel of one picture is out of the range of those around in the other.

    Matplotlib moves dots and letters to whole pixels, smooths lines in its own way, and begins
    to dash where a line enters the picture.
    """
    assert picture.shape == other.shape
    return max(out_of_range(picture, other), out_of_range(other, picture))


def out_of_range(picture, other):
    above, below = picture - around(np.maximum, other), around(np.minimum, other) - picture
    return max(above.max(), below.max())


def around(extreme, picture):
    """Return the greatest or the least value within six pixels of each.

    They are three of the page, at this density: the gaps of dashes begin elsewhere.
    """
    for axis in (0, 1):
        for step in (1, 2, 3):  # what has been seen within 0, 1 and 3 pixels
            ahead, behind = (np.roll(picture, way, axis) for way in (step, -step))
            picture = extreme(extreme(picture, ahead), behind)
    return picture


@each_chapter
def test_a_phone_shows_all_of_a_page_in_the_dark(path, address, browser):
    page = opened(browser, address, place(path), viewport=PHONE, color_scheme="dark")
    assert page.evaluate("() => document.documentElement.dataset.jpThemeLight") == "false"
    for cell in live_cells(path):
        Seen(page, path, cell)
    page.evaluate("() => document.querySelectorAll('details').forEach((d) => (d.open = true))")
    assert page.evaluate("() => document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.evaluate(WIDE) == []
    filters = "() => [...document.querySelectorAll('img.picture, .live-figure canvas')]"
    assert (
        page.evaluate(
            f"{filters}.filter(i => !getComputedStyle(i).filter.includes('invert')).length"
        )
        == 0
    )
    page.screenshot(path=SCREENSHOTS / f"site_phone_{path.parent.name}_{path.stem[:2]}.png")
    assert page.wrong == []
    page.close()


# What is wider than a phone, and cannot be scrolled.
WIDE = """() => [...document.querySelectorAll('article :is(mjx-container, img, canvas, table, p)')]
    .filter((part) => part.checkVisibility())
    .filter((part) => part.getBoundingClientRect().right > innerWidth + 1)
    .filter((part) => {
        for (let box = part.parentElement; box; box = box.parentElement)
            if (['auto', 'scroll'].includes(getComputedStyle(box).overflowX)) return false;
        return true;
    }).map((part) => part.outerHTML.slice(0, 80))"""


@each_chapter
def test_a_chapter_takes_at_most_three_megabytes(path, site):
    files = list((site / path.parent.name).glob(f"recordings/{path.stem}-*.js"))
    assert len(files) == len(live_cells(path))
    assert sum(file.stat().st_size for file in files) <= 3 * MEGABYTE


@pytest.mark.parametrize("how", ["http", "disk"])
def test_one_switch_opens_all_code_and_a_search_finds_a_word(how, site, address, browser):
    start = address if how == "http" else site.as_uri()
    path = chapters()[0]
    page = opened(browser, start, place(path))
    code, answers = (page.locator(f".tag_{tag} details") for tag in ("hide-input", "hide-cell"))
    assert code.count() > 3 and answers.count() > 3
    opens = "all => all.filter((details) => details.open).length"
    assert code.evaluate_all(opens) == answers.evaluate_all(opens) == 0
    page.get_by_role("button", name="Show all code").click()
    assert code.evaluate_all(opens) == code.count() and answers.evaluate_all(opens) == 0
    page.reload()
    assert until(lambda: code.evaluate_all(opens) == code.count())
    page.get_by_role("button", name="Fold the code").click()
    assert code.evaluate_all(opens) == 0

    page.get_by_role("textbox", name="Search").fill("Jacobian")
    page.keyboard.press("Enter")
    page.wait_for_selector("#search-results li a")
    assert page.locator("#search-results li").count() > 3
    page.close()


def test_the_top_leads_to_the_first_page_and_from_there_to_every_chapter(address, browser):
    page = browser.new_page()
    page.goto(address)
    page.wait_for_url("**/en/index.html")
    assert page.locator("html").get_attribute("lang") == "en"
    links = page.eval_on_selector_all(".card", "all => all.map((a) => a.getAttribute('href'))")
    assert links == [f"{path.stem}.html" for path in ENGLISH]
    page.screenshot(path=SCREENSHOTS / "site_index.png", full_page=True)
    page.close()


@pytest.mark.parametrize("path", [p for p in SOME if p not in ENGLISH], ids=label)
def test_what_the_theme_says_is_in_the_language_of_the_page(path, site):
    text = (site / place(path)).read_text(encoding="utf-8")
    said = re.findall(r">\s*(Back to top|Home|Next|On this page|Previous)\s*<", text)
    assert not said and "이 쪽의 내용" in text


def test_with_two_languages_each_page_leads_to_itself_in_the_other(tmp_path):
    pytest.importorskip("furo")
    from tools.site.__main__ import build

    (tmp_path / "_assets").mkdir()
    (tmp_path / "_extra").mkdir()
    (tmp_path / "index.md").write_text("# 행렬\n", encoding="utf-8")
    languages = {"en": "English", "ko": "한국어"}
    build("ko", languages, tmp_path, tmp_path / "ko")
    text = (tmp_path / "ko" / "index.html").read_text(encoding="utf-8")
    assert 'lang="ko"' in text
    assert re.findall(r'<a href="(\S+)" lang="(\w+)"', text) == [
        ("./../en/index.html", "en"),
        ("./../ko/index.html", "ko"),
    ]


# How it is recorded


@pytest.mark.parametrize("path", [p for p in chapters() if p not in ENGLISH], ids=label)
def test_a_live_picture_is_the_same_in_each_language_so_that_one_recording_serves(path):
    assert live_code(path) == live_code(ROOT / "notebooks" / "en" / path.name)


def live_code(path):
    cells = nbformat.read(path, as_version=4).cells
    return {c.id: ast.unparse(ast.parse(c.source)) for c in cells if "\nlive(" in c.source}


def test_a_grid_that_is_too_large_is_recorded_by_what_one_drag_moves():
    assert groups({"a": 10, "b": 20}, []) == [["a", "b"]]
    large = {"x": 60, "y": 60, "t": 73}
    assert groups(large, []) == [["x"], ["y"], ["t"]]
    assert groups(large, [["y", "x"], ["t"]]) == [["x", "y"], ["t"]]
    assert groups({"x": 90, "y": 90}, [["x", "y"]]) == [["x"], ["y"]]


def test_a_readout_can_be_broken_between_its_parts_and_not_inside():
    text = r"$f = 1, \quad A = \begin{bmatrix} 1 & 2 \end{bmatrix}, \qquad {a, \quad b}$"
    assert in_parts(text) == (
        r"\(f = 1,\) \(A = \begin{bmatrix} 1 & 2 \end{bmatrix},\) \({a, \quad b}\)"
    )
    assert in_parts("no mathematics") == "no mathematics"


def test_a_control_whose_values_cannot_be_listed_is_named():
    with pytest.raises(ValueError, match="the values of price cannot be listed"):
        values("price", FloatText())


@pytest.mark.parametrize("seed", range(8))
def test_a_clip_covers_the_pixels_that_matplotlib_leaves(seed):
    fig = Figure(figsize=(2.13, 1.57), dpi=100)
    FigureCanvasAgg(fig)
    ax = fig.add_axes([*default_rng(seed).uniform(0.1, 0.4, 2), 0.437, 0.4123])
    ax.axis("off")
    ax.add_patch(Rectangle((-9, -9), 20, 20, transform=ax.transAxes, color="k"))
    fig.canvas.draw()
    dark = np.asarray(fig.canvas.buffer_rgba())[::-1, :, 0] < 128
    box = Strokes(fig)._whole(ax.bbox)
    covered = np.zeros_like(dark)
    covered[int(box.y0) : int(box.y1), int(box.x0) : int(box.x1)] = True
    np.testing.assert_array_equal(covered, dark)
