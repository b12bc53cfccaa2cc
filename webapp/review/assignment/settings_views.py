"""The page on how a batch is answered."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from webapp.batches.selectors import batches_for, may_change
from webapp.core.errors import Refused
from webapp.core.refusals.words import error_in_words
from webapp.review.assignment.batch_settings import (
    MOST_SHARE,
    MOST_WANTED,
    BatchSettings,
    assignable,
    batch_settings_change,
    settings_of,
)


@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """How the batch is answered; for its owner and curators."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    if not may_change(batch, request.user):
        raise PermissionDenied(_("Only the owner of the batch or a curator can do this."))
    kept, refused = settings_of(batch), None
    if request.method == "POST":
        try:
            kept = _sent_settings(request)
            batch_settings_change(batch=batch, settings=kept)
        except Refused as error:
            refused = error_in_words(error)
        else:
            messages.success(request, _("Saved."), extra_tags="good")
            return redirect("review:settings", batch.pk)
    shown = {
        "batch": batch,
        "kept": kept,
        "refused": refused,
        "people": assignable(),
        "wanted": range(1, MOST_WANTED + 1),
        "most_share": MOST_SHARE,
    }
    return render(request, "review/settings.html", shown, status=400 if refused else 200)


def _sent_settings(request: HttpRequest) -> BatchSettings:
    """What the form says. Raises Refused where a number is none."""
    sent = request.POST
    return BatchSettings(
        wanted=_number(sent.get("wanted", "")),
        hidden=sent.get("hidden") == "1",
        assigned=frozenset(_number(word) for word in sent.getlist("assigned")),
        blind_share=_number(sent.get("blind_share", "")),
        gold_share=_number(sent.get("gold_share", "")),
    )


def _number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) < 19):
        raise Refused("that is not a number", hint="write digits", code="bad_settings")
    return int(word)
