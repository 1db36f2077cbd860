"""The formula sheet: what is stored is what the catalogue says, and every rule has its tick."""

import dataclasses
import html
import re
from datetime import date

import numpy as np
import pytest

from mathutils.course import RULES, rule
from mathutils.sentences import language as speak
from mathutils.sentences import languages
from tools import browser, sheet
from tools.chapters import chapters
from tools.chapters import sheet as stored_at
from tools.sheet import readable

COUNT = sum(len(rules) for rules in RULES.values())


@pytest.fixture(scope="module")
def drawn():
    return sheet.page()


def formulas(page):
    return [html.unescape(latex) for latex in re.findall(r'aria-label="([^"]*)"', page)]


def test_every_rule_is_there_with_its_tick(drawn):
    page, bad = drawn
    every = [one for rules in RULES.values() for one in rules]
    assert bad == []
    assert page.count('class="mark">✓<') == COUNT
    assert f"{COUNT} of {COUNT} rules agree" in page
    numbers = [int(number) for number in re.findall(r"(\d+) <span class=.mark", page)]
    assert numbers == list(range(1, COUNT + 1))  # those of the chapter's slider
    found = set(formulas(page))
    for one in every:
        assert {readable(one.formula), readable(one.result), readable(one.other or "=")} <= found
        assert one.source and one.source.split("; ")[0] in page


