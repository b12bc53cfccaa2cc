"""Zips are read without trusting them: each bad entry by itself, each bad zip by its name."""

import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.archives.archive import open_archive
from common.archives.errors import BadArchive, BadEntry
from common.archives.refusals import Limits
from tests.common.archives.zips import Line, make_zip

SMALL = Limits(entries=50, member_bytes=4000, total_bytes=10_000, ratio=20, free_bytes=1000)


@pytest.fixture
def listed(tmp_path):
    """``listed(zip bytes, limits)``: [(name, refusal code or None, content or the error's code)]."""

    def listed(content: bytes, limits: Limits | None = None) -> list[tuple]:
        path = tmp_path / "upload"
        path.write_bytes(content)
        with open_archive(path, name="upload.zip", limits=limits) as archive:
            return [
                (member.name, member.refusal and member.refusal.code, _read(member))
                for member in archive.members
            ]

    return listed


def _read(member):
    try:
        return b"".join(iter(lambda: stream.read(1000), b"")) if (stream := member.open()) else None
    except BadEntry as error:
        return error.code


def refusal(listed, line: Line, limits: Limits | None = None) -> str:
    """The code by which ``line`` is refused, the entries before and after it being read."""
    rows = listed(make_zip([Line(b"a.png", b"first"), line, Line(b"z.png", b"last")]), limits)
    assert [rows[0][2], rows[-1][2]] == [b"first", b"last"]
    assert rows[1][1] == rows[1][2]
    return rows[1][1]


def test_an_honest_zip_is_read(listed):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.mkdir("trang")
        file.writestr("trang/字.png", b"x" * 5000)
        file.writestr("b.png", b"y", zipfile.ZIP_STORED)
        file.writestr("c.png", b"z" * 700_000, zipfile.ZIP_BZIP2)
        file.writestr("d.png", b"w" * 700_000, zipfile.ZIP_LZMA)
        file.writestr("empty.png", b"")
    assert listed(held.getvalue()) == [
        ("trang/字.png", None, b"x" * 5000),
        ("b.png", None, b"y"),
        ("c.png", None, b"z" * 700_000),
        ("d.png", None, b"w" * 700_000),
        ("empty.png", None, b""),
    ]


def test_a_zip_behind_a_program_and_with_a_comment_is_read(listed):
    rows = listed(make_zip([Line(b"a", b"1")], before=b"MZ program", comment=b"made by hand"))
    assert rows == [("a", None, b"1")]


def test_two_members_can_be_read_in_turns(tmp_path):
    path = tmp_path / "z"
    path.write_bytes(make_zip([Line(b"a", b"A" * 9000), Line(b"b", b"B" * 9000)]))
    with open_archive(path, name="z") as archive:
        one, two = (member.open() for member in archive.members)
        assert [one.read(10), two.read(10), one.read(), two.read()] == [
            b"A" * 10, b"B" * 10, b"A" * 8990, b"B" * 8990,
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line(b"../up.png", b"x"), "path_traversal"),
        (Line(b"a/../../up.png", b"x"), "path_traversal"),
        (Line(b"a\\..\\up.png", b"x"), "path_traversal"),
        (Line(b"/etc/up.png", b"x"), "absolute_path"),
        (Line(b"\\\\server\\up.png", b"x"), "absolute_path"),
        (Line(b"C:\\up.png", b"x", system=0), "drive_path"),
        (Line(b"c:up.png", b"x"), "drive_path"),
        (Line(b"link.png", b"/etc/passwd", mode=0o120777), "symlink"),
        (Line(b"pipe.png", b"", mode=0o010644), "special_file"),
        (Line(b"locked.png", b"x", flags=1), "encrypted"),
        (Line(b"locked.png", b"x", method=99), "encrypted"),
        (Line(b"new.png", b"x", method=93), "unsupported_compression"),
        (Line(b"odd.png", b"x", method=77), "unsupported_compression"),
        (Line(b"more.zip", b"x"), "nested_archive"),
        (Line(b"more.TAR", b"x"), "nested_archive"),
        (Line(b"__MACOSX/._a.png", b"x"), "junk"),
        (Line(b"x/.DS_Store", b"x"), "junk"),
        (Line(b"", b"x"), "bad_name"),
        (Line(b"a\0b.png", b"x"), "bad_name"),
        (Line(b"folder/", b"not empty"), "bad_name"),
        (Line(b"crc.png", b"x", crc=1), None),
        (Line(b"far.png", b"x", offset=1_000_000), "damaged_entry"),
    ],
)
def test_a_bad_entry_is_refused_by_name_and_the_rest_goes_on(listed, line, code):
    if code is None:
        rows = listed(make_zip([Line(b"a", b"1"), line, Line(b"b", b"2")]))
        assert [row[2] for row in rows] == [b"1", "damaged_entry", b"2"]
    else:
        assert refusal(listed, line) == code


