"""Open queries that are like what was answered, or taken back, are searched again."""

from collections import defaultdict

import numpy as np

from retrieval.rank import RULE, within_reach
from webapp.search.exemplars import (
    EXEMPLARS_SPREAD,
    exemplars_spread,
    exemplars_to_spread,
    open_queries,
)
from webapp.search.models import Exemplar
from workers.live.cache import live
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.batches.query_pictures import stored_vector

# In one go: more wait for the next one, some seconds later.
_CHANGES, _SEARCHED = 512, 2048
# Open queries of one batch that are compared; their vectors take 15 MB.
_OPEN = 20_000


def exemplars_spread_all(payload: dict, progress: JobProgress) -> None:
    """Have the open queries searched again that are like what was answered, or taken back, since the last
    time: those of the same batch and within an exemplar's reach, the nearest first.
    """
    loaded = live()
    rows = exemplars_to_spread(most=_CHANGES)
    near = _near(loaded, rows)
    with progress.writing():
        exemplars_spread(rows=rows, near=near)


def _near(loaded: LiveRelease, rows: list[Exemplar]) -> list[int]:
    """Ids of open queries that rows which changed speak to."""
    of_batch: dict[int, list[np.ndarray]] = defaultdict(list)
    for row in rows:
        if row.query.vector and row.query.vector_model_id == loaded.release.model_id:
            of_batch[row.query.batch_id].append(stored_vector(row.query.vector))
    found: list[tuple[float, int]] = []
    for batch, asking in of_batch.items():
        waiting = open_queries(batch, model=loaded.release.model, most=_OPEN).values_list("pk", "vector")
        open_rows = [(pk, bytes(vector)) for pk, vector in waiting.iterator(chunk_size=4096) if vector]
        if not open_rows:
            continue
        vectors = np.frombuffer(b"".join(data for _, data in open_rows), "<f4").reshape(len(open_rows), -1)
        found += [
            (far, open_rows[place][0]) for far, place in within_reach(vectors, np.stack(asking), RULE.reach)
        ]
    return [pk for _, pk in sorted(found)[:_SEARCHED]]


JOB = JobHandler(
    kind=EXEMPLARS_SPREAD,
    run=exemplars_spread_all,
    nobody_waits="enqueue_due_work enqueues it again while there are changes",
)
