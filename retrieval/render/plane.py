"""The reading plane: which way a carved character faces, and which way is up."""

from dataclasses import dataclass

import numpy as np

from retrieval.errors import BadMesh
from retrieval.render.frames import plane_matrix, reading_rotation, tilt_degrees
from retrieval.render.moments import surface_moments
from retrieval.render.raised_face import RaisedFace, raised_face
from retrieval.render.zbuffer import height_field
from retrieval.types import Mesh

_COARSE = 128
_ROUNDS = 3
# Below this share of the width, what sticks out is the scanner's noise.
_LEAST_DEPTH = 2e-3
# How much of the surface has to look one way before its winding says where the front is.
_OPEN_SHEET = 0.2


@dataclass(frozen=True)
class ReadingPlane:
    """The plane that the raised face lies in.

    rotation: (3, 3) rows right, up, normal in mesh coordinates. centre: (3,) a point on the
    plane, in the middle of the mesh. half_side: half the side of the square around all of the
    mesh, in mesh units. depth: face to floor, in mesh units. face: the fit in plane coordinates.
    """

    rotation: np.ndarray
    centre: np.ndarray
    half_side: float
    depth: float
    tilt_degrees: float
    inlier_share: float
    face: RaisedFace
    notes: tuple[str, ...] = ()

    def matrix(self) -> np.ndarray:
        """(4, 4) mesh to plane coordinates, the whole mesh within [-1, 1]^2, the face at z = 0."""
        return plane_matrix(self.rotation, self.centre, self.half_side)


def reading_plane(mesh: Mesh) -> ReadingPlane:
    """Find the carved side and the plane of its raised face: PCA, then RANSAC.

    Raises BadMesh (mesh_no_relief) when neither side stands out from its ground.
    """
    moments = surface_moments(mesh)
    normal = np.linalg.eigh(moments.spread)[1][:, 0]
    facing = float(moments.facing @ normal)
    normal = normal if facing >= 0 else -normal
    front = _fitted(mesh, normal)
    back = _fitted(mesh, -normal)
    plane = _chosen(front, back, abs(facing))
    if plane.depth < _LEAST_DEPTH * plane.half_side:
        raise BadMesh(
            "the mesh is flat: no side of it stands out from its ground",
            hint="Check that the file holds the carved face of a block.",
            code="mesh_no_relief",
        )
    return plane


def _chosen(front: ReadingPlane, back: ReadingPlane, facing: float) -> ReadingPlane:
    if facing > _OPEN_SHEET:
        return front
    return max(front, back, key=lambda side: side.face.flatness)


def _fitted(mesh: Mesh, normal: np.ndarray) -> ReadingPlane:
    for _ in range(_ROUNDS):
        rotation = reading_rotation(normal)
        centre, half_side = _surroundings(mesh, rotation)
        face = raised_face(height_field(mesh, plane_matrix(rotation, centre, half_side), _COARSE))
        local = np.array([-face.slope_x, -face.slope_y, 1.0])
        normal = rotation.T @ (local / np.linalg.norm(local))
        centre = centre + rotation[2] * face.level * half_side
    rotation = reading_rotation(normal)
    return ReadingPlane(
        rotation=rotation,
        centre=centre,
        half_side=half_side,
        depth=face.depth * half_side,
        tilt_degrees=tilt_degrees(normal),
        inlier_share=face.share,
        face=face,
    )


def _surroundings(mesh: Mesh, rotation: np.ndarray) -> tuple[np.ndarray, float]:
    """Centre of the mesh's bounding box in this frame, and half of its longer in-plane side."""
    placed = mesh.vertices @ rotation.T
    low, high = placed.min(axis=0), placed.max(axis=0)
    return (low + high) / 2 @ rotation, float((high - low)[:2].max() / 2) * 1.0001
