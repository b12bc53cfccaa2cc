"""Pages on their way to a worker that looks for their blocks, and what it found."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet
from django.utils import timezone

from webapp.batches.models import Query
from webapp.blocks.models import Place, Scan
from webapp.core.errors import Conflict
from webapp.gallery.models import Item
from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import job_enqueue, jobs_enqueue
from webapp.pages.models import Box, Page
from webapp.printed.models import BELIEVED, PageMatch, PageSearch
from webapp.search.models import Suggestion
from webapp.search.services import queries_search_again

BLOCK_FIND = JobKind("block.find", queue="batch")  # {"page": pk}
MOST_AT_ONCE = 200


@dataclass(frozen=True)
class FoundMatch:
    """A face that a worker laid a page over; as ``PageMatch``."""

    scan: int
    part: int
    rank: int
    inliers: int
    residual_mm: float
    p: float
    overlap: float
    uneven_mm: float
    believed: bool
    laid: dict[str, Any] = field(default_factory=dict)
    pairs: Sequence[Sequence[int | bool]] = ()


def scans_searchable() -> QuerySet[Scan]:
    """The faces that were read, and all of whose characters are in the gallery."""
    unread = Place.objects.filter(scan=OuterRef("pk"), deleted=None, item__state=Item.State.WAITING)
    placed = Place.objects.filter(scan=OuterRef("pk"), deleted=None, item__state=Item.State.READY)
    ready = Scan.objects.filter(state=Scan.State.READY, block__deleted_at=None)
    return ready.filter(Exists(placed)).exclude(Exists(unread))


@transaction.atomic
def page_search(*, page: Page, person=None) -> Job:
    """Have the blocks of a page looked for, now.

    Raises:
        Conflict: page_not_ready, where it was not read yet.
    """
    if page.state != Page.State.READY:
        raise Conflict("the page has not been read yet", hint="wait a moment", code="page_not_ready")
    _wait([page.pk])
    return job_enqueue(
        kind=BLOCK_FIND,
        payload={"page": page.pk},
        queue="interactive",
        subject=f"page:{page.pk}",
        owner=person.pk if person else page.document.batch.owner_id,
    )


@transaction.atomic
def pages_search(*, pages: Iterable[Page], subject: str, person=None) -> int:
    """Have the blocks of many pages looked for, those that were read. Returns of how many."""
    pks = [page.pk for page in pages if page.state == Page.State.READY]
    _wait(pks)
    payloads = [{"page": pk} for pk in pks]
    owner = person.pk if person else None
    jobs_enqueue(kind=BLOCK_FIND, payloads=payloads, subject=subject, owner=owner)
    return len(pks)


def pages_search_when_matched(*, queries: Collection[int]) -> int:
    """Have the blocks of pages looked for of which these queries are the last. Returns of how many."""
    if not scans_searchable().exists():
        return 0
    pages = Page.objects.filter(boxes__query__in=queries, boxes__deleted=None).distinct()
    due = _matched(pages.filter(block_search=None)).select_related("document__batch")
    return pages_search(pages=due, subject="blocks of pages")


def pages_search_when_due(*, most: int = MOST_AT_ONCE) -> int:
    """The same for pages that were matched before there were blocks, or before the newest of them.

    A page with a block that people confirmed is not searched again by itself. Returns of how many.
    """
    newest = scans_searchable().aggregate(newest=Max("pk"))["newest"]
    if newest is None or jobs_open(BLOCK_FIND).exists():
        return 0
    ready = Page.objects.filter(state=Page.State.READY, document__batch__deleted=None)
    older = ready.exclude(block_search__newest__gte=newest).exclude(
        block_matches__state=PageMatch.State.CONFIRMED
    )
    due = _matched(older.exclude(block_search__state=PageSearch.State.FAILED)).order_by("pk")[:most]
    return pages_search(pages=due, subject="blocks of pages")


def _matched(pages: QuerySet[Page]) -> QuerySet[Page]:
    """Those of which some characters have suggestions, and none waits for them."""
    boxes = Box.objects.filter(page=OuterRef("pk"), deleted=None, not_character=False)
    waiting = boxes.filter(query=None) | boxes.filter(query__state=Query.State.WAITING)
    return pages.filter(Exists(boxes.filter(query__state=Query.State.READY))).exclude(Exists(waiting))


def _wait(pks: list[int]) -> None:
    there = set(PageSearch.objects.filter(page__in=pks).values_list("page", flat=True))
    PageSearch.objects.filter(page__in=there).update(state=PageSearch.State.WAITING, **PageSearch.NO_ERROR)
    PageSearch.objects.bulk_create(PageSearch(page_id=pk) for pk in pks if pk not in there)


@transaction.atomic
def page_search_done(
    *, page: Page, found: Sequence[FoundMatch], faces: int, newest: int, boxes: int
) -> list[PageMatch]:
    """Write down what was found for a page. Harmless when done twice.

    What people confirmed or rejected keeps its state, and stays where it is not found any more. Open cards of
    characters whose block is believed are ranked anew, each by its place. Returns the matches found.
    """
    list(Page.objects.select_for_update().filter(pk=page.pk).values_list("pk"))
    PageSearch.objects.update_or_create(
        page=page,
        defaults={
            "state": PageSearch.State.READY,
            "faces": faces,
            "newest": newest,
            "boxes": boxes,
            "searched": timezone.now(),
            **PageSearch.NO_ERROR,
        },
    )
    there = {row.scan_id: row for row in PageMatch.objects.filter(page=page)}
    scans = {one.scan for one in found}
    gone = [row.pk for row in there.values() if row.state == row.State.PROPOSED and row.scan_id not in scans]
    PageMatch.objects.filter(pk__in=gone).delete()
    rows = [_written(page, one, there.get(one.scan)) for one in found]
    page_rank_again(page=page)
    return rows


def _written(page: Page, found: FoundMatch, row: PageMatch | None) -> PageMatch:
    row = row or PageMatch(page=page, scan_id=found.scan)
    for name, value in vars(found).items():
        if name != "scan":
            setattr(row, name, [list(pair) for pair in value] if name == "pairs" else value)
    row.save()
    return row


def page_search_fail(*, page: int, code: str, error: str, hint: str) -> None:
    """The search for a page's blocks failed for good."""
    PageSearch.objects.filter(page=page).update(
        state=PageSearch.State.FAILED, error_code=code[:40], error=error, hint=hint
    )


