"""Label imports in the API; for curators."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.core.permissions import CuratorOnly
from webapp.datasets.imports.selectors import imports_for, rows_of_import
from webapp.datasets.imports.serializers import (
    LabelImportApplySerializer,
    LabelImportRequestSerializer,
    LabelImportRowSerializer,
    LabelImportSerializer,
    StandingFilterSerializer,
)
from webapp.datasets.imports.services import import_add, import_apply, import_undo
from webapp.datasets.imports.views import batch_named, sent_file
from webapp.datasets.models import LabelImport, LabelImportRow

_CURATORS = [*APIView.permission_classes, CuratorOnly]


class LabelImportList(generics.ListAPIView):
    """Files of labels that were brought in, the newest first; and new ones."""

    serializer_class = LabelImportSerializer
    permission_classes = _CURATORS
    queryset = LabelImport.objects.none()
    parser_classes = [MultiPartParser]

    def get_queryset(self):
        return imports_for(self.request.user)

    @extend_schema(
        request={"multipart/form-data": LabelImportRequestSerializer}, responses={201: LabelImportSerializer}
    )
    def post(self, request: Request) -> Response:
        """Send a file (CSV, JSON Lines, Label Studio); poll it until it is read, then apply it."""
        made = import_add(user=request.user, by_name_in=batch_named(request.data), **sent_file(request.FILES))
        return Response(LabelImportSerializer(made).data, status.HTTP_201_CREATED)


class LabelImportDetail(generics.RetrieveAPIView):
    """One file of labels, and what became of it."""

    serializer_class = LabelImportSerializer
    permission_classes = _CURATORS
    queryset = LabelImport.objects.none()

    def get_queryset(self):
        return imports_for(self.request.user)


class LabelImportRows(generics.ListAPIView):
    """What a file says, in its order."""

    serializer_class = LabelImportRowSerializer
    permission_classes = _CURATORS
    queryset = LabelImportRow.objects.none()

    @extend_schema(parameters=[StandingFilterSerializer])
    def get(self, request: Request, pk: int) -> Response:
        """What a file says, in its order."""
        return self.list(request, pk)

    def get_queryset(self):
        upload = get_object_or_404(imports_for(self.request.user), pk=self.kwargs["pk"])
        wanted = StandingFilterSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        return rows_of_import(upload, **wanted.validated_data)


class LabelImportApply(APIView):
    """A file's labels written as answers."""

    permission_classes = _CURATORS
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(request=LabelImportApplySerializer, responses={202: LabelImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have them written; poll the file until its status is applied."""
        upload = get_object_or_404(imports_for(request.user), pk=pk)
        wanted = LabelImportApplySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        made = import_apply(upload=upload, **wanted.validated_data)
        return Response(LabelImportSerializer(made).data, status.HTTP_202_ACCEPTED)


class LabelImportUndo(APIView):
    """A file's answers taken back."""

    permission_classes = _CURATORS
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    @extend_schema(request=None, responses={202: LabelImportSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have all of it taken back, but what somebody changed since."""
        upload = get_object_or_404(imports_for(request.user), pk=pk)
        return Response(LabelImportSerializer(import_undo(upload=upload)).data, status.HTTP_202_ACCEPTED)
