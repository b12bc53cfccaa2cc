"""What the page view asks for and sends: boxes, edits, and work on the picture."""

from collections.abc import Callable

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from webapp.core.http import error_body, whole_number
from webapp.core.pages.page_data import page_data
from webapp.core.refusals.words import error_in_words
from webapp.documents.page_view.box_payload import boxes_body, changes_body, page_body
from webapp.documents.page_view.editing import boxes_edit, boxes_redo, boxes_snap, boxes_undo
from webapp.pages.boxes.edits import Edited, EditedMeanwhile
from webapp.pages.boxes.serializers import (
    EditSerializer,
    RegionSerializer,
    SnapSerializer,
    TurnSerializer,
    UndoSerializer,
    operation_of,
    rect_of_sent,
)
from webapp.pages.models import Page
from webapp.pages.reading import page_locate, page_turn
from webapp.pages.selectors import boxes_deleted, may_edit, pages_for


@require_GET
def boxes(request: HttpRequest, pk: int) -> JsonResponse:
    """The page with all its boxes."""
    return _fresh(page_body(get_object_or_404(pages_for(request.user), pk=pk), request.user))


@require_GET
def changes(request: HttpRequest, pk: int) -> JsonResponse:
    """What changed after version ``?since=``; all boxes, where they are not as ``?seen=`` says."""
    page = get_object_or_404(pages_for(request.user), pk=pk)
    since, seen = whole_number(request.GET.get("since", "")), request.GET.get("seen", "")
    return _fresh(changes_body(page, request.user, since=since, seen=seen))


@require_GET
def deleted(request: HttpRequest, pk: int) -> JsonResponse:
    """The boxes that people deleted, the last ones first; each can be restored."""
    page = get_object_or_404(pages_for(request.user), pk=pk)
    return _fresh({"boxes": boxes_body(page, boxes_deleted(page), request.user)})


@require_POST
def edit(request: HttpRequest, pk: int) -> JsonResponse:
    """Do operations to boxes; 409 ``edited_meanwhile`` where somebody edited one of them meanwhile."""
    page, sent = _edited_page(request, pk), page_data(request, EditSerializer).validated_data
    operations = [operation_of(one) for one in sent["operations"]]
    done = {"version": sent["version"], "operations": operations, "key": sent.get("key")}
    return _edited(request, page, lambda: boxes_edit(page=page, person=request.user, **done))


@require_POST
def undo(request: HttpRequest, pk: int) -> JsonResponse:
    """Take one's last edit of the page back, or the one that is named."""
    page, sent = _edited_page(request, pk), page_data(request, UndoSerializer).validated_data
    return _edited(request, page, lambda: boxes_undo(page=page, person=request.user, **sent))


@require_POST
def redo(request: HttpRequest, pk: int) -> JsonResponse:
    """Do the edit again that one undid last, or the one that is named."""
    page, sent = _edited_page(request, pk), page_data(request, UndoSerializer).validated_data
    return _edited(request, page, lambda: boxes_redo(page=page, person=request.user, **sent))


@require_POST
def snap(request: HttpRequest, pk: int) -> JsonResponse:
    """Have a worker fit boxes around their ink; the page hears of it as of any change."""
    page, sent = _edited_page(request, pk), page_data(request, SnapSerializer).validated_data
    edit, job = boxes_snap(page=page, person=request.user, **sent)
    return JsonResponse({"job": str(job.pk), "edit": edit.pk}, status=202)


@require_POST
def locate(request: HttpRequest, pk: int) -> JsonResponse:
    """Have characters found again on the page, or on a part of it."""
    page, sent = _edited_page(request, pk), page_data(request, RegionSerializer).validated_data
    return JsonResponse({"job": str(page_locate(page=page, region=rect_of_sent(sent)).pk)}, status=202)


@require_POST
def turn(request: HttpRequest, pk: int) -> JsonResponse:
    """Turn the page, and have it read again."""
    page, sent = _edited_page(request, pk), page_data(request, TurnSerializer).validated_data
    return JsonResponse({"job": str(page_turn(page=page, turn=sent["turn"]).pk)}, status=202)


def edited_body(edited: Edited, user) -> dict:
    """What an edit changed, as the page takes it in."""
    live = [box for box in edited.boxes if not box.deleted]
    return {
        "version": edited.page.version,
        "boxes": boxes_body(edited.page, live, user),
        "removed": [box.pk for box in edited.boxes if box.deleted],
        "edit": edited.edit and edited.edit.pk,
    }


def conflict_body(error: EditedMeanwhile, page: Page, user) -> dict:
    """The refusal, with the boxes as they are now."""
    message, hint = error_in_words(error)
    live = [box for box in error.boxes if not box.deleted]
    return error_body(error) | {
        "error": message,
        "hint": hint,
        "version": max(box.version for box in error.boxes),
        "boxes": boxes_body(page, live, user),
        "removed": [box.pk for box in error.boxes if box.deleted],
    }


def _edited(request: HttpRequest, page: Page, do: Callable[[], Edited]) -> JsonResponse:
    try:
        return JsonResponse(edited_body(do(), request.user))
    except EditedMeanwhile as error:
        return JsonResponse(conflict_body(error, page, request.user), status=error.status)


def _edited_page(request: HttpRequest, pk: int) -> Page:
    """A page whose boxes the person may edit. Raises Http404 where they may not even see it."""
    page = get_object_or_404(pages_for(request.user), pk=pk)
    if not may_edit(page.document, request.user):
        raise PermissionDenied(_("This batch is assigned to others."))
    return page


def _fresh(body: dict) -> JsonResponse:
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response
