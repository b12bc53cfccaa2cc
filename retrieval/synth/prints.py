"""Prints as they come off a block and out of a scanner."""

from collections.abc import Sequence

import cv2
import numpy as np

from retrieval.synth.failures import Failure, bad_placing, failed_ink, without_ink
from retrieval.synth.manners import FLOODED, Manner, pick_manner
from retrieval.synth.scene import Placing, Scene, draw_scene
from retrieval.synth.textures import Textures

_PLACING = Placing(fill=(0.58, 1.06), beside=0.45)


def draw_print(
    field: np.ndarray,
    others: Sequence[np.ndarray],
    random: np.random.Generator,
    textures: Textures,
    *,
    placing: Placing = _PLACING,
    manner: Manner | None = None,
    failure: Failure | None = None,
) -> np.ndarray:
    """One picture of a printed character, (H, W) uint8, 26 to 96 pixels a side, dark ink as a rule.

    field: (72, 72) uint8 distance field.
    others: fields of neighbours, some of which show.
    random: lots.
    textures: of paper and ink.
    placing: how the character lies on the picture.
    manner: of printing; one drawn by lot when None.
    failure: what went wrong in printing or cutting; a bad crop has a placing of its own.
    """
    manner = manner or pick_manner(random)
    side = int(random.uniform(*(manner.sides or ((26, 46) if random.random() < 0.5 else (40, 96)))))
    shape = side, int(np.clip(side * random.normal(1, 0.06), 24, 96))
    placing = bad_placing(random) if failure == Failure.CROP else placing
    scene = draw_scene(field, list(others), shape, placing, random, textures)
    ink = _ink(scene, manner, random, textures)
    if failure:
        ink = failed_ink(ink, scene.distance, scene.size, failure, random, textures)
    if random.random() < 0.18:
        ink = np.maximum(ink, _rules(shape, random))
    if random.random() < 0.15 and others:
        ink = np.maximum(ink, _bleed(others[0], shape, random, textures))
    return _scanned(_toned(ink, manner, random, textures), manner, random)


def vary_print(
    gray: np.ndarray, random: np.random.Generator, textures: Textures, *, failure: Failure | None = None
) -> np.ndarray:
    """A real print made a little different: bent, scaled, inked, toned and scanned anew.

    gray: (H, W) uint8, dark ink.
    random: lots.
    textures: of paper and ink.
    failure: what else goes wrong in printing; a bad crop is the caller's (`cut_badly`).

    Returns:
        (h, w) uint8, 28 to 72 pixels a side.
    """
    manner = pick_manner(random)
    rows, columns = (
        int(side) for side in np.clip(random.uniform(30, 64) * random.normal(1, 0.05, 2), 28, 72)
    )
    across, down = _jitter(gray.shape, (rows, columns), random, textures)
    moved = cv2.remap(gray, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE).astype(
        np.float32
    )
    if random.random() < 0.4:
        moved = _worn(moved, random)
    low, high = float(moved.min()), float(moved.max())
    ink = ((high - moved) / max(high - low, 1)) ** random.uniform(0.7, 1.4)
    if random.random() < 0.8 * manner.starved:
        missing = textures.cut("middle", (rows, columns), random) - random.uniform(1.2, 2.5)
        ink = ink * np.clip(1 - random.uniform(0.3, 1.5) * np.maximum(missing, 0), 0.05, 1)
    if failure == Failure.MISSING:
        ink = without_ink(ink.astype(np.float32), None, float(min(ink.shape)), random, textures)
    if failure == Failure.FLOODED or (manner.spread and manner.spread[0] >= 0):
        manner = manner if manner.spread else FLOODED
        ink = _flooded(ink.astype(np.float32), manner, random, textures)
    return _scanned(_toned(ink.astype(np.float32), manner, random, textures), manner, random)


def _worn(gray: np.ndarray, random: np.random.Generator) -> np.ndarray:
    """Strokes a little thinner or thicker."""
    size = int(random.integers(2, 4))
    wear = cv2.erode if random.random() < 0.5 else cv2.dilate
    worn = wear(gray, np.ones((size, size), np.uint8))
    share = random.uniform(0.2, 1.0) if size == 2 else random.uniform(0.1, 0.5)
    return share * worn + (1 - share) * gray


def _flooded(ink: np.ndarray, manner: Manner, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Ink run over the strokes' edges, which are torn: for pictures without a distance field."""
    least, most = manner.spread or (0.0, 0.0)
    reach = max(ink.shape) * random.uniform(least, most)
    size = 1 + 2 * round(0.5 * reach + 0.3)
    grown = cv2.dilate(ink, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size)))
    torn = textures.cut("middle", ink.shape, random) + textures.cut("fine", ink.shape, random)
    level = random.uniform(0.25, 0.5) + random.uniform(0, 0.09) * torn
    return np.clip((grown - level) * random.uniform(2, 6) + 0.5, 0, 1)


