"""Prints that failed: ink that is missing or ran together, and crops that were cut badly."""

from enum import StrEnum

import cv2
import numpy as np

from retrieval.synth.scene import Placing
from retrieval.synth.textures import Textures

_LEAST_LEFT = 0.3  # of the ink


class Failure(StrEnum):
    """How a print failed."""

    MISSING = "ink missing"
    FLOODED = "flooded"
    CROP = "bad crop"


_SHARES = {Failure.MISSING: 0.4, Failure.FLOODED: 0.2, Failure.CROP: 0.4}


def pick_failure(random: np.random.Generator) -> Failure:
    """One of the failures, by lot."""
    return Failure(str(random.choice(list(_SHARES), p=list(_SHARES.values()))))


def bad_placing(random: np.random.Generator) -> Placing:
    """A crop that is shifted, mostly up or down, too wide or too tight; neighbours show."""
    way = random.random()
    if way < 0.7:
        along = random.choice((-1, 1)) * random.uniform(0.12, 0.37)
        across = random.normal(0, 0.06)
        off = (across, along) if random.random() < 0.75 else (along, across)
        return Placing(fill=(0.7, 1.12), beside=0.95, off=off)
    if way < 0.85:
        return Placing(fill=(0.4, 0.62), shift=0.05, beside=0.95)
    return Placing(fill=(1.1, 1.45), shift=0.06, beside=0.9)


def failed_ink(
    ink: np.ndarray,
    distance: np.ndarray,
    size: float,
    failure: Failure,
    random: np.random.Generator,
    textures: Textures,
) -> np.ndarray:
    """The ink as it is after a failure of printing; a bad crop's is as it was.

    ink: (H, W) float32 in [0, 1].
    distance: (H, W) float32, in pixels, above 0 inside the strokes.
    size: of the character, in pixels.
    random: lots.
    textures: of paper and ink.
    """
    if failure == Failure.MISSING:
        return without_ink(ink, distance, size, random, textures)
    if failure == Failure.FLOODED:
        return _flooded(ink, distance, size, random, textures)
    return ink


def without_ink(
    ink: np.ndarray,
    distance: np.ndarray | None,
    size: float,
    random: np.random.Generator,
    textures: Textures,
) -> np.ndarray:
    """Ink gone in patches, on one side, in whole strokes, or where strokes are thin; some of it always stays.

    distance: inside the strokes, where it is known. The rest is as for `failed_ink`.
    """
    whole = float(ink.sum()) + 1e-6
    for _ in range(4):
        gone = _missing(ink.shape, distance, size, random, textures)
        left = ink * (1 - gone * random.uniform(0.8, 1.0))
        if left.sum() >= _LEAST_LEFT * whole:
            return left
    return np.maximum(left, 0.5 * ink)


def _missing(
    shape: tuple[int, int],
    distance: np.ndarray | None,
    size: float,
    random: np.random.Generator,
    textures: Textures,
) -> np.ndarray:
    """(H, W) float32 in [0, 1], where ink is missing."""
    gone = np.zeros(shape, np.float32)
    ways = 1 if random.random() < 0.55 else 2
    for way in random.choice(5, ways, replace=False, p=(0.3, 0.15, 0.3, 0.15, 0.1)):
        if way == 0:
            lost = _patches(shape, str(random.choice(("middle", "broad"))), (0.2, 0.55), random, textures)
        elif way == 1:
            lost = _one_side(shape, random, textures)
        elif way == 2:
            lost = _strokes(shape, size, random)
        elif way == 3 and distance is not None:
            thin = np.clip(1 - (distance - random.uniform(0.012, 0.035) * size), 0, 1)
            lost = thin * _patches(shape, "broad", (0.5, 1.0), random, textures)
        else:
            lost = _patches(shape, "fine", (0.3, 0.7), random, textures)
        gone = np.maximum(gone, lost)
    return gone


def _patches(
    shape: tuple[int, int],
    grain: str,
    shares: tuple[float, float],
    random: np.random.Generator,
    textures: Textures,
) -> np.ndarray:
    """Patches that cover a share of the picture out of a range, with edges more or less sharp."""
    noise = textures.cut(grain, shape, random)
    level = np.quantile(noise[::2, ::2], 1 - random.uniform(*shares))
    return np.clip((noise - level) * random.uniform(2, 8) + 0.5, 0, 1).astype(np.float32)


