"""Characters cut out of a scan: each place's own mesh, an item of the gallery."""

import io
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import QuerySet

from webapp.blocks.models import Place, Scan
from webapp.core.files.blobs import blob_put
from webapp.gallery.cut import item_cut
from webapp.gallery.models import Item
from webapp.gallery.services import items_enqueue
from webapp.jobs.kinds import JobKind
from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import job_enqueue

PLACES_CUT = JobKind("places.cut", queue="batch")  # {"scan": pk}
_SOON = 24
"""Up to so many places are somebody waiting before the screen."""


@dataclass(frozen=True)
class Cut:
    """A place that was cut out. sides: where it was then, in millimetres. stl: upright, as it was carved."""

    place: int
    sides: tuple[float | None, ...]
    stl: bytes


def places_to_cut(scan: Scan) -> QuerySet[Place]:
    """The places of a scan that are not cut out as they are now, in reading order."""
    return scan.places.filter(stale=True, deleted=None).order_by("order", "pk")


def cuts_enqueue(*, scan: Scan, soon: bool = False) -> None:
    """Have a scan's places cut out that are to be. soon: whether a person waits for few of them."""
    count = places_to_cut(scan).count()
    if count:
        job_enqueue(
            kind=PLACES_CUT,
            payload={"scan": scan.pk},
            queue="interactive" if soon and count <= _SOON else "batch",
            subject=f"scan:{scan.pk}",
            owner=scan.created_by_id,
            total=count,
        )


@transaction.atomic
def cuts_store(*, scan: Scan, cuts: Sequence[Cut]) -> None:
    """Make cut meshes the items of their places, and have those prepared.

    Places that were moved or deleted meanwhile are left to their own job.
    """
    rows = Place.objects.select_for_update(of=("self",)).select_related("item")
    places = rows.filter(pk__in=[cut.place for cut in cuts], deleted=None).in_bulk()
    names, items = place_names(scan), list[int]()
    for cut in cuts:
        place = places.get(cut.place)
        if place is None or place.sides != cut.sides:
            continue
        name = f"{scan.block.name}, {names[place.pk]}"
        sha256 = blob_put(io.BytesIO(cut.stl), name=name).sha256
        place.item = item_cut(item=place.item, name=name, sha256=sha256, mirrored=bool(scan.mirrored))
        place.stale = False
        place.save(update_fields=["item", "stale"])
        items.append(place.item.pk)
    items_enqueue(items=Item.objects.filter(pk__in=items))


def cuts_enqueue_forgotten() -> int:
    """Have places cut out whose job failed or was lost. Returns of how many scans."""
    stale = Place.objects.filter(stale=True, deleted=None)
    scans = Scan.objects.filter(state=Scan.State.READY, block__deleted_at=None)
    busy = {payload["scan"] for payload in jobs_open(PLACES_CUT).values_list("payload", flat=True)}
    waiting = list(scans.filter(pk__in=stale.values("scan")).exclude(pk__in=busy))
    for scan in waiting:
        cuts_enqueue(scan=scan)
    return len(waiting)


def place_names(scan: Scan) -> dict[int, str]:
    """The names of a scan's places by their pks: column and place in it, as "02-05"."""
    counted: dict[int, int] = {}
    names = {}
    rows = scan.places.filter(deleted=None).order_by("order", "pk").values_list("pk", "column")
    for pk, column in rows:
        counted[column] = counted.get(column, 0) + 1
        names[pk] = f"{column:02d}-{counted[column]:02d}"
    return names
