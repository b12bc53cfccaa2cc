"""Learning at once: what people matched serves the next search as a further picture of the item."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from webapp.batches.models import Batch, Query
from webapp.jobs.kinds import JobKind
from webapp.jobs.selectors import jobs_open
from webapp.jobs.services import job_enqueue
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release
from webapp.search.models import Exemplar
from webapp.search.services import queries_search_again

EXEMPLARS_SPREAD = JobKind("exemplars.spread", queue="interactive")  # {}
EXEMPLARS_EMBED = JobKind("exemplars.embed", queue="batch")  # {}
_AT_ONCE = 500
_NUMBERED_AT_ONCE = 10_000


@dataclass(frozen=True)
class Counted:
    """An item that a query's picture counts for; trust and shared as in ``Exemplar``."""

    item_id: int
    trust: float
    shared: float


def exemplars_follow(*, counted: Mapping[int, Sequence[Counted]]) -> None:
    """Let each query, by its id, count for just these items; in the caller's transaction.

    Whoever calls holds the queries' locks. Two database queries where nothing changes, however many queries.
    """
    rows = {(row.query_id, row.item_id): row for row in Exemplar.objects.filter(query__in=counted)}
    wanted = {(query, one.item_id): one for query, some in counted.items() for one in some}
    changed = [row for key, row in rows.items() if _changes(row, wanted.get(key))]
    Exemplar.objects.bulk_update(changed, ["trust", "shared", "number", "spread"], batch_size=_AT_ONCE)
    Exemplar.objects.bulk_create(
        Exemplar(query_id=query, item_id=one.item_id, trust=one.trust, shared=one.shared)
        for (query, _), one in wanted.items()
        if (query, one.item_id) not in rows
    )


def _changes(row: Exemplar, wanted: Counted | None) -> bool:
    """Bring a row up to what is wanted; whether that changed it."""
    values = (wanted.trust, wanted.shared) if wanted else (0.0, row.shared)
    if (row.trust, row.shared) == values:
        return False
    row.trust, row.shared = values
    row.number, row.spread = None, False
    return True


@transaction.atomic
def exemplars_number() -> None:
    """Give rows that changed the next number, the same to all that are there.

    A transaction's rows are seen when it commits. Whoever reads on from the highest number that he knows
    would miss rows numbered when they were written; so they are numbered when they are seen, by one at a
    time. Numbers are microseconds: one that was given never comes again, though its row be gone.
    """
    unnumbered = Exemplar.objects.filter(number=None)
    if not unnumbered.exists():
        return
    ModelVersion.objects.select_for_update(no_key=True).order_by("pk").first()
    highest = Exemplar.objects.aggregate(highest=Max("number"))["highest"] or 0
    number = max(highest + 1, time.time_ns() // 1000)
    # Rows that somebody is changing again are left for the next time: nobody waits for each other.
    free = list(unnumbered.select_for_update(skip_locked=True).values_list("pk", flat=True))
    for start in range(0, len(free), _NUMBERED_AT_ONCE):
        Exemplar.objects.filter(pk__in=free[start : start + _NUMBERED_AT_ONCE]).update(number=number)


def exemplars_after(number: int) -> QuerySet[Exemplar]:
    """Rows that changed after the one of this number, the earlier changes first."""
    return Exemplar.objects.filter(number__gt=number).order_by("number", "pk")


def exemplars_to_spread(*, most: int) -> list[Exemplar]:
    """Rows whose change open queries have not heard of, with their queries."""
    return list(Exemplar.objects.filter(spread=False).select_related("query").order_by("pk")[:most])


@transaction.atomic
def exemplars_spread(*, rows: Iterable[Exemplar], near: Sequence[int]) -> None:
    """Search again for the queries ``near`` rows that changed, and remember that these were heard of.

    rows: as they were read; one whose trust changed since, or is changing, is heard of again.
    """
    read = {row.pk: row.trust for row in rows}
    now = Exemplar.objects.filter(pk__in=read, spread=False).select_for_update(skip_locked=True)
    same = [pk for pk, trust in now.values_list("pk", "trust") if trust == read[pk]]
    Exemplar.objects.filter(pk__in=same).update(spread=True)
    queries_search_again(pks=near, unless_held=True)


def exemplars_leave_trash_out() -> int:
    """Let pictures of deleted batches serve no more. Returns how many rows changed.

    A batch that is restored has its answers counted anew, and with that its exemplars.
    """
    trashed = Exemplar.objects.filter(trust__gt=0, query__in_trash=True)
    return trashed.update(trust=0.0, number=None, spread=False)


def exemplars_spread_when_due() -> bool:
    """Have open queries hear of what changed, unless that is asked for already. Returns whether it was."""
    if not Exemplar.objects.filter(spread=False).exists():
        return False
    return _enqueue(EXEMPLARS_SPREAD)


def queries_to_embed() -> QuerySet[Query]:
    """Queries that serve as exemplars, and whose vectors are not of the live model."""
    release = live_release()
    if release is None:
        return Query.objects.none()
    of_use = Exemplar.objects.filter(query=OuterRef("pk"), trust__gt=0)
    others = Q(vector_model=None) | ~Q(vector_model=release.model_id)
    return Query.objects.filter(others, Exists(of_use), state=Query.State.READY).order_by("pk")


def exemplars_embed_when_due() -> bool:
    """Have exemplars embedded by the model that is live now, where they are not. Returns whether it was
    asked for.
    """
    if not queries_to_embed().exists():
        return False
    return _enqueue(EXEMPLARS_EMBED)


@transaction.atomic
def exemplar_vectors_store(*, queries: Iterable[Query], model: ModelVersion) -> None:
    """Keep vectors made anew of pictures that serve as exemplars, of which open queries then hear; None where
    a picture cannot be read.

    queries: with the vector that each is to have.
    """
    queries = list(queries)
    pks = [query.pk for query in queries]
    # In the order in which whoever answers many at once locks them.
    list(Query.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))
    for query in queries:
        query.vector_model = model
    Query.objects.bulk_update(queries, ["vector", "vector_model"], batch_size=_AT_ONCE)
    Exemplar.objects.filter(query__in=pks).update(number=None, spread=False)


def open_queries(batch: Batch | int, *, model: ModelVersion, most: int) -> QuerySet[Query]:
    """Queries of a batch that nobody has answered, and whose vectors are of this model."""
    found = Query.objects.filter(batch=batch, state=Query.State.READY, answered=False, answers=0)
    return found.filter(vector_model=model, vector__isnull=False).order_by("pk")[:most]


def exemplars_there(pks: Iterable[int]) -> set[int]:
    """Of these exemplars, by id, those that stand."""
    rows = Exemplar.objects.filter(pk__in=list(pks), trust__gt=0)
    return set(rows.values_list("pk", flat=True))


def _enqueue(kind: JobKind) -> bool:
    """One job at a time. Returns whether it was enqueued."""
    if jobs_open(kind).exists():
        return False
    job_enqueue(kind=kind, payload={}, subject="exemplars")
    return True
