"""What the beginning of a file tells of it, where no fixed bytes do."""

import codecs
import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

_PLAIN = rb"[\t\r\n\x20-\x7e]"
# Tried in this order: the mark of UTF-32 begins with that of UTF-16.
_WIDE = (
    ("utf-32-le", codecs.BOM_UTF32_LE, re.compile(rb"(?:" + _PLAIN + rb"\0\0\0){8}")),
    ("utf-32-be", codecs.BOM_UTF32_BE, re.compile(rb"(?:\0\0\0" + _PLAIN + rb"){8}")),
    ("utf-16-le", codecs.BOM_UTF16_LE, re.compile(rb"(?:" + _PLAIN + rb"\0){8}")),
    ("utf-16-be", codecs.BOM_UTF16_BE, re.compile(rb"(?:\0" + _PLAIN + rb"){8}")),
)

HEAD = 1 << 16
"""Bytes from a file's beginning that are looked at; all of a shorter file."""

_OBJ_LINE = re.compile(rb"(?:^|[\r\n])[ \t]*(v|vn|vt|f|o|g|s|usemtl|mtllib)[ \t]")
_OBJ_VERTEX = re.compile(rb"(?:^|[\r\n])[ \t]*v[ \t]+[-+.\d]")
OFF_HEAD = re.compile(
    rb"(?:#[^\r\n]*[\r\n]\s*)*((?:ST)?C?N?4?N?OFF)(?:[ \t]+(BINARY)\b|[ \t]*(?=[#\d\r\n]|\Z))", re.IGNORECASE
)
"""OFF's first line, comments before it apart: its keyword, and whether the rest is binary."""
_PLY = re.compile(rb"ply[ \t]*[\r\n]")
_NUMBER = rb"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?"
_POINT = re.compile(rb"\s*" + _NUMBER + rb"(?:[ \t]*[ \t,;][ \t]*" + _NUMBER + rb"){2,}\s*")
_BITMAP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}
_STL_HEADER, _STL_TRIANGLE = 84, 50
_STL_SLACK = 1 << 16
_STL_LOOKED_AT = 50


def utf8_of(data: bytes) -> bytes:
    """A text's bytes in UTF-8 without their mark, where they are in UTF-16 or UTF-32, or bear one."""
    if data.startswith(codecs.BOM_UTF8):
        return data[len(codecs.BOM_UTF8) :]
    for encoding, mark, plain in _WIDE:
        if data.startswith(mark) or plain.match(data):
            return data.decode(encoding, "replace").removeprefix("\ufeff").encode()
    return data


@dataclass(frozen=True)
class Head:
    """The beginning of a file. data: its first ``HEAD`` bytes. size: of the whole in bytes, where known."""

    data: bytes
    size: int | None = None

    @cached_property
    def text(self) -> bytes:
        """``data`` as a text in UTF-8, without the mark and the blanks that it may begin with."""
        return utf8_of(self.data).lstrip(b" \t\r\n")

    @cached_property
    def lower(self) -> bytes:
        """``text`` in lower case."""
        return self.text.lower()

    @cached_property
    def is_binary(self) -> bool:
        """Whether there are zero bytes, which no text has."""
        return b"\0" in self.text


Test = Callable[[Head], bool]

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")


def at(offset: int, *words: bytes) -> Test:
    """A test for one of the words at a place in the file."""
    return lambda head: head.data.startswith(words, offset)


def text_from(*beginnings: bytes) -> Test:
    """A test for a text that begins so; the words in lower case, the text in any."""
    return lambda head: head.lower.startswith(beginnings)


def xml_with(tag: bytes) -> Test:
    """A test for XML that begins with the tag, or holds it after XML's own first line; in lower case."""
    return lambda head: head.lower.startswith((tag, b"<?xml")) and tag in head.lower


def both(first: Test, second: Test) -> Test:
    """A test that two others pass."""
    return lambda head: first(head) and second(head)


def is_bitmap(head: Head) -> bool:
    """ "BM" begins many a text; a bitmap's header has a known length at byte 14."""
    return head.data[:2] == b"BM" and int.from_bytes(head.data[14:18], "little") in _BITMAP_HEADERS


def is_stl(head: Head) -> bool:
    """STL has no mark of its own: the binary one is known by its size, the other by two words."""
    if _fits_triangles(head):
        return True
    if head.is_binary:
        return False
    return head.lower.startswith(b"solid") and (b"facet" in head.lower or b"endsolid" in head.lower)


def _fits_triangles(head: Head) -> bool:
    """Whether the triangles it says it has are there: 84 bytes, then 50 each, and few bytes after them."""
    if head.size is None or len(head.data) < _STL_HEADER:
        return False
    triangles = _little(head, 80)
    expected = _STL_HEADER + _STL_TRIANGLE * triangles
    if triangles == 0 or not expected <= head.size <= expected + max(expected, _STL_SLACK):
        return False
    return expected == head.size or shows_triangles(head)


