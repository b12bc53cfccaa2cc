"""Which labels serve as exemplars, and how far each is to be believed. The rule is here alone."""

from collections.abc import Iterable, Mapping
from itertools import chain

from django.db.models import prefetch_related_objects

from common.suggestions import ONE_PERSON, SHARED
from webapp.review.consensus.rule import Standing
from webapp.review.models import Decision, FurtherMatch
from webapp.search.exemplars import Counted, exemplars_follow

_SHARED_BY_RELATION: dict[str, float] = {
    Decision.Relation.SAME_CARVING: SHARED,
    Decision.Relation.SAME_CHARACTER: 1.0,
    Decision.Relation.VARIANT: 0.0,
}


def trust_of(standing: Standing) -> float:
    """How far a query's label is to be believed, in [0, 1]; 0 where it is no match.

    1 where a reviewer has ruled, or where two or more say so and nobody says otherwise. Else the share of
    those who say so, less where only one does.
    """
    if standing.label is None or standing.label.verdict != Decision.Verdict.MATCH:
        return 0.0
    if standing.settled:
        return 1.0
    share = standing.agreeing / max(1, standing.answers)
    return share * (ONE_PERSON if standing.agreeing <= 1 else 1.0)


def counted_of(standing: Standing) -> list[Counted]:
    """The items that a query's picture counts for by what stands: those of its label.

    Other blocks of the character get as much where the print is said to be of the character alone, half
    where it is of this very carving or nobody said, nothing where it shows another form.
    """
    trust, label = trust_of(standing), standing.label
    if label is None or not trust:
        return []
    rows: Iterable[Decision | FurtherMatch] = chain([label], label.also.all())
    return [
        Counted(row.item_id, trust, _SHARED_BY_RELATION.get(row.relation, SHARED))
        for row in rows
        if row.item_id is not None
    ]


def exemplars_keep_up(found: Mapping[int, Standing]) -> None:
    """Let queries, by their ids, serve as exemplars by what stands now; in the caller's transaction."""
    matches = [one.label for one in found.values() if one.label is not None and trust_of(one)]
    prefetch_related_objects(matches, "also")
    exemplars_follow(counted={query: counted_of(standing) for query, standing in found.items()})
