"""A character and the ends of its neighbours, placed and bent on one canvas, as a distance field."""

from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.synth.glyphs import FIELD, GLYPH, STEPS
from retrieval.synth.textures import Textures


@dataclass(frozen=True)
class Scene:
    """A canvas of (H, W) pixels with characters on it.

    distance: (H, W) float32, in pixels, above 0 inside the strokes of any character.
    own: the same for the character in the middle alone.
    size: longer side of that character, in pixels.
    """

    distance: np.ndarray
    own: np.ndarray
    size: float


@dataclass(frozen=True)
class Placing:
    """How much a scene varies.

    fill: range of the character's longer side, as a share of the canvas.
    stretch: standard deviation of the logarithm of either side's scale.
    turn: standard deviation, in radians.
    shear: standard deviation.
    shift, bend: standard deviations, as shares of the canvas.
    beside: chance of a neighbour above, below, and (a third as often) at each side.
    off: how far the character stands off the middle, right and down, as shares of the canvas.
    """

    fill: tuple[float, float]
    stretch: float = 0.07
    turn: float = 0.035
    shear: float = 0.04
    shift: float = 0.02
    bend: float = 0.012
    beside: float = 0.4
    off: tuple[float, float] = (0.0, 0.0)


def draw_scene(
    field: np.ndarray,
    others: list[np.ndarray],
    shape: tuple[int, int],
    placing: Placing,
    random: np.random.Generator,
    textures: Textures,
) -> Scene:
    """Place ``field`` in the middle of a canvas of this shape, and some of ``others`` around it.

    field: (72, 72) uint8 distance field.
    others: such fields, of which up to four are used.
    shape: (H, W) of the canvas, in pixels.
    placing: how much the scene varies.
    random: lots.
    textures: by which the character is bent.
    """
    side = min(shape)
    fill = random.uniform(*placing.fill)
    scale = fill * side / GLYPH
    stretch = np.exp(random.normal(0, placing.stretch, 2))
    turn, shear = random.normal(0, (placing.turn, placing.shear))
    bent = np.array([[np.cos(turn), -np.sin(turn) + shear], [np.sin(turn), np.cos(turn)]])
    matrix = bent * stretch * scale
    middle = np.array([shape[1], shape[0]]) / 2 + np.array(placing.off) * side
    centre = middle + random.normal(0, placing.shift * side, 2)
    warp = _bend(shape, placing.bend * side * random.uniform(0, 2), random, textures)
    own = _placed(field, matrix, centre, warp)
    distance = own
    for way, other in zip(((0, -1), (0, 1), (-1, 0), (1, 0)), others, strict=False):
        if random.random() < (placing.beside if way[1] else placing.beside / 3):
            gap = (1 + random.uniform(-0.14, 0.25)) * scale * GLYPH
            there = centre + np.array(way) * gap + random.normal(0, 0.06 * side, 2)
            distance = np.maximum(distance, _placed(other, matrix, there, warp))
    return Scene(distance, own, fill * side)


def _bend(
    shape: tuple[int, int], amount: float, random: np.random.Generator, textures: Textures
) -> tuple[np.ndarray, np.ndarray]:
    rows, columns = np.indices(shape, dtype=np.float32)
    across = columns + amount * textures.cut("broad", shape, random)
    down = rows + amount * textures.cut("broad", shape, random)
    return across, down


def _placed(
    field: np.ndarray, matrix: np.ndarray, centre: np.ndarray, warp: tuple[np.ndarray, np.ndarray]
) -> np.ndarray:
    (a, b), (c, d) = np.linalg.inv(matrix).astype(np.float32)
    across, down = warp[0] - np.float32(centre[0]), warp[1] - np.float32(centre[1])
    middle = np.float32((FIELD - 1) / 2)
    levels = cv2.remap(
        field, a * across + b * down + middle, c * across + d * down + middle, cv2.INTER_LINEAR
    )
    scale = float(np.sqrt(abs(np.linalg.det(matrix))))
    return (levels.astype(np.float32) - 128) * np.float32(scale / STEPS)
