"""One character's height map: the one path for galleries, queries and training meshes."""

import numpy as np

from retrieval.render.frames import plane_matrix
from retrieval.render.plane import ReadingPlane, reading_plane
from retrieval.render.zbuffer import height_field
from retrieval.types import Mesh, Relief

SIZE = 256


def read_relief(mesh: Mesh) -> Relief:
    """Take tilt, units, place and up-axis out of a scan, and picture its raised face.

    Raises BadMesh (mesh_no_relief) for a mesh with nothing carved on it.
    """
    plane = reading_plane(mesh)
    matrix = _pictured(mesh, plane)
    field = height_field(mesh, matrix, SIZE)
    scale = 1.0 / np.linalg.norm(matrix[0, :3])
    return Relief(
        height=_normalised(field, plane.depth / scale),
        to_plane=matrix,
        tilt_degrees=plane.tilt_degrees,
        units_per_pixel=float(2.0 * scale / SIZE),
        inlier_share=plane.inlier_share,
        notes=plane.notes,
    )


def _pictured(mesh: Mesh, plane: ReadingPlane) -> np.ndarray:
    return plane_matrix(plane.rotation, plane.centre, plane.half_side)


def _normalised(field: np.ndarray, depth: float) -> np.ndarray:
    height = np.where(np.isfinite(field), 1.0 + field / depth, 0.0)
    return np.clip(height, 0.0, 1.0).astype(np.float32)
