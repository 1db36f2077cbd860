"""How fast does a picture follow a key? Ours against interact, and a slider with a label alone.

All in one JupyterLab in a real browser, in turns, so that the ratios hold on any machine. The
figures are that of chapter 03, contour and quiver; the one of the series that was slowest in a
first round; and a line that moves in space on a surface. Then: how long does it take to open a
chapter?
"""

import json
import os
import platform
import re
import shutil
import statistics
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

import ipywidgets as widgets
import nbformat
import numpy as np
import psutil
from IPython.display import display
from matplotlib.figure import Figure

from mathutils import live, surface
from mathutils.control import make_controls
from mathutils.pen import Pen
from tools.browser import Lab, chromium, command, execute, find
from tools.chapters import ROOT, chapters, run_cells
from tools.refresh import METADATA

MOVES, ROUNDS = 50, 5
FIRST = "03 live-point"
# Compared with, key to pixels at most, kernel time at most.
GOALS = {"interact": (0.31, 0.08), "label": (1.25, None)}
SURFACE_GOALS = {"interact": (0.20, 0.08), "label": (1.25, None)}
# Seconds to open chapter 03 before its figures were drawn with a pen, on the machine that first
# wrote the table.
BEFORE = {"server": 15.4, "kernel": 17.4, "imports": 3.5, "cells": 9.8}

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


def figure_of(name):
    """Return a function that makes a figure, with its `draw` and its controls, from its name."""
    if name == "3-D":
        return on_a_surface
    chapter, cell = name.split()
    [path] = chapters([f"en/{chapter}"])
    [source] = [c.source for c in nbformat.read(path, as_version=4).cells if c.id == cell]
    variables = run_cells(path)

    def make():
        variables["live"] = lambda fig, draw, **controls: variables.update(
            made=(fig, draw, controls)
        )
        exec(source, variables)
        return variables["made"]

    return make


def on_a_surface():
    fig = Figure(figsize=(6, 4))
    ax = fig.add_subplot(projection="3d")
    x = np.linspace(-4, 8, 97)
    surface(ax, f, x, x)

    def draw(pen, k=60):
        across = np.linspace(-2, 2, 41)
        pen.line(ax, across + k / 20, 0 * across, f([across + k / 20, 0 * across]), lw=3)
        return {"f": f([k / 20, 0])}

    return fig, draw, {"k": (0, 120)}


def f(p):
    x, y = p
    return 2 * x**2 + 6 * x * y + 7 * y**2


def with_interact(make):
    fig, draw, given = make()
    controls = make_controls(draw, given)

    def show(**values):
        fig, draw, _ = make()
        draw(Pen(fig), **values)
        display(fig)

    return controls, widgets.interactive(show, **controls)


def with_live(make):
    fig, draw, given = make()
    shown = live(fig, draw, **given)
    return shown.controls, shown


def with_label():
    slider, label = widgets.IntSlider(60, max=120), widgets.HTMLMath(_dom_classes=["follows"])

    def follow(change):
        label.value = f"$f({change.new}) = {f([change.new / 20, 4]):.1f}$"

    slider.observe(follow, names="value")
    return {"k": slider}, widgets.VBox([slider, label])


KERNEL_TIMES = {}


def start(design, name):
    """Show one design in the cell that calls this, with a clock at its first slider's messages."""
    make = {"interact": with_interact, "live": with_live}.get(design)
    controls, shown = make(figure_of(name)) if make else with_label()
    slider = slider_of(controls)
    handle, times = slider._handle_msg, KERNEL_TIMES.setdefault(f"{design} {name}".strip(), [])

    def measure(message):
        begin = time.perf_counter()
        handle(message)
        times.append(1000 * (time.perf_counter() - begin))

    slider.comm.on_msg(measure)
    display(shown)


def report():
    """Print the kernel times, and by how much 500 moves of a live figure let memory grow."""
    slider = slider_of(with_live(on_a_surface)[0])

    def move(times):
        for k in range(times):
            slider.value = k % 120 + 1
        return psutil.Process().memory_info().rss

    before = move(100)
    print(json.dumps({"times": KERNEL_TIMES, "growth": move(500) / before - 1}))


def live_figures():
    """Return the names of all live figures of the series."""
    return [
        f"{path.name[:2]} {cell.id}"
        for path in chapters(["en/"])
        for cell in nbformat.read(path, as_version=4).cells
        if "\nlive(" in cell.source
    ]


def slider_of(controls):
    return next(control for control in controls.values() if hasattr(control, "step"))


# What drives the browser


