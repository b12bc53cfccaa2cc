"""All that is ever done to an export."""

from dataclasses import asdict

from django.db import transaction

from webapp.batches.models import Batch
from webapp.core.errors import Conflict, Refused
from webapp.core.files.old_files import UNFINISHED_SECONDS, data_entries, remove_if_old
from webapp.datasets.exports.file import Written
from webapp.datasets.exports.format import BATCH, DOCUMENT, SNAPSHOT
from webapp.datasets.exports.formats import formats_of
from webapp.datasets.models import Export, Snapshot
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.pages.models import Document, Page

EXPORT_WRITE = JobKind("export.write", queue="batch")  # {"export": pk of Export}
_QUICK_QUERIES = 1000
MOST_NAMED = 100
"""So many missing files are named on the page and in the API; the zip names all."""


@transaction.atomic
def export_request(
    *, batch: Batch, owner, format: str, with_images: bool = False, page: Page | None = None
) -> Export:
    """Ask a worker to write the batch's labels, or its document's pages, as they are now, into a file.

    page: of the document, to be written alone.

    Raises:
        Refused: there is no such format, or it has no pages.
    """
    _check_format(format, *_sources_of(batch, page))
    export = Export.objects.create(
        batch=batch, page=page, owner=owner, format=format, with_images=with_images
    )
    _enqueue(export, quick=_is_quick(batch))
    return export


@transaction.atomic
def snapshot_export_request(
    *, snapshot: Snapshot, owner, format: str, split: str = Export.Split.BLOCK, with_images: bool = False
) -> Export:
    """Ask a worker to write the labels of a snapshot into a file.

    Raises:
        Refused: there is no such format or split.
        Conflict: the snapshot is not frozen.
    """
    _check_format(format, SNAPSHOT)
    if split not in Export.Split.values:
        splits = ", ".join(Export.Split.values)
        raise Refused(f"{split!r} is not a split", hint=f"use one of {splits}", code="bad_split")
    if snapshot.state != Snapshot.State.READY:
        raise Conflict(f"{snapshot} is not ready yet", hint="wait a moment", code="not_ready")
    export = Export.objects.create(
        snapshot=snapshot, owner=owner, format=format, split=split, with_images=with_images
    )
    _enqueue(export, quick=not with_images and (snapshot.count or 0) <= _QUICK_QUERIES)
    return export


def _sources_of(batch: Batch, page: Page | None) -> list[str]:
    """What the batch can be written as; one page alone only as a document's."""
    if not Document.objects.filter(batch=batch).exists():
        return [BATCH]
    return [DOCUMENT] if page else [BATCH, DOCUMENT]


def _check_format(format: str, *sources: str) -> None:
    names = [one.name for source in sources for one in formats_of(source)]
    if format not in names:
        raise Refused(
            f"{format!r} is not a format of a {sources[0]}",
            hint=f"use one of {', '.join(names)}",
            code="bad_format",
        )


def _enqueue(export: Export, *, quick: bool) -> None:
    job_enqueue(
        kind=EXPORT_WRITE,
        payload={"export": str(export.pk)},
        queue="interactive" if quick else "batch",
        subject=f"export:{export.pk}",
        owner=export.owner_id,
    )


def export_finish(*, export: Export, written: Written) -> None:
    """The file lies whole in its place. Harmless when done twice."""
    Export.objects.filter(pk=export.pk).update(
        state=Export.State.READY,
        size=written.size,
        sha256=written.sha256,
        missing_count=len(written.missing),
        missing=[asdict(one) for one in written.missing[:MOST_NAMED]],
        **Export.NO_ERROR,
    )


def export_fail(*, export: Export, code: str, error: str, hint: str = "") -> None:
    """The file could not be written. One that is ready stays ready."""
    Export.objects.filter(pk=export.pk, state=Export.State.WAITING).update(
        state=Export.State.FAILED, error_code=code[:40], error=error, hint=hint
    )


def exports_clear() -> None:
    """Remove files of exports that are gone."""
    files = {path.stem: path for path in data_entries("exports")}
    present = {str(pk) for pk in Export.objects.values_list("pk", flat=True)}
    for name, path in files.items():
        if name not in present:
            remove_if_old(path, seconds=UNFINISHED_SECONDS)


def _is_quick(batch: Batch) -> bool:
    """Whether the file is written in a second or two, so that it need not wait behind big batches."""
    return not batch.queries.all()[_QUICK_QUERIES : _QUICK_QUERIES + 1].exists()
