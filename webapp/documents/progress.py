"""How far documents and their pages are."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from webapp.batches.models import BatchArchive, Query
from webapp.core.refusals.words import in_words
from webapp.pages.models import Box, Document, Page
from webapp.pages.selectors import pages_progress
from webapp.pages.tiles import thumbnail_address

LABELS = {
    "source": gettext_noop("Source"),
    "shelf_mark": gettext_noop("Shelf mark"),
    "date": gettext_noop("Date"),
    "rights": gettext_noop("Rights"),
    "note": gettext_noop("Note"),
}

FINDINGS = {
    "blank": gettext_noop("The page is blank."),
    "no_text": gettext_noop(
        "There is a picture here, but no characters were found. Draw boxes, or delete the page."
    ),
    "too_many": gettext_noop(
        "There are more than 5,000 boxes: look whether stains or patterns were taken for text."
    ),
    "overlapping": gettext_noop("Many boxes overlap: look at them, or have the page read again."),
}


@dataclass(frozen=True)
class DocumentProgress:
    """How far a document is.

    pages: of which ``read`` were read, ``waiting`` wait, and ``failed`` were refused. characters: boxes, of
    which ``matched`` have suggestions and ``answered`` a label. unpacking: whether a file still waits.
    """

    pages: int = 0
    read: int = 0
    waiting: int = 0
    failed: int = 0
    characters: int = 0
    matched: int = 0
    answered: int = 0
    unpacking: bool = False

    @property
    def unmatched(self) -> int:
        """Characters that wait for their suggestions."""
        return self.characters - self.matched


def document_progress(documents: Iterable[Document]) -> dict[int, DocumentProgress]:
    """How far each document is, by its id, in three database queries."""
    rows = list(documents)
    pks = [document.pk for document in rows]
    pages = _counted(
        Page.objects.filter(document__in=pks).values("document"),
        "document",
        pages=Count("pk"),
        read=Count("pk", filter=Q(state=Page.State.READY)),
        waiting=Count("pk", filter=Q(state=Page.State.WAITING)),
        failed=Count("pk", filter=Q(state=Page.State.REJECTED)),
    )
    ready = Q(query__state=Query.State.READY)
    boxes = _counted(
        Box.objects.filter(page__document__in=pks, deleted=None, not_character=False).values(
            "page__document"
        ),
        "page__document",
        characters=Count("pk"),
        matched=Count("pk", filter=ready | Q(query__state=Query.State.REJECTED)),
        answered=Count("pk", filter=ready & Q(query__answered=True)),
    )
    archives = BatchArchive.objects.filter(batch__document__in=pks, state=BatchArchive.State.WAITING)
    unpacking = set(archives.values_list("batch__document", flat=True))
    return {
        pk: DocumentProgress(**pages.get(pk, {}), **boxes.get(pk, {}), unpacking=pk in unpacking)
        for pk in pks
    }


def page_cards(pages: Iterable[Page]) -> list[dict[str, Any]]:
    """Pages as a document shows them: thumbnail, how far it is, what was amiss; in one database query."""
    rows = list(pages)
    progress = pages_progress(rows)
    return [
        {
            "page": page,
            "thumbnail": thumbnail_address(page),
            "progress": progress[page.pk],
            "finding": _(FINDINGS[page.finding]) if page.finding in FINDINGS else "",
            "refusal": in_words(page.error_code, page.error, page.hint) if page.error_code else None,
        }
        for page in rows
    ]


def _counted(rows, key: str, **counts) -> dict[int, dict[str, int]]:
    found = rows.order_by().annotate(**counts)
    return {row[key]: {name: row[name] for name in counts} for row in found}
