"""Drawings of batches: every picture's place on a map, and which pictures are nearly the same."""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from common.publish import open_private, path_aside, publish_file
from retrieval.layout.maps import map_places, near_duplicates, sample, sample_groups
from webapp.batches.models import Query
from webapp.core.files.disk import full_disk_refused
from webapp.gallery.models import Item, ItemVector
from webapp.overview.maps.drawings import LOOSEST, MOST_QUERIES, batches_of, path_of
from webapp.overview.maps.services import DRAWING_MAKE, drawing_fail, drawing_finish
from webapp.overview.models import Drawing
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release
from webapp.search.models import Suggestion
from workers.errors import NoRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress

_MOST_ITEMS = 5_000
_IDS_AT_ONCE = 2_000

Report = Callable[[int, int], None]
_Row = tuple[int, bytes | memoryview | None]  # a vector by its id


@dataclass(frozen=True)
class Vectors:
    """queries, items: ids. vectors: (N, D) float32 of unit length, the queries' first.

    total: queries that there were, of which ``queries`` were picked.
    """

    queries: list[int]
    items: list[int]
    vectors: np.ndarray
    total: int = 0


def drawing_make(payload: dict, progress: JobProgress) -> None:
    """Make the drawing of ``payload["drawing"]``, from the live model's vectors. Harmless when done twice."""
    drawing = Drawing.objects.filter(pk=payload["drawing"], state=Drawing.State.WAITING).first()
    if drawing is None:
        return
    release = live_release()
    if release is None:
        raise NoRelease("there is no live release yet", hint="run manage.py setup")
    with_items = drawing.kind == Drawing.Kind.MAP
    found = read_batches(batches_of(drawing), release.model, with_items=with_items)
    make = draw_map if with_items else find_alike
    body = {"fingerprint": release.model.fingerprint, **make(found, progress.report)}
    _publish(drawing, body, found, progress)


def read_batches(batches: Sequence[int], model: ModelVersion, *, with_items: bool) -> Vectors:
    """The batches' vectors by the model; with those of the items suggested for them, for a map.

    A map is of 10,000 queries and 5,000 items at most, picked by lot.
    """
    rows = Query.objects.filter(batch__in=batches, state=Query.State.READY, vector_model=model)
    there = list(rows.exclude(vector=None).order_by("pk").values_list("pk", "batch"))
    picked = sample_groups(there, MOST_QUERIES) if with_items else [pk for pk, _ in there]
    queries = _vectors(picked, lambda some: Query.objects.filter(pk__in=some).values_list("pk", "vector"))
    items: dict[int, bytes] = {}
    if with_items:
        ready = ItemVector.objects.filter(model=model, item__state=Item.State.READY)
        vectors = ready.order_by("item", "mirrored").values_list("item", "vector")
        items = _vectors(_suggested(picked), lambda some: vectors.filter(item__in=some))
    data = b"".join((*queries.values(), *items.values()))
    stacked = np.frombuffer(data, "<f4").reshape(len(queries) + len(items), model.width)
    return Vectors(list(queries), list(items), stacked, len(there))


def _suggested(queries: Sequence[int]) -> list[int]:
    """Items suggested for the queries: 5,000 at most, picked by lot."""
    items: set[int] = set()
    for some in _slices(queries):
        items.update(Suggestion.objects.filter(query__in=some).values_list("item", flat=True))
    return sample(list(items), _MOST_ITEMS)


def _vectors(pks: Sequence[int], rows: Callable[[Sequence[int]], Iterable[_Row]]) -> dict[int, bytes]:
    """Vectors by their id, in the order of ``pks``; what is gone meanwhile is left out."""
    found: dict[int, bytes] = {}
    for some in _slices(pks):
        found |= {pk: bytes(vector) for pk, vector in rows(some) if vector is not None}
    return {pk: found[pk] for pk in pks if pk in found}


def _slices(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), _IDS_AT_ONCE):
        yield pks[start : start + _IDS_AT_ONCE]


def draw_map(found: Vectors, report: Report) -> dict:
    """Lay queries and items out on a plane. Returns their ids and places, whole numbers up to 10,000."""
    places = map_places(found.vectors, report).tolist()
    split = len(found.queries)
    return {
        "queries": {"ids": found.queries, "places": places[:split]},
        "items": {"ids": found.items, "places": places[split:]},
    }


def find_alike(found: Vectors, report: Report) -> dict:
    """Pairs of queries that are no farther from each other than ``LOOSEST``, each with its distance."""
    pairs = near_duplicates(found.vectors, LOOSEST, report)
    rows = [(found.queries[one], found.queries[other], round(far, 4)) for (one, other), far in pairs.items()]
    return {"pairs": sorted(map(list, rows))}


def _publish(drawing: Drawing, body: dict, found: Vectors, progress: JobProgress) -> None:
    path = path_of(drawing)
    with full_disk_refused("the drawing"), path_aside(path) as aside:
        with open_private(aside) as file:
            file.write(json.dumps(body, separators=(",", ":")).encode())
        with progress.writing():
            publish_file(aside, path)
            drawing_finish(
                drawing=drawing,
                fingerprint=body["fingerprint"],
                queries=len(found.queries),
                items=len(found.items),
                total=found.total,
            )


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    drawing_fail(pk=payload["drawing"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=DRAWING_MAKE, run=drawing_make, on_give_up=_on_give_up)
