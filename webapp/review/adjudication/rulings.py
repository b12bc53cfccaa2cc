"""A reviewer's second pass: approving a label, sending a query back, settling it. And gold cards."""

from dataclasses import dataclass, replace

from django.db import transaction
from django.db.models import Max

from webapp.batches.models import Query
from webapp.core.errors import Conflict, Refused
from webapp.core.permissions import require_reviewer
from webapp.gallery.models import Item
from webapp.review.answer import Answer, Verdict, check_text
from webapp.review.answering.remarks import flags_resolve
from webapp.review.answering.services import answer_write, query_lock
from webapp.review.consensus.standings import query_recount, standings
from webapp.review.models import Decision, Gold, Lease, Ruling
from webapp.search.fits import Fit

Kind = Ruling.Kind


@dataclass(frozen=True)
class QueryState:
    """What a reviewer had before them. decisions, ruling: the newest ids then; 0 where there was none."""

    decisions: int
    ruling: int

    @property
    def token(self) -> str:
        return f"{self.decisions}-{self.ruling}"


def state_of(query: Query) -> QueryState:
    """What a reviewer who looks now has before them."""
    decisions = query.decisions.aggregate(newest=Max("pk"))["newest"]
    ruling = query.rulings.aggregate(newest=Max("pk"))["newest"]
    return QueryState(decisions or 0, ruling or 0)


@transaction.atomic
def ruling_approve(
    *, query: Query, reviewer, comment: str = "", seen: str = "", fit: Fit | None = None
) -> Ruling:
    """The label is right: later answers do not change it. Flags are dealt with.

    seen: the ``token`` of what the reviewer saw; empty where the ruling is meant however it is now.
    fit: where the reviewer moved the label's item; the label is then written anew with that place.

    Raises:
        PermissionDenied: not a reviewer.
        Conflict: somebody has answered or decided meanwhile, or the query is gone.
        Refused: there is no label, or no item of it that could be moved.
    """
    locked = _opened(query, reviewer, comment, seen)
    label = standings([locked])[locked.pk].label
    if label is None:
        raise Refused("there is no label to approve", hint="settle it or send it back", code="no_label")
    return _rule(locked, reviewer, Kind.APPROVE, _moved(locked, reviewer, label, fit), comment)


@transaction.atomic
def ruling_settle(*, query: Query, reviewer, answer: Answer, seen: str = "") -> Ruling:
    """The reviewer's own word is the label, whatever annotators said. Flags are dealt with.

    answer: a match with its item, or none with its reason; its comment is the ruling's.

    Raises:
        PermissionDenied: not a reviewer.
        Conflict: somebody has answered or decided meanwhile, or the query is gone.
        Refused: the answer settles nothing, or its words do not fit together.
    """
    answer.check()
    if answer.verdict not in (Verdict.MATCH, Verdict.NONE):
        raise Refused("a picture is settled by a match, or by none", code="bad_verdict")
    if any(item.state != Item.State.READY for item in answer.items):
        raise Refused("the item is not in the gallery yet", hint="choose another item", code="bad_item")
    locked = _opened(query, reviewer, answer.comment, seen)
    made = answer_write(query=locked, annotator=reviewer, answer=answer, settles=True)
    return _rule(locked, reviewer, Kind.SETTLE, made, answer.comment)


@transaction.atomic
def ruling_send_back(*, query: Query, reviewer, comment: str, seen: str = "") -> Ruling:
    """Ask the annotators again, with ``comment`` beside the card. Answers given so far count no more.

    Raises:
        PermissionDenied: not a reviewer.
        Conflict: somebody has answered or decided meanwhile, or the query is gone.
        Refused: there is no comment to say why.
    """
    if not comment.strip():
        raise Refused("write what the annotators should look at", code="no_comment")
    locked = _opened(query, reviewer, comment, seen)
    locked.reopened = state_of(locked).decisions
    locked.save(update_fields=["reopened"])
    Lease.objects.filter(query=locked).delete()
    Gold.objects.filter(query=locked).delete()
    return _rule(locked, reviewer, Kind.SEND_BACK, None, comment)


@transaction.atomic
def flags_lower(*, query: Query, reviewer) -> int:
    """A reviewer has looked, and there is nothing to rule. Returns how many flags were open.

    Raises:
        PermissionDenied: not a reviewer.
    """
    require_reviewer(reviewer)
    return flags_resolve(query=query_lock(query), reviewer=reviewer)


def _opened(query: Query, reviewer, comment: str, seen: str) -> Query:
    """The query, locked, if ``reviewer`` may rule on it and has it before them as it is."""
    require_reviewer(reviewer)
    check_text(comment)
    locked = query_lock(query)
    if locked.state != Query.State.READY:
        raise Conflict(f"{locked.name} is not ready", hint="wait a moment", code="not_ready")
    if seen and seen != state_of(locked).token:
        raise Conflict(
            "somebody has answered or decided meanwhile",
            hint="look again",
            code="card_changed",
            retryable=False,
        )
    return locked


def _moved(query: Query, reviewer, label: Decision, fit: Fit | None) -> Decision:
    """The label; where its item was moved, the same answer with that place, in the reviewer's name."""
    if fit is None:
        return label
    answer = replace(Answer.of(label), fit=fit, comment="", flag=False, shown=None)
    answer.check()
    return answer_write(query=query, annotator=reviewer, answer=answer, settles=True)


def _rule(query: Query, reviewer, kind: str, decision: Decision | None, comment: str) -> Ruling:
    made = Ruling.objects.create(
        query=query, reviewer=reviewer, kind=kind, decision=decision, comment=comment.strip()
    )
    flags_resolve(query=query, reviewer=reviewer)
    query_recount(query=query)
    return made
