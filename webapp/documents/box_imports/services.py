"""Boxes that were made elsewhere, put onto the pages of a document."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from webapp.core.characters import character_checked
from webapp.core.errors import Refused, TooLarge
from webapp.documents.box_imports.matching import Problem, match_pages
from webapp.documents.box_imports.zips import unpacked
from webapp.pages.geometry import Rect, iou, rect_on_page
from webapp.pages.imports import ImportedBox, page_import_boxes
from webapp.pages.interchange.formats import format_of
from webapp.pages.interchange.layout import BoxLayout, PageLayout
from webapp.pages.models import Document, Page
from webapp.pages.selectors import document_pages

MOST_BYTES = 32 << 20
MOST_PROBLEMS = 100
"""So many are named; all are counted."""
_OVERLAP = 0.7  # of intersection over union: two boxes of one file on one character


@dataclass
class BoxesImported:
    """What came of an import. pages: whose boxes there were. added: boxes that were not there yet. proposed:
    boxes that got a character. problems: what was left out.
    """

    pages: int = 0
    added: int = 0
    proposed: int = 0
    problems: list[Problem] = field(default_factory=list)


def files_read(files: Iterable[tuple[str, Any]]) -> list[tuple[str, bytes]]:
    """All files that were sent, together of a size that may be read at once. Raises TooLarge."""
    found, left = [], MOST_BYTES
    for name, file in files:
        left -= file.size or 0
        if left < 0:
            raise TooLarge("the files are too large", hint="send them in several parts")
        found.append((name, file.read()))
    return found


def boxes_import(
    *, document: Document, person, files: Iterable[tuple[str, bytes]], page: Page | None = None
) -> BoxesImported:
    """Read files of boxes, or zips of them, and put the boxes onto their pages, each in a transaction.

    A box where one is already only gives it its character, as a proposal. Each page's change can be undone
    on the page.

    page: the only one that takes boxes; a file of one page is of this one, whatever it is called.

    Raises:
        BadBoxes: a file is damaged.
        Refused: it is in no format that is read, or has no page of the document.
    """
    layouts = [layout for name, data in unpacked(files) for layout in _read(data, name)]
    done = BoxesImported()
    if page and len(layouts) == 1:
        layouts = [_renamed(layouts[0], page)]
    ready = document_pages(document).filter(state=Page.State.READY)
    pages = list(ready.filter(pk=page.pk) if page else ready)
    matched, done.problems = match_pages(layouts, pages)
    if not matched:
        hint = "name the pages in the file as the pictures are named"
        raise Refused("no page in the file is a page of the document", hint=hint, code="unknown_pages")
    for one, layout in matched:
        boxes = _checked(layout, one, done.problems)
        added, proposed = page_import_boxes(page=one, person=person, boxes=boxes)
        done.pages, done.added, done.proposed = done.pages + 1, done.added + added, done.proposed + proposed
    return done


def _read(data: bytes, name: str) -> list[PageLayout]:
    found = format_of(data, name)
    if found is None or found.read is None:
        hint = "use ALTO, PAGE XML, hOCR, COCO, YOLO, labelme, VIA, IIIF or CSV"
        raise Refused(f"{name} is no file of boxes that is read here", hint=hint, code="not_boxes")
    return found.read(data, name)


def _renamed(layout: PageLayout, page: Page) -> PageLayout:
    return PageLayout(page.name, layout.width, layout.height, layout.boxes)


def _checked(layout: PageLayout, page: Page, problems: list[Problem]) -> list[ImportedBox]:
    """Boxes that lie on the page, one a character; what is wrong with the others is added to ``problems``."""
    found: list[ImportedBox] = []
    rects: list[Rect] = []
    for number, box in enumerate(layout.boxes, 1):
        where = f"{layout.name}, box {number}"
        try:
            rect = rect_on_page(Rect(box.x, box.y, box.w, box.h), page.width or 0, page.height or 0)
        except Refused as error:
            problems.append(Problem(where, error.code, str(error)))
            continue
        if any(iou(rect, other) > _OVERLAP for other in rects):
            problems.append(Problem(where, "boxes_overlap", "it lies on another box of the file"))
            continue
        rects.append(rect)
        found.append(ImportedBox(rect, _character(box, where, problems), box.column, box.order, box.kind))
    return found


def _character(box: BoxLayout, where: str, problems: list[Problem]) -> str:
    try:
        return character_checked(box.text)
    except Refused as error:
        problems.append(Problem(where, error.code, str(error)))
        return ""


def problems_shown(problems: Sequence[Problem]) -> list[dict[str, str]]:
    """The first of them, for pages and programs."""
    return [{"where": one.where, "code": one.code, "problem": one.text} for one in problems[:MOST_PROBLEMS]]
