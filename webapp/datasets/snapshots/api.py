"""The snapshots' part of the API; for curators."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.core.http import whole_number
from webapp.core.permissions import CuratorOnly
from webapp.datasets.models import Snapshot
from webapp.datasets.snapshots.selectors import snapshot_before, snapshots_differ, snapshots_for
from webapp.datasets.snapshots.serializers import (
    DifferenceSerializer,
    SnapshotRequestSerializer,
    SnapshotSerializer,
)
from webapp.datasets.snapshots.services import snapshot_request

_BEFORE = OpenApiParameter("before", int, description="Number of the other one; by default the one before")


class SnapshotList(generics.ListAPIView):
    """Snapshots of the labels, the newest first; and new ones."""

    serializer_class = SnapshotSerializer
    permission_classes = [*generics.ListAPIView.permission_classes, CuratorOnly]
    queryset = Snapshot.objects.none()
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    def get_queryset(self):
        return snapshots_for(self.request.user)

    @extend_schema(request=SnapshotRequestSerializer, responses={201: SnapshotSerializer})
    def post(self, request: Request) -> Response:
        """Freeze the labels as they are now; poll ``snapshots/{number}/`` until its status is ready."""
        wanted = SnapshotRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        snapshot = snapshot_request(user=request.user, **wanted.validated_data)
        return Response(SnapshotSerializer(snapshot).data, status.HTTP_201_CREATED)


class SnapshotDetail(generics.RetrieveAPIView):
    """One snapshot with its data card."""

    serializer_class = SnapshotSerializer
    permission_classes = [*generics.RetrieveAPIView.permission_classes, CuratorOnly]
    queryset = Snapshot.objects.none()
    lookup_field = "number"

    def get_queryset(self):
        return snapshots_for(self.request.user)


class SnapshotDifference(APIView):
    """What changed between two snapshots."""

    permission_classes = [*APIView.permission_classes, CuratorOnly]

    @extend_schema(parameters=[_BEFORE], responses=DifferenceSerializer)
    def get(self, request: Request, number: int) -> Response:
        """Counts, and the first 200 changes. Without one before, every label was added."""
        snapshot = get_object_or_404(snapshots_for(request.user), number=number)
        before = snapshot_before(snapshot)
        if number_before := request.query_params.get("before"):
            before = get_object_or_404(snapshots_for(request.user), number=whole_number(number_before))
        return Response(DifferenceSerializer(snapshots_differ(before, snapshot)).data)
