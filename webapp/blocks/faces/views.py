"""One face in the page editor: what its script asks for and sends, and its pictures."""

from collections.abc import Callable

from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.accounts.shortcuts import page_shortcuts
from webapp.blocks.faces.mending import PlacesEdited, places_edit, places_redo, places_undo
from webapp.blocks.faces.payload import (
    boxes_body,
    deleted_body,
    face_body,
    face_changes_body,
    face_edited_body,
)
from webapp.blocks.models import Scan
from webapp.blocks.pictures import FILES, LAYERS, ROOM, pictures_version
from webapp.blocks.reading import scan_read_again, scan_turn
from webapp.core.errors import Refused
from webapp.core.files.media import derived, send_file, session_or_token
from webapp.core.http import error_body, whole_number
from webapp.core.pages.page_data import page_data
from webapp.core.refusals.words import error_in_words
from webapp.pages.boxes.edits import EditedMeanwhile
from webapp.pages.boxes.serializers import EditSerializer, TurnSerializer, UndoSerializer, operation_of
from webapp.pages.tiles import tile_name


@require_safe
def face(request: HttpRequest, pk: int, layer: str) -> HttpResponse:
    """The page editor on a face: its print, or the face itself under raking light."""
    scan = _scan(request, pk)
    keys = page_shortcuts(request.user, "pages")
    data = {"person": request.user.pk, "cards": "", "face": True, "keys": keys}
    context = {
        "scan": scan,
        "woodblock": scan.block,
        "layer": _layer(layer),
        "data": data,
        "doors": reverse("blocks:scan", args=[pk, layer]),
        "before": "",
        "after": reverse("blocks:scan", args=[pk, LAYERS[1 - LAYERS.index(layer)]]),
    }
    response = render(request, "blocks/face.html", context)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def boxes(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """The face with all its places."""
    return _fresh(face_body(_scan(request, pk), _layer(layer), request.user))


@require_GET
def changes(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """What changed after version ``?since=``."""
    since, seen = whole_number(request.GET.get("since", "")), request.GET.get("seen", "")
    return _fresh(face_changes_body(_scan(request, pk), since=since, seen=seen))


@require_GET
def deleted(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """The places that were deleted; each can be restored."""
    return _fresh(deleted_body(_scan(request, pk)))


@require_POST
def edit(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """Do operations to places; 409 ``edited_meanwhile`` where somebody edited one of them meanwhile."""
    scan, sent = _scan(request, pk), page_data(request, EditSerializer).validated_data
    operations = [operation_of(one) for one in sent["operations"]]
    if any(one.op == "split" and not one.at for one in operations):
        raise Refused("a gap is not looked for on a face", hint="cut it with the scissors", code="no_gap")
    done = {"version": sent["version"], "operations": operations, "key": sent.get("key")}
    return _edited(scan, lambda: places_edit(scan=scan, person=request.user, **done))


@require_POST
def undo(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """Take one's last edit back."""
    scan, sent = _scan(request, pk), page_data(request, UndoSerializer).validated_data
    named = {"edit": sent.get("edit"), "version": sent.get("version")}
    return _edited(scan, lambda: places_undo(scan=scan, person=request.user, **named))


@require_POST
def redo(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """Do the edit again that one undid last."""
    scan, sent = _scan(request, pk), page_data(request, UndoSerializer).validated_data
    named = {"edit": sent.get("edit"), "version": sent.get("version")}
    return _edited(scan, lambda: places_redo(scan=scan, person=request.user, **named))


@require_POST
def locate(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """Have the scan read again; what people set stays."""
    job = scan_read_again(scan=_scan(request, pk), user=request.user)
    return JsonResponse({"job": str(job.pk)}, status=202)


@require_POST
def turn(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """Turn the face, and have it read again."""
    sent = page_data(request, TurnSerializer).validated_data
    job = scan_turn(scan=_scan(request, pk), user=request.user, turn=sent["turn"])
    return JsonResponse({"job": str(job.pk)}, status=202)


@require_POST
def snap(request: HttpRequest, pk: int, layer: str) -> JsonResponse:
    """Not on faces: their boxes are fitted by hand."""
    raise Refused("boxes of a face are not fitted to ink", hint="move their sides", code="no_snap")


@session_or_token
@require_GET
def tile(
    request: HttpRequest, pk: int, version: str, layer: str, level: int, column: int, row: int
) -> FileResponse:
    """One tile of a face, or of its print, numbered as Deep Zoom does."""
    path = derived(ROOM, pk, f"{_layer(layer)}/{tile_name(level, column, row)}")
    return send_file(path, fixed=_is_fixed(_scan(request, pk), version))


@session_or_token
@require_GET
def file(request: HttpRequest, pk: int, version: str, name: str) -> FileResponse:
    """One of the pictures or reduced meshes of a face."""
    if name not in FILES:
        raise Http404
    return send_file(derived(ROOM, pk, name), fixed=_is_fixed(_scan(request, pk), version))


def _scan(request: HttpRequest, pk: int) -> Scan:
    """A scan that is there: everybody sees it, curators change it."""
    return get_object_or_404(Scan.objects.select_related("block"), pk=pk, block__deleted_at=None)


def _layer(layer: str) -> str:
    if layer not in LAYERS:
        raise Http404
    return layer


def _edited(scan: Scan, do: Callable[[], PlacesEdited]) -> JsonResponse:
    try:
        return JsonResponse(face_edited_body(do()))
    except EditedMeanwhile as error:
        message, hint = error_in_words(error)
        body = error_body(error) | {
            "error": message,
            "hint": hint,
            "version": max(box.version for box in error.boxes),
            "boxes": boxes_body(scan, [box for box in error.boxes if not box.deleted]),
            "removed": [box.pk for box in error.boxes if box.deleted],
        }
        return JsonResponse(body, status=error.status)


def _is_fixed(scan: Scan, version: str) -> bool:
    return scan.state == Scan.State.READY and version == pictures_version(scan)


def _fresh(body: dict) -> JsonResponse:
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response
