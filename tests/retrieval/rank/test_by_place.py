"""The item at a print's place comes first among the candidates, and nothing else happens."""

import pytest

from retrieval.rank.by_place import order_by_place


@pytest.mark.parametrize(
    ("items", "placed", "order"),
    [
        ([7, 8, 9], 9, [2, 0, 1]),
        ([7, 8, 9], 8, [1, 0, 2]),
        ([7, 8, 9], 7, [0, 1, 2]),
        ([7, 8, 9], 5, [0, 1, 2]),
        ([7, 8, 9], None, [0, 1, 2]),
        ([], 5, []),
    ],
)
def test_the_item_at_the_place_comes_first(items, placed, order):
    assert order_by_place(items, placed) == order


def test_none_is_lost_and_none_is_brought_in():
    items = [3, 1, 4, 15, 9]
    for placed in (*items, 2, None):
        assert sorted(items[place] for place in order_by_place(items, placed)) == sorted(items)
