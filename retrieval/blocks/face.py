"""A block's printing face: found in a scan, tilt and warp taken out, in millimetres."""

from dataclasses import dataclass, field, replace

import cv2
import numpy as np

from retrieval.blocks.ink import face_ink
from retrieval.blocks.scan import Scan
from retrieval.blocks.sheet import fit_sheet
from retrieval.blocks.sides import Broad, View, block_of, broad_sides, look, side_view, view_of
from retrieval.blocks.units import Unit, unit_of
from retrieval.errors import BadMesh
from retrieval.types import FACE

FINEST = 0.1  # millimetres a pixel
_MOST_PIXELS = 8000  # of the longer edge
_FINER = 0.35  # of a triangle's usual edge, to a pixel: edges of strokes lie between the scan's points
_THIN, _ONE_SHEET = 0.02, 0.9  # of the shorter edge; share of the face
_STROKE = 0.012  # of the longer edge: strokes and rules are narrower
_NO_DEPTH = 0.0008  # of the longer edge: wood that is planed, and not carved, is more even than that


@dataclass(frozen=True)
class Face:
    """A carved side of a block, seen from the front.

    height: (H, W) float32, millimetres over the sheet that the strokes' tops lie in; the floor outside.
    inside: (H, W) bool, where the block is.
    pitch: millimetres a pixel.
    depth: from the tops to the floor, in millimetres.
    bend: how far the sheet is from a plane, in millimetres; spread: how far tops lie from the sheet.
    unit: the file's, and how it was found.
    sheet: (H, W) float32, the sheet's heights in the file's unit, as `to_grid` gives them.
    to_grid: (3, 4) float64, the scan's coordinates to columns, rows and the file's heights.
    notes: sentences about what was odd.
    """

    height: np.ndarray
    inside: np.ndarray
    pitch: float
    depth: float
    bend: float
    spread: float
    unit: Unit
    sheet: np.ndarray
    to_grid: np.ndarray
    notes: tuple[str, ...] = field(default_factory=tuple)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in millimetres."""
        rows, columns = self.height.shape
        return columns * self.pitch, rows * self.pitch

    def relief(self) -> np.ndarray:
        """(H, W) float32 in [0, 1] as single characters' reliefs are: floor at 0, tops at ``FACE``."""
        return np.clip(FACE * (1 + self.height / self.depth), 0, 1).astype(np.float32)

    def ink(self) -> np.ndarray:
        """(H, W) uint8, the print that the face would give, as it is seen: black strokes on white."""
        return face_ink(self.height, self.inside, self.pitch, self.depth, self.spread)

    def turned(self, quarters: int, *, mirrored: bool) -> "Face":
        """The face after so many quarter turns counterclockwise; then, where asked, flipped left-right."""
        rows, columns = self.height.shape
        matrix = self.to_grid.copy()
        for _ in range(quarters % 4):
            # The last column becomes the first row.
            matrix[[0, 1]] = matrix[1], -matrix[0]
            matrix[1, 3] += columns - 1
            rows, columns = columns, rows
        if mirrored:
            matrix[0] = -matrix[0]
            matrix[0, 3] += columns - 1
        maps = (np.rot90(part, quarters) for part in (self.height, self.inside, self.sheet))
        height, inside, sheet = (np.ascontiguousarray(part[:, ::-1] if mirrored else part) for part in maps)
        return replace(self, height=height, inside=inside, sheet=sheet, to_grid=matrix)


@dataclass(frozen=True)
class _Side:
    """One broad side at few pixels."""

    sign: int
    view: View
    field: np.ndarray
    inside: np.ndarray
    flat: np.ndarray
    spread: float
    depth: float


def carved_faces(scan: Scan, *, unit: str | None = None) -> list[Face]:
    """The sides of a scan that may carry a carving, the likelier first: one or two.

    unit: of the file's numbers, a name of `units.UNITS`; found by plausibility where None.

    Raises:
        BadMesh: there is no relief on either side (block_no_carving), or the unit cannot be (block_unit).
    """
    broad = broad_sides(scan)
    sides = [_side(scan, broad, sign) for sign in (1, -1)]
    edge = max(sides[0].view.shape) * sides[0].view.pitch
    carved = [side for side in sides if side.depth > _NO_DEPTH * edge]
    if not carved:
        raise no_carving(scan.name)
    if len(carved) == 2 and _is_one_sheet(*sides):
        carved = [max(sides, key=lambda side: _raised(side, sides[side.sign == 1], broad, scan))]
    return [_face(scan, broad, side, unit) for side in carved]


