"""A chapter whose cells have been run twice: once for all tests that look at it."""

import warnings
from collections import defaultdict

import matplotlib.pyplot as plt

import mathutils
from mathutils import figure, plot
from mathutils.figure import Live
from tools.session import Session, code_cells


class Played:
    """Each cell has been run, and, when all had been, again after those below it.

    Attributes
    ----------
    stored, first, after : dict from str to dict
        What each cell says: in the file, and at each of the two times.
    described : list of str
        How each live figure describes itself after all cells below it.
    open : list of int
        The numbers of figures that pyplot still holds.
    shown, lives : lists
        The still and the live figures of the last time, in order. Each is the last one of its
        cell, whose names it uses.
    """

    def __init__(self, path):
        self.path, cells, session = path, code_cells(path), Session(path)
        self.stored = {where: said for where, _, said in cells}
        self.first, self.after = {}, {}
        with warnings.catch_warnings(), Noted() as noted:
            warnings.simplefilter("error")
            noted.time = "first"
            for where, source, _ in cells:
                self.first[where] = session.run(source)
            self.described = [live.describe() for live in noted.lives["first"]]
            noted.time = "after"
            for where, source, _ in reversed(cells):
                self.after[where] = session.run(source)
        self.open, self.shown = plt.get_fignums(), noted.shown["after"][::-1]
        self.lives = noted.lives["after"][::-1]
        self.starts = [
            {name: control.value for name, control in live.controls.items()} for live in self.lives
        ]

    def figures(self):
        """Return the live figures, with every control where it starts."""
        for live, start in zip(self.lives, self.starts, strict=True):
            live.set(**start)
        return self.lives


class Noted:
    """Notes each figure that is shown and each that is made alive, by the time at which it is.

    Pictures to be stored, which nothing here compares, are made only the first time.
    """

    def __enter__(self):
        self.shown, self.lives = defaultdict(list), defaultdict(list)
        self.before = show, begin, png = mathutils.show, Live.__init__, plot.png

        def noted_show(fig):
            self.shown[self.time].append(fig)
            return show(fig)

        def noted_begin(live, *args, **options):
            self.lives[self.time].append(live)
            return begin(live, *args, **options)

        def png_once(fig):
            return png(fig) if self.time == "first" else {}

        mathutils.show, Live.__init__ = noted_show, noted_begin
        plot.png = figure.png = png_once
        return self

    def __exit__(self, *problem):
        mathutils.show, Live.__init__, plot.png = self.before
        figure.png = plot.png
