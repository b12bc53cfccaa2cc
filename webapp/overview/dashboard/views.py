"""How far the work is: the dashboard, and asking for a batch to be searched again."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for, may_change
from webapp.jobs.broker import workers_alive
from webapp.jobs.selectors import jobs_health
from webapp.overview.dashboard import pace
from webapp.overview.dashboard.learning_curve import by_answers
from webapp.review.consensus.batch_parts import BatchParts, batches_parts
from webapp.search.services import batch_search_again

_BATCHES = 30


@dataclass(frozen=True)
class Row:
    """One batch of the dashboard. minutes: of work left at the present pace; None where it is not known."""

    batch: Batch
    parts: BatchParts
    minutes: int | None

    @property
    def done(self) -> bool:
        """Whether every picture has its label."""
        return 0 < self.parts.total == self.parts.answered + self.parts.settled


@never_cache
@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """Batches, pace and charts: everybody's for curators, one's own for others."""
    user, own = request.user, not request.user.is_curator
    batches = list(batches_for(user).select_related("owner").order_by("-pk")[: _BATCHES + 1])
    parts, per_hour = batches_parts(batches), pace.pace_of(user, own=own)
    rows = [Row(batch, parts[batch.pk], _minutes(parts[batch.pk], per_hour)) for batch in batches[:_BATCHES]]
    context = {
        "rows": rows,
        "more": len(batches) > _BATCHES,
        "own": own,
        "today": pace.answered_today(user),
        "per_hour": per_hour,
        "left": sum(row.parts.suggested for row in rows),
        "minutes": sum(row.minutes for row in rows) if per_hour else None,
        "charts": [
            (name, make(user, own=own))
            for name, make in {
                "chart-day": pace.by_day,
                "chart-hour": pace.by_hour,
                "chart-confidence": pace.by_confidence,
                "chart-rank": pace.by_rank,
                "chart-learned": by_answers,
            }.items()
        ],
    }
    return render(request, "overview/dashboard.html", context)


@never_cache
@require_GET
def work(request: HttpRequest) -> HttpResponse:
    """How the workers fare: all work for curators, that of one's own batches for others."""
    if request.user.is_curator:
        context = {"health": jobs_health(), "workers": workers_alive(), "all": True}
    else:
        mine = Batch.objects.filter(owner=request.user).values_list("pk", flat=True)
        context = {"health": jobs_health(f"batch:{pk}" for pk in mine), "all": False}
    return render(request, "overview/_work.html", context)


@require_POST
def search_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Search the gallery of today for what is unanswered; for the batch's owner and curators."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    if not may_change(batch, request.user):
        raise PermissionDenied(_("Only the owner of the batch or a curator can do this."))
    count = batch_search_again(batch=batch)
    message = ngettext("Searching %(count)s picture again.", "Searching %(count)s pictures again.", count)
    messages.success(request, message % {"count": count}, extra_tags="good")
    return redirect("batches:detail", batch.pk)


def _minutes(parts: BatchParts, per_hour: float | None) -> int | None:
    return round(60 * parts.suggested / per_hour) if per_hour else None
