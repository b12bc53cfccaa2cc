"""Files of boxes read and held against a document, before anything is written."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from webapp.core.characters import character_checked
from webapp.core.errors import Refused
from webapp.documents.box_imports.matching import Problem, match_pages
from webapp.documents.box_imports.zips import unpacked
from webapp.documents.models import BoxImport
from webapp.pages.boxes.geometry import Rect, rect_on_page
from webapp.pages.boxes.imports import ImportedBox
from webapp.pages.boxes.same_place import BoxesByPlace
from webapp.pages.interchange.formats import format_of
from webapp.pages.interchange.layout import BoxLayout, PageLayout
from webapp.pages.models import Page
from webapp.pages.selectors import document_pages

_OVERLAP = 0.7  # of intersection over union: two boxes of one file on one character


@dataclass(frozen=True)
class PageToImport:
    """Boxes of a file for one page. key: the page in the files, the same at every reading."""

    key: str
    page: Page
    boxes: Sequence[ImportedBox]


def pages_to_import(
    upload: BoxImport, files: Iterable[tuple[str, bytes]]
) -> tuple[list[PageToImport], list[Problem]]:
    """What files, or zips of them, hold for the pages of a document, and what of it is to be left out.

    A file of one page is of the import's only page, whatever it is called.

    Raises:
        BadBoxes: a file is damaged.
        Refused: it is in no format that is read, or has no page of the document.
    """
    layouts = [layout for name, data in unpacked(files) for layout in _read(data, name)]
    if upload.page and len(layouts) == 1:
        layouts = [_renamed(layouts[0], upload.page)]
    pages = document_pages(upload.document)
    matched, problems = match_pages(layouts, list(pages.filter(pk=upload.page.pk) if upload.page else pages))
    if not matched and not any(one.code == "page_not_ready" for one in problems):
        hint = "name the pages in the file as the pictures are named"
        raise Refused("no page in the file is a page of the document", hint=hint, code="unknown_pages")
    found = [
        PageToImport(f"{place} {page.pk}", page, _checked(layout, page, problems))
        for place, (page, layout) in enumerate(matched)
    ]
    return found, problems


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
    placed = BoxesByPlace[Rect]()
    for number, box in enumerate(layout.boxes, 1):
        where = f"{layout.name}, box {number}"
        try:
            rect = rect_on_page(Rect(box.x, box.y, box.w, box.h), page.width or 0, page.height or 0)
        except Refused as error:
            problems.append(Problem(where, error.code, str(error)))
            continue
        if placed.at(rect, least=_OVERLAP) is not None:
            problems.append(Problem(where, "boxes_overlap", "it lies on another box of the file"))
            continue
        placed.add(rect)
        found.append(ImportedBox(rect, _character(box, where, problems), box.column, box.order, box.kind))
    return found


def _character(box: BoxLayout, where: str, problems: list[Problem]) -> str:
    try:
        return character_checked(box.text)
    except Refused as error:
        problems.append(Problem(where, error.code, str(error)))
        return ""
