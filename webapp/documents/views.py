"""Pages that people see of documents: their list, an upload, one document, one page."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from webapp.batches.models import BatchLeftOut
from webapp.batches.selectors import LEFT_OUT_SHOWN, may_change
from webapp.batches.services import batch_close
from webapp.core.files.uploaded import sent_files, sent_json
from webapp.core.http import whole_number
from webapp.core.refusals.words import in_one_line, in_words
from webapp.documents.progress import LABELS, document_progress, page_cards
from webapp.pages.manifests.services import document_of_manifest
from webapp.pages.models import Document, Page
from webapp.pages.selectors import document_pages, documents_for, pages_for
from webapp.pages.services import (
    TEXTS,
    document_add_files,
    document_create,
    document_enqueue,
    document_update,
    page_delete,
    pages_order,
)

_DOCUMENTS_A_PAGE = 20
_PAGES_A_PAGE = 60


@require_safe
def document_list(request: HttpRequest) -> HttpResponse:
    """The documents a person may see, newest first."""
    page = Paginator(documents_for(request.user), _DOCUMENTS_A_PAGE).get_page(request.GET.get("page"))
    progress = document_progress(page)
    rows = [(document, progress[document.pk]) for document in page]
    working = any(each.waiting or each.unmatched for each in progress.values())
    return render(request, "documents/list.html", {"rows": rows, "page": page, "working": working})


def new(request: HttpRequest) -> HttpResponse:
    """GET: the page files are dropped on. POST: begin a document, and say where its files go."""
    if request.method != "POST":
        return render(request, "documents/new.html", {"fetches": bool(settings.ENV.iiif_hosts)})
    sent = sent_json(request)
    document = document_create(
        owner=request.user, title=str(sent.get("name", "")), shared=sent.get("shared") is True
    )
    addresses = {"files": "files", "close": "close", "page": "detail"}
    urls = {name: reverse(f"documents:{door}", args=[document.pk]) for name, door in addresses.items()}
    return JsonResponse(urls, status=201)


@require_POST
def manifest(request: HttpRequest) -> HttpResponse:
    """Begin a document of the pictures that a IIIF manifest names."""
    document = document_of_manifest(
        owner=request.user,
        address=request.POST.get("address", ""),
        title=request.POST.get("title", ""),
        shared=bool(request.POST.get("shared")),
    )
    return redirect("documents:detail", document.pk)


@require_POST
def files(request: HttpRequest, pk: int) -> JsonResponse:
    """Take some files of a document in, and say of each what became of it."""
    document, sent = _kept(request, pk), list(sent_files(request))
    found = document_add_files(document=document, files=sent)
    document_enqueue(document=document)
    return JsonResponse(
        {"results": [_became(name, row) for (name, _file), row in zip(sent, found, strict=True)]}
    )


@require_POST
def close(request: HttpRequest, pk: int) -> JsonResponse:
    """All files were sent."""
    document = _kept(request, pk)
    document_enqueue(document=document)
    batch_close(batch=document.batch)
    return JsonResponse({"closed": True})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A document: its pages with how far each is, what is known of it, what was left out."""
    document = get_object_or_404(documents_for(request.user), pk=pk)
    pages = Paginator(document_pages(document), _PAGES_A_PAGE).get_page(request.GET.get("page"))
    progress = document_progress([document])[document.pk]
    left_out = document.batch.left_out.select_related("archive").order_by("pk")[: LEFT_OUT_SHOWN + 1]
    shown = {
        "document": document,
        "progress": progress,
        "page": pages,
        "cards": page_cards(pages),
        "working": bool(progress.waiting or progress.unmatched),
        "keeps": may_change(document.batch, request.user),
        "texts": [(name, _(label), getattr(document, name)) for name, label in LABELS.items()],
        "left_out": left_out[:LEFT_OUT_SHOWN],
        "more_left_out": len(left_out) > LEFT_OUT_SHOWN,
    }
    return render(request, "documents/detail.html", shown)


@require_POST
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """Keep what a person wrote of the document."""
    document = _kept(request, pk)
    changes = {name: request.POST[name] for name in ("title", *TEXTS) if name in request.POST}
    names, values = request.POST.getlist("field_name"), request.POST.getlist("field_value")
    changes["fields"] = dict(zip(names, values, strict=False))
    document_update(document=document, changes=changes)
    messages.success(request, _("Saved."), extra_tags="good")
    return redirect("documents:detail", document.pk)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the pages into the order of ``page``, repeated; or move one page by ``by`` places."""
    document = _kept(request, pk)
    ids = list(document_pages(document).values_list("pk", flat=True))
    moved, by = whole_number(request.POST.get("move", "")), request.POST.get("by", "")
    if moved in ids and by in ("-1", "1"):
        place = ids.index(moved)
        ids.insert(max(0, place + int(by)), ids.pop(place))
    else:
        ids = [whole_number(word) for word in request.POST.getlist("page")]
    pages_order(document=document, pages=ids)
    return redirect("documents:detail", document.pk)


@require_POST
def delete_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a page with its boxes."""
    page = get_object_or_404(pages_for(request.user), pk=pk)
    document = _kept(request, page.document_id)
    page_delete(page=page)
    messages.success(request, _("%(name)s has been deleted.") % {"name": page.name}, extra_tags="good")
    return redirect("documents:detail", document.pk)


def _kept(request: HttpRequest, pk: int) -> Document:
    """A document that the person may change. Raises Http404 where they may not even see it."""
    document = get_object_or_404(documents_for(request.user), pk=pk)
    if not may_change(document.batch, request.user):
        raise PermissionDenied(_("Only the owner of the document or a curator can do this."))
    return document


def _became(name: str, row) -> dict:
    if isinstance(row, BatchLeftOut):
        reason = in_one_line(row.code, row.reason)
        return {"name": name, "kind": "left_out", "code": row.code, "reason": reason}
    if isinstance(row, Page) and row.state == Page.State.REJECTED:
        reason = "; ".join(filter(None, in_words(row.error_code, row.error, row.hint)))
        return {"name": name, "kind": "left_out", "code": row.error_code, "reason": reason}
    return {"name": name, "kind": "page" if isinstance(row, Page) else "archive", "code": "", "reason": ""}
