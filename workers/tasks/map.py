"""Drawings of a batch: every picture's place on a map, and which pictures are nearly the same."""

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from retrieval.index import ExactIndex
from webapp.batches.models import Query
from webapp.core.aside import written_aside
from webapp.gallery.models import Item, ItemVector
from webapp.overview.drawings import LOOSEST, drawing_path
from webapp.overview.models import Drawing
from webapp.overview.services import drawing_finish
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release
from workers.errors import NoRelease
from workers.runner import Progress

_SEED = 7
_NEIGHBOURS, _ALIKE = 15, 33
_APART = 0.3  # of UMAP's unit: points of one cluster can still be told from each other
_SPREAD = 10_000  # the map's side, in the file's whole numbers
_MOST_ITEMS = 5_000
_AT_ONCE = 512

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Vectors:
    """queries, items: ids. vectors: (N, D) float32 of unit length, the queries' first."""

    queries: list[int]
    items: list[int]
    vectors: np.ndarray


def drawing_make(payload: dict, progress: Progress) -> None:
    """Make the drawing of ``payload["drawing"]``, from the live model's vectors. Harmless when done twice."""
    drawing = Drawing.objects.filter(pk=payload["drawing"], state=Drawing.State.WAITING).first()
    if drawing is None:
        return
    release = live_release()
    if release is None:
        raise NoRelease("there is no live release yet", hint="run manage.py setup")
    with_items = drawing.kind == Drawing.Kind.MAP
    found = read_batch(drawing.batch_id, release.model, with_items=with_items)
    make = draw_map if with_items else find_alike
    body = {"fingerprint": release.model.fingerprint, **make(found, progress.report)}
    _publish(drawing, body, found, progress)


def read_batch(batch: int, model: ModelVersion, *, with_items: bool) -> Vectors:
    """The batch's vectors by the model, and those of the items that were suggested for it: 5,000 at most."""
    rows = Query.objects.filter(batch=batch, state=Query.State.READY, vector_model=model)
    queries = dict(rows.exclude(vector=None).order_by("pk").values_list("pk", "vector"))
    items: dict[int, bytes] = {}
    if with_items:
        wanted = Item.objects.filter(suggestion__query__batch=batch, state=Item.State.READY).distinct()
        vectors = ItemVector.objects.filter(model=model, item__in=wanted).order_by("item", "mirrored")
        items = dict(vectors.values_list("item", "vector")[:_MOST_ITEMS])
    data = b"".join(bytes(vector) for vector in (*queries.values(), *items.values()))
    vectors = np.frombuffer(data, "<f4").reshape(len(queries) + len(items), model.width)
    return Vectors(list(queries), list(items), vectors)


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
    """(N, D) unit vectors to (N, 2) places: UMAP (McInnes, Healy and Melville, 2018), always with one seed.

    Few points have no neighbourhoods worth the name: those are laid along their two main directions.
    """
    if len(vectors) <= 2 * _NEIGHBOURS:
        return main_directions(vectors)
    ids, distances = neighbours(vectors, _NEIGHBOURS, report)
    # Only here, and once the exact neighbours are known: it takes seconds to load, and 300 MB.
    from umap import UMAP

    plane = UMAP(
        n_neighbors=_NEIGHBOURS,
        min_dist=_APART,
        metric="cosine",
        init="pca",
        random_state=_SEED,
        n_jobs=1,
        precomputed_knn=(ids.astype(np.int32), distances),
        force_approximation_algorithm=True,  # else it finds the neighbours of few points once more
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that new points could not be added, which nobody will
        return plane.fit_transform(vectors)


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
    path = drawing_path(drawing.batch_id, drawing.kind)
    with written_aside(path, what="the drawing") as (file, publish):
        file.write(json.dumps(body, separators=(",", ":")).encode())
        with progress.writing():
            publish()
            drawing_finish(
                drawing=drawing,
                fingerprint=body["fingerprint"],
                queries=len(found.queries),
                items=len(found.items),
            )
