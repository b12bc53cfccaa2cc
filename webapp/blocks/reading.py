"""Scans on their way to a worker, and what it found on them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from common.errors import MocbanError
from webapp.blocks.cuts import cuts_enqueue
from webapp.blocks.faces.boxes import FaceBoxes
from webapp.blocks.models import Place, PlaceEdit, Scan
from webapp.blocks.pictures import has_pictures
from webapp.core.errors import Conflict
from webapp.core.files.blobs import blob_path
from webapp.core.permissions import require_curator
from webapp.gallery.cut import items_set_aside
from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job
from webapp.jobs.services import job_enqueue
from webapp.pages.reading import FoundBox, boxes_placed

SCAN_READ = JobKind("scan.read", queue="batch")
# {"scan": pk}; "again": read one that was read before, and keep what people set
STEPS = 5
"""Steps that reading a scan reports."""


@dataclass(frozen=True)
class FaceReading:
    """What a worker found on a scan; as in ``Scan``. places: in pixels of the print, in reading order."""

    triangles: int
    read_unit: str
    width_mm: float
    height_mm: float
    depth_mm: float
    warp_mm: float
    px_per_mm: float
    mirrored: bool
    turn: int
    sure: float
    skew: float
    notes: Sequence[str]
    read_with: str
    places: Sequence[FoundBox]


_FACTS = (
    *("triangles", "read_unit", "width_mm", "height_mm", "depth_mm", "warp_mm", "px_per_mm"),
    *("mirrored", "turn", "sure", "skew", "read_with"),
)


@transaction.atomic
def scan_enqueue(*, scan: Scan, again: bool = False) -> Job:
    """Have a scan read. again: one that was read before; what people set stays as it is."""
    Scan.objects.filter(pk=scan.pk).update(state=Scan.State.QUEUED, queued=True, **Scan.NO_ERROR)
    return job_enqueue(
        kind=SCAN_READ,
        payload={"scan": scan.pk} | ({"again": True} if again else {}),
        subject=f"scan:{scan.pk}",
        owner=scan.created_by_id,
        total=STEPS,
    )


def scan_read_again(*, scan: Scan, user) -> Job:
    """Have a scan read anew.

    Raises:
        PermissionDenied: unless ``user`` is a curator.
        Conflict: scan_not_ready, while it is being read.
    """
    require_curator(user)
    if scan.state not in (Scan.State.READY, Scan.State.REFUSED):
        raise not_ready()
    return scan_enqueue(scan=scan, again=True)


@transaction.atomic
def scan_turn(*, scan: Scan, user, turn: int = 0, flip: bool = False) -> Job:
    """Say that a face reads otherwise: turned by further degrees clockwise, then flipped left-right or not.

    Its places turn with it, and all are cut out anew.

    Raises:
        PermissionDenied, Conflict: as ``scan_read_again``.
    """
    require_curator(user)
    locked = Scan.objects.select_for_update().get(pk=scan.pk)
    if locked.state != Scan.State.READY:
        raise not_ready()
    wide, high = locked.width_mm or 0.0, locked.height_mm or 0.0
    places = list(locked.places.all())
    for place in places:
        _turn_place(place, turn, wide, high)
        if flip:
            place.x_mm = (high if turn in (90, 270) else wide) - (place.x_mm or 0) - (place.w_mm or 0)
        place.stale = not place.deleted
    Place.objects.bulk_update(places, ["x_mm", "y_mm", "w_mm", "h_mm", "stale"], batch_size=200)
    # Turned counterclockwise, and then flipped: after a flip a clockwise turn adds.
    locked.turn = (locked.turn + (turn if locked.mirrored else -turn)) % 360
    locked.mirrored = bool(locked.mirrored) != flip
    locked.way_by = Scan.WayBy.PERSON
    if turn in (90, 270):
        locked.width_mm, locked.height_mm = high, wide
    locked.version += 1
    locked.save()
    PlaceEdit.objects.filter(scan=locked).delete()
    return scan_enqueue(scan=locked, again=True)


def not_ready() -> Conflict:
    """What is said of a scan that is not read yet."""
    return Conflict("the scan has not been read yet", hint="wait a moment", code="scan_not_ready")


@transaction.atomic
def scan_read_done(*, scan: Scan, reading: FaceReading) -> None:
    """Write down what was found on a scan, and have its characters cut out. Harmless when done twice.

    Places that people drew, moved or deleted stay as they are, and none is found again in their place; those
    that are found as they were keep their item.
    """
    locked = Scan.objects.select_for_update().select_related("block").filter(pk=scan.pk).first()
    if locked is None:
        return
    if locked.way_by == Scan.WayBy.PERSON and (locked.turn, locked.mirrored) != (
        reading.turn,
        reading.mirrored,
    ):
        return  # somebody turned it meanwhile, and the job that this asked for will do it
    for name in _FACTS:
        setattr(locked, name, getattr(reading, name))
    locked.notes, locked.state = list(reading.notes), Scan.State.READY
    locked.error_code = locked.error = locked.hint = ""
    locked.version += 1
    PlaceEdit.objects.filter(scan=locked).delete()
    _places_replace(locked, reading.places)
    locked.characters = locked.places.filter(deleted=None).count()
    locked.save()
    cuts_enqueue(scan=locked)


@transaction.atomic
def scan_refuse(*, pk: int, error: MocbanError) -> bool:
    """Refuse a scan that was being read; one that was read before stays as it was. Returns whether it was."""
    scan = Scan.objects.select_for_update().filter(pk=pk).exclude(state=Scan.State.READY).first()
    if scan is None:
        return False
    scan.error_code, scan.error, scan.hint = error.code[:40], str(error), error.hint
    scan.state = Scan.State.READY if scan.read_with else Scan.State.REFUSED
    scan.save(update_fields=["state", "error_code", "error", "hint"])
    return True


def scans_enqueue_forgotten() -> int:
    """Have scans read whose upload ended between their row and their job. Returns how many."""
    scans = list(Scan.objects.filter(queued=False, state=Scan.State.QUEUED, block__deleted_at=None))
    for scan in scans:
        scan_enqueue(scan=scan)
    return len(scans)


def scans_mend() -> int:
    """Have scans read again whose derived files are missing; those without a file in the store stay as they
    are. Returns of how many.
    """
    ready = Scan.objects.filter(state=Scan.State.READY, block__deleted_at=None)
    missing = [scan for scan in ready if not has_pictures(scan) and blob_path(scan.sha256).is_file()]
    for scan in missing:
        scan_enqueue(scan=scan, again=True)
    return len(missing)


def _turn_place(place: Place, turn: int, wide: float, high: float) -> None:
    if place.x_mm is None or place.y_mm is None or place.w_mm is None or place.h_mm is None:
        return
    x, y, w, h = place.x_mm, place.y_mm, place.w_mm, place.h_mm
    turned = {
        90: (high - y - h, x, h, w),
        180: (wide - x - w, high - y - h, w, h),
        270: (y, wide - x - w, h, w),
    }
    place.x_mm, place.y_mm, place.w_mm, place.h_mm = turned.get(turn, (x, y, w, h))


def _places_replace(scan: Scan, found: Sequence[FoundBox]) -> None:
    face = FaceBoxes(scan)
    kept = [box for box in face.editing.rows if box.edited_by_id]
    loose = [box for box in face.editing.rows if not box.edited_by_id]
    placed, reused = boxes_placed(face.editing, found, kept, loose)
    gone = [box for box in loose if not box.deleted and box.pk not in reused]
    for box in gone:
        box.deleted = timezone.now()
    face.write([*gone, *placed, *_others(face, [*gone, *placed])])
    items = face.items(gone)
    items_set_aside(pks=items)


def _others(face: FaceBoxes, written: Iterable) -> list:
    there = {id(box) for box in written}
    return [box for box in face.editing.changed() if id(box) not in there]
