"""The documents' part of the API."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.batches.selectors import may_change
from webapp.batches.services import batch_close
from webapp.documents.page_view.serializers import PageSerializer
from webapp.documents.progress import document_progress
from webapp.documents.serializers import (
    DocumentFilesSerializer,
    DocumentManifestSerializer,
    DocumentOrderSerializer,
    DocumentSerializer,
    DocumentUploadSerializer,
)
from webapp.pages.manifests.services import document_of_manifest
from webapp.pages.models import Document
from webapp.pages.selectors import document_pages, documents_for
from webapp.pages.services import (
    document_add_files,
    document_create,
    document_enqueue,
    document_update,
    pages_order,
)


class _Documents(GenericAPIView):
    """Those documents that a person sees; another's is not there."""

    serializer_class = DocumentSerializer
    queryset = Document.objects.none()

    def get_queryset(self):
        return documents_for(self.request.user)

    def kept(self) -> Document:
        """The document asked for, if the person may change it."""
        document = get_object_or_404(documents_for(self.request.user), pk=self.kwargs["pk"])
        if not may_change(document.batch, self.request.user):
            raise PermissionDenied("Only the owner of a document, or a curator, may do this.")
        return document

    def shown(self, document: Document, code: int = status.HTTP_200_OK) -> Response:
        """The document as it is now."""
        return Response(DocumentSerializer(self.get_queryset().get(pk=document.pk)).data, code)


class DocumentList(_Documents):
    """All documents one sees, the newest first; and new ones."""

    parser_classes = [MultiPartParser]

    @extend_schema(responses=DocumentSerializer(many=True))
    def get(self, request: Request) -> Response:
        """All documents one sees, the newest first."""
        page = self.paginate_queryset(self.get_queryset())
        context = {**self.get_serializer_context(), "progress": document_progress(page)}
        return self.get_paginated_response(DocumentSerializer(page, many=True, context=context).data)

    @extend_schema(request=DocumentUploadSerializer, responses={201: DocumentSerializer})
    def post(self, request: Request) -> Response:
        """A new document of page scans, PDFs, TIFFs, or zips of them, as ``files``, repeated."""
        wanted = DocumentUploadSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        document = document_create(owner=request.user, title=sent.get("title", ""), shared=sent["shared"])
        document_add_files(document=document, files=zip(sent["names"], sent["files"], strict=True))
        document_enqueue(document=document)
        batch_close(batch=document.batch)
        return self.shown(document, status.HTTP_201_CREATED)


class DocumentManifests(_Documents):
    """Documents of pages that lie elsewhere."""

    parser_classes = [JSONParser]

    @extend_schema(request=DocumentManifestSerializer, responses={201: DocumentSerializer})
    def post(self, request: Request) -> Response:
        """A new document of the pictures that a IIIF Presentation manifest names, fetched by a worker.

        400 ``host_not_allowed`` where the operator has not allowed its host.
        """
        wanted = DocumentManifestSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        document = document_of_manifest(owner=request.user, **wanted.validated_data)
        return self.shown(document, status.HTTP_201_CREATED)


class DocumentDetail(_Documents):
    """One document."""

    parser_classes = [JSONParser]

    def get(self, request: Request, pk: int) -> Response:
        """How far the document is, and what is known of it."""
        return self.shown(get_object_or_404(documents_for(request.user), pk=pk))

    def patch(self, request: Request, pk: int) -> Response:
        """Change its title, what is known of it, or its further fields; for its owner and curators."""
        document = self.kept()
        wanted = DocumentSerializer(data=request.data, partial=True)
        wanted.is_valid(raise_exception=True)
        document_update(document=document, changes=wanted.validated_data)
        return self.shown(document)


class DocumentFiles(_Documents):
    """More pages for a document."""

    parser_classes = [MultiPartParser]

    @extend_schema(request=DocumentFilesSerializer, responses={200: DocumentSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Add pages; for the document's owner and curators."""
        document = self.kept()
        wanted = DocumentFilesSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        document_add_files(document=document, files=zip(sent["names"], sent["files"], strict=True))
        document_enqueue(document=document)
        return self.shown(document)


class DocumentPages(_Documents):
    """The pages of a document."""

    serializer_class = PageSerializer

    @extend_schema(responses=PageSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The pages of a document, in order."""
        document = get_object_or_404(documents_for(request.user), pk=pk)
        page = self.paginate_queryset(document_pages(document))
        return self.get_paginated_response(PageSerializer(page, many=True).data)


class DocumentOrder(_Documents):
    """The order of a document's pages."""

    serializer_class = PageSerializer
    parser_classes = [JSONParser]

    @extend_schema(request=DocumentOrderSerializer, responses=PageSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        """Put pages in order; for the document's owner and curators. The first pages, as they stand now."""
        document = self.kept()
        wanted = DocumentOrderSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        pages_order(document=document, pages=wanted.validated_data["pages"])
        page = self.paginate_queryset(document_pages(document))
        return self.get_paginated_response(PageSerializer(page, many=True).data)
