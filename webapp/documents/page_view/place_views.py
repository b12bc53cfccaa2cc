"""Where a picture stands on its page: for the card of the review."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_GET

from webapp.documents.page_view.box_payload import boxes_body
from webapp.pages.models import Box
from webapp.pages.selectors import pages_for
from webapp.pages.tiles import tiles_address

_AROUND = 8


@require_GET
def place(request: HttpRequest, pk: int) -> JsonResponse:
    """The box of a query, and the boxes that are read before and after it in its column."""
    seen = Box.objects.filter(page__in=pages_for(request.user), deleted=None).select_related(
        "page__document__batch"
    )
    box = get_object_or_404(seen, query=pk)
    column = list(Box.objects.filter(page=box.page, column=box.column, deleted=None).order_by("order", "pk"))
    at = column.index(box)
    around = column[max(0, at - _AROUND) : at + _AROUND + 1]
    address = reverse("documents:page", args=[box.page_id])
    body = {
        "address": f"{address}?box={box.pk}",
        "doors": address,
        "width": box.page.width,
        "height": box.page.height,
        "tiles": tiles_address(box.page),
        "box": box.pk,
        "boxes": boxes_body(box.page, around, request.user),
    }
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response
