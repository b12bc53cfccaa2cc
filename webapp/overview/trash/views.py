"""The trash: deleted batches, for curators."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from webapp.batches.trash import KEPT, batch_purge, trashed_batches
from webapp.core.permissions import require_curator
from webapp.overview.trash.services import batch_take_out

_A_PAGE = 50


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """What is in the trash, and until when."""
    require_curator(request.user)
    shown = Paginator(trashed_batches(), _A_PAGE).get_page(request.GET.get("page"))
    rows = [(batch, batch.deleted + KEPT) for batch in shown]
    return render(request, "overview/trash.html", {"page": shown, "rows": rows, "days": KEPT.days})


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a batch out of the trash."""
    require_curator(request.user)
    batch = batch_take_out(batch=get_object_or_404(trashed_batches(), pk=pk), curator=request.user)
    messages.success(request, _("%(name)s is restored.") % {"name": batch.name}, extra_tags="good")
    return redirect("batches:detail", batch.pk)


@require_POST
def purge(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a batch for good."""
    require_curator(request.user)
    batch = get_object_or_404(trashed_batches(), pk=pk)
    batch_purge(batch=batch, curator=request.user)
    text = _("%(name)s is deleted for good.") % {"name": batch.name}
    messages.success(request, text, extra_tags="good")
    return redirect("overview:trash")
