"""Brings the sample into an installation by the same services that a person's uploads take."""

import io
import time
from collections.abc import Callable
from pathlib import Path

from webapp.accounts.models import User
from webapp.batches.models import Batch
from webapp.batches.services import batch_add_file, batch_close, batch_create
from webapp.core.errors import AppError
from webapp.gallery.models import Import, Item
from webapp.gallery.selectors import import_progress
from webapp.gallery.services import import_add_file, import_close, import_create, item_set_character
from webapp.pages.models import Document
from webapp.pages.services import document_add_files, document_create, document_enqueue
from workers.sample.plan import carved_files, page_file, printed_files

GALLERY, BATCH = "Sample gallery", "Sample: verses of Kieu"
DOCUMENT = "Sample: a page of Kieu"
_LOOK_EVERY = 0.25  # seconds


class NotPrepared(AppError):
    """Nobody did the work on the sample's meshes."""

    code = "sample_not_prepared"


def is_wanted() -> bool:
    """Whether the installation is empty, or an earlier filling was cut short before its batch was there."""
    others = Import.objects.exclude(name=GALLERY).exists() or Item.objects.filter(upload=None).exists()
    return not others and not Batch.objects.exclude(name=DOCUMENT).exists()


def sample_fill(
    *,
    owner: User,
    root: Path,
    say: Callable[[str], None],
    work: Callable[[], None] | None = None,
    patience: float = 600.0,
) -> Batch:
    """Add the sample gallery and, once its meshes can be found, a page and the sample batch.

    Harmless when done twice.

    root: the project's folder, with the fonts. work: does waiting jobs, where no workers run. patience:
    seconds without any progress after which to give up.

    Raises:
        FontsMissing: the page assets are not installed.
        NotPrepared: no worker does anything.
    """
    upload = Import.objects.filter(name=GALLERY).first() or import_create(owner=owner, name=GALLERY)
    for file in carved_files(root):
        item = import_add_file(upload=upload, name=file.name, stream=io.BytesIO(file.content))
        if file.character and isinstance(item, Item) and not item.character:
            item_set_character(item=item, character=file.character, user=owner)
    import_close(upload=upload)
    say(f"{upload.items.count()} carved characters are being prepared")
    if work:
        work()
    _wait_for(upload, patience)
    _add_page(owner, root)
    batch = Batch.objects.filter(name=BATCH, open=True).first() or batch_create(
        owner=owner, name=BATCH, shared=True
    )
    for file in printed_files(root):
        batch_add_file(batch=batch, name=file.name, stream=io.BytesIO(file.content))
    batch_close(batch=batch)
    if work:
        work()
    return batch


def _add_page(owner: User, root: Path) -> None:
    """A document of one page."""
    found = Document.objects.filter(batch__name=DOCUMENT).first()
    document = found or document_create(owner=owner, title=DOCUMENT, shared=True)
    file = page_file(root)
    document_add_files(document=document, files=[(file.name, io.BytesIO(file.content))])
    document_enqueue(document=document)
    batch_close(batch=document.batch)


def _wait_for(upload: Import, patience: float) -> None:
    done, since = -1, time.monotonic()
    while (progress := import_progress(upload)).state != "ready":
        if progress.done + progress.failed != done:
            done, since = progress.done + progress.failed, time.monotonic()
        if time.monotonic() - since > patience:
            raise NotPrepared(
                f"no mesh of the sample was prepared for {patience:.0f} s",
                hint="start the workers, or type: manage.py sample --work",
            )
        time.sleep(_LOOK_EVERY)
