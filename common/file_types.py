"""The one table of file types: what they are called, how they are recognised, what they are good for.

A mesh or picture format that is to be read is a row here and a reader; uploads, pages, the command line
and the API take the rest from the row. Formats that are not read stand here too, so that a refusal can
name them.
"""

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from common.file_heads import (
    Head,
    Test,
    at,
    both,
    is_3ds,
    is_3mf,
    is_bitmap,
    is_cr2,
    is_dxf,
    is_gltf,
    is_heic,
    is_ico,
    is_obj,
    is_off,
    is_ply,
    is_pnm,
    is_points,
    is_pts,
    is_safetensors,
    is_stl,
    is_usdz,
    is_zip,
    text_from,
    xml_with,
)


class Kind(StrEnum):
    """What a file may be to Mocban."""

    MESH = "mesh"
    PICTURE = "picture"
    ARCHIVE = "archive"
    PAGES = "pages"
    LABELS = "labels"
    WEIGHTS = "weights"
    OTHER = "other"
    UNKNOWN = "unknown"
    EMPTY = "empty"


@dataclass(frozen=True)
class FileType:
    """One type of file.

    Args:
        name: word for programs.
        label: what people call the format in a list of several.
        phrase: what people call one file of it.
        spellings: the endings of file names, in lower case, the usual one first, with blanks between.
        magic: words of which one stands at the file's beginning.
        test: how it is recognised where no such word tells.
        kind: what it holds.
        read: whether Mocban reads it.
        code: of a mesh that is not read, the code of its refusal.
        remedy: of a mesh that is not read, what to do with it.
    """

    name: str
    label: str
    phrase: str
    spellings: str = ""
    magic: tuple[bytes, ...] = ()
    test: Test | None = None
    kind: Kind = Kind.OTHER
    read: bool = False
    code: str = ""
    remedy: str = ""

    @property
    def module(self) -> str:
        """Of a mesh format, its reader in ``retrieval.io.mesh_formats``; no module begins with a digit."""
        return self.name if self.name.isidentifier() else f"_{self.name}"

    @property
    def endings(self) -> tuple[str, ...]:
        """The endings of file names, in lower case, the usual one first."""
        return tuple(self.spellings.split())

    def can_be(self, kind: Kind) -> bool:
        """Whether Mocban reads a file of this type as one of that kind."""
        return self.read and self.kind is kind

    def fits(self, head: Head) -> bool:
        """Whether a file that begins so is of this type."""
        if self.magic and head.data.startswith(self.magic):
            return True
        return self.test is not None and self.test(head)


EMPTY = FileType("empty", "", "empty", kind=Kind.EMPTY)
UNKNOWN = FileType("unknown", "", "a file of an unknown format", kind=Kind.UNKNOWN)

_mesh = partial(FileType, kind=Kind.MESH)
_points = partial(
    _mesh,
    code="mesh_points",
    remedy="make a surface of the points in the scanner's program, and export that as STL or PLY",
)
_scene = partial(
    _mesh, code="mesh_other_format", remedy="open it in Blender or MeshLab, and export it as STL or PLY"
)
_drawing = partial(
    _mesh, code="mesh_drawing", remedy="export it from the CAD program as STL, cut into triangles"
)
_picture = partial(FileType, kind=Kind.PICTURE)
_archive = partial(FileType, kind=Kind.ARCHIVE)
_labels = partial(FileType, kind=Kind.LABELS)
_other = partial(FileType, kind=Kind.OTHER)

_RAW_ENDINGS = (
    "nef nrw cr2 cr3 crw arw sr2 srf dng raf rw2 orf pef srw x3f mrw 3fr iiq kdc dcr erf mef mos rwl"
)
_PART_ENDINGS = " ".join(f"z{number:02}" for number in range(1, 100))
_RAW_MAGIC = (b"FUJIFILMCCD-RAW", b"IIU\0", b"IIRO", b"IIRS", b"MMOR", b"FOVb", b"\0MRM", b"II\x1a\0\0\0HEAP")

