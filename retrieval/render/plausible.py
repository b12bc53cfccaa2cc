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
# Ink that runs over two edges of what was scanned, and is itself again a step aside, is a pattern: grooves,
# waves, tiles. So much of an edge is inked; the correlation reaches 0.66 for the carvings of the test sets.
_RIM, _RIM_INKED, _EDGES = 6, 0.15, 2
_REPEATS, _LEAST_STEP = 0.72, 0.05


def doubts(height: np.ndarray) -> tuple[str, ...]:
    """Notes on a height map, (S, S) float32 in [0, 1], that hardly shows one character; mostly none."""
    ink = virtual_print(height) < 128
    outlines = (np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])) / len(
        ink
    )
    if outlines > _NOISE_OUTLINES or _is_blob(ink) or _is_pattern(ink, height):
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


def _is_pattern(ink: np.ndarray, height: np.ndarray) -> bool:
    """Whether the ink repeats itself all over the scan, beyond its edges."""
    rows, columns = (np.nonzero((height > 0).any(axis=axis))[0] for axis in (1, 0))
    if len(rows) < 2 * _RIM or len(columns) < 2 * _RIM:
        return False
    seen = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edges = (seen[:_RIM], seen[-_RIM:], seen[:, :_RIM], seen[:, -_RIM:])
    if sum(edge.mean() > _RIM_INKED for edge in edges) < _EDGES:
        return False
    return _repeats(ink[::2, ::2].astype(np.float32)) > _REPEATS


def _repeats(ink: np.ndarray) -> float:
    """The highest correlation of a picture (S, S) with itself, moved by less than half its side."""
    size = len(ink)
    power = np.abs(np.fft.rfft2(ink - ink.mean(), (2 * size, 2 * size))) ** 2
    common = np.abs(np.fft.rfft2(np.ones_like(ink), (2 * size, 2 * size))) ** 2
    moved, overlap = (np.fft.fftshift(np.fft.irfft2(each)) for each in (power, common))
    near = slice(size - size // 2, size + size // 2 + 1)
    found = (moved / np.maximum(overlap, 1))[near, near].astype(np.float32)
    found /= max(float(found.max()), 1e-9)
    steps = np.arange(len(found)) - size // 2
    away = np.hypot(*np.meshgrid(steps, steps))
    peak = (found >= cv2.dilate(found, np.ones((5, 5))) - 1e-6) & (away > _LEAST_STEP * size)
    peak &= away < size // 2 - 1
    return float(found[peak].max(initial=0.0))
