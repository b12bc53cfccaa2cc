"""All that is ever written to the gallery."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from common.archives.refusals import Refusal
from webapp.accounts.models import User
from webapp.core.characters import character_checked, character_typed
from webapp.core.errors import Refused
from webapp.core.files.uploads import ByteStream, stored_name
from webapp.core.permissions import require_curator
from webapp.gallery.imports import intake
from webapp.gallery.models import Import, ImportArchive, ImportLeftOut, Item
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue, jobs_enqueue

ITEMS_PREPARE = JobKind("items.prepare", queue="batch")  # {"items": [pk]}
ITEMS_A_JOB = 16
# So many waiting items at once are done before anybody notices; more would keep queries waiting.
_AT_ONCE = 16
_ROWS_AT_ONCE = 1024


def import_create(*, owner: User, name: str) -> Import:
    """Begin an upload of meshes. Raises PermissionDenied unless ``owner`` is a curator."""
    require_curator(owner)
    return Import.objects.create(owner=owner, name=name[:200])


def import_add_file(*, upload: Import, name: str, stream: ByteStream) -> Item | ImportArchive | ImportLeftOut:
    """Take one file of an upload: a mesh becomes an item, a zip waits to be unpacked, the rest is left out.

    What it is, its content says. The same file of the same upload may come again. Items wait until
    ``items_enqueue`` or ``import_close``, zips are enqueued at once.

    name: path and file name as the person has it.
    """
    name = stored_name(name)
    found = intake.take(upload=upload, name=name, stream=stream)
    if isinstance(found, Refusal):
        return import_leave_out(upload=upload, name=name, code=found.code, reason=found.reason)
    return found


def import_leave_out(*, upload: Import, name: str, code: str, reason: str) -> ImportLeftOut:
    """Note an entry of an upload that became nothing, once however often it comes."""
    return ImportLeftOut.objects.get_or_create(
        upload=upload, name=name, code=code, defaults={"reason": reason}
    )[0]


def import_close(*, upload: Import) -> int:
    """Enqueue the work on all of an upload's items that no job has yet. Returns how many."""
    return items_enqueue(items=upload.items.all())


def items_enqueue(*, items: QuerySet[Item], notify: bool = True) -> int:
    """Enqueue those of the items that wait, and that no job has yet, some at a time. Returns how many.

    notify: False leaves it to the sweeper to notify workers, where the caller does the work as well.
    """
    count = 0
    while enqueued := _enqueue_some(items, notify):
        count += enqueued
    return count


def items_prepare_again(*, pks: list[int], upload: Import | None = None, notify: bool = True) -> None:
    """Have items prepared, whatever their state. upload: what they all came in, where they are new."""
    backlog = Item.objects.filter(state=Item.State.WAITING, queued=True)[: _AT_ONCE + 1].count()
    jobs_enqueue(
        kind=ITEMS_PREPARE,
        payloads=[{"items": pks[i : i + ITEMS_A_JOB]} for i in range(0, len(pks), ITEMS_A_JOB)],
        queue="interactive" if max(backlog, len(pks)) <= _AT_ONCE else "batch",
        subject=f"import:{upload.pk}" if upload else "items",
        owner=upload.owner_id if upload else None,
        notify=notify,
    )


def items_enqueue_forgotten(*, older_than_seconds: float = 60.0) -> int:
    """Enqueue items whose upload ended between their rows and their job. Returns how many."""
    before = timezone.now() - timedelta(seconds=older_than_seconds)
    return items_enqueue(items=Item.objects.filter(created__lt=before))


def items_reject(*, pks: Iterable[int], code: str, error: str, hint: str) -> int:
    """Refuse items that are still waiting. One that was ready stays: its older pictures still serve."""
    return Item.objects.filter(pk__in=list(pks), state=Item.State.WAITING).update(
        state=Item.State.REJECTED, error_code=code, error=error, hint=hint
    )


