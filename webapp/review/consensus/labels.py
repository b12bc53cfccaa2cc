"""The labels of queries, and people's last decisions, as they are read."""

from collections.abc import Iterable, Sequence

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from webapp.batches.models import Batch, Query
from webapp.review.consensus.rule import label_of
from webapp.review.consensus.standings import standings
from webapp.review.models import Decision, FurtherMatch, Ruling

_COLUMNS = ("query", "annotator", "verdict", "item", "blind", "gold", "settles")
_AT_ONCE = 2_000  # ids in one database query


def query_label(query: Query) -> Decision | None:
    """What the decisions on the query add up to; None where it is unanswered."""
    return query_labels([query]).get(query.pk)


def query_labels(queries: Iterable[Query]) -> dict[int, Decision]:
    """The labels of those queries that have one, by the query's id, with their further matches.

    Four database queries, however many queries.
    """
    found = standings(queries)
    labels = {query: standing.label for query, standing in found.items() if standing.label}
    also = Prefetch("also", queryset=FurtherMatch.objects.select_related("item"))
    prefetch_related_objects(list(labels.values()), also)
    return labels


def last_decisions() -> QuerySet[Decision]:
    """Decisions that no later one of the same annotator supersedes; reviewers' rulings are left out."""
    later = Decision.objects.filter(
        query=OuterRef("query"), annotator=OuterRef("annotator"), pk__gt=OuterRef("pk"), settles=False
    )
    return Decision.objects.filter(~Exists(later), settles=False)


def batch_labels(batch: Batch) -> dict[int, Decision]:
    """The labels of the batch's answered queries, by the query's id, in three database queries.

    As ``query_labels``, but for ten thousand of them: without their items and annotators.
    """
    return _labels(Q(batch=batch))


def labels_among(queries: Sequence[int]) -> dict[int, Decision]:
    """As ``batch_labels``, of these queries, whatever batches they are of."""
    labels: dict[int, Decision] = {}
    for start in range(0, len(queries), _AT_ONCE):
        labels |= _labels(Q(pk__in=queries[start : start + _AT_ONCE]))
    return labels


def _labels(which: Q) -> dict[int, Decision]:
    answered = Query.objects.filter(which, answered=True)
    decisions: dict[int, list[Decision]] = {}
    rows = Decision.objects.filter(query__in=answered.values("pk")).only(*_COLUMNS).order_by("pk")
    for decision in rows.iterator():
        decisions.setdefault(decision.query_id, []).append(decision)
    rulings = Ruling.objects.filter(query__in=answered.values("pk")).select_related("decision").order_by("pk")
    ruled = {ruling.query_id: ruling for ruling in rulings}
    labels = {
        pk: label_of(decisions.get(pk, ()), wanted=wanted, reopened=reopened, ruling=ruled.get(pk))
        for pk, reopened, wanted in answered.values_list("pk", "reopened", "batch__wanted")
    }
    return {pk: label for pk, label in labels.items() if label}