# In the order in which they are tried: what is sure, then what might be many a thing.
_PICTURES = (
    _picture("png", "PNG", "a PNG picture", "png", (b"\x89PNG\r\n\x1a\n",), read=True),
    _picture("jpeg", "JPEG", "a JPEG picture", "jpg jpeg jpe jfif", (b"\xff\xd8\xff",), read=True),
    _picture("webp", "WebP", "a WebP picture", "webp", test=both(at(0, b"RIFF"), at(8, b"WEBP")), read=True),
    _picture("bmp", "BMP", "a BMP picture", "bmp dib", test=is_bitmap, read=True),
    _picture("gif", "GIF", "a GIF picture", "gif", (b"GIF87a", b"GIF89a"), read=True),
    # Most raw pictures begin as TIFF does; by content only some can be told apart.
    _picture("camera raw", "camera raw", "a camera's raw picture", _RAW_ENDINGS, _RAW_MAGIC, is_cr2),
    _picture(
        "tiff", "TIFF", "a TIFF picture", "tif tiff", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), read=True
    ),
    _picture("heic", "HEIC", "a HEIC picture", "heic heif hif", test=is_heic, read=True),
    _picture("avif", "AVIF", "an AVIF picture", "avif", test=at(4, b"ftypavi"), read=True),
    _picture("camera raw", "camera raw", "a camera's raw picture", test=at(4, b"ftypcrx ")),
    _picture(
        "jpeg 2000", "JPEG 2000", "a JPEG 2000 picture", "jp2 j2k", (b"\0\0\0\x0cjP  ", b"\xff\x4f\xff\x51")
    ),
    _picture("jpeg xl", "JPEG XL", "a JPEG XL picture", "jxl", (b"\0\0\0\x0cJXL ", b"\xff\x0a")),
    _picture("psd", "PSD", "a Photoshop document", "psd psb", (b"8BPS",)),
    _picture("djvu", "DjVu", "a DjVu document", "djvu djv", (b"AT&TFORM",)),
    _picture("dds", "DDS", "a DDS texture", "dds", (b"DDS |\0\0\0",)),
    _picture("xcf", "XCF", "a GIMP picture", "xcf", (b"gimp xcf",)),
    _picture("exr", "OpenEXR", "an OpenEXR picture", "exr", (b"\x76\x2f\x31\x01",)),
    _picture("hdr", "HDR", "a Radiance HDR picture", "hdr", (b"#?RADIANCE", b"#?RGBE")),
    _picture("dicom", "DICOM", "a DICOM picture", "dcm", test=at(128, b"DICM")),
    _picture("wmf", "WMF", "a Windows drawing", "wmf", (b"\xd7\xcd\xc6\x9a",)),
    _picture("emf", "EMF", "a Windows drawing", "emf", test=both(at(0, b"\1\0\0\0"), at(40, b" EMF"))),
)
ZIP = _archive("zip", "ZIP", "a zip", "zip", test=is_zip, read=True)
_ARCHIVES = (
    ZIP,
    _archive("zip part", "ZIP part", "one part of a zip that was split", _PART_ENDINGS),
    _archive("jar", "JAR", "a Java archive", "jar zipx"),
    _archive("rar", "RAR", "a RAR archive", "rar", (b"Rar!\x1a\x07",)),
    _archive("7z", "7-Zip", "a 7-Zip archive", "7z", (b"7z\xbc\xaf\x27\x1c",)),
    _archive("gzip", "gzip", "a gzip archive", "gz tgz", (b"\x1f\x8b",)),
    _archive("xz", "XZ", "an XZ archive", "xz txz", (b"\xfd7zXZ\0",)),
    _archive("zstd", "Zstandard", "a Zstandard archive", "zst", (b"\x28\xb5\x2f\xfd",)),
    _archive("cab", "CAB", "a CAB archive", "cab", (b"MSCF\0\0\0\0",)),
    _archive("lzh", "LZH", "an LZH archive", "lzh lha", test=both(at(2, b"-lh", b"-lz"), at(6, b"-"))),
    _archive("tar", "TAR", "a TAR archive", "tar", test=at(257, b"ustar")),
)
_DOCUMENTS = (
    FileType("pdf", "PDF", "a PDF document", "pdf", (b"%PDF-",), kind=Kind.PAGES, read=True),
    _other(
        "office document",
        "Office",
        "an office document",
        "doc xls ppt",
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",),
    ),
    _other("program", "program", "a program", "exe dll so", (b"\x7fELF",)),
    _other("video", "video", "a video", "mp4 mov m4v", test=at(4, b"ftyp")),
)
_MESHES = (
    _mesh("stl", "STL", "an STL mesh", "stl", test=is_stl, read=True),
    _mesh("obj", "OBJ", "an OBJ mesh", "obj", test=is_obj, read=True),
    _mesh("ply", "PLY", "a PLY mesh", "ply", test=is_ply, read=True),
    _mesh("off", "OFF", "an OFF mesh", "off", test=is_off, read=True),
    _mesh("glb", "GLB", "a GLB mesh", "glb", (b"glTF",), read=True),
    _mesh("3mf", "3MF", "a 3MF mesh", "3mf", test=is_3mf, read=True),
)
# After those that are read, because the free header of a binary STL may begin like one of these.
_FURTHER_MESHES = (
    _drawing("solidworks", "SolidWorks", "a SolidWorks file", "sldprt sldasm"),
    _drawing("dwg", "DWG", "a DWG drawing", "dwg", (b"AC10",)),
    _drawing(
        "parasolid", "Parasolid", "a Parasolid body", "x_t x_b xmt_txt", (b"**ABCDEFGHIJKLMNOPQRSTUVWXYZ",)
    ),
    _drawing("jt", "JT", "a JT file", "jt", test=both(at(0, b"Version "), at(12, b"JT"))),
    _scene("sketchup", "SKP", "a SketchUp model", "skp", (b"\xff\xfe\xff\x0eS\0k\0e\0t\0c\0h\0U\0p\0",)),
    _scene("3ds max", "MAX", "a 3ds Max scene", "max"),
    _scene("maya", "Maya", "a Maya scene", "ma mb", (b"//Maya ASCII",)),
    _scene("cinema 4d", "C4D", "a Cinema 4D scene", "c4d", (b"QC4DC4D",)),
    _scene("lightwave", "LWO", "a LightWave object", "lwo lws", test=both(at(0, b"FORM"), at(8, b"LWO"))),
    _scene("zbrush", "ZBrush", "a ZBrush file", "ztl zpr"),
    _scene("alembic", "Alembic", "an Alembic scene", "abc", (b"Ogawa",)),
    _scene("directx", "X", "a DirectX mesh", "x", (b"xof 0303", b"xof 0302")),
    _scene("gmsh", "Gmsh", "a Gmsh mesh", "msh", (b"$MeshFormat",)),
    _scene("medit", "Medit", "a Medit mesh", "mesh meshb", (b"MeshVersionFormatted",)),
    _scene("vox", "VOX", "a model of voxels", "vox", (b"VOX ",)),
    _scene("fbx", "FBX", "an FBX scene", "fbx", (b"Kaydara FBX", b"; FBX ")),
    _scene("blend", "BLEND", "a Blender file", "blend", (b"BLENDER",)),
    _points("e57", "E57", "an E57 point cloud", "e57", (b"ASTM-E57",)),
    _points("las", "LAS", "a LAS point cloud", "las laz", (b"LASF",)),
    _points("pcd", "PCD", "a PCD point cloud", "pcd", test=text_from(b"# .pcd", b"version .7\nfields ")),
    _scene("vrml", "VRML", "a VRML scene", "wrl vrml", test=text_from(b"#vrml v", b"#x3d v")),
    _scene("x3d", "X3D", "an X3D scene", "x3d", test=xml_with(b"<x3d")),
    _scene("collada", "COLLADA", "a COLLADA scene", "dae", test=xml_with(b"<collada")),
    _scene("amf", "AMF", "an AMF mesh", "amf", test=xml_with(b"<amf")),
    _mesh(
        "gltf",
        "glTF",
        "a glTF scene in JSON",
        "gltf",
        test=is_gltf,
        code="mesh_outside_file",
        remedy="export it as GLB, one file with everything inside",
    ),
    _scene("usd", "USD", "a USD scene", "usd usda usdc usdz", (b"PXR-USDC", b"#usda "), is_usdz),
    _drawing("step", "STEP", "a STEP drawing", "step stp", test=text_from(b"iso-10303-21;")),
    _drawing("iges", "IGES", "an IGES drawing", "iges igs", test=at(72, b"S      1", b"S0000001")),
    _drawing("dxf", "DXF", "a DXF drawing", "dxf", test=is_dxf),
    _scene("3ds", "3DS", "a 3DS scene", "3ds", test=is_3ds),
    _drawing("3dm", "3DM", "a Rhino file", "3dm", (b"3D Geometry File Format",)),
    _scene("draco", "Draco", "a Draco mesh", "drc", (b"DRACO",)),
    _scene("ctm", "OpenCTM", "an OpenCTM mesh", "ctm", (b"OCTM",)),
    _scene("vtk", "VTK", "a VTK mesh", "vtk", (b"# vtk DataFile",)),
    _scene("vtp", "VTP", "a VTK mesh", "vtp vtu", test=xml_with(b"<vtkfile")),
    _scene("u3d", "U3D", "a U3D scene", "u3d", (b"U3D\0",)),
    _points("pts", "PTS", "a PTS point cloud", "pts ptx", test=is_pts),
    _points("xyz", "XYZ", "a list of points", "xyz asc", test=is_points),
)
# So short, or so plain, that they are tried last; some have nothing but their ending.
_WEAK = (
    _other("git-lfs", "Git LFS", "a Git LFS pointer", test=text_from(b"version https://git-lfs")),
    _picture("svg", "SVG", "an SVG drawing", "svg", test=xml_with(b"<svg")),
    _other("web page", "HTML", "a web page", "html htm", test=text_from(b"<!doctype html", b"<html")),
    _picture("eps", "EPS", "a PostScript document", "eps ps", (b"%!PS", b"\xc5\xd0\xd3\xc6")),
    _picture("ico", "ICO", "a Windows icon", "ico cur", test=is_ico),
    _picture("pnm", "PNM", "a PNM picture", "pnm pbm pgm ppm pam", test=is_pnm),
    _picture("pcx", "PCX", "a PCX picture", "pcx", (b"\x0a\x05\1\1", b"\x0a\x05\1\x08")),
    _picture("tga", "TGA", "a TGA picture", "tga"),
    FileType(
        "safetensors",
        "safetensors",
        "a file of weights",
        "safetensors",
        test=is_safetensors,
        read=True,
        kind=Kind.WEIGHTS,
    ),
    _other("program", "program", "a program", magic=(b"MZ",)),
    _archive("bzip2", "bzip2", "a bzip2 archive", "bz2 tbz2", (b"BZh",)),
    _labels("csv", "CSV", "a CSV table", "csv", read=True),
    _labels("tsv", "TSV", "a table with tabs", "tsv txt", read=True),
    _labels("json", "JSON", "a JSON file", "json", read=True),
    _labels("jsonl", "JSON Lines", "a JSON Lines file", "jsonl", read=True),
)

