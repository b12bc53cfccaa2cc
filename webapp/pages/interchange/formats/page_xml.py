"""PAGE XML of 2019: a column is a text line, a character a word. https://github.com/PRImA-Research-Lab/PAGE-XML"""

from dataclasses import replace
from itertools import groupby
from xml.etree.ElementTree import Element

from webapp.pages.interchange.box_format import BoxFormat, one_a_page
from webapp.pages.interchange.layout import KINDS, BoxLayout, PageLayout, baseline, in_order
from webapp.pages.interchange.values import bad_boxes, box_around, number, points_of, share, whole
from webapp.pages.interchange.xml_tree import children, local, named, node, read_xml, to_xml

_SPACE = "http://schema.primaresearch.org/PAGE/gts/pagecontent/2019-07-15"
_MADE = "2000-01-01T00:00:00"  # the same boxes, the same file
_REGIONS = {"main": "paragraph", "note": "footnote-continued", "head": "heading", "fold": "header"}
_REGIONS |= {"margin": "marginalia"}
_KINDS = {region: kind for kind, region in _REGIONS.items()} | {"footnote": "note"}


def write_page(page: PageLayout) -> bytes:
    """One page as one file: a region for each run of columns of one kind, in reading order."""
    columns = [boxes for _, boxes in page.columns()]
    runs = [list(run) for _, run in groupby(columns, key=lambda boxes: boxes[0].kind)]
    regions = [_region(number, run) for number, run in enumerate(runs, 1)]
    refs = [node("RegionRefIndexed", index=place, regionRef=f"r{place + 1}") for place in range(len(regions))]
    order = [node("ReadingOrder", node("OrderedGroup", *refs, id_="order"))] if refs else []
    size = {"imageWidth": round(page.width), "imageHeight": round(page.height)}
    custom = f"sha256 {{value:{page.sha256};}}" if page.sha256 else None
    body = node("Page", *order, *regions, imageFilename=page.name, custom=custom, **size)
    made = [node(name, text=_MADE) for name in ("Created", "LastChange")]
    meta = node("Metadata", node("Creator", text="Mocban"), *made)
    return to_xml(node("PcGts", meta, body, xmlns=_SPACE))


def _region(number: int, columns: list[tuple[BoxLayout, ...]]) -> Element:
    lines = [_line(f"r{number}l{place}", boxes) for place, boxes in enumerate(columns, 1)]
    around = _coords([box for boxes in columns for box in boxes])
    return node("TextRegion", around, *lines, id_=f"r{number}", type=_REGIONS[columns[0][0].kind])


def _line(name: str, boxes: tuple[BoxLayout, ...]) -> Element:
    words = [_word(f"{name}w{place}", box) for place, box in enumerate(boxes, 1)]
    text = [_text("".join(box.text for box in boxes))]
    custom = f"readingOrder {{index:{max(boxes[0].column - 1, 0)};}}"
    way = node("Baseline", points=baseline(boxes))
    return node("TextLine", _coords(boxes), way, *words, *text, id_=name, custom=custom)


def _word(name: str, box: BoxLayout) -> Element:
    values = {"order": box.order, "column": box.column, "kind": box.kind, "state": box.state}
    if not box.character and box.proposal:
        values["proposal"] = 1
    custom = "mocban {" + " ".join(f"{key}:{value};" for key, value in values.items() if value) + "}"
    texts = [_text(box.text, box.score)] if box.text else []
    return node("Word", _coords([box]), *texts, id_=name, custom=custom)


def _text(text: str, score: float | None = None) -> Element:
    return node("TextEquiv", node("Unicode", text=text), conf=None if score is None else round(score, 4))


def _coords(boxes) -> Element:
    x, y = round(min(box.x for box in boxes)), round(min(box.y for box in boxes))
    right, bottom = round(max(box.x + box.w for box in boxes)), round(max(box.y + box.h for box in boxes))
    corners = ((x, y), (right, y), (right, bottom), (x, bottom))
    # The schema knows no place outside the picture.
    return node("Coords", points=" ".join(f"{max(a, 0)},{max(b, 0)}" for a, b in corners))


