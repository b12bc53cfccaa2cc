"""Edits of a scan's places by people: as pages' boxes are edited, and undone and done again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from webapp.blocks.cuts import cuts_enqueue
from webapp.blocks.faces.boxes import FaceBoxes
from webapp.blocks.models import PlaceEdit, Scan
from webapp.blocks.reading import not_ready
from webapp.core.permissions import require_curator
from webapp.gallery.cut import items_bring_back, items_set_aside
from webapp.pages.boxes.edits import EditedMeanwhile
from webapp.pages.boxes.operations import FIELDS, Operation
from webapp.pages.models import Box


@dataclass(frozen=True)
class PlacesEdited:
    """What came of an edit. scan: with its new version. boxes: those that changed, deleted ones too."""

    scan: Scan
    boxes: list[Box] = field(default_factory=list)
    edit: PlaceEdit | None = None


@transaction.atomic
def places_edit(
    *, scan: Scan, person: Any, version: int, operations: Sequence[Operation], key: UUID | None = None
) -> PlacesEdited:
    """Do operations to a scan's places, all or none; those touched are cut out anew.

    version: of the scan that the person saw. key: of what was sent, so that it is done once.

    Raises:
        PermissionDenied: unless ``person`` is a curator.
        EditedMeanwhile: somebody else edited one of the very places since.
        Conflict: scan_not_ready, box_gone.
        Refused: what an operation cannot do.
    """
    face = _editing(scan, person)
    if key and (before := PlaceEdit.objects.filter(scan=scan, person=person, key=key).first()):
        touched = {entry["box"] for entry in before.forward}
        return PlacesEdited(face.scan, [box for box in face.editing.rows if box.pk in touched], before)
    _check_meanwhile(face, [pk for one in operations for pk in one.boxes], version, person)
    for operation in operations:
        face.editing.apply(operation)
    changed = face.editing.changed()
    if not changed:
        return PlacesEdited(face.scan)
    old = [(box, face.editing.before(box)) for box in changed]
    _write(face, changed, person)
    PlaceEdit.objects.filter(scan=scan, person=person, undone=True).delete()
    edit = PlaceEdit.objects.create(
        scan=face.scan,
        person=person,
        version=face.scan.version,
        key=key,
        forward=[_entry(box, {name: getattr(box, name) for name in FIELDS}) for box, _ in old],
        inverse=[_entry(box, values) for box, values in old],
    )
    return PlacesEdited(face.scan, changed, edit)


def places_undo(
    *, scan: Scan, person: Any, edit: int | None = None, version: int | None = None
) -> PlacesEdited:
    """Take an edit of the person's back: the last one, or that of pk ``edit``. Raises as ``places_edit``.

    version: of the scan that was seen, to insist where somebody else edited its places meanwhile.
    """
    return _again(scan, person, edit, version, undone=False)


def places_redo(
    *, scan: Scan, person: Any, edit: int | None = None, version: int | None = None
) -> PlacesEdited:
    """Do an edit again that the person undid; as ``places_undo``."""
    return _again(scan, person, edit, version, undone=True)


@transaction.atomic
def _again(scan: Scan, person: Any, named: int | None, version: int | None, *, undone: bool) -> PlacesEdited:
    face = _editing(scan, person)
    own = PlaceEdit.objects.filter(scan=scan, person=person, undone=undone)
    if named:
        own = own.filter(pk=named)
    edit = own.order_by("pk" if undone else "-pk").first()
    if edit is None:
        return PlacesEdited(face.scan)
    entries = edit.forward if undone else edit.inverse
    _check_meanwhile(face, [entry["box"] for entry in entries], version or edit.version, person)
    for entry in entries:
        face.editing.set_values(entry)
    changed = face.editing.changed()
    _write(face, changed, person)
    edit.undone, edit.version = not undone, face.scan.version
    edit.save(update_fields=["undone", "version"])
    return PlacesEdited(face.scan, changed, edit)


def _editing(scan: Scan, person: Any) -> FaceBoxes:
    """The scan's places, locked until the transaction ends."""
    require_curator(person)
    locked = Scan.objects.select_for_update(of=("self",)).select_related("block").get(pk=scan.pk)
    if locked.state != Scan.State.READY:
        raise not_ready()
    return FaceBoxes(locked)


def _check_meanwhile(face: FaceBoxes, pks: Iterable[int], version: int, person: Any) -> None:
    named = set(pks)
    others = [
        box
        for box in face.editing.rows
        if box.pk in named and box.version > version and box.edited_by_id not in (None, person.pk)
    ]
    if others:
        raise EditedMeanwhile(others)


def _write(face: FaceBoxes, changed: list[Box], person: Any) -> None:
    """Store changed places under the scan's next version; their items come and go with them."""
    shown = [(box, not face.editing.before(box)["deleted"]) for box in changed]
    face.scan.version += 1
    face.write(changed, person)
    for box in changed:
        box.version, box.edited_by_id = face.scan.version, person.pk
    face.scan.characters = face.scan.places.filter(deleted=None).count()
    face.scan.save(update_fields=["version", "characters"])
    items_set_aside(pks=face.items(box for box, before in shown if before and box.deleted))
    items_bring_back(pks=face.items(box for box, before in shown if not before and not box.deleted))
    cuts_enqueue(scan=face.scan, soon=True)


def _entry(box: Box, values: dict) -> dict:
    deleted = values["deleted"]
    return {"box": box.pk, **values, "deleted": deleted.isoformat() if deleted else None}
