"""Every sentence that a reader is told stands in a table, and nothing else stands there."""

import ast
import re
import string
import subprocess
import sys

import pytest

from mathutils import sentences
from mathutils.course import RULES, start_here
from mathutils.sentences import language, languages, say, table
from tools.chapters import ROOT

FILES = sorted(ROOT.glob("mathutils/**/*.py"))
FILES += [ROOT / name for name in ("run.py", "tools/__init__.py", "tools/lab.py")]
FILES += [ROOT / f"tools/{name}.py" for name in ("setup_venv", "copies", "handout", "scores")]
FILES += [ROOT / f"tools/{name}.py" for name in ("translation", "alike", "hub", "colab")]
FILES += [*ROOT.glob("tools/site/*.py"), *ROOT.glob("tools/slides/*.py")]
NO_SENTENCES = {  # what is typed, kinds of mistakes, what NumPy says, names of letters
    *(
        "run.py lab",
        "run.py handout",
        "run.py hub",
        "run.py scores",
        "run.py translation",
        "denominator layout",
        "vec order",
        "one entry",
        "one triangle",
    ),
    "can be converted to Python scalars",
    *("core dimension", r"size (\d+) is different from (\d+)", "not have enough dimensions"),
}
LETTERS = re.compile("alpha beta gamma .*", re.DOTALL)
TAGS = re.compile("<[^>]*>?")
TWO_WORDS = re.compile(r"(?<![\\\w{])[A-Za-z]{2,},? [a-z]{2,}")


def parsed(path):
    return ast.parse(path.read_text(encoding="utf-8"))


def literals(tree):
    """Yield the line and the text of each literal, but for docstrings."""
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if id(node) not in docstrings:
                yield node.lineno, node.value


def sentences_in(tree):
    return [
        (line, text)
        for line, text in literals(tree)
        if TWO_WORDS.search(TAGS.sub("", text))
        if text not in NO_SENTENCES and not LETTERS.fullmatch(text)
    ]