@pytest.mark.parametrize(
    ("line", "code"),
    [
        (Line(b"short.png", b"abc", size=9), "damaged_entry"),
        (Line(b"long.png", b"abcdef" * 50, size=9), "zip_bomb"),
        (Line(b"noise.png", b"abc", packed=b"\xff\xff\xff"), "damaged_entry"),
        (Line(b"cut.png", b"abc" * 90, packed=b"\x4b\x4c"), "damaged_entry"),
        (Line(b"stored.png", b"abc", method=0, size=2), "zip_bomb"),
    ],
)
def test_an_entry_that_lies_is_found_out_while_it_is_read(listed, line, code):
    rows = listed(make_zip([Line(b"a", b"1"), line, Line(b"b", b"2")]))
    assert [row[2] for row in rows] == [b"1", code, b"2"]


def test_too_large_and_too_well_packed_entries_are_refused(listed):
    noise = bytes(range(256)) * 8
    assert refusal(listed, Line(b"big.png", noise * 3, method=0), SMALL) == "too_large"
    assert refusal(listed, Line(b"bomb.png", bytes(3900)), SMALL) == "zip_bomb"


def test_a_zip_that_unpacks_to_too_much_is_refused(listed):
    lines = [Line(b"%d.png" % number, bytes(range(250)) * 12, method=0) for number in range(4)]
    with pytest.raises(BadArchive, match=r"upload\.zip") as caught:
        listed(make_zip(lines), SMALL)
    assert caught.value.code == "zip_too_large"
    assert caught.value.hint


def test_entries_that_share_their_data_are_refused_and_the_rest_goes_on(listed):
    lines = [Line(b"a", b"1"), Line(b"kernel", b"x" * 500), Line(b"again", offset=36), Line(b"b", b"2")]
    lines[2].packed, lines[2].packed_size, lines[2].size = b"", 1, 500
    rows = listed(make_zip(lines))
    assert [row[1] for row in rows] == [None, "overlapping", "overlapping", None]


def test_too_many_entries_are_refused_even_when_the_count_lies(listed):
    lines = [Line(b"%d" % number, b"") for number in range(51)]
    for count in (51, 2):
        with pytest.raises(BadArchive) as caught:
            listed(make_zip(lines, count=count), SMALL)
        assert caught.value.code == "too_many_entries"


def test_a_count_that_wrapped_round_loses_nothing(listed):
    assert len(listed(make_zip([Line(b"%d" % number, b"") for number in range(9)], count=1))) == 9


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "not_a_zip"),
        (b"hello", "not_a_zip"),
        (make_zip([Line(b"a", b"1")])[:40], "truncated_zip"),
        (make_zip([Line(b"a", b"1")], count=2), "damaged_zip"),
        (make_zip([Line(b"a", b"1")]).replace(b"PK\1\2", b"XX\1\2"), "damaged_zip"),
        (make_zip([Line(b"a", b"1")])[-30:], "damaged_zip"),
        (make_zip([Line(b"a", b"1")]).replace(b"PK\5\6\0\0", b"PK\5\6\1\0"), "split_zip"),
    ],
)
def test_a_bad_zip_is_refused_by_its_name(listed, content, code):
    with pytest.raises(BadArchive) as caught:
        listed(content)
    assert caught.value.code == code
    assert "upload.zip" in str(caught.value)
    assert caught.value.hint


def test_an_empty_zip_holds_nothing(listed):
    assert listed(make_zip([])) == []


def test_a_zip64_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", 10)
    path = tmp_path / "z"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.png", b"x" * 100)
        file.writestr("b.png", b"y" * 100)
    with open_archive(path, name="z") as archive:
        assert [(member.name, _read(member)) for member in archive.members] == [
            ("a.png", b"x" * 100),
            ("b.png", b"y" * 100),
        ]


def test_what_the_standard_library_writes_and_any_byte_of_it_changed(tmp_path):
    """Whatever byte is wrong, reading ends in an answer or in an error with a name, never in another."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("a.png", b"abc" * 20)
        file.writestr("字.png", b"def" * 20)
    honest, path = held.getvalue(), tmp_path / "z"
    for at in range(len(honest)):
        for change in (0xFF, 0x01):
            path.write_bytes(honest[:at] + bytes([honest[at] ^ change]) + honest[at + 1 :])
            with suppress(BadArchive), open_archive(path, name="z") as archive:
                for member in archive.members:
                    _read(member)
    for length in range(len(honest)):
        path.write_bytes(honest[:length])
        with pytest.raises(BadArchive):
            open_archive(path, name="z")


@settings(max_examples=60, deadline=None)
@given(files=st.lists(st.binary(max_size=3000), max_size=6), method=st.sampled_from([0, 8, 12, 14]))
def test_everything_zipped_comes_back(tmp_path_factory, files, method):
    path = tmp_path_factory.mktemp("z") / "z"
    with zipfile.ZipFile(path, "w", method) as file:
        for number, content in enumerate(files):
            file.writestr(f"{number}.png", content)
    with open_archive(path, name="z") as archive:
        assert [_read(member) for member in archive.members] == files
