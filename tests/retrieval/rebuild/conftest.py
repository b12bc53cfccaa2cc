"""A small page drawn once, and the two blocks that its characters are carved on."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from retrieval.blocks.upright import cut_square
from retrieval.io.encode import height_png, png
from retrieval.locate import Box
from retrieval.rebuild.making import Rebuilt, rebuild
from retrieval.rebuild.plan import SAME_CARVING, SAME_CHARACTER, CarvedItem, Making, RebuildPlan, Spot
from retrieval.synth.blocks import Carving, Text, carve, carved_height, draw_text, print_page
from retrieval.synth.pages.bank import draw_bank
from retrieval.synth.textures import Textures
from retrieval.types import FACE

PIXELS = 8.0  # of the page, a millimetre
FEW = Making(triangles=60_000)


@dataclass(frozen=True)
class Lost:
    """A page whose block is lost, and the characters of that block and of another of the same text."""

    grey: np.ndarray
    boxes: np.ndarray
    own: list[CarvedItem]
    other: list[CarvedItem]


def _items(block: str, random: np.random.Generator, carving: Carving) -> list[CarvedItem]:
    height, _ = carved_height(random, carving, warp=0)
    depth = -float(np.percentile(height, 6))
    relief = np.clip(FACE * (1 + height / depth), 0, 1).astype(np.float32)
    found = []
    for number, (left, top, right, bottom) in enumerate((carving.boxes / carving.pitch).tolist()):
        square = cut_square(relief, Box(left, top, right - left, bottom - top))
        found.append(CarvedItem(f"{block}/items/{number:02d}", square, block, depth))
    return found


@pytest.fixture(scope="session")
def lost() -> Lost:
    random = np.random.default_rng(5)
    bank, textures = draw_bank(random, each=40), Textures(random, 4)
    text = draw_text(random, bank, size=(70.0, 60.0), character=10.0)
    text = Text(replace(text.layout, marks=text.layout.marks[:9]), text.glyphs[:9])
    own, other = (carve(random, bank, text, textures, pitch=0.2) for _ in range(2))
    grey, boxes = print_page(random, own, pixels=PIXELS)
    return Lost(grey, boxes, _items("own", random, own), _items("other", random, other))


def spot(number: int, box: np.ndarray, item: CarvedItem | None = None, relation: str = SAME_CARVING) -> Spot:
    """One character of a page. box: left, top, right, bottom."""
    left, top, right, bottom = box.tolist()
    items, relations = ((item.name,), (relation,)) if item else ((), ())
    return Spot((left, top, right - left, bottom - top), number + 1, "", items, relations, "lan")


@pytest.fixture(scope="session")
def plan(lost: Lost) -> RebuildPlan:
    """A third from the very carvings, a third from another hand's, a third from the print."""
    kinds = ((lost.own, SAME_CARVING), (lost.other, SAME_CHARACTER), (None, ""))
    spots = []
    for number, box in enumerate(lost.boxes):
        items, relation = kinds[number % 3]
        spots.append(spot(number, box, items[number] if items else None, relation))
    items = {item.name: item for item in (*lost.own, *lost.other)}
    return RebuildPlan("page", lost.grey, PIXELS, tuple(spots), items)


@pytest.fixture(scope="session")
def made(plan: RebuildPlan) -> Rebuilt:
    return rebuild(plan, FEW)


@pytest.fixture
def folder(tmp_path: Path, lost: Lost) -> Path:
    """The page's picture, and the blocks as `retrieval block` leaves them."""
    (tmp_path / "page.png").write_bytes(png(lost.grey))
    for block, items in (("own", lost.own), ("other", lost.other)):
        (tmp_path / "blocks" / block / "items").mkdir(parents=True)
        (tmp_path / "blocks" / block / "face.json").write_text(f'{{"depth_mm": {items[0].depth_mm}}}')
        for item in items:
            (tmp_path / "blocks" / f"{item.name}-depth.png").write_bytes(height_png(item.height))
    return tmp_path
