"""The exports' part of the API."""

from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.batches.selectors import batches_for
from webapp.core.errors import Conflict
from webapp.core.files.media import send_file
from webapp.datasets.exports.selectors import export_file_name, export_path, exports_for
from webapp.datasets.exports.serializers import ExportRequestSerializer, ExportSerializer
from webapp.datasets.exports.services import export_request, snapshot_export_request
from webapp.datasets.models import Export
from webapp.datasets.snapshots.selectors import snapshots_for
from webapp.pages.models import Page


class ExportList(generics.ListAPIView):
    """Exports of the batches and snapshots one sees, the newest first; and new ones."""

    serializer_class = ExportSerializer
    queryset = Export.objects.none()
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    def get_queryset(self):
        return exports_for(self.request.user)

    @extend_schema(request=ExportRequestSerializer, responses={201: ExportSerializer})
    def post(self, request: Request) -> Response:
        """Ask for labels as one file; poll ``exports/{id}/`` until its status is ready."""
        wanted = ExportRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = dict(wanted.validated_data)
        if number := sent.pop("snapshot", None):
            sent.pop("page", None)
            snapshot = get_object_or_404(snapshots_for(request.user), number=number)
            export = snapshot_export_request(snapshot=snapshot, owner=request.user, **sent)
        else:
            sent.pop("split", None)
            batch = get_object_or_404(batches_for(request.user), pk=sent.pop("batch"))
            if number := sent.pop("page", None):
                sent["page"] = get_object_or_404(Page, document__batch=batch, pk=number)
            export = export_request(batch=batch, owner=request.user, **sent)
        return Response(ExportSerializer(export).data, status.HTTP_201_CREATED)


class ExportDetail(generics.RetrieveAPIView):
    """How far an export is."""

    serializer_class = ExportSerializer
    queryset = Export.objects.none()

    def get_queryset(self):
        return exports_for(self.request.user)


class ExportDownload(APIView):
    """The file of an export."""

    @extend_schema(
        responses={
            (200, "application/octet-stream"): OpenApiTypes.BINARY,
            409: OpenApiResponse(OpenApiTypes.OBJECT, "The file is not ready, or could not be written"),
        }
    )
    def get(self, request: Request, pk) -> FileResponse:
        """The file; 409 until it is ready."""
        export = get_object_or_404(exports_for(request.user), pk=pk)
        if export.state == Export.State.FAILED:
            raise Conflict(
                f"the export failed: {export.error}", hint=export.hint, code="export_failed", retryable=False
            )
        if export.state != Export.State.READY:
            raise Conflict("the export is still being written", hint="wait a moment", code="not_ready")
        try:
            return send_file(export_path(export), fixed=True, download_as=export_file_name(export))
        except Http404:
            raise Conflict(
                "the file of this export was removed",
                hint="export again",
                code="file_gone",
                retryable=False,
            ) from None
