"""Pictures of pages, sent to those who may see them."""

from django.http import FileResponse, HttpRequest
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_GET

from webapp.core.files.media import derived, send_file, session_or_token
from webapp.pages.models import Page
from webapp.pages.selectors import pages_for
from webapp.pages.tiles import ROOM, THUMBNAIL, tile_name, tiles_version


@session_or_token
@require_GET
def tile(request: HttpRequest, pk: int, version: str, level: int, column: int, row: int) -> FileResponse:
    """One tile of a page, numbered as Deep Zoom does."""
    page = _page(request, pk)
    return send_file(derived(ROOM, pk, tile_name(level, column, row)), fixed=_is_fixed(page, version))


@session_or_token
@require_GET
def thumbnail(request: HttpRequest, pk: int, version: str) -> FileResponse:
    """The page, small."""
    page = _page(request, pk)
    return send_file(derived(ROOM, pk, THUMBNAIL), fixed=_is_fixed(page, version))


def _page(request: HttpRequest, pk: int) -> Page:
    return get_object_or_404(pages_for(request.user).select_related(None), pk=pk)


def _is_fixed(page: Page, version: str) -> bool:
    return page.state == Page.State.READY and version == tiles_version(page)
