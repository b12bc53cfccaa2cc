"""All that is ever asked of the blocks."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from webapp.blocks.cuts import place_names
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.pictures import file_address
from webapp.gallery.models import Item
from webapp.jobs.models import Job

SORTS = {
    "": (_("newest first"), ("-pk",)),
    "name": (_("name"), ("name", "pk")),
    "number": (_("inventory number"), ("inventory_number", "name", "pk")),
    "title": (_("book, volume, leaf"), ("title", "volume", "leaf", "pk")),
}
"""What lists of blocks can be sorted by: their words, and the columns."""
_SEARCHED = ("name", "inventory_number", "title", "volume", "leaf", "note", "fields")
_COLUMNS = ("name", "column", "place", "x_mm", "y_mm", "w_mm", "h_mm", "score", "item", "character")


@dataclass(frozen=True)
class PlaceRow:
    """Where an item stands on a face: pks, and its box in millimetres from the top left as it prints."""

    item: int
    block: int
    scan: int
    x_mm: float
    y_mm: float
    w_mm: float
    h_mm: float


@dataclass(frozen=True)
class ScanProgress:
    """How far a scan is. percent: of the job that reads it; None where none does. ready: items that can be
    found; of ``scan.characters``. thumbnail, coarse, middle, fine: addresses, None until it was read.
    """

    scan: Scan
    working: bool
    percent: int | None
    ready: int
    places: list[Place]
    thumbnail: str | None
    coarse: str | None
    middle: str | None
    fine: str | None

    @property
    def boxes_id(self) -> str:
        """The id of the page's element with ``boxes``."""
        return f"places-{self.scan.pk}"

    @property
    def boxes(self) -> list[dict[str, Any]]:
        """The places for the viewer, in millimetres from the top left of the face."""
        names = place_names(self.scan)
        return [
            {
                "name": names[place.pk],
                "character": place.item.character if place.item else "",
                "x": place.x_mm,
                "y": place.y_mm,
                "w": place.w_mm,
                "h": place.h_mm,
            }
            for place in self.places
        ]


def places(*, blocks: Iterable[int] | None = None) -> list[PlaceRow]:
    """The characters with a place on a face that was read, in each scan's reading order.

    blocks: of these alone.
    """
    rows = Place.objects.filter(
        scan__state=Scan.State.READY, block__deleted_at=None, deleted=None, item__isnull=False
    )
    if blocks is not None:
        rows = rows.filter(block__in=list(blocks))
    columns = ("item", "block", "scan", "x_mm", "y_mm", "w_mm", "h_mm")
    return [PlaceRow(*row) for row in rows.order_by("scan", "order", "pk").values_list(*columns)]


def blocks_found(*, search: str = "", sort: str = "", trash: bool = False) -> QuerySet[Block]:
    """Blocks that fit, with ``characters`` and ``faces`` counted.

    search: words, each of which stands somewhere in what is known of a block. sort: a name of ``SORTS``.
    trash: those that were deleted instead.
    """
    blocks = Block.objects.filter(deleted_at__isnull=not trash)
    for word in search.split():
        anywhere = Q()
        for name in _SEARCHED:
            anywhere |= Q(**{f"{name}__icontains": word})
        blocks = blocks.filter(anywhere)
    counted = blocks.annotate(
        characters=Count("places", filter=Q(places__deleted=None), distinct=True),
        faces=Count("scans", distinct=True),
    )
    _words, columns = SORTS.get(sort, SORTS[""])
    return counted.order_by(*columns)


def scan_progress(scan: Scan) -> ScanProgress:
    """How far a scan is, with its places in reading order."""
    found = list(scan.places.filter(deleted=None).select_related("item").order_by("order", "pk"))
    ready = sum(bool(one.item and one.item.state == Item.State.READY and not one.stale) for one in found)
    waits = sum(one.item is None or one.stale or one.item.state == Item.State.WAITING for one in found)
    reading = scan.state in (Scan.State.QUEUED, Scan.State.READING)
    return ScanProgress(
        scan=scan,
        working=reading or waits > 0,
        percent=_percent(scan) if reading else None,
        ready=ready,
        places=found,
        thumbnail=file_address(scan, "thumb.webp"),
        coarse=file_address(scan, "coarse.glb"),
        middle=file_address(scan, "middle.glb"),
        fine=file_address(scan, "fine.glb"),
    )


def items_table(scan: Scan) -> str:
    """A scan's places as a CSV file, in reading order."""
    text, names = io.StringIO(newline=""), place_names(scan)
    table = csv.writer(text, lineterminator="\n")
    table.writerow(_COLUMNS)
    for place in scan.places.filter(deleted=None).select_related("item").order_by("order", "pk"):
        column, _dash, number = names[place.pk].partition("-")
        table.writerow(
            (
                names[place.pk],
                int(column),
                int(number),
                *(round(side or 0.0, 2) for side in place.sides),
                "" if place.score is None else round(place.score, 3),
                place.item_id or "",
                place.item.character if place.item else "",
            )
        )
    return text.getvalue()


def _percent(scan: Scan) -> int:
    job = Job.objects.filter(subject=f"scan:{scan.pk}").order_by("-created").first()
    return round(100 * job.done / job.total) if job and job.total else 0
