"""What may be answered together: queries still open to a person, by first suggestion and by confidence."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import OuterRef, QuerySet, Subquery

from webapp.batches.models import Batch
from webapp.gallery.models import Item
from webapp.overview.bulk.open_queries import First, open_firsts
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.search.models import Suggestion

LIKELY = 0.5
"""Confidence from which a suggestion is more likely right than wrong. Others are looked at one by one."""


@dataclass(frozen=True)
class Group:
    """Queries that may be confirmed as one item, all of one character, each likely. firsts: their first
    suggestions, the surest first.

    total: how many there are, of which the first are in ``firsts``.
    """

    item: Item
    firsts: list[Suggestion]
    total: int


def groups_by_item(batch: Batch, user, *, most: int, each: int) -> tuple[list[Group], int]:
    """Open queries by their first suggestion, the surest groups first; and how many groups there are.

    A query alone with its suggestion makes no group; nor does one that was picked out of a group of it, or
    whose suggestion is not likely.

    most: groups returned.
    each: queries of each.
    """
    by_item: dict[int, list[First]] = {}
    for row in _groupable(batch, user):
        by_item.setdefault(row.item, []).append(row)
    return _groups(by_item.values(), most, each)


def groups_by_likeness(
    batch: Batch, user, clusters: Iterable[list[int]], *, most: int, each: int
) -> tuple[list[Group], int]:
    """Open queries that are nearly the same picture, each group with the item most often suggested first.

    clusters: ids of queries that are alike. Where first suggestions differ, those of other blocks come last
    in their group, and those of other characters are left out.
    """
    firsts = {row.query: row for row in _groupable(batch, user)}
    return _groups(([firsts[pk] for pk in cluster if pk in firsts] for cluster in clusters), most, each)


def bulk_actions_of(batch: Batch, user, *, most: int = 10) -> QuerySet[BulkAnswer]:
    """What ``user`` answered together in the batch, the newest first; what everybody did, for reviewers.

    Each has ``page``: the pk of the page that its first answer is on, if any.
    """
    actions = BulkAnswer.objects.filter(batch=batch, written__gt=0)
    seen = actions if user.is_reviewer else actions.filter(annotator=user)
    page = BulkRow.objects.filter(bulk=OuterRef("pk")).values("query__box__page")[:1]
    seen = seen.annotate(page=Subquery(page))
    return seen.select_related("item", "annotator", "undo_by").order_by("-created")[:most]


def _groupable(batch: Batch, user) -> list[First]:
    """Likely first suggestions, but for those that this person picked out of a group of the same item."""
    out = BulkRow.objects.filter(bulk__batch=batch, bulk__annotator=user, decision=None, bulk__undone=None)
    picked = set(out.values_list("query", "bulk__item"))
    likely = open_firsts(batch, user, confidence__gte=LIKELY)
    return [row for row in likely if (row.query, row.item) not in picked]


def _groups(rows: Iterable[list[First]], most: int, each: int) -> tuple[list[Group], int]:
    of_one_character = map(_voted, filter(None, rows))
    several = sorted((some for some in of_one_character if len(some) > 1), key=_sure_and_large)
    voted = several[:most]
    pks = [row.pk for some in voted for row in some[:each]]
    shown = Suggestion.objects.filter(pk__in=pks).select_related("query", "item").defer("query__vector")
    by_pk = {row.pk: row for row in shown}
    groups = []
    for some in voted:
        firsts = [by_pk[row.pk] for row in some[:each] if row.pk in by_pk]
        if firsts:
            groups.append(Group(firsts[0].item, firsts, len(some)))
    return groups, len(several)


def _sure_and_large(rows: list[First]) -> tuple:
    return -sum(row.confidence for row in rows) / len(rows), -len(rows), rows[0].item


def _voted(rows: list[First]) -> list[First]:
    """The rows with the item most often suggested, and then those of its character, the surest first."""
    [(item, _)] = Counter(row.item for row in rows).most_common(1)
    character = next(row.character for row in rows if row.item == item)
    same = [row for row in rows if row.item == item or row.character in ("", character)]
    return sorted(same, key=lambda row: (row.item != item, -row.confidence, row.pk))
