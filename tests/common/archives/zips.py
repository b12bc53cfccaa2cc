"""Zips of every make, written byte by byte, so that they can lie."""

import struct
import zlib
from dataclasses import dataclass, field


@dataclass
class Line:
    """One entry to be written. What is left None is what an honest program would write.

    name: raw bytes of the name. data: the file. method: 8 deflate, 0 stored, others are written stored.
    crc, size: what the directory says of the data. offset: where it says they lie.
    """

    name: bytes
    data: bytes = b""
    flags: int = 0
    method: int = 8
    system: int = 3
    mode: int = 0o100644
    extra: bytes = b""
    crc: int | None = None
    size: int | None = None
    packed: bytes | None = None
    packed_size: int | None = None
    offset: int | None = None
    at: int = field(default=0, init=False)

    def body(self) -> bytes:
        if self.packed is not None:
            return self.packed
        if self.method != 8:
            return self.data
        packer = zlib.compressobj(9, zlib.DEFLATED, -15)
        return packer.compress(self.data) + packer.flush()


def unicode_path(raw_name: bytes, name: str, *, crc: int | None = None) -> bytes:
    """Info-ZIP's Unicode Path extra field."""
    block = struct.pack("<BL", 1, zlib.crc32(raw_name) if crc is None else crc) + name.encode()
    return struct.pack("<HH", 0x7075, len(block)) + block


def make_zip(
    lines: list[Line], *, comment: bytes = b"", before: bytes = b"", count: int | None = None
) -> bytes:
    """A zip of these lines. count: how many the end says there are, where it is to lie."""
    out, directory = bytearray(before), bytearray()
    for line in lines:
        line.at = len(out) - len(before)
        body = line.body()
        out += struct.pack("<4s5H3L2H", b"PK\3\4", *_common(line, body), len(line.name), 0) + line.name + body
    for line in lines:
        directory += _listed(line)
    count = len(lines) if count is None else count
    end = (b"PK\5\6", 0, 0, count, count, len(directory), len(out) - len(before), len(comment))
    return bytes(out + directory + struct.pack("<4s4H2LH", *end) + comment)


def zip64_end(content: bytes, *, disk: int, parts: int, record: bool = True, locked: bool = False) -> bytes:
    """The zip with the end of a large one: a record, its locator, and an end that says to look there.

    disk, parts: which part of how many this is. record: whether the record lies in this part. locked: whether
    it is the longer one that tells how the directory is encrypted.
    """
    body, end = content[:-22], struct.unpack("<4s4H2LH", content[-22:])
    more = struct.pack("<HHQQHHH", 0, 0, end[5], end[5], 0x6610, 256, 1) if locked else b""
    fields = (44 + len(more), 45, 62 if locked else 45, disk, 0, end[3], end[4], end[5], end[6])
    result = struct.pack("<4sQ2H2L4Q", b"PK\6\6", *fields) + more if record else b""
    locator = struct.pack("<4sLQL", b"PK\6\7", disk, len(body) if record else 0xFFFFFFF0, parts)
    full = 0xFFFF if disk else 0
    last = struct.pack("<4s4H2LH", b"PK\5\6", full, full, 0xFFFF, 0xFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return body + result + locator + last


def _common(line: Line, body: bytes) -> tuple[int, ...]:
    crc = zlib.crc32(line.data) if line.crc is None else line.crc
    size = len(line.data) if line.size is None else line.size
    packed = len(body) if line.packed_size is None else line.packed_size
    return 20, line.flags, line.method, 0, 0x21, crc, packed, size


def _listed(line: Line) -> bytes:
    common = _common(line, line.body())
    offset = line.at if line.offset is None else line.offset
    head = struct.pack("<4sH5H3L", b"PK\1\2", 20 | line.system << 8, *common)
    tail = struct.pack("<5H2L", len(line.name), len(line.extra), 0, 0, 0, line.mode << 16, offset)
    return head + tail[:2] + tail[2:4] + tail[4:] + line.name + line.extra
