"""Boxes of a file of another program, put onto a page as one edit that can be undone."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from common.reading_order import order_boxes
from webapp.core.errors import Conflict
from webapp.pages.boxes.crops import crops_enqueue
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import MOST_BOXES, rect_of
from webapp.pages.boxes.same_place import BoxesByPlace
from webapp.pages.models import Box, Edit, Page


@dataclass(frozen=True)
class ImportedBox:
    """A box of a file, on the page as it is shown. character: a proposal; empty for none.

    column, order: from 1 on; 0 where the file does not say.
    """

    rect: Rect
    character: str
    column: int
    order: int
    kind: str


@transaction.atomic
def page_import_boxes(
    *,
    page: Page,
    person,
    boxes: Sequence[ImportedBox],
    source: Box.ProposalSource = Box.ProposalSource.IMPORT,
) -> tuple[int, int]:
    """Add boxes, and give characters to those that are there. Returns how many were added and proposed.

    source: LABEL where the characters are to become labels.
    What people set stays where it is; boxes that are added can be undone as one edit.

    Raises:
        Conflict: the page has not been read yet, or would have too many boxes.
    """
    page = Page.objects.select_for_update().select_related("document").get(pk=page.pk)
    if page.state != Page.State.READY:
        raise Conflict("the page has not been read yet", hint="wait a moment", code="page_not_ready")
    live = list(Box.objects.filter(page=page, deleted=None).order_by("order", "pk"))
    if len(live) + len(boxes) > MOST_BOXES:
        raise Conflict("the page has too many boxes", code="too_many_boxes", retryable=False)
    places = BoxesByPlace(live)
    there = [(one, places.at(one.rect)) for one in boxes]
    proposed = [(one, box) for one, box in there if box is not None and one.character]
    for one, box in proposed:
        _propose(box, one.character, source)
    Box.objects.bulk_update(
        [box for _, box in proposed], ["proposal", "proposal_source", "proposal_score"], batch_size=200
    )
    new = [one for one, box in there if box is None]
    if new:
        _add(page, person, live, new, source)
    return len(new), len(proposed) + sum(bool(one.character) for one in new)


def _add(page: Page, person, live: list[Box], boxes: Sequence[ImportedBox], source: str) -> None:
    page.version += 1
    page.save(update_fields=["version"])
    made = [_box(page, person, one, source) for one in boxes]
    if live or not all(one.order and one.column for one in boxes):
        _put_by_rule(live, made)
    Box.objects.bulk_create(made)
    now = timezone.now().isoformat()
    Edit.objects.filter(page=page, person=person, undone=True).delete()
    Edit.objects.create(
        page=page,
        person=person,
        version=page.version,
        forward=[{"box": box.pk, "deleted": None} for box in made],
        inverse=[{"box": box.pk, "deleted": now} for box in made],
    )
    crops_enqueue(page=page, boxes=made)


def _box(page: Page, person, one: ImportedBox, source: str) -> Box:
    x, y, w, h = one.rect
    box = Box(
        page=page,
        x=x,
        y=y,
        w=w,
        h=h,
        column=one.column or 1,
        order=float(one.order),
        kind=one.kind,
        source=Box.Source.IMPORT,
        version=page.version,
        edited_by=person,
    )
    if one.character:
        _propose(box, one.character, source)
    return box


def _propose(box: Box, character: str, source: str) -> None:
    box.proposal, box.proposal_source, box.proposal_score = character, source, 1.0


def _put_by_rule(live: list[Box], made: list[Box]) -> None:
    """Give new boxes the places that the rule of reading order gives them, between those that are there."""
    rows = [*live, *made]
    ranked = sorted(
        zip(order_boxes([rect_of(box) for box in rows]), rows, strict=True), key=lambda one: one[0].order
    )
    is_new = {id(box) for box in made}
    last, column, run = 0.0, 1, list[Box]()
    for place, box in ranked:
        if id(box) in is_new:
            box.column = place.column if not live else column
            run.append(box)
            continue
        _between(run, last, box.order)
        last, column, run = max(last, box.order), box.column, []
    _between(run, last, last + len(run) + 1)


def _between(run: list[Box], low: float, high: float) -> None:
    for number, box in enumerate(run, 1):
        box.order = low + (high - low) * number / (len(run) + 1)
