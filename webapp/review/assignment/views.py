"""Cards for the page's script: assigned, kept for longer, and released."""

from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from webapp.batches.selectors import batches_for
from webapp.core.pages.page_data import page_data
from webapp.review.assignment.leases import cards_assign, leases_extend, leases_release
from webapp.review.assignment.payload import assignment_body, extension_body
from webapp.review.assignment.serializers import AssignSerializer, LeasedIdsSerializer


@require_POST
def assign(request: HttpRequest, pk: int) -> JsonResponse:
    """Give the person the next cards, for two minutes: ``{cards, left, until}``."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    wanted = page_data(request, AssignSerializer)
    assignment = cards_assign(batch=batch, user=request.user, **wanted.validated_data)
    return JsonResponse(assignment_body(assignment, batch, request.user))


@require_POST
def extend(request: HttpRequest, pk: int) -> JsonResponse:
    """Keep cards for two minutes more: ``{held, lost}``; lost are those that somebody else has by now."""
    return JsonResponse(extension_body(leases_extend(queries=_sent_ids(request, pk), holder=request.user)))


@require_POST
def release(request: HttpRequest, pk: int) -> JsonResponse:
    """Give cards back."""
    leases_release(queries=_sent_ids(request, pk), holder=request.user)
    return JsonResponse({"released": True})


def _sent_ids(request: HttpRequest, pk: int) -> list[int]:
    get_object_or_404(batches_for(request.user), pk=pk)
    return page_data(request, LeasedIdsSerializer).validated_data["ids"]
