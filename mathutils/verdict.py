"""What a check found: right, wrong or undecided, and why."""

from dataclasses import dataclass
from html import escape

from mathutils.sentences import say

SIGNS = {"right": "✓", "wrong": "✗", "undecided": "?"}


@dataclass(frozen=True, repr=False)
class Verdict:
    """What a check found. True in an ``if`` only when the claim is right.

    Attributes
    ----------
    status : "right", "wrong" or "undecided"
    reason : str
    mistake : str or None
        The kind of a mistake that was recognised: "transpose", "denominator layout", "sign",
        "factor", "symmetric", "one triangle", "vec order", "diagonal", "shape", "precision" or
        "one entry".

    Examples
    --------
    >>> Verdict("wrong", "the sign is wrong", "sign")
    wrong: the sign is wrong
    """

    status: str
    reason: str
    mistake: str | None = None

    def __bool__(self):
        return self.status == "right"

    def __repr__(self):
        return say("verdict", status=say(self.status), reason=self.reason)

    def _repr_html_(self):
        """In a notebook with a sign, and in a colour that page.css knows."""
        text = escape(f"{SIGNS[self.status]} {self!r}").replace("\n", "<br>")
        return f"<verdict-{self.status}>{text}</verdict-{self.status}>"
