"""What may be read of documents and pages, and who may edit them."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Q, QuerySet

from webapp.batches.models import Query
from webapp.batches.selectors import batches_for, may_answer, may_change
from webapp.jobs.selectors import jobs_open_for
from webapp.pages.models import Box, Document, Page


def documents_for(user) -> QuerySet[Document]:
    """The documents of the batches that ``user`` sees, the newest first."""
    found = Document.objects.filter(batch__in=batches_for(user))
    return found.select_related("batch__owner").order_by("-pk")


def pages_for(user) -> QuerySet[Page]:
    """The pages of the documents that ``user`` sees."""
    return Page.objects.filter(document__batch__in=batches_for(user)).select_related("document__batch")


def may_edit(document: Document, user) -> bool:
    """Whether ``user``, who sees the document, may edit its boxes: whose answers are wanted may, too."""
    return may_change(document.batch, user) or may_answer(document.batch, user)


def page_boxes(page: Page) -> QuerySet[Box]:
    """The boxes that are there, in reading order."""
    return Box.objects.filter(page=page, deleted=None).order_by("order", "pk")


def boxes_deleted(page: Page, most: int = 200) -> QuerySet[Box]:
    """The boxes that people deleted and that can be restored, the last ones first."""
    found = Box.objects.filter(page=page, deleted__isnull=False, edited_by__isnull=False)
    return found.order_by("-deleted", "-pk")[:most]


def neighbours(page: Page) -> tuple[int | None, int | None]:
    """The ids of the pages before and after a page in its document."""
    ids = list(document_pages(page.document).values_list("pk", flat=True))
    place = ids.index(page.pk)
    return ids[place - 1] if place else None, ids[place + 1] if place + 1 < len(ids) else None


def document_pages(document: Document) -> QuerySet[Page]:
    """The pages of a document in order."""
    return Page.objects.filter(document=document).order_by("position", "pk")


def pages_progress(pages: Iterable[Page]) -> dict[int, dict[str, int]]:
    """How far pages are, by their ids, in one database query: characters, and how many of them are matched,
    answered and disputed.
    """
    ready = Q(query__state=Query.State.READY)
    counted = (
        Box.objects.filter(page__in=[page.pk for page in pages], deleted=None, not_character=False)
        .order_by()
        .values("page")
        .annotate(
            characters=Count("pk"),
            matched=Count("pk", filter=ready),
            answered=Count("pk", filter=ready & Q(query__answered=True)),
            disputed=Count("pk", filter=ready & Q(query__disputed=True)),
        )
    )
    names = ("characters", "matched", "answered", "disputed")
    by_page: dict[int, dict[str, Any]] = {row["page"]: dict(row) for row in counted}
    return {page.pk: {name: by_page.get(page.pk, {}).get(name, 0) for name in names} for page in pages}


def page_jobs(page: Page) -> int:
    """How many jobs of a page wait or run."""
    return jobs_open_for(f"page:{page.pk}")
