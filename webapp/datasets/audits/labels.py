"""The labels that an audit weighs, and those of them that it doubts."""

from collections.abc import Iterator
from dataclasses import dataclass

from webapp.batches.models import Batch, Query
from webapp.datasets.models import Audit, Snapshot
from webapp.datasets.snapshots.entries import matches_in_order
from webapp.datasets.snapshots.files import read_entries
from webapp.gallery.models import Item
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision

_AT_ONCE = 500
_LABELS = (Decision.Verdict.MATCH, Decision.Verdict.NONE)


@dataclass(frozen=True)
class AuditLabel:
    """A label to be weighed. decision: its id. items: ids of the blocks it names; none for "none"."""

    query: int
    sha256: str
    decision: int
    items: tuple[int, ...]
    relation: str


@dataclass(frozen=True)
class DoubtfulLabel:
    """A label that is doubted, in the words of ``AuditRow``."""

    label: AuditLabel
    kind: str
    doubt: float
    suggested: int | None = None
    character: str = ""
    other: int | None = None


def labels_to_audit(audit: Audit) -> Iterator[AuditLabel]:
    """The labels that the audit is of, each as long as its picture and its decision are there."""
    source = audit.source
    return _of_snapshot(source) if isinstance(source, Snapshot) else _of_batch(source)


def _of_batch(batch: Batch) -> Iterator[AuditLabel]:
    last = 0
    ready = Query.objects.filter(batch=batch, answered=True, state=Query.State.READY).defer("vector")
    while some := list(ready.filter(pk__gt=last).order_by("pk")[:_AT_ONCE]):
        last = some[-1].pk
        labels = query_labels(some)
        for query in some:
            label = labels.get(query.pk)
            if label is not None and label.verdict in _LABELS:
                items = [label.item_id, *(one.item_id for one in label.also.all())] if label.item_id else []
                yield AuditLabel(query.pk, query.sha256, label.pk, tuple(items), label.relation)


def _of_snapshot(snapshot: Snapshot) -> Iterator[AuditLabel]:
    """Raises BadSnapshot where its files are not what was frozen."""
    items = dict(Item.objects.values_list("sha256", "pk"))
    queries = set(Query.objects.filter(state=Query.State.READY).values_list("pk", flat=True))
    decisions = set(Decision.objects.filter(verdict__in=_LABELS).values_list("pk", flat=True))
    for label, origin in read_entries(snapshot.number, snapshot.digest, snapshot.origins):
        if origin["query_id"] in queries and origin["label"] in decisions:
            matches = matches_in_order(label, origin)
            named = tuple(items[match.item] for match in matches if match.item in items)
            relation = matches[0].relation if matches else ""
            if named or not label.matches:
                yield AuditLabel(origin["query_id"], label.query, origin["label"], named, relation)
