"""All that is ever done to a batch."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.archives.archive import open_archive
from common.archives.errors import BadArchive
from common.archives.refusals import Limits
from common.errors import MocbanError
from webapp.batches import intake
from webapp.batches.finished import batches_check_answered, batches_check_ready
from webapp.batches.models import Batch, BatchArchive, BatchLeftOut, MaybePage, Query
from webapp.core.errors import Refused, StoreTrouble
from webapp.core.files.blobs import blob_existing
from webapp.core.files.uploads import ByteStream
from webapp.jobs.kinds import JobKind, Queue
from webapp.jobs.services import job_enqueue

BATCH_UNPACK = JobKind("batch.unpack", queue="batch")  # {"archive": pk of BatchArchive}
PAGES_UNPACK = JobKind("pages.unpack", queue="batch")  # the same, of one whose images are pages
QUERIES_MATCH = JobKind("queries.match", queue="batch")  # {"queries": [pk]}
QUERIES_A_JOB = 32
INTERACTIVE_FILES = 24
"""Up to so many pictures are somebody waiting before the screen: they go before the big batches."""
_INTERACTIVE_ZIP_BYTES = 4 * 1024 * 1024
# Folders and what computers add of their own are entries too; pictures of one colour unpack to a lot.
_INTERACTIVE_LIMITS = Limits(entries=4 * INTERACTIVE_FILES, total_bytes=64 * 1024 * 1024)
_NAME_LENGTH = 200


def batch_create(
    *, owner, name: str = "", shared: bool = False, pictures_as: str = Batch.PicturesAs.CHARACTERS
) -> Batch:
    """Begin a batch; files are added to it until ``batch_close``.

    name: up to 200 characters; by default the day and time. pictures_as: what becomes of pictures that look
    like whole pages, "characters", "pages", or "ask".

    Raises:
        Refused: the name is too long.
    """
    name = _checked_name(name) or f"Batch of {timezone.localtime():%Y-%m-%d %H:%M}"
    return Batch.objects.create(owner=owner, name=name, shared=shared, open=True, pictures_as=pictures_as)


def batch_add_file(
    *, batch: Batch, name: str, stream: ByteStream
) -> Query | MaybePage | BatchArchive | BatchLeftOut:
    """Take one file in: a picture becomes a query, a zip waits to be unpacked, the rest is left out.

    Where the batch asks, a picture that looks like a page waits for ``maybe_pages_answer``.

    What it is, its content says. A file that claims to be a picture and is none becomes a refused query;
    what is litter, a duplicate or no picture at all is left out. Nothing is raised for a bad file.
    Pictures wait until ``batch_enqueue`` or ``batch_close``, zips are enqueued at once.

    name: path and file name as the person has it. stream: needs ``read(size)`` alone.
    """
    found = intake.take(batch=batch, name=name, stream=stream)
    if isinstance(found, BatchArchive):
        archive_enqueue(archive=found)
    return found


def archive_enqueue(*, archive: BatchArchive) -> None:
    """Have a zip, or another file of several images, unpacked."""
    job_enqueue(
        kind=PAGES_UNPACK if archive.pages else BATCH_UNPACK,
        payload={"archive": archive.pk},
        queue="interactive" if _is_soon_unpacked(archive) else "batch",
        subject=f"batch:{archive.batch_id}",
        owner=archive.batch.owner_id,
    )


def batch_add_files(
    *, batch: Batch, files: Iterable[tuple[str, ByteStream]]
) -> list[Query | MaybePage | BatchArchive | BatchLeftOut]:
    """``batch_add_file`` for the files of one request, each with its name; one row for each file.

    A file sent again in another request, because the answer was lost, becomes what it was. Twice in one
    request it is a duplicate, and is said to be one.
    """
    found: list[Query | MaybePage | BatchArchive | BatchLeftOut] = []
    for name, stream in files:
        row = batch_add_file(batch=batch, name=name, stream=stream)
        if isinstance(row, Query) and row in found:
            row = intake.leave_out_duplicate(batch, name, row)
        found.append(row)
    return found


def _is_soon_unpacked(archive: BatchArchive) -> bool:
    """Whether a zip is unpacked before anybody waits behind it; a small one may hold thousands of files."""
    try:
        path = blob_existing(archive.sha256, name=archive.name)
    except StoreTrouble:
        return False  # a batch out of the trash, say: its job waits until the file is there, and says so
    if path.stat().st_size > _INTERACTIVE_ZIP_BYTES:
        return False
    try:
        with open_archive(path, name=archive.name, limits=_INTERACTIVE_LIMITS) as opened:
            return sum(not member.refusal for member in opened.members) <= INTERACTIVE_FILES
    except BadArchive as error:
        return error.code not in {"too_many_entries", "zip_too_large"}  # any other is refused at once


def batch_enqueue(*, batch: Batch) -> int:
    """Write jobs for the pictures that have none yet. Returns for how many."""
    if batch.pictures_as == Batch.PicturesAs.PAGES and batch.maybe_pages.filter(answer="").exists():
        maybe_pages_answer(batch=batch, pages=True)
    with transaction.atomic():
        Batch.objects.select_for_update().filter(pk=batch.pk).first()  # one at a time for a batch
        waiting = list(
            Query.objects.filter(batch=batch, queued=False, state=Query.State.WAITING)
            .order_by("pk")
            .values_list("pk", flat=True)
        )
        queue: Queue = "interactive" if len(waiting) <= INTERACTIVE_FILES else "batch"
        for start in range(0, len(waiting), QUERIES_A_JOB):
            _enqueue(batch, waiting[start : start + QUERIES_A_JOB], queue)
        batches_check_ready(batches=[batch.pk])
    return len(waiting)


@transaction.atomic
def maybe_pages_answer(*, batch: Batch, pages: bool) -> int:
    """Say what all pictures are that look like whole pages. Returns how many there were.

    pages: they become pages of the batch's document, which a worker takes in; otherwise they are characters.
    """
    rows = MaybePage.objects.select_for_update().filter(batch=batch, answer="").order_by("pk")
    pictures = list(rows)
    rows.update(answer=Batch.PicturesAs.PAGES if pages else Batch.PicturesAs.CHARACTERS)
    for one in pictures:
        if pages:
            archive_enqueue(
                archive=BatchArchive.objects.create(batch=batch, pages=True, name=one.name, sha256=one.sha256)
            )
        else:
            made = {"name": one.name, "archive_id": one.archive_id, "entry": one.entry}
            Query.everything.get_or_create(batch=batch, sha256=one.sha256, defaults=made)
    batch_enqueue(batch=batch)
    return len(pictures)


def batch_close(*, batch: Batch) -> None:
    """No more files come from the person's side: match what is there. Harmless when done twice."""
    Batch.objects.filter(pk=batch.pk).update(open=False)
    batch.open = False
    batch_enqueue(batch=batch)


