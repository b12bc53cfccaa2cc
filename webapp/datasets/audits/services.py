"""All that is ever done to an audit of labels."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from webapp.batches.models import Batch, Query
from webapp.core.errors import Conflict
from webapp.datasets.audits.labels import DoubtfulLabel
from webapp.datasets.models import Audit, AuditRow, Snapshot
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.review.consensus.labels import query_labels
from webapp.review.consensus.rule import ANSWERS
from webapp.review.models import Decision, Ruling

LABELS_AUDIT = JobKind("labels.audit", queue="batch")  # {"audit": pk of Audit}
_AT_ONCE = 500
_MOST_ROWS = 20_000
_ANSWERS = (*ANSWERS, Decision.Verdict.WITHDRAWN)


@transaction.atomic
def audit_request(*, user, batch: Batch | None = None, snapshot: Snapshot | None = None) -> Audit:
    """Ask a worker to weigh the labels of a batch or of a snapshot; the one that is waiting, where one is.

    Raises:
        Conflict: the snapshot is not frozen.
    """
    if snapshot and snapshot.state != Snapshot.State.READY:
        raise Conflict(f"{snapshot} is not ready yet", hint="wait a moment", code="not_ready")
    waiting = Audit.objects.filter(batch=batch, snapshot=snapshot, state=Audit.State.WAITING).first()
    if waiting:
        return waiting
    made = Audit.objects.create(batch=batch, snapshot=snapshot, created_by=user)
    job_enqueue(
        kind=LABELS_AUDIT,
        payload={"audit": made.pk},
        subject=f"audit:{made.pk}",
        owner=made.created_by_id,
    )
    return made


def newest_answers() -> dict[str, int]:
    """The newest decision and ruling, as an audit keeps them."""
    decision = Decision.objects.aggregate(newest=Max("pk"))["newest"]
    ruling = Ruling.objects.aggregate(newest=Max("pk"))["newest"]
    return {"heard": decision or 0, "ruled": ruling or 0}


@transaction.atomic
def audit_finish(
    *, audit: Audit, model, rows: Iterable[DoubtfulLabel], labels: int, left_out: int, wrong: int, began: dict
) -> None:
    """Keep what is doubted, the most doubtful first. began: ``newest_answers`` of before it was read."""
    ordered = sorted(rows, key=lambda row: (-row.doubt, row.label.query))[:_MOST_ROWS]
    AuditRow.objects.filter(audit=audit).delete()
    AuditRow.objects.bulk_create(
        (
            AuditRow(
                audit=audit,
                query_id=row.label.query,
                decision_id=row.label.decision,
                rank=rank,
                kind=row.kind,
                doubt=row.doubt,
                suggested_id=row.suggested,
                character=row.character,
                other_id=row.other,
            )
            for rank, row in enumerate(ordered, 1)
        ),
        batch_size=_AT_ONCE,
    )
    Audit.objects.filter(pk=audit.pk).update(
        state=Audit.State.READY,
        model=model,
        labels=labels,
        left_out=left_out,
        wrong=wrong,
        made=timezone.now(),
        **Audit.NO_ERROR,
        **began,
    )
    if audit.snapshot_id:
        # What was changed between the freezing and now was looked at, too.
        _judge(list(audit.rows.select_related("decision")), untouched=AuditRow.State.OPEN)


def audit_fail(*, pk: int, code: str, error: str, hint: str = "") -> None:
    """The labels could not be weighed. An audit that is ready stays ready."""
    waiting = Audit.objects.filter(pk=pk, state=Audit.State.WAITING)
    waiting.update(state=Audit.State.FAILED, error_code=code[:40], error=error, hint=hint)


def audit_follow(*, audit: Audit) -> None:
    """Bring its rows' states up to the answers since; costs as many rows as were answered."""
    answered = Decision.objects.filter(
        query=OuterRef("query"), pk__gt=audit.heard, gold=False, verdict__in=_ANSWERS
    )
    ruled = Ruling.objects.filter(query=OuterRef("query"), pk__gt=audit.ruled)
    moved = audit.rows.filter(Exists(answered) | Exists(ruled)).select_related("decision")
    _judge(list(moved), untouched=AuditRow.State.KEPT)


def _judge(rows: list[AuditRow], *, untouched: str) -> None:
    """Set each row's state by its label as it is now. untouched: the state of one that says the same."""
    for start in range(0, len(rows), _AT_ONCE):
        some = rows[start : start + _AT_ONCE]
        queries = Query.objects.filter(pk__in=[row.query_id for row in some]).defer("vector")
        labels = query_labels(queries)
        turned: dict[str, list[int]] = {}
        for row in some:
            now = labels.get(row.query_id)
            same = now is not None and _same(now, row.decision)
            state = untouched if same else AuditRow.State.CHANGED
            if state != row.state:
                turned.setdefault(state, []).append(row.pk)
        for state, pks in turned.items():
            AuditRow.objects.filter(pk__in=pks).update(state=state)


def _same(one: Decision, other: Decision) -> bool:
    return (one.verdict, one.item_id) == (other.verdict, other.item_id)
