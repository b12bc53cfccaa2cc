"""Items whose mesh was cut out of the scan of something larger: how they come, change, and go."""

from collections.abc import Iterable

from django.db import transaction

from webapp.gallery.models import Item, ItemVector
from webapp.gallery.services import items_enqueue

SET_ASIDE = "place_deleted"


@transaction.atomic
def item_cut(*, item: Item | None, name: str, sha256: str, mirrored: bool) -> Item:
    """Let a mesh that was cut out be an item, upright as it is: a new one, or ``item`` with another mesh.

    Its pictures and vectors are made by a job that ``items_enqueue`` writes. The same mesh is one item.

    sha256: of the mesh in the store. mirrored: how it was carved, as all of its block's characters say.
    """
    item = item or Item(upload=None)
    if item.sha256 == sha256:
        return item
    item.name, item.sha256 = name, sha256
    item.handedness = Item.Handedness.MIRRORED if mirrored else Item.Handedness.DIRECT
    item.turn = Item.Turn.NONE
    item.handedness_by = item.turn_by = Item.Judge.BLOCK
    _wait(item)
    item.save()
    return item


def items_set_aside(*, pks: Iterable[int]) -> None:
    """Take items out of the search whose place on a block was deleted; answers that name them stay."""
    pks = list(pks)
    Item.objects.filter(pk__in=pks).update(
        state=Item.State.REJECTED,
        error_code=SET_ASIDE,
        error="its box on the block was deleted",
        hint="bring the box back on the block's page",
    )
    ItemVector.objects.filter(item__in=pks).delete()


@transaction.atomic
def items_bring_back(*, pks: Iterable[int]) -> None:
    """Take items into the search again that were set aside."""
    back = Item.objects.filter(pk__in=list(pks), error_code=SET_ASIDE)
    pks = list(back.values_list("pk", flat=True))
    back.update(state=Item.State.WAITING, queued=False, prepared_with="", **Item.NO_ERROR)
    items_enqueue(items=Item.objects.filter(pk__in=pks))


def _wait(item: Item) -> None:
    item.state, item.queued, item.prepared_with = Item.State.WAITING, False, ""
    item.error_code = item.error = item.hint = ""
