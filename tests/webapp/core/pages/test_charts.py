"""Charts: every number on the sheet, at its height, and in the table."""

import pytest

from webapp.core.pages.charts import BOTTOM, HEIGHT, TOP, WIDTH, Series, bar_chart, nice_top


def test_pieces_are_as_high_as_their_numbers_and_stand_on_each_other():
    chart = bar_chart("t", ["a", "b"], [Series("x", "X", [10, 0]), Series("y", "Y", [10, 5])])
    full = HEIGHT - TOP - BOTTOM
    assert [(rect.key, rect.height) for rect in chart.rects] == [
        ("x", full / 2),
        ("y", full / 2),
        ("y", full / 4),
    ]
    lower, upper, alone = chart.rects
    assert upper.y + upper.height == pytest.approx(lower.y)
    assert alone.y + alone.height == pytest.approx(HEIGHT - BOTTOM)
    assert lower.x < alone.x < WIDTH


def test_the_table_says_the_same():
    chart = bar_chart("t", ["a", "b"], [Series("x", "X", [1, 2]), Series("y", "Y", [3, 4])])
    assert chart.rows == [("a", [1, 3]), ("b", [2, 4])]
    assert [rect.text for rect in chart.rects] == ["a: X 1", "a: Y 3", "b: X 2", "b: Y 4"]


def test_nothing_at_all_is_empty():
    assert bar_chart("t", ["a"], [Series("x", "X", [0])]).empty
    assert not bar_chart("t", ["a"], [Series("x", "X", [1])]).empty
    assert bar_chart("t", [], []).rects == []


def test_many_labels_are_thinned_out():
    chart = bar_chart("t", [str(n) for n in range(48)], [Series("x", "X", [1] * 48)])
    assert len(chart.below) <= 12


def test_labels_and_values_go_together():
    with pytest.raises(ValueError, match="2 labels for 1 columns"):
        bar_chart("t", ["a", "b"], [Series("x", "X", [1])])


@pytest.mark.parametrize(
    ("value", "top"), [(0, 2), (1, 2), (2, 2), (3, 4), (5, 10), (11, 20), (21, 40), (41, 100), (1001, 2000)]
)
def test_the_top_is_round_and_so_is_its_half(value, top):
    assert nice_top(value) == top
