"""Health, glyphs, and the pages that tell of errors."""

import sys

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language, gettext_noop, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST, require_safe
from django.views.i18n import JavaScriptCatalog

from webapp.core.characters import character_of
from webapp.core.errors import DiskFull
from webapp.core.files.disk import is_disk_full
from webapp.core.health import troubles
from webapp.core.http import error_code, wants_json
from webapp.core.pages.glyphs import glyph_svg
from webapp.core.pages.texts import texts_version
from webapp.core.pages.theme import COOKIE, COOKIE_AGE, theme_named
from webapp.core.refusals.words import error_in_words


@login_not_required
@require_safe
def live(request: HttpRequest) -> JsonResponse:
    """The process answers."""
    return JsonResponse({"status": "live"})


@login_not_required
@require_safe
def ready(request: HttpRequest) -> JsonResponse:
    """The database, the data folder and the broker answer too; 503 and what is amiss when they do not."""
    found = troubles()
    body = {"status": "waiting" if found else "ready", "troubles": found}
    return JsonResponse(body, status=503 if found else 200)


@require_GET
def glyph(request: HttpRequest, codepoints: str) -> HttpResponse:
    """A character as an SVG picture: ``/glyphs/U+845B-U+E0100.svg``; 404 where no font has it."""
    try:
        drawn = glyph_svg(character_of(codepoints.replace("-", " ")))
    except ValueError as error:
        raise Http404(str(error)) from None
    if drawn is None:
        raise Http404("No installed font has this character.")
    response = HttpResponse(drawn, content_type="image/svg+xml")
    response["Cache-Control"] = "private, max-age=31536000, immutable"
    return response


@login_not_required
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen, light or dark, and show the page that asked once more."""
    chosen = theme_named(request.POST.get("theme", ""))
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        page = "/"
    response = redirect(page)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(COOKIE, chosen, COOKIE_AGE, secure=secure, httponly=True, samesite="Lax")
    return response


@login_not_required
@require_safe
def texts(request: HttpRequest, language: str, version: str) -> HttpResponse:
    """The page scripts' texts in one language, kept by browsers for as long as they stay as they are."""
    if not check_for_language(language):
        raise Http404
    with override(language):
        response = JavaScriptCatalog.as_view(domain="djangojs")(request)
    if version == texts_version(language):
        response["Cache-Control"] = "public, max-age=31536000, immutable"
    return response


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400: what was sent cannot be read. Its own words are kept, when it has any."""
    return _page(request, 400, message=str(exception))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403: who asks may not do this. Its own words are kept, when it has any."""
    return _page(request, 403, message=str(exception))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: there is nothing here, or nothing for who asks."""
    return _page(request, 404)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 because the page was too old, or came from elsewhere."""
    message = _("This page was open for too long. Reload it and try again.")
    return _page(request, 403, message=message, code="csrf")


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a fault of ours. Nothing of the page's usual frame is relied on: it may be what broke."""
    if is_disk_full(sys.exc_info()[1]):
        return _disk_full(request)
    if wants_json(request):
        return JsonResponse(
            _body("error", _("Something went wrong on the server."), retryable=True), status=500
        )
    return render(request, "500.html", status=500)


def _disk_full(request: HttpRequest) -> HttpResponse:
    """507, whatever was to be written: an answer, a log-in, a setting."""
    words, hint = error_in_words(DiskFull("the disk is full", hint="make room on the server's disk"))
    if wants_json(request):
        return JsonResponse(_body(DiskFull.code, words, hint, retryable=True), status=DiskFull.status)
    context = {"status": DiskFull.status, "message": words, "hint": hint}
    return render(request, "error.html", context, status=DiskFull.status)


def _body(code: str, error: str, hint: str = "", *, retryable: bool = False) -> dict[str, str | bool]:
    return {"code": code, "error": error, "hint": hint, "retryable": retryable}


def _page(request: HttpRequest, status: int, *, message: str = "", code: str = "") -> HttpResponse:
    message = message or _(_MESSAGES[status])
    if wants_json(request):
        return JsonResponse(_body(code or error_code(status), message), status=status)
    return render(request, "error.html", {"status": status, "message": message}, status=status)


_MESSAGES = {
    400: gettext_noop("The request could not be read."),
    403: gettext_noop("You don't have permission to do this."),
    404: gettext_noop("This page does not exist, or you can't see it."),
}
