"""The map of a batch: pictures that are alike lie close together."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from webapp.batches.selectors import batches_for
from webapp.overview.atlas import MOST_TOLD, map_points, points_told
from webapp.overview.drawing_views import drawing_shown
from webapp.overview.models import Drawing

_POINT = re.compile(r"([qi])(\d{1,18})", re.ASCII)


@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The map, drawn first where it is not there yet."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    return render(request, "overview/map.html", drawing_shown(batch, Drawing.Kind.MAP))


@never_cache
@require_GET
def points(request: HttpRequest, pk: int) -> JsonResponse:
    """Every point, with what became of it; 404 while there is no map."""
    found = map_points(get_object_or_404(batches_for(request.user), pk=pk))
    if found is None:
        return JsonResponse({"code": "not_drawn", "error": "the map is not drawn yet"}, status=404)
    return JsonResponse(found)


@never_cache
@require_GET
def told(request: HttpRequest, pk: int) -> JsonResponse:
    """More of some points: ``?ids=q12,i7``, "q" for a query and "i" for an item."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    words = request.GET.get("ids", "").split(",")[:MOST_TOLD]
    asked = [found.groups() for word in words if (found := _POINT.fullmatch(word))]
    ids = {kind: [int(pk) for one, pk in asked if one == kind] for kind in "qi"}
    return JsonResponse(points_told(batch, ids["q"], ids["i"]))
