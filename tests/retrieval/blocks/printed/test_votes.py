"""Characters vote for blocks, and pairs that follow each other before all."""

import numpy as np
import pytest

from retrieval.blocks.printed.votes import Nearest, most_voted


def test_votes_of_items_without_a_block_count_for_none():
    faces = np.array([[0, -1, 1], [0, -1, -1], [-1, 0, 2]])
    nearest = Nearest(faces, np.zeros_like(faces))
    voted = most_voted(nearest, np.array([10, 10, 10, 10]))
    assert voted[0] == 0
    assert 3 not in voted
    nobody = np.full((3, 2), -1)
    assert most_voted(Nearest(nobody, nobody), np.array([4, 4])) == []


def test_what_follows_as_on_the_page_outweighs_many_that_look_alike():
    faces = np.array([[0, 0, 1], [0, 0, 1], [0, 0, 0], [0, 0, 0]])
    places = np.array([[7, 2, 4], [1, 9, 5], [3, 8, 0], [6, 5, 2]])
    assert most_voted(Nearest(faces, places), np.array([9, 9]))[0] == 1


def _slowly(faces: list[list[int]], places: list[list[int]], counts: list[int]) -> list[int]:
    """The same in plain loops: faces by pairs, then by single votes beyond what their number brings."""

    def pairs(face: int) -> int:
        found = 0
        for row in range(len(faces) - 1):
            here = {place for one, place in zip(faces[row], places[row], strict=True) if one == face}
            after = {place for one, place in zip(faces[row + 1], places[row + 1], strict=True) if one == face}
            found += any(place + 1 in after for place in here)
        return found

    def single(face: int) -> int:
        return sum(face in row for row in faces)

    def beyond(face: int) -> float:
        chance = 1 - (1 - counts[face] / sum(counts)) ** len(faces[0])
        return single(face) - len(faces) * chance

    voted = [face for face in range(len(counts)) if pairs(face) + single(face)]
    return sorted(voted, key=lambda face: (-pairs(face), -beyond(face)))[:6]


@pytest.mark.parametrize("seed", range(20))
def test_votes_against_plain_loops(seed):
    random = np.random.default_rng(seed)
    counts = random.integers(3, 12, 9)
    faces = random.integers(-1, 9, (14, 4))
    places = np.where(faces < 0, 0, random.integers(0, 12, faces.shape) % counts[faces])
    found = most_voted(Nearest(faces, places), counts)
    assert found == _slowly(faces.tolist(), places.tolist(), counts.tolist())
