"""A page: which whole blocks printed it, and the pictures that show print over print."""

import io

import cv2
import numpy as np
from PIL import Image

from common.errors import BadInput
from retrieval.blocks.printed.layover import Layover, Placed
from retrieval.blocks.printed.parts import lying_on, page_parts, print_on_page
from retrieval.blocks.printed.shelf import Match
from webapp.batches.models import Query
from webapp.core.files.derived import write_derived
from webapp.pages.models import Page
from webapp.pages.selectors import page_boxes
from webapp.printed.pictures import BLOCK_PICTURE, PAGE_PICTURE, ROOM
from webapp.printed.searches import (
    BLOCK_FIND,
    FoundMatch,
    page_search_done,
    page_search_fail,
    scans_searchable,
)
from workers.live.cache import live
from workers.live.faces import LiveFaces, placed_page
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.batches.query_pictures import stored_vector
from workers.tasks.pages.boxes_crop import page_grey

_SHOWN = 3  # matches of a part
_COLOUR = 192, 57, 20  # of the block's print
_SIDE = 1600  # pixels of the longer side of the pictures


def block_find(payload: dict, progress: JobProgress) -> None:
    """Look for the whole blocks that printed ``payload["page"]``. Done again, it comes to the same end.

    Raises:
        StoreTrouble: the page's file is missing from the store; the search still waits.
    """
    page = Page.objects.select_related("document__batch").filter(pk=payload["page"]).first()
    if page is None or page.document.batch.deleted or page.state != Page.State.READY:
        return
    loaded = live()
    try:
        grey = page_grey(page)
    except BadInput as error:
        with progress.writing():
            page_search_fail(page=page.pk, code=error.code, error=str(error), hint=error.hint)
        return
    boxes, placed = _placed(page, grey, loaded)
    faces = LiveFaces(loaded, list(scans_searchable().order_by("pk").values_list("pk", flat=True)))
    progress.report(1, 3)
    parts = page_parts(placed, faces.matches, faces.face)
    progress.report(2, 3)
    shown = [(number, rank, match) for number, some in enumerate(parts, 1) for rank, match in _best(some)]
    matches: dict[str, tuple[int, int, Match]] = {}
    for row in shown:
        matches.setdefault(row[2].block, row)  # a face explains one part
    found = [_found(*row, placed, boxes, faces) for row in matches.values()]
    newest = max(faces.scans, default=0)
    pictures = {
        int(name): _pictures(grey, faces.face(name), match.laid) for name, (_, _, match) in matches.items()
    }
    with progress.writing():
        rows = page_search_done(
            page=page, found=found, faces=len(faces.scans), newest=newest, boxes=len(boxes)
        )
        for kept in rows:  # before anybody reads that the search is done: a match is shown with its pictures
            write_derived(ROOM, kept.pk, pictures[kept.scan_id])


def _placed(page: Page, grey: np.ndarray, loaded: LiveRelease) -> tuple[list[int], Placed]:
    """The ids of the boxes that were matched by the live model, and those boxes as they are laid."""
    ready = page_boxes(page).filter(not_character=False, query__state=Query.State.READY)
    ready = ready.filter(query__vector_model=loaded.release.model_id).select_related("query")
    vectors = {box: stored_vector(box.query.vector) for box in ready if box.query and box.query.vector}
    boxes, width = list(vectors), loaded.release.model.width
    stacked = np.array(list(vectors.values()), np.float32).reshape(-1, width)
    return [box.pk for box in boxes], placed_page(page.name, boxes, stacked, grey)


def _best(matches: list[Match]) -> list[tuple[int, Match]]:
    return list(enumerate(matches[:_SHOWN], 1))


def _found(
    part: int, rank: int, match: Match, page: Placed, boxes: list[int], faces: LiveFaces
) -> FoundMatch:
    laid, items = match.laid, faces.items(match.block)
    inliers = {(int(row), int(one)) for row, one in laid.pairs}
    met = {(int(row), int(one)) for row, one in lying_on(page, faces.face(match.block), laid)}
    return FoundMatch(
        scan=int(match.block),
        part=part,
        rank=rank,
        inliers=len(laid.pairs),
        residual_mm=round(laid.residual, 4),
        p=laid.p,
        overlap=round(match.inks.overlap, 4),
        uneven_mm=round(match.inks.uneven_mm, 4),
        believed=match.is_believed,
        laid={
            "weights": laid.weights.tolist(),
            "centre": laid.centre.tolist(),
            "unit": laid.unit,
        },
        pairs=[
            [boxes[row], items[one], (row, one) in inliers]
            for row, one in sorted(inliers | {pair for pair in met if not _taken(pair, inliers)})
        ],
    )


def _taken(pair: tuple[int, int], inliers: set[tuple[int, int]]) -> bool:
    """Whether a character or an item of a pair is an inlier's already."""
    return any(pair[0] == row or pair[1] == one for row, one in inliers)


def _pictures(grey: np.ndarray, face: Placed, laid: Layover) -> dict[str, bytes]:
    """The page, and the block's print bent onto it, of one size; the print is clear without ink."""
    scale = min(1.0, _SIDE / max(grey.shape))
    size = max(1, round(grey.shape[1] * scale)), max(1, round(grey.shape[0] * scale))
    small = cv2.resize(grey, size, interpolation=cv2.INTER_AREA)
    ink = np.rint(255 * print_on_page(face, laid, size, scale)).astype(np.uint8)
    over = np.zeros((*ink.shape, 4), np.uint8)
    over[..., :3], over[..., 3] = _COLOUR, ink
    return {PAGE_PICTURE: _webp(small), BLOCK_PICTURE: _webp(over)}


def _webp(pixels: np.ndarray) -> bytes:
    data = io.BytesIO()
    Image.fromarray(pixels).save(data, "WEBP", quality=80)
    return data.getvalue()


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    page_search_fail(page=payload["page"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=BLOCK_FIND, run=block_find, on_give_up=_on_give_up)