@transaction.atomic
def items_retry(*, pks: Iterable[int], notify: bool = True) -> int:
    """Try refused items again. Returns how many there were."""
    refused = Item.objects.filter(pk__in=list(pks), state=Item.State.REJECTED)
    again = list(refused.values_list("pk", flat=True))
    Item.objects.filter(pk__in=again).update(
        state=Item.State.WAITING, queued=False, error_code="", error="", hint=""
    )
    return items_enqueue(items=Item.objects.filter(pk__in=again), notify=notify)


def archive_unpacked(*, pk: int) -> None:
    """Every entry of a zip of meshes became what it is."""
    ImportArchive.objects.filter(pk=pk, state=ImportArchive.State.WAITING).update(
        state=ImportArchive.State.READY
    )


def archive_reject(*, pk: int, code: str, error: str, hint: str) -> None:
    """Refuse a zip of meshes that is still waiting."""
    ImportArchive.objects.filter(pk=pk, state=ImportArchive.State.WAITING).update(
        state=ImportArchive.State.REJECTED, error_code=code, error=error, hint=hint
    )


@transaction.atomic
def item_set_handedness(*, item: Item, handedness: str, user: User) -> Item:
    """Say how the scan lies; its pictures and its vector are made anew.

    Raises PermissionDenied for all but curators, Refused for an item that was refused.
    """
    require_curator(user)
    if handedness not in Item.Handedness.values:
        raise Refused(
            f"{handedness!r} is not a handedness", hint="use mirrored or direct", code="bad_handedness"
        )
    item = _locked_unless_rejected(item)
    if (item.handedness, item.handedness_by) != (handedness, Item.Judge.PERSON):
        item.handedness, item.handedness_by = handedness, Item.Judge.PERSON
        _prepare_anew(item, "handedness", "handedness_by")
    return item


@transaction.atomic
def item_set_turn(*, item: Item, turn: int, user: User) -> Item:
    """Say by how many degrees counterclockwise the scan is to be turned to stand upright; its pictures and
    its vector are made anew.

    Raises PermissionDenied for all but curators, Refused for an item that was refused.
    """
    require_curator(user)
    if turn not in Item.Turn.values:
        raise Refused(f"{turn!r} is not a quarter turn", hint="use 0, 90, 180 or 270", code="bad_turn")
    item = _locked_unless_rejected(item)
    if (item.turn, item.turn_by) != (turn, Item.Judge.PERSON):
        item.turn, item.turn_by = turn, Item.Judge.PERSON
        _prepare_anew(item, "turn", "turn_by")
    return item


def item_set_character(*, item: Item, character: str, user: User) -> Item:
    """Say which character the item is, exactly as given; an empty one says that it is not known.

    character: itself, or its codepoints as U+583D. Raises PermissionDenied for all but curators, Refused
    for what is not one character.
    """
    require_curator(user)
    item.character = character_checked(character_typed(character))
    item.save(update_fields=["character"])
    return item


def _locked_unless_rejected(item: Item) -> Item:
    item = Item.objects.select_for_update().get(pk=item.pk)
    if item.state == Item.State.REJECTED:
        raise Refused(f"{item.name} was rejected: {item.error}", hint=item.hint, code="item_refused")
    return item


def _prepare_anew(item: Item, *changed: str) -> None:
    # Until they are made anew, the pictures are of no recipe, so that no browser keeps them.
    item.prepared_with = ""
    item.save(update_fields=[*changed, "prepared_with"])
    if item.state == Item.State.READY:
        job_enqueue(kind=ITEMS_PREPARE, payload={"items": [item.pk]}, queue="interactive", subject="items")


@transaction.atomic
def _enqueue_some(items: QuerySet[Item], notify: bool) -> int:
    waiting = items.select_for_update().filter(state=Item.State.WAITING, queued=False)
    found = list(waiting.order_by("pk").values_list("pk", "upload")[:_ROWS_AT_ONCE])
    Item.objects.filter(pk__in=[pk for pk, _ in found]).update(queued=True)
    uploads = Import.objects.in_bulk({upload for _, upload in found if upload})
    for came_in in dict.fromkeys(upload for _, upload in found):
        pks = [pk for pk, upload in found if upload == came_in]
        items_prepare_again(pks=pks, upload=uploads.get(came_in), notify=notify)
    return len(found)
