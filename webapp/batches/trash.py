"""Deleted batches: thirty days in the trash, where curators restore them, and then gone with their files."""

import shutil
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from webapp.batches.finished import batch_forget
from webapp.batches.models import Batch, BatchArchive, FreedBlob, MaybePage, Query
from webapp.batches.selectors import may_delete
from webapp.batches.services import archive_enqueue, batch_enqueue
from webapp.core.errors import Conflict, Forbidden
from webapp.core.files.blobs import blob_path, blobs_named
from webapp.core.permissions import require_curator

KEPT = timedelta(days=30)
_AT_ONCE = 500
_YOUNG = 3600
"""Seconds for which a stored file is left alone: the row of an upload may be on its way."""


@transaction.atomic
def batch_delete(*, batch: Batch, by, with_answers: bool = False) -> None:
    """Put a batch into the trash, with its queries, answers and exports. Nothing shows or uses them there.

    by: whoever deletes it: a curator, or its owner.
    with_answers: whether answers already given may go too.

    Raises:
        Forbidden: others have answered, and ``by`` is no curator.
        Conflict: somebody has answered, and ``with_answers`` is not set.
    """
    Batch.objects.select_for_update().get(pk=batch.pk)
    if not may_delete(batch, by):
        raise Forbidden(
            "others have answered pictures of this batch",
            hint="ask a curator to delete it",
            code="answered_by_others",
        )
    queries = Query.objects.filter(batch=batch)
    if not with_answers and queries.filter(decisions__isnull=False).exists():
        raise Conflict(
            f"{batch.name} has answers, which would be lost",
            hint="export them first, then say that the answers may go too",
            code="has_answers",
            retryable=False,
        )
    Batch.objects.filter(pk=batch.pk).update(deleted=timezone.now(), deleted_by=by)
    queries.update(in_trash=True)
    batch_forget(batch=batch)


def trashed_batches() -> QuerySet[Batch]:
    """What is in the trash, the last deleted first."""
    rows = Batch.everything.filter(deleted__isnull=False).order_by("-deleted", "-pk")
    return rows.select_related("owner", "deleted_by")


@transaction.atomic
def batch_restore(*, batch: Batch, curator) -> Batch:
    """Take a batch out of the trash, as it was. What still waited goes on.

    Whoever calls has its answers counted anew: what follows from them is above this room.

    Raises:
        PermissionDenied: not a curator.
        Conflict: it is not in the trash any more.
    """
    require_curator(curator)
    restored = _locked(batch)
    restored.deleted = restored.deleted_by = None
    restored.save(update_fields=["deleted", "deleted_by"])
    queries = Query.everything.filter(batch=restored)
    taken_away = Q(box__deleted__isnull=False) | Q(box__not_character=True)
    queries.exclude(pk__in=queries.filter(taken_away).values("pk")).update(in_trash=False)
    # Their jobs may have passed them by.
    queries.filter(state=Query.State.WAITING, in_trash=False).update(queued=False)
    batch_enqueue(batch=restored)
    for archive in BatchArchive.objects.filter(batch=restored, state=BatchArchive.State.WAITING):
        archive_enqueue(archive=archive)
    return restored


@transaction.atomic
def batch_purge(*, batch: Batch, curator=None) -> None:
    """Delete a batch for good, with all answers. Its stored files are let go, see ``blobs_free``.

    curator: whoever says so before its time; None where its time is up.

    Raises:
        PermissionDenied: not a curator.
        Conflict: it is not in the trash any more.
    """
    if curator is not None:
        require_curator(curator)
    gone = _locked(batch)
    queries = Query.everything.filter(batch=gone)
    digests = set(queries.values_list("sha256", flat=True))
    digests |= set(BatchArchive.objects.filter(batch=gone).values_list("sha256", flat=True))
    digests |= set(MaybePage.objects.filter(batch=gone).values_list("sha256", flat=True))
    pages = Batch.everything.filter(pk=gone.pk, document__pages__isnull=False)
    digests |= set(pages.values_list("document__pages__sha256", flat=True))
    left = [_folder("derived") / "queries" / str(pk) for pk in queries.values_list("pk", flat=True)]
    exports = gone.exports.values_list("pk", flat=True)
    left += [path for pk in exports for path in _folder("exports").glob(f"{pk}.*")]
    FreedBlob.objects.bulk_create((FreedBlob(digest=digest) for digest in digests), ignore_conflicts=True)
    gone.delete()
    transaction.on_commit(lambda: _clear_away(left))


def batches_purge_due() -> int:
    """Delete for good what has been in the trash for thirty days. Returns how many batches."""
    due = list(trashed_batches().filter(deleted__lt=timezone.now() - KEPT))
    for batch in due:
        with suppress(Conflict):  # it was restored a moment ago
            batch_purge(batch=batch)
    return len(due)


def blobs_free(*, kept: Callable[[], Collection[str]]) -> int:
    """Remove stored files of purged batches that nothing else uses. Returns how many.

    kept: gives digests that are used though no row names them, such as those of snapshots; asked only where
        there is something to remove.
    """
    freed, digests = 0, list(FreedBlob.objects.values_list("digest", flat=True))
    others = set(kept()) if digests else set()
    for some in _slices(digests):
        used = blobs_named(some) | (set(some) & others)
        done = [digest for digest in some if digest in used or _is_old(blob_path(digest))]
        for digest in done:
            if digest not in used:
                blob_path(digest).unlink(missing_ok=True)
                freed += 1
        FreedBlob.objects.filter(digest__in=done).delete()
    return freed


def _locked(batch: Batch) -> Batch:
    found = Batch.everything.select_for_update().filter(pk=batch.pk, deleted__isnull=False).first()
    if found is None:
        raise Conflict(
            "the batch is not in the trash any more", hint="reload the page", code="gone", retryable=False
        )
    return found


def _slices(digests: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(digests), _AT_ONCE):
        yield digests[start : start + _AT_ONCE]


def _is_old(path: Path) -> bool:
    """Whether a file is not of an upload that is being taken in just now; a missing one is."""
    try:
        return timezone.now().timestamp() - path.stat().st_mtime > _YOUNG
    except FileNotFoundError:
        return True


def _folder(name: str) -> Path:
    return settings.ENV.data / name


def _clear_away(paths: Iterable[Path]) -> None:
    """Files that can be made again, or belong to nothing any more: what cannot be removed does no harm."""
    for path in paths:
        with suppress(OSError):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
