"""Edits of a page's boxes by people: saved at once, merged by box, undone and done again."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from webapp.batches.finished import batches_check_ready
from webapp.batches.models import Query
from webapp.core.errors import Conflict
from webapp.pages.boxes.crops import crops_enqueue
from webapp.pages.boxes.geometry import Rect, iou
from webapp.pages.boxes.operations import FIELDS, EditedPage, Operation, rect_of
from webapp.pages.models import Box, Edit, Page

_STAYS = 0.5
"""An answer stands without a question while the box covers so much of where it was (over their union)."""
_PLACE = ("x", "y", "w", "h")


class EditedMeanwhile(Conflict):
    """Somebody else edited the very boxes since the page was shown. boxes: as they are now."""

    code = "edited_meanwhile"
    retryable = False

    def __init__(self, boxes: list[Box]) -> None:
        super().__init__(
            "somebody else edited this box meanwhile", hint="look at it, then edit it again if need be"
        )
        self.boxes = boxes


@dataclass(frozen=True)
class Edited:
    """What came of an edit. page: with its new version. boxes: those that changed, deleted ones too.

    edit: to be named where it is undone; None where nothing changed. returned: queries of boxes that are
    characters again, whose answers count again.
    """

    page: Page
    boxes: list[Box] = field(default_factory=list)
    edit: Edit | None = None
    returned: list[int] = field(default_factory=list)


@transaction.atomic
def page_edit(
    *, page: Page, person, version: int, operations: Sequence[Operation], key: UUID | None = None
) -> Edited:
    """Do operations to a page's boxes, all or none. What was undone before cannot be done again afterwards.

    version: of the page that the person saw. What others did to other boxes since is merged.
    key: of what the person sent; the edit that came with it before stands for this one.

    Raises:
        EditedMeanwhile: somebody else edited one of the very boxes since.
        Conflict: page_not_ready, box_gone.
        Refused: what an operation cannot do.
    """
    editing = _editing(page)
    if before := edit_sent(page=page, person=person, key=key):
        touched = {entry["box"] for entry in before.forward}
        return Edited(editing.page, [box for box in editing.rows if box.pk in touched], before)
    named = [pk for operation in operations for pk in operation.boxes]
    _check_meanwhile(editing, named, version, person)
    for operation in operations:
        editing.apply(operation)
    changed = editing.changed()
    if not changed:
        return Edited(editing.page)
    edit = edit_begin(page=editing.page, person=person, key=key)
    return _done(editing, changed, edit)


def edit_sent(*, page: Page, person, key: UUID | None) -> Edit | None:
    """The edit that came with this key before."""
    return Edit.objects.filter(page=page, person=person, key=key).first() if key else None


def edit_begin(*, page: Page, person, key: UUID | None = None) -> Edit:
    """An edit in which nothing has been done yet, in its place among the person's edits of the page.

    What was undone before cannot be done again.
    """
    Edit.objects.filter(page=page, person=person, undone=True).delete()
    return Edit.objects.create(
        page=page, person=person, version=page.version, key=key, forward=[], inverse=[]
    )


@transaction.atomic
def edit_complete(*, edit: int, version: int, operations: Sequence[Operation]) -> Edited | None:
    """Do a worker's part of a person's edit. None where the edit was undone meanwhile, or forgotten.

    version: of the page that the worker was asked for. Boxes that were edited since stay as they are.

    Raises:
        Conflict: page_not_ready, box_gone.
    """
    found = Edit.objects.select_related("page", "person").filter(pk=edit, undone=False).first()
    if found is None:
        return None
    editing = _editing(found.page)
    if not Edit.objects.filter(pk=edit, undone=False).exists():
        return None  # it was undone before the page was locked
    as_they_were = {box.pk for box in editing.rows if box.version <= version}
    for operation in operations:
        if as_they_were.issuperset(operation.boxes):
            editing.apply(operation)
    changed = editing.changed()
    return _done(editing, changed, found) if changed else None


def page_undo(*, page: Page, person, edit: int | None = None, version: int = 0) -> Edited:
    """Take an edit of the person's back; nothing happens where there is none.

    edit: which one; the last one where None. Named twice, it is taken back once.
    version: of the page that the person saw, where they have looked at what others did since the edit.

    Raises:
        EditedMeanwhile: somebody else edited one of its boxes since.
    """
    return _again(page, person, edit, version, undone=False)


def page_redo(*, page: Page, person, edit: int | None = None, version: int = 0) -> Edited:
    """Do an edit again that the person undid; nothing happens where there is none.

    edit: which one; the one undone last where None. version: as of ``page_undo``.

    Raises:
        EditedMeanwhile: somebody else edited one of its boxes since.
    """
    return _again(page, person, edit, version, undone=True)


@transaction.atomic
def _again(page: Page, person, named: int | None, version: int, *, undone: bool) -> Edited:
    editing = _editing(page)
    edit = _edit_of(page, person, named, undone)
    if edit is None:
        return Edited(editing.page)
    if edit.undone != undone:  # sent a second time
        touched = {entry["box"] for entry in edit.inverse}
        return Edited(editing.page, [box for box in editing.rows if box.pk in touched], edit)
    entries = edit.forward if undone else edit.inverse
    _check_meanwhile(editing, [entry["box"] for entry in entries], max(edit.version, version), person)
    for entry in entries:
        editing.set_values(entry)
    changed = editing.changed()
    returned = _write(editing, changed, person)
    edit.undone, edit.version = not undone, editing.page.version
    edit.save(update_fields=["undone", "version"])
    return Edited(editing.page, changed, edit, returned)


def _edit_of(page: Page, person, named: int | None, undone: bool) -> Edit | None:
    """The edit to be undone, or done again."""
    own = Edit.objects.filter(page=page, person=person)
    if named is not None:
        return own.filter(pk=named).first()
    return own.filter(undone=undone).order_by("pk" if undone else "-pk").first()


def _done(editing: EditedPage, changed: list[Box], edit: Edit) -> Edited:
    """Store changed boxes, and what they were and became in their edit, beside what is in it already."""
    old = [(box, editing.before(box)) for box in changed]
    returned = _write(editing, changed, edit.person)
    forward = {entry["box"]: entry for entry in edit.forward}
    inverse = {entry["box"]: entry for entry in edit.inverse}
    for box, values in old:
        forward[box.pk] = _entry(box, {name: getattr(box, name) for name in values})
        inverse.setdefault(box.pk, _entry(box, values))
    edit.version, edit.forward, edit.inverse = editing.page.version, [*forward.values()], [*inverse.values()]
    edit.save(update_fields=["version", "forward", "inverse"])
    return Edited(editing.page, changed, edit, returned)


def _editing(page: Page) -> EditedPage:
    """The page's boxes, locked until the transaction ends."""
    locked = Page.objects.select_for_update().select_related("document").get(pk=page.pk)
    if locked.state != Page.State.READY:
        raise Conflict("the page has not been read yet", hint="wait a moment", code="page_not_ready")
    return EditedPage(locked, Box.objects.filter(page=locked), timezone.now())


