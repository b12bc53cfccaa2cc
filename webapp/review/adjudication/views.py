"""Pages of the reviewer's second pass: a list, and one query after the other."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import batches_for, queries_for
from webapp.core.errors import Refused
from webapp.core.http import whole_number
from webapp.core.permissions import require_reviewer
from webapp.gallery.models import Item
from webapp.review.adjudication.card import KEYS, choices_of, earlier_decisions, open_flags, script_data
from webapp.review.adjudication.gold import gold_mark, gold_unmark
from webapp.review.adjudication.queue import QueueFilter, adjudication_queue, filter_of, place_in_queue
from webapp.review.adjudication.rulings import (
    Kind,
    flags_lower,
    ruling_approve,
    ruling_send_back,
    ruling_settle,
    state_of,
)
from webapp.review.answer import Answer
from webapp.review.answering.remarks import comments_of
from webapp.review.answering.serializers import moved_fit
from webapp.review.cards.context import with_card_rows
from webapp.review.consensus.batch_parts import batch_parts
from webapp.review.consensus.labels import query_label
from webapp.review.consensus.rule import answers_of
from webapp.review.models import Decision
from webapp.search.fits import Fit

_QUERIES_A_PAGE = 48
FILTERS = {
    QueueFilter.OPEN: gettext_lazy("needs review"),
    QueueFilter.DISPUTED: gettext_lazy("disputed"),
    QueueFilter.FLAGGED: gettext_lazy("flagged"),
    QueueFilter.DIFFER: gettext_lazy("not unanimous"),
    QueueFilter.LOW: gettext_lazy("low agreement"),
    QueueFilter.ANSWERED: gettext_lazy("answered, not adjudicated"),
    QueueFilter.SETTLED: gettext_lazy("settled"),
    QueueFilter.GOLD: gettext_lazy("gold cards"),
}


@require_safe
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    """The batch's queries of ``?why=``, those with least agreement first."""
    batch, shown = _batch(request, pk), filter_of(request.GET.get("why", ""))
    queries = adjudication_queue(batch, shown).prefetch_related("suggestions__item")
    context = {
        "batch": batch,
        "queue_filter": shown.value,
        "queue_filters": [(each.value, name) for each, name in FILTERS.items()],
        "parts": batch_parts(batch),
        "page": Paginator(queries, _QUERIES_A_PAGE).get_page(request.GET.get("page")),
        "back": _back(request, batch),
    }
    return render(request, "review/adjudication_queue.html", context)


@require_safe
def card(request: HttpRequest, pk: int, query: int) -> HttpResponse:
    """One query: what everybody said of it, what is suggested, and what can be ruled."""
    batch, shown = _batch(request, pk), filter_of(request.GET.get("why", ""))
    found = get_object_or_404(with_card_rows(batch.queries.filter(state=Query.State.READY)), pk=query)
    answers = answers_of(found.decisions.all(), reopened=found.reopened)
    label = query_label(found)
    choices = choices_of(found, _item(request.GET.get("item", "")))
    context = {
        "batch": batch,
        "queue_filter": shown.value,
        "queue_filter_name": FILTERS[shown],
        "query": found,
        "answers": answers,
        "earlier": earlier_decisions(found, answers),
        "comments": comments_of([found])[found.pk],
        "flags": open_flags(found),
        "label": label,
        "further": Answer.of(label).also if label else (),
        "choices": choices,
        "ranks": KEYS[: len(choices)],
        "relations": Decision.Relation.choices,
        "seen": state_of(found).token,
        "place": place_in_queue(batch, shown, found),
        "back": _back(request, batch),
        "data": script_data(found, choices, request.user, label),
    }
    response = render(request, "review/adjudication_card.html", context)
    response["Cache-Control"] = "no-store"  # coming back must show the rulings as they are now
    return response


