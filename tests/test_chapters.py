"""The stored chapters: clean, executed from the top, without words in pictures, links intact."""

import ast
import base64
import importlib
import re
import warnings
from itertools import product

import matplotlib.pyplot as plt
import nbformat
import numpy as np
import pytest
from ipywidgets import ToggleButtons
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.quiver import Quiver
from matplotlib.text import Text

from mathutils import Live, describe
from mathutils.live import _nearest
from mathutils.sentences import table
from tools.chapters import ROOT, chapters, run_cells
from tools.refresh import KEPT, METADATA, clean, refresh

CHAPTERS = chapters()
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
FOLDED = {"outputs_hidden": True, "source_hidden": True}
PICTURE_WORDS = {"xlabel", "ylabel", "zlabel", "title", "label", "description"}

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def cells(path, kind="code"):
    notebook = nbformat.read(path, as_version=4)
    return [cell for cell in notebook.cells if cell.cell_type == kind]


def test_the_first_chapters_exist():
    english = [path.name[:2] for path in CHAPTERS if path.parent.name == "en"]
    assert english[:4] == ["00", "01", "02", "03"]


@each_chapter
def test_it_is_valid_and_byte_for_byte_clean(path):
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata == METADATA
    assert all(set(cell.metadata) <= KEPT for cell in notebook.cells)
    assert nbformat.writes(clean(notebook)) + "\n" == path.read_text(encoding="utf-8")


@each_chapter
def test_it_was_run_from_the_top_without_an_error(path):
    code = cells(path)
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    for cell in code:
        for output in cell.outputs:
            assert output.output_type != "error", cell.id
            assert output.get("name") != "stderr", cell.id


@each_chapter
def test_cell_ids_are_unique_slugs(path):
    ids = [cell.id for cell in nbformat.read(path, as_version=4).cells]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not SLUG.fullmatch(name)] == []
    assert ids[0] == "title" and ids[-1] == "summary" and "setup" in ids and "exercises" in ids


@each_chapter
def test_stored_pictures_are_small_and_widgets_are_not_stored(path):
    for cell in cells(path):
        for output in cell.outputs:
            data = output.get("data", {})
            assert len(base64.b64decode(data.get("image/png", ""))) < 100_000, cell.id
            assert not any("widget" in kind for kind in data), cell.id
            assert "object at 0x" not in str(data.get("text/plain", "")), cell.id


@each_chapter
def test_code_has_no_magic_and_no_trailing_semicolon(path):
    for cell in cells(path):
        assert not re.search(r";\s*$", cell.source), cell.id
        ast.parse(cell.source)


@each_chapter
def test_pictures_and_controls_carry_mathematics_not_words(path):
    for cell in cells(path):
        for node in ast.walk(ast.parse(cell.source)):
            if isinstance(node, ast.keyword) and node.arg in PICTURE_WORDS:
                assert re.fullmatch(r"\$.*\$", ast.literal_eval(node.value)), cell.id


@each_chapter
def test_relative_links_lead_somewhere(path):
    for cell in cells(path, "markdown"):
        for target in re.findall(r"\]\(([^)]+)\)", cell.source):
            if "://" not in target:
                assert (path.parent / target.partition("#")[0]).exists(), target


@each_chapter
def test_every_exercise_is_stated_blank_and_has_a_model_answer_that_passes(path):
    module = importlib.import_module(f"mathutils.course.{path.stem[3:]}")
    numbers = [number for number, _ in module.exercises]
    stored, words = {cell.id: cell for cell in cells(path)}, table(path.parent.name)
    for name in ["exercise", "solution"]:
        assert [f"{name}-{n}" for n in numbers] == [id for id in stored if id.startswith(name)]
    for number in numbers:
        blank, model = stored[f"exercise-{number}"], stored[f"solution-{number}"]
        assert blank.outputs[0].text.startswith(words["not-answered"])
        assert blank.source.endswith(f"\n# exercises.hint({number})")
        assert (model.metadata.jupyter, model.metadata.tags) == (FOLDED, ["solution"])
        # JupyterLab shows the first line of a folded cell.
        assert model.source.startswith("# Model answer\n" if path.parent.name == "en" else "# ")
        assert model.outputs[-1].text.startswith(words["model-answer"].format(verdict="right: "))
    score = words["score-so-far"].format(count=0, all=len(numbers), left="1")
    assert stored["score"].outputs[0].text.startswith(score)


