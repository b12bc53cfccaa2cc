"""Looking for another item than the five: what the review page's dialog asks for."""

from dataclasses import asdict
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from webapp.batches.models import Query
from webapp.batches.selectors import cards_for
from webapp.characters.radicals import radicals
from webapp.core.characters import codepoints
from webapp.core.http import whole_number
from webapp.core.templatetags.characters import glyph_url
from webapp.gallery.finding import written_elsewhere
from webapp.gallery.models import Item
from webapp.review.cards.blind import is_blind
from webapp.review.cards.payload import item_body
from webapp.search.candidates import Candidate, candidates

_A_PAGE = 8
_RADICALS_KEPT = 24 * 3600  # seconds


@require_GET
def candidate_page(request: HttpRequest, pk: int) -> JsonResponse:
    """One page of the gallery: what fits ``?q=``, or all beyond the five; the most alike first.

    ``?like=``: an item's id, for what is like that item instead. Distances are null on a blind card.
    """
    query = get_object_or_404(cards_for(request.user).select_related("batch"), pk=pk)
    typed, like = request.GET.get("q", ""), _item(request)
    shown = () if like or typed.strip() else _suggested(query)
    found = candidates(query, typed=typed, like=like, without=shown)
    page = Paginator(found, _A_PAGE).get_page(request.GET.get("page"))
    blind = is_blind(query.pk, request.user.pk, query.batch.blind_share)
    return JsonResponse(
        {
            "total": len(found),
            "ranked": found.ranked,
            "coming": found.coming,
            "silent": found.silent,
            "page": page.number,
            "pages": page.paginator.num_pages,
            "first": (page.number - 1) * _A_PAGE + 1 + len(shown),
            "results": [_result(one, blind) for one in page],
            "elsewhere": [] if like else _elsewhere(typed),
        }
    )


@require_GET
def radical_list(request: HttpRequest) -> JsonResponse:
    """The 214 radicals with their strokes, for choosing one; the same for everybody, and for good."""
    found = [
        {
            "number": radical.number,
            "character": radical.character,
            "strokes": radical.strokes,
            "names": radical.names,
            "glyph": reverse("core:glyph", args=[codepoints(radical.character)]),
        }
        for radical in radicals()
    ]
    response = JsonResponse({"radicals": found})
    response["Cache-Control"] = f"private, max-age={_RADICALS_KEPT}"
    return response


def _item(request: HttpRequest) -> Item | None:
    word = request.GET.get("like", "")
    if not word:
        return None
    return get_object_or_404(Item, pk=whole_number(word), state=Item.State.READY)


def _suggested(query: Query) -> list[int]:
    return list(query.suggestions.values_list("item", flat=True))


def _result(one: Candidate, blind: bool) -> dict[str, Any]:
    return {
        "item": item_body(one.item),
        "distance": None if blind else one.distance,
        "reason": one.reason and asdict(one.reason),
    }


def _elsewhere(typed: str) -> list[dict[str, Any]]:
    return [
        {
            "character": found.character,
            "codepoint": codepoints(found.character),
            "glyph": glyph_url(found.character),
            "items": found.items,
        }
        for found in written_elsewhere(typed)
    ]
