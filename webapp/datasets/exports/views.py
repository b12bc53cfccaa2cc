"""Exports of a batch and of a snapshot, on their pages, and their files."""

from django.http import FileResponse, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET, require_POST

from webapp.batches.models import Batch
from webapp.batches.selectors import batches_for
from webapp.core.errors import Conflict
from webapp.core.files.media import send_file, session_or_token
from webapp.core.permissions import require_curator
from webapp.datasets.exports.selectors import export_file_name, export_path, exports_for
from webapp.datasets.exports.services import export_request, snapshot_export_request
from webapp.datasets.models import Export, Snapshot
from webapp.datasets.snapshots.selectors import snapshots_for
from webapp.pages.models import Page


@require_POST
def request_of_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for an export of a batch."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    number = request.POST.get("page", "")
    pages = Page.objects.filter(document__batch=batch)
    export_request(
        batch=batch,
        page=get_object_or_404(pages, pk=number) if number.isdecimal() else None,
        owner=request.user,
        format=request.POST.get("format", ""),
        with_images=request.POST.get("with_images") == "1",
    )
    return _batch_exports(request, batch)


@require_GET
def list_of_batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One's exports of a batch, while they are being written."""
    return _batch_exports(request, get_object_or_404(batches_for(request.user), pk=pk))


@require_POST
def request_of_snapshot(request: HttpRequest, number: int) -> HttpResponse:
    """Ask for a snapshot in a format."""
    require_curator(request.user)
    snapshot = get_object_or_404(snapshots_for(request.user), number=number)
    snapshot_export_request(
        snapshot=snapshot,
        owner=request.user,
        format=request.POST.get("format", ""),
        split=request.POST.get("split", Export.Split.BLOCK),
        with_images=request.POST.get("with_images") == "1",
    )
    return _snapshot_exports(request, snapshot)


@require_GET
def list_of_snapshot(request: HttpRequest, number: int) -> HttpResponse:
    """One's exports of a snapshot, while they are being written."""
    require_curator(request.user)
    return _snapshot_exports(request, get_object_or_404(snapshots_for(request.user), number=number))


@session_or_token
@require_GET
def download(request: HttpRequest, pk) -> FileResponse:
    """The file of an export.

    Raises:
        Conflict: it is still being written, or could not be.
    """
    export = get_object_or_404(exports_for(request.user), pk=pk)
    if export.state == Export.State.FAILED:
        hint = export.hint or "ask for it again"
        raise Conflict(f"the export failed: {export.error}", hint=hint, code="export_failed")
    if export.state != Export.State.READY:
        raise Conflict("the export is still being written", hint="wait a moment", code="not_ready")
    return send_file(export_path(export), fixed=True, download_as=export_file_name(export))


def _batch_exports(request: HttpRequest, batch: Batch) -> HttpResponse:
    own = batch.exports.filter(owner=request.user).order_by("-created")
    return render(request, "datasets/_exports.html", {"batch": batch, "exports": own})


def _snapshot_exports(request: HttpRequest, snapshot: Snapshot) -> HttpResponse:
    own = snapshot.exports.filter(owner=request.user).order_by("-created")
    return render(request, "datasets/_exports.html", {"snapshot": snapshot, "exports": own})
