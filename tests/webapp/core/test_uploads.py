"""What a file is by its content."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests import meshes, pictures
from webapp.core.uploads import (
    HEAD,
    Peeked,
    Sniffed,
    Sort,
    claims_mesh,
    claims_picture,
    ending,
    sniff,
)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_every_kind_of_picture_is_known_by_its_content(kind):
    content = pictures.encoded(pictures.print_of(1), kind)
    assert sniff(content[:HEAD], size=len(content)) == Sniffed(Sort.PICTURE, kind.lower())


@pytest.mark.parametrize(
    ("content", "sort", "kind"),
    [
        (b"", Sort.EMPTY, ""),
        (b"PK\3\4rest", Sort.ZIP, "zip"),
        (b"PK\5\6" + bytes(18), Sort.ZIP, "zip"),
        (b"Rar!\x1a\x07\x01\0", Sort.OTHER_ARCHIVE, "rar"),
        (b"7z\xbc\xaf\x27\x1c", Sort.OTHER_ARCHIVE, "7z"),
        (b"\x1f\x8b\x08", Sort.OTHER_ARCHIVE, "gzip"),
        (b"BZh91AY", Sort.OTHER_ARCHIVE, "bzip2"),
        (bytes(257) + b"ustar\0", Sort.OTHER_ARCHIVE, "tar"),
        (b"%PDF-1.7", Sort.OTHER, "pdf"),
        (b"\0\0\0\x18ftypheic", Sort.OTHER, "heic"),
        (b"\0\0\0\x18ftypavif", Sort.OTHER, "avif"),
        (b"\0\0\0\x18ftypisom", Sort.OTHER, "video"),
        (b"MZ\x90\0", Sort.OTHER, "program"),
        (b"<?xml version='1.0'?><svg xmlns=", Sort.OTHER, "svg"),
        (b"<!DOCTYPE html><html>", Sort.OTHER, "web page"),
        (b"glTF\2\0\0\0", Sort.MESH, "glb"),
        (b"ply\nformat ascii 1.0\n", Sort.MESH, "ply"),
        (b"ply\r\nformat binary", Sort.MESH, "ply"),
        (b"OFF\n8 6 12\n", Sort.MESH, "off"),
        (b"COFF\n8 6 12\n", Sort.MESH, "off"),
        (b"solid block\n facet normal 0 0 1\n", Sort.MESH, "stl"),
        (b"# by hand\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", Sort.MESH, "obj"),
        (b"plywood is thin", Sort.UNKNOWN, ""),
        (b"OFFICE hours", Sort.UNKNOWN, ""),
        (b"solid ground", Sort.UNKNOWN, ""),
        (b"BMW is a car maker, not a bitmap", Sort.UNKNOWN, ""),
        (b"query,label\r\n0.png,1.stl\r\n", Sort.UNKNOWN, ""),
        (b"\xff\xfe\0", Sort.UNKNOWN, ""),
    ],
)
def test_a_file_is_what_its_content_says(content, sort, kind):
    assert sniff(content, size=len(content)) == Sniffed(sort, kind)


@pytest.mark.parametrize("header", [b"", b"solid and still binary", b"MZ block", b"BZhaxis", b"BM"])
@pytest.mark.parametrize("after", [b"", b"bytes after its triangles"])
def test_a_binary_stl_is_known_by_its_size_whatever_its_header(header, after):
    content = meshes.block(1, cells=8)
    content = header.ljust(80, b" ")[:80] + content[80:] + after
    assert sniff(content[:HEAD], size=len(content)) == Sniffed(Sort.MESH, "stl")


def test_without_its_size_a_binary_stl_is_not_guessed():
    assert sniff(meshes.block(1, cells=8)[:HEAD]).sort == Sort.UNKNOWN


@given(st.binary(max_size=600), st.one_of(st.none(), st.integers(0, 10**12)))
def test_no_content_is_too_odd_to_be_looked_at(content, size):
    assert isinstance(sniff(content, size=size).sort, Sort)


@pytest.mark.parametrize(
    ("name", "word"),
    [("a.PNG", "png"), ("a/b.c/d", ""), (".png", ""), ("a.", ""), ("字.tar.gz", "gz"), ("a\\b.stl", "stl")],
)
def test_the_ending_of_a_name(name, word):
    assert ending(name) == word


def test_what_a_name_claims():
    assert claims_picture("a.JPEG")
    assert not claims_picture("a.stl")
    assert claims_mesh("a.STL")
    assert not claims_mesh("a.png")


class OneByOne(io.BytesIO):
    """A stream that gives as little as it may."""

    def read(self, size=-1):
        return super().read(1 if size > 0 else size)


@given(st.binary(max_size=3 * HEAD), st.lists(st.integers(1, 2 * HEAD), max_size=6), st.booleans())
def test_looking_at_the_head_takes_nothing_away(content, sizes, slow):
    peeked = Peeked((OneByOne if slow else io.BytesIO)(content))
    assert peeked.head == content[:HEAD]
    parts = [peeked.read(size) for size in sizes]
    assert all(len(part) <= size for part, size in zip(parts, sizes, strict=True))
    assert b"".join([*parts, peeked.read()]) == content
    assert peeked.read(5) == b""
