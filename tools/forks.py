"""Copies of a process, each of which tries one change and says whether it shows."""

import builtins
import os
import signal
from multiprocessing import get_context

import numpy as np

LIMIT = 120  # seconds for one copy; a loop without end is noticed as well
NOTICED, NOTHING, EQUAL = "noticed", "not noticed", "of equal products"
CODES = {0: NOTHING, 2: EQUAL}  # of the exit; all others stand for what is noticed


class Children:
    """Copies of this process, as many at a time as there are cores."""

    def __init__(self):
        self._running, self._found = {}, []

    def start(self, is_noticed, limit=LIMIT):
        if len(self._running) >= (os.cpu_count() or 1):
            self._wait()
        pid = os.fork()
        if not pid:
            _end_with(is_noticed, limit)
        self._running[pid] = len(self._found)
        self._found.append(None)

    def _wait(self):
        pid, status = os.wait()
        code = os.waitstatus_to_exitcode(status)
        self._found[self._running.pop(pid)] = CODES.get(code, NOTICED)

    def results(self):
        """Return for each copy, in the order in which they started, what it found."""
        while self._running:
            self._wait()
        return self._found


def _end_with(is_noticed, limit):
    """End this process, with a code that says what it found. The terminal stays clean."""
    code = 1
    try:
        signal.alarm(limit)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(null, stream)
        builtins.Watched = Watched
        if not is_noticed():
            code = 2 if Watched.seen == {True} else 0
    finally:
        os._exit(code)


def in_child(is_noticed, limit=LIMIT):
    """Say whether a copy of this process notices something."""
    child = Children()
    child.start(is_noticed, limit)
    (found,) = child.results()
    Watched.seen |= {True} if found == EQUAL else set()
    return found == NOTICED


class Watched:
    """The left factor of a product, which remembers whether the order matters.

    It does not for two vectors, nor for a vector and a symmetric matrix.
    """

    seen = set()

    def __init__(self, left):
        self.left = left

    def __matmul__(self, right):
        factors = [np.asarray(self.left), np.asarray(right)]
        equal = min(a.ndim for a in factors) == 1 and all(np.allclose(a, a.T) for a in factors)
        self.seen.add(equal)
        return self.left @ right


def in_new_process(function, *arguments):
    """Return what a function returns, called in a copy of this process, which then ends."""
    with get_context("fork").Pool(1) as pool:
        return pool.apply(function, arguments)
