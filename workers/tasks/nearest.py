"""The whole gallery by likeness to one query or one item, for whoever looks beyond the five."""

import numpy as np

from retrieval.errors import BadInput
from webapp.batches.models import Query
from webapp.search.models import Nearest
from webapp.search.nearest import nearest_store
from workers.live.cache import all_vectors, live
from workers.live.release import LiveRelease
from workers.live.vectors import AllVectors
from workers.runtime.runner import Progress
from workers.tasks.embed import embed_queries, read_query, stored_vector


def nearest_find(payload: dict, progress: Progress) -> None:
    """Compare what ``payload["nearest"]`` asks for with every vector of the gallery, exactly."""
    row = Nearest.objects.defer("items", "distances").filter(pk=payload["nearest"]).first()
    if row is None:
        return  # what it was asked for is gone
    loaded, everything = live(), all_vectors()
    if row.query_id is not None:
        asking = query_vectors(loaded, Query.objects.get(pk=row.query_id))
    else:
        asking = everything.vectors[everything.items == row.item_id]  # one for each way in which it is read
    items, distances = in_order(everything, asking)
    with progress.writing():
        nearest_store(
            pk=row.pk,
            model=loaded.release.model,
            newest=everything.newest,
            items=items.astype("<u4").tobytes(),
            distances=distances.astype("<f4").tobytes(),
        )


def query_vectors(loaded: LiveRelease, query: Query) -> np.ndarray:
    """(1, D) float32 of the live model; (0, D) where the stored one is another's, and the picture is gone."""
    if query.vector and query.vector_model_id == loaded.release.model_id:
        return stored_vector(query)[None]
    try:
        return embed_queries(loaded, [read_query(query)])
    except BadInput:
        return embed_queries(loaded, [])


def in_order(everything: AllVectors, asking: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Items and their distances, the most alike first, each item by its nearest pair of readings.

    asking: (R, D) float32. Returns (M,) int64 items and (M,) float32 distances in [0, 2], M = 0 where
    there is nothing to compare.
    """
    if not len(asking) or not len(everything.items):
        return np.zeros(0, np.int64), np.zeros(0, np.float32)
    distances = np.clip(1.0 - (everything.vectors @ asking.T).max(axis=1), 0.0, 2.0)
    order = np.lexsort((everything.items, distances))
    items = everything.items[order]
    firsts = np.sort(np.unique(items, return_index=True)[1])
    return items[firsts], distances[order][firsts].astype(np.float32)
