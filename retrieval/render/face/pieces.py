"""What a scan holds beside the carving: crumbs, and the table that it lay on."""

import cv2
import numpy as np

from retrieval.compiled import compiled
from retrieval.io.counted import left_out
from retrieval.render.face.moments import Triangles, triangles
from retrieval.render.face.rim import high_rim
from retrieval.render.face.sides import axes
from retrieval.render.frames import plane_matrix, reading_rotation
from retrieval.render.normals import triangle_normal
from retrieval.render.zbuffer import height_field
from retrieval.types import Mesh

# A loose piece is a crumb where it is so much smaller than the largest, by its diagonal and by its area.
_CRUMB_ACROSS, _CRUMB_AREA = 0.25, 0.05
# A table is as flat as this share of its width, holds so much of the surface, and reaches well beyond
# what lies on it, which is in one lump, not in strokes: it fills its hull, and is not drawn out.
_TABLE_FLAT = 0.012
_FACING = 0.94
_TABLE_SHARE = 0.3
# One side of it alone holds less, where it is a board, or a wall stands behind it.
_SIDE_SHARE = 0.2
_TABLE_BEYOND = 0.85
_LUMP_FILLS = 0.85
_TABLE_AROUND = 0.7
_LUMP_ALONE = 0.6
_LUMP_LONGEST = 2.5
# What lies on a table rises and falls inside its outline, by this share of its width at least.
_LUMP_RELIEF = 0.02
# Its carving begins so many times the carving's own depth above the table, on wood: strokes begin on it.
_LUMP_HIGH = 1.2
_RASTER = 128


def carving_alone(mesh: Mesh) -> tuple[Mesh, tuple[str, ...]]:
    """The carving without what a scan holds beside it, and a note for each kind of it."""
    mesh, table = without_table(mesh)
    mesh, crumbs = without_crumbs(mesh)
    notes = ["The large plane that the block lies on was left out."] * table
    notes += [left_out(crumbs, "small loose piece", "small loose pieces")] * bool(crumbs)
    return mesh, tuple(notes)


def without_crumbs(mesh: Mesh) -> tuple[Mesh, int]:
    """The mesh without small loose pieces, and how many they were."""
    piece, count = _pieces(len(mesh.vertices), mesh.faces)
    if count < 2:
        return mesh, 0
    area, low, high = _sizes(mesh.vertices, mesh.faces, piece, count)
    across = np.linalg.norm(high - low, axis=1)
    main = int(np.argmax(area * across))
    crumb = (across < _CRUMB_ACROSS * across[main]) & (area < _CRUMB_AREA * area[main])
    return (_kept(mesh, ~crumb[piece]), int(crumb.sum())) if crumb.any() else (mesh, 0)


def without_high_rim(mesh: Mesh, to_plane: np.ndarray, overview: np.ndarray) -> tuple[Mesh, tuple[str, ...]]:
    """The mesh without a rim that is higher than its strokes, and a note where there was one.

    to_plane: (4, 4), mesh to plane coordinates. overview: (S, S), the mesh's height field there.
    """
    rim = high_rim(overview)
    if rim is None:
        return mesh, ()
    rows, columns = _pixels(triangles(mesh).centres, to_plane, len(overview))
    note = "A rim that stands higher than the strokes was left out of the print."
    return _kept(mesh, ~rim[rows, columns]), (note,)


def without_table(mesh: Mesh) -> tuple[Mesh, bool]:
    """The mesh without the large plane that a block lies or stands on, and whether there was one."""
    surface = triangles(mesh)
    whole = surface.areas.sum()
    for axis in axes(mesh):
        facing = surface.along(axis) > _FACING
        weights = surface.areas * facing
        if weights.sum() < _TABLE_SHARE * whole:
            continue
        heights = _heights(surface.centres, axis)
        levels, width = _flattest(mesh, axis, heights, weights)
        for level in levels:
            flat = (np.abs(heights - level) <= width) & facing
            if surface.areas[flat].sum() < _SIDE_SHARE * whole:
                continue
            for way in (1, -1):
                lump = _lump(mesh, surface, way * axis, flat, (heights - level) * way > width)
                if lump is not None:
                    return _kept(mesh, lump), True
    return mesh, False


def _flattest(
    mesh: Mesh, axis: np.ndarray, heights: np.ndarray, weights: np.ndarray
) -> tuple[list[float], float]:
    """The two levels along the axis that most of the surface lies at, and how far from one is still it.

    Two, because a board has two sides.
    """
    across = reading_rotation(axis)[:2]
    width = _TABLE_FLAT * max(float(np.ptp(mesh.vertices @ row)) for row in across) / 2
    low = float(heights.min())
    sums = np.bincount(((heights - low) / width).astype(int), weights)
    pairs = sums + np.append(sums[1:], 0.0)
    first = int(pairs.argmax())
    pairs[max(0, first - 1) : first + 2] = 0
    return [low + (each + 1) * width for each in (first, int(pairs.argmax()))], width


def _lump(
    mesh: Mesh, surface: Triangles, normal: np.ndarray, flat: np.ndarray, above: np.ndarray
) -> np.ndarray | None:
    """(F,) bool triangles of the one thing that stands on a plane; None where no such thing does."""
    if not above.any():
        return None
    rotation = reading_rotation(normal)
    turned = mesh.vertices @ rotation.T
    low, high = turned.min(axis=0), turned.max(axis=0)
    half = float((high - low)[:2].max() / 2) * 1.0001
    to_plane = plane_matrix(rotation, (low + high) / 2 @ rotation, half)
    whole = height_field(mesh, to_plane, _RASTER)
    field = height_field(Mesh(mesh.vertices, mesh.faces[above]), to_plane, _RASTER)
    middle = normal @ ((low + high) / 2 @ rotation)
    level = float(_heights(surface.centres[flat], normal).mean() - middle) / half
    floor = np.abs(whole - level) <= 2 * _TABLE_FLAT
    footprint = _footprint(np.isfinite(field) & ~floor, floor, np.isfinite(whole))
    if footprint is None or not _is_carved_block(field - level, footprint):
        return None
    wide = cv2.dilate(footprint.astype(np.uint8), np.ones((3, 3), np.uint8)).astype(bool)
    return above & wide[_pixels(surface.centres, to_plane, _RASTER)]