def shows_triangles(head: Head) -> bool:
    """Whether the first triangles of a binary STL look like some: corners of usual size, not all one."""
    triangles = min(_little(head, 80), _STL_LOOKED_AT, (len(head.data) - _STL_HEADER) // _STL_TRIANGLE)
    if triangles < 1:
        return False
    places = (_STL_HEADER + _STL_TRIANGLE * i + 12 for i in range(triangles))
    corners = [struct.unpack_from("<9f", head.data, place) for place in places]
    likely = [
        nine for nine in corners if all(map(_is_likely, nine)) and len({nine[:3], nine[3:6], nine[6:]}) > 1
    ]
    return 2 * len(likely) >= triangles


def _is_likely(number: float) -> bool:
    return number == 0 or 1e-12 < abs(number) < 1e12


def is_ply(head: Head) -> bool:
    """The first line is "ply"."""
    return _PLY.match(head.text) is not None


def is_off(head: Head) -> bool:
    """The first line that is no comment begins with OFF or one of its kin."""
    return OFF_HEAD.match(head.text) is not None


def is_obj(head: Head) -> bool:
    """A text with a vertex, and three lines that are OBJ's."""
    if head.is_binary or not _OBJ_VERTEX.search(head.text):
        return False
    return len(_OBJ_LINE.findall(head.text)) >= 3


def is_points(head: Head) -> bool:
    """A text whose lines are three numbers or more, not all of them whole; comments and a count apart."""
    if head.is_binary:
        return False
    lines = [line for line in head.text.splitlines()[:24] if line.strip() and line.lstrip()[:1] not in b"#/"]
    if lines and lines[0].strip().isdigit():
        lines = lines[1:]
    whole = lines[:-1] if len(head.data) == HEAD else lines  # the last line may be cut
    return len(whole) >= 3 and all(map(_POINT.fullmatch, whole)) and any(b"." in line for line in whole)


def is_pts(head: Head) -> bool:
    """Points behind their count, each with a brightness and perhaps a colour."""
    lines = head.text.split(b"\n", 3)
    return (
        is_points(head) and len(lines) > 2 and lines[0].strip().isdigit() and len(lines[1].split()) in (4, 7)
    )


def is_3ds(head: Head) -> bool:
    """ "MM" and the whole file's length."""
    return head.data[:2] == b"MM" and head.size is not None and _little(head, 2) == head.size


def is_cr2(head: Head) -> bool:
    """A TIFF with Canon's mark."""
    return head.data.startswith(b"II*\0") and head.data.startswith(b"CR\x02", 8)


def is_gltf(head: Head) -> bool:
    """The JSON of a scene, which keeps its triangles in files beside it."""
    return head.text.startswith(b"{") and b'"asset"' in head.data and b'"version"' in head.data


def is_heic(head: Head) -> bool:
    """A box "ftyp" at its beginning, with one of the brands that hold HEVC pictures."""
    return head.data[4:8] == b"ftyp" and head.data[8:12] in _HEIC_BRANDS


def is_dxf(head: Head) -> bool:
    """A first group of code 0 that opens a section."""
    return re.match(rb"0\s+section\s", head.lower) is not None


def is_ico(head: Head) -> bool:
    """An icon or a cursor of one to 255 pictures."""
    return re.match(rb"\0\0[\1\2]\0[^\0]\0", head.data) is not None


def is_pnm(head: Head) -> bool:
    """P1 to P7, then a size in digits."""
    return re.match(rb"P[1-7]\s+(#[^\n]*\n\s*)*(WIDTH\s+)?\d", head.data) is not None


def is_safetensors(head: Head) -> bool:
    """The length of a JSON header, and the header's beginning."""
    return head.data[8:10] == b'{"' and head.data[4:8] == bytes(4)


def is_zip(head: Head) -> bool:
    """A zip that is no mesh; one that was split, or put behind other bytes, may begin otherwise."""
    begins = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08PK\x03\x04", b"PK00PK\x03\x04")
    return head.data.startswith(begins) and not is_3mf(head) and not is_usdz(head)


def is_usdz(head: Head) -> bool:
    """A zip whose first entry is a USD scene."""
    return (
        re.match(rb"PK\x03\x04.{26}[^\0]{1,200}\.usd[ac]?", head.data, re.DOTALL | re.IGNORECASE) is not None
    )


def is_3mf(head: Head) -> bool:
    """A zip whose first entries are those of a 3D package; slicers put a large picture before the model."""
    if not head.data.startswith(b"PK\x03\x04"):
        return False
    if re.search(rb"3D/[^\0]{1,80}\.model", head.data, re.IGNORECASE):
        return True
    return (
        b"[Content_Types].xml" in head.data[:80]
        and re.search(rb"Metadata/(thumbnail|plate)", head.data) is not None
    )


def _little(head: Head, offset: int) -> int:
    return int.from_bytes(head.data[offset : offset + 4], "little")
