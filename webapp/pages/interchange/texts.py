"""Transcriptions: what pages say, as plain text, TEI, or the text of PAGE and of other box formats."""

from webapp.pages.interchange.formats import format_of
from webapp.pages.interchange.formats.page_xml import read_lines as read_page_lines
from webapp.pages.interchange.formats.tei import read_lines as read_tei_lines
from webapp.pages.interchange.values import bad_boxes

Lines = list[str]
_HEAD = 4096


def read_text(data: bytes, name: str) -> list[Lines]:
    """The lines of each page. Plain text begins a page at an empty line or a form feed.

    Raises:
        BadBoxes: the file cannot be read.
    """
    head = data[:_HEAD]
    if b"PcGts" in head:
        return read_page_lines(data, name)
    if b"<TEI" in head or b"tei-c.org/ns" in head:
        return read_tei_lines(data, name)
    found = format_of(data, name)
    if found and found.read:
        pages = found.read(data, name)
        return [["".join(box.text for box in boxes) for _, boxes in page.columns()] for page in pages]
    try:
        return plain_pages(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise bad_boxes(name, "this is no text in UTF-8", "save it as UTF-8") from None


def plain_pages(text: str) -> list[Lines]:
    """Lines of each page of plain text."""
    pages: list[Lines] = [[]]
    for line in text.replace("\f", "\n\n").splitlines():
        if line.strip():
            pages[-1].append(line.strip())
        elif pages[-1]:
            pages.append([])
    return pages if pages[-1] else pages[:-1]
