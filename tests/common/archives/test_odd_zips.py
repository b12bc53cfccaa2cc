"""Zips that are no plain zips: split, locked, behind a program, out of a pipe."""

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path

import pytest

from common.archives.archive import open_archive
from common.archives.directory import TAIL, ends_as_zip
from common.archives.errors import BadArchive, BadEntry
from common.archives.refusals import Limits
from retrieval.io.files import open_files
from tests.common.archives.zips import Line, make_zip, zip64_end

PLAIN = make_zip([Line(b"a.png", b"A" * 300), Line(b"b.png", b"B" * 300)])


@pytest.fixture
def stored(tmp_path):
    """``stored(bytes)``: the path of a file that holds them."""

    def stored(content: bytes) -> Path:
        path = tmp_path / "upload.zip"
        path.write_bytes(content)
        return path

    return stored


def refused(path: Path, limits: Limits | None = None) -> BadArchive:
    with pytest.raises(BadArchive) as caught:
        open_archive(path, name="upload.zip", limits=limits)
    assert "upload.zip" in str(caught.value)
    assert caught.value.hint
    return caught.value


def contents(path: Path) -> dict[str, bytes]:
    with open_archive(path, name="upload.zip") as archive:
        return {member.name: member.open().read() for member in archive.members}


def split_in_16_bit() -> bytes:
    """The last part of a zip, whose end says that it is the third."""
    return PLAIN.replace(b"PK\5\6\0\0\0\0", b"PK\5\6\2\0\0\0")


def split_in_64_bit() -> bytes:
    """The last part of a large zip: the end proper has no room for it, and the record before it tells."""
    return zip64_end(PLAIN, disk=2, parts=3)


def split_before_the_record() -> bytes:
    """The same, the record itself lying in the part before."""
    return zip64_end(PLAIN, disk=2, parts=3, record=False)


SPLIT = [split_in_16_bit(), split_in_64_bit(), split_before_the_record(), zip64_end(PLAIN, disk=0, parts=2)]


@pytest.mark.parametrize("content", SPLIT)
def test_the_last_part_of_a_split_zip_is_called_one(stored, content):
    assert refused(stored(content)).code == "split_zip"
    with pytest.raises(BadArchive) as caught:
        open_files(stored(content))
    assert caught.value.code == "split_zip"


def test_a_zip64_that_is_not_split_is_read(stored):
    for parts in (0, 1):
        assert set(contents(stored(zip64_end(PLAIN, disk=0, parts=parts)))) == {"a.png", "b.png"}


def test_the_first_part_of_a_split_zip_is_called_one(stored):
    assert refused(stored(b"PK\7\x08" + PLAIN[:200])).code == "split_zip"


def test_a_split_that_needed_one_part_only_is_read(stored):
    out = io.BytesIO(b"PK00")
    out.seek(4)
    with zipfile.ZipFile(out, "w") as file:
        file.writestr("a.png", b"A")
    assert out.getvalue()[:8] == b"PK00PK\3\4"
    assert contents(stored(out.getvalue())) == {"a.png": b"A"}


def test_parts_cut_by_size_are_no_damage(stored):
    """Other programs cut a zip as they would any file: the parts say nothing of it."""
    assert refused(stored(PLAIN[:60])).code == "truncated_zip"
    assert "parts" in refused(stored(PLAIN[:60])).hint
    noise = bytes(range(256)) * 2
    whole = make_zip([Line(b"a.png", noise, method=0), Line(b"b.png", noise, method=0)])
    assert refused(stored(whole[len(whole) - 140 :])).code == "split_zip"


def test_of_a_last_part_the_whole_entries_are_read(stored):
    noise = bytes(range(256)) * 2
    whole = make_zip([Line(b"a.png", noise, method=0), Line(b"b.png", noise, method=0)])
    with open_archive(stored(whole[30:]), name="upload.zip") as archive:
        assert [member.refusal and member.refusal.code for member in archive.members] == [
            "damaged_entry",
            None,
        ]
        assert archive.members[1].open().read() == noise


@pytest.mark.parametrize("before", [b"MZ a program", b"#!/bin/sh\nexec unzip\n", b"\x7fELF" + bytes(300)])
def test_a_zip_that_unpacks_itself_is_read(stored, before):
    content = make_zip([Line(b"a.png", b"A")], before=before)
    assert contents(stored(content)) == {"a.png": b"A"}
    assert open_files(stored(content)).names == ("a.png",)
    assert ends_as_zip(content[-TAIL:])


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\3\4", PLAIN[:-1], PLAIN[-22:-5]])
def test_what_does_not_end_as_a_zip(content):
    assert not ends_as_zip(content[-TAIL:])


LOCKED = {
    "by its record": zip64_end(PLAIN, disk=0, parts=1, locked=True),
    "by what stands before it": PLAIN.replace(b"PK\1\2", b"PK\6\x08"),
    "by masked headers": PLAIN.replace(b"PK\1\2", b"\x9a\x03\xfe\x10").replace(
        b"PK\3\4\x14\0\0\0", b"PK\3\4\x3e\0\0\x20", 1
    ),
}


@pytest.mark.parametrize("how", LOCKED)
def test_an_encrypted_directory_is_called_encrypted_and_not_damaged(stored, how):
    error = refused(stored(LOCKED[how]))
    assert error.code == "encrypted"
    assert "password" in error.hint


