"""All that is ever done to a file of labels that is brought in: read, applied, taken back."""

import uuid
from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from webapp.batches.models import Batch, Query
from webapp.core.errors import AppError, Conflict
from webapp.core.files.blobs import blob_put
from webapp.core.files.uploads import ByteStream
from webapp.datasets.imports.matching import Matched, same_label
from webapp.datasets.models import LabelImport, LabelImportRow
from webapp.gallery.models import Item
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.review.answer import Answer, Match
from webapp.review.answering.selectors import decision_for
from webapp.review.answering.services import decision_record
from webapp.review.bulk.services import decisions_withdraw_bulk
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision

LABELS_IMPORT = JobKind("labels.import", queue="batch")  # {"import": pk of LabelImport}
AT_ONCE = 25
"""Rows of one transaction: short enough for annotators not to wait."""

_MOST_BYTES = 512 << 20
_KEY = uuid.UUID("8b1f2f52-6b4e-4d0c-9a52-0d7b5d1f5a5e")
State, Standing = LabelImport.State, LabelImportRow.Standing


def import_add(*, user, stream: ByteStream, name: str, by_name_in: Batch | None = None) -> LabelImport:
    """Store a file of labels, and have a worker read it; nothing is answered by that.

    by_name_in: the batch in which pictures without a hash are known by their names.

    Raises:
        TooLarge: it has more than 512 MB.
        DiskFull: there is no room for it.
    """
    blob = blob_put(stream, name=name, max_bytes=_MOST_BYTES)
    with transaction.atomic():
        made = LabelImport.objects.create(
            name=name[:255], sha256=blob.sha256, created_by=user, by_name_in=by_name_in
        )
        _enqueue(made)
    return made


@transaction.atomic
def import_read(*, upload: LabelImport, format: str, rows: list[Matched]) -> None:
    """Keep what was read. What an earlier try kept is forgotten."""
    upload.rows.all().delete()
    made = (LabelImportRow(upload=upload, **row.columns()) for row in rows)
    LabelImportRow.objects.bulk_create(made, batch_size=500)
    LabelImport.objects.filter(pk=upload.pk, state=State.READING).update(
        state=State.READ, format=format, **LabelImport.NO_ERROR
    )


def import_fail(*, pk: int, code: str, error: str, hint: str = "") -> None:
    """The file could not be read; or the applying or taking back stopped, and can be gone on with."""
    problem = {"error_code": code[:40], "error": error, "hint": hint}
    LabelImport.objects.filter(pk=pk, state=State.READING).update(state=State.FAILED, **problem)
    LabelImport.objects.filter(pk=pk, state__in=[State.APPLYING, State.UNDOING]).update(**problem)


@transaction.atomic
def import_apply(*, upload: LabelImport, replace: bool = False) -> LabelImport:
    """Have the file's labels written as decisions of who brought it in.

    replace: also where the label here is another.

    Raises:
        Conflict: it was applied or taken back already, or is not read.
    """
    locked = LabelImport.objects.select_for_update().get(pk=upload.pk)
    if locked.state == State.READ:
        _save(locked, state=State.APPLYING, replace=replace, after=0)
    elif locked.state != State.APPLYING:
        raise _not_now(locked)
    _enqueue(locked)
    return locked


@transaction.atomic
def import_undo(*, upload: LabelImport) -> LabelImport:
    """Have all of it taken back, but what somebody changed since.

    Raises:
        Conflict: there is nothing to take back.
    """
    locked = LabelImport.objects.select_for_update().get(pk=upload.pk)
    if locked.state in (State.APPLIED, State.APPLYING):
        _save(locked, state=State.UNDOING, after=0)
    elif locked.state != State.UNDOING:
        raise _not_now(locked)
    _enqueue(locked)
    return locked


def import_apply_part(*, upload: LabelImport) -> bool:
    """Write the next rows, in the caller's transaction. Returns whether it is to be called again.

    Harmless when done twice: a row's decision has a key of its own.
    """
    upload = _locked(upload)
    if upload.state != State.APPLYING:
        return False
    wanted = [Standing.NEW, Standing.DIFFERENT] if upload.replace else [Standing.NEW]
    rows = upload.rows.filter(standing__in=wanted, pk__gt=upload.after).exclude(query=None).order_by("pk")
    some = list(rows.select_related("item", "query__batch").defer("query__vector")[:AT_ONCE])
    pairs = [(row, row.query) for row in some if row.query is not None]
    labels = query_labels([query for _, query in pairs])
    written = sum(_write(upload, row, query, labels.get(query.pk)) for row, query in pairs)
    done = len(some) < AT_ONCE
    _save(
        upload,
        after=some[-1].pk if some else upload.after,
        written=upload.written + written,
        left=upload.left + len(some) - written,
        **({"state": State.APPLIED, "finished": timezone.now(), **LabelImport.NO_ERROR} if done else {}),
    )
    return not done


