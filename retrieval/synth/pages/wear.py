"""Paper, light and the scanner."""

import cv2
import numpy as np

from retrieval.synth.pages.layout import Layout
from retrieval.synth.pages.noise import noise


def toned(random: np.random.Generator, ink: np.ndarray, layout: Layout, bend) -> np.ndarray:
    """Grey levels of inked paper: worn ink, shading, stains, seals, the other side shining through."""
    shape, size = ink.shape, layout.size
    pick = random.random
    cover = ink
    if pick() < 0.5:
        lack = noise(random, shape, random.choice((2.0, size * 0.3, size * 2))) - random.uniform(0.6, 2.2)
        cover = cover * np.clip(1 - random.uniform(0.2, 1.2) * np.maximum(lack, 0), 0.1, 1)
    if pick() < 0.25:
        cover = np.maximum(cover, np.clip(noise(random, shape, 1.5) - random.uniform(2.3, 3.2), 0, 1))
    paper = random.uniform(90, 252)
    contrast = random.uniform(0.25, 0.95) if pick() < 0.5 else random.uniform(0.6, 0.97)
    sheet = np.full(shape, paper, np.float32)
    sheet += random.exponential(6) * noise(random, shape, max(shape) / 3)
    if pick() < 0.6:
        sheet += random.exponential(3) * noise(random, shape, 1.5)
    if pick() < 0.3:  # laid paper: fibres along one axis
        fibre = noise(random, (shape[0], max(2, shape[1] // 30)), 2.0)
        sheet += random.exponential(4) * cv2.resize(fibre, shape[::-1], interpolation=cv2.INTER_LINEAR)
    if pick() < 0.3:  # stains
        stain = np.clip(noise(random, shape, size * random.uniform(1, 6)) - random.uniform(0.3, 1.5), 0, 1)
        sheet -= paper * random.uniform(-0.15, 0.5) * stain
    if layout.gutter is not None or pick() < 0.1:
        at = (layout.gutter or pick() * shape[1]) / shape[1]
        across = np.abs(np.linspace(0, 1, shape[1], dtype=np.float32) - at)
        sheet *= 1 - random.uniform(0, 0.6) * np.exp(-across / random.uniform(0.005, 0.05))
    if pick() < 0.3:  # the other side
        other = cv2.GaussianBlur(
            np.roll(ink[:, ::-1], random.integers(-20, 20, 2), (0, 1)), (0, 0), random.uniform(0.6, 2)
        )
        sheet *= 1 - random.uniform(0.03, 0.3) * contrast * other
    gray = sheet * (1 - contrast * cover)
    if pick() < 0.25:
        _seal(random, gray, size)
    if pick() < 0.2:
        _holes(random, gray, size)
    negative = pick() < 0.15
    if negative:
        gray = _rubbing(random, gray, size)
    if layout.paper is not None:
        gray = _on_table(random, gray, layout, bend)
    return gray


def _seal(random: np.random.Generator, gray: np.ndarray, size: float) -> None:
    """An owner's seal: a frame and thick strokes, paler than ink, over or beside the text."""
    side = int(size * random.uniform(1, 3.5))
    rows, columns = gray.shape
    if min(rows, columns) <= side:
        return
    top, left = int(random.integers(rows - side)), int(random.integers(columns - side))
    seal = np.zeros((side, side), np.float32)
    cv2.rectangle(seal, (1, 1), (side - 2, side - 2), 1.0, max(1, side // 14))
    for _ in range(random.integers(4, 22)):
        a, b = random.integers(side // 8, side - side // 8, 2), int(random.normal(0, side / 4))
        end = (int(a[0]) + b, int(a[1])) if random.random() < 0.5 else (int(a[0]), int(a[1]) + b)
        cv2.line(seal, tuple(int(v) for v in a), end, 1.0, max(1, side // 20))
    if random.random() < 0.3:
        seal = 1 - seal
    gray[top : top + side, left : left + side] *= 1 - random.uniform(0.1, 0.5) * seal


def _holes(random: np.random.Generator, gray: np.ndarray, size: float) -> None:
    """What worms left, lighter or darker than the paper."""
    tone = random.uniform(0, 255)
    for _ in range(random.integers(1, 12)):
        at = random.uniform(0, 1, 2) * gray.shape[::-1]
        points = at + np.cumsum(random.normal(0, size * 0.2, (6, 2)), axis=0)
        wide = max(1, int(size * random.uniform(0.03, 0.3)))
        cv2.polylines(gray, [points.astype(np.int32)], False, float(tone), wide, cv2.LINE_AA)


def _rubbing(random: np.random.Generator, gray: np.ndarray, size: float) -> np.ndarray:
    """White characters on black, the black uneven."""
    turned = 255 - gray
    if random.random() < 0.7:
        rough = np.maximum(
            noise(random, gray.shape, random.choice((1.5, 3, size * 0.4))) - random.uniform(0.5, 1.8), 0
        )
        turned = turned + random.uniform(10, 90) * rough
    return turned


def _on_table(random: np.random.Generator, gray: np.ndarray, layout: Layout, bend) -> np.ndarray:
    """The paper lies on a table, dark as a rule."""
    x0, y0, x1, y1 = layout.paper or (0, 0, 1, 1)
    corners = bend(np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)]))
    mask = np.zeros(gray.shape, np.uint8)
    cv2.fillPoly(mask, np.rint(corners).astype(np.int32)[None], 1)
    tone = random.uniform(0, 60) if random.random() < 0.8 else random.uniform(100, 255)
    return np.where(mask > 0, gray, tone + 3 * noise(random, gray.shape, 4))


def scanned(random: np.random.Generator, gray: np.ndarray, size: float) -> np.ndarray:
    """Blur, noise, two-level scans and JPEG."""
    pick = random.random
    if pick() < 0.5:
        gray = cv2.GaussianBlur(gray, (0, 0), size / 30 * random.uniform(0.3, 1.3))
    if pick() < 0.25:
        soft = cv2.GaussianBlur(gray, (0, 0), 1.2)
        gray = gray + random.uniform(0.3, 1.5) * (gray - soft)
    gray = gray + random.exponential(3.5) * random.standard_normal(gray.shape, np.float32)
    if pick() < 0.08:
        around = cv2.blur(gray, (4 * int(size) + 1,) * 2)
        spread = float(np.std(gray[::4, ::4] - around[::4, ::4]))
        sign = 1 if np.median(gray) > gray.mean() else -1  # ink is the rarer
        gray = np.where(gray > around - sign * random.uniform(0.3, 0.9) * spread, 255.0, 0.0)
    picture = np.clip(gray, 0, 255).astype(np.uint8)
    if pick() < 0.4:
        quality = int(random.integers(25, 90))
        packed = cv2.imencode(".jpg", picture, (cv2.IMWRITE_JPEG_QUALITY, quality))[1]
        picture = cv2.imdecode(packed, cv2.IMREAD_GRAYSCALE)
    return picture
