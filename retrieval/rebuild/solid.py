"""A face made a block: a closed, manifold mesh in millimetres, with sides and a flat back."""

import cv2
import numpy as np

from retrieval.rebuild.errors import BadPlan
from retrieval.rebuild.face import NewFace
from retrieval.rebuild.plan import Making
from retrieval.rebuild.triangles import TILE, network
from retrieval.types import Mesh

_LEAST_WOOD = 1.0  # millimetres under the floor
_FEWEST = 5_000  # triangles that a face takes to show anything


def block_of(face: NewFace, making: Making) -> Mesh:
    """The block: its face towards +z, the strokes' tops at z = 0, its lower left corner at x = y = 0.

    Raises:
        BadPlan: the wood is thinner than the carving is deep, or there are too few triangles to show it.
    """
    deepest = -float(face.height.min())
    if making.thickness_mm < deepest + _LEAST_WOOD:
        raise BadPlan(
            f"a block of {making.thickness_mm:g} mm is too thin for a carving of {deepest:.1f} mm",
            hint=f"make it at least {deepest + _LEAST_WOOD:.1f} mm thick",
            code="rebuild_too_thin",
        )
    if making.triangles < _FEWEST:
        raise BadPlan(
            f"{making.triangles:,} triangles are too few",
            hint=f"allow {_FEWEST:,} at least",
            code="rebuild_few",
        )
    height = _on_tiles(face.height)
    sides = 4 * (sum(height.shape) + 2)  # walls and back, were every corner of the rim used
    triangles, used = network(height, max(_FEWEST, making.triangles - sides))
    size = face.height.shape[1] * face.pitch[0], face.height.shape[0] * face.pitch[1]
    return _closed(height, triangles, used, size, making)


def _on_tiles(height: np.ndarray) -> np.ndarray:
    """The height map on a grid of whole tiles, its outermost corners on the face's edges."""
    rows, columns = (max(1, round(side / TILE)) * TILE + 1 for side in height.shape)
    across = np.linspace(0, height.shape[1], columns, dtype=np.float32) - 0.5
    down = np.linspace(0, height.shape[0], rows, dtype=np.float32) - 0.5
    x, y = np.meshgrid(across, down)
    return cv2.remap(height, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)


def _closed(
    height: np.ndarray, triangles: np.ndarray, used: np.ndarray, size: tuple[float, float], making: Making
) -> Mesh:
    rows, columns = height.shape
    names = np.full(height.size, -1, np.int64)
    kept = np.flatnonzero(used.ravel())
    names[kept] = np.arange(len(kept))
    y, x = np.divmod(kept, columns)
    top = np.stack(
        [x * (size[0] / (columns - 1)), size[1] - y * (size[1] / (rows - 1)), height.ravel()[kept]], axis=1
    )
    faces = names[triangles[:, ::-1]]
    rim = names[_rim(used)]
    under = top[rim].copy()
    under[:, 2] = -making.thickness_mm
    below = len(top) + np.arange(len(rim))
    following, below_next = np.roll(rim, -1), np.roll(below, -1)
    middle = np.full(len(rim), len(top) + len(rim))
    walls = [np.stack([rim, below, following], axis=1), np.stack([following, below, below_next], axis=1)]
    back = np.stack([below_next, below, middle], axis=1)
    centre = np.array([[size[0] / 2, size[1] / 2, -making.thickness_mm]])
    vertices = np.concatenate([top, under, centre])
    whole = np.concatenate([faces, *walls, back])
    if making.mirrored:
        vertices[:, 0] = size[0] - vertices[:, 0]
        whole = whole[:, ::-1]
    return Mesh(vertices, np.ascontiguousarray(whole, np.int32))


def _rim(used: np.ndarray) -> np.ndarray:
    """The used corners of the rim, once around, counterclockwise as seen from the front."""
    rows, columns = used.shape
    places = np.arange(rows * columns).reshape(rows, columns)
    around = np.concatenate([places[:-1, 0], places[-1, :-1], places[:0:-1, -1], places[0, :0:-1]])
    return around[used.ravel()[around]]
