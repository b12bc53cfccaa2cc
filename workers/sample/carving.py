"""Carves one character in wood, as a scanner would bring it home: mirrored, tilted, worn."""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import distance_transform_edt, gaussian_filter, zoom
from scipy.spatial.transform import Rotation

from retrieval.types import Mesh

_GRID = 104  # vertices along a side: about 21,000 triangles
_FINE = 4  # the ink is drawn this much finer than the grid
_DEPTH = 0.16  # of the square's side, from the raised face to the floor
_WALL = 0.07  # of the square's side, the width of a wall's slope


@dataclass(frozen=True)
class Carving:
    """How a block was carved and scanned.

    mirrored: as blocks are. tilt_degrees: how far the scan lies off its axes. standing: whether y is up
    instead of z. unit: length of the square's side in the file's units. worn: in [0, 1], how much of the
    raised face is chipped away.
    """

    mirrored: bool
    tilt_degrees: float
    standing: bool
    unit: float
    worn: float


def fine_size() -> int:
    """The side in pixels of the ink that ``carve`` takes."""
    return _GRID * _FINE


def carve(ink: np.ndarray, how: Carving, random: np.random.Generator) -> Mesh:
    """The scan of a block with this character.

    ink: (S, S) float32 in [0, 1] with S = ``fine_size()``, as the print reads. The mesh is an open
    surface, without the block's sides and back, as a scan from the front is.
    """
    height = _relief(ink[:, ::-1] if how.mirrored else ink, how.worn, random)
    side = np.linspace(-0.5, 0.5, _GRID)
    x, y = np.meshgrid(side, -side)
    vertices = np.column_stack([x.ravel(), y.ravel(), height.ravel() * _DEPTH])
    turn = Rotation.from_rotvec(np.deg2rad(how.tilt_degrees) * _some_axis(random))
    if how.standing:
        turn = Rotation.from_euler("x", 90, degrees=True) * turn
    vertices = turn.apply(vertices) * how.unit + random.normal(size=3) * how.unit
    return Mesh(vertices=vertices, faces=_grid_faces(_GRID))


def _relief(ink: np.ndarray, worn: float, random: np.random.Generator) -> np.ndarray:
    """(_GRID, _GRID) heights, 1 = the raised face, about 0 = the floor."""
    inside = ink > 0.5
    away = distance_transform_edt(~inside) / ink.shape[0]
    wall = np.clip(1 - away / _WALL, 0, 1)
    floor = 0.12 * _waves(ink.shape[0], ink.shape[0] / 10, random) + 0.05 * _tool_marks(ink.shape[0], random)
    face = 1 + 0.02 * _waves(ink.shape[0], ink.shape[0] / 4, random)
    height = np.where(inside, face, np.maximum(wall, floor))
    if worn:
        height = _wear(height, worn, random)
    small = gaussian_filter(height, _FINE / 2)[_FINE // 2 :: _FINE, _FINE // 2 :: _FINE]
    return small + random.normal(scale=0.004, size=small.shape)


def _wear(height: np.ndarray, worn: float, random: np.random.Generator) -> np.ndarray:
    """Chips broken out along the grain, and edges rubbed down."""
    size = height.shape[0]
    chips = _waves(size, (size / 40, size / 12), random)
    level = np.quantile(chips, 1 - 0.12 * worn)
    lowered = np.where(chips > level, height * 0.35, height)
    return gaussian_filter(lowered, size / 300 * (1 + 2 * worn))


def _waves(size: int, length, random: np.random.Generator) -> np.ndarray:
    """Smooth noise of about unit spread, ``length`` pixels a wave (one number, or one an axis)."""
    coarse = 4
    field = gaussian_filter(random.normal(size=(size // coarse + 1,) * 2), np.asarray(length) / coarse / 2)
    field = zoom(field / max(field.std(), 1e-9), coarse, order=1)
    return field[:size, :size]


def _tool_marks(size: int, random: np.random.Generator) -> np.ndarray:
    """The gouge's furrows on the floor, all in one direction."""
    angle = random.uniform(0, np.pi)
    y, x = np.mgrid[:size, :size] / size
    return np.abs(np.sin((x * np.cos(angle) + y * np.sin(angle)) * random.uniform(40, 70)))


def _some_axis(random: np.random.Generator) -> np.ndarray:
    axis = random.normal(size=3)
    return axis / np.linalg.norm(axis)


def _grid_faces(side: int) -> np.ndarray:
    """Two triangles a square of a ``side`` x ``side`` grid, facing the reader; (F, 3) int32."""
    first = (np.arange(side - 1)[:, None] * side + np.arange(side - 1)).ravel()
    upper = np.column_stack([first, first + side, first + 1])
    lower = np.column_stack([first + 1, first + side, first + side + 1])
    return np.concatenate([upper, lower]).astype(np.int32)
