"""The labels that stand at one moment, each with where it comes from, in the order of a manifest."""

import itertools
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from webapp.batches.models import Query
from webapp.datasets.cells import iso_time
from webapp.datasets.models import LabelImportRow
from webapp.datasets.snapshots.manifest import Label, Match, canonical
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision
from webapp.search.models import Suggestion

_AT_ONCE = 500
_DECISION = {
    "id": "pk",
    "annotator": "annotator__username",
    "verdict": "verdict",
    "item": "item__sha256",
    "relation": "relation",
    "reason": "reason",
    "comment": "comment",
    "release": "release",
    "shown": "shown",
    "blind": "blind",
    "settles": "settles",
    "gold": "gold",
    "decided": "created",
}
_SUGGESTION = {
    "rank": "rank",
    "item": "item__sha256",
    "character": "item__character",
    "distance": "distance",
    "confidence": "confidence",
    "mirrored": "mirrored",
    "release": "release",
}
_LABELS = (Decision.Verdict.MATCH, Decision.Verdict.NONE)


@dataclass(frozen=True)
class Entry:
    """One label. origin: who said it of which query, when, and what they had been shown.

    voters: people whose answers count. agreement: the largest share of them that say the same, in (0, 1];
    None without any.
    """

    label: Label
    origin: dict[str, Any]
    voters: int
    agreement: float | None


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
        found = Query.objects.filter(pk__in=some).select_related("batch").defer("vector")
        queries = {query.pk: query for query in found}
        labels = query_labels(queries.values())
        decisions, suggestions = _decisions(some), _suggestions(some)
        for pk in some:
            label = labels.get(pk)
            if label is not None and label.verdict in _LABELS:
                told = _origin(queries[pk], label)
                origin = {**told, "decisions": decisions[pk], "suggestions": suggestions.get(pk, [])}
                yield Entry(
                    label_in_words(queries[pk], label), origin, queries[pk].answers, queries[pk].agreement
                )


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
    }


def _decisions(queries: list[int]) -> dict[int, list[dict[str, Any]]]:
    """All that was ever said of these queries, by the query's id, the oldest first.

    What was brought in from a file tells which, and who said it there.
    """
    rows = Decision.objects.filter(query__in=queries).order_by("pk")
    brought = _imported(queries)

    def made(row: dict) -> dict:
        told = {**row, "decided": iso_time(row["decided"])}
        return {**told, "imported": brought[row["id"]]} if row["id"] in brought else told

    return _by_query(rows, _DECISION, made)


def _imported(queries: list[int]) -> dict[int, dict[str, str]]:
    rows = LabelImportRow.objects.filter(decision__query__in=queries)
    values = rows.values_list("decision", "upload__name", "upload__sha256", "said_by", "said")
    return {pk: dict(zip(("file", "sha256", "said_by", "said"), told, strict=True)) for pk, *told in values}


def _suggestions(queries: list[int]) -> dict[int, list[dict[str, Any]]]:
    """What is suggested for these queries, by the query's id, the best first."""
    return _by_query(
        Suggestion.objects.filter(query__in=queries).order_by("rank"), _SUGGESTION, lambda row: row
    )


def _by_query(rows: QuerySet, columns: dict[str, str], made: Callable[[dict], dict]) -> dict[int, list[dict]]:
    """Rows as plain values: five times as fast as models, and there may be a million of them."""
    found: dict[int, list[dict]] = {}
    for query, *values in rows.values_list("query", *columns.values()):
        found.setdefault(query, []).append(made(dict(zip(columns, values, strict=True))))
    return found
