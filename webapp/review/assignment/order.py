"""Which query comes next: the orders in which a batch's cards are assigned."""

from enum import StrEnum

from django.db.models import Case, F, FilteredRelation, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from webapp.batches.models import Batch, Query
from webapp.batches.selectors import may_answer
from webapp.review.models import Decision, Gold


class Order(StrEnum):
    """batch: as they came. uncertain: those first of which the search was least sure. character: grouped by
    the character of the first suggestion, the most alike first. disagreement: where annotators differ. text:
    characters of a page whose text is known, those first whose first suggestion is another character.
    """

    BATCH = "batch"
    UNCERTAIN = "uncertain"
    CHARACTER = "character"
    DISAGREEMENT = "disagreement"
    TEXT = "text"


def open_for(batch: Batch, user, order: Order, *, skipped: bool = False) -> QuerySet[Query]:
    """Queries that ``user`` may still answer, in that order, leased by somebody or not.

    skipped: those that ``user`` put off are among them. Nothing where the batch is assigned to others.
    """
    if not may_answer(batch, user):
        return Query.objects.none()
    ready = Query.objects.filter(batch=batch, state=Query.State.READY)
    return _sorted(_unanswered(ready, user, skipped), order)


def unleased(queries: QuerySet[Query], user) -> QuerySet[Query]:
    """Those of which nobody else has a lease."""
    free = Q(lease__isnull=True) | Q(lease__until__lte=timezone.now()) | Q(lease__holder=user)
    return queries.filter(free)


def gold_for(user) -> QuerySet[Query]:
    """Gold cards of the project that ``user`` never answered, in no order."""
    answered = Decision.objects.filter(annotator=user).values("query")
    ready = Query.objects.filter(pk__in=Gold.objects.values("pk"), state=Query.State.READY, settled=True)
    return ready.exclude(pk__in=answered)


def _unanswered(queries: QuerySet[Query], user, skipped: bool) -> QuerySet[Query]:
    """Those without an answer of ``user`` that counts: none at all, or one taken back."""
    own = Decision.objects.filter(
        query=OuterRef("pk"), annotator=user, settles=False, pk__gt=OuterRef("reopened")
    )
    last = Subquery(own.order_by("-pk").values("verdict")[:1])
    open_verdicts = ["", Decision.Verdict.WITHDRAWN, *([Decision.Verdict.SKIP] if skipped else [])]
    # Asked for once a query: compared twice, the database would look it up twice.
    return queries.annotate(own=Coalesce(last, Value(""))).filter(own__in=open_verdicts)


def _sorted(queries: QuerySet[Query], order: Order) -> QuerySet[Query]:
    if order == Order.DISAGREEMENT:
        return queries.filter(agreement__lt=1.0, settled=False).order_by("agreement", "pk")
    wanting = queries.filter(wanting=True)
    if order == Order.UNCERTAIN:
        return wanting.order_by("margin", "pk")
    if order == Order.CHARACTER:
        first = FilteredRelation("suggestions", condition=Q(suggestions__rank=1))
        characters = F("first__item__character")
        return wanting.annotate(first=first).order_by(characters, "first__distance", "pk")
    if order == Order.TEXT:
        return _mismatches_first(wanting)
    return wanting.order_by("pk")


def _mismatches_first(queries: QuerySet[Query]) -> QuerySet[Query]:
    """Those with a proposal, first where the first suggestion is another character, the surest first."""
    first = FilteredRelation("suggestions", condition=Q(suggestions__rank=1))
    agrees = Case(When(first__item__character=F("box__proposal"), then=1), default=0)
    proposed = queries.filter(box__proposal__gt="").annotate(first=first).annotate(agrees=agrees)
    return proposed.order_by("agrees", "-box__proposal_score", "pk")
