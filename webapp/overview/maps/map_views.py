"""Maps, of one batch or of several: pictures that are alike lie close together."""

import re

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import batches_for
from webapp.core.http import whole_number
from webapp.overview.maps import services
from webapp.overview.maps.drawing_views import drawing_context, state_context
from webapp.overview.maps.drawings import MOST_BATCHES, MOST_QUERIES, drawing_read, file_read, map_of, path_of
from webapp.overview.maps.map_data import MOST_DETAILS, map_points, point_details
from webapp.overview.models import Drawing

_POINT = re.compile(r"([qi])(\d{1,18})", re.ASCII)


@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch's map, drawn first where it is not there yet."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    addresses = {
        "points_url": reverse("overview:map_points", args=[pk]),
        "details_url": reverse("overview:map_details", args=[pk]),
    }
    context = addresses | drawing_context(batch, Drawing.Kind.MAP)
    return render(request, "overview/map.html", context)


@never_cache
@require_GET
def points(request: HttpRequest, pk: int) -> JsonResponse:
    """Every point, with what became of it; 404 while there is no map."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    return _points(drawing_read(batch, Drawing.Kind.MAP), [pk])


@never_cache
@require_GET
def details(request: HttpRequest, pk: int) -> JsonResponse:
    """More of some points: ``?ids=q12,i7``, "q" for a query and "i" for an item."""
    get_object_or_404(batches_for(request.user), pk=pk)
    return _details(request, [pk])


@never_cache
@require_safe
def several(request: HttpRequest) -> HttpResponse:
    """A map of the batches named by ``?batch=``, one for each; of all that one sees, where none is named."""
    seen = _seen(request)
    chosen = _chosen(request)
    address = _query_of(request)
    context = {
        "batches": seen[:MOST_BATCHES],
        "chosen": {batch.pk for batch in chosen},
        "all": not request.GET.getlist("batch"),
        "more": max(0, seen.count() - MOST_BATCHES),
        "most": MOST_QUERIES,
        "points_url": reverse("overview:maps_points") + address,
        "details_url": reverse("overview:maps_details") + address,
        **_context(request, chosen),
    }
    return render(request, "overview/maps.html", context)


@require_POST
def several_request(request: HttpRequest) -> HttpResponse:
    """Have a worker draw the map of ``?batch=``, anew where there is one."""
    chosen = _chosen(request)
    services.map_request(batches=[batch.pk for batch in chosen])
    return render(request, "overview/_drawing.html", _context(request, chosen))


@never_cache
@require_GET
def several_live(request: HttpRequest) -> HttpResponse:
    """How far it is. Once it is made, the page shows it."""
    context = _context(request, _chosen(request))
    response = render(request, "overview/_drawing.html", context)
    if context["drawing"] is None or context["drawing"].state == Drawing.State.READY:
        response["HX-Refresh"] = "true"
    return response


@never_cache
@require_GET
def several_points(request: HttpRequest) -> JsonResponse:
    """As ``points``, of the map of ``?batch=``."""
    pks = [batch.pk for batch in _chosen(request)]
    drawing = map_of(pks)
    return _points(file_read(path_of(drawing)) if drawing else None, pks)


@never_cache
@require_GET
def several_details(request: HttpRequest) -> JsonResponse:
    """As ``details``, of the batches of ``?batch=``."""
    return _details(request, [batch.pk for batch in _chosen(request)])


def _points(drawn: dict | None, batches: list[int]) -> JsonResponse:
    if drawn is None:
        return JsonResponse({"code": "not_drawn", "error": "the map is not drawn yet"}, status=404)
    return JsonResponse(map_points(drawn, batches))


def _details(request: HttpRequest, batches: list[int]) -> JsonResponse:
    words = request.GET.get("ids", "").split(",")[:MOST_DETAILS]
    points = [found.groups() for word in words if (found := _POINT.fullmatch(word))]
    ids = {kind: [int(pk) for one, pk in points if one == kind] for kind in "qi"}
    return JsonResponse(point_details(batches, ids["q"], ids["i"]))


def _seen(request: HttpRequest):
    """The batches that may be on the person's map, the newest first, each with ``pictures``."""
    ready = Count("queries", filter=Q(queries__state=Query.State.READY), distinct=True)
    return batches_for(request.user).annotate(pictures=ready).filter(pictures__gt=0).order_by("-pk")


def _chosen(request: HttpRequest) -> list[Batch]:
    """Those named, else all; 200 at most. Raises Http404 where the person sees none of those named."""
    named = [whole_number(word) for word in request.GET.getlist("batch")]
    seen = batches_for(request.user).filter(queries__state=Query.State.READY).distinct().order_by("-pk")
    found = list((seen.filter(pk__in=named[:MOST_BATCHES]) if named else seen)[:MOST_BATCHES])
    if named and not found:
        raise Http404
    return found


def _query_of(request: HttpRequest) -> str:
    """The address's own ``?batch=``, for what the page asks of the same map; empty for all."""
    query = QueryDict(mutable=True)
    query.setlist(
        "batch", [word for word in request.GET.getlist("batch") if whole_number(word)][:MOST_BATCHES]
    )
    return f"?{query.urlencode()}" if query.getlist("batch") else ""


def _context(request: HttpRequest, chosen: list[Batch]) -> dict:
    address = _query_of(request)
    return {
        "kind": Drawing.Kind.MAP,
        "draw_url": reverse("overview:maps_request") + address,
        "live_url": reverse("overview:maps_live") + address,
        **state_context(map_of(batch.pk for batch in chosen)),
    }
