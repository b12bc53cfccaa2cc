"""Polygons, fans and strips as triangles, all at once."""

from collections.abc import Callable

import numpy as np

from retrieval.errors import BadMesh


def fan_positions(starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """(F, 3) positions of the corners of triangles: each polygon as a fan from its first corner.

    starts: (P,) position of each polygon's first corner. sizes: (P,) how many it has; two make nothing.
    """
    counts = np.maximum(sizes - 2, 0)
    polygon = np.repeat(np.arange(len(sizes)), counts)
    nth = np.arange(len(polygon)) - np.repeat(np.cumsum(counts) - counts, counts)
    first = starts[polygon]
    return np.stack([first, first + nth + 1, first + nth + 2], 1)


def strip_triangles(corners: np.ndarray) -> np.ndarray:
    """(F, 3) int64 triangles of strips of corners, a negative index between one strip and the next.

    Every second triangle is wound the other way; those without area, by which strips turn, are left out.
    """
    corners = np.asarray(corners, np.int64)
    if len(corners) < 3:
        return np.empty((0, 3), np.int64)
    triangles = np.stack([corners[:-2], corners[1:-1], corners[2:]], 1)
    place = np.arange(len(corners))
    begin = np.maximum.accumulate(np.where(corners < 0, place + 1, 0))[:-2]
    odd = (place[:-2] - begin) % 2 == 1
    triangles[odd] = triangles[odd][:, [1, 0, 2]]
    a, b, c = triangles.T
    return triangles[(triangles >= 0).all(axis=1) & (a != b) & (b != c) & (c != a)]


def whole_indices(
    found: np.ndarray, vertices: int, refused: Callable[[tuple[int, ...], str], BadMesh]
) -> np.ndarray:
    """The indices as int64, each a whole number of one of so many vertices.

    Raises:
        BadMesh: what ``refused`` makes of the place of the first that is none, and of why.
    """
    bad = ~((found >= 0) & (found < vertices) & (found == np.floor(found)))
    if bad.any():
        at = tuple(int(axis[0]) for axis in np.nonzero(bad))
        raise refused(at, f"a face names vertex {found[at]:,.12g}, but the file has {vertices:,} vertices")
    return found.astype(np.int64)
