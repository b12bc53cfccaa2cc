"""Leases of cards, and a batch's settings: the API of assignment."""

from django.core.exceptions import PermissionDenied
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.batches.selectors import may_change
from webapp.review.assignment.batch_settings import batch_settings_change, settings_of
from webapp.review.assignment.leases import cards_assign, leases_extend, leases_release
from webapp.review.assignment.payload import assignment_body, extension_body
from webapp.review.assignment.serializers import (
    AssignmentSerializer,
    AssignSerializer,
    BatchSettingsSerializer,
    ExtensionSerializer,
    LeasedIdsSerializer,
)
from webapp.review.batch_view import BatchView


class BatchAssign(BatchView):
    """Cards to be answered."""

    @extend_schema(request=AssignSerializer, responses=AssignmentSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Get the next cards for two minutes: nobody else is given them meanwhile."""
        batch, wanted = self.batch(), AssignSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        assignment = cards_assign(batch=batch, user=request.user, **wanted.validated_data)
        return Response(assignment_body(assignment, batch, request.user))


class BatchExtend(BatchView):
    """Cards that one goes on having."""

    @extend_schema(request=LeasedIdsSerializer, responses=ExtensionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Keep cards for two minutes more. Ask every 40 seconds; what is lost, somebody else may answer."""
        self.batch()
        return Response(extension_body(leases_extend(queries=_sent_ids(request), holder=request.user)))


class BatchRelease(BatchView):
    """Cards that one gives back."""

    @extend_schema(request=LeasedIdsSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Give cards back before their time."""
        self.batch()
        leases_release(queries=_sent_ids(request), holder=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BatchSettingsDetail(BatchView):
    """How a batch is answered."""

    @extend_schema(responses=BatchSettingsSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """By whom, how many times, and what is shown meanwhile."""
        return Response(BatchSettingsSerializer(settings_of(self.batch())).data)

    @extend_schema(request=BatchSettingsSerializer, responses=BatchSettingsSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is sent; for the batch's owner and curators. Labels are added up anew."""
        batch = self.batch()
        if not may_change(batch, request.user):
            raise PermissionDenied("Only the owner of a batch, or a curator, may do this.")
        wanted = BatchSettingsSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        changed = batch_settings_change(batch=batch, settings=wanted.changed(settings_of(batch)))
        return Response(BatchSettingsSerializer(settings_of(changed)).data)


def _sent_ids(request: Request) -> list[int]:
    wanted = LeasedIdsSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data["ids"]
