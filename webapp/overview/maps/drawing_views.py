"""Asking for a drawing of a batch, and how far it is."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for
from webapp.jobs.models import Job
from webapp.overview.maps import services
from webapp.overview.maps.drawings import drawing_of, is_stale, path_of
from webapp.overview.models import Drawing


@require_POST
def request(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Have a worker draw it, anew where there is one."""
    batch = _batch(request, pk, kind)
    services.drawing_request(batch=batch, kind=kind)
    return _drawing_response(request, batch, kind)


@never_cache
@require_GET
def live(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """How far the drawing is. Once it is made, the page shows it."""
    batch = _batch(request, pk, kind)
    response = _drawing_response(request, batch, kind)
    drawing = drawing_of(batch, kind)
    if drawing is None or drawing.state == Drawing.State.READY:
        response["HX-Refresh"] = "true"
    return response


def job_of(drawing: Drawing | None) -> Job | None:
    """The newest job that draws it."""
    if drawing is None:
        return None
    return Job.objects.filter(subject=f"drawing:{drawing.pk}").order_by("-created").first()


def _batch(request: HttpRequest, pk: int, kind: str) -> Batch:
    if kind not in Drawing.Kind.values:
        raise Http404
    return get_object_or_404(batches_for(request.user), pk=pk)


def _drawing_response(request: HttpRequest, batch: Batch, kind: str) -> HttpResponse:
    return render(request, "overview/_drawing.html", drawing_context(batch, kind))


def drawing_context(batch: Batch, kind: str) -> dict:
    """The template's context for a batch's drawing."""
    addresses = {
        "draw_url": reverse("overview:drawing_request", args=[batch.pk, kind]),
        "live_url": reverse("overview:drawing_live", args=[batch.pk, kind]),
    }
    return {"batch": batch, "kind": kind, **addresses, **state_context(drawing_of(batch, kind))}


def state_context(drawing: Drawing | None) -> dict:
    """How far a drawing is."""
    stale = (drawing is None or drawing.state == Drawing.State.READY) and is_stale(drawing)
    drawn = drawing is not None and drawing.made is not None and path_of(drawing).is_file()
    return {"drawing": drawing, "drawn": drawn, "job": job_of(drawing), "stale": stale}
