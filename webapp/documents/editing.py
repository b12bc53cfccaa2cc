"""Edits with all that follows from them: answers of boxes that come back count again."""

from collections.abc import Sequence
from uuid import UUID

from django.db import transaction

from webapp.batches.models import Query
from webapp.pages.edits import Edited, page_edit, page_redo, page_undo
from webapp.pages.models import Page
from webapp.pages.operations import Operation
from webapp.pages.reading import boxes_mend
from webapp.review.consensus.standings import queries_recount


@transaction.atomic
def boxes_edit(
    *, page: Page, person, version: int, operations: Sequence[Operation], key: UUID | None = None
) -> Edited:
    """``page_edit``; boxes that are to be split at their gap are given to a worker.

    Raises:
        EditedMeanwhile, Conflict, Refused: as ``page_edit``.
    """
    at_gap = [one for one in operations if one.op == "split" and not one.at]
    rest = [one for one in operations if one not in at_gap]
    edited = page_edit(page=page, person=person, version=version, operations=rest, key=key)
    if at_gap:
        boxes = [pk for one in at_gap for pk in one.boxes]
        boxes_mend(page=edited.page, person=person, boxes=boxes, how="split")
    return _recounted(edited)


@transaction.atomic
def boxes_undo(*, page: Page, person) -> Edited:
    """``page_undo``."""
    return _recounted(page_undo(page=page, person=person))


@transaction.atomic
def boxes_redo(*, page: Page, person) -> Edited:
    """``page_redo``."""
    return _recounted(page_redo(page=page, person=person))


def _recounted(edited: Edited) -> Edited:
    returned = Query.objects.select_for_update().filter(pk__in=edited.returned).defer("vector")
    queries_recount(queries=list(returned))
    return edited
