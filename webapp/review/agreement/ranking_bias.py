"""How far the ranking leads annotators: what they choose blind, and what they choose seeing it."""

from collections import Counter
from dataclasses import dataclass
from math import hypot

from django.db.models import Count, OuterRef, Subquery

from webapp.batches.models import Batch
from webapp.review.agreement.statistics import Estimate, mean, share
from webapp.review.consensus.labels import last_decisions
from webapp.review.models import Decision
from webapp.search.models import Suggestion


@dataclass(frozen=True)
class Choices:
    """What was chosen on some cards. answers: matches and "none". first: share that chose the search's first
    suggestion. mrr: mean of 1 over the rank of what was chosen, 0 where it is none of the five.
    """

    answers: int
    first: Estimate
    mrr: Estimate


@dataclass(frozen=True)
class RankingBias:
    """blind, seen: cards without and with ranking. first, mrr: by how much more is chosen what stands first
    when the ranking is seen; above 0, with its interval, it leads.
    """

    blind: Choices
    seen: Choices
    first: Estimate
    mrr: Estimate


def ranking_bias(batch: Batch | None = None) -> RankingBias:
    """Blind against seen, of one batch or of the whole project, in one database query."""
    rank = Suggestion.objects.filter(query=OuterRef("query"), item=OuterRef("item")).values("rank")[:1]
    choices = last_decisions().filter(
        verdict__in=(Decision.Verdict.MATCH, Decision.Verdict.NONE), release__isnull=False
    )
    if batch is not None:
        choices = choices.filter(query__batch=batch)
    ranked = choices.order_by().annotate(rank=Subquery(rank))
    rows = ranked.values("blind", "rank").annotate(count=Count("pk"))
    counts: dict[bool, Counter[int | None]] = {True: Counter(), False: Counter()}
    for row in rows:
        counts[row["blind"]][row["rank"]] += row["count"]
    blind, seen = _choices(counts[True]), _choices(counts[False])
    return RankingBias(blind, seen, difference(seen.first, blind.first), difference(seen.mrr, blind.mrr))


def difference(one: Estimate, other: Estimate) -> Estimate:
    """``one`` less ``other``, with the interval that follows from theirs; no value without both.

    Newcombe, "Interval estimation for the difference between independent proportions" (1998), method 10.
    """
    count = min(one.count, other.count)
    if one.value is None or other.value is None:
        return Estimate(count)
    gap = one.value - other.value
    if one.low is None or one.high is None or other.low is None or other.high is None:
        return Estimate(count, gap)
    low = gap - hypot(one.value - one.low, other.high - other.value)
    high = gap + hypot(one.high - one.value, other.value - other.low)
    return Estimate(count, gap, max(-1.0, low), min(1.0, high))


def _choices(ranks: Counter[int | None]) -> Choices:
    """ranks: how often each rank was chosen; None for what is none of the suggestions."""
    answers = sum(ranks.values())
    inverse = [1 / rank if rank else 0.0 for rank, count in ranks.items() for _ in range(count)]
    return Choices(answers, share(ranks[1], answers), mean(inverse))
