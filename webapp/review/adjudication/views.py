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
from webapp.review.adjudication.card import KEYS, choices_of, open_flags, script_data
from webapp.review.adjudication.gold import gold_mark, gold_unmark
from webapp.review.adjudication.queue import Why, place_second, second_queries, why_of
from webapp.review.adjudication.rulings import (
    Kind,
    flags_lower,
    ruling_approve,
    ruling_send_back,
    ruling_settle,
    seen_of,
)
from webapp.review.answer import Answer
from webapp.review.answering.remarks import comments_of
from webapp.review.cards.context import with_tables
from webapp.review.consensus.batch_parts import batch_parts
from webapp.review.consensus.labels import query_label
from webapp.review.consensus.rule import answers_of
from webapp.review.models import Decision

_QUERIES_A_PAGE = 48
WHYS = {
    Why.OPEN: gettext_lazy("to look at"),
    Why.DISPUTED: gettext_lazy("disputed"),
    Why.FLAGGED: gettext_lazy("flagged"),
    Why.DIFFER: gettext_lazy("not all the same"),
    Why.LOW: gettext_lazy("low agreement"),
    Why.ANSWERED: gettext_lazy("answered, not ruled on"),
    Why.SETTLED: gettext_lazy("settled"),
    Why.GOLD: gettext_lazy("gold cards"),
}


@require_safe
def second(request: HttpRequest, pk: int) -> HttpResponse:
    """The batch's queries of ``?why=``, those with least agreement first."""
    batch, why = _batch(request, pk), why_of(request.GET.get("why", ""))
    queries = second_queries(batch, why).prefetch_related("suggestions__item")
    shown = {
        "batch": batch,
        "why": why.value,
        "whys": [(each.value, said) for each, said in WHYS.items()],
        "parts": batch_parts(batch),
        "page": Paginator(queries, _QUERIES_A_PAGE).get_page(request.GET.get("page")),
        "back": _back(request, batch),
    }
    return render(request, "review/second.html", shown)


@require_safe
def second_card(request: HttpRequest, pk: int, query: int) -> HttpResponse:
    """One query: what everybody said of it, what is suggested, and what can be ruled."""
    batch, why = _batch(request, pk), why_of(request.GET.get("why", ""))
    found = get_object_or_404(with_tables(batch.queries.filter(state=Query.State.READY)), pk=query)
    answers = answers_of(found.told, reopened=found.reopened)
    label = query_label(found)
    choices = choices_of(found, _item(request.GET.get("item", "")))
    shown = {
        "batch": batch,
        "why": why.value,
        "why_said": WHYS[why],
        "query": found,
        "answers": answers,
        "earlier": [row for row in found.told if row not in answers and not row.settles and not row.gold],
        "comments": comments_of([found])[found.pk],
        "flags": open_flags(found),
        "label": label,
        "further": Answer.of(label).also if label else (),
        "choices": choices,
        "ranks": KEYS[: len(choices)],
        "relations": Decision.Relation.choices,
        "seen": seen_of(found).word,
        "place": place_second(batch, why, found),
        "back": _back(request, batch),
        "data": script_data(found, choices, request.user),
    }
    response = render(request, "review/second_card.html", shown)
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
        ruling_approve(**given, comment=sent.get("comment", ""))
    elif kind == Kind.SEND_BACK:
        ruling_send_back(**given, comment=sent.get("comment", ""))
    elif kind == Kind.SETTLE:
        ruling_settle(**given, answer=_settling(sent))
    else:
        raise Refused("a ruling approves, sends back or settles", code="bad_verdict")
    said = {
        Kind.APPROVE: _("%(name)s is approved."),
        Kind.SEND_BACK: _("%(name)s is sent back."),
        Kind.SETTLE: _("%(name)s is settled."),
    }
    messages.success(request, said[Kind(kind)] % {"name": query.name}, extra_tags="good")
    return redirect(_onward(query, sent))


@require_POST
def flags(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the query's flags down without a ruling, and look at it still."""
    query = get_object_or_404(queries_for(request.user), pk=pk)
    flags_lower(query=query, reviewer=request.user)
    why = why_of(request.POST.get("why", "")).value
    return redirect(f"{reverse('review:second-card', args=[query.batch_id, query.pk])}?why={why}")


@require_POST
def gold(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a settled query a gold card, or no longer; for curators."""
    query = get_object_or_404(queries_for(request.user), pk=pk)
    if request.POST.get("gold") == "1":
        gold_mark(query=query, curator=request.user)
    else:
        gold_unmark(query=query, curator=request.user)
    why = why_of(request.POST.get("why", "")).value
    return redirect(f"{reverse('review:second-card', args=[query.batch_id, query.pk])}?why={why}")


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
    return Answer("match", item, sent.get("relation", ""), comment=comment)


def _onward(query: Query, sent) -> str:
    """The next query of the same list, where the form named one; else the list."""
    batch, why = query.batch_id, why_of(sent.get("why", "")).value
    following = Query.objects.filter(
        pk=whole_number(sent.get("next", "")), batch=batch, state=Query.State.READY
    ).first()
    if following is None:
        return f"{reverse('review:second', args=[batch])}?why={why}&back={query.pk}"
    return f"{reverse('review:second-card', args=[batch, following.pk])}?why={why}&back={query.pk}"