def import_undo_part(*, upload: LabelImport) -> bool:
    """Take back the next rows' decisions, in the caller's transaction. Returns whether to call it again.

    What its annotator had said before is said again; what somebody changed since stays.
    """
    upload = _locked(upload)
    if upload.state != State.UNDOING:
        return False
    rows = upload.rows.exclude(decision=None).filter(pk__gt=upload.after).order_by("pk")
    some = list(rows.select_related("before__item", "query__batch").defer("query__vector")[:AT_ONCE])
    plain = [row.decision_id for row in some if row.before is None and row.decision_id is not None]
    key = uuid.uuid5(_KEY, f"undo {upload.pk}")
    result = decisions_withdraw_bulk(annotator=upload.created_by, decisions=plain, key=key)
    again = sum(_say_again(upload, row, row.before) for row in some if row.before is not None)
    withdrawn, done = len(result.written) + again, len(some) < AT_ONCE
    _save(
        upload,
        after=some[-1].pk if some else upload.after,
        withdrawn=upload.withdrawn + withdrawn,
        stay=upload.stay + len(some) - withdrawn,
        **({"state": State.UNDONE, "finished": timezone.now(), **LabelImport.NO_ERROR} if done else {}),
    )
    return not done


def _locked(upload: LabelImport) -> LabelImport:
    own = LabelImport.objects.select_for_update(of=("self",))  # not the person who brought it in
    return own.select_related("created_by").get(pk=upload.pk)


def _write(upload: LabelImport, row: LabelImportRow, query: Query, label: Decision | None) -> bool:
    """Whether the row became a decision. Why it did not stands in the row."""
    key = uuid.uuid5(_KEY, f"{upload.pk} {row.pk}")
    if label is not None and label.client_key != key:
        if same_label(row, label):
            return _leave(row, "the label here is the same by now")
        if not upload.replace:
            return _leave(row, "somebody has answered it since the file was read")
    before = decision_for(query, upload.created_by)
    try:
        answer = Answer(row.verdict, row.item, row.relation, row.reason, row.comment, _matches(row.also))
        made = decision_record(query=query, annotator=upload.created_by, client_key=key, answer=answer)
    except AppError as error:
        return _leave(row, str(error))
    row.decision, row.word = made, ""
    row.before = before if before is not None and before.pk != made.pk else None
    row.save(update_fields=["decision", "before", "word"])
    return True


def _leave(row: LabelImportRow, word: str) -> bool:
    row.word = word
    row.save(update_fields=["word"])
    return False


def _say_again(upload: LabelImport, row: LabelImportRow, before: Decision) -> bool:
    query = row.query
    newest = Decision.objects.filter(query=row.query_id).order_by("-pk").first()
    if query is None or query.settled or newest is None or newest.pk != row.decision_id:
        return False
    answer = replace(Answer.of(before), flag=False, shown=None)
    key = uuid.uuid5(_KEY, f"again {upload.pk} {row.pk}")
    try:
        decision_record(query=query, annotator=upload.created_by, client_key=key, answer=answer)
    except AppError as error:
        return _leave(row, str(error))
    return True


def _matches(also: list[tuple[int, str]]) -> tuple[Match, ...]:
    items = Item.objects.in_bulk([pk for pk, _ in also])
    return tuple(Match(items[pk], relation) for pk, relation in also if pk in items)


def _not_now(upload: LabelImport) -> Conflict:
    return Conflict(
        f"{upload.name} is {State(upload.state).label} now",
        hint="reload the page",
        code="import_not_now",
        retryable=False,
    )


def _enqueue(upload: LabelImport) -> None:
    job_enqueue(
        kind=LABELS_IMPORT,
        payload={"import": upload.pk},
        subject=f"label-import:{upload.pk}",
        owner=upload.created_by_id,
    )


def _save(upload: LabelImport, **values) -> None:
    for name, value in values.items():
        setattr(upload, name, value)
    upload.save(update_fields=list(values))
