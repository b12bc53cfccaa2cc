"""The second stage: no place changes its character, and each goes to that character's best carving."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval.rank import ArrayGallery, Ranker, Reading
from retrieval.rank.carvings import (
    DONE,
    DOUBTFUL,
    IN_DOUBT,
    MORE_INK,
    NO_FIT,
    NO_FORM,
    ROOM,
    Row,
    carving_groups,
    kept_places,
    order_carvings,
)
from retrieval.rank.nearest import Candidate
from retrieval.register import item_form, print_form
from retrieval.register.calibration import shipped_calibration
from retrieval.register.registration import NO_INK, NO_STROKES
from tests.retrieval.carving import character
from tests.retrieval.register.pairs import carving, form, height_of, printed

ALIKE = shipped_calibration().alike

HEIGHTS = [carving(seed) for seed in range(6)]
FORMS = [form(height) for height in HEIGHTS]


def vectors(*directions):
    """(C, 8) unit vectors: equal numbers point the same way, others at right angles."""
    return np.eye(8, dtype=np.float32)[list(directions)]


def row(forms=FORMS, *, characters=None, directions=None, distances=None, doubtful=()):
    count = len(forms)
    names, far = characters or [""] * count, distances or [0.1 + 0.01 * place for place in range(count)]
    candidates = [Candidate(Reading(place, character=names[place]), far[place]) for place in range(count)]
    there = {place: one for place, one in enumerate(forms) if one is not None}

    def read_forms(readings):
        return {one.item: there[one.item] for one in readings if one.item in there}

    return Row(candidates, vectors(*(directions or [0] * count)), read_forms, frozenset(doubtful))


def ordered(some, picture, count):
    return order_carvings(some, picture, count).placed


def items(placed):
    return [one.candidate.item for one in placed]


@pytest.mark.parametrize("right", range(6))
def test_the_carving_that_printed_it_comes_first(right):
    placed = ordered(row(), print_form(printed(HEIGHTS[right])), 5)
    assert items(placed)[0] == right
    assert placed[0].registration.score > 0.6
    assert not placed[0].kept


def test_places_keep_their_distances_and_their_characters():
    mixed = row(directions=[0, 1, 0, 0, 1, 2])
    placed = ordered(mixed, print_form(printed(HEIGHTS[3])), 5)
    assert [one.distance for one in placed] == [one.distance for one in mixed.candidates[:5]]
    assert [0 if item in (0, 2, 3) else 1 for item in items(placed)] == [0, 1, 0, 0, 1]
    assert items(placed)[0] == 3


def test_a_character_that_is_known_counts_more_than_looks():
    placed = ordered(row(characters=["天", "夫", "天", "天", "天", "天"]), print_form(printed(HEIGHTS[1])), 5)
    assert items(placed)[1] == 1


@pytest.mark.parametrize(
    ("gray", "reason"),
    [
        (np.full((60, 60), 200, np.uint8), NO_INK),
        (np.rot90(printed(HEIGHTS[0])).copy(), NO_FIT),
        (np.random.default_rng(0).integers(0, 255, (60, 60)).astype(np.uint8), NO_FIT),
    ],
)
def test_where_nothing_fits_the_embeddings_order_stands(gray, reason):
    placed = ordered(row(), print_form(gray), 5)
    assert items(placed) == [0, 1, 2, 3, 4]
    assert {one.kept for one in placed} == {reason}


@pytest.mark.parametrize("axis", [0, 1])
def test_a_crop_that_holds_two_characters_is_left_alone(axis):
    two = np.concatenate([printed(HEIGHTS[4]), printed(height_of(~character(256)[::-1, ::-1]))], axis=axis)
    placed = ordered(row(), print_form(two), 5)
    assert items(placed) == [0, 1, 2, 3, 4]
    assert {one.kept for one in placed} <= {NO_FIT, MORE_INK}


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"forms": [None, *FORMS[1:]]}, NO_FORM),
        ({"forms": [form(np.zeros((256, 256), np.float32)), *FORMS[1:]]}, NO_STROKES),
        ({"doubtful": [0]}, DOUBTFUL),
    ],
)
def test_an_item_that_cannot_be_judged_stays_where_it_was(change, reason):
    placed = ordered(row(**change), print_form(printed(HEIGHTS[2])), 5)
    assert items(placed)[:2] == [0, 2]
    assert placed[0].kept == reason
    assert placed[0].registration is None


def test_room_is_kept_for_other_characters_where_they_are_as_near():
    groups, near = [0, 0, 0, 0, 0, 0, 1, 1, 2], [0.2] * 6 + [0.2 + IN_DOUBT / 2] * 3
    assert kept_places(groups, near, 5) == [0, 1, 2, 6, 8]
    assert kept_places(groups, [0.2] * 6 + [0.2 + 2 * IN_DOUBT] * 3, 5) == [0, 1, 2, 3, 4]
    assert kept_places(groups[:7], near[:7], 5) == [0, 1, 2, 3, 6]
    assert kept_places([0], [0.2], 5) == [0]
    assert kept_places([], [], 5) == []


def slow_groups(characters, looks):
    """Each candidate compared with the first of every group so far."""
    groups = []
    for place, mine in enumerate(characters):
        for number in range(max(groups, default=-1) + 1):
            leader = groups.index(number)
            known = mine and characters[leader]
            alike = mine == characters[leader] if known else 1 - looks[place] @ looks[leader] < ALIKE
            if alike:
                groups.append(number)
                break
        else:
            groups.append(max(groups, default=-1) + 1)
    return groups


LOOKS = st.lists(st.integers(0, 3), max_size=12)


@given(LOOKS, st.data())
def test_groups_are_what_their_slow_twin_says(looks, data):
    characters = data.draw(
        st.lists(st.sampled_from(["", "天", "夫"]), min_size=len(looks), max_size=len(looks))
    )
    made = vectors(*looks) if looks else np.zeros((0, 8), np.float32)
    assert carving_groups(characters, made) == slow_groups(characters, made)


@given(st.lists(st.tuples(st.integers(0, 3), st.floats(0, 2)), max_size=12), st.integers(1, 5))
def test_the_first_of_each_character_never_steps_back(rows, count):
    rows = sorted(rows, key=lambda one: one[1])
    groups, distances = [one for one, _ in rows], [far for _, far in rows]
    places = kept_places(groups, distances, count)
    assert len(places) == min(count, len(rows))
    assert sorted(set(places)) == places
    for group in {groups[place] for place in range(len(places))}:
        assert groups.index(group) in places
    assert len(set(places) - set(range(count))) <= ROOM


@settings(max_examples=25)
@given(st.permutations(range(6)), st.integers(0, 5), st.lists(st.integers(0, 1), min_size=6, max_size=6))
def test_every_item_comes_once_and_characters_keep_their_places(order, right, looks):
    some = row([FORMS[place] for place in order], directions=looks)
    placed = ordered(some, print_form(printed(HEIGHTS[right])), 5)
    assert len(set(items(placed))) == 5
    groups = carving_groups([""] * 6, some.vectors)
    kept = kept_places(groups, [one.distance for one in some.candidates], 5)
    assert [groups[item] for item in items(placed)] == [groups[place] for place in kept]


def test_the_ranker_puts_the_very_carving_first_and_keeps_confidences():
    readings = [Reading(10 + place) for place in range(6)]
    near = vectors(*[0] * 6) + np.linspace(0, 0.02, 6)[:, None] * vectors(1)
    near = (near / np.linalg.norm(near, axis=1, keepdims=True)).astype(np.float32)
    gallery = ArrayGallery(
        near, readings, forms={10 + place: item_form(one) for place, one in enumerate(HEIGHTS)}
    )
    ranker, asked = Ranker(gallery, lambda distances: 1 - distances / 2), vectors(0)
    (plain,) = ranker.rank(asked)
    (print_,) = ranker.rank_prints(asked, [print_form(printed(HEIGHTS[4]))])
    placed = print_.items
    assert [one.item for one in plain] == [10, 11, 12, 13, 14]
    assert placed[0].item == 14
    assert placed[0].registration.transform is not None
    assert [one.proposal.relation for one in placed] == ["same_carving"] + ["cannot_tell"] * 4
    assert [one.confidence for one in placed] == [one.confidence for one in plain]


def test_an_empty_gallery_has_no_carvings():
    gallery = ArrayGallery(np.zeros((0, 8), np.float32), [])
    (found,) = Ranker(gallery, lambda distances: distances).rank_prints(
        vectors(0), [print_form(printed(HEIGHTS[0]))]
    )
    assert found.items == found.further == []
    assert found.outcome == DONE


def test_a_mirrored_carving_is_turned_over():
    flipped = {place: item_form(np.ascontiguousarray(one[:, ::-1])) for place, one in enumerate(HEIGHTS)}
    gallery = ArrayGallery(vectors(*[0] * 6), [Reading(place, True) for place in range(6)], forms=flipped)
    (found,) = Ranker(gallery, lambda distances: distances).rank_prints(
        vectors(0), [print_form(printed(HEIGHTS[3]))]
    )
    assert found.items[0].item == 3
    assert found.outcome == DONE
    assert len({one.item for one in (*found.items, *found.further)}) == 6


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_a_carving_that_was_scanned_on_its_side_is_turned(turn):
    lying = {place: item_form(np.rot90(one, -turn).copy()) for place, one in enumerate(HEIGHTS)}
    gallery = ArrayGallery(vectors(*[0] * 6), [Reading(place, turn=turn) for place in range(6)], forms=lying)
    (found,) = Ranker(gallery, lambda distances: distances).rank_prints(
        vectors(0), [print_form(printed(HEIGHTS[5]))]
    )
    assert found.items[0].item == 5
