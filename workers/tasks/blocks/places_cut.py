"""Characters cut out of a block's scan, each a mesh and an item of its own."""

import numpy as np

from retrieval.blocks.cutting import cut_characters, upright
from retrieval.blocks.reading import Character, ReadFace
from retrieval.blocks.scan import open_scan
from retrieval.blocks.stored import read_face_file
from retrieval.blocks.upright import Way
from retrieval.io.encode import stl
from retrieval.locate import Box
from webapp.blocks.cuts import PLACES_CUT, Cut, cuts_store, places_to_cut
from webapp.blocks.models import Place, Scan
from webapp.blocks.pictures import FACE_FILE, ROOM
from webapp.blocks.reading import scan_enqueue
from webapp.core.files.blobs import blob_existing
from webapp.core.files.media import derived
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress

_TOGETHER = 100  # their triangles are in memory together


def places_cut(payload: dict, progress: JobProgress) -> None:
    """Cut those places of ``payload["scan"]`` out that are not cut out as they are now.

    Where the face that was read is gone, the scan is read again, which has them cut out.

    Raises:
        StoreTrouble: the scan's file is missing from the store; its places still wait.
    """
    scan = Scan.objects.select_related("block").filter(pk=payload["scan"]).first()
    if scan is None or scan.block.deleted_at or scan.state != Scan.State.READY:
        return  # they stay to be cut out, and are when the scan is there again
    places = list(places_to_cut(scan))
    if not places:
        return
    try:
        face = read_face_file(derived(ROOM, scan.pk, FACE_FILE).read_bytes())
    except (OSError, ValueError):
        with progress.writing():
            scan_enqueue(scan=scan, again=True)
        return
    triangles = open_scan(blob_existing(scan.sha256, name=scan.name), name=scan.name)
    way = Way(scan.turn // 90, bool(scan.mirrored), 1.0)
    for start in range(0, len(places), _TOGETHER):
        some = places[start : start + _TOGETHER]
        characters = tuple(_character(place, number) for number, place in enumerate(some))
        read = ReadFace(face, np.empty(0, np.uint8), way, scan.skew, characters)
        meshes = cut_characters(triangles, read)
        cuts = [
            Cut(place.pk, place.sides, _file(scan, place, stl(upright(mesh, read, character))))
            for place, character, mesh in zip(some, characters, meshes, strict=True)
        ]
        with progress.writing():
            cuts_store(scan=scan, cuts=cuts)
        progress.report(start + len(some), len(places))


def _character(place: Place, number: int) -> Character:
    x, y, w, h = (side or 0.0 for side in place.sides)
    # Neighbours in reading order never share a layer of the cutting; see ``cut_characters``.
    return Character(str(place.pk), place.column, number, Box(x, y, w, h), np.empty(0, np.float32))


def _file(scan: Scan, place: Place, data: bytes) -> bytes:
    """The file of a mesh. Two places are two items, even where their triangles are the same."""
    return f"scan {scan.pk}, place {place.pk}".encode().ljust(80, b"\0") + data[80:]


JOB = JobHandler(
    kind=PLACES_CUT,
    run=places_cut,
    nobody_waits="places that are not cut out yet say so in their rows, and are cut out at the next tidying",
)
