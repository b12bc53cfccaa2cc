"""ALTO 4: a column is a text line, a character a string. https://www.loc.gov/standards/alto/"""

from dataclasses import replace
from xml.etree.ElementTree import Element

from webapp.pages.interchange.box_format import BoxFormat, one_a_page
from webapp.pages.interchange.layout import KINDS, BoxLayout, PageLayout, baseline
from webapp.pages.interchange.values import bad_boxes, kind_of, number, share, short
from webapp.pages.interchange.xml_tree import children, local, named, node, read_xml, to_xml

_SPACE = "http://www.loc.gov/standards/alto/ns-v4#"
_SCHEMA = f"{_SPACE} http://www.loc.gov/standards/alto/v4/alto-4-4.xsd"
_SCHEMA_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


def write_page(page: PageLayout) -> bytes:
    """One page as one file. What a column is of (notes, a heading) stands in its tag."""
    lines = [_line(number, column, boxes, page) for number, (column, boxes) in enumerate(page.columns(), 1)]
    block = node("TextBlock", *lines, ID="block", **_whole(page))
    space = node("PrintSpace", *([block] if lines else []), **_whole(page))
    size = {"WIDTH": short(page.width), "HEIGHT": short(page.height)}
    tags = [node("LayoutTag", ID=f"kind_{kind}", LABEL=kind) for kind in KINDS]
    root = node(
        "alto",
        node("Description", node("MeasurementUnit", text="pixel"), _source(page)),
        node("Tags", *tags),
        node("Layout", node("Page", space, ID="page", PHYSICAL_IMG_NR=1, **size)),
        xmlns=_SPACE,
    )
    root.set("xmlns:xsi", _SCHEMA_INSTANCE)
    root.set("xsi:schemaLocation", _SCHEMA)
    return to_xml(root)


def _source(page: PageLayout) -> Element:
    digest = [node("fileIdentifier", text=f"sha256:{page.sha256}")] if page.sha256 else []
    return node("sourceImageInformation", node("fileName", text=page.name), *digest)


def _line(number: int, column: int, boxes: tuple[BoxLayout, ...], page: PageLayout) -> Element:
    x, y = min(box.x for box in boxes), min(box.y for box in boxes)
    right, bottom = max(box.x + box.w for box in boxes), max(box.y + box.h for box in boxes)
    around = BoxLayout(x, y, right - x, bottom - y)
    strings = [_string(f"s{number}_{place}", box) for place, box in enumerate(boxes, 1)]
    more = {"TAGREFS": f"kind_{boxes[0].kind}", "BASELINE": baseline(boxes)}
    return node("TextLine", *strings, ID=f"column{number}", **more, **_place(around))


def _string(name: str, box: BoxLayout) -> Element:
    score = None if box.score is None else round(box.score, 4)
    return node("String", ID=name, CONTENT=box.text, WC=score, TAGREFS=f"kind_{box.kind}", **_place(box))


def _whole(page: PageLayout) -> dict[str, object]:
    return _place(BoxLayout(0, 0, page.width, page.height))


def _place(box: BoxLayout) -> dict[str, object]:
    return {"HPOS": short(box.x), "VPOS": short(box.y), "WIDTH": short(box.w), "HEIGHT": short(box.h)}


def read(data: bytes, name: str) -> list[PageLayout]:
    """The pages of a file of any version: a glyph is a box, or a string without glyphs."""
    root = read_xml(data, name)
    if local(root) != "alto":
        raise bad_boxes(name, "this is no ALTO file")
    unit = next((one.text for one in named(root, "MeasurementUnit")), None) or "pixel"
    if unit.strip() != "pixel":
        raise bad_boxes(name, f"its places are in {unit.strip()[:20]}, not in pixels", "export it in pixels")
    picture = next((one.text for one in named(root, "fileName") if one.text), None) or name
    labels = {one.get("ID", ""): one.get("LABEL", "") for tags in named(root, "Tags") for one in tags}
    return [_read_page(page, picture.strip(), labels, name) for page in named(root, "Page")]


def _read_page(page: Element, picture: str, labels: dict[str, str], name: str) -> PageLayout:
    found = (
        _box(glyph, string, column, labels, name)
        for column, line in enumerate(named(page, "TextLine"), 1)
        for string in children(line, "String")
        for glyph in children(string, "Glyph") or [string]
    )
    boxes = tuple(replace(box, order=order) for order, box in enumerate(found, 1))
    width, height = (number(page.get(side, 0), name) for side in ("WIDTH", "HEIGHT"))
    return PageLayout(picture, width, height, boxes)


def _box(glyph: Element, string: Element, column: int, labels: dict[str, str], name: str) -> BoxLayout:
    x, y, w, h = (number(glyph.get(side), name) for side in ("HPOS", "VPOS", "WIDTH", "HEIGHT"))
    tags = (string.get("TAGREFS") or "").split()
    kind = kind_of(next((labels[tag] for tag in tags if labels.get(tag) in KINDS), ""))
    score = share(glyph.get("GC") or glyph.get("WC"))
    return BoxLayout(x, y, w, h, column, kind=kind, character=glyph.get("CONTENT") or "", score=score)


def _is_alto(head: bytes, name: str) -> bool:
    return b"<alto" in head or b":alto" in head


BOX_FORMAT = BoxFormat(
    name="alto",
    label="ALTO 4",
    ending="xml",
    write=one_a_page(write_page, "xml"),
    single=False,
    read=read,
    is_one=_is_alto,
    place=10,
)
