"""What a plane fit needs to know of a mesh, in one pass over its triangles."""

from dataclasses import dataclass

import numpy as np

from retrieval.compiled import compiled
from retrieval.render.normals import triangle_normal
from retrieval.types import Mesh


@dataclass(frozen=True)
class Moments:
    """Area-weighted statistics of a surface.

    area: mesh units squared. centroid: (3,). spread: (3, 3) covariance of the triangles' centres.
    facing: (3,) mean of the unit normals that the winding gives: near 0 for a closed body,
        long for an open sheet.
    """

    area: float
    centroid: np.ndarray
    spread: np.ndarray
    facing: np.ndarray


def surface_moments(mesh: Mesh) -> Moments:
    """Weigh every triangle by its area, so that unevenly dense meshes are measured alike."""
    origin = mesh.vertices[mesh.faces[0, 0]]
    area, first, second, facing = _moments(mesh.vertices, mesh.faces, origin)
    if area <= 0:
        return Moments(0.0, origin, np.zeros((3, 3)), np.zeros(3))
    mean = first / area
    return Moments(area, origin + mean, second / area - np.outer(mean, mean), facing / area)


@dataclass(frozen=True)
class Triangles:
    """What is asked of every triangle.

    centres: (F, 3). normals: (F, 3) by the winding, of unit length, or 0. areas: (F,), doubled.
    """

    centres: np.ndarray
    normals: np.ndarray
    areas: np.ndarray

    def along(self, axis: np.ndarray) -> np.ndarray:
        """(F,) how much each faces along a unit axis, either way round, in [0, 1]."""
        # Not a matrix product: on a busy machine the threads behind it cost more than they save.
        n = self.normals
        return np.abs(n[:, 0] * axis[0] + n[:, 1] * axis[1] + n[:, 2] * axis[2])


def triangles(mesh: Mesh) -> Triangles:
    """Measure every triangle once, for whatever asks after them."""
    return Triangles(*_triangles(mesh.vertices, mesh.faces))


@compiled
def _triangles(vertices, faces):
    centres, normals = np.zeros((faces.shape[0], 3)), np.zeros((faces.shape[0], 3))
    areas = np.zeros(faces.shape[0])
    n = np.empty(3)
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        triangle_normal(vertices, faces, f, n)
        areas[f] = np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
        for d in range(3):
            centres[f, d] = (vertices[i, d] + vertices[j, d] + vertices[k, d]) / 3.0
            if areas[f] > 0:
                normals[f, d] = n[d] / areas[f]
    return centres, normals, areas


@compiled
def _moments(vertices, faces, origin):
    area = 0.0
    first, facing = np.zeros(3), np.zeros(3)
    second = np.zeros((3, 3))
    n, m = np.empty(3), np.empty(3)
    for f in range(faces.shape[0]):
        i, j, k = faces[f, 0], faces[f, 1], faces[f, 2]
        triangle_normal(vertices, faces, f, n)
        for d in range(3):
            m[d] = (vertices[i, d] + vertices[j, d] + vertices[k, d]) / 3.0 - origin[d]
        weight = 0.5 * np.sqrt(n[0] * n[0] + n[1] * n[1] + n[2] * n[2])
        area += weight
        for d in range(3):
            facing[d] += 0.5 * n[d]
            first[d] += weight * m[d]
            for h in range(3):
                second[d, h] += weight * m[d] * m[h]
    return area, first, second, facing
