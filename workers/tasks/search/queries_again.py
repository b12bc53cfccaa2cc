"""Every unanswered query is searched for anew, since another model is live."""

from webapp.search.refused_again import OF_ANOTHER_MODEL, refused_ask_again
from webapp.search.services import QUERIES_AGAIN, queries_search_again_all
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress


def queries_again(payload: dict, progress: JobProgress) -> None:
    """Enqueue jobs that search anew for unanswered queries, and retry what a model was at fault for."""
    with progress.writing():
        queries_search_again_all()
        refused_ask_again(codes=OF_ANOTHER_MODEL)


JOB = JobHandler(
    kind=QUERIES_AGAIN,
    run=queries_again,
    nobody_waits="the suggestions of the earlier release stay, and are marked with it",
)
