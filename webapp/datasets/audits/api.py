"""Audits in the API; for curators."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import generics, status
from rest_framework.parsers import FormParser, JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.batches.models import Batch
from webapp.core.permissions import CuratorOnly
from webapp.datasets.audits.selectors import audits_for, rows_found
from webapp.datasets.audits.serializers import (
    AuditRequestSerializer,
    AuditRowSerializer,
    AuditSerializer,
    RowFilterSerializer,
)
from webapp.datasets.audits.services import audit_follow, audit_request
from webapp.datasets.models import Audit, AuditRow
from webapp.datasets.snapshots.selectors import snapshots_for

_CURATORS = [*APIView.permission_classes, CuratorOnly]


class AuditList(generics.ListAPIView):
    """Audits of labels, the newest first; and new ones."""

    serializer_class = AuditSerializer
    permission_classes = _CURATORS
    queryset = Audit.objects.none()
    parser_classes = [JSONParser, FormParser, MultiPartParser]

    def get_queryset(self):
        return audits_for(self.request.user)

    @extend_schema(request=AuditRequestSerializer, responses={201: AuditSerializer})
    def post(self, request: Request) -> Response:
        """Have labels weighed; poll ``audits/{id}/`` until its status is ready."""
        wanted = AuditRequestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        if number := wanted.validated_data.get("snapshot"):
            snapshot = get_object_or_404(snapshots_for(request.user), number=number)
            audit = audit_request(user=request.user, snapshot=snapshot)
        else:
            batch = get_object_or_404(Batch, pk=wanted.validated_data["batch"])
            audit = audit_request(user=request.user, batch=batch)
        return Response(AuditSerializer(audit).data, status.HTTP_201_CREATED)


class AuditDetail(generics.RetrieveAPIView):
    """One audit, and how far people are with it."""

    serializer_class = AuditSerializer
    permission_classes = _CURATORS
    queryset = Audit.objects.none()

    def get_queryset(self):
        return audits_for(self.request.user)

    def get_object(self):
        audit = super().get_object()
        audit_follow(audit=audit)
        return audit


class AuditRows(generics.ListAPIView):
    """What an audit doubts, the most doubtful first."""

    serializer_class = AuditRowSerializer
    permission_classes = _CURATORS
    queryset = AuditRow.objects.none()

    @extend_schema(parameters=[RowFilterSerializer])
    def get(self, request: Request, pk: int) -> Response:
        """What an audit doubts, the most doubtful first."""
        return self.list(request, pk)

    def get_queryset(self):
        audit = get_object_or_404(audits_for(self.request.user), pk=self.kwargs["pk"])
        wanted = RowFilterSerializer(data=self.request.query_params)
        wanted.is_valid(raise_exception=True)
        audit_follow(audit=audit)
        return rows_found(audit, **wanted.validated_data)
