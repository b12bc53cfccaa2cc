"""Pages that people see of blocks: their list, a new one, one block with its scans."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from webapp.blocks import services
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.reading import scan_read_again, scan_turn
from webapp.blocks.selectors import SORTS, blocks_found, items_table, scan_progress
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_existing
from webapp.core.files.media import send_file, session_or_token
from webapp.core.files.uploaded import sent_files
from webapp.core.http import whole_number
from webapp.core.permissions import require_curator
from webapp.gallery.models import Item

_BLOCKS_A_PAGE = 30
LABELS = {
    "name": gettext_lazy("Name"),
    "inventory_number": gettext_lazy("Inventory number"),
    "title": gettext_lazy("Book"),
    "volume": gettext_lazy("Volume"),
    "leaf": gettext_lazy("Leaf"),
    "material": gettext_lazy("Material"),
    "size": gettext_lazy("Size"),
    "condition": gettext_lazy("Condition"),
    "note": gettext_lazy("Note"),
}


@require_safe
def block_list(request: HttpRequest) -> HttpResponse:
    """The blocks that fit a search, sorted; or those in the trash."""
    search, sort = request.GET.get("q", ""), request.GET.get("sort", "")
    trash = request.GET.get("trash") == "1" and request.user.is_curator
    blocks = blocks_found(search=search, sort=sort, trash=trash)
    page = Paginator(blocks, _BLOCKS_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "q": search, "sort": sort, "sorts": SORTS.items(), "trash": trash}
    return render(request, "blocks/list.html", context)


def new(request: HttpRequest) -> HttpResponse:
    """GET: a form. POST: a new block."""
    require_curator(request.user)
    if request.method != "POST":
        return render(request, "blocks/new.html", {"texts": _texts(Block()), "woodblock": Block()})
    block = services.block_create(user=request.user, values=_sent(request))
    return redirect("blocks:detail", block.pk)


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A block: its scans with how far each is, its characters, and what is known of it."""
    block = get_object_or_404(Block, pk=pk)
    if block.deleted_at:
        require_curator(request.user)
    scans = [scan_progress(scan) for scan in block.scans.order_by("pk")]
    context = {
        "woodblock": block,
        "scans": scans,
        "working": any(one.working for one in scans),
        "by_hand": block.places.filter(scan=None).select_related("item").order_by("order", "pk"),
        "texts": _texts(block),
        "faces": Scan.Face.choices,
        "units": Scan.UNITS,
        "limit": services.MOST_SCAN_BYTES,
    }
    return render(request, "blocks/detail.html", context)


@require_POST
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a person wrote of the block."""
    block = _block(request, pk)
    services.block_update(block=block, user=request.user, values=_sent(request))
    messages.success(request, _("Saved."), extra_tags="good")
    return redirect("blocks:detail", pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the block into the trash."""
    block = _block(request, pk)
    services.block_delete(block=block, user=request.user)
    messages.success(request, _("%(name)s has been deleted.") % {"name": block.name}, extra_tags="good")
    return redirect("blocks:list")


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the block out of the trash."""
    require_curator(request.user)
    services.block_restore(block=get_object_or_404(Block, pk=pk), user=request.user)
    return redirect("blocks:detail", pk)


@require_POST
def scans(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a scan's file in, sent whole."""
    block = _block(request, pk)
    for name, file in sent_files(request):
        services.scan_add(
            block=block,
            user=request.user,
            name=name,
            stream=file,
            face=request.POST.get("face", ""),
            unit=request.POST.get("unit", ""),
        )
    return redirect("blocks:detail", pk)


@require_POST
def items(request: HttpRequest, pk: int) -> HttpResponse:
    """Put an item of the gallery into the block, by its number."""
    block = _block(request, pk)
    item = Item.objects.filter(pk=whole_number(request.POST.get("item", ""))).first()
    if item is None:
        raise Refused("there is no such item", hint="use the number in its address", code="bad_item")
    services.item_put(block=block, item=item, user=request.user)
    return redirect("blocks:detail", pk)


@require_POST
def take_out(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an item that was put in by hand out of its block."""
    require_curator(request.user)
    place = get_object_or_404(Place, pk=pk, scan=None)
    services.item_take_out(place=place, user=request.user)
    return redirect("blocks:detail", place.block_id)


@session_or_token
@require_safe
def download(request: HttpRequest, pk: int) -> FileResponse:
    """The scan's file as it came."""
    scan = get_object_or_404(Scan, pk=pk, block__deleted_at=None)
    return send_file(blob_existing(scan.sha256, name=scan.name), fixed=True, download_as=scan.name)


@require_POST
def scan_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a scan with its places."""
    scan = _scan(request, pk)
    services.scan_delete(scan=scan, user=request.user)
    return redirect("blocks:detail", scan.block_id)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a scan read again; in another unit, where one is sent."""
    scan = _scan(request, pk)
    unit = request.POST.get("unit", scan.unit)
    services.check_scan(user=request.user, block=scan.block, face=scan.face, unit=unit)
    Scan.objects.filter(pk=pk).update(unit=unit)
    scan_read_again(scan=scan, user=request.user)
    return redirect("blocks:detail", scan.block_id)


@require_POST
def flip(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a face reads the other way round."""
    scan = _scan(request, pk)
    scan_turn(scan=scan, user=request.user, flip=True)
    return redirect("blocks:detail", scan.block_id)


@require_POST
def characters(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which characters the places hold: a text, one character for each in reading order."""
    scan = _scan(request, pk)
    count = services.characters_set(scan=scan, user=request.user, text=request.POST.get("text", ""))
    messages.success(request, _("%(count)s characters were set.") % {"count": count}, extra_tags="good")
    return redirect("blocks:detail", scan.block_id)


@session_or_token
@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The scan's places as CSV, as `python -m retrieval block` writes them."""
    scan = get_object_or_404(Scan, pk=pk, block__deleted_at=None)
    response = HttpResponse(items_table(scan), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="block-{scan.block_id}-items.csv"'
    return response


def _block(request: HttpRequest, pk: int) -> Block:
    require_curator(request.user)
    return get_object_or_404(Block, pk=pk, deleted_at=None)


def _scan(request: HttpRequest, pk: int) -> Scan:
    require_curator(request.user)
    return get_object_or_404(Scan.objects.select_related("block"), pk=pk, block__deleted_at=None)


def _sent(request: HttpRequest) -> dict[str, Any]:
    values: dict[str, Any] = {name: request.POST[name] for name in services.TEXTS if name in request.POST}
    names, texts = request.POST.getlist("field_name"), request.POST.getlist("field_value")
    if names:
        values["fields"] = dict(zip(names, texts, strict=False))
    return values


def _texts(block: Block) -> list[tuple[str, Any, str]]:
    return [(name, label, getattr(block, name)) for name, label in LABELS.items()]