def no_carving(name: str) -> BadMesh:
    """The refusal of a scan that shows no characters."""
    return BadMesh(
        f"{name}: no carving was found on the scan",
        hint="Scan the printing side, with its strokes; this may be the back, or another thing.",
        code="block_no_carving",
    )


def _side(scan: Scan, broad: Broad, sign: int) -> _Side:
    view = side_view(broad, sign)
    field = look(scan, view)
    inside = block_of(field)
    sheet = fit_sheet(field, inside)
    flat = np.where(inside, field - sheet.over(field.shape), 0).astype(np.float32)
    return _Side(sign, view, field, inside, flat, sheet.spread, _depth(flat[inside]))


def _depth(heights: np.ndarray) -> float:
    """From the tops, at 0, down to the floor."""
    return max(0.0, -float(np.percentile(heights, 6))) if len(heights) else 0.0


def _is_one_sheet(one: _Side, other: _Side) -> bool:
    """Whether both sides are the same surface, seen from the front and from behind."""
    seen = np.isfinite(one.field) & one.inside
    # Both heights are along the same line and from the same level, each towards its own reader.
    thick = float(np.percentile(one.field[seen], 50) + np.percentile(other.field[other.inside], 50))
    return abs(thick) < _THIN * min(one.view.shape) * one.view.pitch + 2 * one.depth


def _raised(side: _Side, other: _Side, broad: Broad, scan: Scan) -> float:
    """How sure it is that a side of one sheet shows raised strokes, and not grooves from behind.

    Thin raised things are rules and strokes; tops lie in one sheet, and the ground in none; and most
    triangles are wound to face outwards.
    """
    window = max(3, int(_STROKE * max(side.view.shape))) | 1
    shape = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (window, window))
    middle = cv2.erode(side.inside.astype(np.uint8), np.ones((3 * window, 3 * window), np.uint8)) > 0
    if not middle.any():
        middle = side.inside
    raised = cv2.morphologyEx(side.flat, cv2.MORPH_TOPHAT, shape)[middle].mean()
    sunk = cv2.morphologyEx(side.flat, cv2.MORPH_BLACKHAT, shape)[middle].mean()
    even = np.log((other.spread + 1e-9) / (side.spread + 1e-9))
    return float(np.log((raised + 1e-9) / (sunk + 1e-9)) + 0.5 * even + 0.5 * side.sign * broad.outwards)


def _face(scan: Scan, broad: Broad, side: _Side, unit: str | None) -> Face:
    """The side at full resolution, its outline upright."""
    view, unit_found = _upright(side, broad, scan.name, unit)
    grid = look(scan, view)
    inside = block_of(grid)
    sheet = fit_sheet(grid, inside)
    scale, level = unit_found.millimetres, sheet.over(grid.shape)
    flat = (grid - level) * scale
    depth = _depth(flat[inside])
    height = np.where(inside, flat, -depth).astype(np.float32)
    return Face(
        height=height,
        inside=inside,
        pitch=view.pitch * scale,
        depth=max(depth, 1e-3),
        bend=sheet.bend() * scale,
        spread=sheet.spread * scale,
        unit=unit_found,
        sheet=level,
        to_grid=view.to_grid(),
    )


def _upright(side: _Side, broad: Broad, name: str, unit: str | None) -> tuple[View, Unit]:
    """The view in which the block's outline stands upright, as fine as the scan is."""
    rows, columns = np.nonzero(side.inside)
    points = np.stack([columns, rows], axis=1)[:: max(1, len(rows) // 200_000)].astype(np.float32)
    angle = cv2.minAreaRect(points)[2] % 90
    turn = np.deg2rad(angle if angle < 45 else angle - 90)
    right, up, out = side.view.rotation
    # The picture's rows go down: what is turned clockwise there is so seen from the front.
    rotation = np.stack(
        [np.cos(turn) * right - np.sin(turn) * up, np.sin(turn) * right + np.cos(turn) * up, out]
    )
    matrix = side.view.to_grid()[:2, 3]
    flat = np.stack([points[:, 0] - matrix[0], -(points[:, 1] - matrix[1])], axis=1) * side.view.pitch
    own = flat @ np.array([[np.cos(turn), np.sin(turn)], [-np.sin(turn), np.cos(turn)]])
    low, high = own.min(axis=0) - side.view.pitch, own.max(axis=0) + side.view.pitch
    found = unit_of(float((high - low).max()), name=name, unit=unit)
    pitch = max(FINEST / found.millimetres, _FINER * broad.edge, float((high - low).max()) / _MOST_PIXELS)
    return view_of(rotation, low, high, float(side.view.origin[2]), pitch), found
