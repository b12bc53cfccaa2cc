"""All that is ever done to a decision: it is written, once. Taking one back is writing another."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db import IntegrityError, transaction

from webapp.batches.models import Query
from webapp.batches.selectors import may_answer
from webapp.core.errors import Conflict, Forbidden, Refused
from webapp.core.files.blobs import blob_path
from webapp.gallery.models import Item
from webapp.registry.models import Release
from webapp.review.answer import Answer, Verdict, same_answer
from webapp.review.assignment.leases import lease_end
from webapp.review.cards.context import CardContext, card_context
from webapp.review.consensus.standings import query_recount
from webapp.review.models import Decision, FurtherMatch, Remark
from webapp.search.carvings import fits_of, proposals_of
from webapp.search.fits import Fit


class CardChanged(Conflict):
    """The answer is to a card that is not as it was. context: as it is now."""

    code = "card_changed"
    retryable = False

    def __init__(self, context: CardContext) -> None:
        super().__init__("the card has changed", hint="look again, or send your answer anyway")
        self.context = context


def decision_record(
    *, query: Query, annotator, answer: Answer, version: str = "", client_key: uuid.UUID | None = None
) -> Decision:
    """Write down an answer, stamped with the release whose suggestions were shown.

    answer: its items are any ready ones of the gallery.
    version: of the card that was answered; empty where the answer is meant however the card is now.
    client_key: the same answer sent again with its key is written once, and the first one is returned.

    Raises:
        Refused: the fields do not fit together, or the query could not be read.
        Forbidden: the batch is assigned to others.
        CardChanged: ``version`` is not the card's any more.
        Conflict: the query waits for its picture, was settled or deleted, or the key was used for another
            answer.
    """
    if answer.verdict == Verdict.WITHDRAWN:
        raise Refused("an answer is undone, not sent as withdrawn", code="bad_verdict")
    answer.check()
    return _record(query, annotator, client_key, answer, version)


def decision_withdraw(*, query: Query, annotator, client_key: uuid.UUID | None = None) -> Decision:
    """Take back what ``annotator`` said last of the query, leaving it unanswered by them.

    Where there is nothing to take back the last word is returned as it is.

    Raises:
        Refused: they never said anything of it.
        Conflict: the query was settled or deleted, or the key was used for another answer.
    """
    return _record(query, annotator, client_key, Answer(Verdict.WITHDRAWN), "")


def answer_write(*, query: Query, annotator, answer: Answer, **stamp: Any) -> Decision:
    """Write an answer's rows, unchecked, in the caller's transaction.

    Each match lies on the picture where the answer says, else where the search laid it.
    stamp: further columns of the decision: who gave the answer, where and when, is for the caller to know.
    """
    answer = _laid(query, answer)
    made = Decision.objects.create(query=query, annotator=annotator, **answer.columns(), **stamp)
    FurtherMatch.objects.bulk_create(
        FurtherMatch(
            decision=made,
            item=match.item,
            relation=match.relation,
            place=place,
            fit=match.fit and match.fit.stored(),
        )
        for place, match in enumerate(answer.also, 1)
    )
    if answer.flag:
        Remark.objects.create(query=query, annotator=annotator, decision=made, flag=True)
    return made


def _laid(query: Query, answer: Answer) -> Answer:
    """The answer, each of its matches with its place on the picture where that is known."""
    if answer.item is None:
        return answer
    fits = fits_of(query, [item.pk for item in answer.items])
    also = tuple(replace(one, fit=_laid_by(one.fit, one.item, fits)) for one in answer.also)
    return replace(answer, fit=_laid_by(answer.fit, answer.item, fits), also=also)


def _laid_by(given: Fit | None, item: Item, fits: Mapping[int, Fit]) -> Fit | None:
    """What was given, unless it is what the search found: that is nobody's own."""
    searched = fits.get(item.pk)
    if given is None or (searched is not None and given.transform == searched.transform):
        return searched
    return given.kept_at(item.turn)


