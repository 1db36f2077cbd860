"""The Korean edition says what the English one says: nothing is missing, stale, or other."""

import re
from dataclasses import replace

import nbformat
import pytest

from mathutils.sentences import say
from tests.languages import cells_of
from tools import alike, translated, translation
from tools.chapters import ROOT, TWIN, chapters
from tools.refresh import clean
from tools.translated import MISSING, Piece, fingerprint, in_language, merged, read, sources, write

KOREAN = chapters(["ko/"])


@pytest.mark.parametrize("path", sources(), ids=str)
def test_all_is_translated_and_nothing_is_stale(path):
    found = [f"{name}: {reason}" for name, reason, *_ in translation.found(path, "ko")]
    assert found == [], f"run: python3 run.py translation {path.name}"


def title(path):
    return cells_of(path)[0].source


def minutes(text):
    return re.search(r"\*\*(?:How long|걸리는 시간)\*\*.*?(An hour|한 시간|\d+)", text)[1]


@pytest.mark.parametrize("path", chapters(["en/"]), ids=lambda path: path.stem)
def test_each_chapter_leads_to_its_twin_and_both_take_as_long(path):
    other = path.parent.parent / "ko" / path.name
    assert TWIN.findall(title(path)) == [f"[한국어](../ko/{path.name})"]
    assert TWIN.findall(title(other)) == [f"[English](../en/{path.name})"]
    times = [minutes(title(one)).replace("한 시간", "An hour") for one in (path, other)]
    assert times[0] == times[1]


@pytest.mark.parametrize("path", KOREAN, ids=lambda path: path.stem)
def test_the_korean_plan_of_a_chapter_has_its_sections(path):
    text = (ROOT / "docs/teaching.ko.md").read_text(encoding="utf-8")
    plan = next(part for part in re.split(r"^## ", text, flags=re.M) if path.name in part)
    sections = re.findall(r"^\| (?:\d+|–) \| (.*?) \|", plan, flags=re.M)
    headings = [re.match(r"## (.*)", cell.source) for cell in cells_of(path)]
    assert sections == [found[1] for found in headings if found]


# What the tool sees

ENGLISH = """# Title

[한국어](README.ko.md)

Begin with [chapter 00](notebooks/en/00_it.ipynb).

## Start

Type `python3 run.py lab`: $A$.
"""
CELLS = [
    nbformat.v4.new_markdown_cell(r"The gradient is $2A\mathbf x$.", id="title"),
    nbformat.v4.new_code_cell('from it import language\n\nlanguage("en")', id="setup"),
    nbformat.v4.new_code_cell('print("row:", 1)  # exact', id="check"),
]
SENTENCES = "# English\n\nit\n    it is {x}\n\nmany\n    {n} are\nmany n=1\n    one is\n"
CHAPTER, PAGE = translated.Path("notebooks/en/00_it.ipynb"), translated.Path("README.md")


@pytest.fixture
def project(tmp_path, monkeypatch):
    for name in ("translated", "translation"):
        if hasattr(globals()[name], "ROOT"):
            monkeypatch.setattr(globals()[name], "ROOT", tmp_path)
    monkeypatch.setattr(translated, "PAGES", [PAGE])
    for path in (CHAPTER, translated.TABLE):
        (tmp_path / path).parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=CELLS), tmp_path / CHAPTER)
    (tmp_path / translated.TABLE).write_text(SENTENCES, encoding="utf-8")
    (tmp_path / PAGE).write_text(ENGLISH, encoding="utf-8")
    return tmp_path


def troubles(path):
    return {name: reason for name, reason, *_ in translation.found(path, "ko")}


@pytest.mark.parametrize(
    ("path", "names"),
    [
        (CHAPTER, ["title", "check"]),
        (translated.TABLE, ["it", "many"]),
        (PAGE, ["title", "start"]),
    ],
)
def test_what_has_been_begun_is_missing_until_it_is_done(project, path, names):
    assert set(names) <= troubles(path).keys()
    write(path, "ko", merged(path, "ko"))
    assert troubles(path) == dict.fromkeys(names, say("translation-missing"))
    translation.finish(path, "ko", [])  # what is in English still is not done
    assert set(troubles(path)) == set(names)
    translate(path, names)
    assert troubles(path) == {}
    before = (project / translated.twin(path, "ko")).read_text(encoding="utf-8")
    write(path, "ko", merged(path, "ko"))
    assert (project / translated.twin(path, "ko")).read_text(encoding="utf-8") == before


