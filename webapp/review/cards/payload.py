"""One card as the review page gets it: a query, its suggestions, and what the person may know of it."""

from collections.abc import Container, Iterable
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from webapp.batches.models import Batch, Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.characters.readings import readings_of
from webapp.core.templatetags.characters import glyph_url
from webapp.gallery.models import Item
from webapp.gallery.pictures import picture_url as item_picture
from webapp.review.answer import Answer
from webapp.review.cards.context import CardContext, card_context, with_card_rows
from webapp.review.models import Decision, Remark
from webapp.search.fits import Fit
from webapp.search.models import Suggestion


def card_of(query: Query, user, *, batch: Batch | None = None) -> dict[str, Any]:
    """A query with its suggestions, and what ``user`` last said of it. See ``card_body``."""
    return card_body(card_context(query, user), batch)


def cards_of(
    queries: QuerySet[Query], user, *, batch: Batch | None = None, order: Iterable[int] = ()
) -> list[dict[str, Any]]:
    """The cards of ``queries``, those in ``order`` first; in a fixed number of database queries."""
    cards = {query.pk: card_body(CardContext(query, user), batch) for query in with_card_rows(queries)}
    ordered = [cards.pop(pk) for pk in order if pk in cards]
    return ordered + list(cards.values())


def card_body(context: CardContext, batch: Batch | None = None) -> dict[str, Any]:
    """The card. batch: the one that is being answered, where it is not the query's own: on a gold card.

    further: how many carvings of the first one's character there are beyond the five, at ``carvings``.
    found: the item they chose, where it is none of the suggestions. version: to be sent with the answer.
    blind: the order is shuffled, ranks are places, distances, confidences, exemplars and fits are null, and
    no relation is proposed, and it is not said that a page's block moved one up. others:
    what other people say of it; null while they are hidden. sent_back: a reviewer's question, answered by
    answering.
    """
    query, user = context.query, context.user
    address = reverse("review:answer", args=[query.pk])
    return {
        "id": query.pk,
        "name": query.name,
        "image": query_picture(query),
        "width": query.width,
        "height": query.height,
        "answered": context.own is not None if context.gold else query.answered,
        "answer": f"{address}?batch={batch.pk if batch else query.batch_id}",
        "remark": reverse("review:remark", args=[query.pk]),
        "suggestions": [_suggestion(row, place, context) for place, row in enumerate(context.suggestions, 1)],
        "decision": decision_body(context.own, among={row.item_id for row in context.suggestions}),
        "found": _found(context),
        "candidates": reverse("review:candidates", args=[query.pk]),
        "carvings": reverse("review:carvings", args=[query.pk]),
        "further": 0 if context.blind else context.further_carvings,
        "version": context.version,
        "blind": context.blind,
        "settled": context.settled,
        "flagged": any(is_open_flag(row) for row in query.remarks.all() if _is_for(user, row, context)),
        "comments": _comments(context),
        "others": None if context.hides_others else [_other(answer) for answer in context.others_answers],
        "sent_back": _sent_back(context),
    }


def decision_body(decision: Decision | None, *, among: Container[int] = ()) -> dict[str, Any] | None:
    """A decision as the page keeps it: the fields of its answer, but what was shown.

    also: further matches, with their items where they are not ``among`` those that the page has.
    """
    if decision is None or decision.verdict == Decision.Verdict.WITHDRAWN:
        return None
    answer = Answer.of(decision)
    fields = {name: value for name, value in vars(answer).items() if name != "shown"}
    fields["fit"] = _stored(answer.fit)
    also = [
        {
            "item": match.item.pk,
            "relation": match.relation,
            "fit": _stored(match.fit),
            "found": None if match.item.pk in among else item_body(match.item),
        }
        for match in answer.also
    ]
    return fields | {"item": decision.item_id, "also": also}


def is_open_flag(remark) -> bool:
    """Whether a reviewer is still asked to look."""
    return remark.flag and remark.resolved is None


def _found(context: CardContext) -> dict[str, Any] | None:
    decision = context.own
    if decision is None or decision.item is None:
        return None
    among = any(row.item_id == decision.item_id for row in context.suggestions)
    return None if among else item_body(decision.item)


def _suggestion(row: Suggestion, place: int, context: CardContext) -> dict[str, Any]:
    blind = context.blind
    return {
        "rank": place,
        "item": item_body(row.item),
        "distance": None if blind else row.distance,
        "confidence": None if blind else row.confidence,
        "mirrored": row.mirrored,
        "fit": None if blind else _stored(row.laid),
        "proposed": "" if blind else row.proposed,
        "placed": row.placed and not blind,
        "gone": row.item.state != Item.State.READY,
        "exemplar": None if blind or row.exemplar is None else _exemplar(row.exemplar, context),
    }


def _stored(fit: Fit | None) -> dict[str, Any] | None:
    return fit.stored() if fit else None


def _exemplar(query: Query, context: CardContext) -> dict[str, Any]:
    """The answered query whose picture drew the item nearer; unnamed where it is not for everybody's eyes.

    Those of other people's batches are not, nor gold cards, whose answers nobody may know.
    """
    user, batch = context.user, query.batch
    together = batch.pk == context.query.batch_id and not context.gold
    seen = together or batch.shared or batch.owner_id == user.pk or user.is_curator
    if not seen or query.in_trash or (hasattr(query, "gold") and not user.is_reviewer):
        return {"name": None, "image": None}
    return {"name": query.name, "image": query_picture(query)}


def _other(answer: Decision) -> dict[str, Any]:
    """Somebody else's answer, with as much of its item as must be known to show it."""
    item = answer.item and {
        "id": answer.item.pk,
        "name": answer.item.name,
        "character": answer.item.character,
    }
    return {
        "who": answer.annotator.username,
        "verdict": answer.verdict,
        "item": item,
        "reason": answer.reason,
    }


def _comments(context: CardContext) -> list[dict[str, Any]]:
    """What was written about the query, the oldest first: beside answers, with flags, by itself."""
    rows = [row for row in context.query.decisions.all() if row.comment and not row.settles]
    comments: list[tuple[datetime, Decision | Remark, str]] = [
        (row.created, row, row.comment) for row in rows
    ]
    comments += [(row.created, row, row.text) for row in context.query.remarks.all() if row.text]
    return [
        {"who": row.annotator.username, "text": text, "created": created.isoformat()}
        for created, row, text in sorted(comments, key=lambda comment: comment[0])
        if _is_for(context.user, row, context)
    ]


def _sent_back(context: CardContext) -> dict[str, Any] | None:
    ruling = context.ruling
    if ruling is None or ruling.kind != ruling.Kind.SEND_BACK:
        return None
    who, created = ruling.reviewer.username, ruling.created.isoformat()
    return {"who": who, "text": ruling.comment, "created": created}


def _is_for(user, row, context: CardContext) -> bool:
    """Whether a remark or a decision's comment may be shown: one's own always."""
    return row.annotator_id == user.pk or not context.hides_others


def item_body(item: Item) -> dict[str, Any]:
    """An item as the page shows it."""
    pictures = {kind: item_picture(item, kind) for kind in ("thumbnail", "print", "viewer")}
    return {
        "id": item.pk,
        "name": item.name,
        "character": item.character,
        "codepoint": item.codepoint,
        "mirrored": item.is_mirrored,
        "glyph": glyph_url(item.character),
        "readings": [
            {"language": reading.language, "text": reading.text} for reading in readings_of(item.character)
        ],
        "page": reverse("gallery:detail", args=[item.pk]),
        **pictures,
    }
