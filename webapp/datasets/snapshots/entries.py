"""The labels that stand at one moment, each with where it comes from."""

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
from webapp.review.answering.remarks import comments_of
from webapp.review.consensus.labels import query_labels
from webapp.review.models import Decision, FurtherMatch
from webapp.search.models import Suggestion

_AT_ONCE = 500
_DECISION = {
    "id": "pk",
    "annotator": "annotator__username",
    "verdict": "verdict",
    "item": "item__sha256",
    "item_name": "item__name",
    "relation": "relation",
    "proposed": "proposed",
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
    "item_id": "item",
    "item_name": "item__name",
    "character": "item__character",
    "distance": "distance",
    "confidence": "confidence",
    "mirrored": "mirrored",
    "fit": "fit",
    "proposed": "proposed",
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
    """All labels of the project, in the order of a manifest; "unsure" is none.

    Some are read at a time, so that memory grows by eight bytes a label. Read it within ``one_moment``.
    """
    found = entries_of(_answered().order_by("sha256", "pk"))
    labels = (entry for entry in found if entry.label.verdict in _LABELS)
    for _, same in itertools.groupby(labels, key=lambda entry: entry.label.query):
        yield from sorted(same, key=lambda entry: (entry.label.line(), canonical(entry.origin)))


def count() -> int:
    """How many queries ``entries`` goes through; as many labels, and those that are unsure."""
    return _answered().count()


def _answered() -> QuerySet[Query]:
    return Query.objects.filter(answered=True, state=Query.State.READY)


def entries_of(queries: QuerySet[Query]) -> Iterator[Entry]:
    """What stands of these queries, in their order; one without a label has an empty verdict.

    Read it within ``one_moment``.
    """
    places = array("q", queries.values_list("pk", flat=True).iterator())
    for start in range(0, len(places), _AT_ONCE):
        yield from _entries_of(places[start : start + _AT_ONCE].tolist())


def _entries_of(pks: list[int]) -> Iterator[Entry]:
    found = Query.objects.filter(pk__in=pks).select_related("batch").defer("vector")
    queries = {query.pk: query for query in found}
    labels, comments = query_labels(queries.values()), _comments(queries)
    decisions, suggestions = _decisions(pks), _suggestions(pks)
    for pk in pks:
        query, label = queries[pk], labels.get(pk)
        origin = {
            **_origin(query, label),
            "decisions": decisions.get(pk, []),
            "comments": comments[pk],
            "suggestions": suggestions.get(pk, []),
        }
        words = label_in_words(query, label) if label else Label(query.sha256, "")
        yield Entry(words, origin, query.answers, query.agreement)


def label_in_words(query: Query, decision: Decision) -> Label:
    """What a decision says of its query, its further matches among it."""
    matches = []
    if decision.item is not None:
        matches.append(Match(decision.item.sha256, decision.item.character, decision.relation))
        matches += [Match(one.item.sha256, one.item.character, one.relation) for one in decision.also.all()]
    return Label(query.sha256, decision.verdict, tuple(matches), decision.reason)


def matches_in_order(label: Label, origin: dict[str, Any]) -> list[Match]:
    """The matches of a frozen label, the one that was chosen first; a manifest sorts them otherwise."""
    if "matches" in origin:
        places = {one["item"]: place for place, one in enumerate(origin["matches"])}
    else:  # frozen before the order was kept
        of_label = (one["item"] for one in origin["decisions"] if one["id"] == origin["label"])
        places = {next(of_label, ""): -1}
    return sorted(label.matches, key=lambda match: places.get(match.item, 0))


def _origin(query: Query, decision: Decision | None) -> dict[str, Any]:
    """Which query it is; what the blocks of its label are called, in its order; where each lies on it."""
    found: list[Decision | FurtherMatch] = [decision, *decision.also.all()] if decision else []
    return {
        "query": query.sha256,
        "query_id": query.pk,
        "name": query.name,
        "width": query.width,
        "height": query.height,
        "batch_id": query.batch_id,
        "batch": query.batch.name,
        "settled": query.settled,
        "label": decision.pk if decision else None,
        "matches": [
            {
                "item": one.item.sha256,
                "item_id": one.item.pk,
                "item_name": one.item.name,
                "fit": one.laid and one.laid.stored(),
            }
            for one in found
            if one.item is not None
        ],
    }


def _comments(queries: dict[int, Query]) -> dict[int, list[dict[str, Any]]]:
    """What anybody wrote of each query, the oldest first."""
    return {
        pk: [{"annotator": one.who, "comment": one.text, "written": iso_time(one.created)} for one in written]
        for pk, written in comments_of(queries.values()).items()
    }


def _decisions(queries: list[int]) -> dict[int, list[dict[str, Any]]]:
    """All that was ever said of these queries, by the query's id, the oldest first.

    What was imported tells from which file, and who said it there.
    """
    rows = Decision.objects.filter(query__in=queries).order_by("pk")
    imported = _imported(queries)

    def made(row: dict) -> dict:
        decision = {**row, "decided": iso_time(row["decided"])}
        return {**decision, "imported": imported[row["id"]]} if row["id"] in imported else decision

    return _by_query(rows, _DECISION, made)


def _imported(queries: list[int]) -> dict[int, dict[str, str]]:
    rows = LabelImportRow.objects.filter(decision__query__in=queries)
    values = rows.values_list("decision", "upload__name", "upload__sha256", "said_by", "said")
    return {pk: dict(zip(("file", "sha256", "said_by", "said"), one, strict=True)) for pk, *one in values}


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
