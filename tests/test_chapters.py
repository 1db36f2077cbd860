"""The stored chapters: clean, executed from the top, without words in pictures, links intact."""

import ast
import base64
import importlib
import re
import warnings
from itertools import product, zip_longest

import nbformat
import numpy as np
import pytest
from ipywidgets import FloatLogSlider, ToggleButtons
from matplotlib.artist import Artist

from mathutils import describe
from mathutils.control import ends as control_ends
from mathutils.control import nearest
from mathutils.sentences import table
from tests.languages import ENGLISH, cells_of, label
from tests.played import Played
from tools.chapters import ROOT, TWIN, chapters
from tools.refresh import KEPT, METADATA, clean, refresh
from tools.session import Session, code_cells

CHAPTERS = chapters()
SLUG = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
FOLDED = {"outputs_hidden": True, "source_hidden": True}
MODEL = {"en": "Model answer", "ko": "모범 답안"}
PICTURE_WORDS = {"xlabel", "ylabel", "zlabel", "title", "label", "description"}

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=label)


def cells(path, kind="code"):
    return [cell for cell in cells_of(path) if cell.cell_type == kind]


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
    ids = [cell.id for cell in cells_of(path)]
    assert len(set(ids)) == len(ids)
    assert [name for name in ids if not SLUG.fullmatch(name)] == []
    assert ids[0] == "title" and ids[-1] == "summary" and "setup" in ids and "exercises" in ids


@each_chapter
def test_a_stored_picture_has_its_text_as_alt(path):
    for cell in cells(path):
        for output, following in zip_longest(cell.outputs, cell.outputs[1:]):
            if "image/png" in output.get("data", {}):
                text = output.data.get("text/plain") or following.data["text/plain"]
                alt = output.metadata["image/png"]["alt"]
                assert alt and text.startswith(alt.split("\n")[0]), cell.id


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
        for target in re.findall(r"\]\(([^)]+)\)", TWIN.sub("", cell.source)):
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
        assert model.source.startswith(f"# {MODEL[path.parent.name]}\n")
        begins = words["model-answer"].partition("{verdict}")[0] + words["right"] + ": "
        assert model.outputs[-1].text.startswith(begins)
        assert model.outputs[-1].text.endswith(words["not-answered"] + "\n")
    score = words["score-so-far"].format(count=0, all=len(numbers), left="1")
    assert stored["score"].outputs[0].text.startswith(score)


@pytest.fixture
def figures(chapter):
    """The live figures of a chapter, as they begin."""
    return chapter.figures()


def corners(live):
    """Let a live figure go to each of its corners, both ends of every control."""
    for corner in product(*map(ends, live.controls.values())):
        live.set(**dict(zip(live.controls, corner, strict=True)))
        assert "✗" not in live.text, live.text
        yield corner


def test_every_cell_says_what_is_stored_and_the_same_when_it_is_run_again(chapter):
    for where, stored in chapter.stored.items():
        assert chapter.first[where] == stored, f"{where}: at first"
        assert chapter.after[where] == stored, f"{where}: after the cells below it"


@pytest.mark.slow
@pytest.mark.parametrize("path", ENGLISH, ids=label)
def test_every_cell_says_the_same_when_it_is_run_at_once_again(path):
    session = Session(path)
    for where, source, _ in code_cells(path):
        assert session.run(source) == session.run(source), where


@pytest.mark.parametrize(
    ("sources", "differs"),
    [
        (["x = 1", "print(x)", "y = 2"], False),
        (["x = 1", "x += 1\nprint(x)"], True),
        (["x = 1", "print(x)", "x = 2"], True),
        (["import random\nrandom.seed(0)", "print(random.random())"], True),
        (["x = 1", "x / 0"], False),
    ],
)
def test_a_cell_that_says_something_else_is_seen(sources, differs, tmp_path):
    code = [nbformat.v4.new_code_cell(text, id=f"cell-{k}") for k, text in enumerate(sources)]
    nbformat.write(nbformat.v4.new_notebook(cells=code), tmp_path / "00_it.ipynb")
    played = Played(tmp_path / "00_it.ipynb")
    where = "it cell-1"
    assert (str(played.after[where]) != str(played.first[where])) == differs
    assert isinstance(played.first[where], ZeroDivisionError) == ("/ 0" in sources[1])


def test_every_live_figure_follows_every_control_to_both_ends(figures):
    assert figures
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for live in figures:
            for name, control in live.controls.items():
                start, pictures = control.value, {live.picture.value}
                for value in ends(control):
                    live.set(**{name: value})
                    pictures.add(live.picture.value)
                    assert live.text.count("$") == 2
                control.value = start
                assert len(pictures) >= 2, f"nothing follows {control.description}"