def test_a_chapter_is_written_as_clean_as_by_refresh(project):
    write(CHAPTER, "ko", merged(CHAPTER, "ko"))
    path = project / translated.twin(CHAPTER, "ko")
    assert path.read_text("utf-8") == nbformat.writes(clean(nbformat.read(path, 4))) + "\n"


def translate(path, names):
    """Put something Korean into each piece, by hand, and say that it is done."""
    pieces = merged(path, "ko")
    for name in names:
        text = pieces[name].text
        text = re.sub(
            "The gradient is|row|exact|Title|Start|Begin with|it is|are|Type", "행렬", text
        )
        pieces[name] = replace(pieces[name], text=text)
    write(path, "ko", pieces)
    translation.finish(path, "ko", [])


@pytest.mark.parametrize("path", [CHAPTER, translated.TABLE, PAGE], ids=str)
def test_a_change_of_the_english_is_stale_until_it_has_been_looked_at(project, path, capsys):
    write(path, "ko", merged(path, "ko"))
    names = list(troubles(path))
    translate(path, names)
    text = (project / path).read_text(encoding="utf-8")
    for old in ("The gradient", "it is", "Begin"):
        text = text.replace(old, "Now " + old)
    (project / path).write_text(text, encoding="utf-8")
    assert troubles(path) == {names[0]: say("translation-stale")}
    assert translation.show([path], "ko", names_only=False) == 1
    said = capsys.readouterr().out
    assert "en | " in said and "Now " in said and "행렬" in said
    translation.finish(path, "ko", [names[0]])
    assert troubles(path) == {}


def test_code_without_a_mark_is_the_english_one_with_another_language(project):
    write(CHAPTER, "ko", merged(CHAPTER, "ko"))
    translate(CHAPTER, ["title", "check"])
    assert 'language("ko")' in read(translated.twin(CHAPTER, "ko"))["setup"].text
    path = project / translated.twin(CHAPTER, "ko")
    path.write_text(path.read_text(encoding="utf-8").replace("from it", "from them"), "utf-8")
    assert troubles(CHAPTER) == {"setup": say("translation-other-code")}
    write(CHAPTER, "ko", merged(CHAPTER, "ko"))
    assert troubles(CHAPTER) == {}


def test_a_piece_that_the_english_lacks_and_another_order_are_told(project):
    write(CHAPTER, "ko", merged(CHAPTER, "ko"))
    translate(CHAPTER, ["title", "check"])
    path = project / translated.twin(CHAPTER, "ko")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.reverse()
    nbformat.write(notebook, path)
    assert troubles(CHAPTER) == {"": say("translation-order")}
    notebook.cells.append(nbformat.v4.new_markdown_cell("행렬", id="more"))
    nbformat.write(notebook, path)
    assert troubles(CHAPTER) == {"more": say("translation-extra")}


def test_the_loader_does_not_see_the_marks(project):
    write(translated.TABLE, "ko", merged(translated.TABLE, "ko"))
    text = (project / translated.twin(translated.TABLE, "ko")).read_text(encoding="utf-8")
    assert f"it  # {MISSING}\n" in text
    from mathutils.sentences import _read

    assert _read(text.splitlines()) == {"it": "it is {x}", "many": "{n} are"}


def test_places_are_those_of_the_language():
    text = "`notebooks/en/`, [한국어](../ko/03_x.ipynb), [t](docs/teaching.md), formula_sheet.pdf"
    said = in_language(text, "ko")
    assert said == (
        "`notebooks/ko/`, [English](../en/03_x.ipynb), [t](docs/teaching.ko.md), "
        "formula_sheet_ko.pdf"
    )
    assert alike.as_english(said) == alike.as_english(text).replace("한국어", "English")


# The laws: a translation that keeps them, and some that break one

