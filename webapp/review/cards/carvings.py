"""The carvings beyond the five: what the review page's key pages through."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from webapp.batches.models import Query
from webapp.batches.selectors import cards_for
from webapp.gallery.models import Item
from webapp.review.cards.blind import is_blind
from webapp.review.cards.payload import item_body
from webapp.search.carvings import carvings_beyond
from webapp.search.hits import Hit


@require_GET
def further_carvings(request: HttpRequest, pk: int) -> JsonResponse:
    """Suggestions as a card has them, the best fit first; none on a blind card, where fits would lead."""
    query = get_object_or_404(cards_for(request.user).select_related("batch"), pk=pk)
    found = _seen(query, request.user)
    ready = Item.objects.filter(state=Item.State.READY).in_bulk([one.item_id for one in found])
    there = [one for one in found if one.item_id in ready]
    response = JsonResponse({"suggestions": [_body(one, ready[one.item_id]) for one in there]})
    response["Cache-Control"] = "no-store"
    return response


def _seen(query: Query, user) -> list[Hit]:
    blind = is_blind(query.pk, user.pk, query.batch.blind_share)
    return [] if blind else carvings_beyond(query)


def _body(hit: Hit, item: Item) -> dict[str, Any]:
    return {
        "item": item_body(item),
        "distance": hit.distance,
        "confidence": None,
        "mirrored": hit.mirrored,
        "fit": hit.fit and hit.fit.stored(),
        "proposed": hit.proposed,
        "placed": False,
        "gone": False,
        "exemplar": None,
    }
