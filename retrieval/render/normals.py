"""Normals of triangles and of vertices."""

import numpy as np

from retrieval.compiled import compiled


def vertex_normals(vertices: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(V, 3) float32 unit normals, each the area-weighted mean of its triangles' normals.

    A vertex without area around it gets (0, 0, 1).
    """
    return _normals(np.ascontiguousarray(vertices, np.float64), np.ascontiguousarray(faces, np.int32))


def towards_reader(points: np.ndarray, faces: np.ndarray) -> np.ndarray:
    """(F, 3) int32 triangles, each wound so that its normal has z >= 0: however a file winds them.

    points: (V, 3) in plane coordinates, z to the reader. faces: (F, 3) int32, any winding.
    """
    return _towards_reader(np.ascontiguousarray(points, np.float64), np.array(faces, np.int32, order="C"))


@compiled
def _towards_reader(points, faces):
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        x0, y0 = points[j, 0] - points[i, 0], points[j, 1] - points[i, 1]
        x1, y1 = points[k, 0] - points[i, 0], points[k, 1] - points[i, 1]
        if x0 * y1 < y0 * x1:
            faces[f, 0], faces[f, 2] = k, i
    return faces


@compiled
def triangle_normal(vertices, faces, f, n):
    """Write into ``n`` (3,) the normal of triangle ``f`` by its winding, twice its area long."""
    i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
    ax, ay, az = (
        vertices[j, 0] - vertices[i, 0],
        vertices[j, 1] - vertices[i, 1],
        vertices[j, 2] - vertices[i, 2],
    )
    bx, by, bz = (
        vertices[k, 0] - vertices[i, 0],
        vertices[k, 1] - vertices[i, 1],
        vertices[k, 2] - vertices[i, 2],
    )
    n[0] = ay * bz - az * by
    n[1] = az * bx - ax * bz
    n[2] = ax * by - ay * bx


@compiled
def _normals(vertices, faces):
    sums, n = np.zeros(vertices.shape), np.empty(3)
    for f in range(faces.shape[0]):
        triangle_normal(vertices, faces, f, n)
        for corner in faces[f]:
            sums[corner, 0] += n[0]
            sums[corner, 1] += n[1]
            sums[corner, 2] += n[2]
    normals = np.empty(vertices.shape, np.float32)
    for v in range(vertices.shape[0]):
        length = np.sqrt(sums[v, 0] ** 2 + sums[v, 1] ** 2 + sums[v, 2] ** 2)
        if length > 0:
            normals[v, 0] = sums[v, 0] / length
            normals[v, 1] = sums[v, 1] / length
            normals[v, 2] = sums[v, 2] / length
        else:
            normals[v, 0], normals[v, 1], normals[v, 2] = 0.0, 0.0, 1.0
    return normals