@pytest.mark.parametrize("language", languages())
def test_the_stored_sheet_is_in_step_with_the_catalogue(language):
    stored = stored_at(language, "html").read_text(encoding="utf-8")
    drawn, bad = sheet.page(language)
    speak("en")
    assert bad == []
    assert formulas(stored) == formulas(drawn), "run: python3 run.py sheet"
    # Places of signs, and fonts, may differ between versions of the packages; and the day does.
    texts = [
        re.sub(r"<(svg|style|time).*?</\1>", "", page, flags=re.DOTALL) for page in (stored, drawn)
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
    names = {stored_at(name, "html").name for name in languages()}
    assert {path.name for path in (tmp_path / "docs").iterdir()} == names
    assert "no chromium or Chrome" in capsys.readouterr().out


def test_without_a_font_for_its_letters_there_is_no_pdf(monkeypatch):
    assert sheet.has_font("no letter of Korea")
    monkeypatch.setattr(sheet, "findSystemFonts", lambda: [])
    assert not sheet.has_font("행렬")
    monkeypatch.setattr(sheet, "findSystemFonts", lambda: [sheet.__file__])
    assert not sheet.has_font("행렬") and sheet.has_font("none")


@pytest.mark.skipif(not browser.find(), reason="needs chromium or Chrome")
def test_the_pdf_has_its_pages_and_no_time(drawn, tmp_path):
    (tmp_path / "sheet.html").write_text(drawn[0], encoding="utf-8")
    sheet.print_pdf(tmp_path / "sheet.html", tmp_path / "sheet.pdf")
    data = (tmp_path / "sheet.pdf").read_bytes()
    assert 4 <= len(re.findall(rb"/Type /Page\b", data)) <= 8
    assert set(re.findall(rb"D:(\d{14})", data)) == {b"20000101000000"}


def test_every_language_that_is_spoken_has_its_chapters():
    assert languages() == sorted({path.parent.name for path in chapters()})


def test_no_sign_is_drawn_in_a_size_that_the_page_does_not_know(drawn):
    assert set(re.findall(r'class="f\d+ (s\d+)"', drawn[0])) == set(
        re.findall(r"text\.(s\d+)", sheet.STYLE)
    )


# What is on paper


def test_nothing_is_smaller_than_seven_points(drawn):
    sizes = [float(size) for size in re.findall(r"(?<![\w.])([\d.]+)pt", sheet.STYLE)]
    assert min(sizes) >= 7
    formula = float(re.search(r"\.formula, \.asked \{ font-size: ([\d.]+)pt", sheet.STYLE)[1])
    scripts = [int(size) for size in re.findall(r"text\.s(\d+)", sheet.STYLE)]
    assert formula * min(scripts) / 100 >= 7


def test_the_day_and_the_version_are_on_it():
    page, _ = sheet.page(day=date(2031, 2, 3))
    assert "<time>2031-02-03</time>" in page and re.search(r"Version \d+\.\d+\.\d+,", page)


SAID = {
    **{r"\succ": "≻", r"\delta": "δ", r"\sigma": "σ", r"\sigma_1": "σ₁", r"\lambda_1": "λ₁"},
    **{r"\nabla": "∇", r"\odot": "⊙", r"\otimes": "⊗", r"\exp": "exp", r"\det": "det"},
    **{r"\log": "log", r"\sin": "sin", r"\cos": "cos", r"\tanh": "tanh", r"\mathbb": "ℕ"},
    **{r"\lVert": "‖", r"\lvert": "|·|", r"\rho": "ρ", r"\mu": "μ", r"\top": "ᵀ", r"\in": "∈"},
    **{r"^{-1}": "A⁻¹", r"^{-\top}": "A⁻ᵀ", "^{+}": "X⁺", "D_{": "D", "K": "K", "I": "I"},
    **{"_F": "F:", "_2": "2:", "_*": "*:", r"\mathbf 1": "<b>1</b>", r"\times": "m × n"},
}
COMMON = r"mathbf operatorname frac rVert rvert lambda neq geq dots Sigma int".split()


def test_all_signs_that_it_uses_are_explained_on_it(drawn):
    notes = drawn[0][drawn[0].index("Signs and sources") :]
    every = [one for rules in RULES.values() for one in rules]
    used = " ".join(" ".join((r.formula, r.result, r.other, r.shapes, r.condition)) for r in every)
    for sign, said in SAID.items():
        assert sign in used, f"{sign} is not used any more"
        assert said in notes, f"{sign} is not explained"
    for name in set(re.findall(r"\\operatorname\{(\w+)\}", used)):
        assert re.search(rf"\b{name}\b", notes), name
    for name in set(re.findall(r"\\([A-Za-z]+)", used)):
        assert f"\\{name}" in SAID or name in COMMON, name
    for source in {part.split()[0] for one in every for part in one.source.split("; ")}:
        assert re.search(rf"\b{source}\b", notes), source


def test_the_letter_that_moves_is_underlined():
    setter = sheet.Typesetter()
    for latex, moves, count in [
        (r"\operatorname{tr}(X^{\top}AX)", "X", 2),
        (r"\mathbf t^{\top}A\mathbf x + t", "t", 1),
        (r"\operatorname{vec}(AXB)", r"\operatorname{vec}X", 1),
        (r"\lambda_1", "S", 0),
    ]:
        plain, marked = setter.svg(latex), setter.svg(latex, moves=moves)
        assert marked.count("<path") - plain.count("<path") == count


def test_in_each_rule_the_letter_that_moves_is_marked_somewhere(drawn):
    for row in re.findall(r"<tr><td>\d+ .*?</tr>", drawn[0], flags=re.DOTALL):
        names = re.findall(r'<use href="#(\w+)"|<g id="(\w+)"', row)
        groups = [re.search(rf'<g id="{a or b}">.*?</g>', drawn[0])[0] for a, b in names]
        assert any("<path" in group for group in groups), row


def test_a_formula_is_read_aloud_without_latex(drawn):
    assert not [label for label in formulas(drawn[0]) if re.search(r"[\\{}]", label)]
    assert readable(r"\frac{\mathbf x}{\lVert\mathbf x\rVert}") == "(x)/(‖x‖)"
    assert readable(r"\nabla\log\det A^{-\top}") == "∇log det A⁻ᵀ"
    for rules in RULES.values():
        for one in rules:
            assert readable(one.result) != readable(one.other), one.name


# The method at its end


def moved(f, X, dX, h=1e-6):
    return (f(X + h * dX) - f(X - h * dX)) / (2 * h)


def differentials():
    """Yield each differential of the method: f, and what stands behind the equality."""
    inv, det, tr = np.linalg.inv, np.linalg.det, np.trace
    Y = np.random.default_rng(1).normal(size=(3, 2))
    d = sheet.METHOD["sheet-method-differential"]
    assert d[0] == r"d(XY) = dX\,Y + X\,dY"
    yield lambda X: X @ (Y + X[:, :2]), lambda X, dX: dX @ (Y + X[:, :2]) + X @ dX[:, :2]
    assert d[1] == r"d(X^{\top}) = (dX)^{\top}"
    yield lambda X: X.T, lambda X, dX: dX.T
    assert d[2] == r"d(X^{-1}) = -X^{-1}\,dX\,X^{-1}"
    yield inv, lambda X, dX: -inv(X) @ dX @ inv(X)
    assert d[3] == r"d\,\operatorname{tr}X = \operatorname{tr}(dX)"
    yield tr, lambda X, dX: tr(dX)
    assert d[4] == r"d\,\det X = \det(X)\operatorname{tr}(X^{-1}dX)"
    yield det, lambda X, dX: det(X) * tr(inv(X) @ dX)
    assert d[5] == r"d\varphi(X) = \varphi'(X) \odot dX"
    yield np.sin, lambda X, dX: np.cos(X) * dX


def test_the_six_differentials_are_right():
    X, dX = np.random.default_rng(0).normal(size=(2, 3, 3))
    assert len(sheet.METHOD["sheet-method-differential"]) == 6
    for f, differential in differentials():
        np.testing.assert_allclose(moved(f, X, dX), differential(X, dX), rtol=1e-6, atol=1e-8)


def test_the_ring_and_the_way_back_are_right():
    rng, tr = np.random.default_rng(0), np.trace
    A, B, C = rng.normal(size=(2, 3)), rng.normal(size=(3, 4)), rng.normal(size=(4, 2))
    np.testing.assert_allclose(tr(A @ B @ C), [tr(B @ C @ A), tr(C @ A @ B)])
    A, B, C = rng.normal(size=(3, 2, 4))
    np.testing.assert_allclose(tr(A.T @ (B * C)), tr((A * B).T @ C))
    assert sheet.METHOD["sheet-method-backwards"][0].endswith(r"\nabla_Xf = A^{\top}VB^{\top}")
    assert sheet.METHOD["sheet-method-backwards"][0].count("A") == 2  # as backward-three says
    assert rule("backward-three").result == r"A^{\top}VB^{\top}"