@require_POST
def ruling(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve, send back or settle a query, and go on to the next one.

    A ``choice`` settles: an item's id, a reason of "none", or "none".
    """
    require_reviewer(request.user)
    query = get_object_or_404(queries_for(request.user), pk=pk)
    sent = request.POST
    given = {"query": query, "reviewer": request.user, "seen": sent.get("seen", "")}
    kind = sent.get("kind", "") or (Kind.SETTLE if "choice" in sent else "")
    if kind == Kind.APPROVE:
        ruling_approve(**given, comment=sent.get("comment", ""), fit=_sent_fit(sent))
    elif kind == Kind.SEND_BACK:
        ruling_send_back(**given, comment=sent.get("comment", ""))
    elif kind == Kind.SETTLE:
        ruling_settle(**given, answer=_settling(sent))
    else:
        raise Refused("a decision approves, sends back or settles", code="bad_verdict")
    messages_of = {
        Kind.APPROVE: _("%(name)s has been approved."),
        Kind.SEND_BACK: _("%(name)s has been sent back."),
        Kind.SETTLE: _("%(name)s has been settled."),
    }
    messages.success(request, messages_of[Kind(kind)] % {"name": query.name}, extra_tags="good")
    return redirect(_onward(query, sent))


@require_POST
def flags(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the query's flags down without a ruling, and look at it still."""
    query = get_object_or_404(queries_for(request.user), pk=pk)
    flags_lower(query=query, reviewer=request.user)
    return redirect(_card_address(query, filter_of(request.POST.get("why", ""))))


@require_POST
def gold(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a settled query a gold card, or no longer; for curators."""
    query = get_object_or_404(queries_for(request.user), pk=pk)
    if request.POST.get("gold") == "1":
        gold_mark(query=query, curator=request.user)
    else:
        gold_unmark(query=query, curator=request.user)
    return redirect(_card_address(query, filter_of(request.POST.get("why", ""))))


def _batch(request: HttpRequest, pk: int) -> Batch:
    batch = get_object_or_404(batches_for(request.user).select_related("owner"), pk=pk)
    require_reviewer(request.user)
    return batch


def _back(request: HttpRequest, batch: Batch) -> Query | None:
    """The query of ``?back=``: the one ruled on last, to look at it again."""
    pk = whole_number(request.GET.get("back", ""))
    return Query.objects.filter(pk=pk, batch=batch, state=Query.State.READY).first() if pk else None


def _item(word: str) -> Item | None:
    """An item of the gallery by its number."""
    pk = whole_number(word)
    return Item.objects.filter(pk=pk, state=Item.State.READY).first() if pk else None


def _settling(sent) -> Answer:
    """The form's answer. Raises Refused."""
    choice, comment = sent.get("choice", ""), sent.get("comment", "")
    if choice == Decision.Verdict.NONE or choice in Decision.Reason.values:
        reason = "" if choice == Decision.Verdict.NONE else choice
        return Answer("none", reason=reason, comment=comment)
    item = Item.objects.filter(pk=whole_number(choice)).first()
    if item is None:
        raise Refused("choose an item, or why there is none", code="bad_item")
    return Answer("match", item, sent.get("relation", ""), comment=comment, fit=_sent_fit(sent))


def _sent_fit(sent) -> Fit | None:
    """Where the reviewer moved the item; None where they moved nothing. Raises Refused."""
    return moved_fit(sent["fit"]) if sent.get("fit") else None


def _onward(query: Query, sent) -> str:
    """The next query of the same list, where the form named one; else the list."""
    shown = filter_of(sent.get("why", ""))
    following = Query.objects.filter(
        pk=whole_number(sent.get("next", "")), batch=query.batch_id, state=Query.State.READY
    ).first()
    if following is None:
        address = reverse("review:second", args=[query.batch_id])
        return f"{address}?why={shown.value}&back={query.pk}"
    return f"{_card_address(following, shown)}&back={query.pk}"


def _card_address(query: Query, shown: QueueFilter) -> str:
    return f"{reverse('review:second-card', args=[query.batch_id, query.pk])}?why={shown.value}"
