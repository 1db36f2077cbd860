"""The score: which exercises are right so far, kept beside the reader's own copies.

Where no copy runs but a chapter itself, as in the tests, nothing is kept.
"""

import json
import os
from importlib import import_module

from IPython.display import Markdown

from mathutils import working_copy
from mathutils.sentences import say

FILE = "score.json"


def right_so_far() -> set:
    """Return the names of the exercises that are kept as right.

    Examples
    --------
    >>> right_so_far()
    set()
    """
    folder = working_copy.results_folder()
    try:
        names = json.loads((folder / FILE).read_text(encoding="utf-8")) if folder else []
        return {name for name in names if isinstance(name, str)}
    except (OSError, ValueError, TypeError):  # none yet, or spoilt
        return set()


def keep(name: str, right: bool) -> None:
    """Keep whether an exercise is right, where results are kept at all.

    Examples
    --------
    >>> keep("square-of-a-sum", True)
    """
    folder, names = working_copy.results_folder(), right_so_far()
    if folder is None or (name in names) == right:
        return
    (names.add if right else names.discard)(name)
    new = folder / f"{FILE}.{os.getpid()}"
    try:
        new.write_text(json.dumps(sorted(names), indent=1) + "\n", encoding="utf-8")
        os.replace(new, folder / FILE)  # at once, or not at all: another chapter may be open
    except OSError as error:
        print(say("score-not-kept", trouble=error.strerror))


def score_table() -> Markdown:
    """Return the table of the chapters beside this notebook, with how far one has come in each.

    Examples
    --------
    >>> score_table()
    <IPython.core.display.Markdown object>
    """
    right, rows = right_so_far(), [say("score-table"), "|---|---|---|"]
    for path in working_copy.beside():
        try:
            exercises = import_module(f"mathutils.course.{path.stem[3:]}").exercises
        except (ImportError, AttributeError):  # a chapter without exercises
            continue
        names = [exercise.name for _, exercise in exercises]
        count = len(right.intersection(names))
        dots = "●" * count + "○" * (len(names) - count)
        score = say("score", count=count, all=len(names))
        rows.append(f"| [{path.name[:2]} {_title(path)}]({path.name}) | {score} | {dots} |")
    return Markdown("\n".join(rows))


def _title(path):
    first = "".join(working_copy.read(path)["cells"][0]["source"])
    return first.partition("\n")[0].removeprefix("# ")
