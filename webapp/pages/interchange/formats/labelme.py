"""labelme: a JSON file beside each picture, a rectangle for each box. https://github.com/wkentaro/labelme"""

from typing import Any

from webapp.pages.interchange.box_format import BoxFormat, one_a_page
from webapp.pages.interchange.layout import BoxLayout, PageLayout, in_order
from webapp.pages.interchange.values import (
    box_around,
    character_named,
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

_UNREAD = "character"


def write_page(page: PageLayout) -> bytes:
    """One page as one file; a column is a group."""
    shapes = [_shape(box) for box in page.boxes]
    size = {"imageHeight": round(page.height), "imageWidth": round(page.width)}
    named = {"imagePath": page.name, "imageData": None}
    return to_json({"version": "5.5.0", "flags": {}, "shapes": shapes, **named, **size}, indent=1)


def _shape(box: BoxLayout) -> dict[str, Any]:
    corners = [[short(box.x), short(box.y)], [short(box.x + box.w), short(box.y + box.h)]]
    own = {"column": box.column, "order": box.order, "kind": box.kind, "score": box.score}
    return {
        "label": box.character or _UNREAD,
        "points": corners,
        "group_id": box.column or None,
        "description": box.proposal,
        "shape_type": "rectangle",
        "flags": {},
        "mocban": own | {"state": box.state},
    }


def read(data: bytes, name: str) -> list[PageLayout]:
    """The page of a file; any shape counts as the box around it."""
    found = json_object(read_json(data, name), name)
    boxes = [_box(json_object(one, name), name) for one in json_list(found.get("shapes"), name)]
    width, height = (number(found.get(side) or 0, name) for side in ("imageWidth", "imageHeight"))
    return [PageLayout(written(found.get("imagePath")) or name, width, height, in_order(boxes))]


def _box(shape: Any, name: str) -> BoxLayout:
    own = shape.get("mocban") if isinstance(shape.get("mocban"), dict) else {}
    proposal = character_named(shape.get("description"))
    return box_around(
        points_of(shape.get("points"), name),
        name,
        character=character_named(shape.get("label")),
        **facts_beside({**own, "column": shape.get("group_id"), "proposal": proposal}),
    )


def _is_labelme(head: bytes, name: str) -> bool:
    return head.lstrip()[:1] == b"{" and b'"shapes"' in head


BOX_FORMAT = BoxFormat(
    name="labelme",
    label="labelme",
    ending="json",
    write=one_a_page(write_page, "json"),
    single=False,
    read=read,
    is_one=_is_labelme,
    place=22,
)
