"""Practice: cards of the catalogue, one after the other, answered by typing the derivative."""

from pathlib import Path

import ipywidgets as widgets
import numpy as np

from mathutils import working_copy
from mathutils.control import view
from mathutils.course.boxes import LAST, Boxes
from mathutils.course.card import Card, cards
from mathutils.course.exercise import Exercises, Judgement
from mathutils.course.functions import log_sum_exp, softmax
from mathutils.course.kinds import Counterexample, Deck
from mathutils.course.shown import html_of, verdict_html
from mathutils.course.typed import Mistyped, function_of
from mathutils.sentences import say

FILE = "boxes.json"

exercises = Exercises(
    Deck.of_rules("card-number-of-vector", "ridge", "log-sum-exp", "weighted-residual"),
    Deck.of_rules(
        "card-number-of-matrix", "trace-square-weighted", "layer", "least-squares-matrix"
    ),
    Deck.of_rules("card-vector-of-vector", "softmax", "unit-vector", "sigmoid"),
    Deck.of_rules(
        "card-determinant-or-inverse", "determinant-product", "trace-inverse", "log-det-gram"
    ),
    Counterexample(
        "inner-factor-left-out",
        f=lambda x, M: log_sum_exp(M @ x),
        claim=lambda x, M: softmax(M @ x),
        answer=[np.array([0.0]), np.array([[2.0]])],
        wrong={
            "M-is-the-identity": [np.array([1.0, 2]), np.eye(2)],
            "M-leaves-softmax": [np.array([1.0, 1]), np.array([[0.75, 0.25], [0.25, 0.75]])],
        },
        holds={
            "M-is-the-identity": lambda x, M: np.array_equal(M, np.eye(len(M))),
            "M-leaves-softmax": lambda x, M: np.allclose(M.T @ softmax(M @ x), softmax(M @ x)),
        },
    ),
)


def practice(level: int = 1, path: Path | None = None) -> "Practice":
    """Return cards to practise with: the derivative is typed as code, and Enter judges it.

    Parameters
    ----------
    level : 1 for functions of the catalogue, 2 for functions made of two
    path : file for the boxes of the cards
        When it is not given, they are kept beside the reader's working copies; where a chapter
        itself runs, nowhere.

    Examples
    --------
    >>> box = practice()
    >>> print(box.card.judge(box.card.rule.derivative))
    right: it agrees on 4 random inputs
    """
    folder = working_copy.results_folder()
    return Practice(level, path or (folder and folder / FILE))


class Practice(widgets.VBox):
    """A card, a line to type in, and buttons; Tab goes round, Enter judges, Space presses."""

    def __init__(self, level, path):
        self.path, self.card = path, None
        self.asked, self.verdict, self.help, self.state = (widgets.HTMLMath() for _ in range(4))
        self.line = widgets.Text(continuous_update=False, placeholder="2 * A @ x")
        self.line.layout.width = "auto"
        self.line.tooltip = say("practice-line")
        levels = [(say("practice-level", number=number), number) for number in (1, 2)]
        self.level = widgets.ToggleButtons(options=levels, value=level)
        self.level.style.button_width = "6em"
        self.buttons = {}
        for slug in ("practice-next", "practice-hint", "practice-derivation"):
            self.buttons[slug] = widgets.Button(description=say(slug))
        self._entered = False
        self._begin()
        self._listen()
        row = widgets.HBox([*self.buttons.values(), self.level])
        parts = [self.asked, self.line, self.verdict, row, self.help, self.state]
        super().__init__(parts, layout={"max_width": "56em"})

    def _listen(self):
        self.line.on_msg(self._note_enter)
        self.line.observe(self._on_line, names="value")
        self.level.observe(lambda _: self._begin(), names="value")
        pressed = self._next, self._hint, self._derive
        for button, do in zip(self.buttons.values(), pressed, strict=True):
            button.on_click(lambda _, do=do: do())

    _ipython_display_ = None

    def _repr_mimebundle_(self, **kwargs):
        """Beside the widget: what is asked first, as text, which nbval compares."""
        texts = dict.fromkeys(("text/plain", "text/markdown"), self.card.statement)
        return view(self) | texts

    def answer(self, code: str) -> Judgement:
        """Return the `Judgement` of a derivative that is typed as code."""
        try:
            return self.card.judge(function_of(code, self.card.arguments))
        except Mistyped as problem:
            return Judgement("undecided", str(problem), "blank")

    def _begin(self):
        self.cards = {card.name: card for card in cards(self.level.value)}
        self.boxes = Boxes(self.cards, self.path)
        self._lay(self.boxes.next())

    def _lay(self, name):
        """Lay a card before the reader."""
        self.card: Card = self.cards[name]
        self.missed, self.done, self.hints = False, False, 0
        self.asked.value = html_of(self.card.statement)
        self.line.value = self.verdict.value = self.help.value = ""
        self._tell_state()

    def _note_enter(self, _, content, __):
        self._entered = content.get("event") == "submit"

    def _on_line(self, change):
        entered, self._entered = self._entered, False
        if change["new"].strip():
            self._judge(change["new"], entered)

    def _judge(self, code, entered=True):
        """Show the verdict on what was typed; count it only where Enter was pressed."""
        verdict = self.answer(code)
        self.verdict.value = verdict_html(verdict, verdict.evidence)
        if not entered or self.done or verdict.mistake == "blank":
            return
        if not self.missed:
            self.boxes.put(self.card.name, bool(verdict))
            self.missed = not verdict
        self.done = bool(verdict)
        self._tell_state()

    def _next(self):
        self._lay(self.boxes.next(last=self.card.name))
        self.line.focus()

    def _hint(self):
        hints = self.card.hints
        self.hints = min(self.hints + 1, len(hints))
        told = [
            say("hint", number=k, all=len(hints), hint=hint)
            for k, hint in enumerate(hints[: self.hints], start=1)
        ]
        self.help.value = html_of("\n\n".join(told))

    def _derive(self):
        if not self.done and not self.missed:
            self.missed = True
            self.boxes.put(self.card.name, False)
            self._tell_state()
        self.help.value = html_of(self.card.derivation)

    def _tell_state(self):
        counts = [sum(self.boxes.box(name) == b for name in self.cards) for b in range(LAST + 1)]
        self.state.value = html_of(say("practice-state", new=counts[0], boxes=counts[1:]))
