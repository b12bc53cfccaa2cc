"""The page on which people see which block printed a page, print over print, and say so with a key."""

import uuid

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from webapp.core.errors import Refused
from webapp.core.files.media import derived, send_file, session_or_token
from webapp.core.http import whole_number
from webapp.core.refusals.words import in_words
from webapp.pages.models import Page
from webapp.pages.selectors import may_edit, pages_for
from webapp.printed.decisions import match_confirm, match_reject, match_undo
from webapp.printed.models import PageMatch, PageSearch
from webapp.printed.pictures import ROOM, picture_url, pictures_there
from webapp.printed.searches import page_search
from webapp.printed.selectors import match_queue, matches_for, page_matches, page_search_of


@never_cache
@require_safe
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """The blocks that a page may come from, the one of ``?match=`` laid over it; else the best."""
    found = get_object_or_404(pages_for(request.user), pk=pk)
    matches = page_matches(found)
    wanted = whole_number(request.GET.get("match", ""))
    match = next((row for row in matches if row.pk == wanted), matches[0] if matches else None)
    search = page_search_of(found)
    context = {
        "page": found,
        "document": found.document,
        "matches": matches,
        "match": match,
        "search": search,
        "working": search is not None and search.state == PageSearch.State.WAITING,
        "failure": _failure(search),
        "may_edit": may_edit(found.document, request.user),
        "key": uuid.uuid4(),
        "queue": match_queue(match) if match else [],
        "pictures": _pictures(match) if match else None,
    }
    return render(request, "printed/page.html", context)


@require_POST
def find(request: HttpRequest, pk: int) -> HttpResponse:
    """Have the blocks of a page looked for."""
    found = get_object_or_404(pages_for(request.user), pk=pk)
    _check_editor(request, found)
    page_search(page=found, person=request.user)
    return redirect("printed:page", found.pk)


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the block printed the page. ``key``: of this action, made with the page."""
    match = _edited(request, pk)
    try:
        key = uuid.UUID(request.POST.get("key", ""))
    except ValueError:
        raise Refused("the key is none", hint="reload the page", code="bad_json") from None
    done = match_confirm(match=match, annotator=request.user, key=key)
    written, left = (done.bulk.written, done.bulk.left) if done.bulk else (0, 0)
    message = ngettext(
        "%(count)s character is labelled as the same carving.",
        "%(count)s characters are labelled as the same carving.",
        written,
    ) % {"count": written}
    if left:
        words = ngettext("%(count)s stays as it was.", "%(count)s stay as they were.", left)
        message = f"{message} {words % {'count': left}}"
    messages.success(request, message, extra_tags="good")
    return _back(match)


@require_POST
def reject(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that the block did not print the page."""
    match = _edited(request, pk)
    match_reject(match=match, person=request.user)
    return _back(match)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back what was said, with the answers it gave."""
    match = _edited(request, pk)
    match_undo(match=match, by=request.user)
    messages.success(request, _("Undone."), extra_tags="good")
    return _back(match)


@session_or_token
@require_GET
def picture(request: HttpRequest, pk: int, kind: str) -> FileResponse:
    """The page, or the block's print as it lies on it."""
    match = get_object_or_404(matches_for(request.user), pk=pk)
    if kind not in {"page", "block"}:
        raise Http404("There is no such picture.")
    return send_file(derived(ROOM, match.pk, f"{kind}.webp"), fixed=False)


def _pictures(match: PageMatch) -> dict[str, str] | None:
    return {kind: picture_url(match, kind) for kind in ("page", "block")} if pictures_there(match) else None


def _failure(search: PageSearch | None) -> tuple[str, ...]:
    """Why the search failed and what to do, in the reader's words; empty where it did not."""
    failed = search is not None and search.state == PageSearch.State.FAILED
    return in_words(search.error_code, search.error, search.hint) if search and failed else ()


def _check_editor(request: HttpRequest, page: Page) -> None:
    if not may_edit(page.document, request.user):
        raise PermissionDenied(_("This batch is assigned to others."))


def _edited(request: HttpRequest, pk: int) -> PageMatch:
    match = get_object_or_404(matches_for(request.user), pk=pk)
    _check_editor(request, match.page)
    return match


def _back(match: PageMatch) -> HttpResponse:
    return redirect(f"{reverse('printed:page', args=[match.page_id])}?match={match.pk}")