def _check_meanwhile(editing: EditedPage, pks: Iterable[int], version: int, person) -> None:
    named = set(pks)
    others = [
        box
        for box in editing.rows
        if box.pk in named and box.version > version and box.edited_by_id not in (None, person.pk)
    ]
    if others:
        raise EditedMeanwhile(others)


def _write(editing: EditedPage, changed: list[Box], person) -> list[int]:
    """Store changed boxes under the page's next version. Returns the queries that count again."""
    page = editing.page
    page.version += 1
    page.save(update_fields=["version"])
    for box in changed:
        box.version, box.edited_by = page.version, person
    moved = [box for box in changed if box.pk is None or _has_moved(editing, box)]
    for box in moved:
        box.stale = True
    _flag_moved(editing, [box for box in moved if box.query_id])
    names = {name for box in changed if box.pk for name in FIELDS if _differs(editing, box, name)}
    old, new = [box for box in changed if box.pk], [box for box in changed if box.pk is None]
    shown = [(box, _is_character(editing.before(box)), _is_character(vars(box))) for box in old]
    Box.objects.bulk_update(
        old, sorted(names | {"version", "edited_by", "stale", "moved", "moved_from"}), batch_size=200
    )
    Box.objects.bulk_create(new)
    crops_enqueue(page=page, boxes=[box for box in changed if box.stale], soon=True)
    return _follow(page, shown)


def _follow(page: Page, shown: list[tuple[Box, bool, bool]]) -> list[int]:
    """Let the queries of boxes come and go with them. Returns those that come back."""
    gone = [box.query_id for box, before, now in shown if before and not now and box.query_id]
    back = [box.query_id for box, before, now in shown if now and not before and box.query_id]
    if gone or back:
        Query.everything.filter(pk__in=gone).update(in_trash=True)
        Query.everything.filter(pk__in=back).update(in_trash=False)
        batches_check_ready(batches=[page.document.batch_id])
    return back


def _flag_moved(editing: EditedPage, boxes: list[Box]) -> None:
    """Flag boxes that no longer cover what their answer was given to."""
    rows = Query.everything.filter(box__in=boxes, decisions__isnull=False)
    answered = dict(rows.order_by().values_list("pk").annotate(Max("decisions__created")))
    for box in boxes:
        last = answered.get(box.query_id)
        if last is None:
            box.moved, box.moved_from = False, None
            continue
        if box.moved_from is None or datetime.fromisoformat(box.moved_from["at"]) < last:
            was = editing.before(box)
            box.moved_from = {name: was[name] for name in _PLACE} | {"at": editing.now.isoformat()}
        box.moved = iou(rect_of(box), Rect(*(box.moved_from[name] for name in _PLACE))) < _STAYS


def _has_moved(editing: EditedPage, box: Box) -> bool:
    return any(_differs(editing, box, name) for name in _PLACE)


def _differs(editing: EditedPage, box: Box, name: str) -> bool:
    return editing.before(box)[name] != getattr(box, name)


def _is_character(values: dict) -> bool:
    return not values["deleted"] and not values["not_character"]


def _entry(box: Box, values: dict) -> dict:
    deleted = values["deleted"]
    return {"box": box.pk, **values, "deleted": deleted.isoformat() if deleted else None}
