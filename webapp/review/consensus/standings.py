"""Keeping in step with the decisions what follows from them."""

from collections.abc import Iterable

from django.db import transaction

from webapp.batches.finished import batches_check_answered
from webapp.batches.models import Batch, Query
from webapp.batches.services import query_set_standing
from webapp.review.consensus.exemplars import exemplars_keep_up
from webapp.review.consensus.rule import Standing, standing_of
from webapp.review.models import Decision, Ruling

_AT_ONCE = 500


def query_recount(*, query: Query) -> Standing:
    """Add the query's decisions up anew, and write what follows; in the caller's transaction."""
    standing = standings([query])[query.pk]
    exemplars_keep_up({query.pk: standing})
    query_set_standing(query=query, **_columns(standing))
    return standing


@transaction.atomic
def batch_recount(*, batch: Batch) -> None:
    """Add up all decisions of a batch anew, after its rule has changed.

    An answer given meanwhile is added up by the new rule by whoever is later: both lock the query.
    """
    last, queries = 0, Query.objects.select_for_update().filter(batch=batch).defer("vector").order_by("pk")
    while some := list(queries.filter(pk__gt=last)[:_AT_ONCE]):
        last = some[-1].pk
        queries_recount(queries=some)
    batches_check_answered(batches=[batch.pk])


def queries_recount(*, queries: Iterable[Query]) -> None:
    """``query_recount`` for many, some hundreds at most: those that come to the same are written at once."""
    found = standings(queries)
    exemplars_keep_up(found)
    alike: dict[tuple, list[int]] = {}
    for pk, standing in found.items():
        alike.setdefault(tuple(_columns(standing).items()), []).append(pk)
    for columns, pks in alike.items():
        Query.objects.filter(pk__in=pks).update(**dict(columns))


def _columns(standing: Standing) -> dict:
    """What is kept of a standing in the query's row."""
    return {
        "answered": standing.label is not None,
        "answers": standing.answers,
        "agreement": standing.agreement,
        "disputed": standing.disputed,
        "settled": standing.settled,
        "wanting": standing.wanting,
    }


def standings(queries: Iterable[Query]) -> dict[int, Standing]:
    """What each query's decisions add up to, by its id: three database queries, however many there are."""
    decisions: dict[int, list[Decision]] = {query.pk: [] for query in queries}
    for decision in Decision.objects.filter(query__in=decisions).select_related("item", "annotator"):
        decisions[decision.query_id].append(decision)
    rulings = standing_rulings(decisions)
    rules = Query.objects.filter(pk__in=decisions).values_list("pk", "batch__wanted", "reopened")
    return {
        pk: standing_of(decisions[pk], wanted=wanted, reopened=reopened, ruling=rulings.get(pk))
        for pk, wanted, reopened in rules
    }


def standing_rulings(queries: Iterable[int]) -> dict[int, Ruling]:
    """The newest ruling on each query that has one, with its label, by the query's id."""
    rulings = Ruling.objects.filter(query__in=list(queries)).order_by("pk")
    return {
        ruling.query_id: ruling for ruling in rulings.select_related("decision__item", "decision__annotator")
    }