def _jitter(
    old: tuple[int, int], new: tuple[int, int], random: np.random.Generator, textures: Textures
) -> tuple[np.ndarray, np.ndarray]:
    """Where in a picture of shape ``old`` each pixel of one of shape ``new`` is taken from."""
    rows, columns = np.indices(new, dtype=np.float32)
    zoom = random.uniform(0.85, 1.12) * np.exp(random.normal(0, 0.05, 2))
    turn, shear = random.normal(0, 0.04, 2)
    x, y = columns / new[1] - 0.5, rows / new[0] - 0.5
    bend = random.uniform(0, 0.02)
    shift = random.normal(0, 0.025, 2)
    across = zoom[0] * (x + (turn + shear) * y) + shift[0] + bend * textures.cut("broad", new, random) + 0.5
    down = zoom[1] * (y - turn * x) + shift[1] + bend * textures.cut("broad", new, random) + 0.5
    return (across * old[1] - 0.5).astype(np.float32), (down * old[0] - 0.5).astype(np.float32)


def _ink(scene: Scene, manner: Manner, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Cover in [0, 1]: strokes spread or starved, edges frayed, ink missing in places."""
    shape, size = scene.distance.shape, scene.size
    if manner.spread:
        grown = random.uniform(*manner.spread)
    else:
        heavy = random.uniform(0.015, 0.05) if random.random() < 0.15 else 0
        grown = heavy + random.normal(0.003, 0.015)
    swelling = random.uniform(0, manner.swelling) * textures.cut("middle", shape, random)
    spread = size * (grown + swelling)
    fray = size * random.exponential(manner.ragged) * textures.cut("fine", shape, random)
    soft = random.uniform(0.5, 1.1) + (random.exponential(0.4) if random.random() < 0.4 else 0)
    cover = np.clip((scene.distance + spread + fray) / (2 * soft) + 0.5, 0, 1)
    if random.random() < manner.starved:
        grain = str(random.choice(("fine", "middle", "middle", "broad")))
        missing = textures.cut(grain, shape, random) - random.uniform(0.8, 2.5)
        cover = cover * np.clip(1 - random.uniform(0.3, 2.0) * np.maximum(missing, 0), 0.05, 1)
    if random.random() < 0.3:
        cover = np.maximum(
            cover, np.clip(2 * (textures.cut("fine", shape, random) - random.uniform(2.2, 3.2)), 0, 1)
        )
    return cover


def _rules(shape: tuple[int, int], random: np.random.Generator) -> np.ndarray:
    """Column rules and frames near the rim."""
    rules = np.zeros(shape, np.float32)
    rows, columns = shape
    for _ in range(random.integers(1, 3)):
        near = float(random.uniform(-0.01, 0.12))
        lean = float(random.normal(0, 0.012))
        upright = random.random() < 0.7
        length = rows if upright else columns
        across = near * (columns if upright else rows)
        if random.random() < 0.5:
            across = (columns if upright else rows) - 1 - across
        ends = np.array([[across, 0], [across + lean * length, length]])
        ends = ends if upright else ends[:, ::-1]
        (x0, y0), (x1, y1) = np.rint(ends * 16).astype(int).tolist()
        cv2.line(
            rules, (x0, y0), (x1, y1), random.uniform(0.4, 1), int(random.integers(1, 3)), cv2.LINE_AA, 4
        )
    return rules


def _bleed(
    field: np.ndarray, shape: tuple[int, int], random: np.random.Generator, textures: Textures
) -> np.ndarray:
    """The page's other side, mirrored, faint and soft."""
    scene = draw_scene(field, [], shape, Placing(fill=(0.7, 1.1), shift=0.25), random, textures)
    cover = np.clip(scene.distance / 4 + 0.5, 0, 1)[:, ::-1]
    return random.uniform(0.08, 0.35) * cover


def _toned(ink: np.ndarray, manner: Manner, random: np.random.Generator, textures: Textures) -> np.ndarray:
    """Grey levels: paper, its shading and stains, ink, the scanner's noise; either polarity."""
    shape = ink.shape
    contrast = random.uniform(*manner.contrast)
    paper = random.uniform(*(manner.paper or (contrast + 5, 255)))
    gray = paper - min(contrast, paper) * ink
    if manner.grain:
        gray += random.exponential(manner.grain) * textures.cut("fine", shape, random)
    gray += random.exponential(5) * textures.cut("broad", shape, random)
    if random.random() < 0.35:
        gray += random.exponential(6) * textures.cut("middle", shape, random)
    if random.random() < 0.15:
        stain = np.clip(textures.cut("broad", shape, random) - random.uniform(0, 1.5), 0, 1)
        gray -= contrast * random.uniform(0.1, 0.5) * stain
    if random.random() < 0.03:
        gray = 255 - gray
    return gray


def _scanned(gray: np.ndarray, manner: Manner, random: np.random.Generator) -> np.ndarray:
    """Blur, noise, sharpening, two-level scans and JPEG."""
    if random.random() < 0.35:
        gray = cv2.GaussianBlur(gray, (0, 0), random.uniform(0.3, 1.1))
    gray = gray + random.exponential(4) * random.standard_normal(gray.shape, np.float32)
    if random.random() < manner.two_level:
        low, high = np.percentile(gray[::2, ::2], (3, 97))
        gray = np.where(gray > low + random.uniform(0.35, 0.6) * (high - low), 255.0, 0.0)
    picture = np.clip(gray, 0, 255).astype(np.uint8)
    if random.random() < 0.2:
        quality = int(random.integers(25, 85))
        picture = cv2.imdecode(
            cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1], cv2.IMREAD_GRAYSCALE
        )
    return picture
