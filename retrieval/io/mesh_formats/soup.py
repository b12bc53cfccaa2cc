"""What a format's reader hands on: triangles as the file has them, not yet checked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

_PIECE = 50_000


@dataclass(frozen=True)
class Soup:
    """vertices: (V, 3) floats. faces: (F, 3) integers, possibly out of range.

    notes: plain sentences about what was odd in the file. shares: whether triangles share the vertices that
    they have in common; STL gives each its own.
    """

    vertices: np.ndarray
    faces: np.ndarray
    notes: tuple[str, ...] = ()
    shares: bool = True


def corner_soup(corners: np.ndarray, notes: Iterable[str] = ()) -> Soup:
    """A soup from (F, 3, 3) triangle corners that share no vertices yet."""
    vertices = corners.reshape(-1, 3)
    return Soup(vertices, np.arange(len(vertices)).reshape(-1, 3), tuple(notes), shares=False)


def table(lines: Sequence[bytes], width: int) -> np.ndarray:
    """(N, width) float64: the first numbers of each line, split a piece at a time to save memory.

    Raises ValueError where a line has too few, or one is no number.
    """
    pieces = [np.empty((0, width))]
    for start in range(0, len(lines), _PIECE):
        rows = [line.split(maxsplit=width)[:width] for line in lines[start : start + _PIECE]]
        pieces.append(np.array(rows, dtype="S").astype(np.float64).reshape(len(rows), width))
    return np.concatenate(pieces)


def fans(polygons: Iterable[list[int]]) -> np.ndarray:
    """(F, 3) int64 triangles of polygons, each split into a fan from its first corner."""
    triangles = [
        (corners[0], corners[i], corners[i + 1]) for corners in polygons for i in range(1, len(corners) - 1)
    ]
    return np.array(triangles, dtype=np.int64).reshape(-1, 3)
