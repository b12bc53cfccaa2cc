"""The trash, for programs of curators."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.batches.models import Batch
from webapp.batches.trash import KEPT, batch_purge, trashed_batches
from webapp.core.permissions import require_curator
from webapp.overview.trash.services import batch_take_out


class TrashedBatchSerializer(serializers.ModelSerializer):
    """A deleted batch. until: when it is deleted for good."""

    owner = serializers.CharField(source="owner.username", read_only=True)
    deleted_by = serializers.CharField(source="deleted_by.username", read_only=True, allow_null=True)
    until = serializers.SerializerMethodField()

    class Meta:
        model = Batch
        fields = ["id", "name", "owner", "created", "deleted", "deleted_by", "until"]

    def get_until(self, batch: Batch) -> str:
        return (batch.deleted + KEPT).isoformat().replace("+00:00", "Z")


class TrashList(generics.ListAPIView):
    """The trash."""

    serializer_class = TrashedBatchSerializer
    queryset = Batch.objects.none()

    def get_queryset(self):
        """Deleted batches, the last one first; for curators."""
        require_curator(self.request.user)
        return trashed_batches()


class TrashedBatch(APIView):
    """One batch in the trash."""

    @extend_schema(request=None, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        """Restore the batch, with its answers; for curators."""
        batch_take_out(batch=self._batch(), curator=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete the batch for good, with all its answers; for curators."""
        batch_purge(batch=self._batch(), curator=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _batch(self) -> Batch:
        require_curator(self.request.user)
        return get_object_or_404(trashed_batches(), pk=self.kwargs["pk"])
