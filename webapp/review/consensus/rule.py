"""What the decisions on a query add up to."""

from collections.abc import Iterable
from dataclasses import dataclass

from webapp.review.models import Decision, Ruling

ANSWERS = (Decision.Verdict.MATCH, Decision.Verdict.NONE, Decision.Verdict.UNSURE)
"""The verdicts that say something about the query; "skip" puts it off, "withdrawn" takes an answer back."""


@dataclass(frozen=True)
class Standing:
    """What the decisions on a query add up to.

    label: the decision that says it; None where there is none yet. answers: people whose answers count.
    agreement: the largest share of them that say the same, in (0, 1]; None without answers. disputed: all
    answers that are wanted are there, and add up to nothing. settled: a reviewer's ruling is the label.
    wanting: more answers are wanted. agreeing: people whose answers say what the label says.
    """

    label: Decision | None
    answers: int
    agreement: float | None
    disputed: bool
    settled: bool
    wanting: bool
    agreeing: int = 0


def standing_of(
    decisions: Iterable[Decision], *, wanted: int = 1, reopened: int = 0, ruling: Ruling | None = None
) -> Standing:
    """What one query's decisions add up to. This is the project's rule, and the only place that knows it.

    Each person's last word counts. Who skipped, or withdrew, has no say: an answer of somebody else stands,
    an earlier one of their own does not. Where one answer is wanted the newest is the label. Where more are,
    it is what more than half of them say, verdict and item, once all are there; else they are disputed. What
    a reviewer approved or settled is the label whatever is said, until a newer ruling.

    wanted: answers a query needs, by as many people. reopened: decisions up to this id were set aside when a
    reviewer sent the query back. ruling: the newest one, with its decision.
    """
    answers = answers_of(decisions, reopened=reopened)
    groups: dict[tuple, list[Decision]] = {}
    for answer in answers:
        groups.setdefault(vote_of(answer), []).append(answer)
    largest = max(groups.values(), key=len, default=[])
    label = ruling.decision if ruling else None
    settled, complete = label is not None, len(answers) >= wanted
    if not settled and complete:
        majority = largest if 2 * len(largest) > len(answers) else []
        label = max(answers if wanted == 1 else majority, key=lambda answer: answer.pk, default=None)
    return Standing(
        label=label,
        answers=len(answers),
        agreement=len(largest) / len(answers) if answers else None,
        disputed=complete and label is None,
        settled=settled,
        wanting=not settled and not complete,
        agreeing=len(groups.get(vote_of(label), ())) if label else 0,
    )


def label_of(decisions: Iterable[Decision], **rule) -> Decision | None:
    """The label of one query, by ``standing_of``; None without any."""
    return standing_of(decisions, **rule).label


def answers_of(decisions: Iterable[Decision], *, reopened: int = 0) -> list[Decision]:
    """The answers to one query that count, one a person, the oldest first."""
    words = current_of(decision for decision in decisions if decision.pk > reopened)
    return sorted(
        (word for word in words.values() if word.verdict in ANSWERS), key=lambda decision: decision.pk
    )


def current_of(decisions: Iterable[Decision]) -> dict[int, Decision]:
    """Each annotator's last word on one query, by the annotator's id; no gold cards, no rulings."""
    current: dict[int, Decision] = {}
    for decision in sorted(decisions, key=lambda decision: decision.pk):
        if not (decision.gold or decision.settles):
            current[decision.annotator_id] = decision
    return current


def vote_of(decision: Decision) -> tuple[str, int | None]:
    """What two answers must have in common to say the same: the verdict, and the item of a match."""
    return decision.verdict, decision.item_id


def items_right(label: Decision) -> set[int]:
    """Ids of the items that are right by a label: its own, and its further matches. Empty for none."""
    own = set() if label.item_id is None else {label.item_id}
    return own | {row.item_id for row in label.also.all()}


def agrees(answer: Decision, label: Decision) -> bool:
    """Whether an answer says what a label says: one of its items, or that there is none."""
    if label.verdict == Decision.Verdict.MATCH:
        return answer.item_id in items_right(label)
    return answer.verdict == label.verdict
