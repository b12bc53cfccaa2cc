"""Pictures that serve as exemplars are embedded by the live model."""

from retrieval.errors import BadImage
from webapp.batches.models import Query
from webapp.core.errors import StoreTrouble
from webapp.search.exemplars import EXEMPLARS_EMBED, exemplar_vectors_store, queries_to_embed
from workers.live.cache import live
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.batches.query_pictures import embed_queries, read_query

_TOGETHER = 32


def exemplars_embed(payload: dict, progress: JobProgress) -> None:
    """Embed pictures that serve as exemplars by the live model, those that are another model's."""
    loaded = live()
    pks = list(queries_to_embed().values_list("pk", flat=True))
    for start in range(0, len(pks), _TOGETHER):
        queries = list(Query.objects.filter(pk__in=pks[start : start + _TOGETHER]))
        _embed(loaded, queries)
        with progress.writing():
            exemplar_vectors_store(queries=queries, model=loaded.release.model)
        progress.report(start + len(queries), len(pks))


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


JOB = JobHandler(
    kind=EXEMPLARS_EMBED,
    run=exemplars_embed,
    nobody_waits="enqueue_due_work enqueues it again while there are pictures of another model",
)
