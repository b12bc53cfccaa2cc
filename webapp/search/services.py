"""All that is ever written about what was found."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from webapp.batches.models import Batch, Query
from webapp.batches.services import QUERIES_A_JOB, QUERIES_MATCH
from webapp.jobs.kinds import JobKind
from webapp.jobs.models import Job
from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import job_enqueue, jobs_enqueue
from webapp.registry.models import Release
from webapp.search.hits import Hit, Registered
from webapp.search.models import SecondStage, Suggestion
from webapp.search.selectors import index_is_due, queries_short_of_suggestions

QUERIES_AGAIN = JobKind("queries.again", queue="batch")  # {}
INDEX_BUILD = JobKind("index.build", queue="batch")  # {}, or {"model": pk of ModelVersion}
_AFTER_A_FAILURE = timedelta(hours=1)
_AGAIN = "search again"


@transaction.atomic
def suggestions_replace(
    *,
    query: Query,
    release: Release,
    hits: Iterable[Hit],
    registered: Registered | None = None,
    unless_held: bool = False,
) -> bool:
    """Write what was found for a query, the best first, and with it that the query is ready.

    query: with its width, height, vector and vector_model as they are to be stored. registered: what the
    second stage did; None where there is none. unless_held: whether a card that is in somebody's hands stays
    as it is.
    Returns False, and writes nothing, where the query was refused, answered or deleted meanwhile.
    """
    hits = list(hits)
    if unless_held and _is_held(query):
        return False
    open_queries = Query.objects.filter(pk=query.pk, answered=False, answers=0)
    open_queries = open_queries.exclude(state=Query.State.REJECTED)
    ready = open_queries.update(
        state=Query.State.READY,
        width=query.width,
        height=query.height,
        vector=query.vector,
        vector_model=query.vector_model,
        margin=_margin(hits),
    )
    if not ready:
        return False
    Suggestion.objects.filter(query=query).delete()
    Suggestion.objects.bulk_create(
        Suggestion(
            query=query,
            release=release,
            rank=rank,
            item_id=hit.item_id,
            distance=hit.distance,
            confidence=hit.confidence,
            mirrored=hit.mirrored,
            exemplar_id=hit.exemplar_id,
            fit=hit.fit and hit.fit.stored(),
            proposed=hit.proposed,
            proposed_probability=hit.proposed_probability,
            placed=hit.placed,
        )
        for rank, hit in enumerate(hits, 1)
    )
    _second_stage_replace(query, registered)
    return True


def _second_stage_replace(query: Query, registered: Registered | None) -> None:
    SecondStage.objects.filter(query=query).delete()
    if registered is not None:
        carvings = [hit.short() for hit in registered.carvings]
        SecondStage.objects.create(query=query, outcome=registered.outcome, carvings=carvings)


def _is_held(query: Query) -> bool:
    """Whether somebody has the card. It is locked first, as whoever deals cards locks it."""
    list(Query.objects.select_for_update(no_key=True).filter(pk=query.pk).values_list("pk"))
    return Query.objects.filter(pk=query.pk, lease__until__gt=timezone.now()).exists()


def _margin(hits: list[Hit]) -> float:
    """How much surer the first is than the second, in [0, 1]; 0 where nothing was found."""
    first, second = ([hit.confidence for hit in hits] + [0.0, 0.0])[:2]
    return max(0.0, first - second)


def batch_search_again(*, batch: Batch) -> int:
    """Search the gallery of today for every unanswered query of a batch. Returns for how many."""
    unanswered = Query.objects.filter(batch=batch, state=Query.State.READY, answered=False, answers=0)
    return queries_search_again(pks=list(unanswered.order_by("pk").values_list("pk", flat=True)))


def queries_search_again_when_short(*, most: int = 2048) -> int:
    """Search again for queries that found too little, now that the gallery has more.

    Whoever uploads a batch before the gallery gets suggestions all the same. Returns for how many.
    """
    if jobs_open(QUERIES_MATCH).filter(subject=_AGAIN).exists():
        return 0
    return queries_search_again(pks=list(queries_short_of_suggestions()[:most].values_list("pk", flat=True)))


def queries_again_request() -> Job:
    """Have every unanswered query searched for anew, since another model answers now.

    One job, which enqueues the others: a switch of the release must not take longer the more there are.
    """
    return job_enqueue(kind=QUERIES_AGAIN, payload={}, subject=_AGAIN)


def queries_search_again_all() -> int:
    """Enqueue the jobs that search anew for every unanswered query. Returns for how many."""
    unanswered = Query.objects.filter(state=Query.State.READY, answered=False).order_by("pk")
    return queries_search_again(pks=list(unanswered.values_list("pk", flat=True)))


@transaction.atomic
def index_request(*, even_if_not_due: bool = False) -> Job | None:
    """Enqueue a new index where the rule says so, unless one is on its way, or failed just now."""
    if not (even_if_not_due or index_is_due()) or jobs_open(INDEX_BUILD).exists():
        return None
    just_now = timezone.now() - _AFTER_A_FAILURE
    if Job.objects.filter(kind=INDEX_BUILD.name, state=Job.State.FAILED, finished__gt=just_now).exists():
        return None
    return job_enqueue(kind=INDEX_BUILD, payload={}, subject="index")


def queries_search_again(*, pks: Sequence[int], unless_held: bool = False) -> int:
    """Search anew for these queries, those among them that nobody has answered by then. Returns how many.

    unless_held: leave those as they are that are in somebody's hands by then.
    """
    options = {"again": True, **({"unless_held": True} if unless_held else {})}
    jobs_enqueue(
        kind=QUERIES_MATCH,
        payloads=[
            {"queries": list(pks[i : i + QUERIES_A_JOB]), **options}
            for i in range(0, len(pks), QUERIES_A_JOB)
        ],
        queue="interactive" if len(pks) <= QUERIES_A_JOB else "batch",
        subject=_AGAIN,
    )
    return len(pks)
