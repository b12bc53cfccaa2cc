"""All that is written of blocks and of their scans' files."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from common.archives.refusals import Refusal
from common.file_types import Kind
from webapp.accounts.models import User
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.reading import scan_enqueue
from webapp.core.characters import character_checked
from webapp.core.errors import Conflict, Refused
from webapp.core.files.blobs import StoredBlob, blob_put
from webapp.core.files.uploads import ByteStream, Peeked, stored_name
from webapp.core.permissions import require_curator
from webapp.gallery.cut import items_bring_back, items_set_aside
from webapp.gallery.imports.intake import mesh_refusal
from webapp.gallery.models import Item
from webapp.gallery.services import item_set_character

TEXTS = (
    "name",
    "inventory_number",
    "title",
    "volume",
    "leaf",
    "material",
    "size",
    "condition",
    "note",
)
"""What people write of a block."""
MOST_SCAN_BYTES = 2 * 1024**3
_MOST_FIELDS = 100


def block_create(*, user: User, values: Mapping[str, Any]) -> Block:
    """A new block. values: texts by their names of ``TEXTS``, and "fields".

    Raises:
        PermissionDenied: unless ``user`` is a curator.
        Refused: a block without a name (no_name), or a text that is too long.
    """
    require_curator(user)
    block = Block(created_by=user)
    _set_values(block, values)
    block.save()
    return block


@transaction.atomic
def block_update(*, block: Block, user: User, values: Mapping[str, Any]) -> Block:
    """Keep what a curator wrote of a block; as ``block_create``."""
    require_curator(user)
    block = Block.objects.select_for_update().get(pk=block.pk)
    _set_values(block, values)
    block.save()
    return block


@transaction.atomic
def block_delete(*, block: Block, user: User) -> None:
    """Put a block into the trash; its characters are found no more until it is restored."""
    require_curator(user)
    Block.objects.filter(pk=block.pk, deleted_at=None).update(deleted_at=timezone.now())
    items_set_aside(pks=_items(block, scan__isnull=False))


@transaction.atomic
def block_restore(*, block: Block, user: User) -> None:
    """Take a block out of the trash."""
    require_curator(user)
    Block.objects.filter(pk=block.pk).update(deleted_at=None)
    items_bring_back(pks=_items(block, scan__isnull=False))


def scan_add(
    *, block: Block, user: User, name: str, stream: ByteStream, face: str = "", unit: str = ""
) -> Scan:
    """Store a scan's file, and have it read.

    Raises:
        PermissionDenied: unless ``user`` is a curator.
        Refused: the file is no mesh, or is here already; the face or the unit does not exist.
        TooLarge, DiskFull: as they say.
    """
    check_scan(user=user, block=block, face=face, unit=unit)
    name = stored_name(name)
    peeked = Peeked(stream)
    check_mesh(name, peeked)
    blob = blob_put(peeked, name=name, max_bytes=MOST_SCAN_BYTES)
    return scan_of_blob(block=block, user=user, name=name, blob=blob, face=face, unit=unit)


def check_scan(*, user: User, block: Block, face: str, unit: str) -> None:
    """Look whether a person may add such a scan to a block. Raises as ``scan_add``."""
    require_curator(user)
    if block.deleted_at:
        raise Conflict("the block is in the trash", hint="restore it first", code="gone", retryable=False)
    if face not in Scan.Face.values:
        raise Refused(f"{face!r} is not a face", hint="use recto or verso, or leave it out", code="bad_face")
    if unit and unit not in Scan.UNITS:
        raise Refused(f"{unit!r} is not a unit", hint=f"use one of {', '.join(Scan.UNITS)}", code="bad_unit")


def check_mesh(name: str, peeked: Peeked) -> None:
    """Raises Refused for a file that can hold no mesh, by its first bytes."""
    refusal = mesh_refusal(name, peeked.file_type, zips=False)
    found = peeked.file_type
    if refusal is None and found.can_be(Kind.ARCHIVE) and not found.can_be(Kind.MESH):
        refusal = Refusal("not_a_mesh", f"{name} is a zip; upload the scan itself")
    if refusal:
        raise Refused(refusal.reason, code=refusal.code)


@transaction.atomic
def scan_of_blob(
    *, block: Block, user: User, name: str, blob: StoredBlob, face: str = "", unit: str = ""
) -> Scan:
    """A scan whose file is in the store already; as ``scan_add``."""
    own = {"name": name, "face": face, "unit": unit, "created_by": user}
    there = Scan.objects.filter(sha256=blob.sha256, block__deleted_at=None).first()
    if there and there.block_id != block.pk:
        raise Refused(
            f"{name} is here already, as a scan of {there.block.name}",
            hint="open that block",
            code="duplicate",
        )
    scan, made = Scan.objects.get_or_create(block=block, sha256=blob.sha256, defaults=own)
    if made or scan.state == Scan.State.REFUSED:
        Scan.objects.filter(pk=scan.pk).update(**own)
        scan_enqueue(scan=scan)
    scan.refresh_from_db()
    return scan


@transaction.atomic
def scan_delete(*, scan: Scan, user: User) -> None:
    """Delete a scan with its places; their items stay in the gallery, set aside."""
    require_curator(user)
    items_set_aside(pks=_items(scan.block, scan=scan))
    scan.delete()


@transaction.atomic
def item_put(*, block: Block, item: Item, user: User, values: Mapping[str, Any] | None = None) -> Place:
    """Put an item of a single mesh into a block by hand.

    values: x_mm, y_mm, w_mm, h_mm, column and order of its place, where they are known.

    Raises:
        Conflict: item_placed, where it is on a block already.
    """
    require_curator(user)
    if Place.objects.filter(item=item).exclude(block=block, scan=None).exists():
        raise Conflict(
            f"{item.name} is on a block already",
            hint="take it out there",
            code="item_placed",
            retryable=False,
        )
    place, _ = Place.objects.update_or_create(
        item=item, defaults={"block": block, "set_by": user, **(values or {})}
    )
    return place


def item_take_out(*, place: Place, user: User) -> None:
    """Take an item that was put into a block by hand out of it."""
    require_curator(user)
    Place.objects.filter(pk=place.pk, scan=None).delete()


@transaction.atomic
def characters_set(*, scan: Scan, user: User, text: str) -> int:
    """Say which characters a scan's places hold: one of ``text`` for each, in reading order.

    Spaces and lines count for nothing; □ and 〓 stand for one that is not known. Returns how many were set.

    Raises:
        Refused: too_many_characters, where the text has more than there are places; what is no character.
    """
    require_curator(user)
    characters = _characters(text)
    places = scan.places.filter(deleted=None).select_related("item").order_by("order", "pk")
    items = [place.item for place in places]
    if len(characters) > len(items):
        raise Refused(
            f"the text has {len(characters)} characters, the face {len(items)}",
            hint="mend the boxes or the text first",
            code="too_many_characters",
        )
    pairs = [(item, one) for item, one in zip(items, characters, strict=False) if item and one]
    for item, character in pairs:
        item_set_character(item=item, character=character, user=user)
    return len(pairs)


def _characters(text: str) -> list[str]:
    """The characters of a text with the selectors that follow them; "" for one that is not known."""
    found: list[str] = []
    for one in "".join(text.split()):
        if found and ("\ufe00" <= one <= "\ufe0f" or "\U000e0100" <= one <= "\U000e01ef"):
            found[-1] += one
        else:
            found.append("" if one in "□〓" else one)
    return [character_checked(one) for one in found]


def _items(block: Block, **which: Any) -> list[int]:
    places = block.places.filter(deleted=None, item__isnull=False, **which)
    return list(places.values_list("item", flat=True))


def _set_values(block: Block, values: Mapping[str, Any]) -> None:
    for name in TEXTS:
        if name in values:
            text = str(values[name] or "").strip()
            limit = getattr(Block._meta.get_field(name), "max_length", None)
            if limit and len(text) > limit:
                raise Refused(f"{name} is longer than {limit} characters", code="too_long_text")
            setattr(block, name, text)
    if "fields" in values:
        pairs = list(dict(values["fields"]).items())[:_MOST_FIELDS]
        block.fields = {
            str(name).strip()[:200]: str(value).strip() for name, value in pairs if str(name).strip()
        }
    if not block.name:
        raise Refused("a block needs a name", hint="write its name or its number", code="no_name")
