"""What may be read of pages and the whole blocks that printed them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from webapp.blocks.models import Block, Scan
from webapp.gallery.models import Item
from webapp.pages.models import Box, Document, Page
from webapp.pages.selectors import document_pages, pages_for
from webapp.printed.decisions import differing
from webapp.printed.models import BELIEVED, PageMatch, PageSearch
from webapp.review.models import Decision


@dataclass(frozen=True)
class QueueRow:
    """A character of a page to look at: the block may have been repaired there, or the match is wrong.

    why: "outlier", it looks unlike what the block has there; "differs", somebody answered another item;
    "open", it was not answered with the others. answers: those that differ.
    """

    box: Box
    item: Item
    why: str
    answers: Sequence[Decision] = ()


@dataclass(frozen=True)
class TableRow:
    """A page and the face that printed it; None where none did. searched: whether blocks were looked for."""

    page: Page
    match: PageMatch | None
    searched: bool


@dataclass(frozen=True)
class DocumentTable:
    """All pages of a document, one row for each face that printed one; and the blocks that printed none."""

    rows: list[TableRow]
    idle: list[Block]

    @property
    def printed(self) -> int:
        """Pages with a block."""
        return len({row.page.pk for row in self.rows if row.match})

    @property
    def lost(self) -> int:
        """Pages without one, after blocks were looked for."""
        return sum(row.searched and row.match is None for row in self.rows)


def matches_for(user) -> QuerySet[PageMatch]:
    """The matches of pages that ``user`` sees."""
    rows = PageMatch.objects.filter(
        page__in=pages_for(user).select_related(None), scan__block__deleted_at=None
    )
    return rows.select_related("page__document__batch", "scan__block", "decided_by", "bulk")


def page_matches(page: Page) -> list[PageMatch]:
    """The matches of a page: confirmed ones first, rejected ones last, else by part and rank."""
    rows = PageMatch.objects.filter(page=page, scan__block__deleted_at=None)
    rows = rows.select_related("scan__block", "decided_by", "bulk", "page__document__batch")
    order = [PageMatch.State.CONFIRMED.value, PageMatch.State.PROPOSED.value, PageMatch.State.REJECTED.value]
    return sorted(rows, key=lambda row: (order.index(row.state), row.part, row.rank))


def page_search_of(page: Page) -> PageSearch | None:
    """How far the search for a page's blocks is; None where nobody has looked."""
    return PageSearch.objects.filter(page=page).first()


def match_queue(match: PageMatch) -> list[QueueRow]:
    """What is to be looked at of a match, in reading order."""
    expected = {box: (item, inlier) for box, item, inlier in match.pairs}
    cut = Box.objects.filter(pk__in=expected, deleted=None, query__isnull=False).order_by("order", "pk")
    boxes = list(cut.select_related("query").defer("query__vector"))
    items = Item.objects.in_bulk([item for item, _ in expected.values()])
    others = differing({box.query.pk: expected[box.pk][0] for box in boxes if box.query})
    rows = []
    for box in boxes:
        item, inlier = expected[box.pk]
        answers = others.get(box.query_id or 0, [])
        why = _why(match, box, inlier=inlier, differs=bool(answers))
        if why and item in items:
            rows.append(QueueRow(box, items[item], why, answers))
    return rows


def _why(match: PageMatch, box: Box, *, inlier: bool, differs: bool) -> str:
    if differs:
        return "differs"
    if box.query is None or box.query.answered:
        return ""
    if not inlier:
        return "outlier"
    return "open" if match.state == PageMatch.State.CONFIRMED else ""


def document_table(document: Document) -> DocumentTable:
    """The table of a document against all blocks."""
    pages = list(document_pages(document))
    searched = set(
        PageSearch.objects.filter(page__in=pages, state=PageSearch.State.READY).values_list("page", flat=True)
    )
    by_page: dict[int, list[PageMatch]] = {}
    for match in _believed(Q(page__in=pages)):
        by_page.setdefault(match.page_id, []).append(match)
    rows = []
    for page in pages:
        found: Sequence[PageMatch | None] = by_page.get(page.pk) or [None]
        rows += [TableRow(page, match, page.pk in searched) for match in found]
    used = {match.scan.block_id for some in by_page.values() for match in some}
    idle = Block.objects.filter(deleted_at=None, scans__state=Scan.State.READY).exclude(pk__in=used)
    return DocumentTable(rows, list(idle.distinct().order_by("name", "pk")))


def block_prints(block: Block, user) -> list[PageMatch]:
    """The pages that a block printed, of those that ``user`` sees: confirmed ones, and those believed."""
    seen = Q(scan__block=block, page__in=pages_for(user).select_related(None))
    return sorted(_believed(seen), key=lambda row: (row.page.document_id, row.page.position, row.page_id))


def _believed(which: Q) -> Iterable[PageMatch]:
    """Believed matches: one for each part of a page, a confirmed one before the best."""
    rows = PageMatch.objects.filter(BELIEVED & which, scan__block__deleted_at=None)
    rows = rows.select_related("scan__block", "page__document__batch", "decided_by")
    best: dict[tuple[int, int], PageMatch] = {}
    for row in sorted(rows, key=lambda row: (row.state != row.State.CONFIRMED, row.rank)):
        best.setdefault((row.page_id, row.part), row)
    return sorted(best.values(), key=lambda row: (row.page_id, row.part))
