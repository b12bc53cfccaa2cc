"""Drawn reliefs as triangle meshes, in the state that scans arrive in."""

import fast_simplification
import numpy as np

from retrieval.types import Mesh


def relief_mesh(
    height: np.ndarray, random: np.random.Generator, *, triangles: int = 20_000, tilt: float = 0.2
) -> Mesh:
    """A scan of this relief: simplified, tilted, off-centre, in any unit, its points shaken.

    height: (H, W) float32 in [0, 1], 0 = floor, first row at the top.
    random: lots.
    triangles: at most so many.
    tilt: largest turn out of the plane, in radians.
    """
    rows, columns = height.shape
    deep = random.uniform(0.04, 0.22)
    x, y = np.meshgrid(np.linspace(-0.5, 0.5, columns), np.linspace(0.5, -0.5, rows) * rows / columns)
    points: np.ndarray = np.stack([x.ravel(), y.ravel(), deep * height.ravel()], axis=1).astype(np.float32)
    faces = grid_faces(rows, columns)
    if len(faces) > triangles:
        points, faces = fast_simplification.simplify(points, faces, target_count=triangles, agg=5)
    points = points + random.exponential(4e-4) * random.standard_normal(points.shape)
    points = points @ _turn(random, tilt).T * 10 ** random.uniform(-1, 2) + random.normal(0, 20, 3)
    return Mesh(points.astype(np.float64), np.asarray(faces, np.int32))


def grid_faces(rows: int, columns: int) -> np.ndarray:
    """Two triangles a cell, wound to face +z."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    right, below = corner + 1, corner + columns
    first = np.stack([corner, below, right], axis=1)
    second = np.stack([right, below, below + 1], axis=1)
    return np.concatenate([first, second]).astype(np.int32)


def _turn(random: np.random.Generator, tilt: float) -> np.ndarray:
    """A rotation (3, 3) about an axis in the plane."""
    angle, way = random.uniform(0, tilt), random.uniform(0, 2 * np.pi)
    axis = np.array([np.cos(way), np.sin(way), 0.0])
    cross = np.array([[0, 0, axis[1]], [0, 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + np.sin(angle) * cross + (1 - np.cos(angle)) * cross @ cross
