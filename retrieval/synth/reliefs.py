"""Carved characters as height maps: wide walls, an uneven floor, and the marks of tools and time."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.synth.scene import Placing, Scene, draw_scene
from retrieval.synth.textures import Textures

_PLACING = Placing(fill=(0.6, 1.03), beside=0.45)


def draw_relief(
    field: np.ndarray,
    others: Sequence[np.ndarray],
    random: np.random.Generator,
    textures: Textures,
    side: int = 88,
) -> np.ndarray:
    """One height map that reads as the print does, (side, side) float32 in [0, 1], 0 = floor.

    field: (72, 72) uint8 distance field.
    others: fields of neighbours, some of which show.
    random: lots.
    textures: of wood and wear.
    side: in pixels, at most 192.
    """
    scene = draw_scene(field, list(others), (side, side), _PLACING, random, textures)
    height = _carved(scene, random, textures)
    height = _marked(height, random, textures)
    height = _tilted(height, random)
    height = _sampled(height, random)
    low, high = float(height.min()), float(height.max())
    return ((height - low) / max(high - low, 1e-6)).astype(np.float32)


def _carved(scene: Scene, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Face at 1, walls that slope down from it, a floor of its own shape."""
    shape, size = scene.distance.shape, scene.size
    broad = random.uniform(0.005, 0.045) if random.random() < 0.2 else 0
    swelling = random.uniform(0, 0.012) * textures.cut("middle", shape, random)
    spread = size * (broad + random.normal(0, 0.013) + swelling)
    fray = size * random.exponential(0.003) * textures.cut("fine", shape, random)
    edge = scene.distance + spread + fray
    wall = size * random.choice((random.uniform(0.01, 0.06), random.uniform(0.05, 0.3)))
    fall = np.clip(1 + edge / wall, 0, 1)
    fall = fall ** random.uniform(0.7, 2.2)
    bevel = size * random.uniform(0.005, 0.03)
    face = 1 - random.uniform(0, 0.25) * np.exp(-np.maximum(edge, 0) / bevel)
    face += random.exponential(0.03) * textures.cut("broad", shape, random)
    floor = random.uniform(0, 0.25) + random.exponential(0.09) * textures.cut("broad", shape, random)
    floor += random.exponential(0.03) * textures.cut("middle", shape, random)
    return floor * (1 - fall) + face * fall


