"""What the review page is told of a query: one card."""

from typing import Any

from django.urls import reverse

from webapp.batches.models import Batch, Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.core.templatetags.characters import glyph_url
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture
from webapp.review.models import Decision
from webapp.review.selectors import decision_for, put_off_by, ready_queries
from webapp.search.models import Suggestion


def card_of(query: Query, user) -> dict[str, Any]:
    """A query with its suggestions, and what ``user`` last said of it.

    found: the item they chose, where it is none of the suggestions.
    """
    decision = decision_for(query, user)
    return {
        "id": query.pk,
        "name": query.name,
        "image": query_picture(query),
        "answered": query.answered,
        "answer": reverse("review:answer", args=[query.pk]),
        "suggestions": [_suggestion(row) for row in query.suggestions.all()],
        "decision": decision_body(decision),
        "found": _found(query, decision),
        "candidates": reverse("review:candidates", args=[query.pk]),
    }


def decision_body(decision: Decision | None) -> dict[str, Any] | None:
    """A decision as the page keeps it."""
    if decision is None or decision.verdict == Decision.Verdict.WITHDRAWN:
        return None
    return {
        "verdict": decision.verdict,
        "item": decision.item_id,
        "relation": decision.relation,
        "reason": decision.reason,
        "comment": decision.comment,
    }


def deck_of(batch: Batch, user) -> dict[str, Any]:
    """The batch's way through: ids in order, and for each a letter.

    states: "a" answered by anybody, "s" put off by ``user``, "-" open.
    """
    put_off = put_off_by(batch, user)
    rows = list(ready_queries(batch).values_list("pk", "answered"))
    letters = ("a" if answered else "s" if pk in put_off else "-" for pk, answered in rows)
    return {"ids": [pk for pk, _ in rows], "states": "".join(letters)}


def _found(query: Query, decision: Decision | None) -> dict[str, Any] | None:
    if decision is None or decision.item_id is None:
        return None
    among = any(row.item_id == decision.item_id for row in query.suggestions.all())
    return None if among else item_body(decision.item)


def _suggestion(row: Suggestion) -> dict[str, Any]:
    item = row.item
    return {
        "rank": row.rank,
        "item": item_body(item),
        "distance": row.distance,
        "confidence": row.confidence,
        "mirrored": row.mirrored,
    }


def item_body(item: Item) -> dict[str, Any]:
    """An item as the page shows it."""
    pictures = {kind: item_picture(item, kind) for kind in ("thumbnail", "print", "viewer")}
    return {
        "id": item.pk,
        "name": item.name,
        "character": item.character,
        "codepoint": item.codepoint,
        "glyph": glyph_url(item.character),
        "page": reverse("gallery:detail", args=[item.pk]),
        **pictures,
    }
