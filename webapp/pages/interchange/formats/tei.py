"""TEI P5: the text in its lines, and each character's place in the facsimile. https://tei-c.org"""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, tostring

from common.transcriptions import UNREAD
from webapp.pages.interchange.box_format import BookLayout, BoxFormat, Written
from webapp.pages.interchange.layout import BoxLayout, PageLayout
from webapp.pages.interchange.values import short
from webapp.pages.interchange.xml_tree import clean, local, named, node, read_xml

_SPACE = "http://www.tei-c.org/ns/1.0"
_NOT_READ = {"teiHeader", "facsimile", "rdg", "orig", "sic", "abbr", "del", "fw"}


def write(book: BookLayout) -> Iterator[Written]:
    """All pages as one file; an unread character is a gap, and a mere proposal is marked as unclear."""
    yield "pages.xml", _parts(book)


def _parts(book: BookLayout) -> Iterator[bytes]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<TEI xmlns="{_SPACE}">\n'.encode()
    yield _bytes(_header(book))
    yield b"<facsimile>\n"
    for place, page in enumerate(book.pages(), 1):
        yield _bytes(_surface(place, page))
    yield b"</facsimile>\n<text><body>\n"
    for place, page in enumerate(book.pages(), 1):
        yield _bytes(_text(place, page))
    yield b"</body></text>\n</TEI>\n"


def _bytes(element: Element) -> bytes:
    return tostring(element, encoding="utf-8") + b"\n"


def _header(book: BookLayout) -> Element:
    identifier = node("msIdentifier", node("idno", text=book.shelf_mark))
    about = [node("p", text=text) for text in (book.source, book.date) if text] or [node("p")]
    return node(
        "teiHeader",
        node(
            "fileDesc",
            node("titleStmt", node("title", text=book.title or "Mocban")),
            node("publicationStmt", node("p", text=book.rights)),
            node("sourceDesc", node("msDesc", identifier, *about)),
        ),
    )


def _surface(place: int, page: PageLayout) -> Element:
    picture = node("graphic", url=page.name, width=f"{round(page.width)}px", height=f"{round(page.height)}px")
    zones = [_zone(f"p{place}z{number}", box) for number, box in enumerate(page.boxes, 1)]
    size = {"ulx": 0, "uly": 0, "lrx": short(page.width), "lry": short(page.height)}
    surface = node("surface", picture, *zones, **size)
    surface.set("xml:id", f"p{place}")
    return surface


def _zone(name: str, box: BoxLayout) -> Element:
    far = {"lrx": short(box.x + box.w), "lry": short(box.y + box.h)}
    zone = node("zone", ulx=short(box.x), uly=short(box.y), **far, type=box.kind)
    zone.set("xml:id", name)
    return zone


def _text(place: int, page: PageLayout) -> Element:
    block = node("ab", node("pb", facs=f"#p{place}", n=page.name))
    number = 0
    for column, boxes in page.columns():
        block.append(node("lb", n=column or None))
        for box in boxes:
            number += 1
            block.append(_character(f"#p{place}z{number}", box))
    return block


def _character(zone: str, box: BoxLayout) -> Element:
    if not box.text:
        return node("gap", facs=zone, reason="unread", unit="chars", quantity=1)
    character = node("c", text=box.text, facs=zone)
    return character if box.character else node("unclear", character)


def read_lines(data: bytes, name: str) -> list[list[str]]:
    """The lines of each page: text between ``pb`` and ``lb``, and the lines and paragraphs of the text.

    Of two ways of reading something the regular, the corrected and the expanded one is taken.
    """
    root = read_xml(data, name)
    body = next(named(root, "text"), root)
    pages: list[list[str]] = [[""]]
    _gather(body, pages)
    lines = ([clean("".join(line.split())) for line in page] for page in pages)
    full = [[line for line in page if line] for page in lines]
    return [page for page in full if page]


def _gather(element: Element, pages: list[list[str]]) -> None:
    name = local(element)
    # A note with a place stands on the page; another is an editor's.
    if not name or name in _NOT_READ or (name == "note" and not element.get("place")):
        return
    if name == "pb":
        pages.append([""])
    elif name in ("lb", "cb", "l", "p", "ab", "head", "div", "lg"):
        pages[-1].append("")
    elif name == "gap":
        pages[-1][-1] += UNREAD * min(_quantity(element), 100)
    pages[-1][-1] += element.text or ""
    for child in element:
        _gather(child, pages)
        pages[-1][-1] += child.tail or ""


def _quantity(gap: Element) -> int:
    value = gap.get("quantity") or ""
    return int(value[:4]) if value.isdecimal() else 1


BOX_FORMAT = BoxFormat(name="tei", label="TEI", ending="xml", write=write, place=41)
