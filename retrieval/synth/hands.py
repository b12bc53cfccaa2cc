"""Several carvings of one character by one hand: the same typeface, and never twice the same strokes."""

from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.synth.glyphs import GLYPH, STEPS, distance_field
from retrieval.synth.manners import Manner
from retrieval.synth.scene import Placing, draw_scene
from retrieval.synth.textures import Textures

# The carving's shape is drawn once; on its way into a relief and onto paper it is moved, and hardly bent.
CARVED = Placing(fill=(0.6, 0.95), stretch=0.01, turn=0.03, shear=0.005, bend=0.0, beside=0.15)
PRINTED = Placing(fill=(0.58, 0.95), stretch=0.02, turn=0.03, shear=0.015, bend=0.002, beside=0.15)
CLEAN = Manner(
    share=1.0, sides=(70, 96), spread=(-0.004, 0.01), swelling=0.004, ragged=0.002, contrast=(110, 220),
    starved=0.1, two_level=0.03,
)  # fmt: skip
WORN = Manner(
    share=1.0, sides=(34, 60), spread=(-0.01, 0.016), swelling=0.008, ragged=0.005, contrast=(90, 180),
    grain=1.0, starved=1.0, two_level=0.05,
)  # fmt: skip
_LEAST = 96  # a glyph is bent at no fewer pixels than this


@dataclass(frozen=True)
class Wood:
    """What the carvings of one hand, scanned together, have in common, in shares of the character's size.

    wall: width of the slope from face to floor.
    power: its shape, 1 for straight.
    floor, rough: height of the floor, and how uneven it is.
    fray: how torn edges are.
    """

    wall: float
    power: float
    floor: float
    rough: float
    fray: float


def draw_wood(random: np.random.Generator) -> Wood:
    """The wood and the knife of one hand."""
    return Wood(
        wall=random.uniform(0.015, 0.07),
        power=random.uniform(0.7, 1.6),
        floor=random.uniform(0, 0.2),
        rough=random.exponential(0.03),
        fray=random.exponential(0.001),
    )


def draw_block(
    field: np.ndarray,
    others: Sequence[np.ndarray],
    wood: Wood,
    random: np.random.Generator,
    textures: Textures,
    side: int = 160,
) -> np.ndarray:
    """One carving as a height map that reads as the print does, (side, side) float32 in [0, 1], 0 = floor.

    field: (72, 72) uint8, of ``draw_hand``.
    others: fields of neighbours, some of which show.
    wood: of the hand.
    random: lots.
    textures: of wood and wear.
    side: in pixels, at most 192.
    """
    shape = (side, side)
    scene = draw_scene(field, list(others), shape, CARVED, random, textures)
    edge = scene.distance + scene.size * wood.fray * textures.cut("fine", shape, random)
    fall = np.clip(1 + edge / (scene.size * wood.wall * random.uniform(0.8, 1.25)), 0, 1) ** wood.power
    face = 1 + random.exponential(0.02) * textures.cut("broad", shape, random)
    floor = wood.floor + wood.rough * (
        textures.cut("middle", shape, random) + textures.cut("broad", shape, random)
    )
    height: np.ndarray = floor * (1 - fall) + face * fall
    height += 0.004 * random.standard_normal(shape, np.float32)
    low, high = float(height.min()), float(height.max())
    return ((height - low) / max(high - low, 1e-6)).astype(np.float32)


def draw_hand(
    ink: np.ndarray, count: int, random: np.random.Generator, textures: Textures
) -> list[np.ndarray]:
    """So many carvings of a glyph, (72, 72) uint8 distance fields, no two alike.

    ink: (h, w) bool, tight around the glyph.
    count: how many.
    random: lots.
    textures: by which strokes are moved and swell.
    """
    return [_carving(ink, random, textures) for _ in range(count)]


def _carving(ink: np.ndarray, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Strokes moved, leaning, heavier or lighter, with nicks."""
    field: np.ndarray = distance_field(_moved(ink, random, textures)).astype(np.float32)
    swelling = random.uniform(0.002, 0.01) * _noise("middle", field.shape, random, textures)
    field = field + STEPS * GLYPH * (random.normal(0, 0.01) + swelling)
    for _ in range(random.poisson(1.0)):
        field = np.minimum(field, _nick(field, random))
    return np.clip(np.rint(field), 0, 255).astype(np.uint8)


def _moved(ink: np.ndarray, random: np.random.Generator, textures: Textures) -> np.ndarray:
    side = max(_LEAST, max(ink.shape))
    pad = side // 8
    scale = side / max(ink.shape)
    size = round(ink.shape[1] * scale), round(ink.shape[0] * scale)
    canvas = cv2.resize(ink.astype(np.float32), size, interpolation=cv2.INTER_AREA)
    canvas = cv2.copyMakeBorder(canvas, pad, pad, pad, pad, cv2.BORDER_CONSTANT, value=0)
    rows, columns = np.indices(canvas.shape, dtype=np.float32)
    lean, slant = random.normal(0, 0.02, 2)
    broad, narrow = random.uniform(0.006, 0.024), random.uniform(0.002, 0.008)
    across, down = (
        side * (broad * _noise("broad", canvas.shape, random, textures)
                + narrow * _noise("middle", canvas.shape, random, textures))
        for _ in range(2)
    )  # fmt: skip
    middle = np.array(canvas.shape, np.float32) / 2
    moved = cv2.remap(
        canvas,
        (columns + lean * (rows - middle[0]) + across).astype(np.float32),
        (rows + slant * (columns - middle[1]) + down).astype(np.float32),
        cv2.INTER_LINEAR,
    )
    return _tight(moved > 0.5, ink)


def _tight(moved: np.ndarray, ink: np.ndarray) -> np.ndarray:
    """The rectangle of the ink; the glyph itself where bending left nothing of it."""
    rows, columns = np.flatnonzero(moved.any(axis=1)), np.flatnonzero(moved.any(axis=0))
    if not len(rows):
        return ink
    return moved[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def _nick(field: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A distance field of everything but a small hole at the edge of a stroke."""
    rows, columns = np.nonzero(np.abs(field - 128) < STEPS)
    if not len(rows):
        return field
    place = random.integers(len(rows))
    y, x = np.indices(field.shape, dtype=np.float32)
    away = np.hypot(y - rows[place], x - columns[place]) - GLYPH * random.uniform(0.01, 0.035)
    return 128 + STEPS * away


def _noise(grain: str, shape: tuple[int, int], random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Smooth noise over a whole glyph, whatever its size in pixels."""
    return cv2.resize(textures.cut(grain, (96, 96), random), shape[::-1], interpolation=cv2.INTER_LINEAR)
