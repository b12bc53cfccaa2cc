"""A document's text and boxes, in and out: exports, files of boxes, transcriptions and what they proposed."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from webapp.core.files.uploaded import sent_files
from webapp.core.http import whole_number
from webapp.documents.box_imports.services import box_import_add
from webapp.documents.models import BoxImport, Transcription
from webapp.documents.transcriptions.services import text_file, transcription_add
from webapp.pages.models import Document, Page
from webapp.pages.selectors import documents_for, may_edit

_SHOWN = 5
_UNFINISHED = (BoxImport.State.WAITING, BoxImport.State.LABELLING)


@never_cache
@require_safe
def exchange(request: HttpRequest, pk: int) -> HttpResponse:
    """What can be exported, imported and laid along; of one page with ``?page=``."""
    document = get_object_or_404(documents_for(request.user), pk=pk)
    return _shown(request, document, page_of(document, request.GET.get("page", "")))


@require_POST
def text(request: HttpRequest, pk: int) -> HttpResponse:
    """Lay a pasted text, or a file of one, along the boxes."""
    document, page = _edited(request, pk)
    name, data = "", request.POST.get("text", "").encode()
    if request.FILES:
        name, data = text_file(next(sent_files(request)))
    transcription_add(document=document, page=page, person=request.user, data=data, name=name)
    return redirect(_address(document, page))


@require_POST
def boxes(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a worker put the boxes of files onto the pages."""
    document, page = _edited(request, pk)
    box_import_add(
        document=document,
        page=page,
        person=request.user,
        files=sent_files(request),
        labels=request.POST.get("characters") == "labels",
    )
    return redirect(_address(document, page))


def page_of(document: Document, word: str) -> Page | None:
    """The page of this id; None for no id. Raises Http404 where the document has none such."""
    return get_object_or_404(document.pages, pk=whole_number(word)) if word else None


def _edited(request: HttpRequest, pk: int) -> tuple[Document, Page | None]:
    document = get_object_or_404(documents_for(request.user), pk=pk)
    if not may_edit(document, request.user):
        raise PermissionDenied(_("This batch is assigned to others."))
    return document, page_of(document, request.POST.get("page", ""))


def _address(document: Document, page: Page | None) -> str:
    address = reverse("exchange:page", args=[document.pk])
    return f"{address}?page={page.pk}" if page else address


def _shown(request: HttpRequest, document: Document, page: Page | None) -> HttpResponse:
    texts = list(Transcription.objects.filter(document=document).order_by("-pk")[:_SHOWN])
    imports = list(BoxImport.objects.filter(document=document).order_by("-pk")[:_SHOWN])
    context = {
        "document": document,
        "batch": document.batch,
        "page": page,
        "texts": texts,
        "working": any(one.state == Transcription.State.WAITING for one in texts),
        "exports": document.batch.exports.filter(owner=request.user.pk).order_by("-created"),
        "may_edit": may_edit(document, request.user),
        "imports": imports,
        "importing": any(one.state in _UNFINISHED for one in imports),
    }
    return render(request, "documents/exchange.html", context)
