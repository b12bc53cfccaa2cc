"""What a worker found out about items, written to their rows."""

import math
import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction

from webapp.gallery.models import Item, ItemVector
from webapp.registry.models import ModelVersion

_SAME_DISTANCE = 1e-3


@dataclass(frozen=True)
class ItemReading:
    """One way of reading an item. turn, vector: as in ``ItemVector``."""

    mirrored: bool
    vector: bytes
    turn: int = 0


@dataclass(frozen=True)
class PreparedItem:
    """What was found out about an item; as in ``Item``.

    seen: how it lay, and who had said so, before the worker began: see ``item_lie``.
    """

    seen: tuple[str, str, int, str]
    handedness: str
    mirrored_probability: float
    turn: int
    upright_probability: float
    format: str
    faces: int
    tilt_degrees: float
    units_per_pixel: float
    repairs: Sequence[str]
    prepared_with: str


def item_lie(item: Item) -> tuple[str, str, int, str]:
    """How an item lies: its handedness and its turn, each with who says so."""
    return item.handedness, item.handedness_by, item.turn, item.turn_by


@transaction.atomic
def item_prepared(
    *, pk: int, model: ModelVersion, facts: PreparedItem, readings: Sequence[ItemReading]
) -> bool:
    """Make an item ready, or ready anew.

    Returns False, and writes nothing, where the item is gone, or where a person said meanwhile how it lies:
    the job that this asked for will do it.
    """
    item = Item.objects.select_for_update().filter(pk=pk).first()
    if item is None or item_lie(item) != facts.seen:
        return False
    item.state = Item.State.READY
    item.error_code = item.error = item.hint = ""
    item.handedness, item.mirrored_probability = facts.handedness, facts.mirrored_probability
    item.turn, item.upright_probability = facts.turn, facts.upright_probability
    item.format, item.faces, item.repairs = facts.format, facts.faces, list(facts.repairs)
    item.tilt_degrees, item.units_per_pixel = facts.tilt_degrees, facts.units_per_pixel
    item.prepared_with = facts.prepared_with
    item.save()
    readings_replace(item=item, model=model, readings=readings)
    return True


@transaction.atomic
def readings_replace(*, item: Item, model: ModelVersion, readings: Sequence[ItemReading]) -> None:
    """Let an item be found by these vectors of a model alone.

    A vector that changed gets a new id, so that an index built with the older one is not believed. Ids
    rise in the order in which they are committed: one writer at a time, or a reader that asks for
    everything after the newest id it knows would miss a vector for good.
    """
    ModelVersion.objects.select_for_update(no_key=True).get(pk=model.pk)
    found = list(item.vectors.filter(model=model))
    kept = [row for row in found if any(_is_same(row, reading) for reading in readings)]
    item.vectors.filter(pk__in=[row.pk for row in found if row not in kept]).delete()
    ItemVector.objects.bulk_create(
        _row(item, model, reading)
        for reading in sorted(readings, key=_place)
        if not any(_is_same(row, reading) for row in kept)
    )


@transaction.atomic
def readings_add(*, model: ModelVersion, readings: Mapping[Item, Sequence[ItemReading]]) -> int:
    """Let many items be found by a model's vectors, those among them that have none of it yet.

    Ids rise in the order in which they are committed, as in ``readings_replace``. Returns for how many.
    """
    ModelVersion.objects.select_for_update(no_key=True).get(pk=model.pk)
    found = ItemVector.objects.filter(model=model, item__in=list(readings)).values_list("item", flat=True)
    there = set(Item.objects.filter(pk__in=[item.pk for item in readings]).values_list("pk", flat=True))
    wanted = [item for item in readings if item.pk in there - set(found)]
    ItemVector.objects.bulk_create(
        _row(item, model, reading) for item in wanted for reading in sorted(readings[item], key=_place)
    )
    return len(wanted)


def _row(item: Item, model: ModelVersion, reading: ItemReading) -> ItemVector:
    return ItemVector(
        item=item, model=model, mirrored=reading.mirrored, turn=reading.turn, vector=reading.vector
    )


def _place(reading: ItemReading) -> tuple[int, bool]:
    return reading.turn, reading.mirrored


def _is_same(row: ItemVector, reading: ItemReading) -> bool:
    """Whether they differ by no more than sums of floats do when they are added up in another order."""
    if (row.turn, row.mirrored) != _place(reading) or len(row.vector) != len(reading.vector):
        return False
    return math.dist(_numbers(row.vector), _numbers(reading.vector)) < _SAME_DISTANCE


def _numbers(vector: bytes | memoryview) -> tuple[float, ...]:
    return struct.unpack(f"<{len(vector) // 4}f", bytes(vector))


@transaction.atomic
def item_refuse(*, pk: int, code: str, error: str, hint: str) -> None:
    """Refuse an item whose file cannot be used, even one that an earlier version had made ready."""
    Item.objects.filter(pk=pk).update(
        state=Item.State.REJECTED, error_code=code[:40], error=error, hint=hint, prepared_with=""
    )
    ItemVector.objects.filter(item=pk).delete()
