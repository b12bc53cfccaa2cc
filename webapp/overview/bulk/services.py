"""All that is ever written by answering many queries at once."""

import uuid
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.utils import timezone

from webapp.batches.models import Batch
from webapp.core.errors import Conflict, Refused
from webapp.core.permissions import require_reviewer
from webapp.gallery.models import Item
from webapp.overview.bulk.open_queries import agreeing, open_firsts
from webapp.overview.models import BulkAnswer, BulkRow
from webapp.review.bulk.checks import BulkMatch
from webapp.review.bulk.services import (
    MOST_AT_ONCE,
    BulkResult,
    decisions_record_bulk,
    decisions_withdraw_bulk,
)


@transaction.atomic
def bulk_confirm_group(
    *,
    batch: Batch,
    annotator,
    key: uuid.UUID,
    item: Item,
    right: Iterable[tuple[int, int]],
    wrong: Iterable[int],
) -> BulkAnswer:
    """Answer a group's queries with one match, all but those that were picked out.

    key: of this action; sent again, it is not done again. right: pairs of a query and its first suggestion as
    it was shown. wrong: queries that were picked out; they are left open, and shown in no such group again.

    Raises:
        Refused: there are too many of them, or one is of another batch.
        Conflict: the key was used for another action.
    """
    seen, wrong = dict(right), set(wrong)
    if len(seen) + len(wrong) > MOST_AT_ONCE:
        hint = f"confirm {MOST_AT_ONCE} at most at a time"
        raise Refused("these are too many pictures at once", hint=hint, code="too_many")
    bulk = _begun(key, batch, annotator, kind=BulkAnswer.Kind.GROUP, item=item)
    if bulk.finished:
        return bulk
    there = set(batch.queries.filter(pk__in=seen.keys() | wrong).values_list("pk", flat=True))
    if not seen.keys() | wrong <= there:
        raise Refused("a picture is of another batch, or was deleted", hint="reload the page", code="gone")
    matches = [BulkMatch(pk, item.pk, suggestion) for pk, suggestion in seen.items()]
    result = decisions_record_bulk(annotator=annotator, matches=matches, key=bulk.pk)
    BulkRow.objects.bulk_create(BulkRow(bulk=bulk, query_id=pk) for pk in wrong - result.written.keys())
    _wrote(bulk, result, finished=timezone.now())
    return bulk


@transaction.atomic
def bulk_accept_part(
    *, batch: Batch, annotator, key: uuid.UUID, threshold: float, newest: int, by_text: bool = False
) -> BulkAnswer:
    """Answer the next 500 of the open queries whose first suggestion is at least so sure, with that one.

    To be called until ``finished``; sent again meanwhile, it goes on where it was.
    key: of this action. threshold: in [0, 1]. newest: the newest suggestion when the person looked; a query
    whose suggestions are newer was not among those that they meant. by_text: only first suggestions of the
    character that a text proposes for the box; the threshold is how sure the proposal is.

    Raises:
        Refused: the threshold is none.
        Conflict: the key was used for another action, or this one is being taken back.
    """
    if not 0.0 <= threshold <= 1.0:
        raise Refused("the threshold must be between 0 and 1", code="bad_threshold")
    meant = {"threshold": threshold, "newest": newest, "by_text": by_text}
    bulk = _begun(key, batch, annotator, kind=BulkAnswer.Kind.THRESHOLD, **meant)
    if bulk.undo_begun:
        raise Conflict("these answers are being undone", code="being_undone", retryable=False)
    if bulk.finished:
        return bulk
    sure = agreeing(threshold) if by_text else {"confidence__gte": bulk.threshold}
    only = {"pk__lte": bulk.newest, "query__gt": bulk.after, **sure}
    rows = open_firsts(batch, annotator, most=MOST_AT_ONCE, **only)
    matches = [BulkMatch(row.query, row.item, row.pk) for row in rows]
    result = decisions_record_bulk(annotator=annotator, matches=matches, key=bulk.pk)
    after = rows[-1].query if rows else bulk.after
    _wrote(bulk, result, after=after, finished=None if len(rows) == MOST_AT_ONCE else timezone.now())
    return bulk


@transaction.atomic
def bulk_confirm_block(
    *, batch: Batch, annotator, key: uuid.UUID, matches: Sequence[BulkMatch]
) -> BulkAnswer:
    """Answer the characters of a page, each with the item that a whole block has in its place.

    key: of this action; sent again, it is not done again.

    Raises:
        Conflict: the key was used for another action.
        Forbidden: the batch is assigned to others.
    """
    bulk = _begun(key, batch, annotator, kind=BulkAnswer.Kind.BLOCK)
    if bulk.finished:
        return bulk
    for start in range(0, len(matches), MOST_AT_ONCE):
        some = matches[start : start + MOST_AT_ONCE]
        _wrote(bulk, decisions_record_bulk(annotator=annotator, matches=some, key=bulk.pk))
    _save(bulk, finished=timezone.now())
    return bulk


@transaction.atomic
def bulk_undo_part(*, bulk: BulkAnswer, by) -> BulkAnswer:
    """Take back the next 500 of a bulk answer's answers, but those that somebody changed since.

    To be called until ``undone``. A bulk answer that was not finished is not gone on with any more. What is
    withdrawn is the annotator's answer, whoever takes it back; ``undo_by`` keeps who began it.

    Raises:
        PermissionDenied: ``by`` is neither its annotator nor a reviewer.
    """
    if by.pk != bulk.annotator_id:
        require_reviewer(by)
    bulk = BulkAnswer.objects.select_for_update().get(pk=bulk.pk)
    if bulk.undone:
        return bulk
    if not bulk.undo_begun:
        _save(bulk, after=0, undo_begun=timezone.now(), undo_by=by)
    rows = bulk.rows.exclude(decision=None).filter(query__gt=bulk.after).order_by("query")
    some = dict(rows.values_list("query", "decision")[:MOST_AT_ONCE])
    key = uuid.uuid5(bulk.pk, "undo")
    result = decisions_withdraw_bulk(annotator=bulk.annotator, decisions=some.values(), key=key)
    _save(
        bulk,
        after=max(some, default=bulk.after),
        withdrawn=bulk.withdrawn + len(result.written),
        stay=bulk.stay + len(result.left),
        undone=None if len(some) == MOST_AT_ONCE else timezone.now(),
    )
    return bulk


def _begun(key: uuid.UUID, batch: Batch, annotator, **values) -> BulkAnswer:
    """The action of this key, locked; begun where it is new."""
    values |= {"annotator": annotator, "batch": batch}
    BulkAnswer.objects.get_or_create(pk=key, defaults=values)
    bulk = BulkAnswer.objects.select_for_update().get(pk=key)
    if any(getattr(bulk, name) != value for name, value in values.items()):
        raise Conflict(
            "this key was used for another action already",
            hint="reload the page",
            code="key_used",
            retryable=False,
        )
    return bulk


def _wrote(bulk: BulkAnswer, result: BulkResult, **values) -> None:
    BulkRow.objects.bulk_create(
        BulkRow(bulk=bulk, query_id=query, decision_id=decision) for query, decision in result.written.items()
    )
    _save(bulk, written=bulk.written + len(result.written), left=bulk.left + len(result.left), **values)


def _save(bulk: BulkAnswer, **values) -> None:
    for name, value in values.items():
        setattr(bulk, name, value)
    bulk.save(update_fields=list(values))
