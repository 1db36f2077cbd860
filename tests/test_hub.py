"""A class on a JupyterHub: two accounts do in a browser what students do, and are collected.

One works in English, the other in Korean.
"""

import contextlib
import json
import os
import re
import shutil
import time
import urllib.request

import pytest

from mathutils.sentences import table
from tools import browser as tool
from tools import copies, hub, lab, scores
from tools.browser import IDLE, command

CHAPTER = "03_contour_and_quiver.ipynb"
LANGUAGES = {"student1": "en", "student2": "ko"}
ANSWERS = {  # what each types, and what the machine says to it
    "student1": {"exercise-2": ("slope_there", "-36.8", "right")},
    "student2": {
        "exercise-2": ("slope_there", "36.8", "wrong"),
        "exercise-5": ("gradient_shape", "(2,)", "right"),
        "exercise-6": ("half_slope", "60", "right"),
    },
}
NEWS = "This sentence is new since the class began."
ANSWER = """([id, name, value]) => {
    const { content } = jupyterapp.shell.currentWidget;
    const cells = content.model.sharedModel.cells;
    const place = cells.findIndex((cell) => cell.id === id);
    const blank = new RegExp(`^${name} = None`, 'm');
    cells[place].setSource(cells[place].source.replace(blank, `${name} = ${value}`));
    content.activeCellIndex = place;
}"""
SAID = """(id) => jupyterapp.shell.currentWidget.content.model.sharedModel.cells
    .find((cell) => cell.id === id).toJSON().outputs.map((output) => output.text).join('')"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A hub's folder, with the hub running; the network is needed to make it."""
    if os.name == "nt" or not (tool.find() and shutil.which("npm") and shutil.which("git")):
        pytest.skip("a hub needs Linux or macOS, npm and git, and its test chromium or Chrome")
    folder = tmp_path_factory.mktemp("hub")
    port = lab.next_free(20000)
    for language in LANGUAGES.values():
        hub.make(folder, port, language)
    with (folder / "jupyterhub_config.py").open("a", encoding="utf-8") as file:
        file.write('c.Spawner.args += ["--LabApp.expose_app_in_browser=True"]\n')
    process = hub.start(folder)
    try:
        wait_for(f"http://127.0.0.1:{port}/hub/login", folder, process)
        (folder / "port").write_text(str(port), encoding="utf-8")
        yield folder
    finally:
        process.terminate()
        process.wait(60)


@pytest.fixture(scope="module")
def browser():
    with tool.chromium() as started:
        yield started


def path_of(name):
    return f"my_notebooks/{LANGUAGES[name]}/{CHAPTER}"


def wait_for(address, folder, process):
    while process.poll() is None:
        with contextlib.suppress(OSError):
            return urllib.request.urlopen(address).close()
        time.sleep(0.3)
    pytest.fail(f"no hub:\n{(folder / 'hub.log').read_text(encoding='utf-8')[-3000:]}")


def log_in(page, folder, name):
    """Follow the lecturer's link, as whoever is not logged in."""
    address = f"http://127.0.0.1:{(folder / 'port').read_text()}"
    page.goto(hub.link(address, folder, path_of(name)))
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill((folder / "password").read_text(encoding="utf-8"))
    page.get_by_role("button", name="Sign in").click()
    arrive(page, name)


def arrive(page, name):
    """Wait until the chapter is open, for which a server starts and the handout is fetched."""
    page.wait_for_url(f"**/lab/tree/{path_of(name)}*", timeout=tool.PATIENCE)
    page.wait_for_function(IDLE, timeout=tool.PATIENCE)


def stored(folder, name):
    return json.loads((folder / "home" / name / path_of(name)).read_text("utf-8"))["cells"]


def work(page, name):
    """Run the chapter, answer, and save."""
    command(page, "notebook:run-all-cells")
    for exercise, (variable, value, verdict) in ANSWERS[name].items():
        page.evaluate(ANSWER, [exercise, variable, value])
        command(page, "notebook:run-cell")
        told = table(LANGUAGES[name])[verdict]
        assert page.evaluate(SAID, exercise).startswith(f"{told}: ")
    command(page, "docmanager:save")


@pytest.fixture(scope="module")
def worked(folder, browser):
    """Each account, in a browser of its own, after it has done its chapter."""
    pages = {}
    for name in hub.ACCOUNTS:
        pages[name] = browser.new_context().new_page()
        log_in(pages[name], folder, name)
        work(pages[name], name)
    return pages


@pytest.mark.parametrize("name", hub.ACCOUNTS)
def test_a_student_logs_in_runs_the_chapter_and_is_judged(name, worked, folder):
    assert worked[name].locator(".jp-Dialog, .toastify").count() == 0  # no news, no question
    cells = {cell["id"]: cell for cell in stored(folder, name)}
    assert not [i for i in cells if i.startswith("solution")]
    outputs = [output for cell in cells.values() for output in cell.get("outputs", [])]
    assert not [one for one in outputs if one["output_type"] == "error"]
    kept = json.loads((folder / "home" / name / "my_notebooks" / "score.json").read_text())
    assert len(kept) == sum(verdict == "right" for *_, verdict in ANSWERS[name].values())


def test_an_update_brings_the_new_sentence_and_keeps_every_answer(worked, folder):
    before = {name: worked[name].url for name in worked}
    for language in LANGUAGES.values():
        path = folder / "class" / language / CHAPTER
        notebook = copies.working_copy.read(path)
        [first, *_] = notebook["cells"]
        first["source"] = [*first["source"], f"\n\n{NEWS}"]
        copies.write(path, notebook)
    hub.publish(folder / "class")
    for name, page in worked.items():
        address = re.match(r"https?://[^/]+", before[name])[0]
        page.goto(hub.link(address, folder, path_of(name)))
        arrive(page, name)
        cells = {cell["id"]: "".join(cell["source"]) for cell in stored(folder, name)}
        assert NEWS in cells["title"]
        for exercise, (variable, value, _) in ANSWERS[name].items():
            assert f"{variable} = {value}" in cells[exercise]
        page.close()


def test_the_lecturer_collects_what_each_has_right(worked, folder):
    homes = [folder / "home" / name / "my_notebooks" for name in hub.ACCOUNTS]
    (_, head, _), _, *rows = scores.table(homes)
    for (_, counts, notes), answers in zip(rows, ANSWERS.values(), strict=True):
        right = sum(verdict == "right" for *_, verdict in answers.values())
        assert counts[head.index("03")] == counts[-1] == right
        assert notes == []
