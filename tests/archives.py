"""Zips as people's computers make them, and as nobody should."""

import io
import struct
import zipfile
import zlib


def zipped(files: list[tuple[str, bytes]], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip as programs of today make it: names in UTF-8, and said so."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", method) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return held.getvalue()


def of_windows(files: list[tuple[str, bytes]], encoding: str) -> bytes:
    """A zip as an old Windows program makes it: names in its own code page, folders by backslash."""
    return _raw([(name.replace("/", "\\").encode(encoding), content, 0, None) for name, content in files])


def of_macos(files: list[tuple[str, bytes]]) -> bytes:
    """A zip as the Finder makes it: UTF-8 that is not said to be so, and a hidden half of each file."""
    entries = []
    for name, content in files:
        folder, _, last = name.rpartition("/")
        half = f"__MACOSX/{folder}/._{last}" if folder else f"__MACOSX/._{last}"
        entries += [(name.encode(), content, 0, None), (half.encode(), b"\0\5\x16\7", 0, None)]
    return _raw([*entries, (b".DS_Store", b"\0\0\0\1Bud1", 0, None)])


def encrypted(name: str, content: bytes) -> bytes:
    """A zip whose one entry says that it is encrypted; its bytes are noise to whoever reads it plainly."""
    return _raw([(name.encode(), bytes(byte ^ 0x5A for byte in content), 1, None)])


def bomb(name: str = "picture.png", *, megabytes: int = 2048) -> bytes:
    """A small zip of one entry that unpacks to so many megabytes of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros, crc = b"\0" * (1 << 20), 0
    parts = []
    for _ in range(megabytes):
        parts.append(packer.compress(zeros))
        crc = zlib.crc32(zeros, crc)
    packed = b"".join(parts) + packer.flush()
    return _raw([(name.encode(), packed, 0, (megabytes << 20, crc))])


def _raw(entries: list[tuple[bytes, bytes, int, tuple[int, int] | None]]) -> bytes:
    """A zip written by hand from (name, bytes, flags, (size, crc) of what they unpack to)."""
    body, directory = b"", b""
    for name, content, flags, unpacked in entries:
        size, crc = unpacked or (len(content), zlib.crc32(content))
        method = 8 if unpacked else 0
        common = struct.pack(
            "<HHHHHIIIHH", 20, flags, method, 0, 0x5B21, crc, len(content), size, len(name), 0
        )
        directory += (
            b"PK\1\2" + struct.pack("<H", 20) + common + struct.pack("<HHHII", 0, 0, 0, 0, len(body)) + name
        )
        body += b"PK\3\4" + common + name + content
    end = struct.pack("<HHHHIIH", 0, 0, len(entries), len(entries), len(directory), len(body), 0)
    return body + directory + b"PK\5\6" + end
