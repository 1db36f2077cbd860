"""The chapters as slides."""

import re

import nbformat
import pytest

from tests.languages import ENGLISH, SOME, label
from tools import browser as tool
from tools import setup_venv
from tools.chapters import ROOT, chapters
from tools.refresh import SLIDE_LINES, set_slides

each_chapter = pytest.mark.parametrize("path", chapters(), ids=label)
some_chapters = pytest.mark.parametrize("path", SOME, ids=label)


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
def folder(tmp_path_factory):
    setup_venv.add("requirements-site.txt")
    return tmp_path_factory.mktemp("slides")


@pytest.fixture(scope="module")
def browser(request):
    if not tool.find():
        sentence = "no chromium and no Chrome is installed: nothing was tested in a browser"
        (pytest.fail if request.config.getoption("--browser") else pytest.skip)(sentence)
    with tool.chromium() as started:
        yield started


def made(path, folder):
    from tools.slides.__main__ import deck

    file = folder / f"{label(path)}.html"
    file.write_text(deck(path), encoding="utf-8")
    return file


@some_chapters
def test_a_deck_has_all_headings_and_pictures_and_no_answers_and_needs_no_network(path, folder):
    deck = made(path, folder).read_text(encoding="utf-8")
    kinds = [kind(cell) for cell in cells(path) if cell.id != "setup"]
    # A section of the chapter is a column of slides, itself a <section>.
    assert deck.count("<section") == 2 * kinds.count("slide") + kinds.count("subslide")
    wanted = sum(cell.source.startswith("## ") for cell in cells(path))
    assert len(re.findall("<h2 ", deck)) == wanted
    assert "Model answer" not in deck and "chapter_style()" not in deck
    shown = re.sub(r"<script>.*?</script>", "", deck, flags=re.DOTALL)
    assert not re.findall(r"<(?:script|link|img|iframe)[^>]* (?:src|href)=.(?!data:)", shown)
    assert "<img" in shown and "<img" not in re.sub(r'<img [^>]*alt="[^"]+"', "", shown)


# What is to be seen of the slide: the bottom and right end of each part, and of what is clipped
# what is not code; formulas in more than one piece; what lies under the arrows.
MEASURE = """() => {
    const sheet = Reveal.getCurrentSlide().querySelector('.sheet');
    const CODE = '.jp-InputArea-editor, .jp-RenderedText';
    const parts = [...sheet.querySelectorAll('*')].filter((part) => part.checkVisibility())
        .filter((part) => !part.closest('mjx-assistive-mml, svg, title'))
        .filter((part) => !part.parentElement.closest(CODE));
    const text = (part) => `${part.tagName}.${part.className} ${part.textContent.slice(0, 40)}`;
    const box = (part) => part.getBoundingClientRect();
    const arrows = [...document.querySelectorAll('.controls button')].map(box)
        .filter((arrow) => arrow.width);
    const under = (part) => arrows.some((arrow) => box(part).right > arrow.left
        && box(part).bottom > arrow.top);
    return {
        outside: parts.filter((part) => box(part).bottom > 690 || box(part).right > 1240
            || box(part).left < 40 || box(part).top < 0).map(text),
        under: parts.filter(under).map(text),
        torn: parts.filter((part) => part.matches('mjx-container:not([display])')
            && part.getClientRects().length !== 1).map(text),
        scrolls: [...sheet.querySelectorAll(CODE)]
            .filter((part) => part.scrollHeight > part.clientHeight + 1).length,
        size: parseFloat(getComputedStyle(sheet).fontSize),
        formulas: sheet.querySelectorAll('mjx-container').length,
        errors: sheet.querySelectorAll('mjx-merror').length,
    };
}"""


@some_chapters
def test_every_slide_fits_and_nothing_is_torn(path, folder, browser):
    page = browser.new_page(viewport={"width": 1280, "height": 720})
    wrong = []
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: r.url.startswith(("file:", "data:")) or wrong.append(r.url))
    page.goto(made(path, folder).as_uri(), timeout=180_000)
    page.wait_for_function("() => window.Reveal?.isReady()", timeout=180_000)
    formulas = scrolls = 0
    for number in range(page.evaluate("() => Reveal.getTotalSlides()")):
        seen = page.evaluate(MEASURE)
        assert not seen["outside"] and not seen["under"] and not seen["torn"], (number, seen)
        assert seen["size"] >= 13 and not seen["errors"], (number, seen)
        formulas += seen["formulas"]
        scrolls += seen["scrolls"]
        page.evaluate("() => Reveal.next()")
    assert formulas > 20 and scrolls <= 3
    assert wrong == []
    page.close()


@each_chapter
def test_the_readout_of_each_live_picture_is_what_it_shows_at_the_start(path):
    from tools.slides.__main__ import start_readout

    for cell in cells(path):
        if "\nlive(" in cell.source:
            text = cell.outputs[0].data["text/plain"]
            readout = start_readout(text)
            assert readout in text.splitlines()
            assert not re.match(r"x -?\d|\w+ = ", readout)


# docs/teaching.md

TEACHING = re.split(r"^## (?=\d\d )", (ROOT / "docs/teaching.md").read_text("utf-8"), flags=re.M)
PLANS = {text[:2]: text for text in TEACHING[1:]}


def rows(text):
    """Return the rows of the table of a chapter: minutes, section, three columns of advice."""
    lines = [line for line in text.splitlines() if re.match(r"\| (\d|–)", line)]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


@pytest.mark.parametrize("path", ENGLISH, ids=label)
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
    assert named and set(named) <= {cell.id for cell in cells(ENGLISH[0])}
