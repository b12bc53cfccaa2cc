"""Queries: from an uploaded picture to five suggestions."""

import numpy as np

from common.errors import BadInput
from retrieval.register import PrintForm, print_form
from webapp.batches.finished import batches_check_ready
from webapp.batches.intake import note_further_pages
from webapp.batches.models import Query
from webapp.batches.services import QUERIES_MATCH, queries_refuse
from webapp.core.errors import Refused, StoreTrouble
from webapp.printed.searches import items_by_place, pages_search_when_matched
from webapp.search.services import suggestions_replace
from workers.live.cache import live
from workers.live.ranking import find_carvings, hits_by_place
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.batches.query_pictures import (
    Picture,
    embed_queries,
    read_query,
    stored_print,
    stored_vector,
    write_pictures,
)

# Cheaper together; and what is done is written, and seen to be, after each so many.
_TOGETHER = 16


def queries_match(payload: dict, progress: JobProgress) -> None:
    """Answer the queries of ``payload["queries"]`` that wait; a bad one is refused alone.

    With ``payload["again"]``, search anew for those that were answered by a smaller gallery; with
    ``payload["pictures"]``, make only the pictures of those whose files are gone. With
    ``payload["unless_held"]``, cards that are in somebody's hands stay as they are.

    Raises:
        StoreTrouble: files are missing from the store; all other queries are answered, and these still wait.
    """
    once_more = payload.get("again") or payload.get("pictures")
    wanted = Query.State.READY if once_more else Query.State.WAITING
    queries = list(Query.objects.filter(pk__in=payload["queries"], state=wanted).order_by("pk"))
    missing: list[StoreTrouble] = []
    for start in range(0, len(queries), _TOGETHER):
        some = queries[start : start + _TOGETHER]
        loaded = live()
        if payload.get("pictures"):
            missing += _read(loaded, some, progress)[1]
        elif payload.get("again"):
            missing += _search_again(loaded, some, progress, unless_held=payload.get("unless_held", False))
        else:
            missing += _match(loaded, some, progress)
        progress.report(start + len(some), len(queries))
    if missing:
        raise missing[0]


def _match(
    loaded: LiveRelease, queries: list[Query], progress: JobProgress, *, unless_held: bool = False
) -> list[StoreTrouble]:
    pictures, missing = _read(loaded, queries, progress)
    vectors = embed_queries(loaded, pictures)
    prints: list[PrintForm | None] = [print_form(picture.grey) for picture in pictures]
    _answer(loaded, [picture.query for picture in pictures], vectors, prints, progress, unless_held)
    return missing


def _search_again(
    loaded: LiveRelease, queries: list[Query], progress: JobProgress, *, unless_held: bool
) -> list[StoreTrouble]:
    """Search with the vectors there are; those of another model are made anew."""
    model = loaded.release.model_id
    vectors = {
        query: stored_vector(query.vector)
        for query in queries
        if query.vector_model_id == model and query.vector
    }
    embedded = list(vectors)
    if embedded:
        prints = [stored_print(query) for query in embedded]
        _answer(loaded, embedded, np.stack(list(vectors.values())), prints, progress, unless_held)
    others = [query for query in queries if query not in embedded]
    return _match(loaded, others, progress, unless_held=unless_held) if others else []


def _read(
    loaded: LiveRelease, queries: list[Query], progress: JobProgress
) -> tuple[list[Picture], list[StoreTrouble]]:
    """The pictures that could be read, and what is amiss with those that the store lacks."""
    pictures, missing = [], []
    for query in queries:
        try:
            picture = read_query(query)
            write_pictures(loaded, picture)
            if picture.further_pages:
                note_further_pages(query, picture.further_pages)
        except StoreTrouble as error:
            missing.append(error)
        except BadInput as error:
            with progress.writing():
                queries_refuse(queries=[query.pk], error=error)
        else:
            pictures.append(picture)
    return pictures, missing


def _answer(
    loaded: LiveRelease,
    queries: list[Query],
    vectors: np.ndarray,
    prints: list[PrintForm | None],
    progress: JobProgress,
    unless_held: bool = False,
) -> None:
    if not queries:
        return
    pks = [query.pk for query in queries]
    found = find_carvings(loaded, vectors, prints, pks)
    placed = items_by_place(pks)
    with progress.writing():
        for query, (hits, registered) in zip(queries, found, strict=True):
            suggestions_replace(
                query=query,
                release=loaded.release,
                hits=hits_by_place(hits, placed.get(query.pk)),
                registered=registered,
                unless_held=unless_held,
            )
        waited = (query for query in queries if query.state == Query.State.WAITING)
        batches_check_ready(batches=[query.batch_id for query in waited])
        pages_search_when_matched(queries=pks)


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the queries that still wait."""
    queries_refuse(queries=payload["queries"], error=Refused(error, hint=hint, code=code))


JOB = JobHandler(kind=QUERIES_MATCH, run=queries_match, on_give_up=_on_give_up, members="queries")
