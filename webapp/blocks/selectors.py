"""All that is ever asked of the blocks."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.blocks.models import Place, Scan


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
