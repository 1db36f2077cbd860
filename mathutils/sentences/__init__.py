"""Every sentence that a reader is told, in one table for each language: en.txt beside this file.

In a table a slug stands at the start of a line, and the lines below it, indented by four spaces,
are what is said. ``{count}`` is a placeholder, filled in as by `str.format`. Where a number asks
for other words, as one does in English, a slug stands twice: ``differ count=1`` is said where the
count is 1, and ``differ`` elsewhere; a language without such forms leaves the first one out. A
list is said in the words of ``list``, which joins two of its items. What follows a # before or
behind a slug is a comment; in a translation, it says which English is translated.
"""
# run.py reads this too, on a Python that may be too old, to say so: no f-strings here.

import io
import os

_tables = {}
_spoken = "en"


def say(slug: str, **values) -> str:
    """Return the sentence of this slug, in the language of the chapter, with its blanks filled.

    Without values, braces are taken as they are: hints are full of those of LaTeX.

    Raises
    ------
    KeyError
        Where there is no such slug, or a placeholder has no value.

    Examples
    --------
    >>> say("score", count=2, all=5)
    '2 of 5 right'
    """
    sentences = table(_spoken)
    forms = [slug + " {}={}".format(name, value) for name, value in values.items()]
    sentence = next((sentences[form] for form in forms if form in sentences), None)
    sentence = sentences[slug] if sentence is None else sentence
    values = {name: _listed(value, sentences) for name, value in values.items()}
    return sentence.format(**values) if values else sentence


def numbered(name: str) -> list:
    """Return what stands in the table as ``name.1``, ``name.2`` …, as an exercise's hints do.

    Examples
    --------
    >>> numbered("chord-is-not-tangent")[1]
    'Try the two points of claim 13.'
    """
    sentences, found = table(_spoken), []
    while "{}.{}".format(name, len(found) + 1) in sentences:
        found.append(sentences["{}.{}".format(name, len(found) + 1)])
    return found


def language(name: str) -> None:
    """Choose the language in which the reader is told things, once, in a chapter's first cell.

    Raises
    ------
    ValueError
        Where there is no table for it.

    Examples
    --------
    >>> language("en")
    """
    global _spoken
    if name not in languages():
        raise ValueError(say("no-such-language", name=name, known=languages()))
    _spoken = name


def languages() -> list:
    """Return the languages that have a table.

    Examples
    --------
    >>> "en" in languages()
    True
    """
    return sorted(name[:-4] for name in os.listdir(_folder()) if name.endswith(".txt"))


def table(name: str) -> dict:
    """Return the table of a language, from a slug, or a slug with a value, to what is said.

    Examples
    --------
    >>> table("en")["agrees"]
    'it agrees'
    """
    if name not in _tables:
        with io.open(os.path.join(_folder(), name + ".txt"), encoding="utf-8") as file:
            _tables[name] = _read(file)
    return _tables[name]


def _read(lines):
    slug, found = "", {"": []}
    for line in lines:
        if line.startswith("    ") or not line.strip():
            found[slug].append(line[4:].rstrip())
        elif not line.startswith("#"):
            slug = line.partition("#")[0].strip()
            if slug in found:
                raise ValueError("{} stands twice in a table of sentences".format(slug))
            found[slug] = []
    return {slug: "\n".join(found[slug]).strip("\n") for slug in found if slug}


def _listed(value, sentences):
    """Return a list as text, anything else as it is: a tuple is a shape."""
    if not isinstance(value, list):
        return value
    text = str(value[0]) if value else ""
    for item in value[1:]:
        text = sentences["list"].format(left=text, right=item)
    return text


def _folder():
    return os.path.dirname(os.path.abspath(__file__))
