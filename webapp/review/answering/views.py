"""The review page: one query after the other, answered by a key."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.accounts.shortcuts import page_shortcuts
from webapp.batches.models import Batch, Query
from webapp.batches.selectors import batches_for, cards_for
from webapp.core.http import error_body, whole_number
from webapp.core.pages.page_data import page_data
from webapp.core.refusals.words import error_in_words
from webapp.review.answering.progress import review_progress
from webapp.review.answering.remarks import remark_add
from webapp.review.answering.serializers import PageAnswerSerializer, RemarkSerializer
from webapp.review.answering.services import CardChanged
from webapp.review.assignment.leases import cards_assign
from webapp.review.assignment.order import Order, open_for, unleased
from webapp.review.cards.deck import deck_of, ready_queries
from webapp.review.cards.payload import card_body, card_of, cards_of, decision_body
from webapp.review.reasons import reasons_offered

_CARDS_AT_ONCE = 20


@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The page, with the card of ``?query=``, or with the next one of ``?order=``, which is then assigned."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    chosen = _chosen(request, batch)
    order = {each.value: each for each in Order}.get(request.GET.get("order", ""), Order.BATCH)
    assignment = None if chosen else cards_assign(batch=batch, user=request.user, order=order)
    current = chosen.pk if chosen else next(iter(assignment.ids), None) or _otherwise(batch, request.user)
    data = {
        "deck": deck_of(batch, request.user),
        "cards": _cards(request, batch, [current]) if current else [],
        "current": current,
        "person": request.user.pk,
        "order": order.value,
        "reasons": reasons_offered(),
        "keys": page_shortcuts(request.user, "review"),
        "left": assignment and assignment.left,
        "until": assignment.until.isoformat() if assignment and assignment.ids else None,
    }
    context = {"batch": batch, "data": data, "progress": review_progress(batch, request.user)}
    response = render(request, "review/page.html", context)
    response["Cache-Control"] = "no-store"  # coming back must show the answers as they are now
    return response


def _otherwise(batch: Batch, user) -> int | None:
    """What is shown where nothing can be assigned: what one put off, else what is answered already."""
    put_off = unleased(open_for(batch, user, Order.BATCH, skipped=True), user)
    query = put_off.first() or ready_queries(batch).first()
    return query and query.pk


@require_GET
def cards(request: HttpRequest, pk: int) -> JsonResponse:
    """The cards of ``?ids=1,2,3``; those that are not there any more are left out."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    words = request.GET.get("ids", "").split(",")[:_CARDS_AT_ONCE]
    ids = [number for word in words if (number := whole_number(word))]
    response = JsonResponse({"cards": _cards(request, batch, ids)})
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def answer(request: HttpRequest, pk: int) -> JsonResponse:
    """Write an answer down, or take it back ("withdrawn"), and say how far the batch is now.

    409 ``card_changed``, with the card as it is now, where the answer's ``version`` is not the card's.
    """
    query = get_object_or_404(cards_for(request.user), pk=pk)
    batch = _answered_batch(request, query)
    sent = page_data(request, PageAnswerSerializer)
    try:
        decision = sent.save(query=query, annotator=request.user)
    except CardChanged as changed:
        message, hint = error_in_words(changed)
        card = card_body(changed.context, batch)
        body = error_body(changed) | {"error": message, "hint": hint, "card": card}
        return JsonResponse(body, status=changed.status)
    progress = review_progress(batch, request.user)
    return JsonResponse(
        {
            "decision": decision_body(decision),
            "progress": {"ready": progress.ready, "answered": progress.answered, "skipped": progress.skipped},
        }
    )


@require_POST
def remark(request: HttpRequest, pk: int) -> JsonResponse:
    """Write a comment beside a query, or flag it for a reviewer, without answering it."""
    query = get_object_or_404(cards_for(request.user), pk=pk)
    sent = page_data(request, RemarkSerializer)
    remark_add(query=query, annotator=request.user, **sent.validated_data)
    card = card_of(query, request.user)
    return JsonResponse({"flagged": card["flagged"], "comments": card["comments"]}, status=201)


def _answered_batch(request: HttpRequest, query: Query) -> Batch:
    """The batch whose cards are being answered: ``?batch=``, for a gold card of another one."""
    batch = whole_number(request.GET.get("batch", ""))
    if batch and batch != query.batch_id:
        return get_object_or_404(batches_for(request.user), pk=batch)
    return query.batch


def _cards(request: HttpRequest, batch: Batch, ids: list[int]) -> list[dict]:
    """Cards of the batch, and gold ones that were mixed in for this person."""
    queries = cards_for(request.user).filter(pk__in=ids, state=Query.State.READY)
    own = Q(batch=batch) | Q(gold__isnull=False)
    return cards_of(queries.filter(own), request.user, batch=batch)


def _chosen(request: HttpRequest, batch: Batch) -> Query | None:
    query = whole_number(request.GET.get("query", ""))
    return ready_queries(batch).filter(pk=query).first() if query else None