def read(data: bytes, name: str) -> list[PageLayout]:
    """The page of a file of any version: a glyph is a box, or a word without glyphs."""
    root = read_xml(data, name)
    if local(root) != "PcGts":
        raise bad_boxes(name, "this is no PAGE file")
    return [_read_page(page, name) for page in children(root, "Page")]


def _read_page(page: Element, name: str) -> PageLayout:
    boxes: list[BoxLayout] = []
    for region in _regions(page):
        kind = _KINDS.get(region.get("type", ""), "main")
        for line in children(region, "TextLine"):
            column = len({box.column for box in boxes}) + 1
            for word in children(line, "Word"):
                boxes += [_box(one, column, kind, name) for one in children(word, "Glyph") or [word]]
    if all(box.order for box in boxes):
        boxes = list(in_order(boxes))
    else:
        boxes = [replace(box, order=order) for order, box in enumerate(boxes, 1)]
    width, height = (number(page.get(side), name) for side in ("imageWidth", "imageHeight"))
    return PageLayout(page.get("imageFilename") or name, width, height, tuple(boxes))


def _regions(page: Element) -> list[Element]:
    """Text regions in the reading order that the file gives, the others after them, as they come."""
    refs = [one for one in named(page, "RegionRefIndexed", "RegionRef") if one.get("regionRef")]
    places = {one.get("regionRef"): place for place, one in enumerate(refs)}
    regions = list(named(page, "TextRegion"))
    return sorted(regions, key=lambda one: places.get(one.get("id"), len(places)))


def _box(element: Element, column: int, kind: str, name: str) -> BoxLayout:
    coords = next(iter(children(element, "Coords")), None)
    if coords is None:
        raise bad_boxes(name, "a word has no place")
    own = _own_values(element.get("custom") or "")
    text, score = _best_text(element)
    is_proposal = own.get("proposal") == "1"
    box = box_around(_points(coords, name), name)
    return replace(
        box,
        column=whole(own.get("column")) or column,
        order=whole(own.get("order")),
        kind=own["kind"] if own.get("kind") in KINDS else kind,
        character="" if is_proposal else text,
        proposal=text if is_proposal else "",
        score=score,
        state=own.get("state", "")[:20],
    )


def _points(coords: Element, name: str) -> list[tuple[float, float]]:
    """As an attribute, or as elements, as in files of before 2013."""
    written = coords.get("points")
    if written is None:
        return [(number(one.get("x"), name), number(one.get("y"), name)) for one in named(coords, "Point")]
    return points_of([pair.split(",") for pair in written.split()], name)


def _own_values(custom: str) -> dict[str, str]:
    inside = custom.partition("mocban {")[2].partition("}")[0]
    pairs = (part.strip().partition(":") for part in inside.split(";"))
    return {key: value for key, _, value in pairs if key}


def _best_text(element: Element) -> tuple[str, float | None]:
    equivalents = children(element, "TextEquiv")
    if not equivalents:
        return "", None
    best = min(equivalents, key=lambda one: whole(one.get("index")))
    text = next((one.text or "" for one in children(best, "Unicode")), "")
    return text, share(best.get("conf"))


def read_lines(data: bytes, name: str) -> list[list[str]]:
    """The text of each page's lines, whether or not their characters have places."""
    root = read_xml(data, name)
    pages = children(root, "Page")
    return [
        [_line_text(line) for region in _regions(page) for line in children(region, "TextLine")]
        for page in pages
    ]


def _line_text(line: Element) -> str:
    """Of the line, or else of its words, or else of their glyphs."""
    text, _ = _best_text(line)
    inside = children(line, "Word", "Glyph")
    return text or "".join(_line_text(one) for one in inside)


def _is_page(head: bytes, name: str) -> bool:
    return b"PcGts" in head


BOX_FORMAT = BoxFormat(
    name="page_xml",
    label="PAGE XML",
    ending="xml",
    write=one_a_page(write_page, "xml"),
    single=False,
    read=read,
    is_one=_is_page,
    place=11,
)
