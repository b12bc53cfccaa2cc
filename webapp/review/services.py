"""All that is ever done to a decision: it is written, once. Taking one back is writing another."""

import uuid

from django.db import IntegrityError, transaction

from webapp.batches.models import Query
from webapp.batches.services import query_mark_answered
from webapp.core.errors import Conflict, Refused
from webapp.gallery.models import Item
from webapp.registry.models import Release
from webapp.review.consensus import label_of
from webapp.review.models import Decision

Verdict = Decision.Verdict
_MOST_COMMENT = 10_000


def decision_record(
    *,
    query: Query,
    annotator,
    verdict: str,
    item: Item | None = None,
    relation: str = "",
    reason: str = "",
    comment: str = "",
    client_key: uuid.UUID | None = None,
) -> Decision:
    """Write down an answer, stamped with the release whose suggestions were shown.

    item: the match, any item of the gallery that is ready; for the verdict "match" alone. relation: of
    a match. reason: of "none". client_key: the same answer sent again with its key is written once, and
    the first one is returned.

    Raises:
        Refused: the words do not fit together, or the query has no picture.
        Conflict: the query waits for its picture, or the key was used for another answer.
    """
    if verdict == Verdict.WITHDRAWN:
        raise Refused("an answer is taken back, not given as withdrawn", code="bad_verdict")
    _check_words(verdict, item, relation, reason, comment)
    return _record(
        query=query,
        annotator=annotator,
        client_key=client_key,
        values={"verdict": verdict, "item": item, "relation": relation, "reason": reason, "comment": comment},
    )


def decision_withdraw(*, query: Query, annotator, client_key: uuid.UUID | None = None) -> Decision:
    """Take back what ``annotator`` said last of the query, leaving it unanswered by them.

    Where there is nothing to take back the last word is returned as it is.

    Raises:
        Refused: they never said anything of it.
        Conflict: the key was used for another answer.
    """
    values = {"verdict": Verdict.WITHDRAWN, "item": None, "relation": "", "reason": "", "comment": ""}
    return _record(query=query, annotator=annotator, client_key=client_key, values=values)


@transaction.atomic
def _record(*, query: Query, annotator, client_key, values: dict) -> Decision:
    locked = _lock(query)
    if known := _sent_before(annotator, client_key):
        return _same_answer(known, query, values)
    if values["verdict"] == Verdict.WITHDRAWN:
        last = Decision.objects.filter(query=query, annotator=annotator).order_by("-pk").first()
        if last is None:
            raise Refused("there is no answer to take back", code="nothing_to_withdraw")
        if last.verdict == Verdict.WITHDRAWN:
            return last
    else:
        _check_open(locked, values["item"])
    try:
        with transaction.atomic():
            made = Decision.objects.create(
                query=locked,
                annotator=annotator,
                client_key=client_key,
                release=_shown_release(locked),
                **values,
            )
    except IntegrityError:  # the same key, at the same moment, for another query
        if known := _sent_before(annotator, client_key):
            return _same_answer(known, query, values)
        raise
    query_mark_answered(query=query, answered=label_of(Decision.objects.filter(query=locked)) is not None)
    made.query = query
    return made


def _lock(query: Query) -> Query:
    """One answer at a time for a query: two of them must not count past each other.

    Raises:
        Conflict: the query was deleted meanwhile.
    """
    locked = Query.objects.select_for_update().filter(pk=query.pk).first()
    if locked is None:
        raise Conflict(
            "the picture was deleted meanwhile", hint="reload the page", code="gone", retryable=False
        )
    return locked


def _sent_before(annotator, client_key) -> Decision | None:
    return client_key and Decision.objects.filter(annotator=annotator, client_key=client_key).first()


def _same_answer(known: Decision, query: Query, values: dict) -> Decision:
    item = values["item"]
    told = (query.pk, values["verdict"], item and item.pk)
    if (known.query_id, known.verdict, known.item_id) != told:
        raise Conflict(
            "this key was used for another answer already",
            hint="send each answer with a key of its own",
            code="key_used",
            retryable=False,
        )
    return known


def _check_words(verdict: str, item: Item | None, relation: str, reason: str, comment: str) -> None:
    if verdict not in Verdict.values:
        raise Refused(
            f"{verdict!r} is no verdict", hint="say match, none, unsure or skip", code="bad_verdict"
        )
    if (verdict == Verdict.MATCH) != (item is not None):
        what = "a match names its item" if item is None else f"the verdict {verdict!r} names no item"
        raise Refused(what, hint="send item with the verdict match, and only with it", code="bad_item")
    if relation and (verdict != Verdict.MATCH or relation not in Decision.Relation.values):
        hint = f"with the verdict match, one of {', '.join(Decision.Relation.values)}"
        raise Refused(f"the relation {relation!r} does not fit", hint=hint, code="bad_relation")
    if reason and (verdict != Verdict.NONE or reason not in Decision.Reason.values):
        hint = f"with the verdict none, one of {', '.join(Decision.Reason.values)}"
        raise Refused(f"the reason {reason!r} does not fit", hint=hint, code="bad_reason")
    if len(comment) > _MOST_COMMENT or "\0" in comment:
        raise Refused(
            "the comment is too long", hint=f"{_MOST_COMMENT} characters are the most", code="bad_comment"
        )


def _check_open(query: Query, item: Item | None) -> None:
    if query.state == Query.State.WAITING:
        raise Conflict(f"{query.name} is still being matched", hint="wait a moment", code="not_ready")
    if query.state == Query.State.REJECTED:
        raise Refused(
            f"{query.name} could not be read: {query.error}", hint=query.hint, code="rejected_query"
        )
    if item and item.state != Item.State.READY:
        raise Refused(f"{item.name} is not in the gallery yet", hint="choose another item", code="bad_item")


def _shown_release(query: Query) -> Release | None:
    """The release that made the suggestions; None where there are none to have been shown."""
    return Release.objects.filter(suggestion__query=query).order_by("-pk").first()
