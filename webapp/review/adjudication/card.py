"""One card of the second pass: all decisions on a query, and the items to settle it by."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from webapp.accounts.shortcuts import page_shortcuts
from webapp.batches.models import Query
from webapp.batches.pictures import picture_url as query_picture
from webapp.gallery.models import Item
from webapp.review.cards.payload import is_open_flag, item_body
from webapp.review.consensus.rule import answers_of
from webapp.review.models import Decision, FurtherMatch, Remark
from webapp.review.reasons import reasons_offered
from webapp.search.fits import PERSON

KEYS = "123456789"
"""The keys that settle a query by a choice: one for each of the first nine."""


@dataclass(frozen=True)
class Choice:
    """An item to settle by. rank: its key; 0 where no key is left. who: those whose answer names it.

    confidence: the suggestion's in [0, 1]; None where it was not suggested. gone: no longer in the gallery.
    """

    rank: int
    item: Item
    confidence: float | None
    who: tuple[str, ...]

    @property
    def gone(self) -> bool:
        return self.item.state != Item.State.READY


def choices_of(query: Query, extra: Item | None = None) -> list[Choice]:
    """Items suggested, then those that annotators chose, then ``extra``; each once.

    query: one of ``with_card_rows``.
    """
    items = {row.item_id: row.item for row in query.suggestions.all()}
    sure = {row.item_id: row.confidence for row in query.suggestions.all()}
    who: dict[int, list[str]] = {}
    for answer in answers_of(query.decisions.all(), reopened=query.reopened):
        for item in _named(answer):
            items.setdefault(item.pk, item)
            who.setdefault(item.pk, []).append(answer.annotator.username)
    if extra is not None:
        items.setdefault(extra.pk, extra)
    return [
        Choice(rank if rank <= len(KEYS) else 0, item, sure.get(pk), tuple(who.get(pk, ())))
        for rank, (pk, item) in enumerate(items.items(), 1)
    ]


def earlier_decisions(query: Query, answers: list[Decision]) -> list[Decision]:
    """What annotators said before ``answers``. query: one of ``with_card_rows``."""
    rows = query.decisions.all()
    return [row for row in rows if row not in answers and not row.settles and not row.gold]


def open_flags(query: Query) -> list[Remark]:
    """Flags that still ask a reviewer to look. query: one of ``with_card_rows``."""
    return [row for row in query.remarks.all() if is_open_flag(row)]


def script_data(query: Query, choices: list[Choice], person, label: Decision | None) -> dict[str, Any]:
    """What the page's script is given: the print, where other items are asked for, the label's item, and the
    choices.
    """
    fits = _fits(query)
    return {
        "person": person.pk,
        "keys": page_shortcuts(person, "adjudication"),
        "reasons": reasons_offered(),
        "id": query.pk,
        "name": query.name,
        "image": query_picture(query),
        "width": query.width,
        "height": query.height,
        "label": label and label.item_id,
        "candidates": reverse("review:candidates", args=[query.pk]),
        "suggestions": [
            {
                "rank": choice.rank,
                "item": item_body(choice.item),
                "confidence": choice.confidence,
                "fit": fits.get(choice.item.pk),
                "gone": choice.gone,
            }
            for choice in choices
            if choice.rank
        ],
    }


def _fits(query: Query) -> dict[int, Any]:
    """Where items lie on the picture: as annotators put them, else as the search laid them."""
    fits = {row.item_id: row.laid for row in query.suggestions.all()}
    for answer in answers_of(query.decisions.all(), reopened=query.reopened):
        matches: list[Decision | FurtherMatch] = [answer, *answer.also.all()]
        chosen = [match for match in matches if match.fit and match.fit["by"] == PERSON]
        fits |= {match.item_id: match.laid for match in chosen if match.item_id}
    return {item: fit and fit.stored() for item, fit in fits.items()}


def _named(answer: Decision) -> list[Item]:
    return [answer.item, *(row.item for row in answer.also.all())] if answer.item else []
