"""The controls of a live picture, which may be any widgets that have a value."""

import re
from collections.abc import Callable
from inspect import Parameter, signature
from numbers import Real

import ipywidgets as widgets
import numpy as np

from mathutils.readout import spoken
from mathutils.sentences import say

GREEK = "alpha|beta|gamma|delta|epsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau"
GREEK = f"{GREEK}|upsilon|phi|chi|psi|omega".split("|")


def make_controls(draw: Callable, given: dict) -> dict:
    """Return a widget for each parameter of `draw` but the first, by name, at its default.

    Parameters
    ----------
    draw : function
    given : dict of widgets or of `ipywidgets.interact`'s abbreviations, by name
        Where one is missing, the default is the abbreviation.

    Raises
    ------
    TypeError, ValueError
        See `mathutils.live`.

    Examples
    --------
    >>> slider = make_controls(lambda pen, x=1.0: None, {"x": (-2, 2, 0.25)})["x"]
    >>> slider.description, slider.value, slider.max
    ('$x$', 1.0, 2.0)
    """
    parameters = dict(list(signature(draw).parameters.items())[1:])
    if any(p.kind == Parameter.VAR_KEYWORD for p in parameters.values()):
        parameters = {k: p for k, p in parameters.items() if p.kind != Parameter.VAR_KEYWORD}
        parameters |= {k: Parameter(k, Parameter.KEYWORD_ONLY) for k in given.keys() - parameters}
    if unknown := given.keys() - parameters:
        raise TypeError(say("no-such-parameter", names=sorted(unknown)))
    return {name: _control(p, given.get(name, p.default)) for name, p in parameters.items()}


def _control(parameter, given):
    name, start = parameter.name, parameter.default
    if given is Parameter.empty:
        raise TypeError(say("no-control", name=name))
    control = widgets.interactive.widget_from_abbrev(given)
    if not hasattr(control, "value"):
        raise TypeError(say("bad-control", name=name, given=repr(given)))
    if start is not Parameter.empty:
        _start_at(control, name, start)
    if isinstance(control, widgets.DOMWidget):
        control.description = control.description or symbol(name)
        _name(control, spoken(control.description))
    if isinstance(control, widgets.Checkbox):
        control.indent = False
    return control


def _name(control, name):
    old = control.has_trait("description_tooltip")  # what ipywidgets 7 call it
    setattr(control, "description_tooltip" if old else "tooltip", name)


def _start_at(control, name, start):
    problem = ValueError(say("bad-start", name=name, start=repr(start)))
    try:
        control.value = start
    except Exception:
        raise problem from None
    if not np.array_equal(control.value, start):
        raise problem
    if getattr(control, "step", None) and isinstance(start, Real | tuple | list):
        control.value = nearest(control, start)
        if not np.allclose(control.value, start, rtol=1e-9, atol=1e-9 * control.step):
            raise problem


def symbol(name: str) -> str:
    r"""Return the name of a parameter as mathematics: ``theta1`` is ``$\theta_{1}$``."""
    letters, index = re.fullmatch(r"(.*?)_?(\d*)", name).groups()
    parts = [rf"\{part}" if part.lower() in GREEK else part for part in letters.split("_")]
    first, *others = [
        part if len(part) == 1 or part[0] == "\\" else rf"\mathrm{{{part}}}" for part in parts
    ]
    below = ",".join(filter(None, [*others, index]))
    return f"${first}_{{{below}}}$" if below else f"${first}$"


def view(widget: widgets.Widget) -> dict:
    """Return a widget as what a cell shows, in the same way with ipywidgets 7 and 8.

    A class that shows it together with other forms of itself sets `_ipython_display_`, by which
    ipywidgets 7 show a widget alone, to None.

    Examples
    --------
    >>> list(view(widgets.IntSlider()))
    ['application/vnd.jupyter.widget-view+json']
    """
    name = {"version_major": 2, "version_minor": 0, "model_id": widget.model_id}
    return {"application/vnd.jupyter.widget-view+json": name}


def ends(control: widgets.Widget) -> list:
    """Return the first and the last value that a control can be set to, [] where it has none.

    Examples
    --------
    >>> ends(widgets.FloatLogSlider(min=-3, max=0)), ends(widgets.Dropdown(options={"one": 1}))
    ([0.001, 1.0], [1, 1])
    """
    if isinstance(control.value, bool):
        return [False, True]
    if hasattr(control, "_options_values"):
        first, last = control._options_values[0], control._options_values[-1]
        several = isinstance(control, widgets.SelectMultiple)
        first, last = ((first,), (last,)) if several else (first, last)
    elif getattr(control, "min", None) is None or getattr(control, "max", None) is None:
        return []
    else:
        first, last = control.min, control.max
    if isinstance(control, widgets.FloatLogSlider):
        first, last = control.base**first, control.base**last
    if isinstance(control, RANGES):
        return [(first, first), (first, last), (last, last)]
    return [first, last]


RANGES = widgets.IntRangeSlider, widgets.FloatRangeSlider, widgets.SelectionRangeSlider


def nearest(control: widgets.Widget, value: object) -> object:
    """Return the value nearest to a number that a control can have; other values as they are.

    Examples
    --------
    >>> nearest(widgets.IntSlider(max=100, step=5), 12.6), nearest(widgets.Text(), "word")
    (15, 'word')
    """
    options = getattr(control, "_options_values", ())
    if value in options:
        return value
    if isinstance(value, tuple | list):
        return tuple(nearest(control, number) for number in value)
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    if not np.isfinite(value):
        return control.value
    if options:
        return min(options, key=lambda option: abs(option - value))
    if not ends(control):
        return value
    if isinstance(control, widgets.FloatLogSlider):
        value = max(value, control.base**control.min)  # a drag can lead below zero
        return control.base ** _on_grid(control, np.log(value) / np.log(control.base))
    number = _on_grid(control, value)
    whole = isinstance(control.value[0] if isinstance(control, RANGES) else control.value, int)
    return round(number) if whole else number


def _on_grid(control, number):
    """Return what the slider in the browser makes of a number, to the last bit.

    Else it would tell the kernel of another value than the one that it has been given.
    """
    low, high, step = control.min, control.max, getattr(control, "step", None)
    if not step or number >= high:
        return float(np.clip(number, low, high))
    percent, steps = 100 * (number - low) / (high - low), 100 * step / (high - low)
    percent = np.floor(percent / steps + 0.5) * steps
    return float(np.clip(percent * (high - low) / 100 + low, low, high))


def read(control: widgets.Widget, value: object = None) -> object:
    """Return the value of a control without what a slider's arithmetic adds to it.

    With `value`, one that it could have in place of its own.

    Examples
    --------
    >>> read(widgets.FloatSlider(0.30000000000000004, max=1, step=0.1))
    0.3
    """
    value = control.value if value is None else value
    if isinstance(control, widgets.FloatLogSlider):
        return float(f"{value:.12g}")
    step = getattr(control, "step", None)
    if not isinstance(step, float) or not step:
        return value
    digits = 6 - int(np.floor(np.log10(step)))
    if isinstance(control, RANGES):
        return tuple(round(number, digits) for number in value)
    return round(value, digits)
