"""Text that no database keeps: a NUL, or half of a surrogate pair.

Addresses, forms and JSON bodies are looked at once, here, before any view. Without it, such a text becomes a
500 in the database, and JSON that is nested too deeply one in its reader.
"""

import json
import re
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, QueryDict

_UNUSABLE = re.compile("[\x00\ud800-\udfff]")
_FORM, _FILES, _JSON = "application/x-www-form-urlencoded", "multipart/form-data", "application/json"


def is_usable(value: Any) -> bool:
    """Whether a value of a request can be kept.

    value: a text, or lists and objects of values, as JSON has them.
    """
    if isinstance(value, str):
        return not _UNUSABLE.search(value)
    if isinstance(value, dict):
        return all(is_usable(name) and is_usable(inner) for name, inner in value.items())
    if isinstance(value, list):
        return all(map(is_usable, value))
    return True


class UsableTextMiddleware:
    """Answers 400 to a request whose text no database keeps."""

    def __init__(self, get_response) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Nobody types a cookie, so a bad one is left out. The session's is looked up in the database.
        request.COOKIES = {name: value for name, value in request.COOKIES.items() if is_usable(value)}
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view, args, kwargs) -> None:
        """Raises BadRequest, which becomes the page or the JSON of a 400."""
        if not is_usable(request.path) or not _is_usable_query(request.GET):
            raise BadRequest("the address holds a NUL")
        if _is_form(request) and not _is_usable_query(request.POST):
            raise BadRequest("the form holds a NUL")
        if request.content_type == _JSON:
            _check_json(request.body)


def _is_form(request: HttpRequest) -> bool:
    """Forms with files too, but not the API's: its serializers refuse such text, and read the files."""
    with_files = request.content_type == _FILES and not request.path.startswith("/api/")
    return request.content_type == _FORM or with_files


def _is_usable_query(query: QueryDict) -> bool:
    return all(is_usable(name) and is_usable(values) for name, values in query.lists())


def _check_json(body: bytes) -> None:
    try:
        usable = is_usable(json.loads(body))
    except RecursionError:
        raise BadRequest("the JSON is nested too deeply") from None
    except ValueError:
        return  # the view says in its own words that this is no JSON
    if not usable:
        raise BadRequest("a text holds a NUL or half of a surrogate pair (U+D800 to U+DFFF)")
