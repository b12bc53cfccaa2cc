"""Rotations between a mesh's own axes and the reader's."""

import numpy as np

from retrieval.types import Mesh

# For a face that looks along each file axis: where the reader's right and up lie. Z-up and
# Y-up programs both leave a character upright this way; +Y with up -Z is how a Z-up scene
# comes out of a Y-up export, and -Y with up Z is the front view of a Z-up scene.
_READERS = {
    (0, 1): ((0, 1, 0), (0, 0, 1)),
    (0, -1): ((0, -1, 0), (0, 0, 1)),
    (1, 1): ((1, 0, 0), (0, 0, -1)),
    (1, -1): ((1, 0, 0), (0, 0, 1)),
    (2, 1): ((1, 0, 0), (0, 1, 0)),
    (2, -1): ((-1, 0, 0), (0, 1, 0)),
}


def reading_rotation(normal: np.ndarray) -> np.ndarray:
    """Rows right, up, normal (3, 3) of a reader who looks at a face with this unit normal.

    The face is turned onto the nearest file axis by the shortest way, so that its own in-plane
    axes are kept: tilt goes, and nothing is twisted.
    """
    axis = int(np.argmax(np.abs(normal)))
    sign = 1 if normal[axis] >= 0 else -1
    right, up = (np.array(row, float) for row in _READERS[axis, sign])
    front = np.zeros(3)
    front[axis] = sign
    turn = _shortest_turn(front, normal)
    return np.stack([turn @ right, turn @ up, normal])


def _shortest_turn(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The rotation (3, 3) that takes one unit vector to another that is not its opposite."""
    axis = np.cross(start, end)
    cross = np.array([[0, -axis[2], axis[1]], [axis[2], 0, -axis[0]], [-axis[1], axis[0], 0]])
    return np.eye(3) + cross + cross @ cross / (1.0 + start @ end)


def tilt_degrees(normal: np.ndarray) -> float:
    """Angle in [0, 90] between a face with this unit normal and the nearest coordinate plane."""
    return float(np.degrees(np.arccos(np.clip(np.abs(normal).max(), 0.0, 1.0))))


def plane_matrix(rotation: np.ndarray, centre: np.ndarray, half_side: float) -> np.ndarray:
    """(4, 4) mesh to plane coordinates: ``centre`` to the origin, ``half_side`` units to 1."""
    matrix = np.eye(4)
    matrix[:3, :3] = rotation / half_side
    matrix[:3, 3] = -rotation @ centre / half_side
    return matrix


def placed(mesh: Mesh, to_plane: np.ndarray) -> np.ndarray:
    """(V, 3) float64 vertices in plane coordinates."""
    # Not a matrix product: on a busy machine the threads behind it cost more than they save.
    columns = [
        mesh.vertices[:, 0] * row[0] + mesh.vertices[:, 1] * row[1] + mesh.vertices[:, 2] * row[2] + row[3]
        for row in to_plane[:3]
    ]
    return np.stack(columns, axis=1)
