"""A batch's way through: its queries in order, and a letter for each."""

from typing import Any

from django.db.models import QuerySet

from webapp.batches.models import Batch, Query
from webapp.review.consensus.rule import ANSWERS
from webapp.review.models import Decision


def deck_of(batch: Batch, user) -> dict[str, Any]:
    """The batch's way through: ids in order, and for each a letter.

    states: "a" of which ``user`` has nothing more to say, "s" put off by ``user``, "-" open.
    """
    own = own_words(batch, user)
    rows = list(ready_queries(batch).values_list("pk", "wanting", "reopened"))
    letters = (_letter(wanting, reopened, own.get(pk)) for pk, wanting, reopened in rows)
    return {"ids": [pk for pk, *_ in rows], "states": "".join(letters)}


def _letter(wanting: bool, reopened: int, own: tuple[int, str] | None) -> str:
    """own: the id and verdict of one's own last word."""
    pk, verdict = own or (0, "")
    if not wanting or (verdict in ANSWERS and pk > reopened):
        return "a"
    return "s" if verdict == Decision.Verdict.SKIP and pk > reopened else "-"


def own_words(batch: Batch, user) -> dict[int, tuple[int, str]]:
    """The id and verdict of what ``user`` last said of each of the batch's queries, by the query's id."""
    own = Decision.objects.filter(query__batch=batch, annotator=user, settles=False).order_by("pk")
    # The newest comes last, and stays.
    return {query: (pk, verdict) for query, pk, verdict in own.values_list("query", "pk", "verdict")}


def ready_queries(batch: Batch) -> QuerySet[Query]:
    """The batch's queries that can be answered, in the order in which they came."""
    return Query.objects.filter(batch=batch, state=Query.State.READY).order_by("pk")
