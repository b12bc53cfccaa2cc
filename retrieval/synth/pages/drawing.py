"""A laid-out page drawn: bent, inked, on worn paper, through a scanner."""

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np

from retrieval.synth.glyphs import FIELD, GLYPH, STEPS
from retrieval.synth.pages.bank import GlyphBank
from retrieval.synth.pages.layout import Layout, Mark, lay_page
from retrieval.synth.pages.noise import noise
from retrieval.synth.pages.strangers import add_strangers
from retrieval.synth.pages.wear import scanned, toned

_SEEN = 0.6  # share of a character that has to be on the page for it to count


@dataclass(frozen=True)
class DrawnPage:
    """A page and what stands on it.

    grey: (H, W) uint8.
    boxes: (N, 4) float32, left, top, right and bottom of each character's ink.
    kinds: N of "main", "note", "fold", "head".
    level: (H, W) bool, level ruled lines.
    ignored: (M, 4) float32, places that hold half a character, where nothing is right or wrong.
    """

    grey: np.ndarray
    boxes: np.ndarray
    kinds: tuple[str, ...]
    level: np.ndarray
    ignored: np.ndarray


Bend = Callable[[np.ndarray], np.ndarray]


def draw_page(random: np.random.Generator, bank: GlyphBank, *, size: float, side: float) -> DrawnPage:
    """One page by lot.

    random: lots.
    bank: glyphs to set it from.
    size: about the side of its main text's characters, in pixels.
    side: about its longer side, in pixels.
    """
    layout = lay_page(random, size, side)
    shape = round(layout.height), round(layout.width)
    bend, turn = _bend(random, shape)
    ink, boxes = _draw_marks(random, bank, layout, shape, bend, turn)
    level = np.zeros(shape, np.uint8)
    _draw_lines(random, layout, ink, level, bend)
    seen, kinds, ignored = _seen(boxes, layout, shape)
    add_strangers(random, ink, size, layout.paper)
    gray = scanned(random, toned(random, ink, layout, bend), size)
    return DrawnPage(gray, seen, kinds, level > 0, ignored)


def _bend(random: np.random.Generator, shape: tuple[int, int]) -> tuple[Bend, float]:
    """A map of points (N, 2) that tilts and slightly bends the page, and its tilt in radians."""
    tilt = np.deg2rad(random.uniform(-5, 5) if random.random() < 0.45 else random.normal(0, 0.7))
    middle = np.array([shape[1], shape[0]]) / 2
    waves = random.normal(0, 0.0025 * max(shape), 2) * (random.random() < 0.5)
    phase, pace = random.uniform(0, 2 * np.pi, 2), random.uniform(0.5, 1.5, 2)
    keystone = random.normal(0, 0.01) * (random.random() < 0.4)
    turn = np.array([[np.cos(tilt), -np.sin(tilt)], [np.sin(tilt), np.cos(tilt)]])

    def bend(points: np.ndarray) -> np.ndarray:
        flat = (np.asarray(points, np.float64) - middle) / max(shape)
        moved = (np.asarray(points, np.float64) - middle) @ turn.T
        moved = moved * (1 + keystone * flat[:, 1:2] * np.array([1.0, 0.0]))
        moved[:, 0] += waves[0] * np.sin(np.pi * pace[0] * flat[:, 1] * 2 + phase[0])
        moved[:, 1] += waves[1] * np.sin(np.pi * pace[1] * flat[:, 0] * 2 + phase[1])
        return moved + middle

    return bend, float(tilt)


@dataclass(frozen=True)
class _Ink:
    """A page's way of printing."""

    grown: float
    soft: float
    varied: float
    real: float
    weights: np.ndarray


