"""Zips of files of boxes, as the exports of formats with a file per page are."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile

from common.archives.archive import Archive, Member, open_archive
from common.archives.errors import BadArchive, BadEntry
from common.archives.refusals import MB, Limits
from webapp.core.errors import Refused, TooLarge
from webapp.pages.interchange.formats import format_of

MOST_UNPACKED = 256 * MB
_LIMITS = Limits(member_bytes=64 * MB)
_HEAD = 1 << 16


def unpacked(files: Iterable[tuple[str, bytes]]) -> Iterator[tuple[str, bytes]]:
    """Files, and those of boxes in zips of them. What is no file of boxes in a zip is passed over.

    Raises:
        Refused: bad_zip, or too_large, of a zip that cannot be read.
    """
    for name, data in files:
        inside = list(_inside(name, data)) if data.startswith(b"PK") and not format_of(data, name) else []
        yield from inside or [(name, data)]


def _inside(name: str, data: bytes) -> Iterator[tuple[str, bytes]]:
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        try:
            with open_archive(Path(file.name), name=name, limits=_LIMITS) as archive:
                yield from _files_of_boxes(archive)
        except (BadArchive, BadEntry) as error:
            raise Refused(str(error), hint=error.hint, code=error.code) from error


def _files_of_boxes(archive: Archive) -> Iterator[tuple[str, bytes]]:
    left = MOST_UNPACKED
    for member in archive.members:
        if member.refusal or not _holds_boxes(member):
            continue
        left -= member.size
        if left < 0:
            raise TooLarge(f"the files in {archive.name} are too large", hint="send them in several parts")
        yield member.name, member.open().read()


def _holds_boxes(member: Member) -> bool:
    return format_of(member.open().read(_HEAD), member.name) is not None
