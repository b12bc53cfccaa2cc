"""A face and its places as the page editor gets a page and its boxes."""

import hashlib
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from webapp.blocks.faces.boxes import FaceBoxes
from webapp.blocks.faces.mending import PlacesEdited
from webapp.blocks.models import Place, Scan
from webapp.blocks.pictures import tiles_address
from webapp.gallery.models import Item
from webapp.jobs.selectors import jobs_open_for
from webapp.pages.boxes.place import box_place
from webapp.pages.models import Box

_STATES: dict[str, str] = {Scan.State.READY: "ready", Scan.State.REFUSED: "rejected"}


def face_body(scan: Scan, layer: str, user) -> dict[str, Any]:
    """A face with all its places, as pages' boxes in pixels of its print."""
    face = FaceBoxes(scan)
    bodies = _bodies(face, face.editing.in_order())
    page = face.editing.page
    return {
        "version": scan.version,
        "state": _STATES.get(scan.state, "waiting"),
        "width": page.width,
        "height": page.height,
        "angle": scan.skew,
        "turn": 0,
        "turned_by": "",
        "finding": "",
        "tiles": tiles_address(scan, layer) if scan.read_with else None,
        "boxes": bodies,
        "seen": _digest(bodies),
        "jobs": {"waiting": _waiting(scan, bodies)},
        "can_edit": user.is_curator,
    }


def face_changes_body(scan: Scan, *, since: int, seen: str) -> dict[str, Any]:
    """What an editor that knows version ``since`` must learn; all places, where they are not as ``seen``."""
    face = FaceBoxes(scan)
    bodies = _bodies(face, face.editing.in_order())
    now = _digest(bodies)
    changed = {box.pk for box in face.editing.rows if box.version > since}
    return {
        "version": scan.version,
        "state": _STATES.get(scan.state, "waiting"),
        "boxes": [body for body in bodies if now != seen or body["id"] in changed],
        "removed": [box.pk for box in face.editing.rows if box.deleted and box.pk in changed],
        "seen": now,
        "jobs": {"waiting": _waiting(scan, bodies)},
    }


def face_edited_body(edited: PlacesEdited) -> dict[str, Any]:
    """What an edit changed."""
    face = FaceBoxes(edited.scan)
    return {
        "version": edited.scan.version,
        "boxes": _bodies(face, [box for box in edited.boxes if not box.deleted]),
        "removed": [box.pk for box in edited.boxes if box.deleted],
        "edit": edited.edit and edited.edit.pk,
    }


def boxes_body(scan: Scan, boxes: Iterable[Box]) -> list[dict[str, Any]]:
    """Boxes of a face, in the order given."""
    return _bodies(FaceBoxes(scan), boxes)


def deleted_body(scan: Scan) -> dict[str, Any]:
    """The places that were deleted, the last ones first."""
    face = FaceBoxes(scan)
    gone = [(box.deleted, box) for box in face.editing.rows if box.deleted]
    gone.sort(key=lambda one: one[0], reverse=True)
    return {"boxes": _bodies(face, [box for _, box in gone])}


def _bodies(face: FaceBoxes, boxes: Iterable[Box]) -> list[dict[str, Any]]:
    return [_body(box, face.places.get(box.pk)) for box in boxes]


def _body(box: Box, place: Place | None) -> dict[str, Any]:
    item = place.item if place else None
    return {
        **box_place(box),
        "state": _state(place, item),
        "character": item.character if item else "",
        "proposal": "",
        "suggested": "",
        "moved": False,
        "query": None,
        "card": reverse("gallery:detail", args=[item.pk]) if item else None,
    }


def _state(place: Place | None, item: Item | None) -> str:
    """As states of pages' boxes: one whose character is known is answered."""
    if place is None or item is None or place.stale or item.state == Item.State.WAITING:
        return "waiting"
    if item.state == Item.State.REJECTED:
        return "rejected"
    return "answered" if item.character else "suggested"


def _digest(bodies: list[dict[str, Any]]) -> str:
    shown = [(body["id"], body["state"], body["character"], body["card"]) for body in bodies]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _waiting(scan: Scan, bodies: list[dict[str, Any]]) -> int:
    return jobs_open_for(f"scan:{scan.pk}") + sum(body["state"] == "waiting" for body in bodies)