def _one_side(shape: tuple[int, int], random: np.random.Generator, textures: Textures) -> np.ndarray:
    """All on one side of a ragged line."""
    rows, columns = np.indices(shape, dtype=np.float32)
    angle = random.uniform(0, 2 * np.pi)
    across = (columns / shape[1] - 0.5) * np.cos(angle) + (rows / shape[0] - 0.5) * np.sin(angle)
    ragged = across + random.uniform(0.02, 0.1) * textures.cut("middle", shape, random)
    edge = random.uniform(-0.02, 0.25)
    return np.clip((ragged - edge) * random.uniform(6, 30) + 0.5, 0, 1).astype(np.float32)


def _strokes(shape: tuple[int, int], size: float, random: np.random.Generator) -> np.ndarray:
    """Bands as wide as strokes, mostly level or upright."""
    gone = np.zeros(shape, np.float32)
    for _ in range(random.integers(1, 5)):
        middle = np.array(shape[::-1]) * (0.5 + random.uniform(-0.4, 0.4, 2))
        angle = random.choice((0, 90, 45, 135), p=(0.4, 0.35, 0.125, 0.125)) + random.normal(0, 8)
        sides = size * np.array([random.uniform(0.25, 0.9), random.uniform(0.08, 0.22)])
        corners = cv2.boxPoints((middle.tolist(), sides.tolist(), float(angle)))
        cv2.fillConvexPoly(gone, np.rint(corners * 16).astype(np.int32), 1.0, cv2.LINE_AA, 4)
    return cv2.GaussianBlur(gone, (0, 0), max(0.3, size * random.uniform(0.005, 0.03)))


def _flooded(
    ink: np.ndarray, distance: np.ndarray, size: float, random: np.random.Generator, textures: Textures
) -> np.ndarray:
    """Counters closed all over or in places, or ink smeared one way."""
    shape, way = ink.shape, random.random()
    if way < 0.2:
        return _smeared(ink, size, random)
    everywhere = size * random.uniform(0.02, 0.075)
    grown: np.ndarray = np.full(shape, everywhere, np.float32)
    torn = size * random.uniform(0.005, 0.02) * textures.cut("middle", shape, random)
    if way < 0.6:
        where = 1 - _patches(shape, "broad", (0.2, 0.6), random, textures)
        grown = everywhere * (where + 0.3)
    return np.maximum(ink, np.clip((distance + grown + torn) / random.uniform(1.2, 2.5) + 0.5, 0, 1))


def _smeared(ink: np.ndarray, size: float, random: np.random.Generator) -> np.ndarray:
    angle, reach = random.uniform(0, 2 * np.pi), size * random.uniform(0.06, 0.16)
    smeared, steps = ink.copy(), 5
    for step in range(1, steps + 1):
        there = np.array([np.cos(angle), np.sin(angle)]) * reach * step / steps
        move = np.array([[1, 0, there[0]], [0, 1, there[1]]])
        fades = 1 - random.uniform(0.4, 0.9) * step / steps
        smeared = np.maximum(smeared, fades * cv2.warpAffine(ink, move, ink.shape[::-1]))
    return smeared.astype(np.float32)


def cut_badly(gray: np.ndarray, other: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """A real crop as if it had been cut too high, too low or aside: part of another crop shows instead.

    gray, other: (H, W) uint8, dark ink; the other is fitted to the first one's width, and to its paper.

    Returns:
        (H, W) uint8 of the first one's shape.
    """
    on_its_side = random.random() < 0.25
    first, second = (np.ascontiguousarray(part.T) if on_its_side else part for part in (gray, other))
    height, width = first.shape
    second = cv2.resize(second, (width, max(2, round(second.shape[0] * width / second.shape[1]))))
    paper = float(np.percentile(first, 80)) - float(np.percentile(second, 80))
    second = np.clip(second.astype(np.float32) + paper, 0, 255).astype(np.uint8)
    off = min(round(height * random.uniform(0.12, 0.37)), second.shape[0])
    if random.random() < 0.5:
        cut = np.concatenate([first[off:], second[:off]])
    else:
        cut = np.concatenate([second[len(second) - off :], first[: height - off]])
    return np.ascontiguousarray(cut.T) if on_its_side else cut
