"""Skew from where the characters stand, and level rules from the network's map."""

import numpy as np
import pytest

from retrieval.locate.separators import separators
from retrieval.locate.straighten import page_skew, straight


def grid(angle):
    points = np.array([(x, y) for x in range(0, 400, 40) for y in range(0, 600, 30)], float)
    turned = straight(points, -angle)
    return np.concatenate([turned - 12, turned + 12], axis=1)


@pytest.mark.parametrize("angle", [-4.0, -0.7, 0.0, 2.3, 6.0])
def test_the_skew_of_columns_is_found(angle):
    assert page_skew(grid(angle), 24) == pytest.approx(angle, abs=0.15)


def test_too_few_characters_have_no_skew():
    assert page_skew(grid(3.0)[:5], 24) == 0


def test_turning_there_and_back_moves_nothing():
    points = np.random.default_rng(0).uniform(0, 100, (9, 2))
    assert np.allclose(straight(straight(points, 3.0), -3.0), points)
    clockwise = straight(np.array([[1.0, 0.0]]), -90.0)
    assert np.allclose(clockwise, [[0, 1]]), "y runs down, so a turn clockwise leads from x to y"


def test_lines_are_found_and_parted_where_they_stop():
    places = [(x, y) for y in (100, 300) for x in range(10, 400, 4)]
    places += [(x, 500) for x in [*range(10, 180, 4), *range(260, 400, 4)]]
    lines = separators(np.array(places, np.float32), 24, 1.0)
    assert [round(line.y) for line in lines] == [100, 300, 500, 500]
    assert [(round(line.x0), round(line.x1)) for line in lines[2:]] == [(10, 178), (260, 396)]


def test_specks_are_no_lines():
    assert separators(np.array([(5, 5), (50, 5), (9, 80)], np.float32), 24, 1.0) == []
    assert separators(np.zeros((0, 2), np.float32), 24, 1.0) == []
