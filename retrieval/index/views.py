"""Which readings of a carved item are indexed."""

from typing import NamedTuple

import numpy as np

from retrieval.types import HeightVectors

# Outside these, the handedness is taken as known; between them both readings are indexed.
SURELY_PRINT_WISE = 0.1
SURELY_MIRRORED = 0.9


class ReadingView(NamedTuple):
    """One vector to index.

    row: the height map's place in its batch. mirrored: whether the map was flipped left-right for
    it. vector: (D,) float32.
    """

    row: int
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


def reading_views(heights: HeightVectors) -> list[ReadingView]:
    """Choose the vectors by which items are found, by `reading_ways`; rows rise."""
    return [
        ReadingView(row, way, (heights.mirrored if way else heights.seen)[row])
        for row, probability in enumerate(heights.mirrored_probability.tolist())
        for way in reading_ways(probability)
    ]
