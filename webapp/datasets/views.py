"""Exports of a batch, on its page, and their files."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for
from webapp.core.errors import Conflict
from webapp.core.media import send_file, session_or_token
from webapp.datasets.models import Export
from webapp.datasets.selectors import export_file_name, export_path, exports_for
from webapp.datasets.services import export_request


@require_POST
def request_export(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for an export of a batch."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    export_request(
        batch=batch,
        owner=request.user,
        format=request.POST.get("format", ""),
        with_images=request.POST.get("with_images") == "1",
    )
    return _list(request, batch)


@require_GET
def exports(request: HttpRequest, pk: int) -> HttpResponse:
    """One's exports of a batch, while they are being written."""
    return _list(request, get_object_or_404(batches_for(request.user), pk=pk))


@session_or_token
@require_GET
def download(request: HttpRequest, pk) -> FileResponse:
    """The file of an export.

    Raises:
        Conflict: it is still being written, or could not be.
    """
    export = get_object_or_404(exports_for(request.user), pk=pk)
    if export.state == Export.State.FAILED:
        raise Conflict(f"the export failed: {export.error}", hint=export.hint or "ask for it again")
    if export.state != Export.State.READY:
        raise Conflict("the export is still being written", hint="wait a moment", code="not_ready")
    return send_file(export_path(export), fixed=True, download_as=export_file_name(export))


def _list(request: HttpRequest, batch: Batch) -> HttpResponse:
    own = batch.exports.filter(owner=request.user).order_by("-created")
    return render(request, "datasets/_exports.html", {"batch": batch, "exports": own})
