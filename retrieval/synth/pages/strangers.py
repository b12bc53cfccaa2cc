"""What stands on pages that is no character: torn and inky rims, sewing holes, scribbles, stamps."""

import cv2
import numpy as np

from retrieval.synth.pages.noise import noise


def add_strangers(
    random: np.random.Generator, ink: np.ndarray, size: float, paper: tuple[float, ...] | None
) -> None:
    """Lay some of them on the ink, by lot.

    ink: (H, W) float32 in [0, 1], changed.
    size: of the page's usual characters, in pixels.
    paper: left, top, right and bottom of the paper; the whole picture when None.
    """
    rows, columns = ink.shape
    edges = paper or (0.0, 0.0, float(columns), float(rows))
    if random.random() < 0.45:
        for side in random.permutation(2)[: random.integers(1, 3)]:
            rim = _inky_rim if random.random() < 0.55 else _inked_wood
            rim(random, ink, size, edges[2 * side], side == 0)
    if random.random() < 0.25:
        _sewing_holes(random, ink, size, edges)
    if random.random() < 0.12:
        _stamp(random, ink, size)
    if random.random() < 0.1:  # a page number by hand, or a footnote's mark
        at = int(random.uniform(0, columns)), int(random.uniform(0, rows))
        text = str(int(random.integers(1, 400))) if random.random() < 0.6 else f"({random.integers(1, 9)})"
        scale = size / 30 * random.uniform(0.3, 0.9)
        _write(ink, text, at, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX, scale, 0.8)
    if random.random() < 0.04:
        _picture(random, ink, size)
    if random.random() < 0.05:
        _ruler(random, ink, size)


def _inky_rim(random: np.random.Generator, ink: np.ndarray, size: float, edge: float, left: bool) -> None:
    """A torn or rubbed edge of the paper: a dark strip of streaks and specks, some of it squeezed text."""
    rows, columns = ink.shape
    wide = max(3, int(size * random.uniform(0.2, 1.3)))
    away = size * random.choice((0.0, 0.0, random.uniform(0, 2.5)))
    x0 = int(edge + away if left else edge - away - wide)
    x0, x1 = max(0, x0), min(columns, x0 + wide)
    y0 = int(rows * random.uniform(0, 0.5))
    y1 = int(min(rows, y0 + rows * random.uniform(0.15, 1.0)))
    if x1 - x0 < 3 or y1 - y0 < 3:
        return
    shape = y1 - y0, x1 - x0
    if random.random() < 0.35:  # half characters of a fold that was cut, pressed flat
        at = int(random.integers(0, max(1, columns - 3 * wide)))
        part = ink[y0:y1, at : at + 3 * wide]
        strip = cv2.resize(part, shape[::-1], interpolation=cv2.INTER_AREA)
        strip = np.maximum(strip, 0.5 * np.clip(noise(random, shape, 2.0), 0, 1))
    else:
        grain = random.uniform(0.8, 0.25 * size)
        flat, tall = random.choice(((1.0, 1.0), (4.0, 1.0), (1.0, 4.0), (1.0, 12.0)))
        rough = noise(random, (int(shape[0] / tall) + 2, int(shape[1] / flat) + 2), grain)
        rough = cv2.resize(rough, shape[::-1], interpolation=cv2.INTER_LINEAR)
        rough = rough + 0.6 * noise(random, shape, 1.2)
        strip = np.clip((rough - random.uniform(-1.0, 0.8)) * random.uniform(0.5, 2.0), 0, 1)
    along = noise(random, (shape[0], 2), random.uniform(1, 6) * size)[:, :1] + random.uniform(-0.2, 1.5)
    across = np.linspace(0, 1, shape[1], dtype=np.float32)[None]
    torn = np.clip(
        1.6 - 1.4 * (across if left else 1 - across) + 0.4 * noise(random, shape, 0.4 * size), 0, 1
    )
    strip = strip * np.clip(along, 0, 1) * torn * random.uniform(0.4, 1.0)
    here = ink[y0:y1, x0:x1]
    np.maximum(here, strip.astype(np.float32), out=here)


