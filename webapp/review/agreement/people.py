"""How the people of a batch work: how much, how fast, and how far they agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from webapp.batches.models import Batch, Query
from webapp.review.agreement.statistics import Estimate, Pair, krippendorff_alpha, pairs, share
from webapp.review.consensus.labels import query_labels
from webapp.review.consensus.rule import ANSWERS, agrees, vote_of
from webapp.review.models import Decision

_PAUSE = 600
"""Seconds after which somebody was not thinking about the card any more."""


@dataclass(frozen=True)
class Person:
    """One annotator of a batch. answers: queries to which their answer counts. skipped: put off.

    seconds: median from a card's coming up to its answer; None where that is not known. gold: share of the
    project's gold cards that they answered right. settled: share of the batch's settled queries that they
    answered as the reviewer ruled.
    """

    name: str
    answers: int
    skipped: int
    seconds: float | None
    gold: Estimate
    settled: Estimate


@dataclass(frozen=True)
class People:
    """persons: by name. pairs: those with something in common, by name. alpha: Krippendorff's, over all
    queries with several answers; None where there is nothing to compare. compared: how many these are.
    """

    persons: list[Person]
    pairs: list[Pair]
    alpha: float | None
    compared: int


def batch_people(batch: Batch) -> People:
    """How the people of a batch work, in a fixed number of database queries."""
    decisions = _decisions(batch)
    last = _last_decisions(decisions)
    names = {row.annotator_id: row.annotator.username for row in decisions}
    names = dict(sorted(names.items(), key=lambda one: one[1]))
    votes = {
        name: {query: vote_of(row) for query, row in last[who].items() if _counts(row)}
        for who, name in names.items()
    }
    by_query: dict[int, list] = defaultdict(list)
    for own in votes.values():
        for query, vote in own.items():
            by_query[query].append(vote)
    gold, settled, pace = _with_gold(list(names)), _with_settled(batch, last), _paces(decisions)
    persons = [
        Person(
            name=name,
            answers=len(votes[name]),
            skipped=sum(row.verdict == Decision.Verdict.SKIP for row in last[who].values()),
            seconds=pace.get(who),
            gold=gold.get(who, Estimate(0)),
            settled=settled.get(who, Estimate(0)),
        )
        for who, name in names.items()
    ]
    compared = sum(len(several) > 1 for several in by_query.values())
    return People(persons, pairs(votes), krippendorff_alpha(by_query.values()), compared)


def _decisions(batch: Batch) -> list[Decision]:
    """All votes of the batch, in the order in which they came, with as much as is read of them here."""
    fields = ("query", "annotator", "verdict", "item", "dealt", "created", "query__reopened")
    votes = Decision.objects.filter(query__batch=batch, settles=False, gold=False).order_by("pk")
    return list(votes.select_related("annotator", "query").only(*fields, "annotator__username"))


def _last_decisions(decisions: list[Decision]) -> dict[int, dict[int, Decision]]:
    """Each person's last decision on each query, by the person's id and then the query's."""
    last: dict[int, dict[int, Decision]] = defaultdict(dict)
    for row in decisions:
        last[row.annotator_id][row.query_id] = row
    return last


def _counts(decision: Decision) -> bool:
    return decision.verdict in ANSWERS and decision.pk > decision.query.reopened


def _paces(decisions: list[Decision]) -> dict[int, float]:
    """Median seconds a card, by the person's id.

    A card comes up when it is assigned, or, assigned ahead, when the one before it is answered.
    """
    before: dict[int, datetime] = {}
    seconds: dict[int, list[float]] = defaultdict(list)
    for row in decisions:
        if row.verdict == Decision.Verdict.WITHDRAWN:
            continue
        up = max(filter(None, (row.dealt, before.get(row.annotator_id))), default=None)
        before[row.annotator_id] = row.created
        if up is not None and 0 <= (took := (row.created - up).total_seconds()) < _PAUSE:
            seconds[row.annotator_id].append(took)
    return {who: median(took) for who, took in seconds.items()}


def _with_gold(people: list[int]) -> dict[int, Estimate]:
    """How far each agrees with the gold cards of the project that they answered."""
    answers = Decision.objects.filter(annotator__in=people, gold=True, query__gold__isnull=False)
    last = {(row.annotator_id, row.query_id): row for row in answers.order_by("pk")}
    labels = query_labels(Query.objects.filter(pk__in={query for _, query in last}).only("pk"))
    return _shares(last, labels)


def _with_settled(batch: Batch, last: dict[int, dict[int, Decision]]) -> dict[int, Estimate]:
    """How far each agrees with the reviewers' rulings on the batch's queries."""
    labels = query_labels(Query.objects.filter(batch=batch, settled=True).only("pk"))
    flat = {(who, query): row for who, own in last.items() for query, row in own.items()}
    return _shares(flat, labels)


def _shares(last: dict[tuple[int, int], Decision], labels: dict[int, Decision]) -> dict[int, Estimate]:
    """The share of each person's answers that agree with the labels, by the person's id."""
    right: dict[int, list[bool]] = defaultdict(list)
    for (who, query), row in last.items():
        if query in labels and row.verdict in ANSWERS:
            right[who].append(agrees(row, labels[query]))
    return {who: share(sum(own), len(own)) for who, own in right.items()}
