"""This room's part of the API."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for, may_change
from webapp.review.consensus.batch_parts import batch_parts
from webapp.search.services import batch_search_again


class SearchAgainSerializer(serializers.Serializer):
    """How many queries are searched again."""

    queries = serializers.IntegerField(read_only=True)


class PartsSerializer(serializers.Serializer):
    """A batch's pictures by how far they are; refused ones are not among them."""

    waiting = serializers.IntegerField(read_only=True)
    suggested = serializers.IntegerField(read_only=True)
    answered = serializers.IntegerField(read_only=True)
    disputed = serializers.IntegerField(read_only=True)
    settled = serializers.IntegerField(read_only=True)


class SearchAgain(GenericAPIView):
    """A batch, and the gallery of today."""

    serializer_class = SearchAgainSerializer
    queryset = Batch.objects.none()

    @extend_schema(request=None, responses={202: SearchAgainSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Search again for every unanswered query; for the batch's owner and curators. Answers stay."""
        batch = get_object_or_404(batches_for(request.user), pk=pk)
        if not may_change(batch, request.user):
            raise PermissionDenied("Only the owner of a batch, or a curator, may do this.")
        found = {"queries": batch_search_again(batch=batch)}
        return Response(SearchAgainSerializer(found).data, status.HTTP_202_ACCEPTED)


class BatchParts(GenericAPIView):
    """How far a batch is."""

    serializer_class = PartsSerializer
    queryset = Batch.objects.none()

    def get(self, request: Request, pk: int) -> Response:
        """The batch's pictures, each in one part: waiting, suggested, answered, disputed or settled."""
        batch = get_object_or_404(batches_for(request.user), pk=pk)
        return Response(PartsSerializer(batch_parts(batch)).data)
