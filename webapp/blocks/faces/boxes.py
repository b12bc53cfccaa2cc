"""A scan's places as boxes in pixels of its print: so that whatever mends boxes of pages mends them too."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from webapp.blocks.models import Place, Scan
from webapp.pages.boxes.operations import EditedPage, rect_of
from webapp.pages.models import Box, Page


class FaceBoxes:
    """A scan's places while they are edited. editing: the boxes, none of which is a row of the database.

    scan: locked by whoever edits.
    """

    def __init__(self, scan: Scan) -> None:
        self.scan, self.scale = scan, scan.px_per_mm or 1.0
        self.places = {place.pk: place for place in scan.places.select_related("item")}
        self.editing = EditedPage(face_page(scan), map(self.box_of, self.places.values()), timezone.now())

    def box_of(self, place: Place) -> Box:
        """A place as a box."""
        x, y, w, h = (round((side or 0.0) * self.scale, 1) for side in place.sides)
        return Box(
            pk=place.pk,
            x=x,
            y=y,
            w=w,
            h=h,
            column=place.column,
            order=place.order,
            kind=place.kind,
            score=place.score,
            source=Box.Source.PERSON if place.set_by_id else Box.Source.MODEL,
            deleted=place.deleted,
            edited_by_id=place.set_by_id,
            version=place.version,
            stale=place.stale,
        )

    def items(self, boxes: Iterable[Box]) -> list[int]:
        """The pks of the boxes' items."""
        return [place.item_id for box in boxes if (place := self.places.get(box.pk)) and place.item_id]

    def write(self, boxes: Iterable[Box], person: Any = None) -> None:
        """Store boxes as places, of which those that are new get their pks; moved ones are to be cut out.

        person: who changed them; None leaves that as it was.
        """
        new: list[tuple[Box, Place]] = []
        old: list[Place] = []
        for box in boxes:
            place = self.places.get(box.pk) or Place(block_id=self.scan.block_id, scan=self.scan, stale=True)
            self._take(place, box)
            place.version = self.scan.version
            if person is not None:
                place.set_by = person
            if place.pk:
                old.append(place)
            else:
                new.append((box, place))
        Place.objects.bulk_update(old, _WRITTEN, batch_size=200)
        for box, place in new:
            place.save()
            box.pk = place.pk
            self.places[place.pk] = place

    def _take(self, place: Place, box: Box) -> None:
        before = self.box_of(place)
        if place.pk is None or rect_of(before) != rect_of(box):
            sides = (round(side / self.scale, 3) for side in rect_of(box))
            place.x_mm, place.y_mm, place.w_mm, place.h_mm = sides
            place.stale = True
        place.column, place.order, place.kind, place.score = box.column, box.order, box.kind, box.score
        place.deleted = box.deleted or (timezone.now() if box.not_character else None)
        box.deleted = place.deleted


_WRITTEN = (
    *("x_mm", "y_mm", "w_mm", "h_mm", "column", "order", "kind", "score", "stale", "deleted"),
    *("version", "set_by"),
)


def face_page(scan: Scan) -> Page:
    """A face as a page that is no row: its size in pixels of the print, and its skew."""
    scale = scan.px_per_mm or 1.0
    return Page(
        name=scan.name,
        width=round((scan.width_mm or 0.0) * scale),
        height=round((scan.height_mm or 0.0) * scale),
        angle=scan.skew,
        version=scan.version,
        state=Page.State.READY,
    )
