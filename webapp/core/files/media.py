"""Stored and derived files, sent to those who may see them."""

import mimetypes
from collections.abc import Callable
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.settings import api_settings

_FOREVER = "private, max-age=31536000, immutable"
_CHECK_AGAIN = "private, no-cache"

mimetypes.add_type("model/gltf-binary", ".glb")
mimetypes.add_type("image/webp", ".webp")


def derived(room: str, pk: int, name: str) -> Path:
    """Where a worker leaves a derived file: room is "items" or "queries"."""
    return settings.ENV.data / "derived" / room / str(pk) / name


def send_file(path: Path, *, fixed: bool, download_as: str = "") -> FileResponse:
    """Answer with a file.

    fixed: whether this address will always mean this content, so that browsers may keep it for good.

    Raises:
        Http404: the file is not there (it may be about to be made again).
    """
    try:
        stream = path.open("rb")
    except (FileNotFoundError, IsADirectoryError):
        raise Http404("This picture is not there.") from None
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    response = FileResponse(
        stream, content_type=kind, as_attachment=bool(download_as), filename=download_as or path.name
    )
    response["Cache-Control"] = _FOREVER if fixed else _CHECK_AGAIN
    return response


def session_or_token(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let in a logged-in person, or a program with an API token: the API's answers name these addresses."""

    by_token = api_settings.DEFAULT_AUTHENTICATION_CLASSES[0]

    @login_not_required
    @wraps(view)
    def wrapped(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            try:
                found = by_token().authenticate(request)
            except AuthenticationFailed as error:
                return HttpResponse(str(error.detail), status=401, content_type="text/plain")
            if not found:
                return redirect_to_login(request.get_full_path())
            request.user = found[0]
        return view(request, *args, **kwargs)

    return wrapped
