"""The whole gallery by likeness to one query or one item, for whoever looks beyond the five."""

import numpy as np

from common.errors import BadInput
from retrieval.rank import order_gallery
from webapp.batches.models import Query
from webapp.core.errors import StoreTrouble
from webapp.search.models import Nearest
from webapp.search.nearest import NEAREST_FIND, nearest_store
from workers.live.cache import all_vectors, live
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.batches.query_pictures import embed_queries, read_query, stored_vector


def nearest_find(payload: dict, progress: JobProgress) -> None:
    """Compare what ``payload["nearest"]`` asks for with every vector of the gallery, exactly."""
    row = Nearest.objects.defer("items", "distances").filter(pk=payload["nearest"]).first()
    if row is None:
        return  # what it was asked for is gone
    loaded, everything = live(), all_vectors()
    if row.query_id is not None:
        asking = query_vectors(loaded, Query.objects.get(pk=row.query_id))
    else:
        asking = everything.vectors[everything.items == row.item_id]  # one for each way in which it is read
    items, distances = order_gallery(everything.vectors, everything.items, asking)
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
        return stored_vector(query.vector)[None]
    try:
        return embed_queries(loaded, [read_query(query)])
    except (BadInput, StoreTrouble):
        return embed_queries(loaded, [])


JOB = JobHandler(
    kind=NEAREST_FIND,
    run=nearest_find,
    nobody_waits="whoever looks at the page enqueues it again after some seconds",
)
