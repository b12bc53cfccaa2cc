"""The page of bulk answers: many pictures confirmed or accepted at once."""

import uuid

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for, may_answer
from webapp.core.errors import Conflict, Refused
from webapp.core.pages.page_data import page_data
from webapp.gallery.models import Item
from webapp.overview.bulk import services
from webapp.overview.bulk.bulk_groups import bulk_actions_of, groups_by_item, groups_by_likeness
from webapp.overview.bulk.confidence import STEPS, confidence_counts, newest_suggestion
from webapp.overview.bulk.serializers import AcceptSerializer, ConfirmGroupSerializer
from webapp.overview.maps.drawing_views import drawing_context
from webapp.overview.maps.drawings import clusters_of, drawing_read
from webapp.overview.models import BulkAnswer, Drawing

_GROUPS, _EACH = 10, 48
_PARTS = 20  # 10,000 answers: more take longer than somebody waits
# Cosine distances. Of 1,050 pairs of crops of one character, by the shipped weights, 46 %, 88 % and 91 % lie
# within these; of 86,940 pairs of different characters none, one and one.
_WITHIN = {"close": 0.03, "alike": 0.08, "loose": 0.2}


@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Groups to be confirmed, ``?by=`` item or likeness; or the slider, ``?by=confidence``."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    by = request.GET.get("by", "item")
    context = {"likeness": _by_likeness, "confidence": _by_confidence}.get(by, _by_item)(request, batch)
    page_context = {
        "batch": batch,
        "by": by if by in {"likeness", "confidence"} else "item",
        "may_answer": may_answer(batch, request.user),
        "bulk_actions": bulk_actions_of(batch, request.user),
        **context,
    }
    return render(request, "overview/bulk.html", page_context)


@never_cache
@require_GET
def levels(request: HttpRequest, pk: int) -> JsonResponse:
    """What lies above each confidence, as it is now."""
    return JsonResponse(_levels(request, get_object_or_404(batches_for(request.user), pk=pk)))


@require_POST
def confirm(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer one group: ``{key, item, right: [[query, its first suggestion]], wrong: [query]}``."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    sent = page_data(request, ConfirmGroupSerializer).validated_data
    item = Item.objects.filter(pk=sent["item"]).first()
    if item is None:
        raise Refused("that item is not in the gallery", hint="reload the page", code="bad_item")
    bulk = services.bulk_confirm_group(
        batch=batch,
        annotator=request.user,
        key=sent["key"],
        item=item,
        right=sent["right"],
        wrong=sent["wrong"],
    )
    return JsonResponse(bulk_action_body(bulk))


@require_POST
def accept(request: HttpRequest, pk: int) -> JsonResponse:
    """Answer one more part of what is sure enough: ``{key, threshold, newest}``; again until ``finished``."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    sent = page_data(request, AcceptSerializer).validated_data
    bulk = services.bulk_accept_part(batch=batch, annotator=request.user, **sent)
    return JsonResponse(bulk_action_body(bulk))


@require_POST
def accept_text(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer what agrees with a text, where the text is at least as sure as ``threshold``; many at a time."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    try:
        threshold = float(request.POST.get("threshold", ""))
    except ValueError:
        raise Refused("the threshold must be between 0 and 1", code="bad_threshold") from None
    key, newest = uuid.uuid4(), newest_suggestion(batch)
    for _ in range(_PARTS):
        bulk = services.bulk_accept_part(
            batch=batch, annotator=request.user, key=key, threshold=threshold, newest=newest, by_text=True
        )
        if bulk.finished:
            break
    return redirect("overview:sure", batch.pk)


@require_POST
def undo(request: HttpRequest, pk: int, key: uuid.UUID) -> JsonResponse:
    """Take back one more part of what was answered together; again until ``undone``.

    One's own; for reviewers, anybody's. Of a woodblock's answers, where the block was confirmed.
    """
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    whose = {} if request.user.is_reviewer else {"annotator": request.user}
    bulk = get_object_or_404(BulkAnswer, pk=key, batch=batch, **whose)
    if bulk.kind == BulkAnswer.Kind.BLOCK:
        raise Conflict(
            "a woodblock was confirmed with these answers",
            hint="undo it on the page that it printed",
            code="undo_on_page",
            retryable=False,
        )
    return JsonResponse(bulk_action_body(services.bulk_undo_part(bulk=bulk, by=request.user)))


def bulk_action_body(bulk: BulkAnswer) -> dict:
    """A bulk action as the page's script gets it."""
    return {
        "key": str(bulk.pk),
        "written": bulk.written,
        "left": bulk.left,
        "withdrawn": bulk.withdrawn,
        "stay": bulk.stay,
        "finished": bulk.finished is not None,
        "undone": bulk.undone is not None,
        "at": date_format(timezone.localtime(bulk.created), "SHORT_DATETIME_FORMAT"),
    }


def _by_item(request: HttpRequest, batch: Batch) -> dict:
    groups, total = groups_by_item(batch, request.user, most=_GROUPS, each=_EACH)
    return {"groups": groups, "more": total - len(groups)}


def _by_likeness(request: HttpRequest, batch: Batch) -> dict:
    found = drawing_read(batch, Drawing.Kind.LIKENESS) or {}
    within = request.GET.get("within", "alike")
    clusters = clusters_of(found.get("pairs", []), _WITHIN.get(within, _WITHIN["alike"]))
    groups, total = groups_by_likeness(batch, request.user, clusters, most=_GROUPS, each=_EACH)
    return {
        "groups": groups,
        "more": total - len(groups),
        "within": within if within in _WITHIN else "alike",
        **drawing_context(batch, Drawing.Kind.LIKENESS),
    }


def _by_confidence(request: HttpRequest, batch: Batch) -> dict:
    return {"levels": _levels(request, batch)}


def _levels(request: HttpRequest, batch: Batch) -> dict:
    sureness = confidence_counts(batch, request.user)
    rows = [
        [level.open, level.expected and round(level.expected, 4), level.measured.numbers()]
        + ([level.blind.numbers()] if request.user.is_curator else [])
        for level in sureness.levels()
    ]
    bins = [list(row) for row in zip(sureness.open, sureness.right, sureness.wrong, strict=True)]
    return {"steps": STEPS, "newest": sureness.newest, "levels": rows, "bins": bins}
