"""Quarter turns, told by how much is found at each, and by what it looks like."""

import numpy as np
import pytest

from retrieval.embed import Embedder
from retrieval.locate.network.finder import Found
from retrieval.locate.upright import (
    fullest_turn,
    is_no_writing,
    likeness_to_characters,
    likest_turn,
    read_turns,
)
from tests import pictures


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
    assert fullest_turn(np.rot90(page, turns), BOXES, 1.0, sees_bright_top) == wanted


def test_a_page_with_little_on_it_stays_as_it_is():
    page = np.zeros((400, 400), np.uint8)
    page[-8:] = 255
    assert fullest_turn(page, BOXES[:5], 1.0, sees_bright_top) == 0


def test_a_little_more_at_another_turn_is_chance():
    def sees(picture):
        count = 104 if picture[0].min() == 255 else 100
        return Found(
            np.zeros((count, 4), np.float32), np.ones(count, np.float32), np.zeros((0, 2), np.float32)
        )

    page = np.zeros((400, 400), np.uint8)
    page[-8:] = 255
    assert fullest_turn(page, BOXES, 1.0, sees) == 0


def like_bright_tops(pictures):
    """A stand-in for the model: what is brighter above than below looks like a character."""
    return np.array([0.9 if picture[:5].mean() > picture[-5:].mean() + 20 else 0.5 for picture in pictures])


def page_of_bright_tops():
    page = np.zeros((400, 400), np.uint8)
    for x0, y0, x1, _ in BOXES.astype(int):
        page[y0 : y0 + 8, x0:x1] = 255
    return page


def turned_boxes(turns):
    """Where the boxes are once the page of 400 pixels was turned so often, counterclockwise."""
    boxes = BOXES
    for _ in range(turns):
        x0, y0, x1, y1 = boxes.T
        boxes = np.stack([y0, 400 - x1, y1, 400 - x0], axis=1)
    return boxes


@pytest.mark.parametrize(("turns", "wanted"), [(0, 0), (1, 90), (2, 180), (3, 270)])
def test_a_page_is_upright_where_its_characters_look_like_some(turns, wanted):
    page = np.ascontiguousarray(np.rot90(page_of_bright_tops(), turns))
    read = read_turns(page, turned_boxes(turns), like_bright_tops)
    assert likest_turn(read) == wanted
    assert not is_no_writing(read)


def test_what_looks_like_characters_in_no_turn_is_no_writing():
    read = read_turns(np.zeros((400, 400), np.uint8), BOXES, like_bright_tops)
    assert is_no_writing(read)
    assert likest_turn(read) == 0, "and as good as any other is how the page lies"


@pytest.mark.parametrize(
    ("boxes", "likeness"), [(BOXES[:5], like_bright_tops), (BOXES, lambda pictures: None)]
)
def test_nothing_is_said_of_few_boxes_or_by_a_model_without_characters(boxes, likeness):
    read = read_turns(page_of_bright_tops(), boxes, likeness)
    assert read == []
    assert not is_no_writing(read)


def test_the_shipped_model_likes_prints_more_than_noise():
    random = np.random.default_rng(0)
    noise = [random.integers(0, 256, (48, 48), dtype=np.uint8) for _ in range(8)]
    prints = [np.asarray(pictures.print_of(seed, 48).convert("L")) for seed in range(8)]
    likeness = likeness_to_characters(Embedder.load(device="cpu"), [*prints, *noise])
    assert likeness[:8].mean() > likeness[8:].mean() + 0.02
