"""All that is derived of a scan: pictures, tiles, meshes of few and of many triangles, the face itself."""

import json

from PIL import Image

from retrieval.blocks.levels import face_levels
from retrieval.blocks.pictures import raking_light
from retrieval.blocks.reading import ReadFace
from retrieval.blocks.stored import face_file
from retrieval.io.encode import colour_png, png
from webapp.blocks.models import Scan
from webapp.blocks.pictures import FACE, FACE_FILE, INK, REPORT, ROOM
from webapp.core.files.derived import derived_folder
from workers.tasks.pages.page_pictures import write_levels, write_thumbnail


def write_scan(scan: Scan, read: ReadFace) -> None:
    """Put a scan's derived files into place, all or none."""
    lit = raking_light(read.face)
    with derived_folder(ROOM, scan.pk) as folder:
        (folder / "face.png").write_bytes(colour_png(lit))
        (folder / "ink.png").write_bytes(png(read.ink))
        write_thumbnail(Image.fromarray(lit), folder / "thumb.webp")
        for layer, pixels in ((FACE, lit), (INK, read.ink)):
            (folder / layer).mkdir()
            write_levels(Image.fromarray(pixels), folder / layer)
        for name, data in face_levels(read.face).items():
            (folder / name).write_bytes(data)
        (folder / FACE_FILE).write_bytes(face_file(read.face))
        (folder / REPORT).write_text(json.dumps({"turn": read.way.quarters, "mirrored": read.way.mirrored}))
