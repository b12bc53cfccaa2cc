"""Boxes fitted to the ink that they stand on, in the name of the person who asked for it."""

from contextlib import suppress

import numpy as np

from retrieval.locate import Box as LocatedBox
from retrieval.locate import ink_map, snap_to_ink, split_at_gap
from webapp.core.errors import Conflict
from webapp.pages.boxes.edits import edit_complete
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import Operation
from webapp.pages.models import Box, Edit, Page
from webapp.pages.reading import BOXES_MEND
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.pages.boxes_crop import page_grey

_AROUND = 1.0  # of a box's longer side: so much of the page around it says what is paper and what is ink


def boxes_mend(payload: dict, progress: JobProgress) -> None:
    """Fit ``payload["boxes"]`` around their ink ("snap"), or cut them at their gap ("split").

    It is a part of the edit ``payload["edit"]`` of whoever asked: undone with it, and not done any more where
    it was undone meanwhile. Boxes that somebody edited meanwhile stay as they are.
    """
    edit = (
        Edit.objects.select_related("page__document__batch").filter(pk=payload["edit"], undone=False).first()
    )
    if edit is None or edit.page.state != Page.State.READY:
        return
    boxes = list(Box.objects.filter(page=edit.page_id, pk__in=payload["boxes"], deleted=None))
    grey = page_grey(edit.page)
    operations = [_snapped(grey, box) if payload["how"] == "snap" else _split(grey, box) for box in boxes]
    with suppress(Conflict), progress.writing():
        edit_complete(edit=edit.pk, version=payload["version"], operations=operations)


def _snapped(grey: np.ndarray, box: Box) -> Operation:
    part, left, top = _around(grey, box)
    ink = ink_map(part, max(box.w, box.h))
    (fitted,) = snap_to_ink(ink, [LocatedBox(box.x - left, box.y - top, box.w, box.h)])
    rect = Rect(fitted.x + left, fitted.y + top, fitted.w, fitted.h)
    return Operation(op="move", boxes=(box.pk,), rect=rect)


def _split(grey: np.ndarray, box: Box) -> Operation:
    part, left, top = _around(grey, box)
    ink = ink_map(part, box.w)
    parts = max(2, round(box.h / box.w))
    cuts = split_at_gap(ink, LocatedBox(box.x - left, box.y - top, box.w, box.h), parts)
    return Operation(op="split", boxes=(box.pk,), at=tuple(cut + top for cut in cuts))


def _around(grey: np.ndarray, box: Box) -> tuple[np.ndarray, int, int]:
    """The part of a page around a box, and where on the page its upper left corner is."""
    reach = _AROUND * max(box.w, box.h)
    left, top = max(0, int(box.x - reach)), max(0, int(box.y - reach))
    right, bottom = int(box.x + box.w + reach) + 1, int(box.y + box.h + reach) + 1
    return grey[top:bottom, left:right], left, top


JOB = JobHandler(
    kind=BOXES_MEND,
    run=boxes_mend,
    nobody_waits="the boxes stay as they were, and whoever asked sees that",
)
