"""Pages of batches."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.batches import services, trash
from webapp.batches.models import Batch, BatchLeftOut, MaybePage, Query
from webapp.batches.pictures import PICTURES
from webapp.batches.selectors import (
    LEFT_OUT_SHOWN,
    batch_progress,
    batches_for,
    batches_progress,
    cards_for,
    may_change,
    may_delete,
    maybe_pages,
)
from webapp.core.errors import Refused
from webapp.core.files.media import derived, send_file, session_or_token
from webapp.core.files.uploaded import sent_files, sent_json
from webapp.core.refusals.words import in_one_line, in_words

_BATCHES_A_PAGE = 20
_QUERIES_A_PAGE = 48


@require_safe
def batch_list(request: HttpRequest) -> HttpResponse:
    """The batches a person may see, newest first."""
    batches = batches_for(request.user).select_related("owner").order_by("-pk")
    page = Paginator(batches, _BATCHES_A_PAGE).get_page(request.GET.get("page"))
    progress = batches_progress(page)
    rows = [(batch, progress[batch.pk]) for batch in page]
    working = any(each.state != "ready" for each in progress.values())
    return render(request, "batches/list.html", {"rows": rows, "page": page, "working": working})


def new(request: HttpRequest) -> HttpResponse:
    """GET: the page files are dropped on. POST: begin a batch, and say where its files go."""
    if request.method != "POST":
        return render(request, "batches/new.html")
    sent = sent_json(request)
    batch = services.batch_create(
        owner=request.user,
        name=str(sent.get("name", "")),
        shared=sent.get("shared") is True,
        pictures_as=Batch.PicturesAs.ASK,
    )
    return JsonResponse(
        {
            "files": reverse("batches:files", args=[batch.pk]),
            "close": reverse("batches:close", args=[batch.pk]),
            "page": reverse("batches:detail", args=[batch.pk]),
        },
        status=201,
    )


@require_POST
def files(request: HttpRequest, pk: int) -> JsonResponse:
    """Take some files of a batch in, and say of each what became of it."""
    batch = _kept(request, pk)
    sent = list(sent_files(request))
    found = services.batch_add_files(batch=batch, files=sent)
    services.batch_enqueue(batch=batch)
    return JsonResponse(
        {"results": [_became(name, row) for (name, _file), row in zip(sent, found, strict=True)]}
    )


@require_POST
def close(request: HttpRequest, pk: int) -> JsonResponse:
    """All files were sent."""
    services.batch_close(batch=_kept(request, pk))
    return JsonResponse({"closed": True})


@require_safe
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """A batch: how far it is, what is in it, and what can be done with it."""
    batch = get_object_or_404(batches_for(request.user).select_related("owner"), pk=pk)
    shown = {
        "batch": batch,
        "progress": batch_progress(batch),
        "keeps": may_change(batch, request.user),
        "may_delete": may_delete(batch, request.user),
        "exports": batch.exports.filter(owner=request.user).order_by("-created"),
        **_grid(request, batch),
    }
    return render(request, "batches/detail.html", shown)


@require_GET
def live(request: HttpRequest, pk: int) -> HttpResponse:
    """The progress of a batch. ``seen``: what the page knows; when more is done, its grid loads them."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    progress = batch_progress(batch)
    shown = {
        "batch": batch,
        "progress": progress,
        "maybe_pages": maybe_pages(batch),
        "keeps": may_change(batch, request.user),
    }
    response = render(request, "batches/_progress.html", shown)
    if request.GET.get("seen") != f"{progress.done + progress.failed}-{progress.state}":
        response["HX-Trigger"] = "queries-changed"
    return response


@require_GET
def grid(request: HttpRequest, pk: int) -> HttpResponse:
    """One page of a batch's queries, and what was left out of it."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    return render(request, "batches/_grid.html", {"batch": batch, **_grid(request, batch)})


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the batch to the project, or to its owner alone."""
    batch = _kept(request, pk)
    services.batch_share(batch=batch, shared=request.POST.get("shared") == "1")
    return render(request, "batches/_share.html", {"batch": batch})


@require_POST
def what_pages_are(request: HttpRequest, pk: int) -> HttpResponse:
    """Say of the pictures that look like whole pages ``as`` what they are taken: pages or characters."""
    batch, answer = _kept(request, pk), request.POST.get("as")
    if answer not in (Batch.PicturesAs.PAGES, Batch.PicturesAs.CHARACTERS):
        raise Refused("say pages or characters", hint="use the two buttons", code="bad_input")
    services.maybe_pages_answer(batch=batch, pages=answer == Batch.PicturesAs.PAGES)
    return redirect("batches:detail", batch.pk)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a batch; its answers too only where the person said so."""
    batch = _kept(request, pk)
    trash.batch_delete(batch=batch, by=request.user, with_answers=request.POST.get("with_answers") == "1")
    messages.success(request, _("%(name)s has been deleted.") % {"name": batch.name}, extra_tags="good")
    return redirect("batches:list")


@session_or_token
@require_GET
def picture(request: HttpRequest, pk: int, version: str, name: str) -> FileResponse:
    """One derived picture of a query, kept for good by browsers once the query is ready."""
    if name not in PICTURES.values():
        raise Http404
    query = get_object_or_404(cards_for(request.user).only("pk", "state", "sha256"), pk=pk)
    fixed = query.state == Query.State.READY and version == query.sha256[:16]
    return send_file(derived("queries", pk, name), fixed=fixed)


def _kept(request: HttpRequest, pk: int) -> Batch:
    """A batch that the person may change. Raises Http404 where they may not even see it."""
    batch = get_object_or_404(batches_for(request.user), pk=pk)
    if not may_change(batch, request.user):
        raise PermissionDenied(_("Only the owner of the batch or a curator can do this."))
    return batch


def _grid(request: HttpRequest, batch: Batch) -> dict:
    """What the grid shows: one page of the queries, all or those of one state, and what was left out."""
    queries = batch.queries.defer("vector").select_related("archive").order_by("pk")
    queries = queries.prefetch_related("suggestions__item")
    state = request.GET.get("state", "")
    if state in Query.State.values:
        queries = queries.filter(state=state)
    left_out = batch.left_out.select_related("archive").order_by("pk")[: LEFT_OUT_SHOWN + 1]
    return {
        "page": Paginator(queries, _QUERIES_A_PAGE).get_page(request.GET.get("page")),
        "state": state,
        "maybe_pages": maybe_pages(batch),
        "left_out": left_out[:LEFT_OUT_SHOWN],
        "more_left_out": len(left_out) > LEFT_OUT_SHOWN,
    }


def _became(name: str, row) -> dict:
    if isinstance(row, BatchLeftOut):
        return {
            "name": name,
            "kind": "left_out",
            "code": row.code,
            "reason": in_one_line(row.code, row.reason),
        }
    if isinstance(row, Query) and row.state == Query.State.REJECTED:
        reason = "; ".join(filter(None, in_words(row.error_code, row.error, row.hint)))
        return {"name": name, "kind": "left_out", "code": row.error_code, "reason": reason}
    if isinstance(row, MaybePage):
        return {"name": name, "kind": "maybe_page", "code": "", "reason": ""}
    return {"name": name, "kind": "query" if isinstance(row, Query) else "archive", "code": "", "reason": ""}
