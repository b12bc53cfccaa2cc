"""Many answers at once: the same checks as for one, in as few database queries for 500 as for five."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction

from webapp.batches.finished import batches_check_answered
from webapp.batches.models import Batch, Query
from webapp.batches.selectors import may_answer
from webapp.core.errors import Forbidden
from webapp.review.bulk.checks import BulkMatch, reasons_left
from webapp.review.consensus.standings import queries_recount
from webapp.review.models import Decision, Lease
from webapp.search.models import Suggestion

MOST_AT_ONCE = 500
"""Queries of one call: a transaction that stays short, and few enough for every database's list of ids."""


@dataclass(frozen=True)
class BulkResult:
    """What became of many queries. written: the decision by the query. left: why one was left, by the query.

    The reasons: "gone", "not_ready", "changed", "item_gone", "settled", "held" (leased by somebody else),
    "answered" (needs no more answers, or has this person's), "blind" (to be answered unseen, one by one),
    "later" (somebody answered since).
    """

    written: dict[int, int] = field(default_factory=dict)
    left: dict[int, str] = field(default_factory=dict)


@transaction.atomic
def decisions_record_bulk(*, annotator, matches: Sequence[BulkMatch], key: uuid.UUID) -> BulkResult:
    """Write a match for each of ``matches``, but for those that changed, or that others have or answered.

    key: of this action; sent again, it writes nothing twice.

    Raises:
        Forbidden: their batch is assigned to others.
    """
    wanted = {match.query: match for match in matches}
    queries = _locked(wanted)
    _check_assigned(annotator, queries)
    keys = {client_key(key, pk): pk for pk in wanted}
    sent = Decision.objects.filter(annotator=annotator, client_key__in=keys)
    earlier = {keys[found]: pk for pk, found in sent.values_list("pk", "client_key") if found is not None}
    firsts = {row.query_id: row for row in Suggestion.objects.filter(query__in=queries, rank=1)}
    new = [match for pk, match in wanted.items() if pk not in earlier]
    left = reasons_left(annotator, new, queries, firsts)
    made = Decision.objects.bulk_create(
        Decision(
            query=queries[match.query],
            annotator=annotator,
            verdict=Decision.Verdict.MATCH,
            item_id=match.item,
            relation=match.relation,
            release_id=firsts[match.query].release_id,
            fit=_fit(firsts[match.query], match),
            client_key=client_key(key, match.query),
        )
        for match in new
        if match.query not in left
    )
    Lease.objects.filter(holder=annotator, query__in=[decision.query_id for decision in made]).delete()
    _recount([decision.query for decision in made])
    return BulkResult(earlier | {decision.query_id: decision.pk for decision in made}, left)


@transaction.atomic
def decisions_withdraw_bulk(*, annotator, decisions: Iterable[int], key: uuid.UUID) -> BulkResult:
    """Take back those of ``annotator``'s decisions after which nobody decided anything on their query.

    written: the withdrawals by the query. left: "later" or "settled".
    """
    mine = {row.query_id: row for row in Decision.objects.filter(annotator=annotator, pk__in=list(decisions))}
    queries = _locked(mine)
    newest = dict(_newest(queries))
    left = {}
    for pk, decision in mine.items():
        if pk in queries and queries[pk].settled:
            left[pk] = "settled"
        elif newest.get(pk) != decision.pk:
            left[pk] = "later"
    made = Decision.objects.bulk_create(
        Decision(
            query=queries[pk],
            annotator=annotator,
            verdict=Decision.Verdict.WITHDRAWN,
            release_id=decision.release_id,
            client_key=client_key(key, pk),
        )
        for pk, decision in mine.items()
        if pk not in left
    )
    _recount([decision.query for decision in made])
    return BulkResult({decision.query_id: decision.pk for decision in made}, left)


def _fit(first: Suggestion, match: BulkMatch) -> dict | None:
    """Where the search laid the item; nowhere, where another one stands first."""
    return first.fit if first.item_id == match.item else None


def client_key(key: uuid.UUID, query: int) -> uuid.UUID:
    """The key of one query's decision in the action ``key``."""
    return uuid.uuid5(key, str(query))


def _locked(pks: Iterable[int]) -> dict[int, Query]:
    """Always in one order, so that two of them wait for each other and not in a circle."""
    rows = Query.objects.select_for_update().filter(pk__in=list(pks)).order_by("pk")
    queries = list(rows.defer("vector"))
    batches = Batch.objects.in_bulk({query.batch_id for query in queries})
    for query in queries:
        query.batch = batches[query.batch_id]
    return {query.pk: query for query in queries}


def _check_assigned(annotator, queries: dict[int, Query]) -> None:
    for batch in {query.batch for query in queries.values()}:
        if not may_answer(batch, annotator):
            hint = "ask its owner to assign it to you"
            raise Forbidden("this batch is assigned to others", hint=hint, code="not_assigned")


def _newest(queries: dict[int, Query]) -> Iterable[tuple[int, int]]:
    rows = Decision.objects.filter(query__in=queries).order_by("pk")
    return rows.values_list("query", "pk")  # the last of each stays in a dictionary


def _recount(queries: list[Query]) -> None:
    queries_recount(queries=queries)
    batches_check_answered(batches=[query.batch_id for query in queries])
