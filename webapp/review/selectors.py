"""What may be read of decisions, and the way through a batch."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, prefetch_related_objects

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import queries_for
from webapp.review.consensus import ANSWERS
from webapp.review.models import Decision, FurtherMatch, Remark
from webapp.review.queue import Order, open_for
from webapp.review.standings import standings
from webapp.search.models import Suggestion


@dataclass(frozen=True)
class ReviewProgress:
    """How far the answering of a batch is.

    ready: queries that can be answered. answered: by anybody; mine: by this person; skipped: put off by
    this person, and answered by nobody.
    """

    ready: int
    answered: int
    mine: int
    skipped: int

    @property
    def left(self) -> int:
        """Queries that nobody has answered."""
        return self.ready - self.answered


@dataclass(frozen=True)
class BatchParts:
    """The parts of a batch's queries, refused ones left out.

    waiting: for their suggestions. suggested: to be answered, none or too few answers yet. answered: with a
    label. disputed: all answers there, and no label. settled: labelled by a reviewer's ruling.
    """

    waiting: int = 0
    suggested: int = 0
    answered: int = 0
    disputed: int = 0
    settled: int = 0

    @property
    def total(self) -> int:
        return self.waiting + self.suggested + self.answered + self.disputed + self.settled


def batch_parts(batch: Batch) -> BatchParts:
    """The parts of one batch, in one question."""
    return batches_parts([batch])[batch.pk]


def batches_parts(batches: Iterable[Batch]) -> dict[int, BatchParts]:
    """The parts of each of the batches, by its id: one question, however many batches."""
    ids = [batch.pk for batch in batches]
    ready = Q(state=Query.State.READY)
    rows = (
        Query.objects.filter(batch__in=ids)
        .order_by()
        .values("batch")
        .annotate(
            waiting=Count("pk", filter=Q(state=Query.State.WAITING)),
            suggested=Count("pk", filter=ready & Q(answered=False, disputed=False)),
            labelled=Count("pk", filter=ready & Q(answered=True, settled=False)),
            disputed=Count("pk", filter=ready & Q(disputed=True)),
            settled=Count("pk", filter=ready & Q(settled=True)),
        )
    )
    found = {row.pop("batch"): row for row in rows}
    parts = {pk: BatchParts(answered=row.pop("labelled"), **row) for pk, row in found.items()}
    return {pk: parts.get(pk, BatchParts()) for pk in ids}


def review_queries(user) -> QuerySet[Query]:
    """Queries that ``user`` sees, each with its suggestions and their items, and ``user``'s own decisions.

    ``decision_for`` reads the last of them without another question to the database: for a page of
    queries four questions are asked, however many queries it has.
    """
    suggestions = Suggestion.objects.select_related("item").order_by("rank")
    own = Decision.objects.filter(annotator=user, settles=False).select_related("annotator", "item")
    own = own.prefetch_related("also")
    return (
        queries_for(user)
        .defer("vector")
        .prefetch_related(
            Prefetch("suggestions", queryset=suggestions),
            Prefetch("decisions", queryset=own.order_by("pk"), to_attr="own_decisions"),
        )
    )


def decision_for(query: Query, user) -> Decision | None:
    """What ``user`` last said of the query; None if nothing, or if it was withdrawn."""
    own = getattr(query, "own_decisions", None)
    if own is None:
        own = Decision.objects.filter(query=query, annotator=user, settles=False).order_by("-pk")[:1]
    last = own[-1] if isinstance(own, list) and own else next(iter(own), None)
    return None if last is None or last.verdict == Decision.Verdict.WITHDRAWN else last


def current_decisions(batch: Batch) -> QuerySet[Decision]:
    """Each annotator's last word on each query of the batch; withdrawn ones are among them."""
    return _last_words().filter(query__batch=batch).order_by("pk")


def query_label(query: Query) -> Decision | None:
    """What the decisions on the query add up to; None where it is unanswered."""
    return query_labels([query]).get(query.pk)


def query_labels(queries: Iterable[Query]) -> dict[int, Decision]:
    """The labels of those queries that have one, by the query's id, with their further matches.

    Four questions, however many queries.
    """
    found = standings(queries)
    labels = {query: standing.label for query, standing in found.items() if standing.label}
    also = Prefetch("also", queryset=FurtherMatch.objects.select_related("item"))
    prefetch_related_objects(list(labels.values()), also)
    return labels


@dataclass(frozen=True)
class Comment:
    """What somebody wrote of a query: beside an answer, or by itself."""

    who: str
    text: str
    created: datetime