@transaction.atomic
def _record(query: Query, annotator, client_key, answer: Answer, version: str) -> Decision:
    locked = query_lock(query)
    if earlier := _sent_before(annotator, client_key):
        return _checked_same(earlier, query, answer)
    context = card_context(locked, annotator)
    if answer.verdict == Verdict.WITHDRAWN:
        if last := _already_withdrawn(context):
            return last
    else:
        _check_open(context, answer)
    _check_card(context, version)
    try:
        with transaction.atomic():
            made = _write(context, client_key, answer)
    except IntegrityError:  # the same key, at the same moment, for another query
        if earlier := _sent_before(annotator, client_key):
            return _checked_same(earlier, query, answer)
        raise
    standing = query_recount(query=locked)
    query.answered = standing.label is not None
    made.query = query
    return made


def _write(context: CardContext, client_key, answer: Answer) -> Decision:
    """The answer's rows; and the card leaves the annotator's hands."""
    return answer_write(
        query=context.query,
        annotator=context.user,
        answer=answer,
        client_key=client_key,
        release=_shown_release(context.query),
        blind=context.blind,
        gold=context.gold,
        dealt=lease_end(query=context.query, holder=context.user),
        proposed=_proposed(context, answer),
    )


def _proposed(context: CardContext, answer: Answer) -> str:
    """The relation that the card proposed for the item chosen. A blind card proposes none, nor does one whose
    suggestions nobody was shown.
    """
    if answer.item is None or answer.shown is None or context.blind:
        return ""
    return proposals_of(context.query, [answer.item.pk]).get(answer.item.pk, "")


def query_lock(query: Query) -> Query:
    """One answer at a time for a query: two of them must not count past each other.

    Raises:
        Conflict: the query was deleted meanwhile.
    """
    locked = Query.objects.select_for_update().defer("vector").filter(pk=query.pk).first()
    if locked is None:
        raise _gone()
    return locked


def _gone() -> Conflict:
    return Conflict("the picture was deleted meanwhile", hint="reload the page", code="gone", retryable=False)


def _sent_before(annotator, client_key) -> Decision | None:
    return client_key and Decision.objects.filter(annotator=annotator, client_key=client_key).first()


def _checked_same(earlier: Decision, query: Query, answer: Answer) -> Decision:
    if not same_answer(earlier, query.pk, answer):
        raise Conflict(
            "this key was used for another answer already",
            hint="send each answer with a key of its own",
            code="key_used",
            retryable=False,
        )
    return earlier


def _already_withdrawn(context: CardContext) -> Decision | None:
    mine = context.own_decisions
    if not mine:
        raise Refused("there is no answer to undo", code="nothing_to_withdraw")
    if mine[-1].verdict == Verdict.WITHDRAWN:
        return mine[-1]
    _check_unsettled(context)
    return None


def _check_open(context: CardContext, answer: Answer) -> None:
    query = context.query
    if query.state == Query.State.WAITING:
        raise Conflict(f"{query.name} is still being matched", hint="wait a moment", code="not_ready")
    if query.state == Query.State.REJECTED:
        raise Refused(
            f"{query.name} could not be read: {query.error}", hint=query.hint, code="rejected_query"
        )
    if not blob_path(query.sha256).exists():
        raise _gone()
    if not context.gold and not may_answer(query.batch, context.user):
        hint = "ask its owner to assign it to you"
        raise Forbidden("this batch is assigned to others", hint=hint, code="not_assigned")
    _check_unsettled(context)
    for item in answer.items:
        if item.state != Item.State.READY:
            raise Refused(
                f"{item.name} is not in the gallery yet", hint="choose another item", code="bad_item"
            )


def _check_unsettled(context: CardContext) -> None:
    if context.settled:
        raise Conflict(
            "a reviewer has settled this picture",
            hint="continue with the next one",
            code="settled",
            retryable=False,
        )


def _check_card(context: CardContext, version: str) -> None:
    if version and version != context.version:
        raise CardChanged(context)


def _shown_release(query: Query) -> Release | None:
    """The release that made the suggestions; None where there are none to have been shown."""
    return Release.objects.filter(suggestion__query=query).order_by("-pk").first()
