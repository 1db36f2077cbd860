"""Boxes for cards, after Leitner: what is known comes back later, what was missed soon."""

import json
import os
from contextlib import suppress
from pathlib import Path

import numpy as np

FIRST = 12  # new cards are drawn from so many at the front
LAST = 5  # a card in box b comes back after 2^b others


class Boxes:
    """In which box each card lies, and when it is due; kept in a file, if there is a path.

    Sebastian Leitner, So lernt man lernen (1972).

    Examples
    --------
    >>> boxes = Boxes(["one", "two"])
    >>> boxes.put("one", right=False)
    >>> boxes.box("one"), boxes.box("two")
    (1, 0)
    """

    def __init__(self, names: list, path: Path | None = None):
        self.names, self.path, self.cards, self.count = list(names), path, {}, 0
        with suppress(OSError, ValueError, TypeError, KeyError, AttributeError):  # none, or spoilt
            kept = json.loads(path.read_text(encoding="utf-8"))
            cards = {str(name): (int(b), int(due)) for name, (b, due) in kept["cards"].items()}
            self.cards, self.count = cards, int(kept["count"])

    def box(self, name: str) -> int:
        """Return the box in which a card lies, 0 before it was answered."""
        return self.cards.get(name, (0, 0))[0]

    def put(self, name: str, right: bool) -> None:
        """Put a card into the next box, or back into the first where it was missed."""
        self.count += 1
        box = min(max(self.box(name), 1) + 1, LAST) if right else 1
        self.cards[name] = box, self.count + 2**box
        self._keep()

    def next(self, last: str = "") -> str:
        """Return the name of the card that comes next: due ones first, then new ones."""
        names = [name for name in self.names if name != last] or self.names
        due = [name for name in names if name in self.cards and self._due(name) <= self.count]
        if due:
            return min(due, key=lambda name: (self.box(name), self._due(name)))
        new = [name for name in names if name not in self.cards]
        if new:
            first = new[:FIRST]
            return first[np.random.default_rng(self.count).integers(len(first))]
        return min(names, key=self._due)

    def _due(self, name):
        return self.cards[name][1]

    def _keep(self):
        if self.path is None:
            return
        new = self.path.with_name(f"{self.path.name}.{os.getpid()}")
        with suppress(OSError):  # then it is kept in memory alone
            text = json.dumps({"count": self.count, "cards": self.cards}, indent=1)
            new.write_text(text + "\n", encoding="utf-8")
            os.replace(new, self.path)