def _draw_marks(
    random: np.random.Generator,
    bank: GlyphBank,
    layout: Layout,
    shape: tuple[int, int],
    bend: Bend,
    turn: float,
) -> tuple[np.ndarray, np.ndarray]:
    """The characters' ink, (H, W) float32 in [0, 1], and each one's box, which may lie off the page."""
    ink = np.zeros(shape, np.float32)
    if not layout.marks:
        return ink, np.zeros((0, 4), np.float32)
    own, special = bank.of_face(int(random.choice(np.unique(bank.faces))))
    middles = bend(np.array([(mark.x, mark.y) for mark in layout.marks]))
    way = _Ink(
        grown=max(-0.006, random.normal(0.01, 0.016)),
        soft=random.uniform(0.5, 1.0),
        varied=random.uniform(0, 0.008),
        real=float(random.choice((0, 0, 0.3, 1.0))) if len(bank.patches) else 0.0,
        weights=np.ones(1),
    )
    usual = own[random.integers(len(own), size=len(layout.marks))]
    rare = special[random.integers(len(special), size=len(layout.marks))] if len(special) else usual
    boxes = []
    for mark, middle, glyph, flat in zip(layout.marks, middles, usual, rare, strict=True):
        place = flat if mark.flat else glyph
        real = way.real and not mark.flat and random.random() < way.real
        if real:
            boxes.append(_put_patch(random, bank, ink, mark, middle, turn))
        else:
            boxes.append(_put_glyph(random, bank, int(place), ink, mark, middle, turn, way))
    return ink, np.array(boxes, np.float32)


def _put_glyph(
    random: np.random.Generator, bank: GlyphBank, place: int, ink: np.ndarray, mark: Mark, middle: np.ndarray,
    turn: float, way: _Ink,
) -> tuple[float, float, float, float]:  # fmt: skip
    wide, high = bank.extents[place]
    long = max(wide, high)
    stretch = np.exp(random.normal(0, 0.05, 2))
    # The field's ink is 56 pixels on its longer side; the cell is filled as the typeface fills its square.
    scale = np.array([mark.w, mark.h]) * 1.06 * long / GLYPH * stretch
    angle = turn + random.normal(0, 0.015)
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * scale
    side = np.abs(matrix) @ np.array([wide, high]) / long * GLYPH / 2 + 2 + 0.05 * mark.h
    left, top = np.floor(middle - side).astype(int)
    right, bottom = np.ceil(middle + side).astype(int) + 1
    size = int(right - left), int(bottom - top)
    full = np.empty((2, 3))
    full[:, :2] = matrix
    full[:, 2] = middle - (left, top) - matrix @ np.full(2, (FIELD - 1) / 2)
    levels = cv2.warpAffine(bank.fields[place], full, size, flags=cv2.INTER_LINEAR)
    reach = float(np.sqrt(scale[0] * scale[1]))
    grown = mark.h * (way.grown + random.normal(0, way.varied + 1e-6))
    cover = np.clip(
        ((levels.astype(np.float32) - 128) * (reach / STEPS) + grown) / (2 * way.soft) + 0.5, 0, 1
    )
    return _put(ink, cover, int(left), int(top), mark)


def _put_patch(
    random: np.random.Generator, bank: GlyphBank, ink: np.ndarray, mark: Mark, middle: np.ndarray, turn: float
) -> tuple[float, float, float, float]:
    patch = bank.patches[int(random.integers(len(bank.patches)))]
    rows, columns = patch.shape
    long = max(rows, columns)
    scale = np.array([mark.w, mark.h]) * random.uniform(0.88, 1.0) / long
    matrix = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) * scale
    side = np.abs(matrix) @ np.array([columns, rows]) / 2 + 1
    left, top = np.floor(middle - side).astype(int)
    size = tuple((np.ceil(2 * side) + 2).astype(int).tolist())
    full = np.empty((2, 3))
    full[:, :2] = matrix
    full[:, 2] = middle - (left, top) - matrix @ np.array([(columns - 1) / 2, (rows - 1) / 2])
    cover = cv2.warpAffine(patch, full, size, flags=cv2.INTER_AREA if scale.max() < 1 else cv2.INTER_CUBIC)
    return _put(ink, np.clip(cover, 0, 1), int(left), int(top), mark)


