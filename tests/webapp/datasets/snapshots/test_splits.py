"""A split's sides hang on what a label shows, and on nothing else."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.datasets.snapshots.manifest import Label, Match
from webapp.datasets.snapshots.splits import BETWEEN, SIDES, side_of, with_sides


def sha(word) -> str:
    return hashlib.sha256(str(word).encode()).hexdigest()


def label(query, *items, characters=()) -> Label:
    result = characters or [""] * len(items)
    matches = [Match(sha(item), character) for item, character in zip(items, result, strict=True)]
    return Label(sha(f"q{query}"), "match" if items else "none", tuple(matches))


some_items = st.lists(st.integers(0, 30), max_size=3, unique=True)


@given(st.lists(some_items, max_size=60))
def test_no_block_is_on_two_sides(sets):
    sides = {}
    for number, items in enumerate(sets):
        side = side_of(label(number, *items), "block")
        for item in items:
            if side != BETWEEN:
                sides.setdefault(item, set()).add(side)
    assert all(len(each) == 1 for each in sides.values())


@given(st.lists(st.tuples(st.integers(0, 30), st.sampled_from("一丁七万丈三上下𠀀𠄎")), max_size=60))
def test_no_character_is_on_two_sides(pairs):
    sides = {}
    for number, (item, character) in enumerate(pairs):
        side = side_of(label(number, item, characters=[character]), "character")
        sides.setdefault(character, set()).add(side)
    assert all(len(each) == 1 for each in sides.values())


def test_matches_on_different_sides_are_on_none():
    by_side = {}
    for item in range(200):
        by_side.setdefault(side_of(label("x", item), "block"), item)
    assert set(by_side) == set(SIDES)
    assert side_of(label("x", by_side["train"], by_side["test"]), "block") == BETWEEN


@given(
    st.lists(st.tuples(st.integers(0, 9), some_items), max_size=40), st.sampled_from(["block", "character"])
)
def test_no_picture_is_on_two_sides(labels, split):
    """One picture may be answered in several batches, as this and as that."""
    found = sorted((label(query, *items) for query, items in labels), key=lambda one: one.query)
    sides: dict[str, set[str]] = {}
    for one, side in with_sides(found, split, label_of=lambda one: one):
        sides.setdefault(one.query, set()).add(side)
    assert all(len(each) == 1 for each in sides.values())
    for query, (side,) in sides.items():
        alone = {side_of(one, split) for one in found if one.query == query}
        assert side == (alone.pop() if len(alone) == 1 else BETWEEN)


def test_a_picture_answered_otherwise_in_another_batch_is_on_no_side():
    items = {side_of(label("x", item), "block"): item for item in range(200)}
    both = [label("x", items["train"]), label("x", items["test"]), label("y", items["test"])]
    result = [side for _, side in with_sides(both, "block", label_of=lambda one: one)]
    assert result == [BETWEEN, BETWEEN, "test"]


def test_an_item_whose_character_is_unknown_stands_for_itself():
    for item in range(50):
        unknown = label(1, item)
        assert side_of(unknown, "character") == side_of(unknown, "block")


def test_a_label_without_match_goes_by_its_picture():
    sides = {side_of(label(number), "block") for number in range(200)}
    assert sides == set(SIDES)


def test_about_eight_in_ten_are_trained_on():
    sides = [side_of(label(0, item), "block") for item in range(2000)]
    assert 0.77 < sides.count("train") / 2000 < 0.83
    assert 0.08 < sides.count("test") / 2000 < 0.12


def test_sides_stay_as_they_are_across_versions():
    result = "".join(side_of(label(0, item), "block")[:2] for item in range(20))
    assert result == "trtrtrtrtrtrvavatetrvatrtrtrtrtrtrtrtrtr"


def test_an_unknown_split_is_refused():
    with pytest.raises(KeyError):
        side_of(label(1), "page")
