"""Practice: cards, boxes, what is typed; and the explorer, by its widgets."""

import json
import re

import numpy as np
import pytest

from mathutils.course import rule
from mathutils.course.boxes import LAST, Boxes
from mathutils.course.card import Card, cards
from mathutils.course.explorer import explorer
from mathutils.course.practice import practice
from mathutils.course.shown import html_of
from mathutils.course.typed import Mistyped, function_of, shapes_of
from mathutils.sentences import say

ALL = [card for level in (1, 2) for card in cards(level)]
each_card = pytest.mark.parametrize("card", ALL, ids=lambda card: card.name)


# Cards


@each_card
def test_a_card_has_a_right_answer_twins_hints_and_a_statement(card):
    inputs = card.rule.inputs(np.random.default_rng(5), 3, 4)
    assert card.rule.judge(card.rule.derivative, *inputs)
    assert card.wrong and 2 <= len(card.hints) <= 4
    assert card.statement.count("$") % 2 == 0 and card.rule.formula in card.statement
    assert f"`{', '.join(card.arguments)}`" in card.statement
    assert len(card.arguments) == len(inputs)
    assert card.rule.result in card.derivation


@each_card
def test_neither_the_statement_nor_a_hint_tells_the_result(card):
    told = card.statement + "".join(card.hints)
    if card.rule.result not in card.rule.formula and len(card.rule.result) > 8:  # not 2x or I
        assert card.rule.result not in told


def test_cards_are_many_and_those_of_level_2_are_of_two():
    assert len(cards(1)) >= 60 and len(cards(2)) >= 24
    names = [card.name for card in ALL]
    assert len(set(names)) == len(names)
    assert all("\\mathbf z = " in card.statement for card in cards(2))


def test_letters_that_only_the_result_has_are_not_in_the_statement():
    card = Card.of_rule(rule("log-sum-exp"))
    assert "\\mathbf s" not in card.statement and "\\mathbf s = " in card.derivation
    assert "\\mathbf s = " in Card.of_rule(rule("cross-entropy")).statement


def test_the_letters_of_two_rules_do_not_clash():
    for card in cards(2):
        assert len(set(card.arguments)) == len(card.arguments)
    card = next(card for card in cards(2) if card.name == "quadratic-form-of-linear-map")
    twin = function_of("2 * M.T @ A @ (M @ x)", card.arguments)
    assert card.judge(twin).reason == "right only if A is symmetric"


# Boxes


def test_what_was_missed_comes_back_sooner_than_what_was_known():
    boxes, met, name = Boxes([f"card {k}" for k in range(50)]), {}, ""
    for turn in range(60):
        name = boxes.next(last=name)
        met.setdefault(name, []).append(turn)
        if turn == 0:
            missed = name
        boxes.put(name, name != missed)
    gaps = {card: np.diff(turns) for card, turns in met.items() if len(turns) > 1}
    assert max(gaps[missed]) <= 3
    for card in set(gaps) - {missed}:
        assert min(gaps[card]) >= 2 and (np.diff(gaps[card]) > 0).all(), gaps[card]


@pytest.mark.parametrize("count", [1, 2, 3, 20])
def test_no_card_comes_twice_in_a_row_and_all_come(count):
    names = [f"card {k}" for k in range(count)]
    boxes, seen, name = Boxes(names), set(), ""
    for _ in range(10 * count):
        new = boxes.next(last=name)
        assert new != name or count == 1
        name = new
        boxes.put(name, True)
        assert 1 <= boxes.box(name) <= LAST
        seen.add(name)
    assert seen == set(names)


def test_a_missed_card_falls_to_box_1_from_everywhere():
    boxes = Boxes(["one", "two"])
    for box in [2, 3, 4, 5, 5]:
        boxes.put("one", True)
        assert boxes.box("one") == box
    boxes.put("one", False)
    assert boxes.box("one") == 1


