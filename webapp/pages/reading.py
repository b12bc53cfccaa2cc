"""Pages on their way to a worker, and what it found on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common.errors import MocbanError
from webapp.batches.finished import batches_check_ready
from webapp.batches.models import Batch, Query
from webapp.core.errors import Conflict
from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue
from webapp.pages.boxes.crops import crops_enqueue
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import EditedPage, is_person_s
from webapp.pages.boxes.same_place import BoxesByPlace
from webapp.pages.models import Box, Document, Edit, Page

PAGE_READ = JobKind("page.read", queue="batch")
# {"page": pk}; "again": find boxes anew, "region": [x, y, w, h] only there; "tiles": make those alone
BOXES_MEND = JobKind("boxes.mend", queue="interactive")
# {"page": pk, "boxes": [pk], "person": pk, "version": of the page, "how": "snap" or "split"}
_SOON = 3
"""Up to so many pages are somebody waiting before the screen."""
_SAME = 0.9


@dataclass(frozen=True)
class FoundBox:
    """A box that the localiser found, in pixels of the page as it is shown. order: from 1 over the page."""

    rect: Rect
    score: float
    column: int
    order: int
    kind: str = Box.Kind.MAIN


@dataclass(frozen=True)
class PageReading:
    """What a worker found on a page. width, height: of the page as it is shown. located_by: the localiser's
    fingerprint. finding: see ``Page``.
    """

    width: int
    height: int
    turn: int
    angle: float
    boxes: Sequence[FoundBox]
    located_by: str
    finding: str = ""


@transaction.atomic
def pages_enqueue(*, document: Document) -> int:
    """Write jobs for the pages of a document that have none yet. Returns for how many."""
    Document.objects.select_for_update().filter(pk=document.pk).first()
    waiting = Page.objects.filter(document=document, queued=False, state=Page.State.WAITING)
    pks = list(waiting.order_by("position", "pk").values_list("pk", flat=True))
    Page.objects.filter(pk__in=pks).update(queued=True)
    for pk in pks:
        _enqueue(document, {"page": pk}, soon=len(pks) <= _SOON)
    document_recount(document=document)
    return len(pks)


def document_recount(*, document: Document) -> None:
    """Keep in the batch how many of its pages are still to be read."""
    waiting = Page.objects.filter(document=document, state=Page.State.WAITING).count()
    Batch.objects.filter(pk=document.batch_id).update(pages_waiting=waiting)
    batches_check_ready(batches=[document.batch_id])


def page_locate(*, page: Page, region: Rect | None = None) -> Job:
    """Have characters found again on a page, or on a part of it. What people set stays as it is.

    Raises:
        Conflict: page_not_ready.
    """
    if page.state != Page.State.READY:
        raise Conflict("the page has not been read yet", hint="wait a moment", code="page_not_ready")
    payload = {"page": page.pk, "again": True}
    return _enqueue(page.document, payload | ({"region": list(region)} if region else {}), soon=True)


@transaction.atomic
def page_turn(*, page: Page, turn: int) -> Job:
    """Turn a page by quarter turns, with the boxes that people set, and have it read again.

    turn: further degrees, clockwise.

    Raises:
        Conflict: page_not_ready.
    """
    locked = Page.objects.select_for_update().select_related("document").get(pk=page.pk)
    if locked.state == Page.State.WAITING:
        raise Conflict("the page has not been read yet", hint="wait a moment", code="page_not_ready")
    _turn_boxes(locked, turn)
    if turn in (90, 270):
        locked.width, locked.height = locked.height, locked.width
    locked.turn, locked.turned_by = (locked.turn + turn) % 360, Page.Turned.PERSON
    locked.state, locked.queued = Page.State.WAITING, True
    locked.version += 1
    locked.save()
    document_recount(document=locked.document)
    return _enqueue(locked.document, {"page": locked.pk}, soon=True)


@transaction.atomic
def boxes_mend(*, edit: Edit, boxes: Sequence[int], how: str) -> Job:
    """Have a worker look at the picture and mend boxes, as a part of a person's edit.

    how: "snap" to fit them around their ink, "split" to cut them at their gap.
    """
    payload = {"edit": edit.pk, "boxes": list(boxes), "version": edit.page.version, "how": how}
    return job_enqueue(kind=BOXES_MEND, payload=payload, subject=f"page:{edit.page_id}", owner=edit.person_id)


@transaction.atomic
def page_read_done(*, page: Page, reading: PageReading, region: Rect | None = None) -> None:
    """Write down what was found on a page, or in a region of it. Harmless when done twice.

    Boxes that people set, deleted or answered stay as they are, and none is found again in their place; those
    that are found as they were keep their row.
    """
    locked = Page.objects.select_for_update().select_related("document").filter(pk=page.pk).first()
    if locked is None:
        return
    if region is None:
        locked.width, locked.height, locked.angle = reading.width, reading.height, reading.angle
        if locked.turned_by != Page.Turned.PERSON:
            locked.turn, locked.turned_by = reading.turn, Page.Turned.MODEL if reading.turn else ""
        locked.finding = reading.finding
        locked.state, locked.queued = Page.State.READY, True
        locked.error_code = locked.error = locked.hint = ""
    locked.located_by = reading.located_by
    locked.version += 1
    locked.save()
    _boxes_replace(locked, reading.boxes, region)
    crops_enqueue(page=locked, boxes=Box.objects.filter(page=locked, stale=True).order_by("order"))
    document_recount(document=locked.document)


@transaction.atomic
def pages_refuse(*, pages: Iterable[int], error: MocbanError) -> int:
    """Refuse pages that still wait, all for one reason. Returns how many did."""
    waiting = Page.objects.filter(pk__in=list(pages), state=Page.State.WAITING)
    documents = list(Document.objects.filter(pages__in=waiting).distinct())
    refused = waiting.update(
        state=Page.State.REJECTED, error_code=error.code[:40], error=str(error), hint=error.hint
    )
    for document in documents:
        document_recount(document=document)
    return refused


def _enqueue(document: Document, payload: dict, *, soon: bool) -> Job:
    return job_enqueue(
        kind=PAGE_READ,
        payload=payload,
        queue="interactive" if soon else "batch",
        subject=f"page:{payload['page']}",
        owner=document.batch.owner_id,
        total=1,
    )


def _turn_boxes(page: Page, turn: int) -> None:
    """Turn the places of all boxes with their page."""
    width, height = page.width or 0, page.height or 0
    places: dict[int, dict[str, Any]] = {
        90: {"x": height - F("y") - F("h"), "y": F("x"), "w": F("h"), "h": F("w")},
        180: {"x": width - F("x") - F("w"), "y": height - F("y") - F("h")},
        270: {"x": F("y"), "y": width - F("x") - F("w"), "w": F("h"), "h": F("w")},
    }
    if turn in places:
        Box.objects.filter(page=page).update(**places[turn], stale=True, version=page.version + 1)


def _boxes_replace(page: Page, found: Sequence[FoundBox], region: Rect | None) -> None:
    rows = list(Box.objects.filter(page=page).order_by("order"))
    answered = set(Query.everything.filter(box__in=rows, answers__gt=0).values_list("pk", flat=True))
    kept = [box for box in rows if is_person_s(box) or box.query_id in answered]
    if region is not None:  # what is there stays; only what was missed comes in
        kept = [box for box in rows if is_person_s(box) or not box.deleted]
    staying = {box.pk for box in kept}
    loose = [box for box in rows if box.pk not in staying]
    editing = EditedPage(page, rows, timezone.now())
    placed, reused = boxes_placed(editing, found, kept, loose)
    gone = [] if region else [box for box in loose if not box.deleted and box.pk not in reused]
    for box in gone:
        box.deleted = editing.now
    _write(editing, gone, placed)


def boxes_placed(
    editing: EditedPage, found: Sequence[FoundBox], kept: list[Box], loose: list[Box]
) -> tuple[list[Box], set[int]]:
    """The boxes that were found where no kept one is, new or as they were; and the ids of the latter.

    Among kept boxes, each comes to be read behind the one behind which it was found.
    """
    placed: list[Box] = []
    new: list[Box] = []
    previous: Box | None = None
    live = [box for box in kept if not box.deleted]
    live_there, kept_there, loose_there = BoxesByPlace(live), BoxesByPlace(kept), BoxesByPlace(loose)
    for one in sorted(found, key=lambda one: one.order):
        there = live_there.at(one.rect)
        if there is None and kept_there.at(one.rect):
            continue  # a person deleted it
        box = there or loose_there.at(one.rect, least=_SAME)
        if box is None or (box.deleted and live):
            box = box or Box(page=editing.page, source=Box.Source.MODEL, order=0.0)
            new.append(box)
        else:
            editing.put_after(previous, new)
            previous, new = box, []
        if box is not there:
            _take_over(box, one, everything=box in new or not live)
            placed.append(box)
    editing.put_after(previous, new)
    if not live:
        for number, box in enumerate(placed, 1):
            box.order = float(number)
    return placed, {box.pk for box in placed if box.pk}


def _take_over(box: Box, found: FoundBox, *, everything: bool) -> None:
    """Make a box what was found. everything: its column and kind, too."""
    if box.pk is None:
        box.x, box.y, box.w, box.h = found.rect
    box.score, box.deleted = found.score, None
    if everything:
        box.column, box.kind = found.column, found.kind


def _write(editing: EditedPage, gone: list[Box], placed: list[Box]) -> None:
    page = editing.page
    new = [box for box in placed if box.pk is None]
    old = [box for box in (*gone, *editing.changed()) if box.pk]
    for box in (*new, *old):
        box.version = page.version
    fields = ["score", "column", "order", "kind", "deleted", "version"]
    Box.objects.bulk_update({box.pk: box for box in old}.values(), fields, batch_size=200)
    back = [box.pk for box in placed if box.pk and not box.not_character]
    Box.objects.bulk_create(new, batch_size=500)
    Query.everything.filter(box__in=[box.pk for box in gone]).update(in_trash=True)
    Query.everything.filter(box__in=back, in_trash=True).update(in_trash=False)
