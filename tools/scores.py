"""Tells how many exercises are right in each student's folder, by running the answers again.

A student's code runs in a process of its own (rerun.py), from which values come and no verdicts
(wire.py): what is right is decided here, at inputs that are drawn here. So it makes no difference
what a notebook prints, what stands in its outputs or in a file of scores, and what its code makes
of `exercises` or of `mathutils`. It is no prison: the code runs with the rights of who runs this.
"""

import argparse
import builtins
import contextlib
import csv
import json
import os
import queue
import signal
import subprocess
import sys
import tempfile
import threading
import time
import warnings
from glob import glob
from importlib import import_module
from pathlib import Path

from mathutils.verdict import Verdict
from tools import languages, say, speak, wire
from tools.chapters import ROOT, chapters

SECONDS = 60  # for a notebook
START = 300  # seconds for Python to start, on a computer that has much to do
LARGEST = 50 << 20  # of a notebook, in bytes
KEPT_VARIABLES = {"PATH", "SYSTEMROOT", "MPLCONFIGDIR"}


class Stopped(BaseException):
    """Why a notebook was not run to its end; its text is what to tell.

    No `Exception`: a judge must not take it for something that a student's function raised.
    """


class Rerun:
    """The process in which the cells of one notebook run."""

    def __init__(self, folder):
        own = {"HOME": folder, "USERPROFILE": folder, "IPYTHONDIR": folder, "MPLBACKEND": "agg"}
        own |= {f"{name}_NUM_THREADS": "1" for name in ("OMP", "OPENBLAS", "MKL")}
        kept = {name: os.environ[name] for name in KEPT_VARIABLES & set(os.environ)}
        self.process = subprocess.Popen(
            [sys.executable, "-I", ROOT / "tools" / "rerun.py"],
            cwd=folder,
            env=kept | own,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            bufsize=0,
        )
        self.cell = ""
        self.wait(START)
        self.coming, self.going = queue.Queue(maxsize=1), queue.Queue()
        for work in (self._listen, self._speak):  # whichever may wait for ever
            threading.Thread(target=work, daemon=True).start()

    def wait(self, seconds):
        """Let it have so many seconds from now on."""
        self.end = time.monotonic() + seconds

    def _listen(self):
        rest = b""
        while len(rest) < wire.LONGEST and (piece := self.process.stdout.read(wire.LONGEST)):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                self.coming.put(line)
        self.coming.put(None)

    def _speak(self):
        with contextlib.suppress(OSError):  # it has ended, which is told when it is listened to
            while line := self.going.get():
                self.process.stdin.write(line)

    def send(self, **message):
        self.going.put(wire.dumps(message, []))

    def receive(self):
        """Return the next message.

        Raises
        ------
        Stopped
            Where there is none in time, or the process has ended, or says what it should not.
        """
        left = self.end - time.monotonic()
        try:
            if left <= 0:
                raise queue.Empty
            line = self.coming.get(timeout=left)
        except queue.Empty:
            raise Stopped(say("rerun-too-long", seconds=SECONDS, cell=self.cell)) from None
        if line is None:
            raise Stopped(say("rerun-ended", cell=self.cell))
        try:
            return wire.loads(line, self._function)
        except ValueError:
            raise Stopped(say("rerun-misspoke", cell=self.cell)) from None

    def _function(self, place):
        """Return a function that has its values from the other process."""

        def answer(*inputs):
            self.send(call=place, inputs=list(inputs))
            reply = self.receive()
            if "raised" in reply:
                raise error_of(reply["raised"])(reply.get("problem"))
            if "value" not in reply:
                raise Stopped(say("rerun-misspoke", cell=self.cell))
            return reply["value"]

        return answer

    def stop(self):
        self.going.put(None)
        if os.name == "nt":
            self.process.kill()
        else:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def error_of(kind):
    """Return the class of an error that was raised elsewhere."""
    found = getattr(builtins, str(kind), None)
    is_error = isinstance(found, type) and issubclass(found, Exception)
    return found if is_error else RuntimeError


def run_cells(cells, exercises):
    """Run the code cells of a notebook; return the names of the right answers, and troubles."""
    right, troubles = set(), []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        rerun = Rerun(folder)
        try:
            rerun.receive()  # it is ready
            rerun.wait(SECONDS)
            rerun.send(cells=[list(cell) for cell in cells])
            while "done" not in (message := rerun.receive()):
                if "answer" in message:
                    judge(rerun, message, exercises, right)
                elif "failed" not in message:
                    rerun.cell = plain(message.get("cell"))
                elif "exercises" in dict(cells).get(str(message["failed"]), ""):
                    problem = plain(f"{message.get('kind')}: {message.get('problem')}")
                    troubles.append(say("rerun-failed", cell=rerun.cell, problem=problem))
        except Stopped as reason:
            troubles.append(str(reason))
        finally:
            rerun.stop()
    return right, troubles


