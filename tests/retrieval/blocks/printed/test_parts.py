"""A spread of two blocks, a block that lost a corner, and what lies on what."""

from dataclasses import replace

import numpy as np
import pytest

from retrieval.blocks.printed.layover import Placed, lay_over
from retrieval.blocks.printed.overlap import InksMet
from retrieval.blocks.printed.parts import beside, lying_on, page_parts, print_on_page
from retrieval.blocks.printed.shelf import Match, Shelf
from tests.retrieval.blocks.printed.test_printed import _face, _page


def _shelf(random: np.random.Generator, monkeypatch) -> tuple[list[Placed], Shelf]:
    """Twelve faces whose inks all meet: what is told here is told by places alone."""
    met = InksMet(overlap=0.95, uneven_mm=0.04, side_mm=10)
    monkeypatch.setattr("retrieval.blocks.printed.shelf.inks_met", lambda page, face, laid: met)
    faces = [_face(random, f"block {number}") for number in range(12)]
    return faces, Shelf(faces)


def _parts(page: Placed, faces: list[Placed], shelf: Shelf) -> list[list[Match]]:
    by_name = {face.name: face for face in faces}
    return page_parts(page, shelf.matches, by_name.__getitem__)


def _spread(left: Placed, right: Placed) -> Placed:
    wide = np.ptp(left.middles[:, 0]) + 100
    middles = np.concatenate([left.middles, right.middles + np.array([wide, 0])])
    vectors = np.concatenate([left.vectors, right.vectors])
    return replace(left, middles=middles, vectors=vectors, sides=np.concatenate([left.sides, right.sides]))


def test_a_spread_has_a_block_for_each_of_its_pages(monkeypatch):
    random = np.random.default_rng(1)
    faces, shelf = _shelf(random, monkeypatch)
    page = _spread(_page(faces[3], random), _page(faces[8], random))
    parts = _parts(page, faces, shelf)
    assert {part[0].block for part in parts} == {"block 3", "block 8"}
    half = len(page.middles) // 2
    for part in parts:
        pairs = part[0].laid.pairs
        assert len(pairs) > 70
        assert ((pairs[:, 0] < half) == (part[0].block == "block 3")).all()


def test_a_page_of_one_block_has_one_part_and_one_of_none_has_none_believed(monkeypatch):
    random = np.random.default_rng(2)
    faces, shelf = _shelf(random, monkeypatch)
    assert [part[0].block for part in _parts(_page(faces[5], random), faces, shelf)] == ["block 5"]
    [strange] = _parts(_page(_face(random), random), faces, shelf)
    assert not any(match.is_believed for match in strange)


def test_a_block_that_lost_a_corner_is_found_and_explains_no_other_corner(monkeypatch):
    random = np.random.default_rng(3)
    faces, _ = _shelf(random, monkeypatch)
    page = _page(faces[4], random)
    stays = ~((faces[4].middles < (130, 90)).all(axis=1))
    whole = faces[4]
    kept = {name: getattr(whole, name)[stays] for name in ("middles", "sides", "vectors")}
    faces[4] = replace(whole, **kept)
    [part] = _parts(page, faces, Shelf(faces))
    assert part[0].block == "block 4"
    assert part[0].is_believed


def test_what_lies_on_a_character_is_found_whatever_it_looks_like():
    random = np.random.default_rng(4)
    grid = np.stack(np.meshgrid(np.arange(10, 290, 20.0), np.arange(10, 190, 20.0)), axis=-1).reshape(-1, 2)
    face = _face(random, count=len(grid))
    face = replace(face, middles=grid)
    page = _page(face, random)
    laid = lay_over(page, face, random)
    assert laid is not None
    pairs = lying_on(page, face, laid)
    assert len(pairs) == len(grid)  # those that look like others, too
    assert len(set(pairs[:, 0])) == len(set(pairs[:, 1])) == len(grid)
    assert set(map(tuple, laid.pairs)) <= set(map(tuple, pairs))
    assert not beside(page.middles, face, laid).any()
    assert beside(page.middles + np.array([2000, 0]), face, laid).all()


def test_the_print_comes_to_lie_where_the_page_has_it():
    random = np.random.default_rng(5)
    face = _face(random)
    page = _page(face, random)
    laid = lay_over(page, face, random)
    assert laid is not None
    there = print_on_page(face, laid, (300, 250), scale=0.25)
    x, y = 120, 101
    [[mm_x, mm_y]] = laid.on_face(np.array([[(x + 0.5) / 0.25, (y + 0.5) / 0.25]]))
    seen = _at(face.ink, mm_x / face.pitch - 0.5, mm_y / face.pitch - 0.5)
    assert there[y, x] == pytest.approx(seen, abs=0.05)


def _at(ink: np.ndarray, x: float, y: float) -> float:
    """Bilinear, one value: the slow twin."""
    left, top = int(np.floor(x)), int(np.floor(y))
    part = ink[top : top + 2, left : left + 2]
    across, down = x - left, y - top
    return float(np.array([1 - down, down]) @ part @ np.array([1 - across, across]))
