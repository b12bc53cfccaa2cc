"""The API's part of pages and the whole blocks that printed them."""

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response

from webapp.blocks.models import Block
from webapp.pages.models import Document, Page
from webapp.pages.selectors import document_pages, documents_for, may_edit, pages_for
from webapp.printed.decisions import match_confirm, match_reject, match_undo
from webapp.printed.models import PageMatch
from webapp.printed.searches import page_search, pages_search
from webapp.printed.selectors import (
    block_prints,
    document_table,
    matches_for,
    page_matches,
    page_search_of,
)
from webapp.printed.serializers import (
    ConfirmSerializer,
    DocumentTableSerializer,
    MatchSerializer,
    PageBlocksSerializer,
    SearchedSerializer,
)


def _check_editor(request: Request, document: Document) -> None:
    if not may_edit(document, request.user):
        raise PermissionDenied("The document's batch is assigned to others.")


class PageBlocks(GenericAPIView):
    """The blocks that printed a page."""

    serializer_class = PageBlocksSerializer
    queryset = Page.objects.none()
    parser_classes = [JSONParser]

    def get(self, request: Request, pk: int) -> Response:
        """The blocks that the page may come from, confirmed ones first."""
        return Response(_page_body(get_object_or_404(pages_for(request.user), pk=pk)))

    @extend_schema(request=None, responses={202: PageBlocksSerializer, 409: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: int) -> Response:
        """Have the blocks of the page looked for; 409 ``page_not_ready`` before it was read."""
        page = get_object_or_404(pages_for(request.user), pk=pk)
        _check_editor(request, page.document)
        page_search(page=page, person=request.user)
        return Response(_page_body(page), status.HTTP_202_ACCEPTED)


class _Matches(GenericAPIView):
    serializer_class = MatchSerializer
    queryset = PageMatch.objects.none()
    parser_classes = [JSONParser]

    def edited(self) -> PageMatch:
        """The match asked for, if the person may edit its page."""
        match = get_object_or_404(matches_for(self.request.user), pk=self.kwargs["pk"])
        _check_editor(self.request, match.page.document)
        return match


class MatchDetail(_Matches):
    """A page that was laid over a face."""

    def get(self, request: Request, pk: int) -> Response:
        """One match."""
        return Response(MatchSerializer(get_object_or_404(matches_for(request.user), pk=pk)).data)


class MatchConfirm(_Matches):
    """The block printed the page."""

    @extend_schema(request=ConfirmSerializer, responses={200: MatchSerializer, 409: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: int) -> Response:
        """Say so: its inliers are answered as the same carving; 409 ``match_decided`` if it was decided."""
        match = self.edited()
        wanted = ConfirmSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        done = match_confirm(match=match, annotator=request.user, key=wanted.validated_data["key"])
        return Response(MatchSerializer(done).data)


class MatchReject(_Matches):
    """The block did not print the page."""

    @extend_schema(request=None, responses={200: MatchSerializer, 409: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: int) -> Response:
        """Say so; 409 ``match_decided`` where it was confirmed."""
        return Response(MatchSerializer(match_reject(match=self.edited(), person=request.user)).data)


class MatchUndo(_Matches):
    """What was said of a match, taken back."""

    @extend_schema(request=None, responses=MatchSerializer)
    def post(self, request: Request, pk: int) -> Response:
        """Take it back, with the answers that it gave but those that somebody changed since."""
        return Response(MatchSerializer(match_undo(match=self.edited(), by=request.user)).data)


class DocumentBlocks(GenericAPIView):
    """A document against all blocks."""

    serializer_class = DocumentTableSerializer
    queryset = Document.objects.none()
    parser_classes = [JSONParser]

    def get(self, request: Request, pk: int) -> Response:
        """Pages with a block, pages without, and blocks without a page."""
        found = get_object_or_404(documents_for(request.user), pk=pk)
        return Response(DocumentTableSerializer(document_table(found)).data)

    @extend_schema(request=None, responses={202: SearchedSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have the blocks of all its pages looked for."""
        found = get_object_or_404(documents_for(request.user), pk=pk)
        _check_editor(request, found)
        subject = f"document:{found.pk}"
        count = pages_search(pages=document_pages(found), subject=subject, person=request.user)
        return Response(SearchedSerializer({"pages": count}).data, status.HTTP_202_ACCEPTED)


class BlockPrints(GenericAPIView):
    """The prints of a block."""

    serializer_class = MatchSerializer
    queryset = Block.objects.none()
    pagination_class = None

    @extend_schema(responses=MatchSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        """The pages that it printed, of those that one sees."""
        block = get_object_or_404(Block, pk=pk, deleted_at=None)
        return Response(MatchSerializer(block_prints(block, request.user), many=True).data)


def _page_body(page: Page) -> dict:
    search = page_search_of(page)
    found = {
        "state": search.state if search else "none",
        "faces": search.faces if search else 0,
        "code": search.error_code if search else "",
        "error": search.error if search else "",
        "matches": page_matches(page),
    }
    return dict(PageBlocksSerializer(found).data)
