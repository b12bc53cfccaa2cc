"""An answer in words, before it is written down: whether its words fit together."""

import uuid
from dataclasses import dataclass

from webapp.core.errors import Refused
from webapp.gallery.models import Item
from webapp.review.models import Decision

Verdict = Decision.Verdict
MOST_COMMENT = 10_000
MOST_FURTHER = 20
_MOST_SHOWN = 100


@dataclass(frozen=True)
class Match:
    """An item that the query matches, beside the answer's own. relation: as a decision's."""

    item: Item
    relation: str = ""


@dataclass(frozen=True)
class Answer:
    """What somebody says of a query, in the words of ``Decision``.

    also: further matches. flag: whether a reviewer should look. shown: ids of the suggested items in the
    order shown.
    """

    verdict: str
    item: Item | None = None
    relation: str = ""
    reason: str = ""
    comment: str = ""
    also: tuple[Match, ...] = ()
    flag: bool = False
    shown: tuple[int, ...] | None = None

    @property
    def items(self) -> list[Item]:
        """All items it names, its own first."""
        return [self.item, *(match.item for match in self.also)] if self.item else []

    def check(self) -> None:
        """Raises Refused where the words do not fit together."""
        self._check_verdict()
        self._check_relation(self.relation)
        if self.reason and (self.verdict != Verdict.NONE or self.reason not in Decision.Reason.values):
            hint = f"with the verdict none, one of {', '.join(Decision.Reason.values)}"
            raise Refused(f"the reason {self.reason!r} does not fit", hint=hint, code="bad_reason")
        check_text(self.comment)
        self._check_also()
        if self.shown is not None and len(self.shown) > _MOST_SHOWN:
            raise Refused("more items were shown than there are suggestions", code="bad_shown")

    def _check_verdict(self) -> None:
        if self.verdict not in Verdict.values:
            hint = "say match, none, unsure or skip"
            raise Refused(f"{self.verdict!r} is no verdict", hint=hint, code="bad_verdict")
        if (self.verdict == Verdict.MATCH) == (self.item is not None):
            return
        none = f"the verdict {self.verdict!r} names no item"
        what = "a match names its item" if self.item is None else none
        raise Refused(what, hint="send item with the verdict match, and only with it", code="bad_item")

    def _check_relation(self, relation: str) -> None:
        if relation and (self.verdict != Verdict.MATCH or relation not in Decision.Relation.values):
            hint = f"with the verdict match, one of {', '.join(Decision.Relation.values)}"
            raise Refused(f"the relation {relation!r} does not fit", hint=hint, code="bad_relation")

    def _check_also(self) -> None:
        if not self.also:
            return
        named = [item.pk for item in self.items]
        if self.verdict != Verdict.MATCH or len(set(named)) < len(named) or len(self.also) > MOST_FURTHER:
            hint = f"with the verdict match, up to {MOST_FURTHER} items, each of them once"
            raise Refused("the further matches do not fit", hint=hint, code="bad_also")
        for match in self.also:
            self._check_relation(match.relation)


def check_text(text: str) -> None:
    """Raises Refused where a comment cannot be kept."""
    if len(text) > MOST_COMMENT or "\0" in text:
        raise Refused(
            "the comment is too long", hint=f"{MOST_COMMENT} characters are the most", code="bad_comment"
        )


def same_answer(known: Decision, query_id: int, answer: Answer) -> bool:
    """Whether ``known`` is this answer to this query."""
    told = [known.item_id, *(match.item_id for match in known.also.all())] if known.item_id else []
    return (known.query_id, known.verdict, told) == (
        query_id,
        answer.verdict,
        [item.pk for item in answer.items],
    )


def key_of(word: str) -> uuid.UUID:
    """A client key from its text. Raises Refused where it is none."""
    try:
        return uuid.UUID(word)
    except ValueError:
        raise Refused("the answer has no key of its own", code="bad_client_key") from None