def calls(tree):
    """Yield the slug and the names of the values of each ``say("slug", name=value)``."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in ("say", "wrong_because"):
            if node.args and isinstance(node.args[0], ast.Constant):
                yield node.args[0].value, {word.arg for word in node.keywords}


def blanks(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def slugs(name):
    """Return the slugs of a table, without those of other forms."""
    return {slug.split(" ")[0] for slug in table(name)}


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_sentence_stands_in_the_code(path):
    found = sentences_in(parsed(path))
    if path.parent.name == "sentences":  # what is told of a faulty table itself
        assert [text for _, text in found] == ["{} stands twice in a table of sentences"]
    else:
        assert not found


@pytest.mark.parametrize("text", ["it has", "x, but not", "No such rule", "{name} is empty"])
def test_a_sentence_in_the_code_would_be_found(text):
    assert sentences_in(ast.parse(f"raise ValueError({text!r})"))
    assert not sentences_in(ast.parse(f'def f():\n    """{text}"""'))


@pytest.mark.parametrize("text", ["lost-comma", r"\mathbf x: n", "symmetric", "A @ x", "MC 81"])
def test_what_is_no_sentence_is_not_taken_for_one(text):
    assert not sentences_in(ast.parse(f"f({text!r})"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_said_is_in_the_table_and_has_a_value_for_each_blank(path):
    for slug, values in calls(parsed(path)):
        assert slug in slugs("en")
        forms = [text for form, text in table("en").items() if form.split(" ")[0] == slug]
        wanted = set().union(*map(blanks, forms))
        assert values == wanted or (None in values and values - {None} <= wanted), slug  # **values


def test_every_sentence_is_used():
    files = [*FILES, ROOT / "tools/sheet.py"]
    used = {text for path in files for _, text in literals(parsed(path))}
    used |= {f"sheet-{section}" for section in RULES}
    assert {re.sub(r"\.\d+$", "", slug) for slug in slugs("en")} <= used  # hints are numbered


@pytest.mark.parametrize("name", languages())
def test_every_language_says_the_same_things_with_the_same_blanks(name):
    assert slugs(name) == slugs("en")
    for slug in slugs("en"):
        found, wanted = (re.findall(r"\{\w+\}", table(one)[slug]) for one in (name, "en"))
        assert sorted(found) == sorted(wanted), slug


@pytest.mark.parametrize("name", languages())
def test_a_table_is_clean(name):
    for slug, sentence in table(name).items():
        assert sentence, f"{slug} has no sentence"
        assert re.fullmatch(r"[A-Za-z0-9.-]+( \w+=\S+)?", slug)


def test_a_chapter_speaks_its_language_from_its_first_cell_on(monkeypatch, capsys):
    """In a language of capitals, nothing is said in English any more."""
    capitals = {slug: re.sub(r"[a-z](?![^{]*\})", upper, s) for slug, s in table("en").items()}
    monkeypatch.setitem(sentences._tables, "xx", capitals)
    monkeypatch.setattr(sentences, "languages", lambda: ["en", "xx"])
    exercise = dict(start_here.exercises)[4]
    shown = []
    monkeypatch.setattr("mathutils.course.exercise.display", lambda hint: shown.append(hint.data))
    language("xx")
    try:
        start_here.exercises.check(4, [(2, 4), (4, 2)])
        start_here.exercises.check(4, [(4,), None])
        start_here.exercises.model(4, [(4, 2), (2, 4)])
        start_here.exercises.check(99, None)
        start_here.exercises.hint(4)
        start_here.exercises.score()
        assert exercise.judge(None).reason == "NOT ANSWERED YET"
    finally:
        language("en")
    said = capsys.readouterr().out
    assert "THE TWO LAYOUTS ARE EXCHANGED" in said and "(a) HAS THE OUTPUT" in said
    assert not TWO_WORDS.search(said)
    assert not re.search("right|wrong|undecided", said)
    assert shown[0].startswith("**HINT 1 OF 3.** HOW MANY NUMBERS")


def upper(letter):
    return letter[0].upper()


@pytest.fixture
def other(monkeypatch):
    """A language with other forms and another order."""
    lines = "list\n    {left}·{right}\n\n# a note\ndiffer\n    {all} / {count}\n\n      still\n"
    monkeypatch.setitem(sentences._tables, "xx", sentences._read(lines.splitlines()))
    monkeypatch.setattr(sentences, "_spoken", "xx")


def test_blanks_may_stand_in_any_order_and_lists_are_joined_by_the_language(other):
    assert say("differ", count=["b", "c", 7], all=(2, 3)) == "(2, 3) / b·c·7\n\n  still"
    assert say("differ", count=[], all=["a"]).startswith("a / \n")


def test_a_number_may_ask_for_other_words(monkeypatch):
    lines = "differ\n    {count} differ\ndiffer count=1\n    one differs\n".splitlines()
    monkeypatch.setitem(sentences._tables, "en", sentences._read(lines))
    assert [say("differ", count=n) for n in (0, 1, 2)] == ["0 differ", "one differs", "2 differ"]


def test_without_values_braces_are_those_of_latex(monkeypatch):
    monkeypatch.setitem(sentences._tables, "en", {"hint": r"$\frac{a}{b}$"})
    assert say("hint") == r"$\frac{a}{b}$"


def test_what_is_not_there_is_said_so():
    with pytest.raises(KeyError, match="no-such-slug"):
        say("no-such-slug")
    with pytest.raises(KeyError, match="port"):
        say("port-out-of-range", prot=1)
    with pytest.raises(ValueError, match="no sentences in 'tlh': .* are .*en"):
        language("tlh")
    with pytest.raises(ValueError, match="a stands twice"):
        sentences._read(["a\n", "    b\n", "a\n"])


def test_the_language_is_not_guessed_and_can_be_chosen_again():
    code = "from tools import say; print(say('installing'))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"LANG": "ko_KR.UTF-8", "LANGUAGE": "ko", "LC_ALL": "ko_KR.UTF-8"},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == table("en")["installing"]
    language("en")


def test_the_sentences_need_nothing_that_has_to_be_installed():
    code = "import sys; from tools import say; print({'numpy', 'mathutils'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "set()"
