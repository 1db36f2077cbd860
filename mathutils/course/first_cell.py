"""What a cell says where a chapter's first cell has not run: one sentence, no traceback.

`tools/kernel_start.py` lets each kernel call `tell` for an unknown name.
"""

import os
import re
from pathlib import Path

import mathutils
from mathutils.sentences import language, languages, say

SET_UP = {"exercises", "np", "plt", "Figure", *mathutils.__all__}


def tell(
    shell: object, kind: type, error: NameError, trace: object, tb_offset: int | None = None
) -> None:
    """Show an unknown name: as a sentence before the first cell of a chapter, else as ever.

    It has the parameters of a handler for `IPython`'s ``set_custom_exc``.

    Examples
    --------
    >>> tell(shell, NameError, error, error.__traceback__)  # doctest: +SKIP
    exercises is not known yet: run the first cell of this chapter first, then this one again.
    """
    if "chapter_style" not in shell.user_ns and (error.name in SET_UP or _is_in_chapter()):
        if (folder := Path(os.environ.get("JPY_SESSION_NAME", "")).parent.name) in languages():
            language(folder)  # which the first cell would do
        sentence = say("first-cell-first", name=error.name)
        error._render_traceback_ = lambda: [sentence]
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)


def _is_in_chapter():
    """Say whether this kernel runs a chapter, whose name Jupyter tells."""
    return bool(re.search(r"(^|[/\\])\d\d_\w+\.ipynb$", os.environ.get("JPY_SESSION_NAME", "")))