def test_boxes_are_kept_and_what_is_spoilt_is_begun_anew(tmp_path):
    path = tmp_path / "boxes.json"
    boxes = Boxes(["one", "two"], path)
    boxes.put("one", True)
    boxes.put("two", False)
    again = Boxes(["one", "two"], path)
    assert (again.cards, again.count) == (boxes.cards, boxes.count)
    assert [entry.name for entry in tmp_path.iterdir()] == ["boxes.json"]
    kept = json.loads(path.read_text(encoding="utf-8"))
    for text in ("", "{", "[]", '{"cards": 3}', '{"cards": {"one": 1}, "count": 1}', "null"):
        path.write_text(text, encoding="utf-8")
        assert Boxes(["one"], path).count == 0
    path.write_text(json.dumps(kept | {"more": 1}), encoding="utf-8")
    assert Boxes(["one"], path).box("one") == 2
    Boxes(["one"], tmp_path / "missing" / "boxes.json").put("one", True)  # nothing is raised


# What is typed


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("", "nothing is typed yet"),
        ("   ", "nothing is typed yet"),
        ("A x", "this is no formula in Python; it stops at ▸ in A ▸x"),
        ("x.T @", "this is no formula in Python"),
        ("(A + A.T", "this is no formula in Python"),
        ("import os", "this is no formula in Python"),
        ("A = x", "this is no formula in Python"),
        ("2A @ x", "between 2 and A a * is missing"),
        ("2(A + A.T) @ x", "between 2 and ( a * is missing"),
        ("Aᵀ @ x", "ᵀ is not typed in Python: a transpose is A.T"),
        ("x^2", "^ is no power in Python: a power is **"),
        ("B @ x", "B is not known here: the letters are x, A, and beside them"),
        ("open('file')", "open is not known here"),
        ("__import__('os')", "__import__ is not known here"),
    ],
)
def test_errors_of_typing_are_sentences(code, words):
    with pytest.raises(Mistyped, match=f"^{re.escape(words)}"):
        function_of(code, ["x", "A"])


@pytest.mark.parametrize(
    "code",
    [
        "(A + A.T) @ x",
        "return (A + A.T) @ x",
        "lambda x, A: (A + A.T) @ x",
        "  A @ x + A.T @ x  # both",
        "np.array([x @ row for row in A + A.T])",
        "inv(np.eye(len(x))) @ (A + A.T) @ x * norm(x) / norm(x)",
    ],
)
def test_what_can_be_read_is_read(code):
    x, A = np.array([1.0, 2]), np.array([[1.0, 2], [3, 5]])
    assert np.allclose(function_of(code, ["x", "A"])(x, A), (A + A.T) @ x)


def test_shapes_are_read_in_order_and_errors_are_sentences():
    assert shapes_of("X: 2, 3; b : (4,); t:") == {"X": (2, 3), "b": (4,), "t": ()}
    assert shapes_of("A: 2 × 3;") == {"A": (2, 3)}
    for text in (
        "",
        ";",
        "x",
        "x 3",
        ": 3",
        "x: n",
        "x: 0",
        "x: 99",
        "x: 2, 3, 4",
        "np: 3",
        "2: 3",
    ):
        with pytest.raises(Mistyped):
            shapes_of(text)


# Practice


@pytest.fixture
def box(tmp_path):
    box = practice(path=tmp_path / "boxes.json")
    box._lay("quadratic-form")
    return box


def type_in(box, code):
    box._note_enter(None, {"event": "submit"}, None)
    box.line.value = code


def test_the_first_try_counts_and_a_mistake_is_named(box):
    type_in(box, "2 * A @ x")
    assert "right only if A is symmetric" in box.verdict.value and "yours is" in box.verdict.value
    type_in(box, "(A + A.T) @ x")
    assert box.verdict.value.startswith("<verdict-right>")
    assert (box.boxes.box("quadratic-form"), box.boxes.count) == (1, 1)
    box._lay("quadratic-form")
    type_in(box, "(A.T + A) @ x")
    type_in(box, "A @ x + A.T @ x")
    assert (box.boxes.box("quadratic-form"), box.boxes.count) == (2, 2)


def test_what_is_mistyped_or_left_without_enter_does_not_count(box):
    type_in(box, "A x")
    assert "this is no formula in Python" in box.verdict.value
    box.line.value = "A @ x"
    assert box.verdict.value.startswith("<verdict-wrong>")
    assert box.boxes.count == 0


