"""Keeping in step with the decisions what follows from them."""

from collections.abc import Iterable

from django.db import transaction

from webapp.batches.models import Batch, Query
from webapp.batches.services import query_set_standing
from webapp.review.consensus import Standing, standing_of
from webapp.review.models import Decision, Ruling

_AT_ONCE = 500


def query_recount(*, query: Query) -> Standing:
    """Add the query's decisions up anew, and write what follows; in the caller's transaction."""
    standing = standings([query])[query.pk]
    query_set_standing(
        query=query,
        answered=standing.label is not None,
        answers=standing.answers,
        agreement=standing.agreement,
        disputed=standing.disputed,
        settled=standing.settled,
        wanting=standing.wanting,
    )
    return standing


def batch_recount(*, batch: Batch) -> None:
    """Add up all decisions of a batch anew, some at a time, after its rule has changed.

    An answer given meanwhile is added up by the new rule by whoever is later: both lock the query.
    """
    last = 0
    while True:
        with transaction.atomic():
            queries = Query.objects.select_for_update().defer("vector")
            some = list(queries.filter(batch=batch, pk__gt=last).order_by("pk")[:_AT_ONCE])
            for query in some:
                query_recount(query=query)
        if not some:
            return
        last = some[-1].pk


def standings(queries: Iterable[Query]) -> dict[int, Standing]:
    """What was said of each query, added up, by the query's id: three questions, however many queries."""
    queries = list(queries)
    told: dict[int, list[Decision]] = {query.pk: [] for query in queries}
    for decision in Decision.objects.filter(query__in=told).select_related("item", "annotator"):
        told[decision.query_id].append(decision)
    rulings = standing_rulings(queries)
    wanted = dict(
        Batch.objects.filter(pk__in={query.batch_id for query in queries}).values_list("pk", "wanted")
    )
    return {
        query.pk: standing_of(
            told[query.pk],
            wanted=wanted[query.batch_id],
            reopened=query.reopened,
            ruling=rulings.get(query.pk),
        )
        for query in queries
    }


def standing_rulings(queries: Iterable[Query]) -> dict[int, Ruling]:
    """The newest ruling on each query that has one, with its label, by the query's id."""
    rulings = Ruling.objects.filter(query__in=[query.pk for query in queries]).order_by("pk")
    return {
        ruling.query_id: ruling for ruling in rulings.select_related("decision__item", "decision__annotator")
    }
