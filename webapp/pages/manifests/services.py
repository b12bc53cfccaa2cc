"""Manifests of pages that lie elsewhere, on their way into a document."""

import io

from django.db import transaction

from webapp.batches import intake
from webapp.batches.models import BatchArchive
from webapp.batches.services import archive_enqueue, batch_close
from webapp.core.files.uploads import Peeked
from webapp.pages.manifests.fetching import address_checked
from webapp.pages.models import Document
from webapp.pages.services import document_create


@transaction.atomic
def document_of_manifest(*, owner, address: str, title: str = "", shared: bool = False) -> Document:
    """Begin a document of what lies elsewhere: a worker fetches the manifest, and the pictures that it names.

    Raises:
        Refused: nothing may be fetched from there, or the title is too long.
    """
    name = address.strip()
    address_checked(name)
    document = document_create(owner=owner, title=title, shared=shared)
    row = {"batch": document.batch, "name": name, "archive": None, "entry": None}
    found = intake.take_archive(row, Peeked(io.BytesIO(name.encode())), pages=True)
    if isinstance(found, BatchArchive):
        archive_enqueue(archive=found)
    batch_close(batch=document.batch)
    return document


def document_note_manifest(*, document: Document, address: str, rights: str) -> None:
    """Keep where a document is from, and its rights, unless somebody wrote something there."""
    changed: list[str] = []
    if address and not document.source:
        document.source, changed = address[:2000], [*changed, "source"]
    if rights and not document.rights:
        document.rights, changed = rights[:2000], [*changed, "rights"]
    if changed:
        document.save(update_fields=changed)
