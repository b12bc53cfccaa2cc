"""Ink of a page, boxes snapped to it, parted at gaps, and cut out."""

import cv2
import numpy as np
import pytest

from retrieval.locate import Box, crop_box, ink_map, snap_to_ink, split_at_gap


@pytest.fixture
def page():
    """Two columns of four blocks of strokes, 30 px each, with a rule between them."""
    grey = np.full((220, 160), 225, np.uint8)
    for x in (20, 100):
        for y in (20, 65, 110, 155):
            cv2.rectangle(grey, (x, y), (x + 29, y + 29), 40, 5)
            cv2.line(grey, (x, y + 15), (x + 29, y + 15), 40, 4)
    cv2.line(grey, (75, 5), (75, 215), 40, 1)
    return grey


def test_ink_is_found_on_either_polarity(page):
    dark, light = ink_map(page, 30), ink_map(255 - page, 30)
    assert dark[35, 30] > 0.8
    assert dark[5, 5] < 0.1
    assert np.abs(dark - light).max() < 0.05


def test_a_loose_box_is_drawn_tight(page):
    (snapped,) = snap_to_ink(ink_map(page, 30), [Box(12, 14, 46, 44)])
    assert snapped.x == pytest.approx(18, abs=2)
    assert snapped.y == pytest.approx(18, abs=2)
    assert snapped.w == pytest.approx(34, abs=3)
    assert snapped.h == pytest.approx(34, abs=3)


def test_a_box_without_ink_stays(page):
    empty = Box(52, 100, 10, 10)
    assert snap_to_ink(ink_map(page, 30), [empty]) == [empty]


def test_two_in_one_box_are_parted_in_the_gap(page):
    (cut,) = split_at_gap(ink_map(page, 30), Box(15, 15, 40, 85))
    assert 52 <= cut <= 63


def test_a_crop_lies_around_its_box(page):
    assert crop_box(page, Box(20, 20, 30, 30)).shape == (34, 34)
    assert crop_box(page, Box(-5, -5, 8, 8), 3.0).shape == (9, 9)
