"""All that is ever done to an export."""

from django.db import transaction

from webapp.batches.models import Batch
from webapp.core.errors import Refused
from webapp.datasets.models import Export
from webapp.jobs import kinds
from webapp.jobs.services import job_enqueue

_QUICK_QUERIES = 1000


@transaction.atomic
def export_request(*, batch: Batch, owner, format: str, with_images: bool = False) -> Export:
    """Ask a worker to write the batch's labels into a file.

    Raises:
        Refused: there is no such format.
    """
    if format not in Export.Format.values:
        known = ", ".join(Export.Format.values)
        raise Refused(f"{format!r} is no format", hint=f"say one of {known}", code="bad_format")
    export = Export.objects.create(batch=batch, owner=owner, format=format, with_images=with_images)
    job_enqueue(
        kind=kinds.EXPORT_WRITE,
        payload={"export": str(export.pk)},
        queue="interactive" if _is_quick(batch) else "batch",
        subject=f"export:{export.pk}",
    )
    return export


def export_finish(*, export: Export, size: int, sha256: str) -> None:
    """The file lies whole in its place. Harmless when done twice."""
    Export.objects.filter(pk=export.pk).update(
        state=Export.State.READY, size=size, sha256=sha256, error="", hint=""
    )


def export_fail(*, export: Export, error: str, hint: str = "") -> None:
    """The file could not be written. One that is ready stays ready."""
    Export.objects.filter(pk=export.pk, state=Export.State.WAITING).update(
        state=Export.State.FAILED, error=error, hint=hint
    )


def _is_quick(batch: Batch) -> bool:
    """Whether the file is written in a second or two, so that it need not wait behind big batches."""
    return not batch.queries.all()[_QUICK_QUERIES : _QUICK_QUERIES + 1].exists()
