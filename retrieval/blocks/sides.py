"""The two broad sides of a block's scan, and what of each is the block."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.blocks.scan import Scan
from retrieval.errors import BadMesh
from retrieval.render.frames import reading_rotation
from retrieval.render.zbuffer import add_corners

COARSE = 900  # pixels of a side's longer edge at first
_SAMPLE = 60_000
# Between a table and the block on it, hardly anything is seen from above.
_GAP_BINS, _GAP = 120, 2
_FEW, _LEAST_ABOVE, _LEAST_BELOW = 0.0015, 0.04, 0.02
_SOLID = 0.03  # of the longer edge: strokes and rules are narrower, a block is wider


@dataclass(frozen=True)
class View:
    """How a grid of heights lies over a scan.

    rotation: (3, 3), rows right, up and towards the reader.
    origin: (3,) right and up of the grid's upper left corner, and the height that counts as 0, in the file's
        units.
    pitch: of a pixel, in the file's units.
    shape: rows and columns.
    """

    rotation: np.ndarray
    origin: np.ndarray
    pitch: float
    shape: tuple[int, int]

    def to_grid(self) -> np.ndarray:
        """(3, 4) affine, from the file's coordinates to columns, rows and heights in the file's units."""
        right, up, out = self.rotation
        return np.array(
            [
                [*(right / self.pitch), -self.origin[0] / self.pitch - 0.5],
                [*(-up / self.pitch), self.origin[1] / self.pitch - 0.5],
                [*out, -self.origin[2]],
            ]
        )


def look(scan: Scan, view: View) -> np.ndarray:
    """Heights of what is seen of a scan, (H, W) float32 in the file's units, -inf where there is nothing."""
    field = np.full(view.shape, -np.inf, np.float32)
    matrix = view.to_grid()
    for corners in scan.pieces():
        add_corners(field, corners, matrix)
    return field


@dataclass(frozen=True)
class Broad:
    """What one pass over a scan tells.

    normal: (3,) of its broad sides.
    outwards: share of that surface that is wound to face along the normal, less that wound to face against
        it, in [-1, 1].
    sample: (N, 3) of its points.
    edge: usual length of a triangle's edge.
    """

    normal: np.ndarray
    outwards: float
    sample: np.ndarray
    edge: float


def broad_sides(scan: Scan) -> Broad:
    """The way in which most of the surface faces, to one side or the other.

    Raises:
        BadMesh: nothing of the surface is left (mesh_no_extent).
    """
    facing, wound, samples, edges = np.zeros((3, 3)), np.zeros(3), [], []
    every = max(1, scan.count // _SAMPLE)
    for corners in scan.pieces():
        ones = corners.astype(np.float64)
        normals = np.cross(ones[:, 1] - ones[:, 0], ones[:, 2] - ones[:, 0])
        area = np.linalg.norm(normals, axis=1)
        facing += (normals / np.maximum(area, 1e-30)[:, None]).T @ normals
        wound += normals.sum(axis=0)
        # A copy: a view would keep the whole piece in memory.
        samples.append(ones[::every, 0].copy())
        edges.append(np.linalg.norm(ones[::every, 1] - ones[::every, 0], axis=1))
    sample = np.concatenate(samples) if samples else np.zeros((0, 3))
    if len(sample) < 3 or not np.trace(facing) > 0:
        raise BadMesh(f"{scan.name}: the scan has no surface", hint="Export it again.", code="mesh_no_extent")
    normal = np.linalg.eigh(facing)[1][:, 2]
    outwards = float(wound @ normal / max(normal @ facing @ normal, 1e-30))
    return Broad(normal, float(np.clip(outwards, -1, 1)), sample, float(np.median(np.concatenate(edges))))


def side_view(broad: Broad, sign: int, pixels: int = COARSE) -> View:
    """A view of the whole scan from one of its broad sides. sign: 1 or -1."""
    rotation = reading_rotation(sign * broad.normal)
    flat = broad.sample @ rotation[:2].T
    low, high = np.percentile(flat, (0.05, 99.95), axis=0)
    room = 0.01 * (high - low).max()
    level = float(np.median(broad.sample @ rotation[2]))
    return view_of(rotation, low - room, high + room, level, float((high - low).max() + 2 * room) / pixels)


def view_of(rotation: np.ndarray, low: np.ndarray, high: np.ndarray, level: float, pitch: float) -> View:
    """The view of what lies between two corners (right, up). level: height that counts as 0."""
    columns, rows = np.maximum(np.ceil((high - low) / pitch), 1).astype(int).tolist()
    return View(rotation, np.array([low[0], high[1], level]), pitch, (rows, columns))


def block_of(field: np.ndarray) -> np.ndarray:
    """Which pixels of a side show the block, (H, W) bool: no table under it, no debris beside it."""
    seen = np.isfinite(field)
    levels = _table_levels(field[seen])
    above = next((above for level in levels if _is_solid(above := seen & (field > level))), seen)
    solid = cv2.morphologyEx(above.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((5, 5), np.uint8))
    names, stats = cv2.connectedComponentsWithStats(solid, connectivity=4)[1:3]
    if len(stats) < 2:
        return above
    return (names == 1 + int(stats[1:, cv2.CC_STAT_AREA].argmax())) & seen


def _is_solid(above: np.ndarray) -> bool:
    """Whether most of it is as wide as a block, and not as strokes and rules, under which lies the ground."""
    window = max(3, round(_SOLID * max(above.shape))) | 1
    wide = cv2.morphologyEx(above.astype(np.uint8), cv2.MORPH_OPEN, np.ones((window, window), np.uint8))
    return bool(wide.sum() > above.sum() / 2)


def _table_levels(heights: np.ndarray) -> list[float]:
    """Heights under which what the block lies on may lie: those of gaps in the heights, the highest first."""
    if not len(heights):
        return []
    low, high = np.percentile(heights, (0.2, 99.8))
    counts = np.histogram(heights, _GAP_BINS, (low, max(high, low + 1e-12)))[0] / len(heights)
    sparse = np.convolve(counts < _FEW, np.ones(_GAP), "valid") == _GAP
    below = np.cumsum(counts)[: len(sparse)]
    fits = sparse & (below > _LEAST_BELOW) & (below < 1 - _LEAST_ABOVE)
    places = np.flatnonzero(fits)
    highest = places[np.diff(places, append=len(fits) + _GAP_BINS) > 1]  # of each gap
    return [float(low + (high - low) * (place + _GAP / 2) / _GAP_BINS) for place in highest[::-1]]
