"""The pictures in figures/ are those that the chapters draw."""

import math
import re

import pytest

from tools.chapters import ROOT, chapters
from tools.figures import draw

ENGLISH = [path for path in chapters() if path.parent.name == "en"]
NUMBER = re.compile(r"-?\d+\.?\d*(?:e[-+]?\d+)?")


def test_there_is_one_picture_for_each_chapter():
    stored = sorted(path.stem for path in (ROOT / "figures").glob("*.svg"))
    assert stored == [path.stem for path in ENGLISH]


@pytest.mark.parametrize("path", ENGLISH, ids=lambda path: path.stem)
def test_it_is_in_step_with_the_chapter(path):
    stored = (ROOT / "figures" / f"{path.stem}.svg").read_text(encoding="utf-8")
    drawn = draw(path)
    # The last digits, and the names made of them, differ between machines.
    assert skeleton(drawn) == skeleton(stored), "run: python3 run.py figures"
    pairs = zip(coordinates(drawn), coordinates(stored), strict=True)
    assert max(abs(a - b) for a, b in pairs) < 0.1


def coordinates(svg):
    """The numbers of the picture, without the last point of a curve that ends where it began."""
    found = []
    for text in re.findall(r'(?: d| transform| x| y)="([^"]*)"', svg):
        for curve in text.split("M"):
            numbers = list(map(float, NUMBER.findall(curve)))
            closed = len(numbers) > 2 and math.dist(numbers[:2], numbers[-2:]) < 0.01
            found += numbers[:-2] if closed else numbers
    return found


def skeleton(svg):
    """The elements with their styles, without coordinates and generated names."""
    named = re.sub(r'(id|href|clip-path)="[^"]*"', "", svg)
    return re.sub(r'( d| transform| x| y)="[^"]*"', "", named)
