"""Tiles to learn from: cut out of drawn pages and of real ones, at sizes and in tones by lot."""

import cv2
import numpy as np
import torch

from retrieval.locate.network.net import page_input
from retrieval.synth.pages import GlyphBank, draw_page
from retrieval.synth.pages.noise import noise
from retrieval.synth.pages.nothing import draw_nothing
from retrieval.synth.pages.wear import scanned
from retrieval.train.localiser.config import TileMix
from retrieval.train.localiser.real_pages import RealPage
from retrieval.train.localiser.targets import Tile, tile_targets
from retrieval.train.runtime.batches import NumberedBatches


class PageTiles(NumberedBatches):
    """Yields inputs (B, 2, S, S), heat, counts (B, 1, C, C), sides (B, 4, C, C), near, level (B, 1, C, C)."""

    def __init__(self, bank: GlyphBank, pages: list[RealPage], mix: TileMix, *, seed: int) -> None:
        """Prepare; nothing is drawn yet.

        bank: glyphs that pages are drawn from.
        pages: real ones to learn from; may be none.
        mix: what a batch is made of.
        seed: of everything drawn by lot.
        """
        self._bank, self._mix, self._seed = bank, mix, seed
        self._books = _by_book(pages)

    @property
    def images(self) -> int:
        """Inputs in one batch."""
        return self._mix.drawn * self._mix.each + self._mix.real

    def batch(self, number: int) -> tuple[torch.Tensor, ...]:
        """Batch ``number``; see the class."""
        random = np.random.default_rng([self._seed, number])
        tiles = [tile for _ in range(self._mix.drawn) for tile in self._drawn(random)]
        for _ in range(self._mix.real):
            tiles.append(self._real(random) if self._books else self._drawn(random)[0])
        if random.random() < self._mix.nothing:
            tiles[0] = empty_tile(random, self._mix.side)
        targets = [tile_targets(tile) for tile in tiles]
        maps = [np.stack([page_input(tile.grey) for tile in tiles])]
        maps += [
            np.stack([each.heat for each in targets])[:, None],
            np.stack([each.counts for each in targets])[:, None],
        ]
        maps += [np.stack([each.sides for each in targets])]
        maps += [
            np.stack([each.near for each in targets])[:, None],
            np.stack([each.level for each in targets])[:, None],
        ]
        return tuple(map(torch.from_numpy, maps))

    def _drawn(self, random: np.random.Generator) -> list[Tile]:
        size = float(np.exp(random.uniform(*np.log(self._mix.sizes))))
        page = draw_page(random, self._bank, size=size, side=float(random.uniform(500, 1000)))
        return [
            cut_tile(random, page.grey, page.boxes, page.ignored, page.level, self._mix.side)
            for _ in range(self._mix.each)
        ]

    def _real(self, random: np.random.Generator) -> Tile:
        book = self._books[int(random.integers(len(self._books)))]
        page = book[int(random.integers(len(book)))]
        usual = float(np.median(page.boxes[:, 3] - page.boxes[:, 1]))
        scale = float(np.exp(random.uniform(*np.log(self._mix.sizes)))) / usual
        grey, boxes, ignored = _turned(random, page, min(scale, 1.7))
        # Rims and margins say as much as text, where all that is text has a box.
        around = 0.9 if len(ignored) else 0.6
        toned = _retoned(random, grey, usual * scale)
        return cut_tile(random, toned, boxes, ignored, None, self._mix.side, around=around)


def _by_book(pages: list[RealPage]) -> list[list[RealPage]]:
    """The pages of each book: a book counts as much as another, however many pages it has."""
    books: dict[str, list[RealPage]] = {}
    for page in pages:
        books.setdefault(page.name.rstrip("0123456789ab"), []).append(page)
    return list(books.values())


def empty_tile(random: np.random.Generator, side: int) -> Tile:
    """A picture of something else, on which nothing is to be found."""
    none = np.zeros((0, 4), np.float32)
    return Tile(draw_nothing(random, side), none, none, np.zeros((side, side), bool))


def cut_tile(
    random: np.random.Generator, grey: np.ndarray, boxes: np.ndarray, ignored: np.ndarray,
    level: np.ndarray | None, side: int, *, around: float = 0.85,
) -> Tile:  # fmt: skip
    """A square of a page by lot, padded with grey where it ends.

    around: chance that it lies around one of the page's characters.
    """
    rows, columns = grey.shape
    if len(boxes) and random.random() < around:
        box = boxes[int(random.integers(len(boxes)))]
        middle = np.array([box[0] + box[2], box[1] + box[3]]) / 2 + random.uniform(-0.4, 0.4, 2) * side
    else:
        middle = random.uniform(0, 1, 2) * (columns, rows)
    left = int(np.clip(middle[0] - side / 2, 0, max(0, columns - side)))
    top = int(np.clip(middle[1] - side / 2, 0, max(0, rows - side)))
    part = grey[top : top + side, left : left + side]
    pad = ((0, side - part.shape[0]), (0, side - part.shape[1]))
    tile = np.pad(part, pad, constant_values=int(random.integers(0, 256)))
    cut = None if level is None else np.pad(level[top : top + side, left : left + side], pad)
    shift = np.array([left, top, left, top], np.float32)
    kept, partly = _within(boxes - shift, side)
    outside = np.clip(ignored - shift, 0, side) if len(ignored) else np.zeros((0, 4), np.float32)
    return Tile(tile, kept, np.concatenate([partly, outside]).astype(np.float32), cut)


