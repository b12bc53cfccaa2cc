"""An answer before it is written down: its fields, and whether they fit together."""

from dataclasses import dataclass, fields
from typing import Any

from webapp.core.errors import Refused
from webapp.gallery.models import Item
from webapp.review.models import Decision
from webapp.search.fits import Fit

Verdict = Decision.Verdict
MOST_COMMENT = 10_000
MOST_FURTHER = 20
MOST_SHOWN = 100


@dataclass(frozen=True)
class Match:
    """An item that the query matches, beside the answer's own. relation, fit: as an answer's."""

    item: Item
    relation: str = ""
    fit: Fit | None = None


@dataclass(frozen=True)
class Answer:
    """One person's answer to one query: the fields that ``Decision`` keeps, and nothing of who and when.

    A field of the same name as a column of ``Decision`` is written, shown by the API and by the card from
    here on, without another line of code.

    verdict: as of ``Decision``. item: the match, with the verdict "match" alone. relation: of a match.
    reason: of "none". comment: for everybody who sees the card. also: further matches. flag: whether a
    reviewer should look. shown: ids of the suggested items in the order shown; None where that is unknown.
    fit: where the item lies on the picture, if somebody moved it; None for where the search laid it.
    """

    verdict: str
    item: Item | None = None
    relation: str = ""
    reason: str = ""
    comment: str = ""
    also: tuple[Match, ...] = ()
    flag: bool = False
    shown: tuple[int, ...] | None = None
    fit: Fit | None = None

    @classmethod
    def of(cls, decision: Decision) -> "Answer":
        """The answer that a decision keeps."""
        return cls(
            **{name: getattr(decision, name) for name in COLUMNS if name != "fit"},
            fit=decision.laid,
            also=tuple(Match(row.item, row.relation, row.laid) for row in decision.also.all()),
            flag=hasattr(decision, "remark") and decision.remark.flag,
        )

    def columns(self) -> dict[str, Any]:
        """The values of the columns of ``Decision``."""
        return {name: getattr(self, name) for name in COLUMNS} | {"fit": self.fit and self.fit.stored()}

    @property
    def items(self) -> list[Item]:
        """All items it names, its own first."""
        return [self.item, *(match.item for match in self.also)] if self.item else []

    def check(self) -> None:
        """Whether the fields fit together.

        Raises:
            Refused: they do not.
        """
        self._check_verdict()
        self._check_relation(self.relation)
        self._check_fit(self.fit)
        if self.reason and (self.verdict != Verdict.NONE or self.reason not in Decision.Reason.values):
            hint = f"with the verdict none, one of {', '.join(Decision.Reason.values)}"
            raise Refused(f"the reason {self.reason!r} does not fit", hint=hint, code="bad_reason")
        check_text(self.comment)
        self._check_also()
        if self.shown is not None and len(self.shown) > MOST_SHOWN:
            raise Refused("more items were shown than there are suggestions", code="bad_shown")

    def _check_verdict(self) -> None:
        if self.verdict not in Verdict.values:
            hint = "say match, none, unsure or skip"
            raise Refused(f"{self.verdict!r} is not a verdict", hint=hint, code="bad_verdict")
        if (self.verdict == Verdict.MATCH) == (self.item is not None):
            return
        none = f"the verdict {self.verdict!r} has no item"
        what = "a match names its item" if self.item is None else none
        raise Refused(what, hint="send item with the verdict match, and only with it", code="bad_item")

    def _check_relation(self, relation: str) -> None:
        if relation and (self.verdict != Verdict.MATCH or relation not in Decision.Relation.values):
            hint = f"with the verdict match, one of {', '.join(Decision.Relation.values)}"
            raise Refused(f"the relation {relation!r} does not fit", hint=hint, code="bad_relation")

    def _check_fit(self, fit: Fit | None) -> None:
        if fit and (self.verdict != Verdict.MATCH or not fit.is_sound):
            hint = "with the verdict match, six numbers that turn nothing into a line"
            raise Refused("the place on the picture does not fit", hint=hint, code="bad_fit")

    def _check_also(self) -> None:
        if not self.also:
            return
        named = [item.pk for item in self.items]
        if self.verdict != Verdict.MATCH or len(set(named)) < len(named) or len(self.also) > MOST_FURTHER:
            hint = f"with the verdict match, up to {MOST_FURTHER} items, each of them once"
            raise Refused("the additional matches do not fit", hint=hint, code="bad_also")
        for match in self.also:
            self._check_relation(match.relation)
            self._check_fit(match.fit)


COLUMNS = tuple(
    field.name
    for field in fields(Answer)
    if field.name in {column.name for column in Decision._meta.concrete_fields}
)
"""The fields of an answer that are columns of ``Decision``; the others have rows of their own."""


def check_text(text: str) -> None:
    """Whether a comment can be kept.

    Raises:
        Refused: it cannot.
    """
    if len(text) > MOST_COMMENT or "\0" in text:
        raise Refused(
            "the comment is too long", hint=f"{MOST_COMMENT} characters are the most", code="bad_comment"
        )


def same_answer(decision: Decision, query_id: int, answer: Answer) -> bool:
    """Whether a decision is this answer to this query, as far as verdict and items go."""
    items = [item.pk for item in Answer.of(decision).items]
    return (decision.query_id, decision.verdict, items) == (
        query_id,
        answer.verdict,
        [item.pk for item in answer.items],
    )
