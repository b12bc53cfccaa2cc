"""What a file is by its content, and what the table makes of it."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.file_heads import HEAD
from common.file_types import (
    FILE_TYPES,
    UNKNOWN,
    Kind,
    claimed_type,
    claims,
    ending,
    endings_of,
    listed,
    sniff,
)
from tests import meshes, pictures
from webapp.core.refusals.words import WORDS


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP", "GIF", "TIFF"])
def test_every_kind_of_picture_is_known_by_its_content(kind):
    content = pictures.encoded(pictures.print_of(1), kind)
    assert sniff(content[:HEAD], size=len(content)).name == kind.lower()


@pytest.mark.parametrize(
    ("content", "kind", "name"),
    [
        (b"", Kind.EMPTY, "empty"),
        (b"PK\3\4rest", Kind.ARCHIVE, "zip"),
        (b"PK\5\6" + bytes(18), Kind.ARCHIVE, "zip"),
        (b"Rar!\x1a\x07\x01\0", Kind.ARCHIVE, "rar"),
        (b"7z\xbc\xaf\x27\x1c", Kind.ARCHIVE, "7z"),
        (b"\x1f\x8b\x08", Kind.ARCHIVE, "gzip"),
        (b"BZh91AY", Kind.ARCHIVE, "bzip2"),
        (bytes(257) + b"ustar\0", Kind.ARCHIVE, "tar"),
        (b"%PDF-1.7", Kind.PAGES, "pdf"),
        (b"\0\0\0\x18ftypheic", Kind.PICTURE, "heic"),
        (b"\0\0\0\x18ftypavif", Kind.PICTURE, "avif"),
        (b"\0\0\0\x18ftypisom", Kind.OTHER, "video"),
        (b"MZ\x90\0", Kind.OTHER, "program"),
        (b"<?xml version='1.0'?><svg xmlns=", Kind.PICTURE, "svg"),
        (b"<!DOCTYPE html><html>", Kind.OTHER, "web page"),
        (b"glTF\2\0\0\0", Kind.MESH, "glb"),
        (b"ply\nformat ascii 1.0\n", Kind.MESH, "ply"),
        (b"ply\r\nformat binary", Kind.MESH, "ply"),
        (b"OFF\n8 6 12\n", Kind.MESH, "off"),
        (b"COFF\n8 6 12\n", Kind.MESH, "off"),
        (b"solid block\n facet normal 0 0 1\n", Kind.MESH, "stl"),
        (b"# by hand\nv 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n", Kind.MESH, "obj"),
        (b"plywood is thin", Kind.UNKNOWN, "unknown"),
        (b"OFFICE hours", Kind.UNKNOWN, "unknown"),
        (b"solid ground", Kind.UNKNOWN, "unknown"),
        (b"BMW is a car maker, not a bitmap", Kind.UNKNOWN, "unknown"),
        (b"query,label\r\n0.png,1.stl\r\n", Kind.UNKNOWN, "unknown"),
        (b"\xff\xfe\0", Kind.UNKNOWN, "unknown"),
    ],
)
def test_a_file_is_what_its_content_says(content, kind, name):
    found = sniff(content, size=len(content))
    assert (found.kind, found.name) == (kind, name)


@pytest.mark.parametrize("header", [b"", b"solid and still binary", b"MZ block", b"BZhaxis", b"BM"])
@pytest.mark.parametrize("after", [b"", b"bytes after its triangles"])
def test_a_binary_stl_is_known_by_its_size_whatever_its_header(header, after):
    content = meshes.block(1, cells=8)
    content = header.ljust(80, b" ")[:80] + content[80:] + after
    assert sniff(content[:HEAD], size=len(content)).name == "stl"


def test_without_its_size_a_binary_stl_is_not_guessed():
    assert sniff(meshes.block(1, cells=8)[:HEAD]) is UNKNOWN


@given(st.binary(max_size=600), st.one_of(st.none(), st.integers(0, 10**12)))
def test_no_content_is_too_odd_to_be_looked_at(content, size):
    assert isinstance(sniff(content, size=size).kind, Kind)


@pytest.mark.parametrize(
    ("name", "word"),
    [("a.PNG", "png"), ("a/b.c/d", ""), (".png", ""), ("a.", ""), ("字.tar.gz", "gz"), ("a\\b.stl", "stl")],
)
def test_the_ending_of_a_name(name, word):
    assert ending(name) == word


def test_what_a_name_claims():
    assert claims("a.JPEG", Kind.PICTURE)
    assert not claims("a.stl", Kind.PICTURE)
    assert claims("a.STL", Kind.MESH)
    assert not claims("a.png", Kind.MESH)


# The beginnings of files that are refused by their name, each as its format's description has it.
REFUSED = {
    "camera raw": b"II*\0\x10\0\0\0CR\2\0",
    "jpeg 2000": b"\0\0\0\x0cjP  \r\n\x87\n",
    "jpeg xl": b"\xff\x0a\xfa\x1f",
    "psd": b"8BPS\0\1",
    "djvu": b"AT&TFORM\0\0\1\0DJVU",
    "dds": b"DDS |\0\0\0\7\x10",
    "ico": b"\0\0\1\0\3\0\x10\x10",
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "pnm": b"P5\n# made by hand\n24 7\n255\n",
    "emf": b"\1\0\0\0" + bytes(36) + b" EMF",
    "dicom": bytes(128) + b"DICM",
    "svg": b"<?xml version='1.0'?>\n<!DOCTYPE svg>\n<SVG xmlns=''>",
    "pdf": b"%PDF-1.7",
    "video": b"\0\0\0\x18ftypisom",
    "rar": b"Rar!\x1a\7\1\0",
    "zstd": b"\x28\xb5\x2f\xfd\x04",
    "lzh": b"\x24\x2d-lh5-\0\0",
    "pts": b"3\n0.5 1.25 2.0 -1200\n1 2 3 40\n-4.0e-2 5 6 7\n",
    "iges": b" " * 72 + b"S      1\n",
    "usd": b"PK\3\4" + bytes(26) + b"block.usdc",
    "xyz": b"4\n0.5 1.25 2.0\n1 2 3\n-4.0e-2 5 6\n1 1 1\n",
    "vrml": b"#VRML V2.0 utf8\n",
    "x3d": b"<?xml version='1.0'?><!DOCTYPE X3D><X3D profile='Full'>",
    "collada": b"<?xml version='1.0'?>\n<COLLADA xmlns='x'>",
    "e57": b"ASTM-E57\1\0\0\0",
    "las": b"LASF\0\0" + bytes(100),
    "pcd": b"# .PCD v0.7 - Point Cloud Data file format\n",
    "fbx": b"Kaydara FBX Binary  \0",
    "blend": b"BLENDER-v300",
    "gltf": b'{"asset": {"version": "2.0"}}',
    "step": b"ISO-10303-21;\nHEADER;",
    "dxf": b"  0\r\nSECTION\r\n  2\r\nHEADER\r\n",
    "3ds": b"MM\x20\0\0\0" + bytes(26),
    "safetensors": b"\x40\0\0\0\0\0\0\0" + b'{"layer":{"dtype":"F32"}}',
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_read_as_a_picture_or_a_mesh_has_a_name(name):
    found = sniff(REFUSED[name], size=len(REFUSED[name]))
    assert found.name == name
    assert not found.can_be(Kind.MESH)
    assert not found.can_be(Kind.PICTURE)
    assert found.phrase.split()[0] in {"a", "an"}


@pytest.mark.parametrize("kind", meshes.WRITERS)
@pytest.mark.parametrize("name", [name for name, head in REFUSED.items() if head[:1].isascii()])
def test_a_mesh_is_no_other_thing_because_its_comment_begins_like_one(kind, name):
    """The free header of a binary STL may hold any of these words; text formats begin with their own."""
    content = meshes.block(1, kind, cells=8)
    if kind == "stl":
        content = (b"  " + REFUSED[name]).ljust(80)[:80] + content[80:]
    assert sniff(content[:HEAD], size=len(content)).name == kind


def e57(size: int) -> bytes:
    """The head of an E57 file: version 1.0, lengths, pages of 1,024 bytes; zeros behind, but for a 3."""
    head = b"ASTM-E57" + struct.pack("<IIQQQQ", 1, 0, size, 48, 300, 1024)
    return (head.ljust(80, b"\0") + struct.pack("<I", 3)).ljust(size, b"\0")


def las(size: int) -> bytes:
    """The head of a LAS 1.2 file, its software's name cut so that a small number stands where STL counts."""
    head = b"LASF" + struct.pack("<HHIHH8sBB", 0, 0, 0, 0, 0, bytes(8), 1, 2) + b"scanner".ljust(32, b"\0")
    return (head.ljust(80, b"\0") + struct.pack("<I", 7)).ljust(size, b"\0")


