"""How far the answering of a batch is."""

from dataclasses import dataclass

from django.db.models import Count, Q

from webapp.batches.models import Batch
from webapp.review.cards.deck import ready_queries
from webapp.review.consensus.labels import last_decisions
from webapp.review.consensus.rule import ANSWERS
from webapp.review.models import Decision


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


def review_progress(batch: Batch, user) -> ReviewProgress:
    """How far the answering of the batch is, for everybody and for ``user``, in two database queries."""
    counts = ready_queries(batch).aggregate(ready=Count("pk"), answered=Count("pk", filter=Q(answered=True)))
    own = last_decisions().filter(query__batch=batch, annotator=user)
    words = own.aggregate(
        mine=Count("pk", filter=Q(verdict__in=ANSWERS)),
        skipped=Count("pk", filter=Q(verdict=Decision.Verdict.SKIP, query__answered=False)),
    )
    return ReviewProgress(**counts, **words)
