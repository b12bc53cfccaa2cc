"""Pages of the gallery: everybody reads, curators write."""

from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.core.files.media import derived, send_file, session_or_token
from webapp.core.files.uploaded import sent_files, sent_json
from webapp.core.permissions import require_curator
from webapp.core.refusals.words import in_one_line
from webapp.gallery import services
from webapp.gallery.finding import written_elsewhere
from webapp.gallery.models import Import, ImportLeftOut, Item
from webapp.gallery.pictures import PICTURES, picture_version
from webapp.gallery.selectors import STATES, TO_CHECK, import_progress, items_found

_ITEMS_A_PAGE = 60
_LEFT_OUT_SHOWN = 200


@require_safe
def item_list(request: HttpRequest) -> HttpResponse:
    """The gallery: all of it, or what fits a search, as ``items_found`` reads it, or a state."""
    search, state = request.GET.get("q", ""), request.GET.get("state", "")
    items = items_found(search=search, state=state if state in STATES else "")
    page = Paginator(items.order_by("-pk"), _ITEMS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "q": search,
        "state": state,
        "states": [*Item.State.choices, (TO_CHECK, _("to be checked"))],
        "elsewhere": written_elsewhere(search),
    }
    return render(request, "gallery/list.html", context)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """One item: its pictures, and what is known of it."""
    item = get_object_or_404(Item.objects.select_related("upload"), pk=pk)
    return render(request, "gallery/item.html", {"item": item})


@require_GET
def pictures(request: HttpRequest, pk: int) -> HttpResponse:
    """An item's pictures and facts alone, for a page that waits for them to be made."""
    return render(request, "gallery/_item.html", {"item": get_object_or_404(Item, pk=pk)})


@require_POST
def handedness(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how the scan lies."""
    item = get_object_or_404(Item, pk=pk)
    handedness = request.POST.get("handedness", "")
    services.item_set_handedness(item=item, handedness=handedness, user=request.user)
    return redirect("gallery:detail", pk)


@require_POST
def turn(request: HttpRequest, pk: int) -> HttpResponse:
    """Say by how many degrees the scan is to be turned."""
    item = get_object_or_404(Item, pk=pk)
    wanted = request.POST.get("turn", "")
    turn = int(wanted) if wanted.isascii() and wanted.isdecimal() else -1
    services.item_set_turn(item=item, turn=turn, user=request.user)
    return redirect("gallery:detail", pk)


@require_POST
def character(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which character the item is: the character itself, or its codepoints."""
    item = get_object_or_404(Item, pk=pk)
    services.item_set_character(
        item=item, character=request.POST.get("character", "").strip(), user=request.user
    )
    return redirect("gallery:detail", pk)


def import_new(request: HttpRequest) -> HttpResponse:
    """GET: the page meshes are dropped on. POST: begin an upload, and say where its files go."""
    require_curator(request.user)
    if request.method != "POST":
        return render(request, "gallery/import.html")
    name = str(sent_json(request).get("name", "")).strip()
    name = name or _("Import of %(time)s") % {"time": f"{timezone.now():%Y-%m-%d %H:%M}"}
    upload = services.import_create(owner=request.user, name=name)
    return JsonResponse(
        {
            "files": reverse("gallery:import_files", args=[upload.pk]),
            "close": reverse("gallery:import_close", args=[upload.pk]),
            "page": reverse("gallery:import", args=[upload.pk]),
        },
        status=201,
    )


@require_POST
def import_files(request: HttpRequest, pk: int) -> JsonResponse:
    """Take some files of an upload in, and say of each what became of it."""
    upload = _import(request, pk)
    found = [
        (name, services.import_add_file(upload=upload, name=name, stream=file))
        for name, file in sent_files(request)
    ]
    services.items_enqueue(items=upload.items.all())
    return JsonResponse({"results": [_became(name, row) for name, row in found]})


@require_POST
def import_close(request: HttpRequest, pk: int) -> JsonResponse:
    """All files were sent."""
    services.import_close(upload=_import(request, pk))
    return JsonResponse({"closed": True})


@require_safe
def import_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """An upload of meshes: how far it is, what came of it, and what was refused."""
    upload = _import(request, pk)
    return render(request, "gallery/import_detail.html", {"upload": upload, **_imported(request, upload)})


@require_GET
def import_live(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of an upload. ``seen``: what the page knows; when more is done, its grid loads them."""
    upload = _import(request, pk)
    progress = import_progress(upload)
    response = render(request, "gallery/_progress.html", {"upload": upload, "progress": progress})
    if request.GET.get("seen") != f"{progress.done + progress.failed}-{progress.state}":
        response["HX-Trigger"] = "items-changed"
    return response


@require_GET
def import_grid(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of an upload's items, and what was left out of it."""
    upload = _import(request, pk)
    return render(request, "gallery/_imported.html", {"upload": upload, **_imported(request, upload)})


@session_or_token
@require_GET
def picture(request: HttpRequest, pk: int, version: str, name: str) -> FileResponse:
    """One derived file of an item, kept for good by browsers unless it is being made anew."""
    if name not in PICTURES.values():
        raise Http404
    item = get_object_or_404(Item, pk=pk)
    made = item.state == Item.State.READY and bool(item.prepared_with)
    return send_file(derived("items", pk, name), fixed=made and version == picture_version(item))


def _import(request: HttpRequest, pk: int) -> Import:
    require_curator(request.user)
    return get_object_or_404(Import, pk=pk)


def _imported(request: HttpRequest, upload: Import) -> dict:
    left_out = upload.left_out.select_related("archive").order_by("pk")
    refused = upload.items.filter(state=Item.State.REJECTED).select_related("archive").order_by("pk")
    return {
        "progress": import_progress(upload),
        "page": Paginator(upload.items.order_by("pk"), _ITEMS_A_PAGE).get_page(request.GET.get("page")),
        "refused": refused[:_LEFT_OUT_SHOWN],
        "archives": upload.archives.filter(state=Item.State.REJECTED),
        "left_out": left_out[:_LEFT_OUT_SHOWN],
    }


def _became(name: str, row) -> dict:
    if isinstance(row, ImportLeftOut):
        return {
            "name": name,
            "kind": "left_out",
            "code": row.code,
            "reason": in_one_line(row.code, row.reason),
        }
    return {"name": name, "kind": "item" if isinstance(row, Item) else "archive", "code": "", "reason": ""}
