"""The order in which people count, for the server and for the pages."""

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from common.order import natural_key


def ordered(*names: str) -> bool:
    return sorted(names, key=natural_key) == list(names)


def test_numbers_are_compared_as_numbers():
    assert ordered("1.png", "2.png", "10.png", "90.png")
    assert ordered("page 9 line 2", "page 9 line 11", "page 10 line 1")
    assert ordered("a", "a2", "a10", "ab")


def test_folder_by_folder():
    assert ordered("2/10.png", "10/2.png")
    assert ordered("a/z.png", "a b/a.png", "a-b/a.png", "ab/a.png")


def test_digits_of_other_scripts_count_too():
    assert ordered("第２頁", "第１０頁", "第１１頁")
    assert ordered("ảnh 2", "ảnh ١٠")


def test_zeros_before_a_number_mean_nothing_but_are_told_apart():
    assert ordered("09.png", "9.png", "0010.png")
    assert natural_key("1") != natural_key("01")


def test_large_and_small_letters_come_together():
    assert ordered("a1", "A2", "a3", "B1")


def test_no_number_is_too_long():
    assert ordered("9" * 5_000, "1" + "0" * 5_000)


def test_all_of_it_together():
    assert ordered("1", "9", "10", "a", "A1", "a02", "a2", "a10", "b1", "²", "字2", "字10")


def test_the_list_that_the_pages_are_held_against_too():
    """tests/static/js/upload/order.test.js sorts the same names."""
    assert ordered(*json.loads(Path(__file__).with_name("natural_order.json").read_text()))


def slow(name: str) -> tuple:
    """The same order, character by character: a number where one begins, else the character."""
    parts = []
    for folder in name.casefold().split("/"):
        found, at = [], 0
        while at < len(folder):
            end = at
            while end < len(folder) and folder[end].isdecimal() == folder[at].isdecimal():
                end += 1
            run, at = folder[at:end], end
            found.append((0, int(run), "") if run.isdecimal() else (1, 0, run))
        parts.append(tuple(found))
    return tuple(parts), name


@given(st.lists(st.text("aB/.0129٣字\U00020000", max_size=8), max_size=12))
def test_as_the_slow_twin_orders(names):
    assert sorted(names, key=natural_key) == sorted(names, key=slow)
