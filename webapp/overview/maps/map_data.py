"""What a map shows: its points, what became of each, and what one of them is."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from webapp.batches.models import Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture
from webapp.review.consensus.labels import labels_among, query_labels
from webapp.review.models import Decision
from webapp.search.models import Suggestion

MOST_DETAILS = 24
"""Points of which details are given in one answer."""
_AT_ONCE = 2_000  # ids in one database query


def map_points(drawn: dict[str, Any], batches: Sequence[int]) -> dict[str, Any]:
    """Every point of a map that is of one of the ``batches``. drawn: what the map's file says.

    places: [x, y] in whole numbers up to 10,000. outcomes: a letter a query, "-" open, "1" the first
    suggestion, "2" another of them, "o" one that was found, "n" none, "u" unsure. labels: an index into
    ``characters``, the most frequent first; -1 without. batches: each query's. Queries deleted since are left
    out.
    """
    batch_of = _batch_of(drawn["queries"]["ids"], batches)
    queries = _there(drawn["queries"], batch_of)
    labels = labels_among(queries["ids"])
    outcomes = _outcomes(queries["ids"], labels)
    characters = _characters(
        [*drawn["items"]["ids"], *(row.item_id for row in labels.values() if row.item_id)]
    )
    items = _there(drawn["items"], characters)
    chosen = [labels[pk].item_id if pk in labels else None for pk in queries["ids"]]
    of_queries, of_items = (
        [characters.get(pk, "") if pk else "" for pk in chosen],
        [characters[pk] for pk in items["ids"]],
    )
    texts = [text for text, _ in Counter(filter(None, of_queries + of_items)).most_common()]
    index = {text: place for place, text in enumerate(texts)}
    return {
        "queries": queries
        | {
            "outcomes": "".join(outcomes[pk] for pk in queries["ids"]),
            "labels": [index.get(text, -1) for text in of_queries],
            "batches": [batch_of[pk] for pk in queries["ids"]],
        },
        "items": items | {"labels": [index.get(text, -1) for text in of_items]},
        "characters": texts,
    }


def point_details(
    batches: Sequence[int], queries: Sequence[int], items: Sequence[int]
) -> dict[str, dict[str, Any]]:
    """What some points are, by "q12" or "i7": name, said, image, character and page.

    Of several batches, each query's name has its batch's.
    """
    rows = Query.objects.filter(batch__in=batches, pk__in=queries, state=Query.State.READY).defer("vector")
    rows = rows.select_related("batch")
    labels = query_labels(rows)
    several = len(batches) > 1
    details = {f"q{query.pk}": _query_details(query, labels.get(query.pk), several=several) for query in rows}
    return details | {f"i{item.pk}": _item_details(item) for item in Item.objects.filter(pk__in=items)}


def _slices(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), _AT_ONCE):
        yield pks[start : start + _AT_ONCE]


def _batch_of(queries: Sequence[int], batches: Sequence[int]) -> dict[int, int]:
    """The batch of each query that is there, and of one of these batches."""
    found: dict[int, int] = {}
    for some in _slices(queries):
        rows = Query.objects.filter(pk__in=some, batch__in=batches, state=Query.State.READY)
        found |= dict(rows.values_list("pk", "batch"))
    return found


def _outcomes(queries: Sequence[int], labels: dict[int, Decision]) -> dict[int, str]:
    rank_of: dict[tuple[int, int], int] = {}
    for some in _slices([pk for pk in queries if pk in labels]):
        ranks = Suggestion.objects.filter(query__in=some).values_list("query", "item", "rank")
        rank_of |= {(query, item): rank for query, item, rank in ranks}
    return {pk: _outcome(labels.get(pk), rank_of) for pk in queries}


def _outcome(label: Decision | None, rank_of: dict[tuple[int, int], int]) -> str:
    if label is None:
        return "-"
    if label.verdict != Decision.Verdict.MATCH:
        return "n" if label.verdict == Decision.Verdict.NONE else "u"
    rank = rank_of.get((label.query_id, label.item_id)) if label.item_id else None
    return "o" if rank is None else "1" if rank == 1 else "2"


def _characters(items: Iterable[int]) -> dict[int, str]:
    """The character of each of the items that is there, by its id."""
    found: dict[int, str] = {}
    for some in _slices(sorted(set(items))):
        found |= dict(Item.objects.filter(pk__in=some).values_list("pk", "character"))
    return found


def _there(drawn: dict[str, list], known: Iterable[int]) -> dict[str, list]:
    kept = [(pk, place) for pk, place in zip(drawn["ids"], drawn["places"], strict=True) if pk in known]
    return {"ids": [pk for pk, _ in kept], "places": [place for _, place in kept]}


def _query_details(query: Query, label: Decision | None, *, several: bool) -> dict[str, Any]:
    text = _("unanswered")
    if label and label.item:
        text = _("answered: %(what)s") % {"what": label.item.character or label.item.name}
    elif label:
        text = _("answered: %(what)s") % {"what": label.get_verdict_display()}
    return {
        "name": query.name,
        "said": f"{query.batch.name}: {text}" if several else text,
        "image": query_picture(query),
        "block": False,
        "page": f"{reverse('review:page', args=[query.batch_id])}?query={query.pk}",
    }


def _item_details(item: Item) -> dict[str, Any]:
    text = " ".join(filter(None, [item.character, item.codepoint]))
    return {
        "name": item.name,
        "said": text or _("a block in the gallery"),
        "image": item_picture(item, "thumbnail"),
        "block": True,
        "page": reverse("gallery:detail", args=[item.pk]),
    }
