"""The labels that stand at one moment, each with where it comes from, in the order of a manifest."""

import itertools
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch

from webapp.batches.models import Query
from webapp.datasets.manifest import Label, Match, canonical
from webapp.datasets.writers import when
from webapp.review.consensus import answers_of, said_by
from webapp.review.models import Decision
from webapp.review.selectors import query_labels
from webapp.search.models import Suggestion

_AT_ONCE = 500
_LABELS = (Decision.Verdict.MATCH, Decision.Verdict.NONE)


@dataclass(frozen=True)
class Entry:
    """One label. origin: who said it of which query, when, and what they had been shown.

    agreeing, voters: of the people whose answers count, how many say what the label says, and how many
    there are.
    """

    label: Label
    origin: dict[str, Any]
    agreeing: int
    voters: int


def entries() -> Iterator[Entry]:
    """All labels of the project, in the order of their lines; "unsure" is none.

    Some are read at a time, so that memory grows by eight bytes a label. Read it within ``one_moment``.
    """
    for _, same in itertools.groupby(_by_picture(), key=lambda entry: entry.label.query):
        yield from sorted(same, key=lambda entry: (entry.label.line(), canonical(entry.origin)))


def count() -> int:
    """How many queries ``entries`` goes through; as many labels, and those that are unsure."""
    return _answered().count()


def _answered():
    return Query.objects.filter(answered=True, state=Query.State.READY)


def _by_picture() -> Iterator[Entry]:
    ordered = _answered().order_by("sha256", "pk").values_list("pk", flat=True)
    places = array("q", ordered.iterator())
    for start in range(0, len(places), _AT_ONCE):
        some = places[start : start + _AT_ONCE].tolist()
        queries = _fetched(some)
        labels = query_labels(queries.values())
        for pk in some:
            label = labels.get(pk)
            if label is not None and label.verdict in _LABELS:
                yield _entry(queries[pk], label)


def _fetched(pks: list[int]) -> dict[int, Query]:
    suggestions = Suggestion.objects.select_related("item").order_by("rank")
    decisions = Decision.objects.select_related("annotator", "item").order_by("pk")
    found = (
        Query.objects.filter(pk__in=pks)
        .select_related("batch")
        .defer("vector")
        .prefetch_related(
            Prefetch("suggestions", queryset=suggestions), Prefetch("decisions", queryset=decisions)
        )
    )
    return {query.pk: query for query in found}


def _entry(query: Query, decision: Decision) -> Entry:
    voters = answers_of(query.decisions.all(), reopened=query.reopened)
    agreeing = sum(said_by(voter) == said_by(decision) for voter in voters)
    return Entry(label_in_words(query, decision), _origin(query, decision), agreeing, len(voters))


def label_in_words(query: Query, decision: Decision) -> Label:
    """What a decision says of its query, its further matches among it."""
    matches = []
    if decision.item is not None:
        matches.append(Match(decision.item.sha256, decision.item.character, decision.relation))
        matches += [Match(one.item.sha256, one.item.character, one.relation) for one in decision.also.all()]
    return Label(query.sha256, decision.verdict, tuple(matches), decision.reason)


def _origin(query: Query, decision: Decision) -> dict[str, Any]:
    return {
        "query": query.sha256,
        "query_id": query.pk,
        "name": query.name,
        "width": query.width,
        "height": query.height,
        "batch_id": query.batch_id,
        "batch": query.batch.name,
        "settled": query.settled,
        "label": decision.pk,
        "decisions": [_decision(one) for one in query.decisions.all()],
        "suggestions": [_suggestion(one) for one in query.suggestions.all()],
    }


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "id": decision.pk,
        "annotator": decision.annotator.username,
        "verdict": decision.verdict,
        "item": decision.item and decision.item.sha256,
        "relation": decision.relation,
        "reason": decision.reason,
        "comment": decision.comment,
        "release": decision.release_id,
        "shown": decision.shown,
        "blind": decision.blind,
        "settles": decision.settles,
        "gold": decision.gold,
        "decided": when(decision.created),
    }


def _suggestion(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "rank": suggestion.rank,
        "item": suggestion.item.sha256,
        "character": suggestion.item.character,
        "distance": suggestion.distance,
        "confidence": suggestion.confidence,
        "mirrored": suggestion.mirrored,
        "release": suggestion.release_id,
    }