def _within(boxes: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """Characters most of which lie in the tile, cut at its edge, and those of which less does."""
    if not len(boxes):
        return np.zeros((0, 4), np.float32), np.zeros((0, 4), np.float32)
    cut = np.clip(boxes, 0, side)
    area = np.maximum((boxes[:, 2] - boxes[:, 0]) * (boxes[:, 3] - boxes[:, 1]), 1e-6)
    share = (cut[:, 2] - cut[:, 0]) * (cut[:, 3] - cut[:, 1]) / area
    return cut[share > 0.7], cut[(share > 0) & (share <= 0.7)]


def _turned(
    random: np.random.Generator, page: RealPage, scale: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A real page at another size, a little stretched and turned."""
    stretch = np.exp(random.normal(0, 0.06, 2)) * scale
    angle = np.deg2rad(random.uniform(-5, 5) if random.random() < 0.45 else random.normal(0, 0.5))
    matrix = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]]) * stretch
    rows, columns = page.grey.shape
    size = round(columns * stretch[0]), round(rows * stretch[1])
    shift = np.array(size) / 2 - matrix @ np.array([columns / 2, rows / 2])
    flags = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    source = page.grey if scale > 0.7 else cv2.GaussianBlur(page.grey, (0, 0), 0.4 / scale)
    grey = cv2.warpAffine(source, np.c_[matrix, shift], size, flags=flags, borderMode=cv2.BORDER_REPLICATE)
    middles = (page.boxes[:, :2] + page.boxes[:, 2:]) / 2 @ matrix.T + shift
    halves = (page.boxes[:, 2:] - page.boxes[:, :2]) / 2 * stretch
    # A turned character's box grows, though less than that of a turned rectangle.
    halves = halves + 0.5 * abs(np.sin(angle)) * halves[:, ::-1]
    boxes = np.concatenate([middles - halves, middles + halves], axis=1).astype(np.float32)
    return grey, boxes, _unlabelled(page, matrix, shift, size)


def _unlabelled(page: RealPage, matrix: np.ndarray, shift: np.ndarray, size: tuple[int, int]) -> np.ndarray:
    """The strips left and right of what has boxes."""
    left, _, right, _ = page.labelled
    rows, columns = page.grey.shape
    strips = []
    for x, outer in ((left, -10.0), (right, columns + 10.0)):
        if 0 < x < columns:
            points = np.array([(x, 0), (x, rows), (outer, 0), (outer, rows)]) @ matrix.T + shift
            strips.append((*points.min(axis=0), *points.max(axis=0)))
    return np.clip(np.array(strips, np.float32).reshape(-1, 4), 0, max(size))


def _retoned(random: np.random.Generator, grey: np.ndarray, size: float) -> np.ndarray:
    """Other paper, other light, the other polarity, another scanner. size: of a character, in pixels."""
    pick = random.random
    tone: np.ndarray = grey.astype(np.float32)
    if pick() < 0.5:
        tone = 255 * (tone / 255) ** random.uniform(0.5, 2.0)
    if pick() < 0.5:
        low = random.uniform(0, 110)
        tone = low + (tone / 255) * random.uniform(60, 255 - low)
    if pick() < 0.3:
        tone = tone + random.exponential(8) * noise(random, grey.shape, random.choice((2.0, 60.0, 200.0)))
    if pick() < 0.3:
        tone = cv2.GaussianBlur(tone, (0, 0), random.uniform(0.3, 1.0))
    if pick() < 0.4:
        tone = tone + random.exponential(5) * random.standard_normal(grey.shape, np.float32)
    if pick() < 0.2:  # ink that faded here and there
        paper = float(np.percentile(tone[::4, ::4], 80))
        faded = noise(random, grey.shape, size * random.uniform(0.5, 6)) + random.uniform(-0.5, 1)
        tone += (paper - tone) * np.clip(0.4 * faded, 0, 0.75)
    if pick() < 0.15:
        tone = 255 - tone
    if pick() < 0.3:
        return scanned(random, tone, size)
    return np.clip(tone, 0, 255).astype(np.uint8)
