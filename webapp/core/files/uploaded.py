"""How a page's upload request is read, and answered."""

import json
from collections.abc import Iterator
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.http.request import RawPostDataException

from webapp.core.errors import Refused
from webapp.core.text_guard import is_usable


def sent_files(request: HttpRequest) -> Iterator[tuple[str, UploadedFile]]:
    """Each file with its name, folders and all: browsers send the path beside the file, in ``names``.

    Raises:
        Refused: there is not one name for each file.
    """
    files, names = request.FILES.getlist("files"), request.POST.getlist("names")
    if not files or (names and len(names) != len(files)):
        raise Refused("the upload had no files", hint="send it again", code="bad_upload")
    return zip(names or [file.name or "" for file in files], files, strict=True)


def sent_json(request: HttpRequest) -> dict[str, Any]:
    """The request's JSON object.

    Raises:
        Refused: the body is something else, or has text that no database keeps.
    """
    try:
        body = json.loads(request.body)
        if not is_usable(body):
            body = None
    except RawPostDataException:  # a form, whose fields the guard of texts has read before us
        body = None
    except (ValueError, RecursionError):  # a ValueError is also a number of thousands of digits
        body = None
    if not isinstance(body, dict):
        raise Refused("the request is not a JSON object", code="bad_json")
    return body
