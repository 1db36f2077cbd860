"""The chapters as slides."""

import re
import subprocess
import sys

import nbformat
import pytest

from tools.chapters import ROOT, chapters
from tools.refresh import SLIDE_LINES, set_slides

CHAPTERS = chapters()

each_chapter = pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)


def cells(path):
    return nbformat.read(path, as_version=4).cells


def kind(cell):
    return cell.metadata.slideshow.slide_type


@each_chapter
def test_each_section_begins_a_slide_each_paragraph_and_each_picture_one_below_it(path):
    for cell in cells(path):
        if "solution" in cell.metadata.get("tags", []):
            assert kind(cell) == "skip", cell.id
        elif cell.cell_type == "markdown":
            assert kind(cell) == ("slide" if cell.source[0] == "#" else "subslide"), cell.id
        elif any("image/png" in output.get("data", {}) for output in cell.outputs):
            assert kind(cell) == "subslide", cell.id
        else:
            assert kind(cell) in ("-", "subslide"), cell.id


def test_code_stays_with_its_paragraph_as_long_as_they_fit_on_a_slide():
    line, half = "x = 1\n", SLIDE_LINES // 2
    notebook = [nbformat.v4.new_markdown_cell("Watch."), *map(nbformat.v4.new_code_cell, "xyz")]
    notebook[1].source, notebook[2].source, notebook[3].source = half * line, half * line, line
    set_slides(notebook)
    assert list(map(kind, notebook)) == ["subslide", "-", "subslide", "-"]


@pytest.fixture(scope="module")
def decks(tmp_path_factory):
    """The slides of each chapter, as docs/teaching.md says how to make them."""
    folder = tmp_path_factory.mktemp("slides")
    [command] = re.findall(
        r"-m (nbconvert --to slides .*) notebooks/en/\*\.ipynb",
        (ROOT / "docs/teaching.md").read_text(encoding="utf-8"),
    )
    arguments = [sys.executable, "-m", *command.split(), f"--output-dir={folder}", *CHAPTERS]
    subprocess.run(arguments, cwd=ROOT, check=True, capture_output=True)
    return {
        path: (folder / f"{path.stem}.slides.html").read_text(encoding="utf-8")
        for path in CHAPTERS
    }


@each_chapter
def test_nbconvert_makes_as_many_slides_with_all_headings_and_without_answers(path, decks):
    deck = decks[path]
    kinds = list(map(kind, cells(path)))
    # A section of the chapter is a column of slides, itself a <section>.
    assert deck.count("<section") == 2 * kinds.count("slide") + kinds.count("subslide")
    wanted = sum(cell.source.startswith("## ") for cell in cells(path))
    assert len(re.findall("<h2 ", deck)) == wanted
    assert "Model answer" not in deck
    assert "max-height: 720px" in deck


# docs/teaching.md

TEACHING = re.split(r"^## (?=\d\d )", (ROOT / "docs/teaching.md").read_text("utf-8"), flags=re.M)
PLANS = {text[:2]: text for text in TEACHING[1:]}


def rows(text):
    """Return the rows of the table of a chapter: minutes, section, three columns of advice."""
    lines = [line for line in text.splitlines() if re.match(r"\| (\d|–)", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@each_chapter
def test_the_plan_of_a_chapter_has_its_sections_its_minutes_and_its_cells(path):
    stored, plan = cells(path), PLANS[path.name[:2]]
    assert f"(../notebooks/en/{path.name})" in plan
    table = rows(plan)
    headings = [cell.source.splitlines()[0] for cell in stored]
    assert [f"## {row[1]}" for row in table] == [h for h in headings if h.startswith("## ")]

    long = re.search(r"\*\*How long\*\* (\d+ minutes|An hour)", stored[0].source)[1]
    minutes = 60 if long == "An hour" else int(long.split()[0])
    assert f", {minutes} minutes" in plan
    assert sum(int(row[0]) for row in table if row[0] != "–") == minutes

    section, where = "", {}
    for cell, heading in zip(stored, headings, strict=True):
        section = heading[3:] if heading.startswith("## ") else section
        where[cell.id] = section
    for row in table:
        for name in re.findall(r"`([^`]+)`", row[4]):
            assert where[name] == row[1], name


def test_the_cells_that_the_plans_name_are_in_chapter_00():
    named = re.findall(r"\(`([^`]+)` in 00\)", TEACHING[0])
    assert named and set(named) <= {cell.id for cell in cells(CHAPTERS[0])}