@pytest.mark.parametrize(("name", "content"), [("e57", e57(2048)), ("las", las(900)), ("las", las(70_000))])
def test_the_head_of_a_point_cloud_is_no_stl(name, content):
    assert sniff(content[:HEAD], size=len(content)).name == name


@pytest.mark.parametrize("count", [0, 1, 5])
def test_zeros_are_no_stl_whatever_count_stands_in_them(count):
    content = bytes(80) + struct.pack("<I", count) + bytes(5000)
    assert sniff(content, size=len(content)) is UNKNOWN


@pytest.mark.parametrize("name", [one.name for one in FILE_TYPES if one.kind is Kind.MESH and not one.read])
def test_a_mesh_that_is_not_read_has_a_remedy_and_a_code_with_words(name):
    found = next(one for one in FILE_TYPES if one.name == name)
    assert found.remedy
    assert found.code in WORDS


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"#usda 1.0\n", "usd"),
        (b"PXR-USDC\0\7", "usd"),
        (b"PK\3\4" + bytes(26) + b"[Content_Types].xml...PK\3\4....3D/3dmodel.model", "3mf"),
        (b"PK\3\4" + bytes(26) + b"[Content_Types].xml...PK\3\4....Metadata/thumbnail.png", "3mf"),
        (b"PK\3\4" + bytes(26) + b"[Content_Types].xml...PK\3\4....word/document.xml", "zip"),
        ("<?xml version='1.0'?><X3D>".encode("utf-16"), "x3d"),
        ("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n".encode("utf-16"), "obj"),
        (b"v 0 0 0\rv 1 0 0\rv 0 1 0\rf 1 2 3\r", "obj"),
        (b"OFF5184 10082 0\n", "off"),
        (b"4OFF\r8 6 12\r", "off"),
        (b"OFF BINARY\n", "off"),
        (b"\xef\xbb\xbf# a licence\n" + b"# of many words\n" * 900 + b"v 0 0 0\n" * 3, "obj"),
        (b"  v 0 0 0\n\tv 1 0 0\n v .5 1 0\n", "obj"),
        (b"o buy ink\no mend the press\no call the museum\n", "unknown"),
        (b"v 1.0 is out\n", "unknown"),
        (b"# made by hand\n\n# twice\nNOFF\n3 1 0\n", "off"),
        (b"off 3 1 0\n", "off"),
        (b"off we go", "unknown"),
        (b"ply  \nformat ascii 1.0\n", "ply"),
        (b"ply is thin wood", "unknown"),
        (b"1,2,3\n4,5,6\n7,8,9\n", "unknown"),
        (b"P1 is where the car is", "unknown"),
    ],
)
def test_texts_are_told_apart(content, name):
    assert sniff(content[:HEAD], size=len(content)).name == name


def test_the_lists_in_words():
    assert listed(Kind.MESH) == "STL, OBJ, PLY, OFF, GLB or 3MF"
    assert listed(Kind.PICTURE) == "PNG, JPEG, WebP, BMP, GIF, TIFF, HEIC or AVIF"
    assert endings_of(Kind.MESH, Kind.ARCHIVE) == ("stl", "obj", "ply", "off", "glb", "3mf", "zip")


def test_an_ending_belongs_to_one_type():
    endings = [word for one in FILE_TYPES for word in one.endings]
    assert len(endings) == len(set(endings))
    assert all(word == word.lower() and claimed_type(f"a.{word.upper()}").endings for word in endings)


def test_names_of_types_are_no_two_types():
    kinds = {(one.name, one.label, one.kind) for one in FILE_TYPES}
    assert len(kinds) == len({one.name for one in FILE_TYPES})
