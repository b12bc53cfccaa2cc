"""What a file is by its content."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

HEAD = 4096
"""Bytes from a file's beginning that ``sniff`` looks at."""


class Sort(StrEnum):
    """What a file may be to Mocban."""

    EMPTY = "empty"
    ZIP = "zip"
    PICTURE = "picture"
    MESH = "mesh"
    OTHER_ARCHIVE = "other_archive"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Sniffed:
    """What a file is. kind: "png", "stl", "rar"; empty where its content tells nothing."""

    sort: Sort
    kind: str = ""


_MAGIC = [
    (b"PK\x03\x04", Sort.ZIP, "zip"),
    (b"PK\x05\x06", Sort.ZIP, "zip"),
    (b"PK\x07\x08PK\x03\x04", Sort.ZIP, "zip"),
    (b"\x89PNG\r\n\x1a\n", Sort.PICTURE, "png"),
    (b"\xff\xd8\xff", Sort.PICTURE, "jpeg"),
    (b"GIF87a", Sort.PICTURE, "gif"),
    (b"GIF89a", Sort.PICTURE, "gif"),
    (b"II*\0", Sort.PICTURE, "tiff"),
    (b"MM\0*", Sort.PICTURE, "tiff"),
    (b"II+\0", Sort.PICTURE, "tiff"),
    (b"MM\0+", Sort.PICTURE, "tiff"),
    (b"glTF", Sort.MESH, "glb"),
    (b"Rar!\x1a\x07", Sort.OTHER_ARCHIVE, "rar"),
    (b"7z\xbc\xaf\x27\x1c", Sort.OTHER_ARCHIVE, "7z"),
    (b"\x1f\x8b", Sort.OTHER_ARCHIVE, "gzip"),
    (b"\xfd7zXZ\0", Sort.OTHER_ARCHIVE, "xz"),
    (b"%PDF-", Sort.OTHER, "pdf"),
    (b"8BPS", Sort.OTHER, "psd"),
    (b"AT&TFORM", Sort.OTHER, "djvu"),
    (b"\0\0\0\x0cjP  ", Sort.OTHER, "jpeg 2000"),
    (b"Kaydara FBX", Sort.OTHER, "fbx"),
    (b"BLENDER", Sort.OTHER, "blend"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", Sort.OTHER, "office document"),
    (b"\x7fELF", Sort.OTHER, "program"),
]
# So short that a mesh's free-text header may begin with them: asked last.
_WEAK_MAGIC = [(b"MZ", Sort.OTHER, "program"), (b"BZh", Sort.OTHER_ARCHIVE, "bzip2")]
_HEIF = {b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis"}
_OBJ_LINE = re.compile(rb"^(v|vn|vt|f|o|g|s|usemtl|mtllib)[ \t]", re.MULTILINE)
_PICTURE_ENDINGS = {"png", "jpg", "jpeg", "jpe", "jfif", "gif", "bmp", "dib", "webp", "tif", "tiff"}
_MESH_ENDINGS = {"stl", "obj", "ply", "off", "glb"}


def ending(name: str) -> str:
    """The letters after a name's last dot, in lower case; empty where there are none."""
    stem, dot, last = re.split(r"[/\\]", name)[-1].rpartition(".")
    return last.lower() if dot and stem else ""


def claims_picture(name: str) -> bool:
    """Whether the name says that the file is a picture Mocban reads."""
    return ending(name) in _PICTURE_ENDINGS


def claims_mesh(name: str) -> bool:
    """Whether the name says that the file is a mesh Mocban reads."""
    return ending(name) in _MESH_ENDINGS


def sniff(head: bytes, *, size: int | None = None) -> Sniffed:
    """Tell what a file is from its content alone.

    head: its first ``HEAD`` bytes, or all of a shorter one. size: of the whole file in bytes, where known;
    a binary STL has no magic word and is known by its size.
    """
    if not head:
        return Sniffed(Sort.EMPTY)
    if found := _of_magic(head, _MAGIC):
        return found
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return Sniffed(Sort.PICTURE, "webp")
    if head[4:8] == b"ftyp":
        return Sniffed(
            Sort.OTHER, "heic" if head[8:12] in _HEIF else "avif" if head[8:11] == b"avi" else "video"
        )
    if head[:2] == b"BM" and _is_bmp(head):
        return Sniffed(Sort.PICTURE, "bmp")
    if head[257:262] == b"ustar":
        return Sniffed(Sort.OTHER_ARCHIVE, "tar")
    return (
        _sniff_mesh(head, size) or _sniff_text(head) or _of_magic(head, _WEAK_MAGIC) or Sniffed(Sort.UNKNOWN)
    )


def _of_magic(head: bytes, words: list[tuple[bytes, Sort, str]]) -> Sniffed | None:
    return next((Sniffed(sort, kind) for magic, sort, kind in words if head.startswith(magic)), None)


def _is_bmp(head: bytes) -> bool:
    """ "BM" begins many a text; a bitmap's header has a known length at byte 14."""
    return int.from_bytes(head[14:18], "little") in {12, 16, 40, 52, 56, 64, 108, 124}


def _sniff_mesh(head: bytes, size: int | None) -> Sniffed | None:
    if size is not None and len(head) >= 84 and _fits_binary_stl(head, size):
        return Sniffed(Sort.MESH, "stl")
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if start[:3] == b"ply" and start[3:4] in b"\r\n":
        return Sniffed(Sort.MESH, "ply")
    if re.match(rb"(ST)?C?N?4?n?OFF\b", start) and b"\0" not in start[:3]:
        return Sniffed(Sort.MESH, "off")
    if start[:5].lower() == b"solid" and (b"facet" in start.lower() or b"endsolid" in start.lower()):
        return Sniffed(Sort.MESH, "stl")
    if b"\0" not in head and len(_OBJ_LINE.findall(head)) >= 3:
        return Sniffed(Sort.MESH, "obj")
    return None


def _fits_binary_stl(head: bytes, size: int) -> bool:
    """Whether the triangles it says it has are there: 84 bytes, then 50 each, and few bytes after them."""
    triangles = int.from_bytes(head[80:84], "little")
    told = 84 + 50 * triangles
    return triangles > 0 and told <= size <= told + max(told, 1 << 16)


def _sniff_text(head: bytes) -> Sniffed | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<svg") or (start.startswith(b"<?xml") and b"<svg" in start):
        return Sniffed(Sort.OTHER, "svg")
    if start.startswith((b"<!doctype html", b"<html")):
        return Sniffed(Sort.OTHER, "web page")
    return None


class Peeked:
    """A stream whose first bytes have been looked at, and can still be read.

    head: its first ``HEAD`` bytes, or all of a shorter one.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self.head = _read_up_to(stream, HEAD)
        self._left = self.head

    def read(self, size: int = -1) -> bytes:
        """Up to ``size`` bytes, all of them where negative; empty at the end."""
        if not self._left:
            return self._stream.read(size)
        if size < 0:
            found, self._left = self._left + self._stream.read(), b""
            return found
        found, self._left = self._left[:size], self._left[size:]
        return found


def _read_up_to(stream: BinaryIO, size: int) -> bytes:
    found = b""
    while len(found) < size and (more := stream.read(size - len(found))):
        found += more
    return found