def judge(rerun, message, exercises, right):
    """Judge an answer as the notebook would, and let the notebook go on."""
    exercise = exercises.get(str(message["answer"]))
    if exercise is not None:
        card = message.get("card")  # that lies there, where the exercise has some
        drawn = exercise.at(card if isinstance(card, int) else 0)
        try:
            verdict = drawn.judge(message.get("value"))
        except Exception:  # a value made to break the judge is no answer
            verdict = Verdict("wrong", "")
        if verdict.mistake != "blank":
            (right.add if verdict else right.discard)(exercise.name)
    rerun.send(call=None)


def plain(text):
    """Return a student's text as one line that is nothing but a text, in a terminal too."""
    line = "".join(letter if letter.isprintable() else " " for letter in str(text))
    return line if len(line) <= 100 else line[:99] + "…"


# What is in a folder


def notebooks(folder):
    """Yield the path of each notebook in a folder, and of each link to one."""
    for place, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(files):
            if name.endswith(".ipynb"):
                yield Path(place, name)


def code_cells(path):
    """Return the names and sources of a notebook's code cells, without the model answers.

    Raises
    ------
    ValueError
        Where it is no notebook.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError(path.name)
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [
            (str(cell.get("id", number)), "".join(cell["source"]))
            for number, cell in enumerate(cells)
            if cell["cell_type"] == "code"
            if "solution" not in cell.get("metadata", {}).get("tags", [])
        ]
    except (OSError, AttributeError, KeyError, TypeError, RecursionError) as problem:
        raise ValueError(path.name) from problem


def score(folder, exercises, ours):
    """Return the names of the exercises that are right in a folder, and its troubles."""
    right, troubles, found = set(), [], False
    for path in notebooks(folder):
        name = plain(path.relative_to(folder).as_posix())
        try:
            if path.is_symlink():  # to the work of somebody else?
                raise ValueError(name)
            cells = code_cells(path)
        except ValueError:
            troubles.append(say("not-read", name=name))
            continue
        found = True
        if {source for _, source in cells} <= ours:  # nothing is answered
            continue
        more, problems = run_cells(cells, exercises)
        right |= more
        troubles += [say("trouble-in", name=name, trouble=problem) for problem in problems]
    return right, troubles if found or troubles else [say("no-notebooks")]


# The table


def all_exercises():
    """Return the exercises of each chapter that has some, by the number of the chapter."""
    found = {}
    for path in chapters():
        module = import_module(f"mathutils.course.{path.stem[3:]}")
        found[path.name[:2]] = [exercise for _, exercise in getattr(module, "exercises", ())]
    return {number: exercises for number, exercises in found.items() if exercises}


def table(folders):
    """Yield the rows of the table as they are ready: a name, the counts, and what to tell."""
    by_chapter = all_exercises()
    every = {one.name: one for exercises in by_chapter.values() for one in exercises}
    ours = {source for path in chapters() for _, source in code_cells(path)}
    sizes = [len(exercises) for exercises in by_chapter.values()]
    yield say("scores-folder"), [*by_chapter, say("scores-total")], [say("scores-notes")]
    yield say("scores-all"), [*sizes, sum(sizes)], []
    for folder, name in zip(folders, named(folders), strict=True):
        right, troubles = score(folder, every, ours)
        counts = [sum(one.name in right for one in some) for some in by_chapter.values()]
        yield name, [*counts, sum(counts)], troubles


def named(folders):
    """Return the names of folders, or their paths where two have the same name."""
    names = [folder.name for folder in folders]
    return [plain(folder.name if len(set(names)) == len(names) else folder) for folder in folders]


def show(rows, names):
    """Print the rows as text, with what there is to tell below each."""
    width, (_, head, _) = max(map(len, names)), next(rows)
    print(" " * width, *(word.rjust(3) for word in head))
    for name, counts, notes in rows:
        print(name.ljust(width), *(str(count).rjust(3) for count in counts), flush=True)
        for note in notes:
            print(f"    {note}", flush=True)


def show_csv(rows, names):
    """Print the rows as CSV, in which nothing is a formula."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    for name, counts, notes in rows:
        writer.writerow([harmless(name), *counts, harmless("; ".join(notes))])


def harmless(text):
    """Return a text as one that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def read_arguments(arguments):
    speak(arguments)
    parser = argparse.ArgumentParser(prog="run.py scores", description=say("scores-warning"))
    parser.add_argument("folders", nargs="+", metavar="FOLDER", help=say("help-folders"))
    parser.add_argument("--csv", action="store_true", help=say("help-csv"))
    parser.add_argument("--language", choices=languages(), default="en", help=say("help-language"))
    options = parser.parse_args(arguments)
    folders = [path for name in options.folders for path in meant(name)]
    for folder in folders:
        if not folder.is_dir():
            parser.error(say("no-folder", folder=folder))
    return folders, options.csv


def meant(name):
    """Return the folders that a name means: with * in it several, where the terminal left it."""
    return [Path(name)] if Path(name).is_dir() else list(map(Path, sorted(glob(name)) or [name]))


def main():
    folders, as_csv = read_arguments(sys.argv[1:])
    print(say("scores-warning"), file=sys.stderr)
    with warnings.catch_warnings(action="ignore"):  # NumPy's, of what a student's values are
        (show_csv if as_csv else show)(table(folders), [*named(folders), say("scores-all")])


if __name__ == "__main__":
    main()
