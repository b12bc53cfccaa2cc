"""Pages of audits: ask for one, go through what it doubts; for curators."""

import csv
from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from webapp.batches.models import Batch
from webapp.core.http import whole_number
from webapp.core.permissions import require_curator
from webapp.datasets.audits.selectors import FIRST, audit_progress, audits_for, rows_found
from webapp.datasets.audits.services import audit_follow, audit_request
from webapp.datasets.cells import iso_time, spreadsheet_text
from webapp.datasets.models import Audit, AuditRow, Snapshot
from webapp.datasets.snapshots.selectors import snapshots_for

_A_PAGE = 40
# Of the doubt, which is no probability: 0.5 is where as much speaks for another block.
_WORDS = (
    (0.9, gettext_lazy("very doubtful")),
    (0.7, gettext_lazy("doubtful")),
    (0.0, gettext_lazy("slightly doubtful")),
)
_COLUMNS = (
    *("rank", "doubt", "kind", "state", "query", "name", "batch", "verdict", "item", "character"),
    *("annotator", "decided", "suggested", "suggested_character", "contradicts"),
)


@require_safe
def audit_list(request: HttpRequest) -> HttpResponse:
    """All audits, the newest first; a new one can be asked for."""
    require_curator(request.user)
    page = Paginator(audits_for(request.user), _A_PAGE).get_page(request.GET.get("page"))
    shown = {
        "page": page,
        "waiting": any(audit.state == Audit.State.WAITING for audit in page),
        "snapshots": snapshots_for(request.user).filter(state=Snapshot.State.READY)[:_A_PAGE],
        "batches": Batch.objects.order_by("-pk")[:200],
    }
    return render(request, "datasets/audits.html", shown)


@require_POST
def audit_ask(request: HttpRequest) -> HttpResponse:
    """Ask for an audit of ``batch``, by its id, or of ``snapshot``, by its number."""
    require_curator(request.user)
    if word := request.POST.get("snapshot", ""):
        snapshot = get_object_or_404(snapshots_for(request.user), number=whole_number(word))
        audit = audit_request(user=request.user, snapshot=snapshot)
    else:
        batch = get_object_or_404(Batch, pk=whole_number(request.POST.get("batch", "")))
        audit = audit_request(user=request.user, batch=batch)
    return redirect("datasets:audit", audit.pk)


@require_safe
def audit_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What an audit doubts, ``?kind=`` and ``?state=`` of it, the most doubtful first."""
    require_curator(request.user)
    audit = get_object_or_404(audits_for(request.user), pk=pk)
    shown = {"audit": audit}
    if audit.state == Audit.State.READY:
        audit_follow(audit=audit)
        kind, state = request.GET.get("kind", ""), request.GET.get("state", "")
        page = Paginator(rows_found(audit, kind=kind, state=state), _A_PAGE).get_page(request.GET.get("page"))
        for row in page.object_list:
            row.in_words = next(words for least, words in _WORDS if row.doubt >= least)
        shown |= {
            "page": page,
            "progress": audit_progress(audit),
            "first": FIRST,
            "kind": kind if kind in AuditRow.Kind.values else "",
            "state": state if state in AuditRow.State.values else "",
            "kinds": [("", _("all")), *AuditRow.Kind.choices],
            "states": [("", _("all")), *AuditRow.State.choices],
        }
    return render(request, "datasets/audit.html", shown)


@require_safe
def audit_table(request: HttpRequest, pk: int) -> StreamingHttpResponse:
    """The whole list as CSV for spreadsheets."""
    require_curator(request.user)
    audit = get_object_or_404(audits_for(request.user), pk=pk)
    audit_follow(audit=audit)
    answer = StreamingHttpResponse(_lines(audit), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="audit-{audit.pk}.csv"'
    return answer


class _Line:
    """A file that gives back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(audit: Audit) -> Iterator[str]:
    table = csv.writer(_Line())
    yield "\ufeff" + table.writerow(_COLUMNS)
    for row in rows_found(audit).select_related("query__batch").iterator(chunk_size=500):
        yield table.writerow([spreadsheet_text(one) if isinstance(one, str) else one for one in _cells(row)])


def _cells(row: AuditRow) -> tuple:
    label, item, better = row.decision, row.decision.item, row.suggested
    return (
        *(row.rank, round(row.doubt, 4), row.kind, row.state, row.query.sha256, row.query.name),
        *(row.query.batch.name, label.verdict, item.sha256 if item else "", item.character if item else ""),
        *(label.annotator.username, iso_time(label.created), better.sha256 if better else ""),
        *(better.character if better else row.character, row.other.sha256 if row.other else ""),
    )