@pytest.fixture
def figures(monkeypatch):
    """The live figures made during a test, in order."""
    made, original = [], Live.__init__

    def note(self, *arguments, **controls):
        made.append(self)
        original(self, *arguments, **controls)

    monkeypatch.setattr(Live, "__init__", note)
    return made


@each_chapter
def test_every_live_figure_follows_every_control_to_both_ends(path, figures):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_cells(path)
        assert figures
        for live in figures:
            for control in live.controls.values():
                start, pictures = control.value, {live.picture.value}
                for value in ends(control):
                    control.value = value
                    pictures.add(live.picture.value)
                    assert live.readout.value.count("$") == 2
                control.value = start
                assert len(pictures) >= 2, f"nothing follows {control.description}"
            for corner in product(*map(ends, live.controls.values())):
                live.set(**dict(zip(live.controls, corner, strict=True)))
                assert not re.search(r"\b(nan|inf)\b", live.readout.value + live.describe())
    assert plt.get_fignums() == []


@each_chapter
def test_a_drag_to_what_follows_the_controls_leaves_them_as_they_are(path, figures):
    run_cells(path)
    for live in figures:
        for axes, values in live._drag.items():
            handles, dragged = [], set()
            for part in [0.15, 0.4, 0.65, 0.9]:
                live.set(**{name: between(c, part) for name, c in live.controls.items()})
                now = {name: control.value for name, control in live.controls.items()}
                there = places(artist for artist in live._moving if artist.axes is axes)
                found = {(k, *item) for k, at in there.items() for item in values(*at).items()}
                dragged |= {name for _, name, _ in found}
                if "entry" in dragged:  # to choose one puts its value back
                    dragged.discard("value")
                handles.append(
                    {
                        (k, name)
                        for k, name, v in found
                        if _nearest(live.controls[name], v) == now[name]
                    }
                )
            kept = {name for _, name in set.intersection(*handles)}
            assert kept and kept == dragged, f"{path.stem}: {axes.get_xlabel()}"


def between(control, part):
    if hasattr(control, "options"):
        options = [value for _, value in control._options_full]
        return options[int(part * len(options))]
    return control.min + part * (control.max - control.min)


def places(artists):
    """Return the points at which the artists are, by which artist and which of its points."""
    found = {}
    for number, artist in enumerate(artists):
        if isinstance(artist, Text):
            points = [artist.get_position()]
        elif isinstance(artist, Rectangle):
            points = [artist.get_center()]
        elif isinstance(artist, Quiver):
            start, vector = artist.get_offsets()[0], np.array([artist.U, artist.V]).ravel()
            points = [start, start + vector]
        else:
            points = artist.get_xydata() if isinstance(artist, Line2D) else []
        found |= {(number, k): tuple(point) for k, point in enumerate(points)}
    return found


def test_at_the_lowest_point_the_arrow_the_curve_and_the_wave_vanish(figures):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        run_cells(ROOT / "notebooks/en/03_contour_and_quiver.ipynb")
        figures[0].set(x=2, y=3)
    assert figures[0].readout.value == (
        r"$f = 0.0, \quad \nabla f = (0.0,\; 0.0), \quad "
        r"\|\nabla f\| = 0.0, \quad D_{\mathbf u} f = 0.0$"
    )
    text = describe(figures[0]._figure)
    assert "361 line points: x 2 to 2 (2), y 3 to 3 (3)" in text
    assert "361 line points: x 0 to 360 (240), y 0 to 0 (0)" in text


def ends(control):
    if isinstance(control, ToggleButtons):
        return [value for _, value in control._options_full]
    return control.min, control.max


def test_refresh_writes_the_same_bytes_at_each_run(tmp_path):
    notebook = nbformat.read(ROOT / "notebooks/en/02_gradient.ipynb", as_version=4)
    drawn = next(
        n for n, cell in enumerate(notebook.cells) if "image/png" in str(cell.get("outputs"))
    )
    del notebook.cells[drawn + 1 :]
    copies = []
    for name in ["one.ipynb", "two.ipynb"]:
        copy = tmp_path / name
        nbformat.write(notebook, copy)
        refresh(copy)
        copies.append(copy.read_bytes())
    assert copies[0] == copies[1]