def test_hints_come_one_more_each_time_and_cost_nothing(box):
    for count in range(1, 6):
        box.buttons["practice-hint"].click()
        assert box.help.value.count("<b>Hint") == min(count, len(box.card.hints))
    assert box.boxes.count == 0


def test_the_derivation_costs_and_the_next_card_is_another_and_blank(box):
    box.buttons["practice-derivation"].click()
    box.buttons["practice-derivation"].click()
    assert box.boxes.box("quadratic-form") == 1 and box.boxes.count == 1
    assert "<table>" in box.help.value and "(A + A^{\\top})\\mathbf x" in box.help.value
    type_in(box, "(A + A.T) @ x")
    assert box.boxes.box("quadratic-form") == 1
    box.buttons["practice-next"].click()
    assert box.card.name != "quadratic-form"
    assert box.line.value == box.verdict.value == box.help.value == ""


def test_the_boxes_wait_for_the_next_time_and_each_level_has_its_cards(box):
    type_in(box, "A @ x")
    again = practice(path=box.path)
    assert again.boxes.box("quadratic-form") == 1
    again.level.value = 2
    assert again.card.name in {card.name for card in cards(2)}


def test_what_the_cell_says_is_always_the_same():
    texts = {practice()._repr_mimebundle_()["text/plain"] for _ in range(2)}
    assert len(texts) == 1 and "object at 0x" not in texts.pop()


def test_nothing_is_printed_and_nothing_is_warned(box, capsys, recwarn):
    type_in(box, "np.log(-abs(x))")
    type_in(box, "x / 0")
    box.buttons["practice-next"].click()
    assert capsys.readouterr() == ("", "") and not recwarn.list


def test_markdown_becomes_html_and_mathematics_stays():
    html = html_of(
        "**One** `A < B` and *two* of $a < b^*$ and $c^*$.\n\n| $x$ | 2 |\n|---|---|\n| 3 | 4 |"
    )
    assert "<b>One</b> <code>A &lt; B</code> and <em>two</em> of $a &lt; b^*$ and $c^*$." in html
    assert html.endswith("<tr><td>$x$</td><td>2</td></tr><tr><td>3</td><td>4</td></tr></table>")


# The explorer


def test_a_function_is_shown_with_formula_layouts_steps_and_verdict():
    one = explorer("x @ A @ x", "x: 3; A: 3, 3")
    found = one.found.value
    for part in (r"(A + A^{\top})\mathbf x", say("explorer-layouts"), say("explorer-steps")):
        assert part in found
    assert "<verdict-right>" in found and one.judged.value == ""
    assert one._repr_mimebundle_()["text/plain"] == "∇f(x) = (A + Aᵀ) x\nA = Aᵀ: 2 A x"


@pytest.mark.parametrize(
    ("claim", "words", "marks"),
    [
        ("(A + A.T) @ x", "✓ right: all 3 entries agree", 0),
        ("2 * A @ x", "only if a matrix in the formula were symmetric", 3),
        ("(A + A.T) @ x * np.array([1, 1, 2])", "only the entry at [2] is off", 1),
        ("A", "the derivative has shape (3, 3)", 0),
        ("A @ x[:2]", "the shapes in (3, 3) @ (2,) do not fit: 3 ≠ 2", 0),
        ("x^2", "^ is no power in Python", 0),
        ("b", "b is not known here", 0),
        ("print(x)", "print is not known here", 0),
    ],
)
def test_a_formula_of_ones_own_is_judged_entry_by_entry(claim, words, marks):
    one = explorer("x @ A @ x", "x: 3; A: 3, 3", claim)
    assert words in one.judged.value.replace("&#x27;", "'")
    assert one.judged.value.count("✗ ") == marks + one.judged.value.count("✗ wrong")


