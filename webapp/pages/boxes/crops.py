"""Boxes cut out of their pages: each crop is a query of the document's batch."""

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from django.db import transaction
from django.db.models import QuerySet

from webapp.batches.models import Batch, FreedBlob, Query
from webapp.batches.services import QUERIES_A_JOB, QUERIES_MATCH, batch_enqueue
from webapp.core.files.blobs import blob_put
from webapp.jobs.kinds import JobKind
from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import job_enqueue
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import rect_of
from webapp.pages.models import Box, Page

BOXES_CROP = JobKind("boxes.crop", queue="batch")  # {"page": pk, "boxes": [pk]}
_SOON = 24
"""Up to so many boxes are somebody waiting before the screen."""


def crops_enqueue(*, page: Page, boxes: Iterable[Box], soon: bool = False) -> None:
    """Have boxes cut out, those of them that are characters. soon: whether a person waits for few of them."""
    pks = [box.pk for box in boxes if not box.deleted and not box.not_character]
    if pks:
        job_enqueue(
            kind=BOXES_CROP,
            payload={"page": page.pk, "boxes": pks},
            queue="interactive" if soon and len(pks) <= _SOON else "batch",
            subject=f"page:{page.pk}",
            owner=page.document.batch.owner_id,
            total=len(pks),
        )


@dataclass(frozen=True)
class Crop:
    """A box that was cut out. rect: where it was then. png: a file that no other box has."""

    box: int
    rect: Rect
    png: bytes


def boxes_to_crop(page: Page) -> QuerySet[Box]:
    """The characters of a page that are not cut out as they are now, in reading order."""
    return Box.objects.filter(page=page, stale=True, deleted=None, not_character=False).order_by("order")


@transaction.atomic
def crops_store(*, page: Page, crops: Sequence[Crop]) -> None:
    """Make crops the queries of their boxes, and have those matched.

    A query that people answered keeps its answers. Boxes that were moved meanwhile are left to their own job.
    """
    batch = page.document.batch
    boxes = Box.objects.select_for_update().filter(pk__in=[crop.box for crop in crops], deleted=None)
    by_id = {box.pk: box for box in boxes}
    queries = Query.everything.filter(box__in=by_id).defer("vector").in_bulk()
    pictures: list[int] = []
    for crop in crops:
        box = by_id.get(crop.box)
        if box is None or rect_of(box) != crop.rect:
            continue
        sha256 = blob_put(io.BytesIO(crop.png), name=f"{page.name}, box {crop.box}").sha256
        query = queries.get(box.query_id or 0)
        if query is None:
            query = Query.objects.create(batch=batch, name=_crop_name(page, box), sha256=sha256)
        elif _is_other(query, sha256) and query.answers:
            pictures.append(query.pk)
        box.query, box.stale = query, False
    Box.objects.bulk_update(by_id.values(), ["query", "stale"])
    _enqueue_pictures(batch, pictures)
    batch_enqueue(batch=batch)


def boxes_crop_forgotten() -> int:
    """Have boxes cut out whose job failed or was lost. Returns of how many pages."""
    stale = Box.objects.filter(stale=True, deleted=None, not_character=False)
    ready = Page.objects.filter(state=Page.State.READY, document__batch__deleted=None)
    pages = list(ready.filter(pk__in=stale.values("page")).select_related("document__batch"))
    busy = {payload["page"] for payload in jobs_open(BOXES_CROP).values_list("payload", flat=True)}
    forgotten = [page for page in pages if page.pk not in busy]
    for page in forgotten:
        crops_enqueue(page=page, boxes=boxes_to_crop(page))
    return len(forgotten)


def _is_other(query: Query, sha256: str) -> bool:
    """Give a query another picture; whether it is another one. What was found for the old one goes."""
    if query.sha256 == sha256:
        return False
    FreedBlob.objects.get_or_create(digest=query.sha256)
    query.sha256, query.vector, query.vector_model = sha256, None, None
    query.width = query.height = None
    if not query.answers:
        query.state, query.queued = Query.State.WAITING, False
        query.error_code = query.error = query.hint = ""
    query.save()
    return True


def _enqueue_pictures(batch: Batch, pks: list[int]) -> None:
    """Have the pictures of answered queries made anew; their suggestions stay."""
    for start in range(0, len(pks), QUERIES_A_JOB):
        job_enqueue(
            kind=QUERIES_MATCH,
            payload={"queries": pks[start : start + QUERIES_A_JOB], "pictures": True},
            queue="interactive" if len(pks) <= _SOON else "batch",
            subject=f"batch:{batch.pk}",
            owner=batch.owner_id,
        )


def _crop_name(page: Page, box: Box) -> str:
    return f"{PurePosixPath(page.name).with_suffix('')}/{box.column:03}-{box.pk}.png"
