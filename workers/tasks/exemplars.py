"""What follows from answers in the background: open queries hear of them, and new models learn them."""

from collections import defaultdict

import numpy as np

from retrieval.errors import BadImage
from retrieval.rank import RULE, within_reach
from webapp.batches.models import Query
from webapp.core.errors import StoreTrouble
from webapp.search.exemplars import (
    exemplar_vectors_store,
    exemplars_spread,
    exemplars_to_spread,
    open_queries,
    queries_to_embed,
)
from webapp.search.models import Exemplar
from workers.live.cache import live
from workers.live.release import LiveRelease
from workers.runtime.runner import Progress
from workers.tasks.embed import embed_queries, read_query, stored_vector

# In one go: more wait for the next one, some seconds later.
_CHANGES, _SEARCHED = 512, 2048
# Open queries of one batch that are compared; their vectors take 15 MB.
_OPEN = 20_000
_EMBEDDED_TOGETHER = 32


def exemplars_spread_all(payload: dict, progress: Progress) -> None:
    """Have the open queries searched again that are like what was answered, or taken back, since the last
    time: those of the same batch and within an exemplar's reach, the nearest first.
    """
    loaded = live()
    rows = exemplars_to_spread(most=_CHANGES)
    near = _near(loaded, rows)
    with progress.writing():
        exemplars_spread(rows=rows, near=near)


def exemplars_embed(payload: dict, progress: Progress) -> None:
    """Embed pictures that serve as exemplars by the live model, those that are another model's."""
    loaded = live()
    pks = list(queries_to_embed().values_list("pk", flat=True))
    for start in range(0, len(pks), _EMBEDDED_TOGETHER):
        queries = list(Query.objects.filter(pk__in=pks[start : start + _EMBEDDED_TOGETHER]))
        _embed(loaded, queries)
        with progress.writing():
            exemplar_vectors_store(queries=queries, model=loaded.release.model)
        progress.report(start + len(queries), len(pks))


def _near(loaded: LiveRelease, rows: list[Exemplar]) -> list[int]:
    """Ids of open queries that rows which changed speak to."""
    of_batch: dict[int, list[Query]] = defaultdict(list)
    for row in rows:
        if row.query.vector and row.query.vector_model_id == loaded.release.model_id:
            of_batch[row.query.batch_id].append(row.query)
    found: list[tuple[float, int]] = []
    for batch, queries in of_batch.items():
        asking = np.stack([stored_vector(query) for query in queries])
        waiting = open_queries(batch, model=loaded.release.model, most=_OPEN).values_list("pk", "vector")
        open_rows = [(pk, bytes(vector)) for pk, vector in waiting.iterator(chunk_size=4096)]
        if not open_rows:
            continue
        vectors = np.frombuffer(b"".join(data for _, data in open_rows), "<f4").reshape(len(open_rows), -1)
        found += [(far, open_rows[place][0]) for far, place in within_reach(vectors, asking, RULE.reach)]
    return [pk for _, pk in sorted(found)[:_SEARCHED]]


def _embed(loaded: LiveRelease, queries: list[Query]) -> None:
    """Give each query its vector; none where its picture cannot be read."""
    pictures = []
    for query in queries:
        query.vector = None
        try:
            pictures.append(read_query(query))
        except (BadImage, StoreTrouble):
            continue
    embed_queries(loaded, pictures)
