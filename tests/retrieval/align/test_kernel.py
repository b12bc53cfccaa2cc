"""The dynamic programme against one that anybody can follow, which tries every way."""

from dataclasses import astuple
from functools import lru_cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.align.anchors import band
from retrieval.align.costs import COSTS
from retrieval.align.kernel import BOX, PAIR, TEXT, best_path

WHOLE = 1 << 20


def _slow(pairs, codes, columns, lines) -> float:
    """What the best of all ways costs, by trying them."""
    boxes, length = len(pairs), len(codes)

    @lru_cache(None)
    def best(row: int, column: int, last: int) -> float:
        if row == boxes and column == length:
            return 0.0
        ways = []
        if row < boxes and column < length:
            ways.append(_pair(pairs, codes, columns, lines, row, column) + best(row + 1, column + 1, PAIR))
        if row < boxes:
            ways.append((COSTS.more_box if last == BOX else COSTS.open_box) + best(row + 1, column, BOX))
        if column < length:
            ways.append(_skip(row, boxes, last) + best(row, column + 1, TEXT))
        return max(ways)

    return best(0, 0, PAIR)


def _pair(pairs, codes, columns, lines, row, column) -> float:
    hint = COSTS.line if columns[row] and lines[column] else 0.0
    if columns[row] != lines[column]:
        hint = -COSTS.line / 2
    return float(pairs[row, codes[column]]) + hint


def _skip(row: int, boxes: int, last: int) -> float:
    if row in (0, boxes):
        return COSTS.outside
    return COSTS.more_text if last == TEXT else COSTS.open_text


def _cost(found, pairs, codes, columns, lines) -> float:
    """What a way costs that was found; the order of boxes and characters alone in a gap changes nothing."""
    total, row, column, last = 0.0, 0, 0, PAIR
    ends = [place for place in found.tolist() if place >= 0]
    assert ends == sorted(set(ends))
    boxes = len(pairs)
    for place in [*found.tolist(), len(codes)]:
        if place < 0:
            total += COSTS.more_box if last == BOX else COSTS.open_box
            row, last = row + 1, BOX
            continue
        while column < place:
            total += _skip(row, boxes, last)
            column, last = column + 1, TEXT
        if row < boxes:
            total += _pair(pairs, codes, columns, lines, row, column)
            row, column, last = row + 1, column + 1, PAIR
    return total


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_best_way_is_as_good_as_by_trying_all(data):
    boxes, length = data.draw(st.integers(1, 6)), data.draw(st.integers(1, 6))
    costs = st.floats(-9, 0, width=32)
    pairs = np.array([[data.draw(costs) for _ in range(3)] for _ in range(boxes)], np.float32)
    codes = np.array([data.draw(st.integers(0, 2)) for _ in range(length)], np.int64)
    columns = np.array([data.draw(st.booleans()) for _ in range(boxes)])
    lines = np.array([data.draw(st.booleans()) for _ in range(length)])
    weights = np.array(astuple(COSTS), np.float32)
    found = best_path(pairs, codes, (columns, lines), weights, band(boxes, length, WHOLE))
    slow = _slow(pairs, codes, columns, lines)
    # Boxes alone before the characters of one gap: the way found may have had them between.
    assert _cost(found, pairs, codes, columns, lines) <= slow + 1e-3
    assert _best_order(found, pairs, codes, columns, lines) == pytest.approx(slow, abs=1e-3)


def _best_order(found, pairs, codes, columns, lines) -> float:
    """The same as ``_cost``, where boxes and characters of one gap come in the order that is cheapest."""
    matched = {row: place for row, place in enumerate(found.tolist()) if place >= 0}
    fixed = np.full_like(pairs, -1e6)
    wide = np.repeat(fixed, len(codes), axis=1)[:, : len(codes)]
    for row, place in matched.items():
        wide[row, place] = pairs[row, codes[place]]
    return _slow(wide, np.arange(len(codes)), columns, lines)


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 400))
def test_a_band_leads_from_corner_to_corner(boxes, length, most):
    low = band(boxes, length, most)
    assert low.shape == (boxes + 1, 2)
    assert low[0, 0] == 0
    assert low[-1, 1] == length
    assert (np.diff(low, axis=0) >= 0).all()
    assert (low[:, 0] <= low[:, 1]).all()
    assert (low[1:, 0] <= low[:-1, 1] + 1).all()
    chance = np.random.default_rng(boxes)
    pairs = chance.uniform(-7, 0, (boxes, 4)).astype(np.float32)
    codes = chance.integers(0, 4, length)
    none = np.zeros(boxes, bool), np.zeros(length, bool)
    found = best_path(pairs, codes, none, np.array(astuple(COSTS), np.float32), low)
    matched = found[found >= 0]
    assert (np.diff(matched) > 0).all()
