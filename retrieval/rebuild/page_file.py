"""`PAGE.json`: a page that a block is to be made from, as it is written for `python -m retrieval rebuild`.

    {"print": "page.png", "pixels_per_mm": 11.8, "characters": [
        {"x": 812, "y": 96, "w": 120, "h": 131, "order": 1, "character": "大",
         "item": "block_a/items/01-01", "relation": "same_carving", "by": "lan"}]}

`print` is a picture beside the file. Instead of `pixels_per_mm`, `width_mm` may say how wide the picture is.
`character`, `item`, `relation` and `by` may be left out: without an item a carving of the same character is
looked for in the gallery, and without a character the relief is raised from the print.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

import numpy as np

from retrieval.io.images import read_image
from retrieval.rebuild.errors import BadPlan
from retrieval.rebuild.plan import SAME_CARVING, SAME_CHARACTER, Spot

_MAX_PIXELS = 200_000_000
_MAX_BYTES = 2**26
_MOST_CHARACTERS = 20_000
_NARROWEST, _WIDEST = 20.0, 2_000.0  # millimetres that a face may measure
_HINT = "see docs/blocks.md for the file's format"


@dataclass(frozen=True)
class PageFile:
    """What `PAGE.json` says.

    print: (H, W) uint8. print_path: where it was read. spots: in reading order, as `RebuildPlan` has them.
    """

    name: str
    print: np.ndarray
    print_path: Path
    pixels_per_mm: float
    spots: tuple[Spot, ...]


def read_page_file(path: Path) -> PageFile:
    """Read a page and its print.

    Raises:
        BadPlan: the file is missing, is no JSON, or lacks something; the message says which character.
        BadImage: the print cannot be read.
    """
    content = _json(path)
    picture = content.get("print")
    if not isinstance(picture, str) or not picture:
        raise BadPlan(f'{path.name} names no "print"', hint=_HINT)
    file = path.parent / picture
    if not file.resolve().is_relative_to(path.parent.resolve()):
        raise BadPlan(f"the print {picture} does not lie beside {path.name}", hint="put it there")
    if not file.is_file():
        raise BadPlan(f"there is no print {file}", hint=f'"print" is read from beside {path.name}')
    grey = read_image(file.read_bytes(), name=picture, max_pixels=_MAX_PIXELS)
    spots = _spots(content.get("characters"), path.name, grey.shape)
    return PageFile(path.stem, grey, file, _scale(content, path.name, grey.shape[1]), spots)


def _json(path: Path) -> dict[str, Any]:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadPlan(f"{path} cannot be read: {error.strerror}", hint="check the path") from error
    if len(data) > _MAX_BYTES:
        raise BadPlan(f"{path.name} is larger than {_MAX_BYTES // 2**20} MB", hint="name one page a file")
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise BadPlan(f"{path.name} is no JSON: {error}", hint=_HINT) from error
    if not isinstance(content, dict):
        raise BadPlan(f"{path.name} describes no page", hint=_HINT)
    return content


def _scale(content: dict[str, Any], name: str, columns: int) -> float:
    """Pixels to a millimetre. Raises BadPlan where the file says none, or one that cannot be."""
    scale, width = content.get("pixels_per_mm"), content.get("width_mm")
    if scale is None and width is None:
        raise BadPlan(f"{name} says no size", hint='give "pixels_per_mm" or "width_mm"')
    given = width if scale is None else scale
    wide = 0.0
    if _is_number(given) and given > 0:
        wide = float(given) if scale is None else columns / float(given)
    if not _NARROWEST <= wide <= _WIDEST:
        raise BadPlan(
            f"{name} says a size that a block cannot have",
            hint=f"a face is {_NARROWEST:.0f} to {_WIDEST:,.0f} mm wide",
        )
    return columns / wide


def _spots(content: Any, name: str, shape: tuple[int, ...]) -> tuple[Spot, ...]:
    if not isinstance(content, list):
        raise BadPlan(f'{name} has no list "characters"', hint=_HINT)
    if len(content) > _MOST_CHARACTERS:
        raise BadPlan(
            f"{name} has {len(content):,} characters; {_MOST_CHARACTERS:,} are the most", hint=_HINT
        )
    spots = [_spot(one, place, name, shape) for place, one in enumerate(content, start=1)]
    return tuple(sorted(spots, key=lambda spot: spot.order))


def _spot(one: Any, place: int, name: str, shape: tuple[int, ...]) -> Spot:
    where = f"character {place} of {name}"
    if not isinstance(one, dict):
        raise BadPlan(f"{where} is no object", hint=_HINT)
    sides = [one.get(side) for side in "xywh"]
    x, y, w, h = (float(side) if _is_number(side) else 0.0 for side in sides)
    if not all(map(_is_number, sides)) or w <= 0 or h <= 0:
        raise BadPlan(f"{where} has no box", hint="x, y, w and h are numbers of pixels")
    if x >= shape[1] or y >= shape[0] or x + w <= 0 or y + h <= 0:
        raise BadPlan(f"{where} lies outside the print", hint="boxes are in pixels of the print")
    item, relation = one.get("item"), one.get("relation", SAME_CHARACTER)
    texts = (one.get("character", "") or "", item or "", one.get("by", "") or "")
    if not all(isinstance(text, str) for text in texts):
        raise BadPlan(f"{where} has a character, an item or a name that is no text", hint=_HINT)
    if item and relation not in (SAME_CARVING, SAME_CHARACTER):
        raise BadPlan(f"{where} has an unknown relation", hint=f"it is {SAME_CARVING} or {SAME_CHARACTER}")
    order = one.get("order", place)
    if not _is_number(order):
        raise BadPlan(f"{where} has an order that is no number", hint=_HINT)
    return Spot(
        box=(x, y, w, h),
        order=int(order),
        character=texts[0],
        items=(item,) if item else (),
        relations=(relation,) if item else (),
        by=texts[2],
    )


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
