"""The blocks' part of the API: everybody reads it, curators write."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import generics, status
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.blocks import services
from webapp.blocks.faces.mending import places_edit
from webapp.blocks.faces.payload import face_edited_body
from webapp.blocks.models import Block, Scan
from webapp.blocks.reading import scan_read_again
from webapp.blocks.selectors import SORTS, blocks_found
from webapp.blocks.serializers import (
    BlockChangeSerializer,
    BlockSerializer,
    CharactersSerializer,
    CharactersSetSerializer,
    PlaceSerializer,
    ScanSerializer,
    ScanUploadSerializer,
)
from webapp.core.permissions import CuratorOrReadOnly
from webapp.pages.boxes.serializers import EditSerializer, JobSerializer, operation_of


class _Blocks(generics.GenericAPIView):
    serializer_class = BlockSerializer
    permission_classes = [*generics.GenericAPIView.permission_classes, CuratorOrReadOnly]
    parser_classes = [JSONParser]
    queryset = Block.objects.none()

    def get_queryset(self):
        words = self.request.query_params
        found = blocks_found(search=words.get("search", ""), sort=words.get("sort", ""))
        return found.prefetch_related("scans")

    def block(self) -> Block:
        """The block asked for."""
        return get_object_or_404(Block, pk=self.kwargs["pk"], deleted_at=None)

    def shown(self, pk: int, code: int = status.HTTP_200_OK) -> Response:
        """A block as it is now."""
        return Response(BlockSerializer(self.get_queryset().get(pk=pk)).data, code)


class BlockList(_Blocks):
    """All blocks, and new ones."""

    @extend_schema(
        parameters=[
            OpenApiParameter("search", str, description="Words of what is known of a block"),
            OpenApiParameter("sort", str, enum=[name for name in SORTS if name]),
        ],
        responses=BlockSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """All blocks, the newest first, or as ``?sort=`` says."""
        page = self.paginate_queryset(self.get_queryset())
        return self.get_paginated_response(BlockSerializer(page, many=True).data)

    @extend_schema(request=BlockChangeSerializer, responses={201: BlockSerializer})
    def post(self, request: Request) -> Response:
        """A new block; its scans are sent to ``scans/``, or by tus to ``/api/v1/block-uploads/``."""
        wanted = BlockChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        block = services.block_create(user=request.user, values=wanted.validated_data)
        return self.shown(block.pk, status.HTTP_201_CREATED)


class BlockDetail(_Blocks):
    """One block."""

    def get(self, request: Request, pk: int) -> Response:
        """What is known of the block, and how far its scans are."""
        return self.shown(self.block().pk)

    @extend_schema(request=BlockChangeSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Change what is known of the block."""
        wanted = BlockChangeSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        services.block_update(block=self.block(), user=request.user, values=wanted.validated_data)
        return self.shown(pk)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Put the block into the trash."""
        services.block_delete(block=self.block(), user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class BlockScans(_Blocks):
    """New scans of a block."""

    serializer_class = ScanSerializer
    parser_classes = [MultiPartParser]

    @extend_schema(request=ScanUploadSerializer, responses={201: ScanSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """A scan's mesh as ``file``, sent whole; large ones are better sent by tus."""
        wanted = ScanUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        scan = services.scan_add(
            block=self.block(),
            user=request.user,
            name=sent["file"].name,
            stream=sent["file"],
            face=sent["face"],
            unit=sent["unit"],
        )
        return Response(ScanSerializer(scan).data, status.HTTP_201_CREATED)


class _Scans(generics.GenericAPIView):
    serializer_class = ScanSerializer
    permission_classes = [*generics.GenericAPIView.permission_classes, CuratorOrReadOnly]
    parser_classes = [JSONParser]
    queryset = Scan.objects.filter(block__deleted_at=None).select_related("block")


class ScanDetail(_Scans):
    """One scan."""

    def get(self, request: Request, pk: int) -> Response:
        """What was found on the scan, or why it was refused."""
        return Response(ScanSerializer(self.get_object()).data)

    @extend_schema(responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete the scan with its places."""
        services.scan_delete(scan=self.get_object(), user=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)


class ScanAgain(_Scans):
    """Scans read anew."""

    @extend_schema(request=None, responses={202: JobSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have the scan read again; what people set stays."""
        job = scan_read_again(scan=self.get_object(), user=request.user)
        return Response({"job": job.pk}, status.HTTP_202_ACCEPTED)


class ScanPlaces(_Scans):
    """The characters on a face."""

    serializer_class = PlaceSerializer

    @extend_schema(responses=PlaceSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The places on the face, in reading order."""
        rows = self.get_object().places.filter(deleted=None).select_related("item")
        page = self.paginate_queryset(rows.order_by("order", "pk"))
        return self.get_paginated_response(PlaceSerializer(page, many=True).data)


class ScanEdits(_Scans):
    """Edits of the places on a face."""

    serializer_class = EditSerializer

    @extend_schema(request=EditSerializer, responses=dict)
    def post(self, request: Request, pk: int) -> Response:
        """Operations on places, as on boxes of pages, in pixels of the print (see ``px_per_mm``)."""
        wanted = EditSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        edited = places_edit(
            scan=self.get_object(),
            person=request.user,
            version=sent["version"],
            operations=[operation_of(one) for one in sent["operations"]],
            key=sent.get("key"),
        )
        return Response(face_edited_body(edited))


class ScanCharacters(_Scans):
    """The characters of a face's places."""

    serializer_class = CharactersSerializer

    @extend_schema(request=CharactersSerializer, responses=CharactersSetSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Say which characters the places hold, one of the text for each in reading order."""
        wanted = CharactersSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        text = wanted.validated_data["text"]
        return Response(
            {"set": services.characters_set(scan=self.get_object(), user=request.user, text=text)}
        )
