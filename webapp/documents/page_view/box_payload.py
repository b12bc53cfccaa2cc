"""Boxes as the page view gets them: their places, and what was found and said of their characters."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.urls import reverse

from webapp.batches.models import Query
from webapp.pages.boxes.place import box_place
from webapp.pages.boxes.states import STATE_FIELDS, box_state
from webapp.pages.models import Box, Page
from webapp.pages.selectors import may_edit, page_boxes, page_jobs
from webapp.pages.tiles import tiles_address
from webapp.review.cards.blind import is_blind
from webapp.review.consensus.labels import labels_among
from webapp.review.models import Decision
from webapp.search.models import Suggestion

_QUERY_FIELDS = (*STATE_FIELDS, "wanting", "answers")


@dataclass(frozen=True)
class Label:
    """What a box was answered with. character: empty where it is unknown, or nothing matched."""

    character: str
    given: datetime


@dataclass(frozen=True)
class BoxContext:
    """What one person may know of some boxes. queries: rows of ``_QUERY_FIELDS``. All by the query's id.

    suggested: the character of the first suggestion; missing where it would lead the person.
    """

    queries: dict[int, dict[str, Any]]
    labels: dict[int, Label]
    suggested: dict[int, str]
    address: str

    @classmethod
    def of(cls, page: Page, boxes: Iterable[Box], user) -> "BoxContext":
        """In a fixed number of database queries, however many boxes."""
        batch = page.document.batch
        pks = [box.query_id for box in boxes if box.query_id]
        rows = Query.everything.filter(pk__in=pks).values(*_QUERY_FIELDS)
        queries = {row["pk"]: row for row in rows}
        own = _answered_by(user, pks)
        hidden = {pk for pk in queries if pk not in own and is_blind(pk, user.pk, batch.blind_share)}
        if batch.hidden:
            secret = {pk for pk, row in queries.items() if row["wanting"] and not row["settled"]}
        else:
            secret = set()
        answered = [pk for pk, row in queries.items() if row["answered"] and pk not in hidden | secret]
        return cls(
            queries,
            _labels(answered),
            _suggested([pk for pk in pks if pk not in hidden]),
            reverse("review:page", args=[batch.pk]),
        )


def page_body(page: Page, user) -> dict[str, Any]:
    """A page with all its boxes."""
    boxes = list(page_boxes(page))
    bodies = boxes_body(page, boxes, user)
    return {
        "version": page.version,
        "state": page.state,
        "width": page.width,
        "height": page.height,
        "angle": page.angle,
        "turn": page.turn,
        "turned_by": page.turned_by,
        "finding": page.finding,
        "tiles": tiles_address(page),
        "boxes": bodies,
        "seen": seen_digest(bodies),
        "jobs": {"waiting": page_jobs(page) + _waiting(bodies)},
        "can_edit": may_edit(page.document, user),
    }


def changes_body(page: Page, user, *, since: int, seen: str) -> dict[str, Any]:
    """What a page that knows version ``since`` must learn.

    seen: the digest of what it knows of its boxes. Where that is not theirs now, all boxes are given.
    """
    boxes = list(Box.objects.filter(page=page).order_by("order", "pk"))
    live = [box for box in boxes if not box.deleted]
    bodies = boxes_body(page, live, user)
    now = seen_digest(bodies)
    changed = {box.pk for box in live if box.version > since}
    return {
        "version": page.version,
        "state": page.state,
        "boxes": [body for body in bodies if now != seen or body["id"] in changed],
        "removed": [box.pk for box in boxes if box.deleted and box.version > since],
        "seen": now,
        "jobs": {"waiting": page_jobs(page) + _waiting(bodies)},
    }


def boxes_body(page: Page, boxes: Iterable[Box], user) -> list[dict[str, Any]]:
    """Boxes, in the order given."""
    boxes = list(boxes)
    context = BoxContext.of(page, boxes, user)
    return [_box_body(box, context) for box in boxes]


def seen_digest(bodies: list[dict[str, Any]]) -> str:
    """Changes when anything is found or said of a box."""
    shown = [
        (body["id"], body["state"], body["character"], body["suggested"], body["proposal"], body["moved"])
        for body in bodies
    ]
    return hashlib.sha256(repr(shown).encode()).hexdigest()[:16]


def _box_body(box: Box, context: BoxContext) -> dict[str, Any]:
    pk = box.query_id or 0
    row, label = context.queries.get(pk), context.labels.get(pk)
    ready = row is not None and row["state"] == Query.State.READY
    return {
        **box_place(box),
        "state": box_state(box, row),
        "character": label.character if label else "",
        "proposal": box.proposal,
        "suggested": context.suggested.get(pk, "") if ready else "",
        "moved": _is_moved(box, label),
        "query": box.query_id,
        "card": f"{context.address}?query={pk}" if ready and not box.not_character else None,
    }


def _is_moved(box: Box, label: Label | None) -> bool:
    """Whether the box was moved far from what was answered, and not answered again since."""
    if not box.moved or box.moved_from is None:
        return False
    return label is None or label.given < datetime.fromisoformat(box.moved_from["at"])


def _waiting(bodies: list[dict[str, Any]]) -> int:
    return sum(body["state"] == "waiting" for body in bodies)


def _answered_by(user, pks: list[int]) -> set[int]:
    """Of these queries, those whose last word by ``user`` stands."""
    own = Decision.objects.filter(query__in=pks, annotator=user, settles=False).order_by("pk")
    last = dict(own.values_list("query", "verdict"))
    return {pk for pk, verdict in last.items() if verdict != Decision.Verdict.WITHDRAWN}


def _labels(pks: list[int]) -> dict[int, Label]:
    labels = labels_among(pks) if pks else {}
    rows = Decision.objects.filter(pk__in=[label.pk for label in labels.values()])
    found = rows.values_list("query", "item__character", "created")
    return {query: Label(character or "", created) for query, character, created in found}


def _suggested(pks: list[int]) -> dict[int, str]:
    return dict(Suggestion.objects.filter(query__in=pks, rank=1).values_list("query", "item__character"))
