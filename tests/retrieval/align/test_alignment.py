"""Texts laid along boxes whose vectors are made up: what is right is known."""

import numpy as np
import pytest

from common.transcriptions import UNREAD, PageText, text_of
from retrieval.align import CharacterVectors, align
from retrieval.align.alignment import FITS
from retrieval.align.anchors import RUN, anchors, cuts

ALPHABET = [chr(0x4E00 + place) for place in range(300)]


@pytest.fixture(scope="module")
def known():
    return CharacterVectors(ALPHABET, _unit(np.random.default_rng(1).normal(size=(300, 64))))


def _unit(rows):
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def _boxes(known, characters, noise=0.06, seed=2):
    """Vectors near those of the characters."""
    chance = np.random.default_rng(seed)
    places = [ALPHABET.index(one) for one in characters]
    directions = np.array([known._vectors[place] for place in places]).reshape(len(places), 64)
    return _unit(directions + noise * chance.normal(size=(len(characters), 64)))


def _text(length, seed=3):
    drawn = np.random.default_rng(seed).integers(0, 300, length)
    return PageText(tuple(ALPHABET[one] for one in drawn), tuple(place % 20 == 0 for place in range(length)))


def _places(found):
    return [box.place for box in found.boxes]


def test_each_box_gets_its_character(known):
    text = _text(200)
    found = align(_boxes(known, text.characters), text.starts, text, known)
    assert _places(found) == list(range(200))
    assert [box.character for box in found.boxes] == list(text.characters)
    assert all(box.agrees and box.confidence > 0.9 for box in found.boxes)
    assert (found.fit, found.left) == (1.0, 0)


def test_missing_and_extra_boxes_push_nobody_aside(known):
    text = _text(200)
    vectors, starts = _boxes(known, text.characters), np.array(text.starts)
    stray = _unit(np.random.default_rng(4).normal(size=(1, 64)))
    rows = np.concatenate([vectors[:50], vectors[53:120], stray, vectors[120:]])
    begins = np.concatenate([starts[:50], starts[53:120], [False], starts[120:]])
    found = align(rows, begins, text, known)
    assert _places(found) == [*range(50), *range(53, 120), -1, *range(120, 200)]
    assert found.left == 3
    assert found.boxes[117].confidence == 0


def test_a_page_finds_its_place_in_a_books_text(known):
    book = _text(6000)
    page = slice(3210, 3410)
    found = align(_boxes(known, book.characters[page]), book.starts[page], book, known)
    assert _places(found) == list(range(3210, 3410))


def test_a_whole_book_is_aligned_in_parts(known):
    book = _text(5000)
    keep = np.random.default_rng(5).random(5000) > 0.02
    seen = []
    rows = _boxes(known, book.characters)[keep]
    found = align(rows, np.array(book.starts)[keep], book, known, report=lambda *at: seen.append(at))
    assert np.mean(np.array(_places(found)) == np.flatnonzero(keep)) > 0.995
    assert len(seen) > 8
    assert seen[-1] == (len(rows), len(rows))


def test_the_text_of_another_page_does_not_fit(known):
    text = _text(200)
    found = align(_boxes(known, _text(200, seed=9).characters), text.starts, text, known)
    assert found.fit < FITS / 2


def test_a_slip_of_the_text_is_a_box_that_does_not_agree(known):
    text = _text(100)
    wrong = list(text.characters)
    wrong[40] = next(one for one in ALPHABET if one not in text.characters)
    found = align(_boxes(known, text.characters), text.starts, PageText(tuple(wrong), text.starts), known)
    assert _places(found) == list(range(100))
    assert [place for place, box in enumerate(found.boxes) if not box.agrees] == [40]
    assert found.boxes[40].confidence < min(box.confidence for box in found.boxes if box.agrees)


def test_unread_and_unknown_characters_keep_their_places(known):
    text = _text(60)
    characters = [*text.characters]
    characters[10], characters[20] = UNREAD, "\U00030000"
    found = align(
        _boxes(known, text.characters), text.starts, PageText(tuple(characters), text.starts), known
    )
    assert _places(found) == list(range(60))
    assert (found.boxes[10].character, found.boxes[20].character) == ("", "\U00030000")


def test_a_variant_counts_as_the_character(known):
    text = _text(40)
    other = "\U00030001"
    written = tuple(other if place == 7 else one for place, one in enumerate(text.characters))
    boxes = _boxes(known, text.characters)
    found = align(
        boxes, text.starts, PageText(written, text.starts), known, variants={other: [text.characters[7]]}
    )
    assert found.boxes[7].agrees
    assert found.boxes[7].character == other


@pytest.mark.parametrize(("boxes", "length"), [(0, 0), (0, 5), (5, 0), (1, 1)])
def test_nothing_to_align(known, boxes, length):
    text = _text(length)
    found = align(_boxes(known, ALPHABET[:boxes]), [False] * boxes, text, known)
    assert len(found.boxes) == boxes


def test_without_any_known_character_the_order_alone_decides():
    nobody = CharacterVectors([], np.zeros((0, 64), np.float32))
    text = _text(12)
    found = align(_unit(np.ones((12, 64))), text.starts, text, nobody)
    assert _places(found) == list(range(12))
    assert found.fit == 0


def test_anchors_are_runs_that_stand_once_in_each():
    text = [1, 2, 3, 4, 5, 6, 1, 2, 3, 4]
    assert anchors([9, 2, 3, 4, 5, 9], text) == [(1, 1)]
    assert anchors(text, text) == [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    assert anchors([-1] * 8, [-1] * 8) == []
    assert RUN == 4


def test_cuts_are_a_page_apart_and_long_parts_are_cut_all_the_same():
    found = [(place, place + 5) for place in range(0, 1000, 10)]
    corners = cuts(found, 1000, 1005, 400)
    assert corners == [(0, 0), (400, 405), (800, 805), (1000, 1005)]
    assert len(cuts([], 9000, 100, 400)) == 4


def test_punctuation_is_no_text_and_selectors_stay():
    found = text_of(["天地，玄黃。", "  葛\U000e0100 Abc 1　□", "", "■"])
    assert found.characters == ("天", "地", "玄", "黃", "葛\U000e0100", "□", "□")
    assert found.starts == (True, False, False, False, True, False, True)
