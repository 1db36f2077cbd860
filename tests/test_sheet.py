"""The formula sheet: what is stored is what the catalogue says, and every rule has its tick."""

import dataclasses
import html
import re

import numpy as np
import pytest

from mathutils.course import RULES, rule
from mathutils.sentences import languages
from tools import browser, sheet
from tools.chapters import ROOT, chapters

STORED = ROOT / "docs" / "formula_sheet.html"
COUNT = sum(len(rules) for rules in RULES.values())


@pytest.fixture(scope="module")
def drawn():
    return sheet.page()


def formulas(page):
    return [html.unescape(latex) for latex in re.findall(r'aria-label="([^"]*)"', page)]


def test_every_rule_is_there_with_its_tick(drawn):
    page, bad = drawn
    assert bad == []
    assert page.count('class="mark">✓<') == COUNT
    assert f"{COUNT} of {COUNT} rules agree" in page
    found = formulas(page)
    for rules in RULES.values():
        for one in rules:
            assert {one.formula.replace("frac", "dfrac"), one.other or "="} <= set(found)


def test_the_stored_sheet_is_in_step_with_the_catalogue(drawn):
    stored = STORED.read_text(encoding="utf-8")
    assert formulas(stored) == formulas(drawn[0]), "run: python3 run.py sheet"
    # Places of signs, and fonts, may differ between versions of the packages.
    texts = [
        re.sub(r"<(svg|style).*?</\1>", "", page, flags=re.DOTALL) for page in (stored, drawn[0])
    ]
    assert texts[0] == texts[1], "run: python3 run.py sheet"


def test_it_needs_nothing_from_elsewhere(drawn):
    assert not re.search(r"//|<script|<link|@import", re.sub(r"base64,[^\"]*", "", drawn[0]))


def test_a_wrong_rule_is_told_and_ends_the_command(monkeypatch, tmp_path, capsys):
    wrong = dataclasses.replace(rule("trace"), derivative=lambda A: -np.eye(len(A)))
    monkeypatch.setattr(sheet, "RULES", {"trace": [wrong, rule("trace-square")]})
    monkeypatch.setattr(sheet, "ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    with pytest.raises(SystemExit, match="Not found right: trace[.]"):
        sheet.main()
    page = (tmp_path / "docs" / "formula_sheet.html").read_text(encoding="utf-8")
    assert page.count('class="mark">✗<') == 1 and "1 of 2 rules agree" in page


def test_without_a_browser_the_html_is_written_and_the_user_is_told(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(sheet, "RULES", {"trace": [rule("trace")]})
    monkeypatch.setattr(sheet, "ROOT", tmp_path)
    monkeypatch.setattr(browser, "find", lambda: None)
    (tmp_path / "docs").mkdir()
    sheet.main()
    assert [path.name for path in (tmp_path / "docs").iterdir()] == ["formula_sheet.html"]
    assert "no chromium or Chrome" in capsys.readouterr().out


@pytest.mark.skipif(not browser.find(), reason="needs chromium or Chrome")
def test_the_pdf_has_four_pages_and_no_time(drawn, tmp_path):
    (tmp_path / "sheet.html").write_text(drawn[0], encoding="utf-8")
    sheet.print_pdf(tmp_path / "sheet.html", tmp_path / "sheet.pdf")
    data = (tmp_path / "sheet.pdf").read_bytes()
    assert len(re.findall(rb"/Type /Page\b", data)) == 4
    assert set(re.findall(rb"D:(\d{14})", data)) == {b"20000101000000"}


def test_every_language_that_is_spoken_has_its_chapters():
    assert languages() == sorted({path.parent.name for path in chapters()})


def test_no_sign_is_drawn_in_a_size_that_the_page_does_not_know(drawn):
    assert set(re.findall(r'class="f\d+ (s\d+)"', drawn[0])) == set(
        re.findall(r"text\.(s\d+)", sheet.STYLE)
    )
