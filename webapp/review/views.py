"""The review page: one query after the other, answered by a key."""

import uuid

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import batches_for, queries_for
from webapp.core.errors import Refused
from webapp.core.uploaded import sent_json
from webapp.gallery.models import Item
from webapp.gallery.selectors import items_found
from webapp.review.cards import card_of, decision_body, deck_of, item_body
from webapp.review.models import Decision
from webapp.review.selectors import next_to_answer, ready_queries, review_progress, review_queries
from webapp.review.services import decision_record, decision_withdraw
from webapp.search.likeness import items_ranked

_CARDS_AT_ONCE = 20
_CANDIDATES_A_PAGE = 8


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, with the card of ``?query=`` or of the first query that nobody has answered."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    first = _asked_for(request, batch) or next_to_answer(batch, request.user) or ready_queries(batch).first()
    cards = _cards(request, batch, [first.pk]) if first else []
    told = {
        "deck": deck_of(batch, request.user),
        "cards": cards,
        "current": first and first.pk,
        "person": request.user.pk,
    }
    shown = {"batch": batch, "told": told, "progress": review_progress(batch, request.user)}
    response = render(request, "review/page.html", shown)
    response["Cache-Control"] = "no-store"  # coming back must show the answers as they are now
    return response


@require_GET
def cards(request: HttpRequest, pk: int) -> JsonResponse:
    """The cards of ``?ids=1,2,3``; those that are not there any more are left out."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    words = request.GET.get("ids", "").split(",")[:_CARDS_AT_ONCE]
    ids = [int(word) for word in words if word.isascii() and word.isdigit() and len(word) < 19]
    response = JsonResponse({"cards": _cards(request, batch, ids)})
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def candidates(request: HttpRequest, pk: int) -> JsonResponse:
    """One page of the gallery's items that fit ``?q=``, exactly as it was typed, the most alike first."""
    query = get_object_or_404(queries_for(request.user), pk=pk)
    typed = request.GET.get("q", "")
    items = items_found(search=typed, state=Item.State.READY)
    ranking = items_ranked(query, items if typed.strip() else items.none())
    page = Paginator(ranking.candidates, _CANDIDATES_A_PAGE).get_page(request.GET.get("page"))
    return JsonResponse(
        {
            "total": ranking.total,
            "ranked": len(ranking.candidates),
            "page": page.number,
            "pages": page.paginator.num_pages,
            "results": [{"item": item_body(one.item), "distance": one.distance} for one in page],
        }
    )


@require_POST
def answer(request: HttpRequest, pk: int) -> JsonResponse:
    """Write an answer down, or take it back ("withdrawn"), and say how far the batch is now."""
    query = get_object_or_404(queries_for(request.user), pk=pk)
    sent = sent_json(request)
    given = {"query": query, "annotator": request.user, "client_key": _client_key(sent)}
    if sent.get("verdict") == Decision.Verdict.WITHDRAWN:
        decision = decision_withdraw(**given)
    else:
        words = {name: _word(sent, name) for name in ("verdict", "relation", "reason", "comment")}
        decision = decision_record(**given, **words, item=_item(sent))
    progress = review_progress(query.batch, request.user)
    return JsonResponse(
        {
            "decision": decision_body(decision),
            "progress": {"ready": progress.ready, "answered": progress.answered, "skipped": progress.skipped},
        }
    )


def _cards(request: HttpRequest, batch: Batch, ids: list[int]) -> list[dict]:
    queries = review_queries(request.user).filter(batch=batch, pk__in=ids, state=Query.State.READY)
    return [card_of(query, request.user) for query in queries.defer("vector")]


def _asked_for(request: HttpRequest, batch: Batch) -> Query | None:
    word = request.GET.get("query", "")
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        return None
    return ready_queries(batch).filter(pk=int(word)).first()


def _client_key(sent: dict) -> uuid.UUID:
    try:
        return uuid.UUID(_word(sent, "client_key"))
    except ValueError:
        raise Refused("the answer has no key of its own", code="bad_client_key") from None


def _word(sent: dict, name: str) -> str:
    value = sent.get(name, "")
    if not isinstance(value, str):
        raise Refused(f"{name} is not text", code="bad_json")
    return value


def _item(sent: dict) -> Item | None:
    pk = sent.get("item")
    if pk is None:
        return None
    found = Item.objects.filter(pk=pk).first() if type(pk) is int and 0 < pk < 2**63 else None
    if found is None:
        raise Refused("that item is not in the gallery", hint="choose another", code="bad_item")
    return found
