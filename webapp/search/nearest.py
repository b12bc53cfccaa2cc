"""The whole gallery by likeness to one picture: made by a worker when somebody looks, and kept for a while.

With it at hand the web server ranks any set of items, and pages as far as anybody likes, without comparing
a single vector. It costs 8 bytes an item.
"""

import time
from array import array
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from sys import byteorder
from typing import Any

from django.db import transaction
from django.utils import timezone

from webapp.batches.models import Query
from webapp.gallery.models import Item, ItemVector
from webapp.jobs.kinds import JobKind
from webapp.jobs.services import job_enqueue
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release
from webapp.search.models import Nearest

NEAREST_FIND = JobKind("nearest.find", queue="interactive")  # {"nearest": pk of Nearest}
WAIT_SECONDS = 0.25
"""So long an answer waits for a worker; asked again, it is there."""

_KEPT = 100
# Sooner, the job that was enqueued is still on its way.
_REQUEST_AGAIN = timedelta(seconds=5)
# A worker that is there and idle is done long before that.
_SILENT = timedelta(seconds=3)
_LOOK_EVERY = 0.01  # seconds


@dataclass(frozen=True)
class GalleryOrder:
    """items: ids, the most alike first. distances: cosine distance of each, in [0, 2], rising."""

    items: array
    distances: array

    def pairs(self) -> Iterator[tuple[int, float]]:
        """Each item with its distance, the most alike first."""
        return zip(self.items, self.distances, strict=True)


@dataclass(frozen=True)
class NearestAnswer:
    """order: None where there is none yet. silent: whether no worker has answered for some seconds."""

    order: GalleryOrder | None
    silent: bool = False


def nearest_to(source: Query | Item) -> NearestAnswer:
    """The gallery by likeness to ``source``; a worker makes it where there is none, or an older one.

    An older one serves while the newer is made. Where there is none, waits a moment for it.
    """
    release = live_release()
    if release is None:
        return NearestAnswer(None, silent=True)
    found = _found(source, release.model)
    if found is None or found < newest_vector(release.model):
        since = _request(source)
    until = time.monotonic() + WAIT_SECONDS
    while found is None and time.monotonic() < until:
        time.sleep(_LOOK_EVERY)
        found = _found(source, release.model)
    if found is None:
        return NearestAnswer(None, silent=timezone.now() - since > _SILENT)
    return NearestAnswer(_order(source))


def newest_vector(model: ModelVersion) -> int:
    """The highest id among the model's vectors; 0 where it has none."""
    newest = ItemVector.objects.filter(model=model).order_by("-pk").values_list("pk", flat=True)
    return newest.first() or 0


@transaction.atomic
def nearest_store(*, pk: int, model: ModelVersion, newest: int, items: bytes, distances: bytes) -> None:
    """Keep what a worker found, as in ``Nearest``, and drop what was made longest ago."""
    Nearest.objects.filter(pk=pk).update(
        model=model, newest=newest, items=items, distances=distances, made=timezone.now(), since=None
    )
    made = Nearest.objects.exclude(made=None)
    kept = list(made.order_by("-made").values_list("pk", flat=True)[:_KEPT])
    made.exclude(pk__in=kept).delete()


def _found(source: Query | Item, model: ModelVersion) -> int | None:
    """The newest vector that was compared with ``source``; None where none of the model was."""
    found = Nearest.objects.filter(**_of(source), model=model).exclude(made=None)
    return found.values_list("newest", flat=True).first()


def _order(source: Query | Item) -> GalleryOrder:
    found = Nearest.objects.filter(**_of(source)).values_list("items", "distances").first() or (b"", b"")
    items, distances = array("I", bytes(found[0])), array("f", bytes(found[1]))
    if byteorder == "big":
        items.byteswap()
        distances.byteswap()
    return GalleryOrder(items, distances)


@transaction.atomic
def _request(source: Query | Item) -> datetime:
    """Enqueue a job, unless that was done just now. Returns since when one was requested in vain."""
    now = timezone.now()
    row, _ = Nearest.objects.defer("items", "distances").get_or_create(**_of(source))
    if row.since is None:
        row.since = now
    if row.asked is None or now - row.asked > _REQUEST_AGAIN:
        Nearest.objects.filter(pk=row.pk).update(asked=now, since=row.since)
        payload = {"nearest": row.pk}
        job_enqueue(kind=NEAREST_FIND, payload=payload, subject="nearest")
    return row.since


def _of(source: Query | Item) -> dict[str, Any]:
    return {"query" if isinstance(source, Query) else "item": source}