def page_rank_again(*, page: Page) -> int:
    """Rank those open cards of a page anew that stand otherwise than their places say. Returns how many."""
    boxes = Box.objects.filter(page=page, deleted=None, query__isnull=False)
    placed = items_by_place(boxes.values_list("query", flat=True))
    rows = Suggestion.objects.filter(query__box__in=boxes, query__answered=False, query__answers=0)
    amiss = set()
    for query, item, rank, moved in rows.values_list("query", "item", "rank", "placed"):
        if (placed.get(query) == item and rank > 1) or (moved and placed.get(query) != item):
            amiss.add(query)
    return queries_search_again(pks=sorted(amiss), unless_held=True) if amiss else 0


def items_by_place(queries: Iterable[int]) -> dict[int, int]:
    """The item that printed each query by its place alone, on pages whose block is believed, by the query.

    Of two blocks that are believed in one place, the confirmed one says so; else the better one.
    """
    boxes = dict(Box.objects.filter(query__in=list(queries), deleted=None).values_list("pk", "query"))
    pages = Box.objects.filter(pk__in=boxes).values("page")
    rows = PageMatch.objects.filter(BELIEVED, page__in=pages, scan__block__deleted_at=None)
    found: dict[int, int] = {}
    for row in sorted(rows, key=lambda row: (row.state != row.State.CONFIRMED, row.part, row.rank)):
        for box, item, _ in row.pairs:
            if box in boxes:
                found.setdefault(boxes[box], item)
    return found
