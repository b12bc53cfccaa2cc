"""Quarter turns, told by how much is found at each."""

import numpy as np
import pytest

from retrieval.locate.finder import Found
from retrieval.locate.upright import quarter_turn


def sees_bright_top(picture):
    """A stand-in for the network: it finds characters where the picture's upper edge is bright."""
    count = 20 if picture[0].min() == 255 else 10
    none = np.zeros((count, 4), np.float32)
    return Found(none, np.full(count, 0.8, np.float32), np.zeros((0, 2), np.float32))


BOXES = np.array([(x, y, x + 20, y + 20) for x in range(0, 200, 30) for y in range(0, 300, 25)], float)


@pytest.mark.parametrize(("turns", "wanted"), [(0, 0), (1, 90), (2, 180), (3, 270)])
def test_the_turn_is_the_one_that_takes_the_page_back(turns, wanted):
    page = np.zeros((400, 400), np.uint8)
    page[:8] = 255
    assert quarter_turn(np.rot90(page, turns), BOXES, 1.0, sees_bright_top) == wanted


def test_a_page_with_little_on_it_stays_as_it_is():
    page = np.zeros((400, 400), np.uint8)
    page[-8:] = 255
    assert quarter_turn(page, BOXES[:5], 1.0, sees_bright_top) == 0


def test_a_little_more_at_another_turn_is_chance():
    def sees(picture):
        count = 104 if picture[0].min() == 255 else 100
        return Found(
            np.zeros((count, 4), np.float32), np.ones(count, np.float32), np.zeros((0, 2), np.float32)
        )

    page = np.zeros((400, 400), np.uint8)
    page[-8:] = 255
    assert quarter_turn(page, BOXES, 1.0, sees) == 0