FILE_TYPES: tuple[FileType, ...] = (*_PICTURES, *_ARCHIVES, *_DOCUMENTS, *_MESHES, *_FURTHER_MESHES, *_WEAK)
_BY_ENDING = {word: one for one in reversed(FILE_TYPES) for word in one.endings}


def sniff(head: bytes, *, size: int | None = None) -> FileType:
    """Tell what a file is from its content alone; ``UNKNOWN`` where that tells nothing.

    head: its first ``HEAD`` bytes, or all of a shorter one. size: of the whole file in bytes, where known;
    a binary STL has no magic word and is known by its size.
    """
    if not head:
        return EMPTY
    seen = Head(head, size)
    return next((one for one in FILE_TYPES if one.fits(seen)), UNKNOWN)


def ending(name: str) -> str:
    """The letters after a name's last dot, in lower case; empty where there are none."""
    stem, dot, last = re.split(r"[/\\]", name)[-1].rpartition(".")
    return last.lower() if dot and stem else ""


def claimed_type(name: str) -> FileType:
    """What a file is by its name alone; ``UNKNOWN`` where that tells nothing."""
    return _BY_ENDING.get(ending(name), UNKNOWN)


def unread_type(name: str) -> FileType:
    """The type that Mocban does not read which a file is by its name; ``UNKNOWN`` where it is none."""
    claimed = claimed_type(name)
    return UNKNOWN if claimed.read else claimed


def claims(name: str, kind: Kind) -> bool:
    """Whether the name says that the file is of a type of this kind that Mocban reads."""
    return claimed_type(name).can_be(kind)


def read_types(kind: Kind) -> tuple[FileType, ...]:
    """The types of a kind that Mocban reads."""
    return tuple(one for one in FILE_TYPES if one.can_be(kind))


def endings_of(*kinds: Kind, read: bool = True) -> tuple[str, ...]:
    """The endings, without their dot, of all types of these kinds. read: of those alone that are read."""
    return tuple(
        word
        for kind in kinds
        for one in FILE_TYPES
        if one.kind is kind and (one.read or not read)
        for word in one.endings
    )


def labels_of(kind: Kind) -> tuple[str, ...]:
    """What people call the types of a kind that are read."""
    return tuple(one.label for one in read_types(kind))


def listed(kind: Kind) -> str:
    """The types of a kind that are read, in words, with "or" before the last."""
    *some, last = labels_of(kind)
    return f"{', '.join(some)} or {last}" if some else last
