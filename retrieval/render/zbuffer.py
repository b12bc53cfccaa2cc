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
    size = field.shape[0]
    left, right = max(0.0, np.ceil(min(x0, x1, x2))), min(size - 1.0, np.floor(max(x0, x1, x2)))
    top, bottom = max(0.0, np.ceil(min(y0, y1, y2))), min(size - 1.0, np.floor(max(y0, y1, y2)))
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
