"""Pictures and meshes of a scan that a worker derives."""

from django.urls import reverse

from webapp.blocks.models import Scan
from webapp.core.files.derived import is_complete

ROOM = "scans"
FACE, INK = "face", "ink"
LAYERS = (INK, FACE)
"""The print that a face gives, and the face under raking light: each has tiles in a folder of its name."""
FILES = ("face.png", "ink.png", "coarse.glb", "middle.glb", "fine.glb", "thumb.webp")
"""What is sent of a scan, besides tiles."""
FACE_FILE = "face.npz"
REPORT = "face.json"
"""Written last: with it, all are there."""


def pictures_version(scan: Scan) -> str:
    """Changes with what the scan looks like, so that browsers keep its pictures for good."""
    return (
        f"{scan.sha256[:12]}-{scan.read_with[:8]}-{scan.turn}{'m' if scan.mirrored else 'd'}{scan.read_unit}"
    )


def tiles_address(scan: Scan, layer: str) -> str:
    """The address of a scan's tiles, with {level}, {column} and {row} to be filled in."""
    address = reverse("blocks:tile", args=[scan.pk, pictures_version(scan), layer, 0, 0, 0])
    return address.removesuffix("0/0_0.jpg") + "{level}/{column}_{row}.jpg"


def file_address(scan: Scan, name: str) -> str | None:
    """The address of one of ``FILES``; None where the scan was not read."""
    if not scan.read_with:
        return None
    return reverse("blocks:file", args=[scan.pk, pictures_version(scan), name])


def has_pictures(scan: Scan) -> bool:
    """Whether all that is derived of a scan is there."""
    return is_complete(ROOM, scan.pk, [*FILES, FACE_FILE, REPORT])
