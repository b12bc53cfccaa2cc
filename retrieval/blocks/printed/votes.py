"""Which blocks a page's characters vote for: by what they look like, and by what stands next to them."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

VOTES = 20  # nearest items of a character that vote, among all blocks
_LAID = 6  # blocks with most votes are laid under the page
_FAR = 2**32  # more than a face has places


@dataclass(frozen=True)
class Nearest:
    """The nearest items of a page's characters, which stand in reading order.

    faces: (N, K) int, the numbers of the faces that they stand on; -1 for an item of no face.
    places: (N, K) int, their places in the reading order of their face.
    """

    faces: np.ndarray
    places: np.ndarray


def most_voted(nearest: Nearest, counts: np.ndarray) -> list[int]:
    """The faces with most votes, the most first.

    Common characters stand on every block, and which of many alike is nearest is a lottery. That two follow
    each other on the page as on the block is none: such pairs decide, single characters only where pairs are
    equal.

    counts: (B,) int, characters of each face.
    """
    pairs, single = _pairs(nearest, len(counts)), _single(nearest.faces, len(counts))
    # A face with many characters gets votes by its number alone.
    usual = counts / max(1, counts.sum())
    beyond = single - len(nearest.faces) * (1 - (1 - usual) ** nearest.faces.shape[1])
    order = np.lexsort((-beyond, -pairs))
    return order[(pairs + single)[order] > 0][:_LAID].tolist()


def _single(faces: np.ndarray, count: int) -> np.ndarray:
    """(B,) of how many characters a face has one among the nearest items."""
    votes = np.zeros(count)
    for row in faces:
        votes[np.unique(row[row >= 0])] += 1
    return votes


def _pairs(nearest: Nearest, count: int) -> np.ndarray:
    """(B,) of how many characters, and those after them, a face has both among the nearest, in a row."""
    names = np.where(nearest.faces >= 0, nearest.faces.astype(np.int64) * _FAR + nearest.places, -2)
    votes = np.zeros(count)
    for here, after in pairwise(names):
        follows = here[np.isin(here + 1, after)]
        votes[np.unique(follows // _FAR)] += 1
    return votes
