"""Cards for the page's script: dealt, held and given back."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from webapp.batches.models import Query
from webapp.batches.selectors import batches_for, cards_for
from webapp.core.uploaded import sent_json
from webapp.review import sent_json as words
from webapp.review.assignment.leases import cards_deal, leases_hold, leases_release
from webapp.review.assignment.order import order_of
from webapp.review.cards.payload import cards_of


@require_POST
def deal(request: HttpRequest, pk: int) -> JsonResponse:
    """Give the person the next cards, for two minutes: ``{cards, left, until}``."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    sent = sent_json(request)
    dealt = cards_deal(
        batch=batch,
        user=request.user,
        order=order_of(words.word_of(sent, "order") or "batch"),
        count=words.number_of(sent, "count", 1),
        have=words.ids_of(sent, "have"),
        skipped=words.switch_of(sent, "skipped"),
        after=words.number_of(sent, "after", 0),
    )
    queries = Query.objects.filter(pk__in=dealt.ids)
    cards = cards_of(queries, request.user, batch=batch, order=dealt.ids)
    return JsonResponse({"cards": cards, "left": dealt.left, "until": dealt.until.isoformat()})


@require_POST
def hold(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep cards for two minutes more: ``{held, lost}``; lost are those that somebody else has by now."""
    ids = _held_ids(request, pk)
    known = set(cards_for(request.user).filter(pk__in=ids).values_list("pk", flat=True))
    held, _ = leases_hold(queries=[query for query in ids if query in known], holder=request.user)
    return JsonResponse({"held": held, "lost": [query for query in ids if query not in held]})


@require_POST
def release(request: HttpRequest, pk: int) -> JsonResponse:
    """Give cards back."""
    leases_release(queries=_held_ids(request, pk), holder=request.user)
    return JsonResponse({"released": True})


def _held_ids(request: HttpRequest, pk: int) -> list[int]:
    get_object_or_404(batches_for(request.user), pk=pk)
    return words.ids_of(sent_json(request), "ids")
