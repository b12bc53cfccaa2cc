"""COCO: the JSON of object detection, each picture being one object of its character's category."""

import json
from collections.abc import Iterator

from webapp.core.characters import codepoints
from webapp.datasets.exports.format import Format
from webapp.datasets.exports.members import Member, picture_members
from webapp.datasets.exports.sources.source import Block, Source

_KEYS = ("info", "licenses", "images", "annotations", "categories")
_Categories = dict[tuple[str, str], int]


def write(source: Source) -> Iterator[Member]:
    """``annotations.json``; a category is a character, or a block whose character nobody knows."""
    yield Member("annotations.json", _parts(source))
    yield from picture_members(source)


def _parts(source: Source) -> Iterator[bytes]:
    """The three lists one after another, each from a reading of its own: none is held in memory."""
    categories: _Categories = {}
    info = {"description": f"Mocban, {source.name}", "version": source.digest}
    yield f'{{"info": {json.dumps(info, ensure_ascii=False)}, "licenses": [],\n"images": ['.encode()
    yield from _joined(_images(source))
    yield b'],\n"annotations": ['
    yield from _joined(_annotations(source, categories))
    yield b'],\n"categories": ['
    yield from _joined(_category(key, number) for key, number in categories.items())
    yield b"]}\n"


def _images(source: Source) -> Iterator[dict]:
    for row in source.rows():
        yield {
            "id": row.number,
            "file_name": row.image.removeprefix("images/") or row.origin["name"],
            "width": row.origin["width"],
            "height": row.origin["height"],
            "sha256": row.label.query,
            "name": row.origin["name"],
        }


def _annotations(source: Source, categories: _Categories) -> Iterator[dict]:
    for number, (row, block) in enumerate(source.matches(), 1):
        width, height = row.origin["width"] or 0, row.origin["height"] or 0
        yield {
            "id": number,
            "image_id": row.number,
            "category_id": categories.setdefault(_category_of(block), len(categories) + 1),
            "bbox": [0, 0, width, height],
            "area": width * height,
            "segmentation": [],
            "iscrowd": 0,
            "item": block.sha256,
            "item_name": block.name,
            "relation": block.relation or None,
        }


def _category_of(block: Block) -> tuple[str, str]:
    return block.character, "" if block.character else block.sha256


def _category(key: tuple[str, str], number: int) -> dict:
    character, item = key
    name = codepoints(character) if character else f"item-{item}"
    return {"id": number, "name": name, "character": character or None, "supercategory": "character"}


def _joined(values: Iterator[dict]) -> Iterator[bytes]:
    for place, value in enumerate(values):
        yield (",\n" if place else "").encode() + json.dumps(value, ensure_ascii=False).encode()


FORMAT = Format(name="coco", label="COCO", write=write, ending="json", signatures=(frozenset(_KEYS),))
