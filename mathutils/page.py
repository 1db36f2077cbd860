"""How a chapter looks on the page."""

from pathlib import Path

import matplotlib.pyplot as plt
from IPython.display import HTML


def chapter_style():
    """Let pictures, text and verdicts look as in every chapter: ends a set-up cell.

    Returns
    -------
    IPython.display.HTML
        The page's style. The pictures' style is set here and now.
    """
    plt.style.use("mathutils.chapter")
    css = Path(__file__).with_name("page.css").read_text(encoding="utf-8")
    return HTML(f"<chapter-style><style>\n{css}</style></chapter-style>")
