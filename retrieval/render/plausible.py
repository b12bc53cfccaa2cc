"""Whether a relief looks like one carved character at all."""

import cv2
import numpy as np

from common.carving_doubts import MANY_CHARACTERS, NOTHING_CARVED
from retrieval.render.ink import virtual_print

# The ink's outline in sides of the picture: up to 15.4 for the 863 reliefs of the test sets, about 20 for
# whole blocks, more than 60 for a scanner's noise.
_MANY_OUTLINES, _NOISE_OUTLINES = 17.0, 50.0
# So many bands of ink in both directions, with gutters of this share of the side between them, are cells.
_CELLS = 3
_GUTTER, _TRACE = 0.016, 0.004
# A print that fills this share of its hull, which is no stroke by its form, and so much of the picture.
_BLOB_FILLS, _BLOB_LONGEST, _BLOB_COVERS = 0.93, 2.0, 0.2


def doubts(height: np.ndarray) -> tuple[str, ...]:
    """Notes on a height map, (S, S) float32 in [0, 1], that hardly shows one character; mostly none."""
    ink = virtual_print(height) < 128
    outlines = (np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])) / len(
        ink
    )
    if outlines > _NOISE_OUTLINES or _is_blob(ink):
        return (NOTHING_CARVED,)
    cells = min(_bands(ink.mean(axis=0)), _bands(ink.mean(axis=1)))
    return (MANY_CHARACTERS,) if outlines > _MANY_OUTLINES or cells >= _CELLS else ()


def _bands(shares: np.ndarray) -> int:
    """How many runs of ink there are, with gutters between them. shares: (S,) of ink in each row."""
    inked = np.nonzero(shares > _TRACE)[0]
    return len(inked) and 1 + int(np.count_nonzero(np.diff(inked) > _GUTTER * len(shares)))


def _is_blob(ink: np.ndarray) -> bool:
    """Whether all the ink is one spot that fills its hull, as of a vessel, a plate or a coin."""
    points = cv2.findNonZero(ink.astype(np.uint8))
    if points is None:
        return True
    hull = cv2.convexHull(points)
    (_, _), sides, _ = cv2.minAreaRect(hull)
    area = cv2.contourArea(hull)
    return bool(
        len(points) > _BLOB_FILLS * area
        and area > _BLOB_COVERS * ink.size
        and max(sides) < _BLOB_LONGEST * min(sides)
    )
