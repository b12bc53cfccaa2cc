"""Pages on which labels are brought in, looked through, applied and taken back; for curators."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from webapp.batches.models import Batch
from webapp.core.errors import Refused
from webapp.core.http import whole_number
from webapp.core.permissions import require_curator
from webapp.datasets.imports.selectors import imports_for, rows_of_import, standings_of
from webapp.datasets.imports.services import import_add, import_apply, import_undo
from webapp.datasets.models import LabelImport, LabelImportRow
from webapp.jobs.models import Job
from webapp.review.consensus.labels import query_labels

_A_PAGE = 40
_WORKING = (LabelImport.State.READING, LabelImport.State.APPLYING, LabelImport.State.UNDOING)


@require_safe
def import_list(request: HttpRequest) -> HttpResponse:
    """All files that were brought in, the newest first, and the form for another."""
    require_curator(request.user)
    page = Paginator(imports_for(request.user), _A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "working": any(one.state in _WORKING and not one.error for one in page),
        "batches": Batch.objects.order_by("-pk")[:200],
    }
    return render(request, "datasets/imports.html", shown)


@require_POST
def import_send(request: HttpRequest) -> HttpResponse:
    """Bring a file in; it is read, and nothing else.

    Raises:
        Refused: no file was sent.
    """
    require_curator(request.user)
    made = import_add(user=request.user, by_name_in=batch_named(request.POST), **sent_file(request.FILES))
    return redirect("datasets:import", made.pk)


def sent_file(files) -> dict:
    """The file that was sent, as ``import_add`` takes it. Raises Refused where none came."""
    sent = files.get("file")
    if sent is None:
        raise Refused("no file was sent", hint="choose the file of labels, then send it", code="bad_upload")
    return {"stream": sent, "name": sent.name}


def batch_named(sent) -> Batch | None:
    """The batch of ``by_name_in``, where one is chosen; 404 where there is none of that id."""
    word = str(sent.get("by_name_in") or "")
    return get_object_or_404(Batch, pk=whole_number(word)) if word else None


@require_safe
def import_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file says beside what is here, ``?standing=`` of it; and what became of it."""
    require_curator(request.user)
    upload = get_object_or_404(imports_for(request.user), pk=pk)
    standing = request.GET.get("standing", "")
    page = Paginator(rows_of_import(upload, standing=standing), _A_PAGE).get_page(request.GET.get("page"))
    labels = query_labels([row.query for row in page.object_list if row.query])
    for row in page.object_list:
        row.label = labels.get(row.query_id)
    counts = standings_of(upload)
    shown = {
        "upload": upload,
        "working": upload.state in _WORKING and not upload.error,
        "page": page,
        "standing": standing if standing in LabelImportRow.Standing.values else "",
        "standings": [
            ("", _("all"), sum(counts.values())),
            *((value, words, counts[value]) for value, words in LabelImportRow.Standing.choices),
        ],
        "counts": counts,
        "job": Job.objects.filter(subject=f"label-import:{upload.pk}").order_by("-created").first(),
    }
    return render(request, "datasets/import.html", shown)


@require_POST
def import_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the labels written; with ``replace`` also where others stand."""
    require_curator(request.user)
    upload = get_object_or_404(imports_for(request.user), pk=pk)
    import_apply(upload=upload, replace=request.POST.get("replace") == "1")
    return redirect("datasets:import", upload.pk)


@require_POST
def import_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Have all of it taken back."""
    require_curator(request.user)
    upload = get_object_or_404(imports_for(request.user), pk=pk)
    import_undo(upload=upload)
    return redirect("datasets:import", upload.pk)