def _put(
    ink: np.ndarray, cover: np.ndarray, left: int, top: int, mark: Mark
) -> tuple[float, float, float, float]:
    """Lay a character's ink on the page; returns its box."""
    solid = cover > 0.3
    columns, rows = np.flatnonzero(solid.any(axis=0)), np.flatnonzero(solid.any(axis=1))
    if not len(columns):
        middle = left + cover.shape[1] / 2, top + cover.shape[0] / 2
        return (middle[0], middle[1], middle[0], middle[1])
    box = (
        float(left + columns[0]), float(top + rows[0]),
        float(left + columns[-1] + 1), float(top + rows[-1] + 1),
    )  # fmt: skip
    x0, y0 = max(left, 0), max(top, 0)
    x1, y1 = min(left + cover.shape[1], ink.shape[1]), min(top + cover.shape[0], ink.shape[0])
    if x1 > x0 and y1 > y0:
        here = ink[y0:y1, x0:x1]
        np.maximum(here, cover[y0 - top : y1 - top, x0 - left : x1 - left], out=here)
    return box


def _draw_lines(
    random: np.random.Generator, layout: Layout, ink: np.ndarray, level: np.ndarray, bend: Bend
) -> None:
    """Rules, fish tails and reading marks; level rules on a map of their own as well."""
    lines = np.zeros_like(ink)
    strong = random.uniform(0.35, 1.0)
    for rule in layout.rules:
        points = bend(np.linspace(rule.start, rule.end, 12))
        drawn = np.rint(points * 16).astype(np.int32)[None]
        wide = max(1, round(rule.width))
        cv2.polylines(lines, drawn, False, strong if rule.width < 1 else 1.0, wide, cv2.LINE_AA, 4)
        if rule.level:
            cv2.polylines(level, drawn, False, 1, max(3, wide), cv2.LINE_8, 4)
    if random.random() < 0.5:
        lines *= np.clip(
            1.2 - random.uniform(0, 1.2) * np.maximum(noise(random, ink.shape, layout.size), 0), 0, 1
        )
    if random.random() < 0.35:  # broken: short pieces are left, which look like single strokes
        pieces = noise(random, ink.shape, layout.size * random.uniform(0.15, 1.0))
        lines *= np.clip(3 * (pieces + random.uniform(-0.3, 0.9)), 0, 1)
    for shape in layout.shapes:
        cv2.fillPoly(lines, np.rint(bend(np.array(shape)) * 16).astype(np.int32)[None], 1.0, cv2.LINE_AA, 4)
    if layout.dots:
        for (x, y), (_, _, radius, filled) in zip(
            bend(np.array([dot[:2] for dot in layout.dots])), layout.dots, strict=True
        ):
            thick = -1 if filled else 1
            centre = round(x * 16), round(y * 16)
            cv2.circle(lines, centre, max(16, round(radius * 16)), 0.9, thick, cv2.LINE_AA, 4)
    np.maximum(ink, lines, out=ink)


def _seen(
    boxes: np.ndarray, layout: Layout, shape: tuple[int, int]
) -> tuple[np.ndarray, tuple[str, ...], np.ndarray]:
    """The characters on the page, cut at its edges, and those of which too little is on it."""
    if not len(boxes):
        return boxes, (), boxes
    cut = np.clip(boxes, 0, np.array([shape[1], shape[0]] * 2, np.float32))
    share = _areas(cut) / np.maximum(_areas(boxes), 1e-6) * _on_paper(layout)
    sides = np.minimum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])
    whole = (share >= _SEEN) & (sides > 0.5)
    kept = tuple(mark.kind for mark, keep in zip(layout.marks, whole, strict=True) if keep)
    return cut[whole], kept, cut[(share > 0) & ~whole]


def _on_paper(layout: Layout) -> np.ndarray:
    """The share of each mark that lies on the paper: what lies on the table is not drawn."""
    marks = np.array(
        [(at.x - at.w / 2, at.y - at.h / 2, at.x + at.w / 2, at.y + at.h / 2) for at in layout.marks]
    )
    if layout.paper is None:
        return np.ones(len(marks))
    low, high = np.array(layout.paper[:2]), np.array(layout.paper[2:])
    cut = np.concatenate([np.clip(marks[:, :2], low, high), np.clip(marks[:, 2:], low, high)], axis=1)
    return _areas(cut) / np.maximum(_areas(marks), 1e-6)


def _areas(boxes: np.ndarray) -> np.ndarray:
    return (boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1])
