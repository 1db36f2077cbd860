"""The cells of a chapter, run in this process as a kernel runs them, and what they show."""

import contextlib
import sys

import matplotlib
import nbformat
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output
from traitlets.config import Config

from mathutils import working_copy

COMPARED = ["text/plain", "text/html", "text/markdown"]


def code_cells(path):
    """Return the code cells of a chapter: where, source, and what their outputs say."""
    return [
        (f"{path.stem[3:]} {cell.id}", cell.source, texts(cell.outputs))
        for cell in nbformat.read(path, as_version=4).cells
        if cell.cell_type == "code"
    ]


class Session:
    """A shell without variables, in the folder of a chapter."""

    def __init__(self, path):
        matplotlib.use("agg")
        self.folder = path.parent
        self.shell = InteractiveShell.instance(config=Config(HistoryManager={"enabled": False}))
        # Of its own, since live figures of an earlier chapter may still need that one's names.
        self.shell.user_module, self.shell.user_ns = self.shell.prepare_user_module()
        self.shell.reset()
        self.shell.showtraceback = lambda *args, **kwargs: None  # takes long

    def run(self, source):
        """Run a cell and return what it says, or the exception that ends it."""
        started, working_copy._here = working_copy._here, self.folder
        with contextlib.chdir(self.folder), capture_output() as seen:
            self.shell.display_trap.hook = sys.displayhook  # the one that captures
            done = self.shell.run_cell(source)
        working_copy._here = started
        streams = [{"name": name, "text": getattr(seen, name)} for name in ("stdout", "stderr")]
        if not done.success:
            return done.error_before_exec or done.error_in_exec
        return texts([*streams, *seen._outputs])


def texts(outputs):
    """Return what nbval compares of some outputs: the texts of each kind, in their order."""
    found = {kind: [] for kind in COMPARED} | {"stdout": "", "stderr": ""}
    for output in outputs:
        if "text" in output:
            found[output["name"]] += output["text"]
        for kind in COMPARED:
            if kind in output.get("data", {}):
                found[kind].append(output["data"][kind])
    return found
