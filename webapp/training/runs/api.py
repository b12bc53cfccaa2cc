"""The training runs' part of the API; for curators."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.core.permissions import CuratorOnly
from webapp.datasets.models import Snapshot
from webapp.training.models import TrainingRun
from webapp.training.runs.serializers import (
    TrainingRunDetailSerializer,
    TrainingRunRequestSerializer,
    TrainingRunSerializer,
)
from webapp.training.runs.services import run_pause, run_request, run_resume, run_stop, runs_all

_ROOM = [*APIView.permission_classes, CuratorOnly]


class TrainingRunList(generics.ListAPIView):
    """Training runs, the newest first; and new ones."""

    serializer_class = TrainingRunSerializer
    permission_classes = _ROOM
    queryset = TrainingRun.objects.none()
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    def get_queryset(self):
        return runs_all()

    @extend_schema(request=TrainingRunRequestSerializer, responses={201: TrainingRunSerializer})
    def post(self, request: Request) -> Response:
        """Train a model; poll ``training-runs/{id}/`` until its status is done, then its evaluations."""
        wanted = TrainingRunRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        snapshot = get_object_or_404(Snapshot, number=values.pop("snapshot"))
        run = run_request(user=request.user, snapshot=snapshot, **values)
        return Response(TrainingRunSerializer(run).data, status.HTTP_201_CREATED)


class TrainingRunDetail(generics.RetrieveAPIView):
    """One run with its curves and its log."""

    serializer_class = TrainingRunDetailSerializer
    permission_classes = _ROOM
    queryset = TrainingRun.objects.none()

    def get_queryset(self):
        return runs_all()


class _Wish(APIView):
    permission_classes = _ROOM
    serializer_class = TrainingRunSerializer

    def _wished(self, pk: int, wish) -> Response:
        run = get_object_or_404(runs_all(), pk=pk)
        wish(run=run)
        return Response(TrainingRunSerializer(run).data)


class TrainingRunPause(_Wish):
    """Keep what it learned, and make way."""

    @extend_schema(request=None, responses=TrainingRunSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Pause it; 409 where it neither waits nor runs."""
        return self._wished(pk, run_pause)


class TrainingRunResume(_Wish):
    """Go on from where it was."""

    @extend_schema(request=None, responses=TrainingRunSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Go on; 409 where it neither pauses nor failed."""
        return self._wished(pk, run_resume)


class TrainingRunStop(_Wish):
    """End it for good."""

    @extend_schema(request=None, responses=TrainingRunSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Stop it; nothing of it is kept. 409 where it is over."""
        return self._wished(pk, run_stop)
