"""Edits with all that follows from them: answers of boxes that come back count again."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from webapp.batches.models import Query
from webapp.jobs.models import Job
from webapp.pages.boxes.edits import Edited, edit_begin, edit_sent, page_edit, page_redo, page_undo
from webapp.pages.boxes.operations import Operation
from webapp.pages.models import Edit, Page
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
    again = edit_sent(page=page, person=person, key=key) is not None
    edited = page_edit(page=page, person=person, version=version, operations=rest, key=key)
    if at_gap and not again:
        edit = edited.edit or edit_begin(page=edited.page, person=person, key=key)
        boxes_mend(edit=edit, boxes=[pk for one in at_gap for pk in one.boxes], how="split")
        edited = replace(edited, edit=edit)
    return _recounted(edited)


@transaction.atomic
def boxes_snap(*, page: Page, person, boxes: Sequence[int], key: UUID | None = None) -> tuple[Edit, Job]:
    """Begin an edit of the person's, in which a worker fits boxes around their ink.

    Raises:
        Conflict: page_not_ready.
    """
    locked = page_edit(page=page, person=person, version=page.version, operations=[]).page
    edit = edit_sent(page=page, person=person, key=key) or edit_begin(page=locked, person=person, key=key)
    return edit, boxes_mend(edit=edit, boxes=boxes, how="snap")


@transaction.atomic
def boxes_undo(*, page: Page, person, edit: int | None = None, version: int = 0) -> Edited:
    """``page_undo``."""
    return _recounted(page_undo(page=page, person=person, edit=edit, version=version))


@transaction.atomic
def boxes_redo(*, page: Page, person, edit: int | None = None, version: int = 0) -> Edited:
    """``page_redo``."""
    return _recounted(page_redo(page=page, person=person, edit=edit, version=version))


def _recounted(edited: Edited) -> Edited:
    returned = Query.objects.select_for_update().filter(pk__in=edited.returned).defer("vector")
    queries_recount(queries=list(returned))
    return edited
