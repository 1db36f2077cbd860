"""The pictures in figures/ are those that the chapters draw."""

import math
import re

import numpy as np
import pytest
from PIL import Image

from tools import moving
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


def test_the_picture_of_the_readme_moves_and_is_small():
    assert moving.TARGET.stat().st_size < 500_000
    with Image.open(moving.TARGET) as picture:
        assert picture.n_frames == moving.FRAMES and picture.info["loop"] == 0
        shown = []
        for frame in (0, moving.FRAMES // 4, 3 * moving.FRAMES // 4):
            picture.seek(frame)
            shown.append(np.asarray(picture.convert("L"), dtype=float))
    differ = [np.mean(abs(a - b) > 60) for a, b in zip(shown, shown[1:], strict=False)]
    assert all(0.002 < part < 0.2 for part in differ), "something moves, and something stays"
    name = moving.TARGET.relative_to(ROOT).as_posix()
    assert f"]({name})" in (ROOT / "README.md").read_text(encoding="utf-8")


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
