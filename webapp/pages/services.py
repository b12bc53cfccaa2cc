"""All that is ever done to a document and its pages, but for their boxes."""

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction

from common.order import natural_key
from webapp.batches.models import Batch, BatchArchive, BatchLeftOut, FreedBlob, Query
from webapp.batches.services import archive_enqueue, batch_create, batch_rename
from webapp.core.errors import Conflict, Refused
from webapp.core.files.uploads import ByteStream
from webapp.pages.intake import page_take
from webapp.pages.models import Document, Page
from webapp.pages.reading import document_recount, pages_enqueue

TEXTS = ("source", "shelf_mark", "date", "rights", "note")
_LONGEST = 10_000
_MOST_FIELDS = 100


@transaction.atomic
def document_create(*, owner, title: str = "", shared: bool = False) -> Document:
    """Begin a document, with a batch of its own; files are added until its batch is closed.

    Raises:
        Refused: the title is too long.
    """
    return Document.objects.create(batch=batch_create(owner=owner, name=title, shared=shared))


def batch_document(*, batch: Batch) -> Document:
    """The document of a batch, made where it has none."""
    return Document.objects.select_related("batch").get_or_create(batch=batch)[0]


def document_add_files(
    *, document: Document, files: Iterable[tuple[str, ByteStream]]
) -> list[Page | BatchArchive | BatchLeftOut]:
    """Take the files of one request in, each with its name; one row for each, bad ones too.

    Pages wait until ``document_enqueue``, files of several pages are enqueued at once.
    """
    found: list[Page | BatchArchive | BatchLeftOut] = []
    for name, stream in files:
        row = page_take(document=document, name=name, stream=stream)
        if isinstance(row, BatchArchive):
            archive_enqueue(archive=row)
        found.append(row)
    return found


def document_enqueue(*, document: Document) -> int:
    """Put pages in order, and have those read that wait. Returns how many."""
    pages_sort(document=document)
    return pages_enqueue(document=document)


@transaction.atomic
def pages_sort(*, document: Document) -> None:
    """Put pages into the natural order of their names, unless a person put them in order."""
    locked = Document.objects.select_for_update().get(pk=document.pk)
    pages = list(Page.objects.filter(document=document).order_by("position", "pk"))
    if not locked.ordered:
        pages.sort(key=lambda page: natural_key(page.name))
    _number(pages)


@transaction.atomic
def pages_order(*, document: Document, pages: Sequence[int]) -> None:
    """Put pages in this order; those that are not named come behind, as they were.

    Raises:
        Refused: bad_order, where one is of another document.
    """
    Document.objects.filter(pk=document.pk).update(ordered=True)
    rows = {page.pk: page for page in Page.objects.filter(document=document).order_by("position", "pk")}
    if not set(pages) <= set(rows):
        raise Refused("a page is not of this document", hint="reload the page", code="bad_order")
    _number([rows.pop(pk) for pk in dict.fromkeys(pages)] + list(rows.values()))


@transaction.atomic
def document_update(*, document: Document, changes: dict[str, Any]) -> Document:
    """Change what is known of a document. changes: its title, fields of ``TEXTS``, and "fields", any of them.

    Raises:
        Refused: bad_name, or bad_field for what cannot be kept.
    """
    if "title" in changes:
        batch_rename(batch=document.batch, name=changes["title"])
    for name in TEXTS:
        if name in changes:
            setattr(document, name, _text(changes[name]))
    if "fields" in changes:
        document.fields = _fields(changes["fields"])
    document.save(update_fields=[*TEXTS, "fields"])
    return document


@transaction.atomic
def page_rename(*, page: Page, name: str) -> Page:
    """Give a page another name.

    Raises:
        Refused: bad_name, where it is empty or too long.
    """
    checked = name.replace("\0", "").strip()
    if not 0 < len(checked) <= 500:
        raise Refused("a page needs a name of up to 500 characters", hint="write one", code="bad_name")
    page.name = checked
    page.save(update_fields=["name"])
    return page


@transaction.atomic
def page_delete(*, page: Page) -> None:
    """Delete a page with its boxes and their queries. Its files are let go.

    Raises:
        Conflict: has_answers, where somebody has answered a character of it.
    """
    queries = Query.everything.filter(box__page=page)
    if queries.filter(decisions__isnull=False).exists():
        raise Conflict(
            f"characters of {page.name} have answers, which would be lost",
            hint="delete the whole document instead, which goes to the trash",
            code="has_answers",
            retryable=False,
        )
    digests = {page.sha256, *queries.values_list("sha256", flat=True)}
    FreedBlob.objects.bulk_create((FreedBlob(digest=one) for one in digests), ignore_conflicts=True)
    queries.delete()
    document = page.document
    page.delete()
    document_recount(document=document)


def pages_enqueue_forgotten() -> int:
    """Have pages read whose job was lost, or whose batch came out of the trash. Returns how many."""
    forgotten = Page.objects.filter(queued=False, state=Page.State.WAITING, document__batch__deleted=None)
    closed = Document.objects.filter(pk__in=forgotten.values("document"), batch__open=False)
    return sum(pages_enqueue(document=document) for document in closed.select_related("batch"))


def _number(pages: Sequence[Page]) -> None:
    changed = [page for number, page in enumerate(pages, 1) if page.position != number]
    for number, page in enumerate(pages, 1):
        page.position = number
    Page.objects.bulk_update(changed, ["position"], batch_size=500)


def _text(value: Any) -> str:
    text = str(value).replace("\0", "").strip()
    if len(text) > _LONGEST:
        raise Refused("the text is too long", hint=f"at most {_LONGEST} characters", code="bad_field")
    return text


def _fields(value: Any) -> dict[str, str]:
    if not isinstance(value, dict) or len(value) > _MOST_FIELDS:
        raise Refused("the fields cannot be read", hint="send texts by their names", code="bad_field")
    return {_text(name)[:200]: _text(text) for name, text in value.items() if _text(name)}
