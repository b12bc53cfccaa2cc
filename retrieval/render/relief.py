"""One character's height map: the one path for galleries, queries and training meshes."""

from dataclasses import replace

import numpy as np

from retrieval.render.box import character_box
from retrieval.render.face.outline import outline_turn
from retrieval.render.face.pieces import carving_alone, without_high_rim
from retrieval.render.face.plane import ReadingPlane, reading_plane
from retrieval.render.frames import plane_matrix
from retrieval.render.plausible import doubts
from retrieval.render.zbuffer import height_field
from retrieval.types import FACE, Mesh, Relief

SIZE = 256


def read_relief(mesh: Mesh, *, name: str = "the mesh") -> Relief:
    """Take tilt, units, place and up-axis out of a scan, and picture its raised face.

    name: what messages call the mesh. Raises BadMesh (mesh_no_relief) for a mesh with nothing
    carved on it.
    """
    mesh, cleared = carving_alone(mesh)
    plane = reading_plane(mesh, name=name)
    overview = height_field(mesh, plane.matrix(), SIZE)
    turn = outline_turn(np.isfinite(overview))
    if turn:
        plane = plane.turned(mesh, turn)
        overview = height_field(mesh, plane.matrix(), SIZE)
    rim: tuple[str, ...] = ()
    if plane.rimmed:
        mesh, rim = without_high_rim(mesh, plane.matrix(), overview)
        overview = height_field(mesh, plane.matrix(), SIZE)
    matrix = _pictured(plane, overview)
    half_side = 1.0 / float(np.linalg.norm(matrix[0, :3]))
    height = _normalised(height_field(mesh, matrix, SIZE), plane.depth / half_side)
    return Relief(
        height=height,
        to_plane=matrix,
        tilt_degrees=plane.tilt_degrees,
        units_per_pixel=2.0 * half_side / SIZE,
        inlier_share=plane.inlier_share,
        notes=(*cleared, *rim, *plane.notes, *doubts(height)),
    )


def turned(relief: Relief, quarters: int) -> Relief:
    """The relief after so many quarter turns counterclockwise, as the reader sees it."""
    cosine, sine = ((1, 0), (0, 1), (-1, 0), (0, -1))[quarters % 4]
    turn = np.eye(4)
    turn[:2, :2] = [[cosine, -sine], [sine, cosine]]
    height = np.ascontiguousarray(np.rot90(relief.height, quarters))
    return replace(relief, height=height, to_plane=turn @ relief.to_plane)


def _pictured(plane: ReadingPlane, overview: np.ndarray) -> np.ndarray:
    box = character_box(overview, plane.depth / plane.half_side)
    aside = np.array([box.x, box.y, 0.0]) * plane.half_side
    return plane_matrix(plane.rotation, plane.centre + aside @ plane.rotation, box.half * plane.half_side)


def _normalised(field: np.ndarray, depth: float) -> np.ndarray:
    height = np.where(np.isfinite(field), FACE * (1.0 + field / depth), 0.0)
    return np.clip(height, 0.0, 1.0).astype(np.float32)
