"""Boxes: cut out of their page, each to be matched as any picture is."""

import io

import numpy as np
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from retrieval.locate import Box as LocatedBox
from retrieval.locate import crop_box
from webapp.pages.boxes.crops import BOXES_CROP, Crop, boxes_to_crop, crops_store
from webapp.pages.boxes.operations import rect_of
from webapp.pages.models import Box, Page
from workers.live.pages import page_keep, page_kept
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.pages.page_pictures import grey_of, read_page, turned

_TOGETHER = 64


def boxes_crop(payload: dict, progress: JobProgress) -> None:
    """Cut those of ``payload["boxes"]`` out of ``payload["page"]`` that are not cut out as they are now.

    Raises:
        StoreTrouble: the page's file is missing from the store; its boxes still wait.
    """
    page = Page.objects.select_related("document__batch").filter(pk=payload["page"]).first()
    if page is None or page.document.batch.deleted or page.state != Page.State.READY:
        return  # the boxes stay to be cut out, and are when the page is there again
    boxes = list(boxes_to_crop(page).filter(pk__in=payload["boxes"]))
    if not boxes:
        return
    grey = page_grey(page)
    for start in range(0, len(boxes), _TOGETHER):
        crops = [_crop(page, grey, box) for box in boxes[start : start + _TOGETHER]]
        with progress.writing():
            crops_store(page=page, crops=crops)
        progress.report(min(start + _TOGETHER, len(boxes)), len(boxes))


def page_grey(page: Page) -> np.ndarray:
    """(H, W) uint8 of a page as it is shown.

    Raises:
        StoreTrouble: the page's file is missing from the store, or damaged in it.
        BadImage: it cannot be read.
    """
    key = (page.sha256, page.turn)
    grey = page_kept(key)
    if grey is None:
        grey = turned(grey_of(read_page(page)), page.turn)
        page_keep(key, grey)
    return grey


def _crop(page: Page, grey: np.ndarray, box: Box) -> Crop:
    located = LocatedBox(box.x, box.y, box.w, box.h)
    pixels = crop_box(grey, located, page.angle)
    # Two boxes are two queries, even where their pixels are the same: a batch has each file once.
    whose = PngInfo()
    whose.add_text("Source", f"page {page.pk}, box {box.pk}")
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "PNG", pnginfo=whose, compress_level=3)
    return Crop(box.pk, rect_of(box), data.getvalue())


JOB = JobHandler(
    kind=BOXES_CROP,
    run=boxes_crop,
    nobody_waits="boxes that are not cut out yet say so in their rows, and are cut out at the next tidying",
)