def batch_rename(*, batch: Batch, name: str) -> Batch:
    """Give the batch another name.

    Raises:
        Refused: the name is empty or too long.
    """
    checked = _checked_name(name)
    if not checked:
        raise Refused("a batch needs a name", hint="write one", code="bad_name")
    batch.name = checked
    batch.save(update_fields=["name"])
    return batch


def batch_share(*, batch: Batch, shared: bool) -> Batch:
    """Show the batch to everybody of the project, or to its owner alone again."""
    batch.shared = shared
    batch.save(update_fields=["shared"])
    return batch


@transaction.atomic
def archive_finish(*, archive: BatchArchive) -> None:
    """All entries are in: enqueue the pictures among them. Harmless when done twice."""
    BatchArchive.objects.filter(pk=archive.pk, state=BatchArchive.State.WAITING).update(
        state=BatchArchive.State.READY
    )
    batch_enqueue(batch=archive.batch)


@transaction.atomic
def archive_refuse(*, archive: BatchArchive, code: str, error: str, hint: str = "") -> None:
    """A zip that cannot be unpacked further; what was taken in stays. Harmless when done twice."""
    refused = BatchArchive.objects.filter(pk=archive.pk, state=BatchArchive.State.WAITING).update(
        state=BatchArchive.State.REJECTED, error_code=code[:40], error=error, hint=hint
    )
    if refused:
        BatchLeftOut.objects.create(
            batch=archive.batch, name=archive.name, code=code[:40], reason=intake.reason_of(error, hint)
        )
        batch_enqueue(batch=archive.batch)


@transaction.atomic
def queries_refuse(*, queries: Iterable[int], error: MocbanError) -> int:
    """Refuse pictures that still wait, all for one reason. Returns how many did."""
    waiting = Query.objects.filter(pk__in=queries, state=Query.State.WAITING)
    batches = list(waiting.values_list("batch", flat=True))
    refused = waiting.update(
        state=Query.State.REJECTED, error_code=error.code[:40], error=str(error), hint=error.hint
    )
    batches_check_ready(batches=batches)
    return refused


@transaction.atomic
def queries_retry(*, queries: QuerySet[Query]) -> int:
    """Have those of the pictures that were refused matched again. Returns how many there were."""
    refused = queries.filter(state=Query.State.REJECTED)
    batches = set(refused.values_list("batch", flat=True))
    retried = refused.update(state=Query.State.WAITING, queued=False, error_code="", error="", hint="")
    for batch in Batch.objects.filter(pk__in=batches):
        batch_enqueue(batch=batch)
    return retried


def batches_enqueue_forgotten(*, older_than_seconds: float = 60.0) -> int:
    """Write jobs for pictures whose upload ended between their rows and their job.

    Returns for how many.
    """
    before = timezone.now() - timedelta(seconds=older_than_seconds)
    forgotten = Query.objects.filter(queued=False, state=Query.State.WAITING, created__lt=before)
    batches = Batch.objects.filter(pk__in=forgotten.values("batch"))
    return sum(batch_enqueue(batch=batch) for batch in batches)


def query_set_standing(*, query: Query, **standing) -> None:
    """Keep what follows from the answers in step; ``review`` alone calls this, last in its own transaction.

    query: as it was, locked. standing: its fields answered, answers, agreement, disputed, settled, wanting.
    """
    changes = query.wanting != standing.get("wanting", query.wanting)
    Query.objects.filter(pk=query.pk).update(**standing)
    for name, value in standing.items():
        setattr(query, name, value)
    if changes:
        batches_check_answered(batches=[query.batch_id])


def _enqueue(batch: Batch, queries: list[int], queue: Queue) -> None:
    Query.objects.filter(pk__in=queries).update(queued=True)
    job_enqueue(
        kind=QUERIES_MATCH,
        payload={"queries": queries},
        queue=queue,
        subject=f"batch:{batch.pk}",
        owner=batch.owner_id,
        total=len(queries),
    )


def _checked_name(name: str) -> str:
    name = name.replace("\0", "").strip()
    if len(name) > _NAME_LENGTH:
        raise Refused(
            f"the name has {len(name)} characters; {_NAME_LENGTH} are the most",
            hint="choose a shorter one",
            code="bad_name",
        )
    return name
