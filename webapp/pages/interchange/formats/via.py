"""VGG Image Annotator, version 2: its project, or the annotations of one. https://www.robots.ox.ac.uk/~vgg/software/via/"""

from collections.abc import Iterator
from typing import Any

from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written
from webapp.pages.interchange.layout import BoxLayout, PageLayout, in_order
from webapp.pages.interchange.values import (
    bad_boxes,
    box_around,
    facts_beside,
    json_list,
    json_object,
    number,
    points_of,
    read_json,
    short,
    to_json,
    written,
)

_ATTRIBUTES = ("character", "proposal", "column", "order", "kind", "score", "state")
_SETTINGS = {"ui": {}, "core": {"buffer_size": 18, "filepath": {}, "default_filepath": ""}}


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one project, which VIA opens with the pictures beside it."""
    yield "via_project.json", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    settings = _SETTINGS | {"project": {"name": book.title}}
    yield b'{"_via_settings": ' + to_json(settings).strip() + b',\n"_via_img_metadata": {'
    keys = []
    for place, page in enumerate(book.pages()):
        keys.append(f"{page.name}-1")  # the name, and its bytes where somebody knows them
        yield (b",\n" if place else b"") + to_json(keys[-1]).strip() + b": " + to_json(_page(page)).strip()
    regions = {name: {"type": "text", "description": "", "default_value": ""} for name in _ATTRIBUTES}
    yield b'},\n"_via_attributes": ' + to_json({"region": regions, "file": {}}).strip()
    yield b',\n"_via_data_format_version": "2.0.10",\n"_via_image_id_list": ' + to_json(keys).strip() + b"}\n"


def _page(page: PageLayout) -> dict[str, Any]:
    size = {"width": str(round(page.width)), "height": str(round(page.height))}
    regions = [_region(box) for box in page.boxes]
    return {"filename": page.name, "size": -1, "regions": regions, "file_attributes": size}


def _region(box: BoxLayout) -> dict[str, Any]:
    sides = {"x": box.x, "y": box.y, "width": box.w, "height": box.h}
    shape = {"name": "rect"} | {name: short(side) for name, side in sides.items()}
    score = "" if box.score is None else str(round(box.score, 4))
    values = (box.character, box.proposal, str(box.column), str(box.order), box.kind, score, box.state)
    return {"shape_attributes": shape, "region_attributes": dict(zip(_ATTRIBUTES, values, strict=True))}


def read(data: bytes, name: str) -> list[PageLayout]:
    """The pages of a project, or of its exported annotations."""
    found = json_object(read_json(data, name), name)
    pages = found.get("_via_img_metadata", found)
    return [_read_page(json_object(page, name), name) for page in json_object(pages, name).values()]


def _read_page(page: Any, name: str) -> PageLayout:
    regions = page.get("regions") or []
    if isinstance(regions, dict):  # as version 1 has them
        regions = list(regions.values())
    boxes = [_box(json_object(one, name), name) for one in json_list(regions, name)]
    facts = page.get("file_attributes")
    facts = facts if isinstance(facts, dict) else {}
    width, height = (number(facts.get(side) or 0, name) for side in ("width", "height"))
    return PageLayout(written(page.get("filename")) or name, width, height, in_order(boxes))


def _box(region: Any, name: str) -> BoxLayout:
    shape = json_object(region.get("shape_attributes"), name)
    own = region.get("region_attributes")
    own = own if isinstance(own, dict) else {}
    return box_around(
        _points(shape, name),
        name,
        character=written(own.get("character") or own.get("text") or own.get("label")),
        **facts_beside(own),
    )


def _points(shape: Any, name: str) -> list[tuple[float, float]]:
    if shape.get("name") == "rect":
        x, y, w, h = (number(shape.get(side), name) for side in ("x", "y", "width", "height"))
        return [(x, y), (x + w, y + h)]
    across, down = (json_list(shape.get(f"all_points_{axis}"), name) for axis in "xy")
    if len(across) != len(down):
        raise bad_boxes(name, "a shape has not as many x as y")
    return points_of(list(zip(across, down, strict=True)), name)


def _is_via(head: bytes, name: str) -> bool:
    return head.lstrip()[:1] == b"{" and (b'"_via' in head or b'"shape_attributes"' in head)


BOX_FORMAT = BoxFormat(
    name="via", label="VIA", ending="json", write=write, read=read, is_one=_is_via, place=23
)
