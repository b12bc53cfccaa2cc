"""Which readings of a carved item are indexed."""

from typing import NamedTuple

import numpy as np

from retrieval.types import TurnedVectors

# Outside these, the handedness is taken as known; between them both readings are indexed.
SURELY_PRINT_WISE = 0.1
SURELY_MIRRORED = 0.9
# A turn that is at least so likely is indexed beside the likeliest one.
_LIKELY_TURN = 0.1


class ReadingView(NamedTuple):
    """One vector to index.

    row: the height map's place in its batch. turn: quarter turns counterclockwise after which it was read.
    mirrored: whether it was flipped left-right then. vector: (D,) float32.
    """

    row: int
    turn: int
    mirrored: bool
    vector: np.ndarray


def is_mirrored(probability: float) -> bool:
    """Whether a height map, as seen, is to be taken as mirrored against print."""
    return bool(probability > 0.5)


def is_doubtful(probability: float) -> bool:
    """Whether the handedness is open enough that a person should look at it."""
    return bool(SURELY_PRINT_WISE <= probability <= SURELY_MIRRORED)


def reading_ways(probability: float) -> tuple[bool, ...]:
    """Which readings of an item are indexed, the likelier first: True for the flipped height map.

    An item is indexed as it reads in print: flipped where it is mirrored, as seen where it is not,
    and both ways where its handedness is in doubt.
    """
    likelier = is_mirrored(probability)
    return (likelier, not likelier) if is_doubtful(probability) else (likelier,)


def reading_turns(probabilities: np.ndarray) -> tuple[int, ...]:
    """In which quarter turns an item is indexed, the likeliest first.

    As it was scanned it can always be found: a few characters turned are others that the network knows
    better.

    probabilities: (4,), how likely the item stands upright after so many.
    """
    likeliest, *others = np.argsort(-probabilities, kind="stable").tolist()
    return (likeliest, *(turn for turn in others if turn == 0 or probabilities[turn] >= _LIKELY_TURN))


def reading_views(heights: TurnedVectors) -> list[ReadingView]:
    """Choose the vectors by which items are found, by `reading_turns` and `reading_ways`; rows rise."""
    return [
        ReadingView(row, turn, way, (vectors.mirrored if way else vectors.seen)[row])
        for row, probabilities in enumerate(heights.upright_probability)
        for turn in reading_turns(probabilities)
        for vectors in (heights.turns[turn],)
        for way in reading_ways(float(vectors.mirrored_probability[row]))
    ]
