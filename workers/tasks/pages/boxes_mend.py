"""Boxes fitted to the ink that they stand on, in the name of the person who asked for it."""

from contextlib import suppress

import numpy as np
from django.contrib.auth import get_user_model

from retrieval.locate import Box as LocatedBox
from retrieval.locate import ink_map, snap_to_ink, split_at_gap
from webapp.core.errors import Conflict
from webapp.pages.edits import page_edit
from webapp.pages.geometry import Rect
from webapp.pages.models import Box, Page
from webapp.pages.operations import Operation
from webapp.pages.reading import BOXES_MEND
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.pages.boxes_crop import page_grey

_AROUND = 1.0  # of a box's longer side: so much of the page around it says what is paper and what is ink


def boxes_mend(payload: dict, progress: JobProgress) -> None:
    """Fit ``payload["boxes"]`` around their ink ("snap"), or cut them at their gap ("split").

    An edit of ``payload["person"]``, who can undo it. Where somebody else edited a box meanwhile, nothing
    happens.
    """
    page = Page.objects.select_related("document__batch").filter(pk=payload["page"]).first()
    person = get_user_model().objects.filter(pk=payload["person"]).first()
    if page is None or person is None or page.state != Page.State.READY or page.version < payload["version"]:
        return
    boxes = list(Box.objects.filter(page=page, pk__in=payload["boxes"], deleted=None))
    grey = page_grey(page)
    operations = [_snapped(grey, box) if payload["how"] == "snap" else _split(grey, box) for box in boxes]
    with suppress(Conflict), progress.writing():
        page_edit(page=page, person=person, version=payload["version"], operations=operations)


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
