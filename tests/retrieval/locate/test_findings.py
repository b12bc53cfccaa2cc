"""What is odd about a page, told apart."""

import numpy as np
import pytest

from retrieval.locate import PageBoxes
from retrieval.locate.findings import finding_of, overlapping
from retrieval.locate.types import Box

PAPER = np.full((300, 200), 230, np.uint8)


def found(*places):
    boxes = tuple(Box(x, y, 10.0, 10.0, order=number) for number, (x, y) in enumerate(places, 1))
    return PageBoxes(200, 300, 0, 0.0, boxes)


def photograph():
    return np.random.default_rng(1).integers(0, 256, (300, 200), np.uint8)


@pytest.mark.parametrize(
    ("grey", "boxes", "finding"),
    [
        (PAPER, (), "blank"),
        (photograph(), (), "no_text"),
        (PAPER, [(x, 20) for x in range(0, 100, 12)], ""),
        (PAPER, [(0, 0), (2, 0), (50, 50)], "overlapping"),
        (PAPER, [(12 * (number % 100), 12 * (number // 100)) for number in range(5_001)], "too_many"),
    ],
)
def test_each_has_its_word(grey, boxes, finding):
    assert finding_of(grey, found(*boxes)) == finding


def test_overlaps_against_looking_at_each_pair():
    places = np.random.default_rng(2).uniform(0, 60, (40, 2))
    places = np.hstack([places, places + 10])
    slow = [
        any(one != other and _iou(places[one], places[other]) > 0.3 for other in range(40))
        for one in range(40)
    ]
    assert list(overlapping(places)) == slow
    assert any(slow)


def _iou(one, other):
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    common = max(0, width) * max(0, height)
    return common / (200 - common)