def _footprint(seen: np.ndarray, floor: np.ndarray, whole: np.ndarray) -> np.ndarray | None:
    """(S, S) bool: where a thing stands, in one solid lump well within the floor around it.

    seen: (S, S) bool, where something is above the floor. floor: where it shows. whole: where anything is.
    """
    _, labels, stats, _ = cv2.connectedComponentsWithStats(seen.astype(np.uint8), connectivity=4)
    stats[0, cv2.CC_STAT_AREA] = 0
    largest = int(stats[:, cv2.CC_STAT_AREA].argmax())
    lump = labels == largest
    contours, _ = cv2.findContours(lump.astype(np.uint8), cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    if not contours or stats[largest, cv2.CC_STAT_AREA] < 64:
        return None
    (_, _), sides, _ = cv2.minAreaRect(contours[0])
    hull = np.zeros_like(seen, np.uint8)
    cv2.fillConvexPoly(hull, cv2.convexHull(contours[0]), 1)
    solid = lump.sum() > _LUMP_FILLS * hull.sum() and max(sides) < _LUMP_LONGEST * min(sides)
    around = cv2.dilate(lump.astype(np.uint8), np.ones((9, 9), np.uint8)).astype(bool)
    around &= ~cv2.dilate(lump.astype(np.uint8), np.ones((5, 5), np.uint8)).astype(bool)
    solid &= floor[around].sum() > _TABLE_AROUND * around.sum()
    # What else sticks out of a table is little: humps of a floor come in numbers.
    solid &= lump.sum() > _LUMP_ALONE * (whole & ~floor).sum()
    rows, columns = np.nonzero(floor | lump)
    here = np.nonzero(lump)
    beyond = all(
        np.ptp(inner) < _TABLE_BEYOND * np.ptp(outer)
        for inner, outer in zip(here, (rows, columns), strict=True)
    )
    return lump if solid and beyond else None


def _is_carved_block(heights: np.ndarray, footprint: np.ndarray) -> bool:
    """Whether a thing's top rises and falls inside its outline, and all of it stands high above the plane."""
    width = float(np.sqrt(footprint.sum()))
    reach = max(3, int(width / 8)) | 1
    inside = cv2.erode(footprint.astype(np.uint8), np.ones((reach, reach), np.uint8)).astype(bool)
    if not inside.any():
        return False
    low, high = np.percentile(heights[inside], [5, 95])
    return low > _LUMP_HIGH * (high - low) > _LUMP_HIGH * _LUMP_RELIEF * width * 2 / heights.shape[0]


def _kept(mesh: Mesh, faces: np.ndarray) -> Mesh:
    """The mesh of these triangles (F,) bool, without the vertices that no longer bear any."""
    used, where = np.unique(mesh.faces[faces], return_inverse=True)
    return Mesh(mesh.vertices[used], where.reshape(-1, 3).astype(np.int32))


def _pixels(points: np.ndarray, to_plane: np.ndarray, size: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows and columns, (N,) each, of points (N, 3) in a height field of that size."""
    x, y = (_heights(points, row[:3]) + row[3] for row in to_plane[:2])
    columns = np.clip((x + 1) * size / 2, 0, size - 1).astype(int)
    return np.clip((1 - y) * size / 2, 0, size - 1).astype(int), columns


def _heights(points: np.ndarray, axis: np.ndarray) -> np.ndarray:
    """(N,) how far points (N, 3) lie along an axis."""
    return points[:, 0] * axis[0] + points[:, 1] * axis[1] + points[:, 2] * axis[2]


@compiled
def _pieces(count, faces):
    """(F,) int32 which piece each triangle belongs to, joined by shared vertices, and how many there are."""
    parent = np.arange(count)
    for f in range(faces.shape[0]):
        for corner in range(1, 3):
            a, b = faces[f, 0], faces[f, corner]
            while parent[a] != a:
                parent[a] = parent[parent[a]]
                a = parent[a]
            while parent[b] != b:
                parent[b] = parent[parent[b]]
                b = parent[b]
            parent[max(a, b)] = min(a, b)
    number = np.full(count, -1, np.int32)
    piece = np.empty(faces.shape[0], np.int32)
    pieces = 0
    for f in range(faces.shape[0]):
        a = faces[f, 0]
        while parent[a] != a:
            a = parent[a]
        if number[a] < 0:
            number[a] = pieces
            pieces += 1
        piece[f] = number[a]
    return piece, pieces


@compiled
def _sizes(vertices, faces, piece, count):
    """Of each piece its (count,) area, twice as large, and the (count, 3) corners of its box."""
    area = np.zeros(count)
    low, high = np.full((count, 3), np.inf), np.full((count, 3), -np.inf)
    n = np.empty(3)
    for f in range(faces.shape[0]):
        triangle_normal(vertices, faces, f, n)
        area[piece[f]] += np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
        for corner in range(3):
            for d in range(3):
                value = vertices[faces[f, corner], d]
                low[piece[f], d] = min(low[piece[f], d], value)
                high[piece[f], d] = max(high[piece[f], d], value)
    return area, low, high
