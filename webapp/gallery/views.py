"""Pages of the gallery."""

from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from webapp.core.media import derived, send_file, session_or_token
from webapp.gallery.models import Item
from webapp.gallery.pictures import PICTURES, picture_version


@session_or_token
@require_GET
def picture(request: HttpRequest, pk: int, version: str, name: str) -> FileResponse:
    """One derived file of an item, kept for good by browsers once the item is ready."""
    if name not in PICTURES.values():
        raise Http404
    item = get_object_or_404(Item, pk=pk)
    fixed = item.state == Item.State.READY and version == picture_version(item)
    return send_file(derived("items", pk, name), fixed=fixed)
