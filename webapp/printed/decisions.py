"""What people say of a match: that the block printed the page, or did not; and how that is taken back."""

import uuid

from django.db import transaction
from django.utils import timezone

from webapp.core.errors import Conflict
from webapp.overview.bulk.services import bulk_confirm_block, bulk_undo_part
from webapp.pages.models import Box
from webapp.printed.models import PageMatch
from webapp.printed.searches import page_rank_again
from webapp.review.bulk.checks import BulkMatch
from webapp.review.consensus.rule import answers_of
from webapp.review.models import Decision
from webapp.search.models import Suggestion


@transaction.atomic
def match_confirm(*, match: PageMatch, annotator, key: uuid.UUID) -> PageMatch:
    """Say that the block printed the page: its inliers are answered as the same carving, all at once.

    Characters of which anybody says something else, that are settled, leased to others or to be seen blind
    stay as they are. key: of this action; sent again, it is not done again.

    Raises:
        Conflict: it was rejected or confirmed meanwhile, or the key was used for another action.
        Forbidden: the batch is assigned to others.
    """
    match = _locked(match)
    if match.state == PageMatch.State.CONFIRMED and match.bulk_id == key:
        return match
    if match.state != PageMatch.State.PROPOSED:
        raise _decided()
    batch = match.page.document.batch
    inliers = {box: item for box, item, inlier in match.pairs if inlier}
    bulk = bulk_confirm_block(batch=batch, annotator=annotator, key=key, matches=_matches(inliers))
    return _decide(match, PageMatch.State.CONFIRMED, annotator, bulk=bulk)


@transaction.atomic
def match_reject(*, match: PageMatch, person) -> PageMatch:
    """Say that the block did not print the page.

    Raises:
        Conflict: it was confirmed; that is undone first.
    """
    match = _locked(match)
    if match.state == PageMatch.State.REJECTED:
        return match
    if match.state != PageMatch.State.PROPOSED:
        raise _decided()
    return _decide(match, PageMatch.State.REJECTED, person)


@transaction.atomic
def match_undo(*, match: PageMatch, by) -> PageMatch:
    """Take back what was said, with all answers that it gave but those that somebody changed since.

    Raises:
        PermissionDenied: ``by`` confirmed it not, and is no reviewer.
    """
    match = _locked(match)
    bulk = match.bulk
    while bulk is not None and not bulk.undone:
        bulk = bulk_undo_part(bulk=bulk, by=by)
    return _decide(match, PageMatch.State.PROPOSED, None)


def differing(items: dict[int, int]) -> dict[int, list[Decision]]:
    """The answers that name another item than the one expected, by query. items: expected, by query."""
    rows = (
        Decision.objects.filter(query__in=items).select_related("query", "item", "annotator").order_by("pk")
    )
    by_query: dict[int, list[Decision]] = {}
    for row in rows:
        by_query.setdefault(row.query_id, []).append(row)
    found = {}
    for query, decisions in by_query.items():
        answers = answers_of(decisions, reopened=decisions[0].query.reopened)
        if others := [answer for answer in answers if answer.item_id != items[query]]:
            found[query] = others
    return found


def _matches(inliers: dict[int, int]) -> list[BulkMatch]:
    boxes = Box.objects.filter(pk__in=inliers, deleted=None, not_character=False, query__isnull=False)
    items = {query: inliers[box] for box, query in boxes.values_list("pk", "query")}
    firsts = dict(Suggestion.objects.filter(query__in=items, rank=1).values_list("query", "pk"))
    others = differing(items)
    relation = Decision.Relation.SAME_CARVING
    return [
        BulkMatch(query, item, firsts[query], relation)
        for query, item in sorted(items.items())
        if query in firsts and query not in others
    ]


def _locked(match: PageMatch) -> PageMatch:
    rows = PageMatch.objects.select_for_update(of=("self",)).select_related("page__document__batch", "bulk")
    return rows.get(pk=match.pk)


def _decide(match: PageMatch, state: str, person, *, bulk=None) -> PageMatch:
    match.state, match.bulk, match.decided_by = state, bulk, person
    match.decided_at = timezone.now() if person else None
    match.save(update_fields=["state", "bulk", "decided_by", "decided_at"])
    page_rank_again(page=match.page)
    return match


def _decided() -> Conflict:
    hint = "undo that first"
    return Conflict("this match was decided already", hint=hint, code="match_decided", retryable=False)
