"""The documents' part of the API."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.batches.selectors import may_change
from webapp.batches.services import batch_close
from webapp.documents.box_payload import page_body
from webapp.documents.box_views import conflict_body, edited_body
from webapp.documents.edit_serializers import (
    EditSerializer,
    JobSerializer,
    RegionSerializer,
    TurnSerializer,
    operation_of,
    rect_of_sent,
)
from webapp.documents.editing import boxes_edit
from webapp.documents.progress import document_progress
from webapp.documents.serializers import (
    DocumentFilesSerializer,
    DocumentOrderSerializer,
    DocumentSerializer,
    DocumentUploadSerializer,
    EditedSerializer,
    PageBoxesSerializer,
    PageNameSerializer,
    PageSerializer,
)
from webapp.pages.edits import EditedMeanwhile
from webapp.pages.models import Document, Page
from webapp.pages.reading import page_locate, page_turn
from webapp.pages.selectors import document_pages, documents_for, may_edit, pages_for
from webapp.pages.services import (
    document_add_files,
    document_create,
    document_enqueue,
    document_update,
    page_delete,
    page_rename,
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


class _Pages(GenericAPIView):
    """Those pages that a person sees."""

    serializer_class = PageSerializer
    queryset = Page.objects.none()
    parser_classes = [JSONParser]

    def page(self) -> Page:
        """The page asked for."""
        return get_object_or_404(pages_for(self.request.user), pk=self.kwargs["pk"])

    def kept(self) -> Page:
        """The page asked for, if the person may change its document."""
        page = self.page()
        if not may_change(page.document.batch, self.request.user):
            raise PermissionDenied("Only the owner of a document, or a curator, may do this.")
        return page

    def edited(self) -> Page:
        """The page asked for, if the person may edit its boxes."""
        page = self.page()
        if not may_edit(page.document, self.request.user):
            raise PermissionDenied("The document's batch is assigned to others.")
        return page


class PageDetail(_Pages):
    """One page."""

    def get(self, request: Request, pk: int) -> Response:
        """How far the page is."""
        return Response(PageSerializer(self.page()).data)

    @extend_schema(request=PageNameSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """Rename the page; for the document's owner and curators."""
        page = self.kept()
        wanted = PageNameSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        return Response(PageSerializer(page_rename(page=page, name=wanted.validated_data["name"])).data)

    @extend_schema(responses={204: None, 409: OpenApiTypes.OBJECT})
    def delete(self, request: Request, pk: int) -> Response:
        """Delete the page with its boxes; 409 ``has_answers`` where somebody answered a character of it."""
        page_delete(page=self.kept())
        return Response(status=status.HTTP_204_NO_CONTENT)


class PageBoxes(_Pages):
    """The boxes of a page."""

    @extend_schema(responses=PageBoxesSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """The page with all its boxes in reading order, and what was found and said of each."""
        return Response(page_body(self.page(), request.user))


class PageEdits(_Pages):
    """Edits of a page's boxes."""

    @extend_schema(request=EditSerializer, responses={200: EditedSerializer, 409: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: int) -> Response:
        """Do operations to boxes, all or none; for whoever may answer in the document's batch.

        409 ``edited_meanwhile``, with the boxes as they are now, where somebody else edited one since
        ``version``.
        """
        page = self.edited()
        wanted = EditSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        sent = wanted.validated_data
        operations = [operation_of(one) for one in sent["operations"]]
        done = {"version": sent["version"], "operations": operations, "key": sent.get("key")}
        try:
            edited = boxes_edit(page=page, person=request.user, **done)
        except EditedMeanwhile as error:
            return Response(conflict_body(error, page, request.user), status=error.status)
        return Response(edited_body(edited, request.user))


class PageLocate(_Pages):
    """Characters found again."""

    @extend_schema(request=RegionSerializer, responses={202: JobSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have the characters of the page, or of a part of it, found again; what people set stays."""
        page = self.edited()
        wanted = RegionSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        job = page_locate(page=page, region=rect_of_sent(wanted.validated_data))
        return Response({"job": str(job.pk)}, status.HTTP_202_ACCEPTED)


class PageTurn(_Pages):
    """A page turned."""

    @extend_schema(request=TurnSerializer, responses={202: JobSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Turn the page by quarter turns, with the boxes that people set, and have it read again."""
        page = self.edited()
        wanted = TurnSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        job = page_turn(page=page, turn=wanted.validated_data["turn"])
        return Response({"job": str(job.pk)}, status.HTTP_202_ACCEPTED)
