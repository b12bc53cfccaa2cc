"""COCO: the JSON of object detection, each picture being one object of its character's category."""

import json
from collections.abc import Iterator

from webapp.core.characters import codepoints
from webapp.datasets.exports.formats.source import Member, Source


def coco(source: Source) -> Iterator[Member]:
    """``annotations.json``; a category is a character, or an item whose character nobody knows."""
    yield Member("annotations.json", _parts(source))
    yield from source.images()


def _parts(source: Source) -> Iterator[bytes]:
    """The three lists one after another, each from a reading of its own: none is held in memory."""
    categories: dict[tuple[str, str], int] = {}
    snapshot = source.snapshot
    info = {"description": f"Mocban, snapshot {snapshot.number}", "version": snapshot.digest}
    yield f'{{"info": {json.dumps(info)}, "licenses": [],\n"images": ['.encode()
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
        }


def _annotations(source: Source, categories: dict[tuple[str, str], int]) -> Iterator[dict]:
    number = 0
    for row in source.rows(quietly=True):
        width, height = row.origin["width"] or 0, row.origin["height"] or 0
        for match in row.label.matches:
            number += 1
            key = (match.character, "" if match.character else match.item)
            yield {
                "id": number,
                "image_id": row.number,
                "category_id": categories.setdefault(key, len(categories) + 1),
                "bbox": [0, 0, width, height],
                "area": width * height,
                "segmentation": [],
                "iscrowd": 0,
                "item": match.item,
                "relation": match.relation or None,
            }


def _category(key: tuple[str, str], number: int) -> dict:
    character, item = key
    name = codepoints(character) if character else f"item-{item}"
    return {"id": number, "name": name, "character": character or None, "supercategory": "character"}


def _joined(values: Iterator[dict]) -> Iterator[bytes]:
    for place, value in enumerate(values):
        yield (",\n" if place else "").encode() + json.dumps(value, ensure_ascii=False).encode()
