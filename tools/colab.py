"""Writes copies of the chapters for Google Colab: a cell installs mathutils, links lead to Colab.

A workflow puts them into the branch `colab`, from which the badge opens them. A chapter itself
has no such cell: everywhere else it would stand in the way.
"""

import re
import sys
import tomllib
from pathlib import Path

from tools import copies, say

INSTALL = Path(__file__).with_name("colab_cell.py")


def repository():
    """Return the address of the repository, which one line of pyproject.toml has."""
    text = (copies.ROOT / "pyproject.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)["project"]["urls"]["Repository"]


def address(name, language=copies.LANGUAGE):
    """Return where Colab opens a chapter."""
    place = repository().replace("https://github.com", "https://colab.research.google.com/github")
    return f"{place}/blob/colab/{language}/{name}"


def adapted(chapter):
    """Return a chapter as Colab gets it."""
    own = chapter.parent.name
    notebook = copies.blank(copies.working_copy.read(chapter), copies.slug(chapter))
    cells = []
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "markdown":
            link = r"\]\((?:\.\./(\w+)/)?(\d\d_\w+\.ipynb)(#[^)]*)?\)"
            text = re.sub(link, lambda found: f"]({address(found[2], found[1] or own)})", text)
        cells.append(cell | {"source": text.splitlines(keepends=True)})
    source = INSTALL.read_text(encoding="utf-8")
    source = source.replace("https://github.com/OWNER/REPOSITORY", repository())
    install = {
        "cell_type": "code",
        "id": "install",
        "metadata": {"cellView": "form"},
        "execution_count": None,
        "outputs": [],
        "source": source.splitlines(keepends=True),
    }
    return notebook | {"cells": [cells[0], install, *cells[1:]]}


def main(folder):
    every = [one for language in copies.languages() for one in copies.chapters(language)]
    for chapter in every:
        here = Path(folder) / chapter.parent.name
        here.mkdir(parents=True, exist_ok=True)
        copies.write(here / chapter.name, adapted(chapter))
    print(say("handout-for-colab", count=len(every), folder=folder))


if __name__ == "__main__":
    main(*sys.argv[1:])