def test_every_picture_is_closed(chapter):
    assert chapter.open == []


def test_a_live_figure_is_the_same_after_all_cells_below_it(chapter):
    """What its functions need is not given another meaning by a later cell."""
    stored = [
        output.data["text/plain"]
        for cell in cells(chapter.path)
        for output in cell.outputs
        if "\nlive(" in cell.source
    ]
    assert chapter.described == stored


@each_chapter
def test_live_code_is_folded_and_its_questions_stand_under_the_picture(path):
    for cell, below in zip(cells_of(path), cells_of(path)[1:], strict=False):
        if "\nlive(" in cell.source:
            assert cell.metadata.get("jupyter") == {"source_hidden": True}, cell.id
            assert below.cell_type == "markdown", cell.id
            assert below.id.endswith("-tasks") and "<details>" in below.source, below.id
            [draw] = [
                node
                for node in ast.parse(cell.source).body
                if isinstance(node, ast.FunctionDef) and node.name == "draw"
            ]
            assert draw.end_lineno - draw.lineno <= 20, cell.id


@pytest.mark.slow
def test_at_every_setting_arrows_keep_their_heads_and_dots_are_whole(figures):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for live in figures:
            for corner in corners(live):
                assert not re.search(r"\b(nan|inf)\b", live.text + live.describe())
                for kind, ax, points in marked(live):
                    box, places = ax.bbox.padded(1), ax.transData.transform(points)
                    inside = [box.contains(*place) for place in places]
                    assert all(inside), f"{kind} at {corner}: {points}"
                for line in dots(live):
                    radius = live._figure.dpi / 72 * line.get_markersize() / 2
                    room = line.get_clip_box().padded(-radius)
                    places = line.axes.transData.transform(line.get_xydata())
                    assert all(room.contains(*place) for place in places), f"cut at {corner}"


def dots(live):
    lines = (known.artist for (kind, *_), known in live._pen._known.items() if kind == "dot")
    return filter(Artist.get_visible, lines)


def marked(live):
    """Yield what must not be cut: the tips of arrows, and the dots."""
    for (kind, ax, _), known in live._pen._known.items():
        if known.artist.get_visible() and kind == "arrow":
            vectors = np.transpose([known.artist.U, known.artist.V])
            yield kind, ax, known.artist.XY + vectors
    for line in dots(live):
        yield "dot", line.axes, line.get_xydata()


def test_all_axes_are_named(figures):
    for live in figures:
        for ax in live._figure.axes:
            named = ax.get_xlabel() and (ax.get_ylabel() or not len(ax.get_yticks()))
            assert named or ax.get_title() or not ax.axison


def test_a_drag_to_what_follows_the_controls_leaves_them_as_they_are(figures):
    for live in figures:
        for part in [0.15, 0.4, 0.65, 0.9]:
            live.set(**{name: between(c, part) for name, c in live.controls.items()})
            now = {name: control.value for name, control in live.controls.items()}
            for name, handle in live._handles.items():
                if handle.grip == "anywhere":
                    continue  # its corners are nothing to choose
                for point in handle.points[:1] if handle.grip == "area" else handle.points:
                    for control, value in handle.values(*point).items():
                        found = nearest(live.controls[control], value)
                        assert found == pytest.approx(now[control]), name


def between(control, part):
    if hasattr(control, "options"):
        options = [value for _, value in control._options_full]
        return options[int(part * len(options))]
    first, last = ends(control)
    if isinstance(control, FloatLogSlider):
        return first * (last / first) ** part
    return first + part * (last - first)


@pytest.mark.parametrize(
    "chapter", ENGLISH[3:4], ids=["03_contour_and_quiver"], indirect=True, scope="session"
)
def test_at_the_lowest_point_the_arrow_the_curve_and_the_wave_vanish(figures):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figures[0].set(x=2, y=3)
    assert figures[0].text == (
        r"$f = 0.000, \quad \nabla f = (0.000,\; 0.000), \quad "
        r"\|\nabla f\| = 0.000, \quad D_{\mathbf u} f = 0.000$"
    )
    text = describe(figures[0]._figure)
    assert "361 line points: x 2 to 2 (2), y 3 to 3 (3)" in text
    assert "361 line points: x 0 to 360 (240), y 0 to 0 (0)" in text


def ends(control):
    if isinstance(control, ToggleButtons):
        return [value for _, value in control._options_full]
    return control_ends(control)


def test_what_a_chapter_left_behind_keeps_its_names_when_another_is_run():
    first = Session(chapters()[0])
    first.run("step = 0.5\n\n\ndef draw():\n    return step")
    draw = first.shell.user_ns["draw"]
    assert Session(chapters()[1]).run("step = 7")["stdout"] == ""
    assert draw() == 0.5


@pytest.mark.slow
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
