"""The table of a document against all blocks, and the prints of one block."""

import csv
import io

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.blocks.models import Block
from webapp.datasets.cells import spreadsheet_text
from webapp.pages.selectors import document_pages, documents_for, may_edit, pages_for
from webapp.printed.grid import grid_of
from webapp.printed.searches import MOST_AT_ONCE, pages_search
from webapp.printed.selectors import DocumentTable, block_prints, document_table

HEAD = ("page", "block", "inliers", "p", "residual_mm")


@never_cache
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """Which block printed which page: a list, and drawn; pages that are lost, and blocks without a page."""
    found = get_object_or_404(documents_for(request.user), pk=pk)
    table = document_table(found)
    context = {
        "document": found,
        "table": table,
        "grid": grid_of(table),
        "may_edit": may_edit(found, request.user),
    }
    return render(request, "printed/document.html", context)


@never_cache
@require_safe
def document_csv(request: HttpRequest, pk: int) -> HttpResponse:
    """The table as CSV, the block empty where none printed a page."""
    found = get_object_or_404(documents_for(request.user), pk=pk)
    response = HttpResponse(table_csv(document_table(found)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="blocks-{found.pk}.csv"'
    return response


@require_POST
def document_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the blocks of all pages of a document looked for."""
    found = get_object_or_404(documents_for(request.user), pk=pk)
    if not may_edit(found, request.user):
        raise PermissionDenied(_("This batch is assigned to others."))
    subject = f"document:{found.pk}"
    count = pages_search(pages=document_pages(found), subject=subject, person=request.user)
    _say_searched(request, count)
    return redirect("printed:document", found.pk)


@never_cache
@require_safe
def prints(request: HttpRequest, pk: int) -> HttpResponse:
    """The pages that a block printed, of those that the person sees."""
    block = get_object_or_404(Block, pk=pk, deleted_at=None)
    return render(
        request, "printed/prints.html", {"woodblock": block, "prints": block_prints(block, request.user)}
    )


@require_POST
def prints_find(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the blocks of those pages looked for that have none yet: the block's may be among them."""
    block = get_object_or_404(Block, pk=pk, deleted_at=None)
    open_pages = pages_for(request.user).filter(document__batch__deleted=None)
    open_pages = open_pages.exclude(block_matches__state="confirmed").order_by("pk")[:MOST_AT_ONCE]
    pages = [page for page in open_pages if may_edit(page.document, request.user)]
    _say_searched(request, pages_search(pages=pages, subject=f"block:{block.pk}", person=request.user))
    return redirect("printed:prints", block.pk)


def table_csv(table: DocumentTable) -> str:
    """A row a page and block; without one, the numbers are empty."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(HEAD)
    for row in table.rows:
        match = row.match
        if match is None:
            writer.writerow((spreadsheet_text(row.page.name), "", "", "", ""))
            continue
        figures = (match.inliers, f"{match.p:.3g}", match.residual_mm)
        writer.writerow((spreadsheet_text(row.page.name), spreadsheet_text(match.scan.block.name), *figures))
    return text.getvalue()


def _say_searched(request: HttpRequest, count: int) -> None:
    message = ngettext(
        "The blocks of %(count)s page are being looked for.",
        "The blocks of %(count)s pages are being looked for.",
        count,
    )
    messages.success(request, message % {"count": count}, extra_tags="good")