def measure(designs, rounds=ROUNDS):
    """Return the times from key to pixels, what `report` printed, and the browser's version."""
    notebook = nbformat.v4.new_notebook(metadata=METADATA)
    setup = f"import sys\nsys.path.insert(0, {str(ROOT)!r})\nfrom tools.bench_live import *"
    cells = ["%matplotlib inline\n" + setup]
    cells += [f"start({design!r}, {name!r})" for design, name in designs]
    notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
    paint_times = {design: [] for design in designs}
    with tempfile.TemporaryDirectory() as folder:
        nbformat.write(notebook, Path(folder) / "bench.ipynb")
        with Lab(Path(folder)) as lab, chromium() as browser:
            page = lab.open(browser, "bench.ipynb")
            command(page, "notebook:run-all-cells")
            for turn in range(rounds + 1):
                print(f"round {turn} of {rounds}" if turn else "warming up", flush=True)
                for number, design in enumerate(designs, start=1):
                    times = press(page, number, MOVES // ROUNDS)
                    paint_times[design] += times if turn else []
            reported = json.loads(execute(page, "report()"))
            if page.complaints or lab.complaints():
                raise RuntimeError(f"{page.complaints}{lab.complaints()}")
            name = browser.version
    return paint_times, reported, name


def press(page, number, moves):
    """Press an arrow key, wait for the pixels, and again; return the times in ms."""
    cell = page.locator(".jp-CodeCell").nth(number)
    handle = cell.locator(".noUi-handle").first
    handle.scroll_into_view_if_needed()
    handle.focus()
    at_end = handle.get_attribute("aria-valuenow") == handle.get_attribute("aria-valuemax")
    keys, times = ["ArrowRight", "ArrowLeft"], []
    for move in range(moves):
        page.evaluate(WATCH, number)
        page.keyboard.press(keys[(move + at_end) % 2])
        page.wait_for_function("window.painted.then(() => true)", timeout=20_000)
        times.append(page.evaluate("window.painted"))
        page.wait_for_timeout(200)  # let the kernel come to rest
    return times


LAST_PICTURE = """() => {
    const pictures = [...document.querySelectorAll('.live-figure canvas')];
    return pictures.length >= 2 && pictures.every((picture) => picture.dataset.shown);
}"""


def opening():
    """Return how many seconds each part of opening chapter 03 takes, medians of three times."""
    parts = {part: [] for part in BEFORE}
    [path] = chapters(["en/03"])
    for _ in range(3):
        with tempfile.TemporaryDirectory() as folder:
            shutil.copy(path, folder)
            times = [time.perf_counter()]
            with Lab(Path(folder)) as lab, chromium() as browser:
                times.append(time.perf_counter())
                page = lab.open(browser, path.name)
                times.append(time.perf_counter())
                page.evaluate("jupyterapp.shell.currentWidget.content.activeCellIndex = 1")
                command(page, "notebook:run-cell")
                times.append(time.perf_counter())
                command(page, "notebook:run-all-cells")
                page.wait_for_function(LAST_PICTURE, timeout=60_000)
                times.append(time.perf_counter())
        for part, seconds in zip(parts, np.diff(times), strict=True):
            parts[part].append(seconds)
    return {part: statistics.median(seconds) for part, seconds in parts.items()}


def table(paint_times, reported, browser, opened, before=BEFORE):
    """Return the report as Markdown."""
    paint = {" ".join(design).strip(): statistics.median(t) for design, t in paint_times.items()}
    kernel = {name: statistics.median(times) for name, times in reported["times"].items()}
    lines = ["# How fast a live figure follows", ""]
    lines += [
        f"Made by `python3 run.py bench --live`: medians over {MOVES} moves by arrow key in one"
    ]
    lines += ["run. The figures are named by chapter and cell: the first, and the slowest of the"]
    lines += ["series; 3-D is a line that moves on a surface. A label says one number."]
    lines += [""]
    lines += ["| design | key to painted pixels, ms | kernel, ms |", "|---|---|---|"]
    lines += [f"| {name} | {paint[name]:.0f} | {kernel[name]:.1f} |" for name in paint]
    lines += ["", "| ratio | key to pixels | goal | kernel | goal |", "|---|---|---|---|---|"]
    for name in paint:
        if name.startswith("live"):
            for other, goals in (SURFACE_GOALS if "3-D" in name else GOALS).items():
                lines.append(_ratio(name, other, goals, paint, kernel))
    growth = 100 * reported["growth"]
    lines += ["", f"Memory after 500 further moves: {growth:+.1f} %.", ""]
    lines += [
        "Seconds until chapter 03 is open and its last picture is painted, medians of three:",
        "",
    ]
    lines += ["| part | before | now |", "|---|---|---|"]
    lines += [f"| {part} | {before[part]:.1f} | {opened[part]:.1f} |" for part in before]
    lines += [f"| together | {sum(before.values()):.1f} | {sum(opened.values()):.1f} |", ""]
    lines += [
        "Server: until JupyterLab answers. Kernel: the page, and the kernel behind it. Imports:"
    ]
    lines += [
        "the set-up cell. Cells: all of the chapter. *Before* is the same chapter before its"
    ]
    lines += ["figures were drawn with a pen.", ""]
    lines += [f"Machine: {processor()}, {os.cpu_count()} cores, {platform.system()}."]
    names = ("jupyterlab", "ipykernel", "ipywidgets", "anywidget", "matplotlib", "numpy")
    versions = ", ".join(f"{name} {version(name)}" for name in names)
    lines += [f"Python {platform.python_version()}, {versions}, Chromium {browser}."]
    return "\n".join(lines) + "\n"


def _ratio(name, other, goals, paint, kernel):
    other = f"interact {name.removeprefix('live ')}" if other == "interact" else other
    line = f"| {name} / {other} | {paint[name] / paint[other]:.2f} | {goals[0]:.2f} "
    if goals[1]:
        return line + f"| {kernel[name] / kernel[other]:.3f} | {goals[1]:.2f} |"
    return line + "| | |"


def processor():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        return re.search("model name\\s*: (.*)", file.read())[1]


def main():
    if not find():
        raise SystemExit("The benchmark needs chromium or Chrome, and there is none.")
    paint_times, *_ = measure([("live", name) for name in live_figures()], rounds=1)
    each = {name: statistics.median(times) for (_, name), times in paint_times.items()}
    print({name: round(each[name]) for name in sorted(each, key=each.get)})
    names = [FIRST, max(each, key=each.get), "3-D"]
    designs = [(design, name) for name in names for design in ("interact", "live")]
    text = table(*measure([("label", ""), *designs]), opening())
    print(text)
    (ROOT / "docs" / "benchmark_live.md").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
