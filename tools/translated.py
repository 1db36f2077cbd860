"""What is translated: chapters, the table of sentences, pages; where it is, and how it is kept.

Each consists of pieces: cells, sentences, sections. A translated piece carries a mark, the
fingerprint of the English that it says, so that no change of the English goes unnoticed. A cell
has it in its metadata, a sentence behind its slug, a section in a comment below its heading.
"""

import ast
import hashlib
import io
import re
import tokenize
from dataclasses import dataclass, replace
from pathlib import Path

import nbformat

from tools.chapters import ROOT
from tools.refresh import clean

HANGUL = "[가-힣]"
MISSING = "missing"  # the mark of a piece that is still in English
TABLE = Path("mathutils/sentences/en.txt")
PAGES = [Path("README.md"), Path("docs/teaching.md"), Path("docs/class.md")]
HEADING = re.compile(r"#+ (.*)")
SECTION = re.compile(r"<!-- translates (\S+) (\w+) -->\n?")
NO_WORDS = {"det", "tr", "log", "exp", "sin", "cos", "tanh", "diag", "inv", "np", "linalg", "min"}
NO_WORDS |= {"dx", "dy", "df", "bx", "array", "pinv", "svd", "lambda"}


@dataclass(frozen=True)
class Piece:
    """A piece of text; its kind is "markdown", "code", "sentence", "form" or "section"."""

    name: str
    kind: str
    text: str
    mark: str = ""


def fingerprint(piece):
    return hashlib.sha256(piece.text.strip().encode()).hexdigest()[:8]


def sources():
    """Return the paths of all that is translated, seen from the project's folder."""
    chapters = sorted((ROOT / "notebooks" / "en").glob("[0-9][0-9]_*.ipynb"))
    return [*(path.relative_to(ROOT) for path in chapters), TABLE, *PAGES]


def twin(path, language):
    """Return where the translation of an English file is."""
    if path == TABLE:
        return path.with_name(f"{language}.txt")
    if path in PAGES:
        return path.with_suffix(f".{language}.md")
    return path.parent.parent / language / path.name


def in_language(text, language):
    """Return a text with the places of another language in it: folders, files, the set-up cell."""
    text = text.replace('language("en")', f'language("{language}")')
    text = re.sub(r"\b((?:my_)?notebooks|slides|colab|class)/en/", rf"\1/{language}/", text)
    for page in PAGES:
        text = text.replace(f"({page})", f"({page.with_suffix(f'.{language}.md')})")
    text = text.replace("formula_sheet.pdf", f"formula_sheet_{language}.pdf")
    own = rf"\[\w+\]\((?:\.\./{language}/(\w+\.ipynb)|(\w+)\.{language}\.md)\)"
    return re.sub(own, to_english, text)


def to_english(link):
    """Return the link to the translation as one to the English."""
    return f"[English](../en/{link[1]})" if link[1] else f"[English]({link[2]}.md)"


def read(path):
    """Return the pieces of a file by their names; none where there is no file."""
    if not (ROOT / path).exists():
        return {}
    pieces = {".ipynb": read_chapter, ".txt": read_table, ".md": read_page}[path.suffix]
    return {piece.name: piece for piece in pieces(ROOT / path)}


def write(path, language, pieces):
    """Write the translation of an English file from its pieces."""
    target = ROOT / twin(path, language)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = {".ipynb": write_chapter, ".txt": write_table, ".md": write_page}[path.suffix]
    target.write_text(text(ROOT / path, target, pieces), encoding="utf-8", newline="\n")


def merged(path, language):
    """Return the pieces of a translation in the order of the English, with what was missing.

    What is neither translated nor has to be is the English as it is now.
    """
    known, pieces = read(twin(path, language)), {}
    for name, english in read(path).items():
        said = known.get(name)
        if english.kind == "form" and not said:
            continue
        begun = said and said.mark and (said.mark != MISSING or re.search(HANGUL, said.text))
        if not begun:
            mark = MISSING if has_words(english) else ""
            said = replace(english, text=in_language(english.text, language), mark=mark)
        pieces[name] = said
    return pieces


# Chapters


