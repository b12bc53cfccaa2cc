"""Picture sheets: what the drawing looks like, what a batch looks like, and the worst answers."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from PIL import Image

from common.publish import write_aside
from retrieval.data.characters import BEYOND
from retrieval.index.views import is_mirrored
from retrieval.preprocess import Recipe
from retrieval.report.matched import Matched
from retrieval.synth.glyphs import Glyphs
from retrieval.synth.prints import draw_print
from retrieval.synth.reliefs import draw_relief
from retrieval.synth.textures import Textures
from retrieval.train.data.mesh_cache import rendered_relief
from retrieval.train.data.training_data import gather_training_data
from retrieval.train.pretrain.batches import DrawnBatches, Mix

_TILE, _GAP = 72, 4
_PAPER, _RIGHT, _WRONG = (255, 255, 255), (46, 125, 80), (190, 60, 40)
_CHARACTERS, _PRINTS, _RELIEFS, _RENDERED = 8, 5, 3, 2
_SEED = 11


def drawing_sheet(glyphs: Glyphs, *, seed: int = _SEED) -> np.ndarray:
    """Eight characters, half of them beyond the BMP where there are any: prints, reliefs, rendered reliefs.

    Returns (H, W, 3) uint8: a row a character; five prints, three drawn height maps, two more that went
    through mesh and renderer.
    """
    random = np.random.default_rng(seed)
    textures = Textures(random)
    rows = []
    for code in _some_characters(glyphs, random):
        fields = glyphs.fields[np.flatnonzero(glyphs.codepoints == code)]
        others = [glyphs.fields[place] for place in random.integers(len(glyphs.fields), size=4)]

        def field(fields: np.ndarray = fields) -> np.ndarray:
            return fields[random.integers(len(fields))]

        row = [draw_print(field(), others, random, textures) for _ in range(_PRINTS)]
        row += [_grey(draw_relief(field(), others, random, textures)) for _ in range(_RELIEFS)]
        rendered = (rendered_relief(field(), others, random, textures) for _ in range(4 * _RENDERED))
        row += [height for height in rendered if height is not None][:_RENDERED]
        rows.append([_tile(picture) for picture in row])
    return _sheet(rows)


def batch_sheet(glyphs: Glyphs, recipe: Recipe, *, seed: int = _SEED) -> np.ndarray:
    """One training batch as the network sees it: prints above, the same characters' height maps below.

    Drawn prints only, none of a real book. Returns (H, W, 3) uint8.
    """
    data = gather_training_data(glyphs, None)
    columns = min(12, len(data.classes))
    count = min(4 * columns, len(data.classes) // columns * columns)
    batches = DrawnBatches(data, None, Mix(classes=count, from_crops=0, flipped=0), recipe, seed=seed)
    inputs = batches.batch(0)[0][:, 0].numpy()
    prints, heights = (1 - inputs[:count]), inputs[count:]
    rows = []
    for start in range(0, count, columns):
        rows.append([_tile(_grey(one)) for one in prints[start : start + columns]])
        rows.append([_tile(_grey(one)) for one in heights[start : start + columns]])
    return _sheet(rows)


def worst(matched: Matched, count: int = 10) -> list[int]:
    """Places of the queries whose right item lies farthest behind the nearest one, worst first."""
    ranks = matched.ranks()
    _, near, _ = matched.nearest()
    truth = np.where(matched.right, matched.distances, np.inf).min(axis=1)
    behind = np.where(np.isfinite(truth) & np.isfinite(near[:, 0]), truth - near[:, 0], -1.0)
    order = np.argsort(-behind, kind="stable")
    return [int(place) for place in order if behind[place] > 0 and ranks[place] != 1][:count]


def worst_sheet(matched: Matched, places: Sequence[int]) -> np.ndarray:
    """A row a query: the picture, the right item nearest to it, and the five found, the right ones framed.

    Returns (H, W, 3) uint8.
    """
    rows = []
    order, _, right = matched.nearest()
    for place in places:
        picture = matched.queries.pictures[place]
        if picture is None:  # it could not be read, so that nothing was found for it
            continue
        truth = int(np.where(matched.right[place], matched.distances[place], np.inf).argmin())
        row = [_tile(picture), _framed(_item(matched, truth), _RIGHT)]
        for item, is_right in zip(order[place].tolist(), right[place].tolist(), strict=True):
            row.append(_framed(_item(matched, item), _RIGHT if is_right else _WRONG))
        rows.append(row)
    return _sheet(rows)


def save_sheet(sheet: np.ndarray, path: Path) -> None:
    """Write a sheet as WebP; the file appears whole or not at all."""
    with write_aside(path) as aside:
        Image.fromarray(sheet).save(aside, "WEBP", quality=82, method=6)


def _some_characters(glyphs: Glyphs, random: np.random.Generator) -> list[int]:
    codes, counts = np.unique(glyphs.codepoints, return_counts=True)
    able = codes[counts >= min(3, counts.max())]
    beyond = random.permutation(able[able >= BEYOND])[: _CHARACTERS // 2]
    common = random.permutation(able[able < BEYOND])[: _CHARACTERS - len(beyond)]
    return [*common.tolist(), *beyond.tolist()]


def _item(matched: Matched, place: int) -> np.ndarray:
    """An item's height map as a picture, the way it is read."""
    height = matched.items.heights[place]
    return _tile(_grey(height[:, ::-1] if is_mirrored(matched.items.mirrored[place]) else height))


def _grey(values: np.ndarray) -> np.ndarray:
    return np.clip(255 * values, 0, 255).astype(np.uint8)


def _tile(picture: np.ndarray) -> np.ndarray:
    """The picture in the middle of a white square of 72 pixels, (72, 72, 3) uint8."""
    scale = _TILE / max(picture.shape)
    size = max(1, round(picture.shape[1] * scale)), max(1, round(picture.shape[0] * scale))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    tile = np.full((_TILE, _TILE), 255, np.uint8)
    top, left = (_TILE - size[1]) // 2, (_TILE - size[0]) // 2
    tile[top : top + size[1], left : left + size[0]] = cv2.resize(
        np.ascontiguousarray(picture), size, interpolation=how
    )
    return np.repeat(tile[..., None], 3, axis=2)


def _framed(tile: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    return cv2.rectangle(tile, (0, 0), (_TILE - 1, _TILE - 1), colour, 2)


def _sheet(rows: Sequence[Sequence[np.ndarray]]) -> np.ndarray:
    step = _TILE + _GAP
    sheet = np.full((step * len(rows) + _GAP, step * max(map(len, rows)) + _GAP, 3), _PAPER, np.uint8)
    for down, row in enumerate(rows):
        for across, tile in enumerate(row):
            top, left = _GAP + step * down, _GAP + step * across
            sheet[top : top + _TILE, left : left + _TILE] = tile
    return sheet
