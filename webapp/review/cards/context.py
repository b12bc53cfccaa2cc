"""A query before one person: all that its card is made of, in a fixed number of database queries."""

import hashlib
from dataclasses import dataclass
from functools import cached_property

from django.db.models import Prefetch, QuerySet

from webapp.accounts.models import User
from webapp.batches.models import Query
from webapp.review.cards.blind import is_blind, shuffled
from webapp.review.consensus.rule import answers_of
from webapp.review.models import Decision, FurtherMatch, Remark, Ruling
from webapp.search.models import Suggestion


@dataclass(frozen=True)
class CardContext:
    """What one person may see of a query, and how. query: one of ``with_card_rows``."""

    query: Query
    user: User

    @cached_property
    def own_decisions(self) -> list[Decision]:
        """All that ``user`` decided as an annotator, the oldest first."""
        rows = self.query.decisions.all()
        return [row for row in rows if row.annotator_id == self.user.pk and not row.settles]

    @cached_property
    def own(self) -> Decision | None:
        """The answer of ``user``; None without any, and where it was withdrawn."""
        last = self.own_decisions[-1] if self.own_decisions else None
        return None if last is None or last.verdict == Decision.Verdict.WITHDRAWN else last

    @cached_property
    def gold(self) -> bool:
        """Whether the query measures ``user``: they had no say in what is known to be right of it."""
        mine = [row for row in self.query.decisions.all() if row.annotator_id == self.user.pk]
        return hasattr(self.query, "gold") and all(row.gold for row in mine)

    @cached_property
    def blind(self) -> bool:
        return is_blind(self.query.pk, self.user.pk, self.query.batch.blind_share)

    @cached_property
    def settled(self) -> bool:
        """Whether a reviewer's ruling stands, as far as ``user`` may know."""
        return self.query.settled and not self.gold

    @cached_property
    def ruling(self) -> Ruling | None:
        """The newest ruling, as far as ``user`` may know."""
        return None if self.gold else next(iter(self.query.rulings.all()), None)

    @cached_property
    def suggestions(self) -> list[Suggestion]:
        """In the order in which ``user`` is shown them."""
        rows = list(self.query.suggestions.all())
        return shuffled(self.query.pk, self.user.pk, rows) if self.blind else rows

    @property
    def further_carvings(self) -> int:
        """How many carvings were laid over the print beyond the five."""
        return len(self.query.second_stage.carvings) if hasattr(self.query, "second_stage") else 0

    @cached_property
    def others_answers(self) -> list[Decision]:
        """What other people say of it now, the oldest first; nobody's on a gold card."""
        if self.gold:
            return []
        answers = answers_of(self.query.decisions.all(), reopened=self.query.reopened)
        return [answer for answer in answers if answer.annotator_id != self.user.pk]

    @property
    def hides_others(self) -> bool:
        """Whether others' words would lead ``user``, or are not for them yet."""
        waits = self.query.batch.hidden and self.query.wanting
        return self.gold or (waits and not self.settled) or (self.blind and self.own is None)

    @property
    def version(self) -> str:
        """Changes when an answer to the card would mean something else.

        That is: other suggestions, another order, another relation proposed, a ruling, or all answers that
        are wanted given by others.
        """
        others = self.others_answers
        done = others[-1].pk if len(others) >= self.query.batch.wanted else 0
        shown = [
            (row.rank, row.item_id, row.release_id, *filter(None, [row.proposed])) for row in self.suggestions
        ]
        meaning = (self.query.pk, shown, self.blind, self.settled, self.ruling and self.ruling.pk, done)
        return hashlib.sha256(repr(meaning).encode()).hexdigest()[:16]


def with_card_rows(queries: QuerySet[Query]) -> QuerySet[Query]:
    """The queries with everything ``CardContext`` reads: seven database queries, however many there are."""
    suggestions = Suggestion.objects.select_related("item", "exemplar__batch", "exemplar__gold")
    suggestions = suggestions.defer("exemplar__vector").order_by("rank")
    also = Prefetch("also", queryset=FurtherMatch.objects.select_related("item"))
    decisions = (
        Decision.objects.select_related("annotator", "item", "remark").prefetch_related(also).order_by("pk")
    )
    remarks = Remark.objects.select_related("annotator").order_by("pk")
    rulings = Ruling.objects.select_related("reviewer").order_by("-pk")
    return (
        queries.defer("vector")
        .select_related("batch", "gold", "second_stage")
        .prefetch_related(
            Prefetch("suggestions", queryset=suggestions),
            Prefetch("decisions", queryset=decisions),
            Prefetch("remarks", queryset=remarks),
            Prefetch("rulings", queryset=rulings),
        )
    )


def card_context(query: Query, user: User) -> CardContext:
    """The context of one card, read anew."""
    return CardContext(with_card_rows(Query.objects.all()).get(pk=query.pk), user)
