"""Pages: from a scan to its characters in reading order, and to the tiles that show it."""

import numpy as np

from common.errors import BadInput
from retrieval.locate import Localiser, PageBoxes
from retrieval.locate.findings import finding_of
from webapp.core.errors import Refused
from webapp.core.files.derived import is_complete
from webapp.pages.boxes.geometry import Rect
from webapp.pages.models import Page
from webapp.pages.reading import PAGE_READ, FoundBox, PageReading, page_read_done, pages_refuse
from webapp.pages.tiles import REPORT, ROOM
from workers.live.pages import localiser, page_keep
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.pages.page_pictures import grey_of, read_page, turned, write_tiles

_STEPS = 3


def page_read(payload: dict, progress: JobProgress) -> None:
    """Read the page ``payload["page"]``: decode it, make its tiles, find its characters, have them cropped.

    With ``payload["again"]``, find the characters of a page that was read; with ``payload["region"]``, only
    there; with ``payload["tiles"]``, make nothing but its tiles. A page that cannot be read is refused; what
    was done before is done again, to the same end.

    Raises:
        StoreTrouble: the page's file is missing from the store; the page still waits.
    """
    again = bool(payload.get("again"))
    state = Page.State.READY if again else Page.State.WAITING
    page = Page.objects.select_related("document__batch").filter(pk=payload["page"], state=state).first()
    if page is None:
        return
    if page.document.batch.deleted:
        Page.objects.filter(pk=page.pk).update(queued=False)  # read where the batch is restored
        return
    try:
        pixels = read_page(page)
    except BadInput as error:
        with progress.writing():
            pages_refuse(pages=[page.pk], error=error)
        return
    progress.report(1, _STEPS)
    if payload.get("tiles"):
        write_tiles(page, turned(pixels, page.turn))
        return
    _read(page, pixels, _region(payload), progress, again=again)


def _read(page: Page, pixels: np.ndarray, region: Rect | None, progress: JobProgress, *, again: bool) -> None:
    found_by = localiser()
    page.turn, shown, found = _upright(page, pixels, found_by, region)
    del pixels
    if not (again and is_complete(ROOM, page.pk, [REPORT])):
        write_tiles(page, shown)
    progress.report(2, _STEPS)
    page_keep((page.sha256, page.turn), grey_of(shown))
    with progress.writing():
        page_read_done(page=page, reading=_reading(page, shown, found, found_by, region), region=region)


def _upright(
    page: Page, pixels: np.ndarray, found_by: Localiser, region: Rect | None
) -> tuple[int, np.ndarray, PageBoxes]:
    """The page as it is shown, by which turn it came so, and what is on it.

    Nobody's turn is the localiser's to choose, where the page that it turned looks upright to it.
    """
    shown = turned(pixels, page.turn)
    if region is not None:
        return page.turn, shown, found_by.locate(_part(grey_of(shown), region))
    found = found_by.locate(grey_of(shown))
    if found.turn == 0 or page.turned_by == Page.Turned.PERSON:
        return page.turn, shown, found
    other = turned(shown, found.turn)
    found_there = found_by.locate(grey_of(other))
    if found_there.turn:
        return page.turn, shown, found
    return (page.turn + found.turn) % 360, other, found_there


def _reading(
    page: Page, shown: np.ndarray, found: PageBoxes, found_by: Localiser, region: Rect | None
) -> PageReading:
    height, width = shown.shape[:2]
    left, top = (max(0, int(region.x)), max(0, int(region.y))) if region else (0, 0)
    boxes = [
        FoundBox(Rect(box.x + left, box.y + top, box.w, box.h), box.score, box.column, box.order, box.kind)
        for box in found.boxes
    ]
    finding = "" if region else finding_of(grey_of(shown), found)
    return PageReading(width, height, page.turn, found.angle, boxes, found_by.fingerprint, finding)


def _region(payload: dict) -> Rect | None:
    return Rect(*payload["region"]) if "region" in payload else None


def _part(grey: np.ndarray, region: Rect) -> np.ndarray:
    height, width = grey.shape
    left, top = max(0, int(region.x)), max(0, int(region.y))
    right, bottom = min(width, int(region.x + region.w) + 1), min(height, int(region.y + region.h) + 1)
    return grey[top:bottom, left:right]


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the page, if it still waits."""
    pages_refuse(pages=[payload["page"]], error=Refused(error, hint=hint, code=code))


JOB = JobHandler(kind=PAGE_READ, run=page_read, on_give_up=_on_give_up)
