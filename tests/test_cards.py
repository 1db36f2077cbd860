"""A thousand drawn cards: the right answer passes, and each twin is named as itself."""

import numpy as np
import pytest

from mathutils.course.card import Card, cards
from mathutils.course.exercise import SIZES

DRAWN = 1000


def drawn(count):
    """Yield cards with other inputs at each draw, those of both levels in turn."""
    rng = np.random.default_rng(0)
    packs = [cards(1), cards(2)]
    for number in range(count):
        pack = packs[number % 2]
        yield number, pack[rng.integers(len(pack))], rng.integers(2**32)


def redrawn(card, seed):
    """Return a card whose random inputs are others."""

    def inputs(rng, m, n):
        return card.rule.inputs(np.random.default_rng(seed + m + 10 * n), m, n)

    names = getattr(card.rule, "names", "")
    return Card(card.name, card.f, None, inputs, card.wrong, names, card.rule)


@pytest.mark.parametrize("part", range(10))
def test_of_a_thousand_cards_the_right_answer_passes_and_each_twin_is_named(part):
    assert len(set(SIZES)) == 4
    for number, card, seed in drawn(DRAWN):
        if number % 10 == part:
            card = redrawn(card, int(seed))
            assert card.judge(card.rule.derivative), (card.name, seed)
            for mistake, twin in card.wrong.items():
                named = card.judge(twin)
                assert named == card.verdict_on(mistake), (card.name, seed, mistake, named)
