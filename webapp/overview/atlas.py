"""What the map of a batch shows: its points, what became of each, and what one of them is."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from webapp.batches.models import Batch, Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture
from webapp.overview.drawings import drawing_read
from webapp.overview.models import Drawing
from webapp.overview.sure import batch_labels
from webapp.review.models import Decision
from webapp.review.selectors import query_labels
from webapp.search.models import Suggestion

OUTCOMES = {"-": "open", "1": "first", "2": "other_rank", "o": "found", "n": "none", "u": "unsure"}
MOST_TOLD = 24
"""Points of which more is told in one answer."""


def map_points(batch: Batch) -> dict[str, Any] | None:
    """Every point of the batch's map; None where it was not drawn yet.

    places: [x, y] in whole numbers up to 10,000. outcomes: one letter of ``OUTCOMES`` a query. labels: an
    index into ``characters``, the most frequent first; -1 without. Queries deleted since are left out.
    """
    drawn = drawing_read(batch, Drawing.Kind.MAP)
    if drawn is None:
        return None
    labels = batch_labels(batch)
    outcomes = _outcomes(batch, labels)
    queries = _there(drawn["queries"], outcomes)
    characters = _characters(batch)
    items = _there(drawn["items"], characters)
    chosen = [labels[pk].item_id if pk in labels else None for pk in queries["ids"]]
    said = [characters.get(pk, "") for pk in chosen], [characters[pk] for pk in items["ids"]]
    known = [text for text, _ in Counter(text for some in said for text in some if text).most_common()]
    index = {text: place for place, text in enumerate(known)}
    return {
        "queries": queries
        | {
            "outcomes": "".join(outcomes[pk] for pk in queries["ids"]),
            "labels": [index.get(text, -1) for text in said[0]],
        },
        "items": items | {"labels": [index.get(text, -1) for text in said[1]]},
        "characters": known,
    }


def points_told(batch: Batch, queries: Sequence[int], items: Sequence[int]) -> dict[str, dict[str, Any]]:
    """What some points are, by "q12" or "i7": name, said, image, character and page."""
    rows = Query.objects.filter(batch=batch, pk__in=queries, state=Query.State.READY).defer("vector")
    labels = query_labels(rows)
    told = {f"q{query.pk}": _query_told(query, labels.get(query.pk)) for query in rows}
    return told | {f"i{item.pk}": _item_told(item) for item in Item.objects.filter(pk__in=items)}


def _outcomes(batch: Batch, labels: dict[int, Decision]) -> dict[int, str]:
    ready = Query.objects.filter(batch=batch, state=Query.State.READY).values_list("pk", flat=True)
    ranks = Suggestion.objects.filter(query__batch=batch, query__answered=True)
    rank_of = {(query, item): rank for query, item, rank in ranks.values_list("query", "item", "rank")}
    return {pk: _outcome(labels.get(pk), rank_of) for pk in ready}


def _outcome(label: Decision | None, rank_of: dict[tuple[int, int], int]) -> str:
    if label is None:
        return "-"
    if label.verdict != Decision.Verdict.MATCH:
        return "n" if label.verdict == Decision.Verdict.NONE else "u"
    rank = rank_of.get((label.query_id, label.item_id))
    return "o" if rank is None else "1" if rank == 1 else "2"


def _characters(batch: Batch) -> dict[int, str]:
    """The character of each item that was suggested or chosen in the batch, by its id."""
    suggested = Suggestion.objects.filter(query__batch=batch).values("item")
    chosen = Decision.objects.filter(query__batch=batch, item__isnull=False).values("item")
    items = Item.objects.filter(Q(pk__in=suggested) | Q(pk__in=chosen))
    return dict(items.values_list("pk", "character"))


def _there(drawn: dict[str, list], known: Iterable[int]) -> dict[str, list]:
    kept = [(pk, place) for pk, place in zip(drawn["ids"], drawn["places"], strict=True) if pk in known]
    return {"ids": [pk for pk, _ in kept], "places": [place for _, place in kept]}


def _query_told(query: Query, label: Decision | None) -> dict[str, Any]:
    said = _("to be answered")
    if label and label.item:
        said = _("answered: %(what)s") % {"what": label.item.character or label.item.name}
    elif label:
        said = _("answered: %(what)s") % {"what": label.get_verdict_display()}
    return {
        "name": query.name,
        "said": said,
        "image": query_picture(query),
        "block": False,
        "page": f"{reverse('review:page', args=[query.batch_id])}?query={query.pk}",
    }


def _item_told(item: Item) -> dict[str, Any]:
    said = " ".join(filter(None, [item.character, item.codepoint]))
    return {
        "name": item.name,
        "said": said or _("a block of the gallery"),
        "image": item_picture(item, "thumbnail"),
        "block": True,
        "page": reverse("gallery:detail", args=[item.pk]),
    }
