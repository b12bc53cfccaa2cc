"""The strip of one's last answers on the review page."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from webapp.batches.models import Batch
from webapp.batches.pictures import picture_url
from webapp.batches.selectors import batches_for
from webapp.review.cards.payload import item_body
from webapp.review.consensus.labels import last_decisions
from webapp.review.models import Decision


@require_GET
def past(request: HttpRequest, pk: int) -> JsonResponse:
    """What the person said last of the batch's queries, the newest first."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    response = JsonResponse({"past": [_past(decision) for decision in history(batch, request.user)]})
    response["Cache-Control"] = "no-store"
    return response


def _past(decision: Decision) -> dict[str, Any]:
    """An answer as the strip shows it: the print, and what was said of it."""
    query = decision.query
    return {
        "query": query.pk,
        "name": query.name,
        "image": picture_url(query),
        "verdict": decision.verdict,
        "reason": decision.reason,
        "item": item_body(decision.item) if decision.item else None,
    }


def history(batch: Batch, user, *, limit: int = 50) -> list[Decision]:
    """The last answers of ``user`` in the batch, the newest first; withdrawn ones are left out."""
    own = last_decisions().filter(query__batch=batch, annotator=user)
    own = own.exclude(verdict=Decision.Verdict.WITHDRAWN)
    return list(own.select_related("query", "item").defer("query__vector").order_by("-pk")[:limit])
