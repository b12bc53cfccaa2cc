"""Reading order: leaves, registers, columns, notes; against a slow twin on plain pages."""

from dataclasses import dataclass

from hypothesis import given
from hypothesis import strategies as st

from common.reading_order import Place, Separator, order_boxes


@dataclass(frozen=True)
class Spot:
    x: float
    y: float
    w: float = 20
    h: float = 20


def column(x, ys, w=20):
    return [Spot(x, y, w, w) for y in ys]


def read(boxes, separators=()):
    """The boxes' places in the list, in reading order."""
    places = order_boxes(boxes, separators)
    assert sorted(place.order for place in places) == list(range(1, len(boxes) + 1))
    return sorted(range(len(boxes)), key=lambda at: places[at].order)


def test_no_box_has_no_order():
    assert order_boxes([]) == []


def test_one_box():
    assert order_boxes([Spot(3, 4)]) == [Place(1, 1)]


@given(st.integers(1, 9), st.integers(1, 12), st.randoms())
def test_plain_pages_are_read_as_a_slow_twin_reads_them(columns, rows, random):
    boxes = [
        Spot(30 * x + random.uniform(-2, 2), 24 * y + random.uniform(-2, 2))
        for x in range(columns)
        for y in range(rows)
    ]
    random.shuffle(boxes)
    slow = sorted(range(len(boxes)), key=lambda at: (-round(boxes[at].x / 30), round(boxes[at].y / 24)))
    assert read(boxes) == slow


def test_raised_and_lowered_heads_stay_in_their_columns():
    boxes = column(60, range(-24, 200, 24)) + column(30, range(48, 200, 24)) + column(0, range(0, 200, 24))
    assert read(boxes) == list(range(len(boxes)))


def test_the_right_half_of_a_double_note_comes_first():
    page = column(80, range(0, 240, 24))
    first = column(40, [0, 24, 48])
    right, left = column(50, range(80, 140, 12), 10), column(39, range(80, 128, 12), 10)
    rest = column(40, [150, 174])
    boxes = page + first + right + left + rest + column(0, range(0, 240, 24))
    assert read(boxes) == list(range(len(boxes)))
    assert {place.column for place in order_boxes(boxes)} == {1, 2, 3}


def test_a_column_that_begins_with_a_note_and_one_of_notes_alone():
    boxes = (
        column(80, range(0, 240, 24))
        + column(50, range(0, 60, 12), 10)
        + column(39, range(0, 60, 12), 10)
        + column(40, range(72, 240, 24))
        + column(10, range(0, 240, 12), 10)
        + column(-1, range(0, 200, 12), 10)
    )
    assert read(boxes) == list(range(len(boxes)))


def test_registers_are_read_one_after_the_other():
    upper = [spot for x in (90, 60, 30, 0) for spot in column(x, range(0, 100, 24))]
    lower = [spot for x in (90, 60, 30, 0) for spot in column(x, range(140, 240, 24))]
    boxes = upper + lower
    assert read(boxes, [Separator(-5, 130, 115)]) == list(range(len(boxes)))
    by_columns = sorted(range(len(boxes)), key=lambda at: (-boxes[at].x, boxes[at].y))
    assert read(boxes) == by_columns
    assert read(boxes, [Separator(-5, 10, 115)]) == by_columns, "a line through characters parts nothing"


def test_registers_of_two_leaves_are_read_leaf_by_leaf():
    right = [spot for y0 in (0, 150) for x in (350, 320, 290) for spot in column(x, range(y0, y0 + 100, 24))]
    left = [spot for y0 in (0, 150) for x in (90, 60, 30) for spot in column(x, range(y0, y0 + 100, 24))]
    lines = [Separator(280, 130, 375), Separator(20, 130, 115)]
    assert read(right + left, lines) == list(range(36 + 24))[: len(right + left)]


def test_verse_of_six_and_eight_runs_over_both_registers():
    boxes = [
        spot
        for x in (120, 90, 60, 30, 0)
        for spot in column(x, range(0, 144, 24)) + column(x, range(200, 392, 24))
    ]
    assert read(boxes, [Separator(-5, 170, 145)]) == list(range(len(boxes)))