def read_chapter(path):
    for cell in nbformat.read(path, as_version=4).cells:
        yield Piece(cell.id, cell.cell_type, cell.source, cell.metadata.get("translates", ""))


def write_chapter(english, target, pieces):
    """Return the English chapter with other sources; outputs stay where the code has stayed."""
    notebook = nbformat.read(english, as_version=4)
    before = nbformat.read(target, as_version=4).cells if target.exists() else []
    outputs = {(cell.id, cell.source): cell.get("outputs", []) for cell in before}
    for cell in notebook.cells:
        piece = pieces[cell.id]
        cell.source = piece.text
        if cell.cell_type == "code":
            cell.outputs = outputs.get((cell.id, piece.text), [])
        cell.metadata.pop("translates", None)
        if piece.mark:
            cell.metadata["translates"] = piece.mark
    return nbformat.writes(clean(notebook)) + "\n"


def has_words(piece):
    """Say whether a piece has words to translate: of code, its comments and what it prints."""
    if piece.kind != "code":
        return True
    texts = [text for text in comments(piece.text) if not re.match(r"exercises\.|lambda ", text)]
    for node in ast.walk(ast.parse(piece.text)):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            texts.append(ast.get_docstring(node) or "")
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print":
            texts += [one.value for one in ast.walk(node) if is_text(one)]
    return any(set(re.findall(r"(?<!\\)\b[A-Za-z]{2,}\b", text)) - NO_WORDS for text in texts)


def is_text(node):
    return isinstance(node, ast.Constant) and isinstance(node.value, str)


def comments(code):
    """Return the comments of a cell, without their signs."""
    tokens = tokenize.generate_tokens(io.StringIO(code).readline)
    return [token.string.strip("# ") for token in tokens if token.type == tokenize.COMMENT]


# The table of sentences


def read_table(path):
    """Yield the sentences of a table, and as "form" those for one number."""
    name, mark, lines = "", "", []
    for line in [*path.read_text(encoding="utf-8").splitlines(), "end"]:
        if line.startswith("    ") or not line.strip():
            lines.append(line.removeprefix("    "))
        elif not line.startswith("#"):
            if name:
                kind = "form" if " " in name else "sentence"
                yield Piece(name, kind, "\n".join(lines).strip("\n"), mark)
            name, mark = (part.strip() for part in (line + "#").split("#")[:2])
            lines = []


def write_table(english, target, pieces):
    """Return a table with the headings and the order of the English one."""
    text = (
        f"# What the reader is told: {english.name}, translated. Behind each slug stands which\n"
    )
    text += "# English it says; `python3 run.py translation` compares, and sets it.\n"
    for line in english.read_text(encoding="utf-8").splitlines()[1:]:
        if line.startswith("#"):
            text += f"\n{line}\n\n"
        elif line.strip() in pieces and not line.startswith(" "):
            piece = pieces[line.strip()]
            lines = [f"    {one}".rstrip() for one in piece.text.splitlines()]
            text += "\n".join([f"{piece.name}  # {piece.mark}", *lines, ""])
    return text


# Pages


def read_page(path):
    """Yield the sections of a page. The name of a section is made of its English heading."""
    for lines in sections(path.read_text(encoding="utf-8")):
        name = re.sub(r"\W+", "-", HEADING.match(lines[0])[1].lower()).strip("-")
        text, mark = "\n".join(lines).strip(), ""
        if found := SECTION.search(text):
            (name, mark), text = found.groups(), SECTION.sub("", text)
        yield Piece(name, "section", text, mark)


def sections(text):
    """Yield the lines of each section; what looks like a heading in a block of code is none."""
    lines, fenced = [], False
    for line in text.splitlines():
        fenced ^= line.startswith("```")
        if lines and HEADING.match(line) and not fenced:
            yield lines
            lines = []
        lines.append(line)
    yield lines


def write_page(english, target, pieces):
    text = []
    for piece in pieces.values():
        heading, _, below = piece.text.partition("\n")
        text.append(f"{heading}\n<!-- translates {piece.name} {piece.mark} -->\n{below}\n")
    return "\n".join(text)
