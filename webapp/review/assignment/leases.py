"""The leases of cards: assigned, extended and released.

A lease is one row, written by conditional updates alone: whoever's update finds the row free has the card.
"""

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import cards_for
from webapp.core.errors import Refused
from webapp.review.assignment.order import Order, gold_for, open_for, unleased
from webapp.review.models import Lease

LEASE = timedelta(minutes=2)
MOST_CARDS = 20
MOST_LEASES = 200
_TRIES = 4


@dataclass(frozen=True)
class Assignment:
    """Cards that a person is given. ids: of the queries, in order. left: how many more wait for an answer of
    this person, leased by others or not; these and those they have are not counted. until: when the leases
    run out.
    """

    ids: list[int]
    left: int
    until: datetime


@dataclass(frozen=True)
class Extension:
    """Which leases go on. lost: cards that somebody else has, or that this person may not see, by now."""

    held: list[int]
    lost: list[int]


def cards_assign(
    *,
    batch: Batch,
    user,
    order: Order = Order.BATCH,
    count: int = 1,
    have: Sequence[int] = (),
    skipped: bool = False,
    after: int = 0,
) -> Assignment:
    """Give ``user`` the next cards of a batch to answer, for two minutes.

    Never one that somebody else has a lease of, nor one to which ``user`` has nothing more to say. Gold cards
    come in between, in the batch's share.

    count: 1 to 20.
    have: ids of cards that the person has already, at most 200.
    skipped: cards that the person put off may come again.
    after: in the batch's own order, begin behind this id and go on at the start.

    Raises:
        Refused: ``count`` or ``have`` is out of its range.
    """
    if not 1 <= count <= MOST_CARDS or len(have) > MOST_LEASES:
        raise Refused(f"{MOST_CARDS} cards are assigned at most", code="bad_json")
    waiting = open_for(batch, user, order, skipped=skipped)
    until = timezone.now() + LEASE
    assigned: list[int] = []
    for _ in range(_TRIES):  # others may be asking too, and be faster
        free = unleased(waiting, user).exclude(pk__in=[*have, *assigned])
        chosen = _chosen(free, count - len(assigned), after if order == Order.BATCH else 0)
        assigned += leases_take(queries=chosen, holder=user, until=until)
        if not chosen or len(assigned) == count:
            break
    left = waiting.exclude(pk__in=[*have, *assigned]).order_by().count()
    return Assignment(_with_gold(batch, user, assigned, have, until), left, until)


@transaction.atomic
def leases_take(*, queries: Iterable[int], holder, until: datetime) -> list[int]:
    """Lease those queries to ``holder`` that nobody else has. Returns them, in order.

    A row that is not there is inserted, one that is free is updated; both skip what somebody else is
    taking at the same moment. The queries are locked first, in the order of their ids, as whoever writes an
    answer locks his: so two never wait for each other.
    """
    wanted, now = list(queries), timezone.now()
    if not wanted:
        return []
    locked = Query.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    Lease.objects.bulk_create(
        [
            Lease(query_id=pk, holder=holder, until=until, given=now, seq=0)
            for pk in locked.values_list("pk", flat=True)
        ],
        ignore_conflicts=True,
    )
    free = Lease.objects.filter(Q(until__lte=now) | Q(holder=holder), query__in=wanted).order_by("query")
    taken = set(free.select_for_update(skip_locked=True).values_list("query", flat=True))
    again = Q(holder=holder, until__gt=now) & ~Q(seq=0)
    mine = Lease.objects.filter(query__in=taken)
    mine.exclude(again).update(holder=holder, until=until, given=now, seq=F("seq") + 1)
    mine.filter(again).update(until=until)
    return [pk for pk in wanted if pk in taken]


def leases_extend(*, queries: Iterable[int], holder) -> Extension:
    """Keep cards for two minutes more.

    A lease that ran out is taken again, where nobody else has the card.
    """
    ids = list(queries)
    seen = set(cards_for(holder).filter(pk__in=ids).values_list("pk", flat=True))
    wanted = [pk for pk in ids if pk in seen]
    held = leases_take(queries=wanted, holder=holder, until=timezone.now() + LEASE)
    return Extension(held, [pk for pk in ids if pk not in held])


def leases_release(*, queries: Iterable[int], holder) -> None:
    """Give cards back. What is not ``holder``'s is left alone."""
    now = timezone.now()
    Lease.objects.filter(query__in=list(queries), holder=holder, until__gt=now).update(until=now)


def lease_end(*, query: Query, holder) -> datetime | None:
    """The card is answered: nobody holds it. Returns when ``holder`` got it; None where they never did."""
    lease = Lease.objects.filter(query=query, holder=holder).first()
    if lease is None:
        return None
    Lease.objects.filter(query=query, holder=holder).update(until=timezone.now())
    return lease.given


def _chosen(free: QuerySet[Query], count: int, after: int) -> list[int]:
    """The first of them behind ``after``; where they are too few, from the start."""
    pks = free.values_list("pk", flat=True)
    if not after:
        return list(pks[:count])
    found = list(pks.filter(pk__gt=after)[:count])
    return found + list(pks.filter(pk__lte=after)[: count - len(found)])


def _with_gold(batch: Batch, user, assigned: list[int], have: Sequence[int], until: datetime) -> list[int]:
    """``assigned`` with gold cards in between: each place has one by the batch's share."""
    draws = [place for place in range(len(assigned)) if secrets.randbelow(100) < batch.gold_share]
    if not draws:
        return assigned
    gold = unleased(gold_for(user), user).exclude(pk__in=[*have, *assigned])
    found = list(gold.order_by("?").values_list("pk", flat=True)[: len(draws)])
    mixed = list(assigned)
    for place, pk in zip(draws, leases_take(queries=found, holder=user, until=until), strict=False):
        mixed.insert(place, pk)
    return mixed
