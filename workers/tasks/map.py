"""Drawings of batches: every picture's place on a map, and which pictures are nearly the same."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from common.publish import open_private, path_aside, publish_file
from retrieval.index import ExactIndex
from webapp.batches.models import Query
from webapp.core.disk import full_disk_refused
from webapp.gallery.models import Item, ItemVector
from webapp.overview.maps.drawings import LOOSEST, MOST_QUERIES, batches_of, path_of
from webapp.overview.maps.services import drawing_finish
from webapp.overview.models import Drawing
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release
from webapp.search.models import Suggestion
from workers.errors import NoRelease
from workers.plane import plane
from workers.runtime.runner import Progress

_SEED = 7
_NEIGHBOURS, _ALIKE = 15, 33
_APART = 0.3  # of UMAP's unit: points of one cluster can still be told from each other
_SPREAD = 10_000  # the map's side, in the file's whole numbers
_MOST_ITEMS = 5_000
_AT_ONCE = 512
_IDS_AT_ONCE = 2_000

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Vectors:
    """queries, items: ids. vectors: (N, D) float32 of unit length, the queries' first.

    total: queries that there were, of which ``queries`` were picked.
    """

    queries: list[int]
    items: list[int]
    vectors: np.ndarray
    total: int = 0


def drawing_make(payload: dict, progress: Progress) -> None:
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
    picked = fair_share(there, MOST_QUERIES) if with_items else [pk for pk, _ in there]
    queries = _vectors(picked, lambda some: Query.objects.filter(pk__in=some).values_list("pk", "vector"))
    items: dict[int, bytes] = {}
    if with_items:
        vectors = ItemVector.objects.filter(model=model, item__state=Item.State.READY)
        vectors = vectors.order_by("item", "mirrored").values_list("item", "vector")
        items = _vectors(_suggested(picked), lambda some: vectors.filter(item__in=some))
    data = b"".join(bytes(vector) for vector in (*queries.values(), *items.values()))
    stacked = np.frombuffer(data, "<f4").reshape(len(queries) + len(items), model.width)
    return Vectors(list(queries), list(items), stacked, len(there))


def fair_share(there: Sequence[tuple[int, int]], most: int) -> list[int]:
    """At most so many of (query, batch): of each batch in proportion, and some of every one. Sorted ids.

    Half of the places are shared out evenly, as far as a batch has so many; the rest goes by size.
    """
    if len(there) <= most:
        return [pk for pk, _ in there]
    of: dict[int, list[int]] = {}
    for pk, batch in there:
        of.setdefault(batch, []).append(pk)
    even = most // (2 * len(of))
    least = {batch: min(len(pks), even) for batch, pks in of.items()}
    rest, left = most - sum(least.values()), len(there) - sum(least.values())
    lot = np.random.default_rng(_SEED)
    picked = []
    for batch, pks in of.items():
        count = least[batch] + rest * (len(pks) - least[batch]) // left
        picked += lot.choice(pks, count, replace=False).tolist()
    return sorted(picked)


def _suggested(queries: Sequence[int]) -> list[int]:
    """Items suggested for the queries: 5,000 at most, picked by lot."""
    items: set[int] = set()
    for some in _slices(queries):
        items.update(Suggestion.objects.filter(query__in=some).values_list("item", flat=True))
    if len(items) <= _MOST_ITEMS:
        return sorted(items)
    lot = np.random.default_rng(_SEED)
    return sorted(lot.choice(sorted(items), _MOST_ITEMS, replace=False).tolist())


def _vectors(pks: Sequence[int], rows: Callable[[Sequence[int]], object]) -> dict[int, bytes]:
    """Vectors by their id, in the order of ``pks``; what is gone meanwhile is left out."""
    found: dict[int, bytes] = {}
    for some in _slices(pks):
        found |= dict(rows(some))
    return {pk: found[pk] for pk in pks if pk in found}


def _slices(pks: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(pks), _IDS_AT_ONCE):
        yield pks[start : start + _IDS_AT_ONCE]


def draw_map(found: Vectors, report: Report) -> dict:
    """Lay queries and items out on a plane. Returns their ids and places, whole numbers up to 10,000."""
    places = lay_out(found.vectors, report)
    whole = _whole_numbers(places)
    split = len(found.queries)
    return {
        "queries": {"ids": found.queries, "places": whole[:split].tolist()},
        "items": {"ids": found.items, "places": whole[split:].tolist()},
    }


def _whole_numbers(places: np.ndarray) -> np.ndarray:
    """(N, 2) places to whole numbers from 0 to 10,000, both directions to one scale."""
    if not len(places):
        return np.zeros((0, 2), int)
    low = places.min(axis=0)
    size = max(1e-9, float((places.max(axis=0) - low).max()))
    return np.rint((places - low) / size * _SPREAD).astype(int)


def find_alike(found: Vectors, report: Report) -> dict:
    """Pairs of queries that are no farther from each other than ``LOOSEST``, each with its distance."""
    ids, distances = neighbours(found.vectors, min(_ALIKE, len(found.vectors)), report)
    pairs = {}
    for row, column in zip(*np.nonzero((distances <= LOOSEST) & (ids >= 0)), strict=True):
        one, other = sorted((found.queries[row], found.queries[ids[row, column]]))
        if one != other:
            pairs[one, other] = round(float(distances[row, column]), 4)
    return {"pairs": [[one, other, distance] for (one, other), distance in sorted(pairs.items())]}


def lay_out(vectors: np.ndarray, report: Report) -> np.ndarray:
    """(N, D) unit vectors to (N, 2) places by UMAP, in a process of its own.

    Few points have no neighbourhoods worth the name: those are laid along their two main directions.
    """
    if len(vectors) <= 2 * _NEIGHBOURS:
        return main_directions(vectors)
    ids, distances = neighbours(vectors, _NEIGHBOURS, report)
    known = len(vectors)
    return plane(vectors, ids, distances, apart=_APART, seed=_SEED, waiting=lambda: report(known, 2 * known))


def main_directions(vectors: np.ndarray) -> np.ndarray:
    """(N, D) to (N, 2): the two directions in which they differ most; 0 for what is not there."""
    places = np.zeros((len(vectors), 2), np.float32)
    if len(vectors) > 1:
        left, size, _ = np.linalg.svd(vectors - vectors.mean(axis=0), full_matrices=False)
        found = (left * size)[:, :2]
        places[:, : found.shape[1]] = found
    return places


def neighbours(vectors: np.ndarray, k: int, report: Report) -> tuple[np.ndarray, np.ndarray]:
    """The k nearest of each vector by exact search, itself first: (N, k) positions and distances."""
    index = ExactIndex(vectors)
    ids = np.empty((len(vectors), k), np.int64)
    distances = np.empty((len(vectors), k), np.float32)
    for start in range(0, len(vectors), _AT_ONCE):
        rows = slice(start, start + _AT_ONCE)
        hits = index.search(vectors[rows], k)
        ids[rows], distances[rows] = hits.ids, hits.distances
        # As many steps again are kept for what comes after, of which nobody knows how far it is.
        report(min(len(vectors), start + _AT_ONCE), 2 * len(vectors))
    return ids, distances


def _publish(drawing: Drawing, body: dict, found: Vectors, progress: Progress) -> None:
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
