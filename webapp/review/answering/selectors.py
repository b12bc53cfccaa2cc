"""What may be read of decisions, and the way through a batch."""

from django.db.models import Prefetch, Q, QuerySet

from webapp.batches.models import Query
from webapp.batches.selectors import queries_for
from webapp.review.models import Decision
from webapp.search.models import Suggestion


def review_queries(user) -> QuerySet[Query]:
    """Queries that ``user`` sees, each with its suggestions and their items, and ``user``'s own decisions.

    ``decision_for`` reads the last of them without another database query: for a page of
    queries four database queries are made, however many it has.
    """
    suggestions = Suggestion.objects.select_related("item").order_by("rank")
    own = Decision.objects.filter(annotator=user, settles=False).select_related("annotator", "item")
    own = own.prefetch_related("also")
    return (
        queries_for(user)
        .select_related("second_stage")
        .defer("vector", "second_stage__carvings")
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


def decisions_of(query: Query, user) -> QuerySet[Decision]:
    """All that was ever said of the query and is for ``user`` to know, the newest first.

    Others' words are not while the batch hides them; what measures other people never is.
    """
    decisions = query.decisions.select_related("annotator").prefetch_related("also").order_by("-pk")
    hidden = query.batch.hidden and query.wanting
    measures = hasattr(query, "gold") and not may_answer_openly(query, user)
    if hidden or measures:
        return decisions.filter(annotator=user)
    return decisions.filter(Q(gold=False) | Q(annotator=user))


def may_answer_openly(query: Query, user) -> bool:
    """Whether ``user`` has a say in the query, or rules: a gold card measures everybody else."""
    return user.is_reviewer or query.decisions.filter(annotator=user, gold=False).exists()
