"""All that is ever done to an audit of labels, and what may be read of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.utils import timezone

from webapp.batches.models import Batch, Query
from webapp.core.errors import Conflict
from webapp.datasets.models import Audit, AuditRow, Snapshot
from webapp.datasets.snapshot_files import read_entries
from webapp.gallery.models import Item
from webapp.jobs import kinds
from webapp.jobs.services import job_enqueue
from webapp.review.consensus import ANSWERS
from webapp.review.models import Decision, Ruling
from webapp.review.selectors import query_labels

FIRST = 100
"""So many of the list's first rows are counted by themselves: they tell whether it is worth going on."""

_AT_ONCE = 500
_MOST_ROWS = 20_000
_LABELS = (Decision.Verdict.MATCH, Decision.Verdict.NONE)
_WORDS = (*ANSWERS, Decision.Verdict.WITHDRAWN)


@dataclass(frozen=True)
class Told:
    """A label to be weighed. decision: its id. items: ids of the blocks it names; none for "none"."""

    query: int
    sha256: str
    decision: int
    items: tuple[int, ...]
    relation: str


@dataclass(frozen=True)
class Doubted:
    """A label that is doubted, in the words of ``AuditRow``."""

    told: Told
    kind: str
    doubt: float
    suggested: int | None = None
    character: str = ""
    other: int | None = None


@dataclass(frozen=True)
class AuditProgress:
    """How far people are with an audit's rows. first: looked at among the first ``FIRST``, and changed."""

    total: int
    kept: int
    changed: int
    first_seen: int
    first_changed: int

    @property
    def seen(self) -> int:
        return self.kept + self.changed


def audits_for(user) -> QuerySet[Audit]:
    """Audits that ``user`` may see, the newest first: all for a curator, none for others."""
    found = Audit.objects.all() if user.is_curator else Audit.objects.none()
    return found.select_related("batch", "snapshot", "created_by", "model").order_by("-pk")


@transaction.atomic
def audit_request(*, user, batch: Batch | None = None, snapshot: Snapshot | None = None) -> Audit:
    """Ask a worker to weigh the labels of a batch or of a snapshot; the one that is waiting, where one is.

    Raises:
        Conflict: the snapshot is not frozen.
    """
    if snapshot and snapshot.state != Snapshot.State.READY:
        raise Conflict(f"{snapshot} is not frozen yet", hint="wait a moment", code="not_ready")
    waiting = Audit.objects.filter(batch=batch, snapshot=snapshot, state=Audit.State.WAITING).first()
    if waiting:
        return waiting
    made = Audit.objects.create(batch=batch, snapshot=snapshot, created_by=user)
    job_enqueue(
        kind=kinds.LABELS_AUDIT, payload={"audit": made.pk}, queue="batch", subject=f"audit:{made.pk}"
    )
    return made


def labels_told(audit: Audit) -> Iterator[Told]:
    """The labels that the audit is of, each as long as its picture and its decision are there."""
    return _of_snapshot(audit.snapshot) if audit.snapshot else _of_batch(audit.batch)


def newest_words() -> dict[str, int]:
    """The newest decision and ruling, as an audit keeps them."""
    decision = Decision.objects.aggregate(newest=Max("pk"))["newest"]
    ruling = Ruling.objects.aggregate(newest=Max("pk"))["newest"]
    return {"heard": decision or 0, "ruled": ruling or 0}


@transaction.atomic
def audit_finish(
    *, audit: Audit, model, rows: Iterable[Doubted], labels: int, left_out: int, wrong: int, began: dict
) -> None:
    """Keep what is doubted, the most doubtful first. began: ``newest_words`` of before it was read."""
    ordered = sorted(rows, key=lambda row: (-row.doubt, row.told.query))[:_MOST_ROWS]
    AuditRow.objects.filter(audit=audit).delete()
    AuditRow.objects.bulk_create(
        (
            AuditRow(
                audit=audit,
                query_id=row.told.query,
                decision_id=row.told.decision,
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
        error="",
        hint="",
        **began,
    )
    if audit.snapshot_id:
        # What was changed between the freezing and now was looked at, too.
        _judge(list(audit.rows.select_related("decision")), untouched=AuditRow.State.OPEN)


def audit_fail(*, pk: int, error: str, hint: str = "") -> None:
    """The labels could not be weighed. An audit that is ready stays ready."""
    waiting = Audit.objects.filter(pk=pk, state=Audit.State.WAITING)
    waiting.update(state=Audit.State.FAILED, error=error, hint=hint)


def audit_follow(*, audit: Audit) -> None:
    """Bring its rows' states up to what was said since; costs what was said, not what there is."""
    said = Decision.objects.filter(
        query=OuterRef("query"), pk__gt=audit.heard, gold=False, verdict__in=_WORDS
    )
    ruled = Ruling.objects.filter(query=OuterRef("query"), pk__gt=audit.ruled)
    moved = audit.rows.filter(Exists(said) | Exists(ruled)).select_related("decision")
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


def audit_progress(audit: Audit) -> AuditProgress:
    """How far people are, in one question."""
    kept, changed = Q(state=AuditRow.State.KEPT), Q(state=AuditRow.State.CHANGED)
    first = Q(rank__lte=FIRST)
    return AuditProgress(
        **audit.rows.order_by().aggregate(
            total=Count("pk"),
            kept=Count("pk", filter=kept),
            changed=Count("pk", filter=changed),
            first_seen=Count("pk", filter=first & (kept | changed)),
            first_changed=Count("pk", filter=first & changed),
        )
    )


def rows_found(audit: Audit, *, kind: str = "", state: str = "") -> QuerySet[AuditRow]:
    """The audit's rows, the most doubtful first; of one kind or state where that is one."""
    rows = audit.rows.select_related("query", "suggested", "other", "decision__import_row__upload")
    rows = rows.select_related("decision__item", "decision__annotator")
    rows = rows.defer("query__vector", "other__vector")
    if kind in AuditRow.Kind.values:
        rows = rows.filter(kind=kind)
    if state in AuditRow.State.values:
        rows = rows.filter(state=state)
    return rows.order_by("rank")


def _of_batch(batch: Batch) -> Iterator[Told]:
    last = 0
    ready = Query.objects.filter(batch=batch, answered=True, state=Query.State.READY).defer("vector")
    while some := list(ready.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = some[-1].pk
        labels = query_labels(some)
        for query in some:
            label = labels.get(query.pk)
            if label is not None and label.verdict in _LABELS:
                items = [label.item_id, *(one.item_id for one in label.also.all())] if label.item_id else []
                yield Told(query.pk, query.sha256, label.pk, tuple(items), label.relation)


def _of_snapshot(snapshot: Snapshot) -> Iterator[Told]:
    """Raises BadSnapshot where its files are not what was frozen."""
    items = dict(Item.objects.values_list("sha256", "pk"))
    queries = set(Query.objects.filter(state=Query.State.READY).values_list("pk", flat=True))
    decisions = set(Decision.objects.filter(verdict__in=_LABELS).values_list("pk", flat=True))
    for label, origin in read_entries(snapshot.number, snapshot.digest, snapshot.origins):
        if origin["query_id"] in queries and origin["label"] in decisions:
            named = tuple(items[match.item] for match in label.matches if match.item in items)
            relation = label.matches[0].relation if label.matches else ""
            if named or not label.matches:
                yield Told(origin["query_id"], label.query, origin["label"], named, relation)
