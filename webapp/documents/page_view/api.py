"""The API's part of pages and their boxes."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import JSONParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer

from webapp.batches.selectors import may_change
from webapp.documents.page_view.box_payload import changes_body, page_body
from webapp.documents.page_view.box_views import conflict_body, edited_body
from webapp.documents.page_view.editing import boxes_edit, boxes_redo, boxes_snap, boxes_undo
from webapp.documents.page_view.serializers import (
    EditedSerializer,
    PageBoxesSerializer,
    PageChangesSerializer,
    PageNameSerializer,
    PageSerializer,
)
from webapp.pages.boxes.edits import Edited, EditedMeanwhile
from webapp.pages.boxes.serializers import (
    EditSerializer,
    JobSerializer,
    MendingSerializer,
    RegionSerializer,
    SinceSerializer,
    SnapSerializer,
    TurnSerializer,
    UndoSerializer,
    operation_of,
    rect_of_sent,
)
from webapp.pages.models import Page
from webapp.pages.reading import page_locate, page_turn
from webapp.pages.selectors import may_edit, pages_for
from webapp.pages.services import page_delete, page_rename


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
        return _edited(request, page, lambda: boxes_edit(page=page, person=request.user, **done))


class PageUndo(_Pages):
    """Edits taken back."""

    @extend_schema(request=UndoSerializer, responses={200: EditedSerializer, 409: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: int) -> Response:
        """Take one's last edit of the page back, or the one named; ``edit`` is null where there is none."""
        page = self.edited()
        sent = _checked(UndoSerializer, request)
        return _edited(request, page, lambda: boxes_undo(page=page, person=request.user, **sent))


class PageRedo(_Pages):
    """Edits done again."""

    @extend_schema(request=UndoSerializer, responses={200: EditedSerializer, 409: OpenApiTypes.OBJECT})
    def post(self, request: Request, pk: int) -> Response:
        """Do the edit again that one took back last, or the one named; ``edit`` is null without one."""
        page = self.edited()
        sent = _checked(UndoSerializer, request)
        return _edited(request, page, lambda: boxes_redo(page=page, person=request.user, **sent))


class PageSnap(_Pages):
    """Boxes fitted to their ink."""

    @extend_schema(request=SnapSerializer, responses={202: MendingSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Have a worker fit boxes closely around their ink, as an edit of one's own."""
        page = self.edited()
        edit, job = boxes_snap(page=page, person=request.user, **_checked(SnapSerializer, request))
        return Response({"job": str(job.pk), "edit": edit.pk}, status.HTTP_202_ACCEPTED)


class PageChanges(_Pages):
    """What happened to a page meanwhile."""

    @extend_schema(parameters=[SinceSerializer], responses=PageChangesSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """What changed after version ``since``; all boxes, where one was answered after ``seen``."""
        wanted = SinceSerializer(data=request.query_params)
        wanted.is_valid(raise_exception=True)
        return Response(changes_body(self.page(), request.user, **wanted.validated_data))


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


def _checked(serializer: type[Serializer], request: Request) -> dict:
    """What was sent. Raises ValidationError."""
    wanted = serializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data


def _edited(request: Request, page: Page, do: Callable[[], Edited]) -> Response:
    try:
        return Response(edited_body(do(), request.user))
    except EditedMeanwhile as error:
        return Response(conflict_body(error, page, request.user), status=error.status)
