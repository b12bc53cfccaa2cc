"""Carvings by one hand: alike, no two the same, and printed as they are carved."""

import numpy as np
import pytest

from retrieval.register import PrintOver, item_form, print_form, read_item_form
from retrieval.synth.glyphs import FIELD
from retrieval.synth.hands import CLEAN, PRINTED, WORN, draw_block, draw_hand, draw_wood
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures
from tests.retrieval.carving import character


@pytest.fixture(scope="module")
def hand():
    """Random lots, textures, and six carvings of one character."""
    random = np.random.default_rng(5)
    textures = Textures(random, count=4)
    ink = character(160)
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    tight = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    return random, textures, draw_hand(tight, 6, random, textures)


def test_carvings_of_one_hand_are_alike_and_never_the_same(hand):
    _, _, fields = hand
    inks = [field > 128 for field in fields]
    assert all(field.shape == (FIELD, FIELD) for field in fields)
    for place, one in enumerate(inks):
        for other in inks[:place]:
            shared = (one & other).sum() / (one | other).sum()
            assert 0.4 < shared < 0.98


@pytest.mark.parametrize("manner", [CLEAN, WORN])
def test_a_print_shows_its_own_carving(hand, manner):
    random, textures, fields = hand
    wood = draw_wood(random)
    forms = [
        read_item_form(item_form(draw_block(field, [], wood, random, textures, side=128))) for field in fields
    ]
    right = []
    for place, field in enumerate(fields):
        gray = draw_print(field, [], random, textures, placing=PRINTED, manner=manner)
        assert min(manner.sides) - 1 <= gray.shape[0] <= max(manner.sides)
        scores = [one.score for one in PrintOver(print_form(gray)).register(forms)]
        right.append(int(np.argmax(scores)) == place)
    assert sum(right) >= 4


def test_the_same_lots_draw_the_same():
    ink = character(100)
    made = [
        draw_hand(ink, 2, random, Textures(random, count=2)) for random in map(np.random.default_rng, (3, 3))
    ]
    assert np.array_equal(made[0], made[1])
