"""Why a query is left out of many that are answered together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from webapp.batches.models import Query
from webapp.core.files.blobs import blob_path
from webapp.gallery.models import Item
from webapp.review.cards.blind import is_blind
from webapp.review.consensus.rule import ANSWERS
from webapp.review.models import Decision, Lease
from webapp.search.models import Suggestion


@dataclass(frozen=True)
class BulkMatch:
    """One query's match. seen: id of the first suggestion that was shown; another one now is a change.

    relation: as of ``Decision``; empty where nobody says.
    """

    query: int
    item: int
    seen: int
    relation: str = ""


def reasons_left(
    annotator,
    matches: Sequence[BulkMatch],
    queries: Mapping[int, Query],
    firsts: Mapping[int, Suggestion],
) -> dict[int, str]:
    """Why each of those matches that are not to be written is left, by the query's id.

    queries: by their ids, locked.
    firsts: the first suggestion of each, by the query's id.
    """
    pks = [match.query for match in matches]
    leased = set(_leased_by_others(annotator, pks))
    answered = _answered_by(annotator, queries)
    ready = Item.objects.filter(pk__in={match.item for match in matches}, state=Item.State.READY)
    items = set(ready.values_list("pk", flat=True))
    left = {}
    for match in matches:
        query, first = queries.get(match.query), firsts.get(match.query)
        checks = (
            ("gone", query is None or not blob_path(query.sha256).exists()),
            ("not_ready", query and query.state != Query.State.READY),
            ("settled", query and query.settled),
            ("answered", query and (not query.wanting or query.pk in answered)),
            ("held", match.query in leased),
            ("blind", query and is_blind(query.pk, annotator.pk, query.batch.blind_share)),
            ("changed", first is None or first.pk != match.seen),
            ("item_gone", match.item not in items),
        )
        if why := next((code for code, holds in checks if holds), ""):
            left[match.query] = why
    return left


def _leased_by_others(annotator, pks: list[int]):
    leases = Lease.objects.filter(query__in=pks, until__gt=timezone.now()).exclude(holder=annotator)
    return leases.values_list("query", flat=True)


def _answered_by(annotator, queries: Mapping[int, Query]) -> set[int]:
    """Those of which this person's last decision is an answer that counts."""
    own = Decision.objects.filter(annotator=annotator, query__in=queries).order_by("pk")
    last = {query: (pk, verdict) for query, pk, verdict in own.values_list("query", "pk", "verdict")}
    return {
        query for query, (pk, verdict) in last.items() if verdict in ANSWERS and pk > queries[query].reopened
    }
