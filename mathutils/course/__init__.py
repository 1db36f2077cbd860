"""The course: the catalogue of rules, and the exercises of each chapter under the chapter's name.

Looking at the exercises before you have tried spoils the fun: the answers of some stand in plain
sight.
"""

from mathutils.course.rule import Rule
from mathutils.course.rules import RULES
from mathutils.sentences import say


def rule(name: str) -> Rule:
    """Return the rule of this name.

    Raises
    ------
    KeyError
        Where there is none.

    Examples
    --------
    >>> rule("linear-map").check()
    right: all 6 entries agree, shape (2, 3)
    """
    for rules in RULES.values():
        for one in rules:
            if one.name == name:
                return one
    raise KeyError(say("no-such-rule", name=name))
