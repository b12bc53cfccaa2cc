"""Resumable uploads over HTTP by the tus protocol 1.0.0 (https://tus.io/protocols/resumable-upload):
core, creation, termination, checksum and expiration.
"""

import base64
import binascii
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.request import UnreadablePostError
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import http_date
from drf_spectacular.utils import extend_schema
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from webapp.blocks.models import Block, Upload
from webapp.blocks.services import MOST_SCAN_BYTES
from webapp.blocks.uploads import pieces
from webapp.core.errors import AppError, Refused
from webapp.core.http import whole_number
from webapp.core.permissions import CuratorOnly

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,checksum,expiration"
_OFFSET_STREAM = "application/offset+octet-stream"


class OtherVersion(AppError):
    """The client speaks another version of tus."""

    code = "tus_version"
    status = 412


class OtherType(AppError):
    """The bytes come as something else than tus has them."""

    code = "tus_type"
    status = 415


class _AnyType(BaseParser):
    """Whatever comes is read by the view, piece by piece."""

    media_type = "*/*"

    def parse(self, stream, media_type=None, parser_context=None) -> Any:
        return {}


class _Anything(BaseContentNegotiation):
    """tus clients name no types."""

    def select_parser(self, request, parsers):
        return parsers[0]

    def select_renderer(self, request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


@extend_schema(exclude=True)
class _Tus(APIView):
    permission_classes = [*APIView.permission_classes, CuratorOnly]
    parser_classes = [_AnyType]
    content_negotiation_class = _Anything
    throttle_classes: list = []

    def initial(self, request: Request, *args, **kwargs) -> None:
        super().initial(request, *args, **kwargs)
        if request.method != "OPTIONS" and request.headers.get("Tus-Resumable") != VERSION:
            raise OtherVersion("this is not tus 1.0.0", hint="send Tus-Resumable: 1.0.0")

    def finalize_response(self, request, response, *args, **kwargs) -> HttpResponse:
        response = super().finalize_response(request, response, *args, **kwargs)
        response["Tus-Resumable"] = VERSION
        response["Tus-Version"] = VERSION
        response["Tus-Max-Size"] = str(MOST_SCAN_BYTES)
        response["Tus-Extension"] = EXTENSIONS
        response["Tus-Checksum-Algorithm"] = ",".join(pieces.ALGORITHMS)
        response["Cache-Control"] = "no-store"
        return response

    def options(self, request: Request, *args, **kwargs) -> Response:
        """What this server can do."""
        return Response(status=204)


class Uploads(_Tus):
    """Where uploads begin."""

    def post(self, request: Request) -> Response:
        """Begin an upload. Metadata: filename, block, and face and unit where they are known."""
        sent = _metadata(request.headers.get("Upload-Metadata", ""))
        length = request.headers.get("Upload-Length", "")
        if not (length.isascii() and length.isdigit() and len(length) < 20):
            raise Refused("the upload has no length", hint="send Upload-Length", code="bad_length")
        block = get_object_or_404(Block, pk=whole_number(sent.get("block", "")))
        upload = pieces.upload_create(
            user=request.user,
            block=block,
            name=sent.get("filename") or "scan",
            size=int(length),
            face=sent.get("face", ""),
            unit=sent.get("unit", ""),
        )
        address = request.build_absolute_uri(reverse("api-block-upload", args=[upload.pk]))
        return Response(status=201, headers={"Location": address, **_expires(upload)})


class UploadDetail(_Tus):
    """One upload, of whoever began it."""

    def head(self, request: Request, pk) -> Response:
        """How much of the upload has come."""
        upload = _own(request, pk)
        return Response(status=200, headers=_state(upload))

    def patch(self, request: Request, pk) -> Response:
        """Further bytes."""
        if request.content_type != _OFFSET_STREAM:
            raise OtherType(f"the bytes must come as {_OFFSET_STREAM}")
        upload, offset = _own(request, pk), request.headers.get("Upload-Offset", "")
        if not (offset.isascii() and offset.isdigit() and len(offset) < 20):
            raise Refused("the bytes have no offset", hint="send Upload-Offset", code="bad_offset")
        upload = pieces.upload_append(
            upload=upload,
            offset=int(offset),
            stream=_Body(request._request),
            checksum=request.headers.get("Upload-Checksum", ""),
        )
        headers = _state(upload)
        if upload.scan_id:
            headers["Mocban-Scan"] = str(upload.scan_id)
        return Response(status=204, headers=headers)

    def delete(self, request: Request, pk) -> Response:
        """Give the upload up."""
        pieces.upload_remove(upload=_own(request, pk))
        return Response(status=204)


class _Body:
    """A request's body; a connection that breaks is an OSError."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    def read(self, size: int = -1, /) -> bytes:
        try:
            return self._request.read(size)
        except UnreadablePostError as error:
            raise OSError(str(error)) from error


def _own(request: Request, pk) -> Upload:
    return get_object_or_404(Upload.objects.select_related("block", "owner"), pk=pk, owner=request.user)


def _state(upload: Upload) -> dict[str, str]:
    return {"Upload-Offset": str(upload.offset), "Upload-Length": str(upload.size), **_expires(upload)}


def _expires(upload: Upload) -> dict[str, str]:
    return {"Upload-Expires": http_date(pieces.upload_expires(upload).timestamp())}


def _metadata(header: str) -> dict[str, str]:
    """The pairs of an Upload-Metadata header: names, each with a value in base64 or none.

    Raises:
        Refused: bad_metadata.
    """
    found: dict[str, str] = {}
    for pair in filter(None, map(str.strip, header.split(","))):
        name, _, value = pair.partition(" ")
        try:
            found[name] = base64.b64decode(value, validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            raise Refused(
                "the metadata cannot be read", hint="encode values in base64", code="bad_metadata"
            ) from None
    return found
