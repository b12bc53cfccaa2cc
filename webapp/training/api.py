"""Models, what was measured of them, and which one answers: the API of training; for curators."""

from django.http import FileResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.core.errors import Conflict
from webapp.core.files.media import send_file
from webapp.core.permissions import CuratorOnly
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import live_release, model_path
from webapp.training import services
from webapp.training.models import Evaluation, ModelFile, Promotion
from webapp.training.selectors import evaluations_all, models_all, promotions_all, releases_all
from webapp.training.serializers import (
    EvaluationRequestSerializer,
    EvaluationSerializer,
    ModelFileSerializer,
    ModelSerializer,
    ModelUploadSerializer,
    PromotionRequestSerializer,
    PromotionSerializer,
    ReleaseSerializer,
    RollBackSerializer,
)

_ROOM = [*APIView.permission_classes, CuratorOnly]
_SENT = [JSONParser, FormParser, MultiPartParser]


class _Models(generics.GenericAPIView):
    serializer_class = ModelSerializer
    permission_classes = _ROOM
    queryset = ModelVersion.objects.none()

    def get_queryset(self):
        return models_all()

    def get_serializer_context(self) -> dict:
        live = live_release()
        return {**super().get_serializer_context(), "live_model": live and live.model_id}


class ModelList(_Models, generics.ListAPIView):
    """Every model, the newest first; and new ones."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=ModelUploadSerializer, responses={202: ModelFileSerializer})
    def post(self, request: Request) -> Response:
        """Bring a model in; poll ``models/files/{id}/`` until its status is ready, or rejected."""
        wanted = ModelUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data["file"]
        file = services.model_file_add(user=request.user, stream=sent, name=sent.name)
        return Response(ModelFileSerializer(file).data, status.HTTP_202_ACCEPTED)


class ModelDetail(_Models, generics.RetrieveAPIView):
    """One model."""


class ModelFileDetail(generics.RetrieveAPIView):
    """What became of an uploaded weights file."""

    serializer_class = ModelFileSerializer
    permission_classes = _ROOM
    queryset = ModelFile.objects.all()


class ModelDownload(APIView):
    """A model as one file."""

    permission_classes = _ROOM

    @extend_schema(
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            404: OpenApiResponse(OpenApiTypes.OBJECT, "There is no such model, or its file is gone"),
        }
    )
    def get(self, request: Request, pk: int) -> FileResponse:
        """Weights, recipe, calibration and training record in one file, as it came."""
        model = get_object_or_404(ModelVersion, pk=pk)
        name = f"{model.name}-{model.sha256[:8]}.safetensors"
        return send_file(model_path(model), fixed=True, download_as=name)


class EvaluationList(generics.ListAPIView):
    """Every evaluation, the newest first; and new ones."""

    serializer_class = EvaluationSerializer
    permission_classes = _ROOM
    queryset = Evaluation.objects.none()
    parser_classes = _SENT

    def get_queryset(self):
        return evaluations_all()

    @extend_schema(request=EvaluationRequestSerializer, responses={201: EvaluationSerializer})
    def post(self, request: Request) -> Response:
        """Measure a model beside the live one; poll ``evaluations/{id}/`` until its status is ready."""
        wanted = EvaluationRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = dict(wanted.validated_data)
        made = services.evaluation_request(user=request.user, candidate=sent.pop("model"), **sent)
        return Response(EvaluationSerializer(made).data, status.HTTP_201_CREATED)


class EvaluationDetail(generics.RetrieveAPIView):
    """One evaluation, with its results and gates."""

    serializer_class = EvaluationSerializer
    permission_classes = _ROOM
    queryset = Evaluation.objects.none()

    def get_queryset(self):
        return evaluations_all()


class PromotionList(generics.ListAPIView):
    """Every promotion and every way back, the newest first; and new promotions."""

    serializer_class = PromotionSerializer
    permission_classes = _ROOM
    queryset = Promotion.objects.none()
    parser_classes = _SENT

    def get_queryset(self):
        return promotions_all()

    @extend_schema(request=PromotionRequestSerializer, responses={201: PromotionSerializer})
    def post(self, request: Request) -> Response:
        """Let a model answer; poll ``promotions/{id}/`` until its status is ready.

        400 ``gate_closed`` where a gate is closed and no reason is given; 409 ``promotion_under_way``.
        """
        wanted = PromotionRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = services.promotion_request(user=request.user, **wanted.validated_data)
        return Response(PromotionSerializer(made).data, status.HTTP_201_CREATED)


class PromotionDetail(generics.RetrieveAPIView):
    """One promotion."""

    serializer_class = PromotionSerializer
    permission_classes = _ROOM
    queryset = Promotion.objects.none()

    def get_queryset(self):
        return promotions_all()


class ReleaseList(generics.ListAPIView):
    """Every release, the newest first."""

    serializer_class = ReleaseSerializer
    permission_classes = _ROOM
    queryset = Release.objects.none()

    def get_queryset(self):
        return releases_all()


class ReleaseLive(APIView):
    """The release that answers."""

    permission_classes = _ROOM

    @extend_schema(responses={200: ReleaseSerializer, 409: OpenApiTypes.OBJECT})
    def get(self, request: Request) -> Response:
        """The release that answers now; 409 ``no_release`` before the first set-up."""
        live = live_release()
        if live is None:
            raise Conflict("there is no live release yet", hint="run manage.py setup", code="no_release")
        return Response(ReleaseSerializer(live).data)


class ReleaseBack(APIView):
    """The way back."""

    permission_classes = _ROOM
    parser_classes = _SENT

    @extend_schema(request=RollBackSerializer, responses={201: ReleaseSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Let the model and index of an earlier release answer again, at once, as a new release."""
        wanted = RollBackSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        release = get_object_or_404(releases_all(), pk=pk)
        made = services.release_roll_back(user=request.user, release=release, **wanted.validated_data)
        return Response(ReleaseSerializer(made).data, status.HTTP_201_CREATED)
