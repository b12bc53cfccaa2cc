"""Whole blocks, carved from typefaces: their faces, their scans, and the pages that they print."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from retrieval.synth.glyphs import FIELD, GLYPH, STEPS
from retrieval.synth.hands import draw_hand
from retrieval.synth.meshes import grid_faces
from retrieval.synth.pages.bank import GlyphBank
from retrieval.synth.pages.layout import Layout, lay_face
from retrieval.synth.pages.noise import noise
from retrieval.synth.pages.wear import scanned, toned
from retrieval.synth.textures import Textures
from retrieval.types import Mesh

_FAR = 4.0  # millimetres from all strokes, where distances are cut off
_THICK = 18.0  # millimetres of wood under the face


@dataclass(frozen=True)
class Text:
    """What stands on a face.

    layout: in millimetres. glyphs: (N,) places in a bank, of the layout's marks.
    """

    layout: Layout
    glyphs: np.ndarray


@dataclass(frozen=True)
class Carving:
    """A text as one hand carved it, as it prints.

    distance: (H, W) float32, millimetres to the nearest edge of a stroke, above 0 in strokes.
    boxes: (N, 4) float32, left, top, right and bottom of each character in millimetres.
    pitch: millimetres a pixel.
    size: of its main characters, in millimetres.
    """

    distance: np.ndarray
    boxes: np.ndarray
    pitch: float
    size: float


def draw_text(
    random: np.random.Generator,
    bank: GlyphBank,
    *,
    size: tuple[float, float] = (300.0, 200.0),
    character: float = 11.0,
) -> Text:
    """A text by lot. bank: of glyphs. size: of the face, and character: of a character, in millimetres."""
    layout = lay_face(random, *size, character)
    own, special = bank.of_face(int(random.choice(np.unique(bank.faces))))
    usual = own[random.integers(len(own), size=len(layout.marks))]
    flat = np.array([mark.flat for mark in layout.marks], bool)
    rare = special[random.integers(len(special), size=len(layout.marks))] if len(special) else usual
    return Text(layout, np.where(flat, rare, usual))


def carve(
    random: np.random.Generator, bank: GlyphBank, text: Text, textures: Textures, *, pitch: float = 0.2
) -> Carving:
    """One carving of a text; another call gives the same text by another hand.

    random: lots. textures: by which strokes are moved. pitch: millimetres a pixel.
    """
    layout = text.layout
    shape = round(layout.height / pitch), round(layout.width / pitch)
    distance = _rules(layout, shape, pitch)
    boxes, grown = [], random.uniform(0.0, 0.012)
    for mark, glyph in zip(layout.marks, text.glyphs, strict=True):
        (field,) = draw_hand(_inked(bank.fields[glyph]), 1, random, textures)
        wide, high = bank.extents[glyph]
        scale = np.array([mark.w, mark.h]) * 1.04 * max(wide, high) / GLYPH
        middle = np.array([mark.x, mark.y]) + random.normal(0, 0.02 * mark.h, 2)
        boxes.append(_put(distance, field, middle, scale, grown * mark.h, pitch))
    return Carving(distance, np.array(boxes, np.float32).reshape(-1, 4), pitch, layout.size)


def _inked(field: np.ndarray) -> np.ndarray:
    ink = field > 128
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    return ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _rules(layout: Layout, shape: tuple[int, int], pitch: float) -> np.ndarray:
    """Distances to the edges of rules and fish tails."""
    drawn = np.zeros(shape, np.uint8)
    for rule in layout.rules:
        ends = np.rint(np.array([rule.start, rule.end]) / pitch * 16).astype(np.int32)
        wide = max(2, round(rule.width / pitch))
        cv2.line(drawn, ends[0].tolist(), ends[1].tolist(), 1, wide, cv2.LINE_8, 4)
    for polygon in layout.shapes:
        cv2.fillPoly(drawn, [np.rint(np.array(polygon) / pitch * 16).astype(np.int32)], 1, cv2.LINE_8, 4)
    inside = cv2.distanceTransform(drawn, cv2.DIST_L2, 5)
    outside = cv2.distanceTransform(1 - drawn, cv2.DIST_L2, 5)
    return np.maximum((inside - outside) * pitch, -_FAR).astype(np.float32)


def _put(
    distance: np.ndarray,
    field: np.ndarray,
    middle: np.ndarray,
    scale: np.ndarray,
    grown: float,
    pitch: float,
) -> tuple[float, ...]:
    """Raise the distances to those of one character; its box in millimetres."""
    step = scale / pitch  # pixels of the face for one of the field
    half = step * FIELD / 2
    low = np.maximum(np.floor(middle / pitch - half).astype(int), 0)
    high = np.minimum(np.ceil(middle / pitch + half).astype(int) + 1, distance.shape[::-1])
    size = high - low
    if (size < 2).any():
        return (*middle, *middle)
    origin = middle / pitch - low - step * (FIELD - 1) / 2 - 0.5
    matrix = np.array([[step[0], 0, origin[0]], [0, step[1], origin[1]]])
    levels = cv2.warpAffine(field.astype(np.float32), matrix, size.tolist(), flags=cv2.INTER_LINEAR)
    near = (levels - 128) / STEPS * float(np.sqrt(scale.prod())) + grown
    here = distance[low[1] : high[1], low[0] : high[0]]
    np.maximum(here, near, out=here)
    rows, columns = np.flatnonzero((near > 0).any(axis=1)), np.flatnonzero((near > 0).any(axis=0))
    if not len(rows):
        return (*middle, *middle)
    left, top = low
    return tuple(
        float(side * pitch)
        for side in (left + columns[0], top + rows[0], left + columns[-1] + 1, top + rows[-1] + 1)
    )


def carved_height(
    random: np.random.Generator, carving: Carving, *, warp: float = 2.0
) -> tuple[np.ndarray, np.ndarray]:
    """The face as it reads: walls, an uneven floor, wear, lost corners, warp.

    random: lots. warp: how far the board is bent, in millimetres.

    Returns:
        (H, W) float32, millimetres; and (N,) bool, which characters are still there.
    """
    distance, pitch = carving.distance, carving.pitch
    deep, wall = random.uniform(1.2, 2.4), random.uniform(0.25, 0.9)
    fall = np.clip(1 + distance / wall, 0, 1) ** random.uniform(0.8, 1.6)
    floor = -deep * (1 + 0.5 * np.clip(-distance / _FAR, 0, 1)) + 0.08 * noise(
        random, distance.shape, 4 / pitch
    )
    height = floor * (1 - fall)
    worn = 0.05 * noise(random, distance.shape, 20 / pitch) + 0.01 * noise(random, distance.shape, 1)
    chips = np.clip(noise(random, distance.shape, 2 / pitch) - random.uniform(2.2, 3.0), 0, 1)
    height = height + worn * fall - deep * chips * fall
    left = np.full(distance.shape, np.inf, np.float32)
    for _ in range(random.integers(0, 3)):
        left = np.minimum(left, _corner(random, distance.shape, pitch, deep))
    height = np.minimum(height, left) + _warped(random, distance.shape, warp)
    return height.astype(np.float32), _kept(np.isinf(left), carving)


def _kept(whole: np.ndarray, carving: Carving) -> np.ndarray:
    """(N,) bool, of which characters most is not lost. whole: (H, W) bool."""
    places = np.rint(carving.boxes / carving.pitch).astype(int).tolist()
    return np.array([bool(whole[y0:y1, x0:x1].mean() > 0.5) for x0, y0, x1, y1 in places], bool)


def _corner(random: np.random.Generator, shape: tuple[int, int], pitch: float, deep: float) -> np.ndarray:
    """Heights that what is left of a lost corner does not exceed."""
    rows, columns = (np.arange(side, dtype=np.float32) * pitch for side in shape)
    down = rows if random.random() < 0.5 else rows[::-1]
    across = columns if random.random() < 0.5 else columns[::-1]
    reach, ragged = random.uniform(0.04, 0.15) * shape[1] * pitch, 3 * noise(random, shape, 6 / pitch)
    beyond = reach - (down[:, None] * random.uniform(0.7, 1.5) + across[None]) + ragged
    return np.where(beyond > 0, -deep * 1.3 - 0.1 * beyond, np.inf).astype(np.float32)


def _warped(random: np.random.Generator, shape: tuple[int, int], warp: float) -> np.ndarray:
    down, across = (np.linspace(-1, 1, side, dtype=np.float32) for side in shape)
    terms = [across[None] ** i * down[:, None] ** j for i, j in ((2, 0), (1, 1), (0, 2), (3, 0), (1, 2))]
    weights = random.normal(0, 1, len(terms)) * (1, 0.6, 0.6, 0.3, 0.3)
    bend = sum(weight * term for weight, term in zip(weights, terms, strict=True))
    return warp / max(float(np.ptp(bend)), 1e-6) * bend


def block_mesh(height: np.ndarray, pitch: float, *, closed: bool = True) -> Mesh:
    """The scan of a block, carved mirrored as blocks are, in millimetres, its face towards +z.

    height: (H, W) float32 millimetres, as it reads. pitch: millimetres a pixel.
    closed: with sides and a flat back; else the face alone, as a scanner from above sees it.
    """
    rows, columns = height.shape
    seen = height[:, ::-1]
    x, y = np.meshgrid(np.arange(columns) * pitch, -np.arange(rows) * pitch)
    points = np.stack([x, y, seen], axis=2).reshape(-1, 3).astype(np.float32)
    faces = grid_faces(rows, columns)
    if not closed:
        return Mesh(points.astype(np.float64), faces)
    names = np.arange(rows * columns).reshape(rows, columns)
    # Once around, counterclockwise as seen from the front.
    rim = np.concatenate([names[:-1, 0], names[-1, :-1], names[:0:-1, -1], names[0, :0:-1]])
    under = points[rim].copy()
    under[:, 2] = -_THICK
    below = len(points) + np.arange(len(rim))
    following, below_next = np.roll(rim, -1), np.roll(below, -1)
    middle = np.full(len(rim), len(points) + len(rim))
    walls = [np.stack([rim, below, following], axis=1), np.stack([following, below, below_next], axis=1)]
    back = np.stack([below_next, below, middle], axis=1)
    centre = np.array([[*points[:, :2].mean(axis=0), -_THICK]], np.float32)
    everything = np.concatenate([points, under, centre]).astype(np.float64)
    return Mesh(everything, np.concatenate([faces, *walls, back]).astype(np.int32))


def print_page(
    random: np.random.Generator, carving: Carving, *, pixels: float = 4.5
) -> tuple[np.ndarray, np.ndarray]:
    """A page that a carving printed, (H, W) uint8, and its characters' boxes (N, 4) on it.

    Ink too much or too little, paper shrunk and bent, a scanner.

    random: lots. pixels: of the scan to a millimetre.
    """
    scale, edge = pixels * carving.pitch, 6 * pixels
    rows, columns = (round(side * scale + 2 * edge) for side in carving.distance.shape)
    shrunk = np.exp(random.normal(0, 0.012, 2))
    waves, phase = random.normal(0, 0.8, 2), random.uniform(0, 6, 2)  # millimetres
    tilt = random.normal(0, 0.012)

    def bend(points: np.ndarray) -> np.ndarray:
        """Pixels of the page to millimetres of the carving."""
        flat = (points - edge) / pixels
        x = flat[:, 0] * shrunk[0] + tilt * flat[:, 1] + waves[0] * np.sin(flat[:, 1] / 80 + phase[0])
        y = flat[:, 1] * shrunk[1] - tilt * flat[:, 0] + waves[1] * np.sin(flat[:, 0] / 80 + phase[1])
        return np.stack([x, y], axis=1)

    grid = np.stack(np.meshgrid(np.arange(columns), np.arange(rows)), axis=2).reshape(-1, 2).astype(float)
    at = (bend(grid) / carving.pitch).reshape(rows, columns, 2).astype(np.float32)
    distance = cv2.remap(
        carving.distance,
        at[..., 0],
        at[..., 1],
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=-_FAR,
    )
    size = carving.size * pixels
    grown = carving.size * (random.normal(0.006, 0.01) + 0.004 * noise(random, (rows, columns), size / 4))
    ink = np.clip((distance + grown) * pixels / random.uniform(1.0, 2.0) + 0.5, 0, 1).astype(np.float32)
    grey = scanned(random, toned(random, ink, Layout(columns, rows, size), None), size)
    return grey, _boxes_on(carving.boxes, bend, pixels, edge)


def _boxes_on(boxes: np.ndarray, bend, pixels: float, edge: float) -> np.ndarray:
    """Millimetres of the carving to pixels of the page: the bend turned round, step by step."""
    corners = boxes.reshape(-1, 2).astype(float)
    points = corners * pixels + edge
    for _ in range(6):
        points = points + (corners - bend(points)) * pixels
    return points.reshape(-1, 4).astype(np.float32)


def same_text(random: np.random.Generator, text: Text) -> Text:
    """The text as another block has it: characters moved a little, as another hand sets them."""
    moved = [
        replace(mark, x=mark.x + dx, y=mark.y + dy)
        for mark, (dx, dy) in zip(
            text.layout.marks, random.normal(0, 0.3, (len(text.layout.marks), 2)).tolist(), strict=True
        )
    ]
    return Text(replace(text.layout, marks=moved), text.glyphs)
