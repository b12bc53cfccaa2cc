"""The height map of a mesh: an orthographic z-buffer, with no graphics library."""

import numpy as np

from retrieval.compiled import compiled
from retrieval.types import Mesh

EMPTY = np.float32(-np.inf)


def height_field(mesh: Mesh, to_plane: np.ndarray, size: int = 256) -> np.ndarray:
    """The highest point of the mesh above each pixel of the square [-1, 1] x [-1, 1].

    to_plane: (4, 4) affine, mesh to plane coordinates (x right, y up, z to the reader).
    Returns (size, size) float32: z in plane units at each pixel's centre, row 0 at the top,
    and -inf where there is no mesh. The winding of the triangles does not matter.
    """
    return _zbuffer(mesh.vertices, mesh.faces, np.ascontiguousarray(to_plane, np.float64), size)


def add_corners(field: np.ndarray, corners: np.ndarray, to_grid: np.ndarray) -> None:
    """Raise a field of heights to what more triangles show; for scans that are read in pieces.

    field: (H, W) float32, changed in place; -inf where nothing was seen yet.
    corners: (K, 3, 3) floats, of each triangle its corners.
    to_grid: (3, 4) affine, to columns, rows (pixel centres on whole numbers) and heights.
    """
    _add_corners(field, corners, np.ascontiguousarray(to_grid, np.float64))


@compiled
def _add_corners(field, corners, to_grid):
    at = np.empty((3, 3))
    for f in range(corners.shape[0]):
        for corner in range(3):
            a, b, c = corners[f, corner, 0], corners[f, corner, 1], corners[f, corner, 2]
            for row in range(3):
                at[corner, row] = (
                    to_grid[row, 0] * a + to_grid[row, 1] * b + to_grid[row, 2] * c + to_grid[row, 3]
                )
        _fill(
            field,
            at[0, 0], at[0, 1], at[0, 2],
            at[1, 0], at[1, 1], at[1, 2],
            at[2, 0], at[2, 1], at[2, 2],
        )  # fmt: skip


@compiled
def _zbuffer(vertices, faces, to_plane, size):
    count = vertices.shape[0]
    x, y = np.empty(count), np.empty(count)
    z = np.empty(count)
    half = size / 2.0
    for i in range(count):
        a, b, c = vertices[i, 0], vertices[i, 1], vertices[i, 2]
        # Pixel centres lie on whole numbers from here on: it saves a half in every test below.
        x[i] = (
            to_plane[0, 0] * a + to_plane[0, 1] * b + to_plane[0, 2] * c + to_plane[0, 3] + 1
        ) * half - 0.5
        y[i] = (
            1 - (to_plane[1, 0] * a + to_plane[1, 1] * b + to_plane[1, 2] * c + to_plane[1, 3])
        ) * half - 0.5
        z[i] = to_plane[2, 0] * a + to_plane[2, 1] * b + to_plane[2, 2] * c + to_plane[2, 3]
    field = np.full((size, size), -np.inf, np.float32)
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        _fill(field, x[i], y[i], z[i], x[j], y[j], z[j], x[k], y[k], z[k])
    return field


@compiled
def _fill(field, x0, y0, z0, x1, y1, z1, x2, y2, z2):
    rows, columns = field.shape
    left, right = max(0.0, np.ceil(min(x0, x1, x2))), min(columns - 1.0, np.floor(max(x0, x1, x2)))
    top, bottom = max(0.0, np.ceil(min(y0, y1, y2))), min(rows - 1.0, np.floor(max(y0, y1, y2)))
    area = (x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)
    # Not `left > right`: a NaN must leave here too.
    if not (left <= right and top <= bottom) or area == 0.0:
        return
    # Both neighbours of a shared edge may claim a pixel centre on it; neither leaves a crack.
    slack = 1e-9
    for row in range(int(top), int(bottom) + 1):
        for column in range(int(left), int(right) + 1):
            dx, dy = column - x0, row - y0
            u = (dx * (y2 - y0) - (x2 - x0) * dy) / area
            v = ((x1 - x0) * dy - dx * (y1 - y0)) / area
            if u >= -slack and v >= -slack and u + v <= 1.0 + slack:
                height = np.float32(z0 + u * (z1 - z0) + v * (z2 - z0))
                if height > field[row, column]:
                    field[row, column] = height
