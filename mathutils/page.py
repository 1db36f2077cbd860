"""How a chapter looks on the page."""

import json
from html import escape
from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import HTML

from mathutils.sentences import say
from mathutils.working_copy import changed_chapter


def chapter_style() -> HTML:
    """Let pictures, text and verdicts look as in every chapter: ends a set-up cell.

    Returns
    -------
    IPython.display.HTML
        The page's style, and where a reader's copy is older than its chapter, a line that says
        so. The pictures' style is set here and now.

    Examples
    --------
    >>> chapter_style()
    <IPython.core.display.HTML object>
    """
    plt.style.use("mathutils.chapter")
    css = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    asleep = json.dumps(say("asleep"), ensure_ascii=False)  # a text of CSS as well
    css = f":root {{ --chapter-asleep: {asleep}; }}\n{css}"
    line = ""
    if chapter := changed_chapter():
        line = f"<p>{escape(say('copy-behind', number=chapter.name[:2]))}</p>"
    return HTML(f"<chapter-style><style>\n{css}</style>{line}</chapter-style>")
