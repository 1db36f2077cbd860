"""Runs the cells of a student's notebook in a process of their own, for `run.py scores`.

What an exercise is answered with goes to the other side, which judges it, and asks for the values
of a function at inputs of its own. Verdicts do not come from here: nothing here can be trusted
once the first cell has run.
"""

import contextlib
import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from mathutils.course.exercise import Exercises
from tools import wire

MEMORY, FILE = 4 << 30, 64 << 20  # bytes that a notebook can have, and write into one file
LENGTH = 200  # of what is told of an error


class Shell(InteractiveShell):
    """IPython without a window, for which %matplotlib has nothing to do."""

    def enable_gui(self, gui=None):
        pass


class Line:
    """The way to the other side. What cells print goes nowhere."""

    def __init__(self):
        self.incoming, self.outgoing = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in (0, 1, 2):
            os.dup2(nowhere, number)

    def send(self, functions=(), **message):
        try:
            line = wire.dumps(message, functions)
        except (RecursionError, ValueError):  # a list in itself, a number of 5000 digits
            line = wire.dumps(message | {"value": wire.Unknown()}, functions)
        self.outgoing.write(line)
        self.outgoing.flush()

    def receive(self):
        return wire.loads(self.incoming.readline(), wrap=None)


def set_limits():
    try:
        import resource
    except ImportError:  # Windows has none
        return
    for name, limit in (("RLIMIT_AS", MEMORY), ("RLIMIT_FSIZE", FILE), ("RLIMIT_CORE", 0)):
        with contextlib.suppress(ValueError, OSError):  # what a system does not know, or forbids
            resource.setrlimit(getattr(resource, name), (limit, limit))


def answer(line, exercise, card, given):
    """Send what an exercise is answered with, and values of it as long as they are asked for."""
    functions = []
    line.send(functions, answer=exercise.name, card=card, value=given)
    while (request := line.receive()).get("call") is not None:
        try:
            value = functions[request["call"]](*request["inputs"])
        except BaseException as problem:
            line.send(raised=type(problem).__name__, problem=str(problem)[:LENGTH])
        else:
            line.send(functions, value=value)


def main():
    line = Line()

    def check(self, number, given):
        exercise = dict(self).get(number)
        if exercise is not None:
            answer(line, exercise, self._cards[number], given)

    Exercises.check = check
    quiet = Config({"HistoryManager": {"enabled": False}})
    shell = Shell.instance(config=quiet)
    line.send(ready=True)
    cells = line.receive()["cells"]
    set_limits()
    for name, source in cells:
        line.send(cell=name)
        done = shell.run_cell(source)
        problem = done.error_before_exec or done.error_in_exec
        if problem is not None:
            line.send(failed=name, kind=type(problem).__name__, problem=str(problem)[:LENGTH])
    line.send(done=True)


if __name__ == "__main__":
    main()
