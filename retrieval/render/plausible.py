"""Whether a relief looks like one carved character at all."""

import cv2
import numpy as np

from common.carving_doubts import MANY_CHARACTERS, NOTHING_CARVED
from retrieval.render.ink import virtual_print
from retrieval.render.pitch import is_even

# The ink's outline in sides of the picture: up to 15.4 for the 863 reliefs of the test sets, about 20 for
# whole blocks, more than 60 for a scanner's noise.
_MANY_OUTLINES, _NOISE_OUTLINES = 17.0, 50.0
# So many bands of ink in both directions, with gutters of this share of the side between them, are cells.
_CELLS = 3
_GUTTER, _TRACE = 0.016, 0.004
# Two by two are cells where the gutters are wider and there are more strokes than in 㗊, or where they are
# wide.
_FOUR_OUTLINES, _FOUR_GUTTER, _WIDE_GUTTER = 13.0, 0.03, 0.12
# A print is a blob that covers so much of the picture, is no stroke by its form, and fills its hull, or has
# so much ink to its outline: a disc has 1, the thickest strokes of the test sets 0.34.
_BLOB_COVERS, _BLOB_LONGEST, _BLOB_FILLS, _BLOB_COMPACT = 0.2, 3.0, 0.93, 0.38
# A hull is a circle where it fills so much of the circle around it (characters up to 0.85); there is more ink
# in it than in the ring that is 〇.
_ROUND, _RING = 0.92, 0.45
# Ink that runs over two edges of what was scanned, and is itself again a step aside, is a pattern: grooves,
# waves, tiles. So much of an edge is inked. Where all four are, a lower correlation will do; in characters
# that are cut at their strokes, such as 皿 and 曲, it reaches 0.81.
_RIM, _SEEN, _RIM_INKED, _EDGES, _ALL_INKED = 6, 1e-3, 0.15, 2, 0.35
_REPEATS, _REPEATS_ALL, _LEAST_STEP = 0.82, 0.75, 0.05


def doubts(height: np.ndarray) -> tuple[str, ...]:
    """Notes on a height map, (S, S) float32 in [0, 1], that hardly shows one character; mostly none."""
    ink = virtual_print(height) < 128
    outlines = (np.count_nonzero(ink[1:] != ink[:-1]) + np.count_nonzero(ink[:, 1:] != ink[:, :-1])) / len(
        ink
    )
    if outlines > _NOISE_OUTLINES or _is_blob(ink) or _is_pattern(ink, height) or is_even(height):
        return (NOTHING_CARVED,)
    return (MANY_CHARACTERS,) if outlines > _MANY_OUTLINES or _has_cells(ink, outlines) else ()


def _has_cells(ink: np.ndarray, outlines: float) -> bool:
    """Whether gutters part the ink in both directions, as they part the characters of a block."""
    gutters = [_gutters(ink.mean(axis=axis)) for axis in (0, 1)]
    if min(np.count_nonzero(each > _GUTTER) for each in gutters) >= _CELLS - 1:
        return True
    widest = min(each.max(initial=0.0) for each in gutters)
    return widest > (_FOUR_GUTTER if outlines > _FOUR_OUTLINES else _WIDE_GUTTER)


def _gutters(shares: np.ndarray) -> np.ndarray:
    """How wide, in shares of the side, each gap between inked rows is. shares: (S,) of ink in each row."""
    return np.diff(np.nonzero(shares > _TRACE)[0]) / len(shares)


def _is_blob(ink: np.ndarray) -> bool:
    """Whether all the ink is a lump or a disc, as of a vessel, a plate, a ring or a coin with a hole."""
    contours, _ = cv2.findContours(ink.astype(np.uint8), cv2.RETR_CCOMP, cv2.CHAIN_APPROX_NONE)
    if not contours:
        return True
    hull = cv2.convexHull(np.concatenate(contours))
    sides = cv2.minAreaRect(hull)[1]
    inked, area = np.count_nonzero(ink), cv2.contourArea(hull)
    if inked < _BLOB_COVERS * ink.size or max(sides) > _BLOB_LONGEST * min(sides):
        return False
    outline = sum(cv2.arcLength(contour, closed=True) for contour in contours)
    around = np.pi * cv2.minEnclosingCircle(hull)[1] ** 2
    return bool(
        inked > _BLOB_FILLS * area
        or 4 * np.pi * inked > _BLOB_COMPACT * outline**2
        or (area > _ROUND * around and inked > _RING * area)
    )


def _is_pattern(ink: np.ndarray, height: np.ndarray) -> bool:
    """Whether the ink repeats itself all over the scan, beyond its edges."""
    rows, columns = (np.nonzero((height > _SEEN).any(axis=axis))[0] for axis in (1, 0))
    if len(rows) < 2 * _RIM or len(columns) < 2 * _RIM:
        return False
    seen = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    edges = [edge.mean() for edge in (seen[:_RIM], seen[-_RIM:], seen[:, :_RIM], seen[:, -_RIM:])]
    if sum(edge > _RIM_INKED for edge in edges) < _EDGES:
        return False
    least = _REPEATS_ALL if min(edges) > _ALL_INKED else _REPEATS
    return _repeats(ink[::2, ::2].astype(np.float32)) > least


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
