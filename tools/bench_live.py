"""How fast does a picture follow a key? Live against interact, and a slider with a label alone.

All in one JupyterLab in a real browser, in turns, so that the ratios hold on any machine. The
figure is that of chapter 03, contour and quiver, once alone and once beside a surface.
"""

import json
import os
import platform
import re
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import ipywidgets as widgets
import matplotlib.pyplot as plt
import nbformat
import numpy as np
import psutil
from IPython.display import display
from matplotlib.figure import Figure

from mathutils import Live, arrow, contour, gradient_quiver, move_arrow, surface, tangent_plane
from tools.browser import Lab, chromium, command, execute, find
from tools.chapters import ROOT
from tools.refresh import METADATA

MOVES, ROUNDS = 50, 5
DESIGNS = ("interact", "label", "live", "interact 3-D", "live 3-D")
# Design, compared with, key to pixels at most, kernel time at most.
GOALS = [
    ("live", "interact", 0.31, 0.08),
    ("live", "label", 1.5, None),
    ("live 3-D", "interact 3-D", 0.20, 0.08),
    ("live 3-D", "label", 1.5, None),
]

# The page's clock from a key to the frame in which all that follows, picture and text, is painted.
WATCH = """(number) => { window.painted = new Promise((resolve) => {
    const place = document.querySelectorAll('.jp-CodeCell')[number];
    let pressed = null;
    document.addEventListener('keydown', (event) => (pressed = event.timeStamp),
                              { capture: true, once: true });
    const waiting = new Set();
    const changed = (part) => {
        waiting.delete(part);
        if (!waiting.size) requestAnimationFrame(() => {
            const channel = new MessageChannel();
            channel.port1.onmessage = () => resolve(performance.now() - pressed);
            channel.port2.postMessage(0);
        });
    };
    if (place.querySelector('img, canvas')) {
        waiting.add('picture');
        const look = () => waiting.has('picture') && changed('picture');
        place.addEventListener('load', look, { capture: true });
        const observer = new MutationObserver(look);
        observer.observe(place, { attributeFilter: ['data-shown'], subtree: true });
    }
    const text = place.querySelector('.follows');
    if (text) {
        waiting.add('text');
        const observer = new MutationObserver(() => (observer.disconnect(), changed('text')));
        observer.observe(text, { childList: true, characterData: true, subtree: true });
    }
}) }"""


# What runs in the kernel


def f(p):
    x, y = p
    return 2 * x**2 + 6 * x * y + 7 * y**2 - 26 * x - 54 * y + 107


def gradient(p):
    x, y = p
    return np.array([4 * x + 6 * y - 26, 6 * x + 14 * y - 54])


def still(fig, with_surface):
    """Draw what does not move and return the axes, of the plane and of space."""
    x, y = np.linspace(-4, 8, 97), np.linspace(-3, 9, 97)
    ax = fig.add_subplot(1, 2 if with_surface else 1, 1)
    contour(ax, f, x, y, 5 * np.arange(1, 9) ** 2)
    gradient_quiver(ax, gradient, np.arange(-3, 8), np.arange(-2, 9))
    if not with_surface:
        return ax, None
    space = fig.add_subplot(1, 2, 2, projection="3d")
    surface(space, f, x, y)
    return ax, space


def moving(ax, space, p):
    """Draw what moves and return the artists."""
    artists = [*ax.plot(*p, "ko"), arrow(ax, p, gradient(p) / 20)]
    if space:
        artists.append(tangent_plane(space, f, gradient, p, 2))
    return artists


def point(k):
    return np.array([k / 20, 4])


def size(with_surface):
    return (8, 4) if with_surface else (5, 4)


def new_slider():
    return widgets.IntSlider(0, min=0, max=120, description="$k$")


def with_interact(with_surface):
    slider = new_slider()

    def draw(k):
        fig = plt.figure(figsize=size(with_surface))
        moving(*still(fig, with_surface), point(k))
        plt.show()

    return slider, widgets.interactive(draw, k=slider)


def with_live(with_surface):
    fig = Figure(figsize=size(with_surface))
    ax, space = still(fig, with_surface)
    dot, slope, *plane = moving(ax, space, point(0))

    def follow(k):
        p = point(k)
        dot.set_data(*p[:, None])
        move_arrow(slope, p, gradient(p) / 20)
        for artist in plane:
            corners = p + 2 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
            heights = f(p) + (corners - p) @ gradient(p)
            artist.set_verts([np.column_stack([corners, heights])])
        return f"$f({k}) = {f(p):.1f}$"

    slider = new_slider()
    live = Live(fig, [dot, slope, *plane], follow, k=slider)
    live.readout.add_class("follows")
    return slider, live