def comments_of(queries: Iterable[Query]) -> dict[int, list[Comment]]:
    """What was written of each query, the oldest first, in two questions; not beside gold cards."""
    pks = [query.pk for query in queries]
    values = ("query", "annotator__username", "created")
    told = Decision.objects.filter(query__in=pks, gold=False).exclude(comment="")
    rows = [*told.values_list(*values, "comment")]
    rows += Remark.objects.filter(query__in=pks).exclude(text="").values_list(*values, "text")
    found: dict[int, list[Comment]] = {pk: [] for pk in pks}
    for query, who, created, text in sorted(rows, key=lambda row: row[2]):
        found[query].append(Comment(who, text, created))
    return found


def decisions_of(query: Query, user) -> QuerySet[Decision]:
    """All that was ever said of the query and is for ``user`` to know, the newest first.

    Others' words are not while the batch hides them; what measures other people never is.
    """
    told = query.decisions.select_related("annotator").prefetch_related("also").order_by("-pk")
    hidden = query.batch.hidden and query.wanting
    measures = hasattr(query, "gold") and not may_answer_openly(query, user)
    if hidden or measures:
        return told.filter(annotator=user)
    return told.filter(Q(gold=False) | Q(annotator=user))


def may_answer_openly(query: Query, user) -> bool:
    """Whether ``user`` has a say in the query, or rules: a gold card measures everybody else."""
    return user.is_reviewer or query.decisions.filter(annotator=user, gold=False).exists()


def next_to_answer(batch: Batch, user, *, after: Query | None = None) -> Query | None:
    """The next query to put before ``user``: one that wants an answer of theirs, from ``after`` on and then
    from the beginning; when none is left, those ``user`` has put off. None when all is done.
    """
    for skipped in (False, True):
        waiting = open_for(batch, user, Order.BATCH, skipped=skipped)
        if after is not None:
            waiting = waiting.exclude(pk=after.pk)
        if found := _first_after(waiting, after):
            return found
    return None


def neighbours(query: Query) -> tuple[Query | None, Query | None]:
    """The queries before and after this one in its batch, answered or not, of those that are ready."""
    ready = ready_queries(query.batch)
    return ready.filter(pk__lt=query.pk).order_by("-pk").first(), ready.filter(pk__gt=query.pk).first()


def position_of(query: Query) -> int:
    """Which one of its batch's ready queries this is, from 1."""
    return ready_queries(query.batch).filter(pk__lte=query.pk).count()


def review_progress(batch: Batch, user) -> ReviewProgress:
    """How far the answering of the batch is, for everybody and for ``user``, in two questions."""
    counts = ready_queries(batch).aggregate(ready=Count("pk"), answered=Count("pk", filter=Q(answered=True)))
    own = _last_words().filter(query__batch=batch, annotator=user)
    words = own.aggregate(
        mine=Count("pk", filter=Q(verdict__in=ANSWERS)),
        skipped=Count("pk", filter=Q(verdict=Decision.Verdict.SKIP, query__answered=False)),
    )
    return ReviewProgress(**counts, **words)


def own_words(batch: Batch, user) -> dict[int, tuple[int, str]]:
    """The id and verdict of what ``user`` last said of each of the batch's queries, by the query's id."""
    own = Decision.objects.filter(query__batch=batch, annotator=user, settles=False).order_by("pk")
    # The newest comes last, and stays.
    return {query: (pk, verdict) for query, pk, verdict in own.values_list("query", "pk", "verdict")}


def history(batch: Batch, user, *, limit: int = 50) -> list[Decision]:
    """What ``user`` last said of the batch's queries, the newest first; withdrawn answers are left out."""
    own = _last_words().filter(query__batch=batch, annotator=user).exclude(verdict=Decision.Verdict.WITHDRAWN)
    return list(own.select_related("query", "item").defer("query__vector").order_by("-pk")[:limit])


def ready_queries(batch: Batch) -> QuerySet[Query]:
    """The batch's queries that can be answered, in the order in which they came."""
    return Query.objects.filter(batch=batch, state=Query.State.READY).order_by("pk")


def _first_after(queries: QuerySet[Query], after: Query | None) -> Query | None:
    if after is not None and (found := queries.filter(pk__gt=after.pk).first()):
        return found
    return queries.first()


def _last_words() -> QuerySet[Decision]:
    """Decisions that no later one of the same annotator supersedes; reviewers' rulings are left out."""
    later = Decision.objects.filter(
        query=OuterRef("query"), annotator=OuterRef("annotator"), pk__gt=OuterRef("pk"), settles=False
    )
    return Decision.objects.filter(~Exists(later), settles=False)
