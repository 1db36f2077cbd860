"""The states of a live picture, so that it can be moved where no kernel runs."""

import base64
import io
import itertools
import json
import math
import re
import zlib

import ipywidgets as widgets
import numpy as np
from PIL import Image

from mathutils.control import nearest, read
from mathutils.readout import spoken, typeset
from mathutils.sentences import say
from tools.site.strokes import FINE, Strokes, Table, encoded

LIMIT = 5000  # states: a larger grid is recorded in parts
DENSITY = 2  # pixels of the still part for each of the page's
LATTICE = 24  # places in each direction at which an area is asked what a drag to there does


def record(live):
    """Return all that a live picture can show, as JSON can hold it.

    What is recorded is the whole grid of its controls' values. Where that is too large, controls
    are recorded in groups, those that one drag moves together and each other one alone, with all
    others at their start.
    """
    recording = Recording(live)
    for values in recording.grid():
        recording.add(values)
    return recording.result()


def packed(recording):
    """Return a recording as text that a script can carry."""
    text = json.dumps(recording, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode()


class Recording:
    def __init__(self, live):
        self.live = live
        live.picture.pixel_ratio = DENSITY
        self.start = {name: read(control) for name, control in live.controls.items()}
        self.values = {name: values(name, control) for name, control in live.controls.items()}
        self.strokes = Strokes(live._figure)
        self.drawn, self.answers = {}, {}
        self.stills, self.readouts, self.handles, self.states = Table(), Table(), Table(), []
        live._move(self.start)
        moved = [self._moved(handle) for handle in live._pen.handles.values()]
        self.groups = groups({name: len(v) for name, v in self.values.items()}, moved)

    def grid(self):
        """Yield the values of the controls in each state, by name."""
        for group in self.groups:
            for some in itertools.product(*(self.values[name] for name in group)):
                yield self.start | dict(zip(group, some, strict=True))

    def add(self, values):
        live = self.live
        text = typeset(live._move(values))
        if live._figure.stale:
            live._paint_still()
            self.drawn = {}
        handles = {name: self._handle(handle) for name, handle in live._pen.handles.items()}
        self.states.append(
            [
                self.stills.number(live.picture.still),
                self.readouts.number((in_parts(text), spoken(text))),
                self.handles.number(json.dumps(handles)),
                *itertools.chain(*map(self._strokes, live._pen.shown, live._pen.states)),
            ]
        )

    def _strokes(self, artist, state):
        """Return an artist's strokes, drawn anew where it looks otherwise than before."""
        if state not in self.drawn:
            self.drawn[state] = self.strokes.drawn = []
            artist.draw(self.strokes)
        return self.drawn[state]

    def result(self):
        names = list(self.values)
        return {
            "width": self.live.picture.width,
            "height": self.live.picture.height,
            "fine": FINE,
            "controls": [self._control(name) for name in names],
            "groups": [[names.index(name) for name in group] for group in self.groups],
            "stills": [encoded(Image.open(io.BytesIO(still)), "webp") for still in self.stills],
            "readouts": list(self.readouts),
            "handles": [json.loads(handle) for handle in self.handles],
            "styles": list(self.strokes.styles),
            "paths": list(self.strokes.paths),
            "images": self.strokes.pictures(),
            "strokes": list(self.strokes.strokes),
            "states": self.states,
        }

    def _control(self, name):
        control, found = self.live.controls[name], self.values[name]
        place = next(i for i, value in enumerate(found) if same(value, self.start[name]))
        return {
            "label": math_between(control.description),
            "title": control.tooltip,
            "kind": kind(control),
            "values": labels(control, found),
            "start": place,
        }

    def _moved(self, handle):
        """Return the names of the controls that a drag of this handle moves."""
        if not callable(handle.drag):
            return [name for name in handle.drag if name]
        return list(handle.values(*handle.points[0]))

    def _handle(self, handle):
        """Return where a handle is, which controls it moves, and by which directions of a drag."""
        names, moved = list(self.values), self._moved(handle)
        kept = self.live._place(handle) | {"moves": [names.index(name) for name in moved]}
        if handle.grip == "anywhere":
            known = (handle.drag, np.asarray(handle.points).tobytes())
            if known not in self.answers:  # a function that is not made anew by each drawing
                self.answers[known] = self._answers(handle, moved)
            return kept | {"answers": self.answers[known]}
        return kept | {"along": along(handle)}

    def _answers(self, handle, moved):
        """Return the places of the values that a drag to each place of a lattice gives."""
        (left, bottom), (right, top) = handle.points[0], handle.points[2]
        parts = (np.arange(LATTICE) + 0.5) / LATTICE
        answers = []
        for y, x in itertools.product(
            bottom + parts * (top - bottom), left + parts * (right - left)
        ):
            given = handle.values(x, y)
            answers.append([self._place_of(name, given[name]) for name in moved])
        return answers

    def _place_of(self, name, value):
        value = nearest(self.live.controls[name], value)
        return next(i for i, known in enumerate(self.values[name]) if same(known, value))


def groups(sizes, moved):
    """Return the names of the controls that are recorded together, for the sizes by name."""
    if math.prod(sizes.values()) <= LIMIT:
        return [list(sizes)]
    found = [[name] for name in sizes]
    for names in moved:
        touched = [group for group in found if set(group) & set(names)]
        merged = [name for name in sizes if any(name in group for group in touched)]
        if math.prod(sizes[name] for name in merged) <= LIMIT:
            found = [group for group in found if group not in touched] + [merged]
    return sorted(found, key=lambda group: list(sizes).index(group[0]))


def along(handle):
    """Return for x and y whether a drag in that direction changes what the handle's drag says."""
    if not callable(handle.drag):
        return [bool(name) for name in handle.drag]
    x, y = handle.points[0]
    box = handle.axes.viewLim
    here = handle.values(x, y)
    across, upright = handle.values(box.x0, y), handle.values(x, box.y0)
    return [across != here or upright == here, upright != here or across == here]


def values(name, control):
    """Return the values that a control can have, in order, and in place of the nearest its own.

    It may stand between two steps, as h = 0.5 does on a logarithmic slider.

    Raises
    ------
    ValueError
        Where they cannot be listed.
    """
    if isinstance(control.value, bool):
        return [False, True]
    if isinstance(control.value, tuple) and not hasattr(control, "_options_values"):
        raise ValueError(say("cannot-record", name=name))
    if hasattr(control, "_options_values"):
        return list(control._options_values)
    if not all(getattr(control, word, None) is not None for word in ("min", "max", "step")):
        raise ValueError(say("cannot-record", name=name))
    numbers = np.arange(round((control.max - control.min) / control.step) + 1)
    numbers = [min(control.min + n * control.step, control.max) for n in numbers]
    if isinstance(control, widgets.FloatLogSlider):
        found = [control.base ** float(n) for n in numbers]
    else:
        found = [nearest(control, n) for n in numbers]
    found[int(np.argmin(np.abs(np.subtract(found, control.value))))] = control.value
    return [read(control, value) for value in found]


def same(value, other):
    if isinstance(value, float) and isinstance(other, int | float):
        return math.isclose(value, other, rel_tol=1e-9, abs_tol=1e-12)
    return value == other


def kind(control):
    if isinstance(control.value, bool):
        return "tick"
    slider = isinstance(control, widgets.SelectionSlider) or not hasattr(
        control, "_options_values"
    )
    return "slider" if slider else "choice"


def labels(control, found):
    """Return what a control shows for its values."""
    if hasattr(control, "_options_labels"):
        return list(control._options_labels)
    form = getattr(control, "readout_format", "")
    return [format(value, form).replace("-", "−") for value in found]


def math_between(text):
    r"""Return a text with mathematics between ``\(`` and ``\)`` in place of dollars."""
    parts = text.split("$")
    return "".join(rf"\({part}\)" if i % 2 else part for i, part in enumerate(parts))


def in_parts(text):
    """Return a readout as mathematics that can be broken between its parts, on narrow screens."""
    *others, last = parts(text)
    return " ".join(math_between(part) for part in [*map(with_comma, others), last])


def with_comma(part):
    return f"{part[:-1]},$" if part.endswith("$") else f"{part},"


def parts(text):
    """Return the parts of a readout, each with its mathematics between dollars."""
    depth, start, found = 0, 0, []
    for match in re.finditer(r"[{}]|,\s*\\q?quad\s*", text):
        depth += {"{": 1, "}": -1}.get(match[0], 0)
        if match[0][0] == "," and not depth:
            found.append(text[start : match.start()])
            start = match.end()
    found.append(text[start:])
    inside = [sum(part.count("$") for part in found[:i]) % 2 for i in range(len(found))]
    opened = ["$" * odd + part for odd, part in zip(inside, found, strict=True)]
    return [part + "$" * (part.count("$") % 2) for part in opened]