def test_an_entry_with_a_masked_header_is_called_encrypted(stored):
    with open_archive(stored(make_zip([Line(b"a.png", b"A", flags=0x2041)])), name="z") as archive:
        assert archive.members[0].refusal.code == "encrypted"


def test_a_long_list_of_few_files_is_not_called_many_files(stored):
    content = make_zip([Line(b"a" * 60_000 + b".png", b"A")])
    error = refused(stored(content), Limits(entries=10))
    assert error.code == "too_many_entries"
    assert "1 entries" not in str(error)
    assert "list of files" in str(error)
    many = refused(stored(make_zip([Line(b"%d" % number) for number in range(11)])), Limits(entries=10))
    assert str(many) == "upload.zip lists 11 entries; 10 are the most"


def test_a_list_longer_than_the_file_is_damage(stored):
    content = PLAIN[:-10] + struct.pack("<L", 0xFFFFFFF0) + PLAIN[-6:]
    assert refused(stored(content)).code == "damaged_zip"


PIPE = 0o010600


def test_what_came_out_of_a_pipe_is_an_ordinary_file(stored):
    """``zip -`` and ``zip x.zip /dev/stdin`` mark what they read from a pipe as one."""
    lines = [Line(b"-", b"A" * 99, mode=PIPE), Line(b"dev/stdin", b"B", mode=PIPE), Line(b"c", b"C")]
    assert contents(stored(make_zip(lines))) == {"-": b"A" * 99, "dev/stdin": b"B", "c": b"C"}


def test_a_pipe_with_nothing_in_it_is_none(stored):
    lines = [Line(b"pipe.png", b"", mode=PIPE), Line(b"disk", b"", mode=0o060600), Line(b"-", b"", mode=PIPE)]
    with open_archive(stored(make_zip(lines)), name="z") as archive:
        assert [member.refusal and member.refusal.code for member in archive.members] == [
            "special_file", "special_file", None,
        ]  # fmt: skip


def test_the_command_line_reads_around_what_it_cannot_name(stored):
    """The standard library's reader ended in an IndexError at the first."""
    lines = [Line(b"", b"x"), Line(b"/", b""), Line(b"\0", b"x"), Line(b"..", b"x"), Line(b"a.png", b"A")]
    files = open_files(stored(make_zip(lines)))
    assert files.names == ("a.png",)
    assert files.read("a.png") == b"A"


def test_the_command_line_knows_the_code_pages(stored):
    files = open_files(stored(make_zip([Line("刻本\\第一页.png".encode("gb18030"), b"A", system=0)])))
    assert files.names == ("刻本/第一页.png",)


def test_the_command_line_says_what_is_wrong_with_an_entry(stored):
    lines = [Line(b"link.png", b"/etc/passwd", mode=0o120777), Line(b"new.png", b"x", method=93)]
    files = open_files(stored(make_zip(lines)))
    for name, word in (("link.png", "link"), ("new.png", "Zstandard")):
        with pytest.raises(BadEntry, match=word):
            files.read(name)


def lzma_line(data: bytes, *, window: int = 1 << 16, cut: int = 0) -> Line:
    """An entry packed by LZMA as zips hold it."""
    filters = [{"id": lzma.FILTER_LZMA1, "dict_size": 1 << 16}]
    packed = lzma.compress(data, lzma.FORMAT_RAW, filters=filters)
    properties = b"\x5d" + struct.pack("<L", window)
    packed = b"\x09\x14" + struct.pack("<H", 5) + properties + packed
    return Line(b"a.png", data, method=14, packed=packed[: len(packed) - cut])


class TestLzma:
    def test_it_is_read_whatever_window_it_claims(self, stored):
        data = bytes(range(256)) * 300
        for window in (1 << 16, 0xFFFFFFFF):
            assert contents(stored(make_zip([lzma_line(data, window=window)]))) == {"a.png": data}

    def test_what_the_standard_library_writes_is_read(self, stored):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as file:
            file.writestr("a.png", b"abc" * 5000)
        assert contents(stored(out.getvalue())) == {"a.png": b"abc" * 5000}

    @pytest.mark.parametrize(
        "line",
        [
            lzma_line(bytes(range(256)) * 9, cut=20),
            Line(b"a.png", b"x", method=14, packed=b""),
            Line(b"a.png", b"x", method=14, packed=b"\x09\x14\5\0\xff\0\0\0\0rest"),
            Line(b"a.png", b"x", method=14, packed=b"\x09\x14\0\1" + bytes(9)),
        ],
    )
    def test_damage_is_called_damage(self, stored, line):
        with pytest.raises(BadEntry) as caught:
            contents(stored(make_zip([line])))
        assert caught.value.code == "damaged_entry"


def test_members_are_read_at_once_by_many(stored):
    """A fork or a thread that reads elsewhere in the zip moves nobody's place."""
    data = {f"{number}.png": zlib.compress(bytes([number]) * 9000, 0) for number in range(4)}
    path = stored(make_zip([Line(name.encode(), content) for name, content in data.items()]))
    with open_archive(path, name="z") as archive:
        streams = [member.open() for member in archive.members]
        found = [b""] * 4
        while any(parts := [stream.read(700) for stream in streams]):
            found = [before + part for before, part in zip(found, parts, strict=True)]
    assert found == list(data.values())
