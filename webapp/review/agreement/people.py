"""How the people of a batch work: how much, how fast, and how far they agree."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from webapp.batches.models import Batch, Query
from webapp.review.agreement.statistics import Estimate, Pair, krippendorff_alpha, pairs, share
from webapp.review.consensus.labels import query_labels
from webapp.review.consensus.rule import ANSWERS, agrees, said_by
from webapp.review.models import Decision

_PAUSE = 600
"""Seconds after which somebody was not thinking about the card any more."""


@dataclass(frozen=True)
class Person:
    """One annotator of a batch. answers: queries of which their word counts. skipped: put off.

    seconds: median from a card's coming up to its answer; None where that is not known. gold: share of the
    project's gold cards that they answered right. settled: share of the batch's settled queries of which
    they said what the reviewer said.
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
    """How the people of a batch work, in a fixed number of questions."""
    told = _decisions(batch)
    words = _last_words(told)
    names = dict(
        sorted({row.annotator_id: row.annotator.username for row in told}.items(), key=lambda n: n[1])
    )
    answers = {
        names[who]: {query: said_by(word) for query, word in said.items() if _counts(word)}
        for who, said in ((who, words[who]) for who in names)
    }
    units: dict[int, list] = defaultdict(list)
    for said in answers.values():
        for query, label in said.items():
            units[query].append(label)
    gold, settled = _with_gold(list(names)), _with_settled(batch, words)
    pace = _paces(told)
    persons = [
        Person(
            name=name,
            answers=len(answers[name]),
            skipped=sum(word.verdict == Decision.Verdict.SKIP for word in words[who].values()),
            seconds=pace.get(who),
            gold=gold.get(who, Estimate(0)),
            settled=settled.get(who, Estimate(0)),
        )
        for who, name in names.items()
    ]
    compared = sum(len(labels) > 1 for labels in units.values())
    return People(persons, pairs(answers), krippendorff_alpha(units.values()), compared)


def _decisions(batch: Batch) -> list[Decision]:
    """All votes of the batch, in the order in which they came, with as much as is read of them here."""
    fields = ("query", "annotator", "verdict", "item", "dealt", "created", "query__reopened")
    votes = Decision.objects.filter(query__batch=batch, settles=False, gold=False).order_by("pk")
    return list(votes.select_related("annotator", "query").only(*fields, "annotator__username"))


def _last_words(told: list[Decision]) -> dict[int, dict[int, Decision]]:
    """Each person's last word on each query, by the person's id and then the query's."""
    words: dict[int, dict[int, Decision]] = defaultdict(dict)
    for row in told:
        words[row.annotator_id][row.query_id] = row
    return words


def _counts(word: Decision) -> bool:
    return word.verdict in ANSWERS and word.pk > word.query.reopened


def _paces(told: list[Decision]) -> dict[int, float]:
    """Median seconds a card, by the person's id.

    A card comes up when it is dealt, or, dealt ahead, when the one before it is answered.
    """
    before: dict[int, datetime] = {}
    seconds: dict[int, list[float]] = defaultdict(list)
    for row in told:
        if row.verdict == Decision.Verdict.WITHDRAWN:
            continue
        up = max(filter(None, (row.dealt, before.get(row.annotator_id))), default=None)
        before[row.annotator_id] = row.created
        if up is not None and 0 <= (took := (row.created - up).total_seconds()) < _PAUSE:
            seconds[row.annotator_id].append(took)
    return {who: median(took) for who, took in seconds.items()}


def _with_gold(people: list[int]) -> dict[int, Estimate]:
    """How far each agrees with the gold cards of the project that they answered."""
    told = Decision.objects.filter(annotator__in=people, gold=True, query__gold__isnull=False)
    last = {(row.annotator_id, row.query_id): row for row in told.order_by("pk")}
    labels = query_labels(Query.objects.filter(pk__in={query for _, query in last}).only("pk"))
    return _shares(last, labels)


def _with_settled(batch: Batch, words: dict[int, dict[int, Decision]]) -> dict[int, Estimate]:
    """How far each says what the reviewers said of the batch's queries."""
    labels = query_labels(Query.objects.filter(batch=batch, settled=True).only("pk"))
    last = {(who, query): word for who, said in words.items() for query, word in said.items()}
    return _shares(last, labels)


def _shares(last: dict[tuple[int, int], Decision], labels: dict[int, Decision]) -> dict[int, Estimate]:
    said: dict[int, list[bool]] = defaultdict(list)
    for (who, query), word in last.items():
        if query in labels and word.verdict in ANSWERS:
            said[who].append(agrees(word, labels[query]))
    return {who: share(sum(right), len(right)) for who, right in said.items()}
