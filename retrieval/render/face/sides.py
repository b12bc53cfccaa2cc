"""The sides of a body, and how much each of them shows of a carving."""

import cv2
import numpy as np

from retrieval.compiled import compiled
from retrieval.render.normals import triangle_normal
from retrieval.types import Mesh

# Directions that triangles face are counted on a cube, so many cells to an edge, opposite ones together.
_CELLS = 7
# Triangles this near to an axis (cosine) belong to its side; a side has at least this share of the surface.
_NEAR = np.cos(np.radians(20))
_LEAST_SHARE = 0.04
_MOST_AXES = 4
# Walls fall by more than this from one unit of the picture to the next.
_STEEP = 3.0
# An outline is left alone whose walls lie no deeper under the rest than this share of the rest's own depth.
_DEEPER = 0.5
# Detail is looked for in so many patches to a side; more relief than _FULL of half a width counts no further.
_PATCHES = 8
_FULL = 0.15


def axes(mesh: Mesh) -> list[np.ndarray]:
    """(3,) unit axes that most of the surface faces along, either way round, the largest share first."""
    sums, weights = _faced(mesh.vertices, mesh.faces)
    total, lengths = weights.sum(), np.maximum(np.linalg.norm(sums, axis=1), 1e-300)
    found: list[np.ndarray] = []
    while len(found) < _MOST_AXES and weights.max() > 0:
        axis = sums[weights.argmax()] / lengths[weights.argmax()]
        for _ in range(2):
            along = sums @ axis
            near = np.abs(along) >= _NEAR * lengths
            mean = (sums[near] * np.sign(along[near])[:, None]).sum(axis=0)
            axis = mean / np.linalg.norm(mean)
        if weights[near].sum() >= _LEAST_SHARE * total:
            found.append(axis)
        weights[near] = 0.0
        weights[weights.argmax()] *= near.any()
    return found


@compiled
def _faced(vertices, faces):
    """(cells, 3) sums of area vectors and (cells,) areas, by the cell of the cube that they point into."""
    sums = np.zeros((3 * _CELLS * _CELLS, 3))
    weights = np.zeros(3 * _CELLS * _CELLS)
    n = np.empty(3)
    for f in range(faces.shape[0]):
        triangle_normal(vertices, faces, f, n)
        most = 0
        for d in range(1, 3):
            if abs(n[d]) > abs(n[most]):
                most = d
        if n[most] == 0.0:
            continue
        u, v = n[(most + 1) % 3] / n[most], n[(most + 2) % 3] / n[most]
        row, column = min(int((u + 1) / 2 * _CELLS), _CELLS - 1), min(int((v + 1) / 2 * _CELLS), _CELLS - 1)
        cell = (most * _CELLS + row) * _CELLS + column
        sign = 1.0 if n[most] > 0 else -1.0
        for d in range(3):
            sums[cell, d] += sign * n[d]
        weights[cell] += np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
    return sums, weights


def without_walls(field: np.ndarray) -> np.ndarray:
    """A side's heights without the walls of the body that are seen beyond its edges.

    field: (S, S) float32 over [-1, 1]^2, -inf where there is no surface. Only walls that fall far below
    all the rest go: the slopes of a carving stay.
    """
    seen = np.isfinite(field)
    outside = _walls(field, seen) | ~seen
    rest = field[~outside]
    if len(rest) < seen.sum() / 4:
        return field
    low, high = np.percentile(rest, [1, 99])
    walls = field[outside & seen]
    if not len(walls) or walls.min() > low - _DEEPER * (high - low):
        return field
    return np.where(outside, np.float32(-np.inf), field)


def _walls(field: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(S, S) bool: steep pixels that hang together with the outline, and one pixel more."""
    filled = np.where(seen, field, field[seen].min()).astype(np.float32)
    scale = field.shape[0] / 2
    # Of the steps to the neighbours the smallest: the last pixel of a face has a cliff on one side only.
    steps = [np.abs(filled - np.roll(filled, way, axis)) * scale for axis in (0, 1) for way in (1, -1)]
    steep = (np.minimum(steps[0], steps[1]) > _STEEP) | (np.minimum(steps[2], steps[3]) > _STEEP) | ~seen
    framed = np.pad(steep.astype(np.uint8), 1, constant_values=1)
    labels = cv2.connectedComponents(framed, connectivity=8)[1]
    outer = np.pad((labels == labels[0, 0])[1:-1, 1:-1], 1, constant_values=True)
    return cv2.dilate(outer.astype(np.uint8), np.ones((3, 3), np.uint8))[1:-1, 1:-1].astype(bool)


def detail(field: np.ndarray) -> float:
    """How much a side shows of a carving: the rise and fall in its inner patches, by its area, in [0, 0.15].

    field: (S, S) float32 over [-1, 1]^2, levelled, -inf where there is no surface.
    """
    rows, columns = np.nonzero(np.isfinite(field))
    if len(rows) < _PATCHES**2:
        return 0.0
    inner = field[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    ranges = [
        _range(patch)
        for band in np.array_split(inner, _PATCHES, axis=0)[1:-1]
        for patch in np.array_split(band, _PATCHES, axis=1)[1:-1]
    ]
    return float(np.minimum(ranges, _FULL).mean() * inner.size / field.size)


def _range(patch: np.ndarray) -> float:
    heights = patch[np.isfinite(patch)]
    if len(heights) < 4:
        return 0.0
    low, high = np.percentile(heights, [5, 95])
    return float(high - low)
