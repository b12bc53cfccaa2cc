"""COCO: the JSON of object detection; a box is an annotation of its character's category. https://cocodataset.org"""

from collections.abc import Iterable, Iterator
from typing import Any

from webapp.core.characters import codepoints
from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written
from webapp.pages.interchange.layout import BoxLayout, PageLayout, in_order
from webapp.pages.interchange.values import (
    bad_boxes,
    character_named,
    facts_beside,
    json_list,
    json_object,
    json_parts,
    number,
    read_json,
    short,
    to_json,
    written,
)

_UNREAD = "character"


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one file. A proposal is no label, and so no category: it stands beside."""
    yield "annotations.json", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    """One list after another, each from a reading of its own: none is kept in memory."""
    categories: dict[str, int] = {"": 1}
    yield b'{"info": ' + to_json({"description": book.title}).strip() + b', "licenses": [],\n"images": ['
    yield from json_parts(_image(place, page) for place, page in enumerate(book.pages(), 1))
    yield b'],\n"annotations": ['
    yield from json_parts(_annotations(book, categories))
    yield b'],\n"categories": ['
    yield from json_parts(_category(character, place) for character, place in categories.items())
    yield b"]}\n"


def _image(place: int, page: PageLayout) -> dict[str, Any]:
    size = {"width": round(page.width), "height": round(page.height)}
    return {"id": place, "file_name": page.name, **size, "sha256": page.sha256}


def _annotations(book: BookLayout, categories: dict[str, int]) -> Iterator[dict[str, Any]]:
    numbered = ((place, box) for place, page in enumerate(book.pages(), 1) for box in page.boxes)
    for number_, (place, box) in enumerate(numbered, 1):
        x, y, w, h = (short(side) for side in (box.x, box.y, box.w, box.h))
        yield {
            "id": number_,
            "image_id": place,
            "category_id": categories.setdefault(box.character, len(categories) + 1),
            "bbox": [x, y, w, h],
            "area": short(box.w * box.h),
            "segmentation": [[x, y, short(x + w), y, short(x + w), short(y + h), x, short(y + h)]],
            "iscrowd": 0,
            **{"column": box.column, "order": box.order, "kind": box.kind},
            **{"proposal": box.proposal, "score": box.score, "state": box.state},
        }


def _category(character: str, place: int) -> dict[str, Any]:
    name = codepoints(character) or _UNREAD
    return {"id": place, "name": name, "character": character or None, "supercategory": "character"}


def read(data: bytes, name: str) -> list[PageLayout]:
    """All pages of a file. A category's name is a character, its codepoints, or says nothing."""
    found = json_object(read_json(data, name), name)
    characters = _by_id(found.get("categories", []), name, _character)
    boxes: dict[Any, list[BoxLayout]] = {}
    for one in json_list(found.get("annotations"), name):
        annotation = json_object(one, name)
        image, category = (_key(annotation.get(key)) for key in ("image_id", "category_id"))
        boxes.setdefault(image, []).append(_box(annotation, characters.get(category, ""), name))
    pages = _by_id(json_list(found.get("images"), name), name, lambda image: _page(image, name))
    return [_with_boxes(page, boxes.get(image, ())) for image, page in pages.items()]


def _by_id(values: Any, name: str, make: Any) -> dict[Any, Any]:
    objects = [json_object(one, name) for one in json_list(values, name)]
    return {_key(one.get("id")): make(one) for one in objects}


def _key(value: Any) -> Any:
    return value if isinstance(value, (int, str)) else None


def _character(category: Any) -> str:
    return written(category.get("character")) or character_named(category.get("name"))


def _page(image: Any, name: str) -> PageLayout:
    width, height = (number(image.get(side, 0), name) for side in ("width", "height"))
    return PageLayout(
        written(image.get("file_name")) or name, width, height, sha256=written(image.get("sha256"))
    )


def _with_boxes(page: PageLayout, boxes: Iterable[BoxLayout]) -> PageLayout:
    return PageLayout(page.name, page.width, page.height, in_order(boxes), sha256=page.sha256)


def _box(annotation: Any, character: str, name: str) -> BoxLayout:
    sides = annotation.get("bbox")
    if not isinstance(sides, list) or len(sides) != 4:
        raise bad_boxes(name, "an annotation has no bbox of four numbers")
    x, y, w, h = (number(side, name) for side in sides)
    return BoxLayout(x, y, w, h, character=character, **facts_beside(annotation))


def _is_coco(head: bytes, name: str) -> bool:
    return head.lstrip()[:1] == b"{" and b'"images"' in head and b'"_via' not in head


BOX_FORMAT = BoxFormat(
    name="coco_boxes", label="COCO", ending="json", write=write, read=read, is_one=_is_coco, place=20
)
