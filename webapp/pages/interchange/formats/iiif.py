"""IIIF Presentation 3: a manifest with an annotation for each box. https://iiif.io/api/presentation/3.0/

Lists of version 2 are read as well.
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote, unquote

from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written
from webapp.pages.interchange.layout import BoxLayout, PageLayout, in_order
from webapp.pages.interchange.values import (
    bad_boxes,
    facts_beside,
    json_list,
    json_object,
    number,
    read_json,
    to_json,
    written,
)

# A place that is certain to be nobody's: where the pictures are served is not for this file to say.
_HOME = "https://mocban.invalid/document"
_PLACE = re.compile(r"#?xywh=(?P<unit>pixel:|percent:|)(?P<sides>[\d.,+-]+)")


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one manifest; a canvas is named as the page's picture."""
    yield "manifest.json", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    head = {
        "@context": "http://iiif.io/api/presentation/3/context.json",
        "id": f"{_HOME}/manifest.json",
        "type": "Manifest",
        "label": _words(book.title or "Mocban"),
        "metadata": [{"label": _words(key), "value": _words(value)} for key, value in _facts(book) if value],
        "viewingDirection": "right-to-left",
    }
    yield to_json(head).strip()[:-1] + b', "items": [\n'
    for place, page in enumerate(book.pages()):
        yield (b",\n" if place else b"") + to_json(_canvas(page)).strip()
    yield b"]}\n"


def _facts(book: BookLayout) -> list[tuple[str, str]]:
    shelf = ("Shelf mark", book.shelf_mark)
    return [("Source", book.source), shelf, ("Date", book.date), ("Rights", book.rights)]


def _words(text: str) -> dict[str, list[str]]:
    return {"none": [text]}


def _canvas(page: PageLayout) -> dict[str, Any]:
    name = f"{_HOME}/canvas/{quote(page.name, safe='')}"
    notes = [_annotation(place, box, name) for place, box in enumerate(page.boxes, 1)]
    return {
        "id": name,
        "type": "Canvas",
        "label": _words(page.name),
        "width": round(page.width),
        "height": round(page.height),
        "annotations": [{"id": f"{name}/boxes", "type": "AnnotationPage", "items": notes}],
    }


def _annotation(place: int, box: BoxLayout, canvas: str) -> dict[str, Any]:
    sides = ",".join(str(round(side)) for side in (box.x, box.y, box.w, box.h))
    own = {"column": box.column, "order": box.order, "kind": box.kind, "character": box.character}
    own |= {"proposal": box.proposal, "score": box.score, "state": box.state}
    return {
        "id": f"{canvas}/box/{place}",
        "type": "Annotation",
        "motivation": "supplementing",
        "body": {"type": "TextualBody", "value": box.text, "format": "text/plain"},
        "target": f"{canvas}#xywh={sides}",
        "mocban": own,
    }


def read(data: bytes, name: str) -> list[PageLayout]:
    """The pages of a manifest, or of an annotation page or list alone. Only boxes with a place are read."""
    found = json_object(read_json(data, name), name)
    pages = {_id(canvas): _page_of(canvas, name) for canvas in _canvases(found, name)}
    boxes: dict[str, list[BoxLayout]] = {}
    for annotation in _annotations(found, name):
        canvas, fragment = _target(annotation)
        place = _PLACE.search(fragment)
        if canvas and place:
            boxes.setdefault(canvas, []).append(_box(annotation, place, name))
    if not pages and not boxes:
        raise bad_boxes(name, "there is no canvas and no annotation with a place in it")
    for canvas in boxes:
        pages.setdefault(canvas, PageLayout(_last(canvas), 0, 0))
    return [replace(page, boxes=in_order(boxes.get(canvas, []))) for canvas, page in pages.items()]


def _canvases(found: Any, name: str) -> Iterator[Any]:
    for one in found.get("items") or []:
        if json_object(one, name).get("type") == "Canvas":
            yield one
    for sequence in found.get("sequences") or []:
        yield from json_list(json_object(sequence, name).get("canvases") or [], name)


def _annotations(found: Any, name: str) -> Iterator[Any]:
    """Of a manifest's canvases, of an annotation page, or of a list of version 2."""
    for canvas in _canvases(found, name):
        for page in json_list(canvas.get("annotations") or [], name):
            yield from (json_object(one, name) for one in json_object(page, name).get("items") or [])
    of_itself = found.get("items") if found.get("type") == "AnnotationPage" else found.get("resources")
    yield from (json_object(one, name) for one in of_itself or [])


def _id(thing: Any) -> str:
    return written(thing.get("id") or thing.get("@id"))


def _page_of(canvas: Any, name: str) -> PageLayout:
    width, height = (number(canvas.get(side) or 0, name) for side in ("width", "height"))
    label = canvas.get("label")
    if isinstance(label, dict):
        label = next((some[0] for some in label.values() if isinstance(some, list) and some), "")
    return PageLayout(written(label) or _last(_id(canvas)), width, height)


def _last(address: str) -> str:
    return unquote(address.rstrip("/").rpartition("/")[2])


def _target(annotation: Any) -> tuple[str, str]:
    """The canvas, and where on it."""
    target = annotation.get("target", annotation.get("on"))
    target = target[0] if isinstance(target, list) and target else target
    if isinstance(target, str):
        canvas, _, fragment = target.partition("#")
        return canvas, fragment
    if not isinstance(target, dict):
        return "", ""
    source, selector = target.get("source", target.get("full")), target.get("selector")
    selector = selector[0] if isinstance(selector, list) and selector else selector
    canvas = _id(source) if isinstance(source, dict) else written(source) or _id(target)
    inside = canvas.partition("#")
    fragment = written(selector.get("value")) if isinstance(selector, dict) else inside[2]
    return inside[0], fragment


def _box(annotation: Any, place: re.Match, name: str) -> BoxLayout:
    if place["unit"] == "percent:":
        raise bad_boxes(name, "its places are in percent", "export them in pixels")
    sides = [number(side, name) for side in place["sides"].split(",")]
    if len(sides) != 4:
        raise bad_boxes(name, "an annotation's place is not four numbers")
    x, y, w, h = sides
    own = annotation.get("mocban")
    known = isinstance(own, dict)
    own = own if known else {}
    character = written(own.get("character")) if known else _text(annotation)
    return BoxLayout(x, y, w, h, character=character, **facts_beside(own))


def _text(annotation: Any) -> str:
    bodies = annotation.get("body", annotation.get("resource"))
    for body in bodies if isinstance(bodies, list) else [bodies]:
        if isinstance(body, dict):
            return written(body.get("value", body.get("chars"))).strip()
    return ""


def _is_iiif(head: bytes, name: str) -> bool:
    return (head.lstrip()[:1] == b"{" and b"iiif.io/api/presentation" in head) or b"#xywh=" in head


BOX_FORMAT = BoxFormat(
    name="iiif", label="IIIF Presentation 3", ending="json", write=write, read=read, is_one=_is_iiif, place=24
)
