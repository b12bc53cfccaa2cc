"""Scans of whole blocks: from a mesh to the face as it prints, its pictures, and its characters in order."""

import hashlib

from common.errors import BadInput
from retrieval.blocks.reading import BlockReader, ReadFace
from retrieval.blocks.scan import Scan as Triangles
from retrieval.blocks.scan import open_scan
from retrieval.blocks.upright import Way
from webapp.blocks.models import Scan
from webapp.blocks.pictures import has_pictures
from webapp.blocks.reading import SCAN_READ, STEPS, FaceReading, scan_read_done, scan_refuse
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.core.files.disk import full_disk_refused
from webapp.pages.boxes.geometry import Rect
from webapp.pages.reading import FoundBox
from workers.live.cache import live
from workers.live.pages import localiser
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.blocks.scan_pictures import write_scan

# To be raised whenever a face would be read otherwise.
_VERSION = 1


def scan_read(payload: dict, progress: JobProgress) -> None:
    """Read the scan ``payload["scan"]``: find its face, picture it, find its characters, have them cut out.

    With ``payload["again"]``, also one that was read before. A scan that cannot be read is refused, and
    nothing of it is left; what was done before is done again, to the same end.

    Raises:
        StoreTrouble: the scan's file is missing from the store; the scan still waits.
        DiskFull: there is no room for its pictures; the scan still waits.
    """
    scan = Scan.objects.select_related("block").filter(pk=payload["scan"], block__deleted_at=None).first()
    if scan is None or (scan.state == Scan.State.READY and has_pictures(scan)):
        return
    with progress.writing():
        Scan.objects.filter(pk=scan.pk).exclude(state=Scan.State.READY).update(state=Scan.State.READING)
    try:
        triangles, read = read_scan(scan, progress)
    except BadInput as error:
        blob_check(scan.sha256, name=scan.name)
        with progress.writing():
            scan_refuse(pk=scan.pk, error=error)
        return
    with full_disk_refused(f"what was read of {scan.name}"):
        write_scan(scan, read)
    progress.report(4, STEPS)
    with progress.writing():
        scan_read_done(scan=scan, reading=_reading(triangles, read))


def read_scan(scan: Scan, progress: JobProgress) -> tuple[Triangles, ReadFace]:
    """A scan's triangles, and its face with its characters. Raises BadInput, StoreTrouble."""
    triangles = open_scan(blob_existing(scan.sha256, name=scan.name), name=scan.name)
    progress.report(1, STEPS)
    reader = BlockReader(localiser(), live().embedder)
    way = None
    if scan.way_by == Scan.WayBy.PERSON:
        way = Way(scan.turn // 90, bool(scan.mirrored), 1.0)
    read = reader.read(triangles, unit=scan.unit or None, way=way)
    progress.report(3, STEPS)
    return triangles, read


def _reading(triangles: Triangles, read: ReadFace) -> FaceReading:
    face, way = read.face, read.way
    wide, high = face.size
    found_by = f"{_VERSION} {localiser().fingerprint} {live().release.model.fingerprint}"
    places = [
        FoundBox(
            Rect(*(side / face.pitch for side in (one.box.x, one.box.y, one.box.w, one.box.h))),
            one.box.score,
            one.column,
            number,
            one.box.kind,
        )
        for number, one in enumerate(read.characters, 1)
    ]
    return FaceReading(
        triangles=triangles.count,
        read_unit=face.unit.name,
        width_mm=round(wide, 3),
        height_mm=round(high, 3),
        depth_mm=round(face.depth, 3),
        warp_mm=round(face.bend, 3),
        px_per_mm=1 / face.pitch,
        mirrored=way.mirrored,
        turn=way.quarters * 90,
        sure=round(way.sure, 4),
        skew=round(read.angle, 3),
        notes=face.notes,
        read_with=hashlib.sha256(found_by.encode()).hexdigest(),
        places=places,
    )


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the scan, if it still waits."""
    scan_refuse(pk=payload["scan"], error=Refused(error, hint=hint, code=code))


JOB = JobHandler(kind=SCAN_READ, run=scan_read, on_give_up=_on_give_up)
