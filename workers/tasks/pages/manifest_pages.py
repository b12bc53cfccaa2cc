"""The pictures that a IIIF manifest names, fetched one after another."""

import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from tempfile import TemporaryFile
from typing import BinaryIO

from common.errors import BadInput
from webapp.batches.intake import MOST_PICTURE_BYTES
from webapp.core.errors import AppError, Refused
from webapp.pages.manifests.fetching import Unfetched, fetch, is_allowed
from webapp.pages.manifests.manifest import (
    MOST_BYTES,
    BadManifest,
    CanvasPicture,
    Manifest,
    is_manifest,
    manifest_read,
)


@dataclass(frozen=True)
class FetchedPicture:
    """One picture. index: from 0. file: its bytes, or None with the ``error`` that fetching it met."""

    index: int
    name: str
    file: BinaryIO | None
    error: AppError | None = None


def is_fetched(head: bytes) -> bool:
    """Whether a stored file is a manifest, or the address of one."""
    return is_manifest(head) or head.startswith((b"http://", b"https://"))


def manifest_of(data: bytes, *, name: str) -> Manifest:
    """The manifest that a stored file is, or that lies at the address in it.

    Raises:
        BadManifest: it is none, or nothing that it names may be fetched.
    """
    if not is_manifest(data):
        data = _fetched_manifest(data.decode("utf-8", "replace"))
    manifest = manifest_read(data, name=name)
    if not any(is_allowed(one) for picture in manifest.pictures for one in picture.addresses):
        hint = "an operator can allow it: MOCBAN_IIIF_HOSTS"
        raise BadManifest("its pictures may not be fetched from there", hint=hint, code="host_not_allowed")
    return manifest


def manifest_pictures(manifest: Manifest, *, done: set[int | None]) -> Iterator[FetchedPicture]:
    """Each picture, one after another; those ``done`` are passed over. Files close as the next one comes."""
    for index, picture in enumerate(manifest.pictures):
        if index in done:
            continue
        with closing(TemporaryFile()) as file:
            error = _fetch_largest(picture, file)
            file.seek(0)
            yield FetchedPicture(index, picture.name, None if error else file, error)


def _fetch_largest(picture: CanvasPicture, file: BinaryIO) -> AppError | None:
    """Fetch a picture as large as it is served. Returns why it is not to be had."""
    error: AppError | None = Refused(f"{picture.name} has no address", code="bad_address")
    for address in picture.addresses:
        try:
            fetch(address, file, most=MOST_PICTURE_BYTES)
        except (Refused, Unfetched) as refusal:
            error = refusal
            file.seek(0)
            file.truncate()
        else:
            return None
    return error


def _fetched_manifest(address: str) -> bytes:
    into = io.BytesIO()
    try:
        fetch(address, into, most=MOST_BYTES)
    except Refused as error:
        raise BadInput(str(error), hint=error.hint, code=error.code) from error
    return into.getvalue()
