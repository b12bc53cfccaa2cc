"""What a format's reader hands on: triangles as the file has them, not yet checked."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Soup:
    """vertices: (V, 3) floats. faces: (F, 3) integers, possibly out of range.

    notes: plain sentences about what was odd in the file.
    """

    vertices: np.ndarray
    faces: np.ndarray
    notes: tuple[str, ...] = ()


def corner_soup(corners: np.ndarray, notes: Iterable[str] = ()) -> Soup:
    """A soup from (F, 3, 3) triangle corners that share no vertices yet."""
    vertices = corners.reshape(-1, 3)
    return Soup(vertices, np.arange(len(vertices)).reshape(-1, 3), tuple(notes))


def fans(polygons: Iterable[list[int]]) -> np.ndarray:
    """(F, 3) int64 triangles of polygons, each split into a fan from its first corner."""
    triangles = [
        (corners[0], corners[i], corners[i + 1]) for corners in polygons for i in range(1, len(corners) - 1)
    ]
    return np.array(triangles, dtype=np.int64).reshape(-1, 3)