GOOD = [
    ("markdown", "The gradient of $f$ is $2x$.", "$f$의 그레디언트는 $2x$입니다."),
    ("markdown", r"so $x_l \text{if } k = i$", r"$x_l k = i \text{일 때}$"),
    ("markdown", "As $A$ moves, $B^2$ stays.", "$A$가 움직여도 $A$와 $B^2$은 그대로입니다."),
    ("markdown", "$$a + b,$$ and so on.", "여기서\n\n$$a + b$$\n\n입니다."),
    ("markdown", "See `A.T` in **bold**, and `A.T`.", "<b>`A.T`</b>를 **굵게** 봅니다."),
    ("markdown", "[it](03_x.ipynb#cell)", "[그것](03_x.ipynb#다른)"),
    ("section", "In `my_notebooks/en/`.", "`my_notebooks/ko/`에 있습니다."),
    ("code", 'print("row:", x)  # one', 'print("행:", x)  # 하나'),
    ("code", 'print(f"{a} at {b}")', 'print(f"{b}에서 {a}")'),
    ("code", "x = 1\n# exercises.hint(1)", "x = 1\n# exercises.hint(1)"),
    ("code", 'language("en")  # here', 'language("ko")  # 여기'),
    ("sentence", "{x} is {a}{b}, a number", "수 {a}{b}: {x}"),
    ("sentence", "{count} of them", "{count}개"),
    ("sentence", r"$\frac{a}{b}$ is it", r"$\frac{a}{b}$가 그것입니다"),
]
BAD = [
    ("in-english", "markdown", "The gradient.", "The gradient."),
    ("other-formulas", "markdown", "It is $2x$.", "$3x$입니다."),
    ("other-formulas", "markdown", "It is $2x$.", "입니다."),
    ("other-formulas", "markdown", r"It is $2x\text{ or}$ and $2x$.", r"$2x$입니다."),
    ("other-spans", "markdown", "`A.T` it is", "`A`입니다"),
    ("other-spans", "markdown", "it:\n```\nrun.py lab\n```", "행:\n```\nrun.py\n```"),
    ("other-links", "markdown", "[it](03_x.ipynb)", "[그것](04_x.ipynb)"),
    ("other-notes", "markdown", "<!-- rule: it --> it", "그것"),
    ("open-emphasis", "markdown", "**(a)** is", "**(a)**는"),
    ("open-emphasis", "markdown", 'the *"x"* is', '*"엑스"*는'),
    ("open-emphasis", "markdown", "**$x$** is", "**$x$**는"),
    ("other-code", "code", "x = 1  # one", "x = 2  # 하나"),
    ("other-code", "code", 'print("row")', 'print("Zeile")'),
    ("other-code", "code", 'print(f"{a} at {b}")', 'print(f"{b}에서 {b}")'),
    ("other-comment", "code", "x = 1  # one", "x = 1  # eins"),
    ("other-placeholders", "sentence", "{x} is it", "{y}: 그것"),
    ("other-placeholders", "sentence", "{a}{b} is it", "{a}: 그것"),
    ("particle", "sentence", "{x} is it", "{x}는 그것"),
    ("particle", "sentence", "{x!r} is it", "'{x!r}'는 그것"),
    ("particle", "sentence", "by ${x}$", "${x}$로"),
    ("particle", "sentence", "`{x}` is it", "`{x}`가 그것"),
]


@pytest.mark.parametrize(("kind", "english", "said"), GOOD)
def test_a_good_translation_keeps_all_laws(kind, english, said):
    assert alike.faults(Piece("it", kind, english), Piece("it", kind, said)) == []


@pytest.mark.parametrize(("law", "kind", "english", "said"), BAD)
def test_a_law_that_is_broken_is_named(law, kind, english, said):
    found = alike.faults(Piece("it", kind, english), Piece("it", kind, said))
    assert say(f"translation-{law}") in found


def test_a_fingerprint_is_of_the_text_alone():
    assert fingerprint(Piece("a", "code", "x = 1\n")) == fingerprint(Piece("b", "form", "x = 1"))
    assert fingerprint(Piece("a", "code", "x = 1")) != fingerprint(Piece("a", "code", "x = 2"))


@pytest.mark.parametrize("language", {path.parent.name for path in KOREAN})
def test_slides_of_rise_look_the_same(language):
    """RISE takes its style from beside a chapter, so that each language has it."""
    one, other = (ROOT / "notebooks" / name / "rise.css" for name in ("en", language))
    assert one.read_text("utf-8") == other.read_text("utf-8")