def _marked(height: np.ndarray, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Tool marks in the floor, chips off the strokes, a groove or crack right across, a cut-away rim."""
    side = height.shape[0]
    if random.random() < 0.5:
        marks = _lines(side, int(random.integers(3, 14)), (0.08, 0.35), random)
        height = height + random.normal(0, 0.12) * marks * np.clip(1.1 - height, 0, 1)
    if random.random() < 0.35:
        chips = np.clip(textures.cut("middle", height.shape, random) - random.uniform(1.6, 2.6), 0, 1)
        height = height - random.uniform(0.3, 1.0) * chips * height
    if random.random() < 0.15:
        height = height - random.uniform(0.2, 0.9) * _lines(side, 1, (0.6, 1.6), random) * np.clip(
            height, 0, 1
        )
    if random.random() < 0.15:
        height = np.maximum(height, _ridge(side, random))
    if random.random() < 0.15:
        height = _cut_away(height, random)
    return height


def _ridge(side: int, random: np.random.Generator) -> np.ndarray:
    """The raised rule between two columns, near the left or the right rim, with sloping sides."""
    across = np.arange(side, dtype=np.float32) / side
    across = across if random.random() < 0.5 else 1 - across
    lean = random.normal(0, 0.02) * (np.arange(side, dtype=np.float32)[:, None] / side - 0.5)
    away = np.abs(across - random.uniform(-0.02, 0.1) + lean)
    top, slope = random.uniform(0.004, 0.02), random.uniform(0.01, 0.08)
    return random.uniform(0.6, 1.0) * np.clip(1 - (away - top) / slope, 0, 1)


def _lines(side: int, count: int, length: tuple[float, float], random: np.random.Generator) -> np.ndarray:
    """Soft straight strokes, (side, side) float32 in [0, 1]."""
    drawn = np.zeros((side, side), np.float32)
    angle = random.uniform(0, np.pi)
    for _ in range(count):
        start = random.uniform(0, side, 2)
        along = angle + random.normal(0, 0.3)
        reach = side * random.uniform(*length) / 2
        step = reach * np.array([np.cos(along), np.sin(along)])
        first, last = np.rint(start - step).astype(int).tolist(), np.rint(start + step).astype(int).tolist()
        cv2.line(drawn, first, last, 1.0, int(random.integers(1, 4)), cv2.LINE_AA)
    return cv2.GaussianBlur(drawn, (0, 0), random.uniform(0.4, 1.2))


def _cut_away(height: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Nothing beyond a straight cut near one side, as where a scan was clipped."""
    side = height.shape[0]
    rows, columns = np.indices(height.shape, dtype=np.float32) / side - 0.5
    angle = random.uniform(0, 2 * np.pi)
    beyond = rows * np.sin(angle) + columns * np.cos(angle) > random.uniform(0.44, 0.6)
    return np.where(beyond, height.min(), height)


def _tilted(height: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """What plane fitting leaves: a slope, and a warped board."""
    rows, columns = np.indices(height.shape, dtype=np.float32) / height.shape[0] - 0.5
    slope = random.normal(0, 0.1, 2)
    bow = random.normal(0, 0.15)
    return (
        height
        + slope[0] * rows
        + slope[1] * columns
        + bow * (rows * columns if random.random() < 0.5 else rows**2)
    )


def _sampled(height: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A scan's own resolution, a simplified mesh's facets, blur and noise."""
    side = height.shape[0]
    height = height.astype(np.float32)
    if random.random() < 0.5:
        coarse = int(random.uniform(0.42, 0.9) * side)
        how = cv2.INTER_LINEAR if random.random() < 0.7 else cv2.INTER_AREA
        height = cv2.resize(cv2.resize(height, (coarse, coarse), interpolation=how), (side, side))
    if random.random() < 0.4:
        height = cv2.GaussianBlur(height, (0, 0), random.uniform(0.4, 1.6))
    return height + random.exponential(0.008) * random.standard_normal(height.shape, np.float32)


def vary_relief(height: np.ndarray, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """A rendered height map made a little different: moved, bent, tilted, marked, its heights curved.

    height: (H, W) float32 in [0, 1], 0 = floor, at most 192 a side; so is what is returned.
    random: lots.
    textures: of wood and wear.
    """
    side = height.shape[0]
    rows, columns = np.indices(height.shape, dtype=np.float32)
    zoom = random.uniform(0.94, 1.06) * np.exp(random.normal(0, 0.025, 2))
    turn, shear = random.normal(0, 0.025, 2)
    x, y = columns - side / 2, rows - side / 2
    shift = random.normal(0, 0.012 * side, 2) + side / 2
    bend = random.uniform(0, 0.012) * side
    across = (
        zoom[0] * (x + (turn + shear) * y) + shift[0] + bend * textures.cut("broad", height.shape, random)
    )
    down = zoom[1] * (y - turn * x) + shift[1] + bend * textures.cut("broad", height.shape, random)
    moved = cv2.remap(
        height,
        across.astype(np.float32),
        down.astype(np.float32),
        cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_REPLICATE,
    )
    moved = moved ** random.uniform(0.75, 1.5)
    if random.random() < 0.5:
        moved = moved + random.exponential(0.05) * textures.cut("broad", moved.shape, random) * (1 - moved)
    if random.random() < 0.3:
        moved = _marked(moved, random, textures)
    if random.random() < 0.3:
        moved = _sampled(moved, random)
    low, high = float(moved.min()), float(moved.max())
    return ((moved - low) / max(high - low, 1e-6)).astype(np.float32)
