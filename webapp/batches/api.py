"""The batches' part of the API."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.batches import services, trash
from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for, batches_progress, may_change, with_left_out
from webapp.batches.serializers import (
    BatchChangeSerializer,
    BatchFilesSerializer,
    BatchSerializer,
    BatchUploadSerializer,
    MaybePagesSerializer,
)
from webapp.core.files.uploads import ByteStream

_TRUE = {"1", "true", "yes"}


class _Batches(GenericAPIView):
    """Those batches that a person sees; another's is not there."""

    serializer_class = BatchSerializer
    queryset = Batch.objects.none()

    def get_queryset(self):
        return with_left_out(batches_for(self.request.user)).order_by("-pk")

    def kept(self) -> Batch:
        """The batch asked for, if the person may change it."""
        batch = get_object_or_404(batches_for(self.request.user), pk=self.kwargs["pk"])
        if not may_change(batch, self.request.user):
            raise PermissionDenied("Only the owner of a batch, or a curator, may do this.")
        return batch

    def shown(self, batch: Batch, code: int = status.HTTP_200_OK) -> Response:
        """The batch as it is now."""
        return Response(self.get_serializer(self.get_queryset().get(pk=batch.pk)).data, code)


class BatchList(_Batches):
    """All batches one sees, the newest first; and new ones."""

    parser_classes = [MultiPartParser]

    @extend_schema(responses=BatchSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All batches one sees, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        context = {**self.get_serializer_context(), "progress": batches_progress(page)}
        return self.get_paginated_response(BatchSerializer(page, many=True, context=context).data)

    @extend_schema(request=BatchUploadSerializer, responses={201: BatchSerializer})
    def post(self, request: Request) -> Response:
        """A new batch of pictures, or zips of them, as ``files``, repeated.

        What a file is, its content says. A bad one stops no other: refused pictures are counted as failed
        (see ``queries/?batch=&status=rejected``), what is no picture is in ``left_out``. For more than fit
        into one request say ``open``, send the rest to ``files/``, and then change ``open`` to false.

        Pictures that look like whole pages are taken ``as`` characters, unless you say pages, or ask: then
        they wait, counted in ``maybe_pages``, for ``maybe-pages/``.
        """
        wanted = BatchUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        batch = services.batch_create(
            owner=request.user, name=sent.get("name", ""), shared=sent["shared"], pictures_as=sent["as"]
        )
        services.batch_add_files(batch=batch, files=_files(sent))
        if sent["open"]:
            services.batch_enqueue(batch=batch)
        else:
            services.batch_close(batch=batch)
        return self.shown(batch, status.HTTP_201_CREATED)


class BatchDetail(_Batches):
    """One batch."""

    parser_classes = [JSONParser]

    def get(self, request: Request, pk: int) -> Response:
        """How far the batch is, and what was left out of it."""
        return self.shown(get_object_or_404(batches_for(request.user), pk=pk))

    @extend_schema(request=BatchChangeSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Rename or share the batch, or say that all its files were sent; for its owner and curators."""
        batch = self.kept()
        wanted = BatchChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        if "name" in wanted.validated_data:
            services.batch_rename(batch=batch, name=wanted.validated_data["name"])
        if "shared" in wanted.validated_data:
            services.batch_share(batch=batch, shared=wanted.validated_data["shared"])
        if "open" in wanted.validated_data:
            services.batch_close(batch=batch)
        return self.shown(batch)

    @extend_schema(
        parameters=[OpenApiParameter("with_answers", bool, description="Delete answers already given too")],
        responses={204: None, 409: OpenApiTypes.OBJECT},
    )
    def delete(self, request: Request, pk: int) -> Response:
        """Delete the batch; 409 where it has answers, unless ``?with_answers=true``.

        403 ``answered_by_others`` where others have answered: that is for curators.
        """
        with_answers = request.query_params.get("with_answers", "").lower() in _TRUE
        trash.batch_delete(batch=self.kept(), by=request.user, with_answers=with_answers)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BatchFiles(_Batches):
    """More files for a batch."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=BatchFilesSerializer, responses={200: BatchSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Add pictures, or zips of them; for the batch's owner and curators."""
        batch = self.kept()
        wanted = BatchFilesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.batch_add_files(batch=batch, files=_files(wanted.validated_data))
        services.batch_enqueue(batch=batch)
        return self.shown(batch)


class BatchMaybePages(_Batches):
    """Pictures that look like whole pages."""

    parser_classes = [JSONParser]

    @extend_schema(request=MaybePagesSerializer, responses={200: BatchSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Say what they are; pages go into the batch's document. For the batch's owner and curators."""
        batch = self.kept()
        wanted = MaybePagesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.maybe_pages_answer(batch=batch, pages=wanted.validated_data["as"] == "pages")
        return self.shown(batch)


def _files(sent: dict) -> list[tuple[str, ByteStream]]:
    return list(zip(sent["names"], sent["files"], strict=True))