def with_label(with_surface):
    slider, label = new_slider(), widgets.Label(_dom_classes=["follows"])

    def follow(change):
        label.value = f"$f({change.new}) = {f(point(change.new)):.1f}$"

    slider.observe(follow, names="value")
    return slider, widgets.VBox([slider, label])


KERNEL_TIMES = {}


def start(design):
    """Show one design in the cell that calls this, with a clock at its slider's messages."""
    make = {"interact": with_interact, "live": with_live, "label": with_label}[design.split()[0]]
    slider, shown = make("3-D" in design)
    handle, times = slider._handle_msg, KERNEL_TIMES.setdefault(design, [])

    def measure(message):
        begin = time.perf_counter()
        handle(message)
        times.append(1000 * (time.perf_counter() - begin))

    slider.comm.on_msg(measure)
    display(shown)


def report():
    """Print the kernel times, and by how much 500 moves of a live figure let memory grow."""
    slider, _ = with_live(True)

    def move(times):
        for k in range(times):
            slider.value = k % 120 + 1
        return psutil.Process().memory_info().rss

    before = move(100)
    print(json.dumps({"times": KERNEL_TIMES, "growth": move(500) / before - 1}))


# What drives the browser


def measure():
    """Return the times from key to pixels, and what `report` printed."""
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    setup = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tools.bench_live import *"
    cells = ["%matplotlib inline\n" + setup]
    cells += [f"start({design!r})" for design in DESIGNS]
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    paint_times = {design: [] for design in DESIGNS}
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook, Path(folder) / "bench.ipynb")
        with Lab(Path(folder)) as lab, chromium() as browser:
            page = lab.open(browser, "bench.ipynb")
            command(page, "notebook:run-all-cells")
            for turn in range(ROUNDS + 1):
                print(f"round {turn} of {ROUNDS}" if turn else "warming up", flush=True)
                for number, design in enumerate(DESIGNS, start=1):
                    times = press(page, number, MOVES // ROUNDS)
                    paint_times[design] += times if turn else []
            reported = json.loads(execute(page, "report()"))
            if page.complaints or lab.complaints():
                raise RuntimeError(f"{page.complaints}{lab.complaints()}")
            name = browser.version
    return paint_times, reported, name


def press(page, number, moves):
    """Press an arrow key, wait for the pixels, and again; return the times in ms."""
    handle = page.locator(".jp-CodeCell").nth(number).locator(".noUi-handle")
    handle.scroll_into_view_if_needed()
    handle.focus()
    times = []
    for _ in range(moves):
        page.evaluate(WATCH, number)
        page.keyboard.press("ArrowRight")
        page.wait_for_function("window.painted.then(() => true)", timeout=20_000)
        times.append(page.evaluate("window.painted"))
        page.wait_for_timeout(200)  # let the kernel come to rest
    return times


def table(paint_times, reported, browser):
    """Return the report as Markdown."""
    paint = {name: statistics.median(times) for name, times in paint_times.items()}
    kernel = {name: statistics.median(times) for name, times in reported["times"].items()}
    lines = ["# How fast a live figure follows", ""]
    lines += ["Made by `python3 run.py bench --live`: medians over "]
    lines[-1] += f"{MOVES} moves by arrow key in one run, of the"
    lines += ["contour-and-quiver figure of chapter 03, alone and beside a surface (3-D).", ""]
    lines += ["| design | key to painted pixels, ms | kernel, ms |", "|---|---|---|"]
    lines += [f"| {name} | {paint[name]:.0f} | {kernel[name]:.1f} |" for name in DESIGNS]
    lines += ["", "| ratio | key to pixels | goal | kernel | goal |", "|---|---|---|---|---|"]
    for name, other, goal, kernel_goal in GOALS:
        line = f"| {name} / {other} | {paint[name] / paint[other]:.2f} | {goal:.2f} "
        if kernel_goal:
            line += f"| {kernel[name] / kernel[other]:.3f} | {kernel_goal:.2f} |"
        lines.append(line if kernel_goal else line + "| | |")
    growth = 100 * reported["growth"]
    lines += ["", f"Memory after 500 further moves: {growth:+.1f} %.", ""]
    lines += [f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}."]
    names = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    lines += [f"Python {platform.python_version()}, {versions}, Chromium {browser}."]
    return "\n".join(lines) + "\n"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return re.search("model name\\s*: (.*)", file.read())[1]


def main():
    if not find():
        raise SystemExit("The benchmark needs chromium or Chrome, and there is none.")
    text = table(*measure())
    print(text)
    (ROOT / "docs" / "benchmark_live.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