@pytest.mark.parametrize(
    ("f", "shapes", "words"),
    [
        ("x @", "x: 3", "this is no formula in Python"),
        ("A @ x", "x: 3; A: 3, 2", "the shapes in (3, 2) @ (3,) do not fit: 2 ≠ 3"),
        ("x @ x", "x", "x is no letter with its shape"),
        ("'a'", "x: 3", "f returns &lt;U1, but numbers are wanted"),
        ("np.sqrt(-x @ x)", "x: 3", "f is NaN or infinite at each of the random inputs"),
        ("1 / 0 * x", "x: 3", "f cannot be evaluated: ZeroDivisionError"),
        ("A @ x", "x: 3; A: 2, 3", "no formula is shown: f(x) has shape (2,)"),
        ("np.sort(x) @ x", "x: 3", "no formula is shown: sort has no rule here"),
    ],
)
def test_what_cannot_be_shown_is_said(f, shapes, words):
    one = explorer("x @ x", "x: 3", "2 * x")
    one.shapes.value, one.f.value = shapes, f
    assert words in one.found.value and "Traceback" not in one.found.value
    one.shapes.value, one.f.value = "x: 3", "x @ x"
    assert "2\\mathbf x" in one.found.value and "✓ right" in one.judged.value


def test_an_output_that_is_no_number_can_still_be_judged():
    one = explorer("A @ x", "x: 3; A: 2, 3", "A")
    assert "✓ right: all 6 entries agree" in one.judged.value
    one.claim.value = "A.T"
    assert "denominator layout" in one.judged.value


def test_inputs_are_found_where_the_function_is_defined():
    for f in ("np.log(np.linalg.det(X))", "np.linalg.slogdet(X)[1]", "np.trace(inv(X))"):
        assert "<verdict-right>" in explorer(f, "X: 3, 3").found.value
    assert "<verdict-right>" in explorer("np.sum(np.log(x))", "x: 4").found.value


# What a reader may type by mistake or for fun


@pytest.mark.parametrize("code", ["x.sum()", "x.mean() * 3", "(x ** 2).sum() / norm(x)"])
def test_methods_of_arrays_can_be_typed(code):
    assert np.isfinite(function_of(code, ["x"])(np.ones(3)))


@pytest.mark.parametrize("code", ["9**9**9**9", "x * 99**9**9", "10**10**10"])
def test_a_power_that_is_too_large_ends_at_once(code):
    with pytest.raises(OverflowError):
        function_of(code, ["x"])(np.ones(3))


@pytest.mark.parametrize("code", ["await x", "x + " * 200 + "x", "yield", "\0", "x; x"])
def test_what_is_no_formula_is_mistyped(code):
    with pytest.raises(Mistyped):
        function_of(code, ["x"])


@pytest.mark.parametrize("text", ["lambda: 3", "True: 3", "np: 2", "x: 3, 3, 3", "x"])
def test_what_is_no_letter_is_mistyped(text):
    with pytest.raises(Mistyped):
        shapes_of(text)


def test_letters_may_be_wide_and_sizes_have_a_times():
    assert shapes_of("\N{FULLWIDTH LATIN SMALL LETTER X}: 3x2; A: 2×2") == {
        "x": (3, 2),
        "A": (2, 2),
    }


@pytest.mark.parametrize("harm", ["x.fill(0)", "[A.fill(0), x][1]", "[x.sort(), 2 * A @ x][1]"])
def test_what_is_typed_changes_no_input_of_what_is_typed_next(harm):
    one = explorer("x @ A @ x", "x: 3; A: 3, 3", harm)
    one.claim.value = "(A + A.T) @ x"
    assert "all 3 entries agree" in one.judged.value and "zero" not in one.judged.value
    one.f.value = f"({harm}, x @ A @ x)[1]"
    one.f.value = "x @ A @ x"
    one.claim.value = "2 * A @ x"
    assert "wrong" in one.judged.value


@pytest.mark.parametrize("claim", ["[None] * 3", "['a', 'b', 'c']", "np", "[1j, 2, 3]", "{1: 2}"])
def test_a_claim_of_no_numbers_is_a_sentence(claim):
    assert "right" not in explorer("x @ A @ x", "x: 3; A: 3, 3", claim).judged.value


def test_an_f_of_no_numbers_is_told_its_kind():
    assert "NoneType" in explorer("x.fill(0)", "x: 3").text