def _inked_wood(random: np.random.Generator, ink: np.ndarray, size: float, edge: float, left: bool) -> None:
    """The block's own edge, printed along the rim of the paper: fine level grain, which frays inwards."""
    rows, columns = ink.shape
    wide = max(4, int(size * random.uniform(0.35, 2.0)))
    x0 = max(0, int(edge if left else edge - wide))
    x1 = min(columns, x0 + wide)
    y0 = int(rows * random.uniform(0, 0.3))
    y1 = int(min(rows, y0 + rows * random.uniform(0.3, 1.0)))
    if x1 - x0 < 4 or y1 - y0 < 8:
        return
    shape = y1 - y0, x1 - x0
    short = noise(random, (shape[0], shape[1] // 6 + 2), random.uniform(0.8, 0.08 * size + 1))
    grain = cv2.resize(short, shape[::-1], interpolation=cv2.INTER_LINEAR)
    bands = noise(random, (shape[0], 2), random.uniform(0.3, 1.5) * size)[:, :1]
    if random.random() < 0.6:  # about as high as characters, with pale gaps: what deceives most
        at = np.arange(shape[0]) / (size * random.uniform(0.35, 1.0)) + 0.6 * bands[:, 0]
        bands = bands + 1.5 * np.sin(2 * np.pi * at)[:, None].astype(np.float32)
    dense = 0.5 + 0.35 * grain + 0.2 * bands + random.uniform(-0.2, 0.3)
    inwards = np.linspace(0, 1, shape[1], dtype=np.float32)[None]
    inwards = inwards if left else 1 - inwards
    reach = random.uniform(0.3, 1.1) + 0.25 * noise(random, (shape[0], 2), random.uniform(1, 5) * size)[:, :1]
    frayed = np.clip(3 * (reach - inwards) + 0.7 * noise(random, shape, 1.5), 0, 1)
    strip = np.clip(dense, 0, 1) * frayed * random.uniform(0.4, 1.0)
    here = ink[y0:y1, x0:x1]
    np.maximum(here, strip.astype(np.float32), out=here)


def _ruler(random: np.random.Generator, ink: np.ndarray, size: float) -> None:
    """A scale laid beside the page: ticks, and numbers at some of them."""
    rows, columns = ink.shape
    tick, along = size * random.uniform(0.08, 0.4), random.random() < 0.5
    at = random.choice((random.uniform(0, 0.06), random.uniform(0.94, 1.0))) * (columns if along else rows)
    for number in range(int((rows if along else columns) / tick)):
        long = size * (0.6 if number % 10 == 0 else 0.4 if number % 5 == 0 else 0.25)
        place = int(number * tick)
        ends = ((int(at), place), (int(at + long), place))
        start, end = ends if along else (ends[0][::-1], ends[1][::-1])
        cv2.line(ink, start, end, 0.9, 1, cv2.LINE_AA)
        if number % 10 == 0:
            _write(ink, str(number // 10), (end[0] + 2, end[1] + 4), cv2.FONT_HERSHEY_SIMPLEX, size / 70, 0.9)


def _sewing_holes(
    random: np.random.Generator, ink: np.ndarray, size: float, edges: tuple[float, ...]
) -> None:
    """Specks in a row down a margin: holes of the thread, or of worms through many leaves."""
    x0, y0, x1, y1 = edges
    inside = random.uniform(0.2, 2.5) * size
    for x in ((x0 + inside,), (x1 - inside,), (x0 + inside, x1 - inside))[int(random.integers(3))]:
        y = y0 + (y1 - y0) * random.uniform(0.02, 0.2)
        while y < y1:
            radius = max(1.0, size * random.uniform(0.03, 0.22))
            points = np.array([x, y]) + random.normal(0, radius, (5, 2))
            cv2.fillConvexPoly(
                ink, cv2.convexHull(np.rint(points).astype(np.int32)), random.uniform(0.5, 1), cv2.LINE_AA
            )
            x, y = x + random.normal(0, 0.1 * size), y + size * random.uniform(1, 9)


def _stamp(random: np.random.Generator, ink: np.ndarray, size: float) -> None:
    """A library's stamp with Latin letters."""
    rows, columns = ink.shape
    at = int(random.uniform(0, columns)), int(random.uniform(0, rows))
    radius = int(size * random.uniform(0.8, 2))
    grey = random.uniform(0.25, 0.7)
    layer = np.zeros_like(ink)
    if random.random() < 0.5:
        axes = radius, int(radius * random.uniform(0.5, 1))
        cv2.ellipse(layer, at, axes, 0, 0, 360, grey, 2, cv2.LINE_AA)
    else:
        cv2.rectangle(layer, (at[0] - radius, at[1] - radius), (at[0] + radius, at[1] + radius), grey, 2)
    text = "".join(map(chr, random.integers(65, 91, 6)))
    _write(layer, text, (at[0] - radius, at[1]), cv2.FONT_HERSHEY_SIMPLEX, radius / 60, grey)
    np.maximum(ink, layer, out=ink)


def _picture(random: np.random.Generator, ink: np.ndarray, size: float) -> None:
    rows, columns = ink.shape
    for _ in range(random.integers(5, 60)):
        points = np.cumsum(random.normal(0, size * 0.5, (8, 2)), axis=0)
        points += random.uniform(0, 1, 2) * (columns, rows) * 0.6
        cv2.polylines(ink, [points.astype(np.int32)], False, 0.9, int(random.integers(1, 3)), cv2.LINE_AA)


def _write(ink: np.ndarray, text: str, at: tuple[int, int], face: int, scale: float, strength: float) -> None:
    layer = np.zeros(ink.shape, np.uint8)
    cv2.putText(layer, text, at, face, scale, 255, 1, cv2.LINE_AA)
    np.maximum(ink, layer * np.float32(strength / 255), out=ink)
