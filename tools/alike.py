"""What a translation shares with the English: its code, formulas, links and placeholders.

Each law takes the English text and the translated one and returns whether it holds.
"""

import ast
import re
from collections import Counter

from mathutils.sentences import say
from tools.translated import HANGUL, PAGES, comments

FENCE = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"(?<!`)(`+)(?!`)(.+?)(?<!`)\1(?!`)", re.DOTALL)
NOTE = re.compile(r"<!--.*?-->", re.DOTALL)
FORMULA = re.compile(r"\$\$(.+?)\$\$|\$([^$]+)\$", re.DOTALL)
TARGET = re.compile(r"\]\(([^)\s]+)[^)]*\)|(?:href|src)=\"([^\"]+)\"")
LETTER = re.compile(r"(\\(mathbf|bar|boldsymbol) ?)?\{?(\\?[A-Za-z]+|.)\}?")
PLACEHOLDER = re.compile(r"\{(\w*)(![rsa])?(:[^{}]*)?\}")
COUNTED = "개|번|배|장|초|줄|자|행|열|쪽|명|단계|차원"  # the words that may stand behind a number
TOUCHED = re.compile(PLACEHOLDER.pattern + rf"[)\]\"'`$*_]*(?!{COUNTED})" + HANGUL)
EMPHASIS = re.compile(r"(?<!\*)(\*{1,2})(?=[^\s*])(.+?)(?<=[^\s*])\1(?!\*)")


def faults(english, said):
    """Return a sentence for each law that a translated piece does not keep."""
    return [say(name) for name in LAWS[said.kind] if not HOLDS[name](english.text, said.text)]


def is_in_korean(english, said):
    return re.search(HANGUL, said) or not re.search("[a-z]{3}", prose(english))


def code_is_the_same(english, said):
    return tree(ast.parse(english), ast.parse(as_english(said)))


def tree(one, other):
    """Compare syntax trees, but for texts with Hangul, in which values may change places."""
    if isinstance(other, ast.JoinedStr) and re.search(HANGUL, ast.unparse(other)):
        return isinstance(one, ast.JoinedStr) and values(one) == values(other)
    if isinstance(other, ast.Constant) and re.search(HANGUL, str(other.value)):
        return isinstance(one, ast.Constant) and isinstance(one.value, str)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(tree, one, other))
    if isinstance(one, ast.AST):
        same = type(one) is type(other)
        return same and all(
            tree(getattr(one, field), getattr(other, field)) for field in one._fields
        )
    return one == other


def values(text):
    return Counter(ast.dump(part) for part in text.values if isinstance(part, ast.FormattedValue))


def comments_are_known(english, said):
    """A comment without Hangul is the English one, such as `exercises.hint(1)`."""
    mine = [text for text in comments(said) if not re.search(HANGUL, text)]
    return set(mine) <= set(comments(english))


def formulas_are_the_same(english, said):
    """All are there, and as often; a letter alone can be said more often, or less."""
    found = [Counter(formulas(text)) for text in (english, said)]
    long = [Counter({f: n for f, n in one.items() if not LETTER.fullmatch(f)}) for one in found]
    return set(found[0]) == set(found[1]) and long[0] == long[1]


def formulas(text):
    r"""Return the formulas of a Markdown text, without words in \text, spaces, and a last stop."""
    text = NOTE.sub("", SPAN.sub("", FENCE.sub("", text)))
    found = ["".join(pair) for pair in FORMULA.findall(text)]
    found = [re.sub(r"\\text\{[^{}]*\}|\s|\\[ ,;:!]|\\q?quad(?![a-z])", "", one) for one in found]
    return [one.rstrip(".,;:") or one for one in found]


def spans_are_the_same(english, said):
    """The same things stand between backticks, and the same blocks of code; how often is free."""
    one, other = (as_english(text) for text in (english, said))
    blocks = [re.sub(r"#.*", "", "".join(FENCE.findall(text))) for text in (one, other)]
    spans = [{span for _, span in SPAN.findall(FENCE.sub("", text))} for text in (one, other)]
    return blocks[0] == blocks[1] and spans[0] == spans[1]


def links_are_the_same(english, said):
    """Links lead to the same places, in the other language's folder; parts of pages are free."""
    one, other = (
        Counter(
            "".join(pair).partition("#")[0]
            for pair in TARGET.findall(FENCE.sub("", as_english(text)))
        )
        for text in (english, said)
    )
    return one == other


def notes_are_the_same(english, said):
    """Comments in Markdown, which tests read, stay as they are."""
    return Counter(NOTE.findall(english)) == Counter(NOTE.findall(said))


def emphasis_is_closed(_, said):
    """In CommonMark `**(a)**는` is not bold: behind a bracket or a quote no letter may follow."""
    text = FORMULA.sub("$F$", SPAN.sub("`x`", FENCE.sub("", said)))
    return not any(
        re.match(r"\w", text[found.end() : found.end() + 1]) and re.search(r"\W$", found[2])
        for found in EMPHASIS.finditer(text)
    )


def placeholders_are_the_same(english, said):
    one, other = (
        Counter(found[0] for found in PLACEHOLDER.finditer(without_latex(text)))
        for text in (english, said)
    )
    return one == other


def no_particle_touches_a_placeholder(_, said):
    return not TOUCHED.search(without_latex(said))


def without_latex(text):
    """Return a text whose braces are those of placeholders."""
    return FORMULA.sub(lambda found: "$F$" if re.search(r"[\\_^]", found[0]) else found[0], text)


def as_english(text):
    """Return a text with the places of the English edition."""
    text = re.sub(r'language\("\w\w"\)', 'language("en")', text)
    text = re.sub(r"(notebooks|slides|colab|class|\.\.)/\w\w/", r"\1/en/", text)
    for page in PAGES:
        text = re.sub(rf"{page.stem}\.\w\w\.md", f"{page.stem}.md", text)
    return re.sub(r"formula_sheet_\w\w\.", "formula_sheet.", text)


def prose(text):
    return PLACEHOLDER.sub("", FORMULA.sub("", SPAN.sub("", FENCE.sub("", NOTE.sub("", text)))))


HOLDS = {
    "translation-in-english": is_in_korean,
    "translation-other-code": code_is_the_same,
    "translation-other-comment": comments_are_known,
    "translation-other-formulas": formulas_are_the_same,
    "translation-other-spans": spans_are_the_same,
    "translation-other-links": links_are_the_same,
    "translation-other-notes": notes_are_the_same,
    "translation-open-emphasis": emphasis_is_closed,
    "translation-other-placeholders": placeholders_are_the_same,
    "translation-particle": no_particle_touches_a_placeholder,
}
TEXT = [
    "translation-in-english",
    "translation-other-formulas",
    "translation-other-spans",
    "translation-other-links",
    "translation-other-notes",
    "translation-open-emphasis",
]
LAWS = {
    "markdown": TEXT,
    "section": TEXT,
    "code": ["translation-other-code", "translation-other-comment"],
    "sentence": [
        "translation-in-english",
        "translation-other-placeholders",
        "translation-other-formulas",
        "translation-particle",
        "translation-open-emphasis",
    ],
}
LAWS["form"] = LAWS["sentence"]
