"""What a format's reader hands on: triangles as the file has them, not yet checked."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


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
