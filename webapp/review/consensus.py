"""What the decisions on a query add up to."""

from collections.abc import Iterable

from webapp.review.models import Decision

ANSWERS = (Decision.Verdict.MATCH, Decision.Verdict.NONE, Decision.Verdict.UNSURE)
"""The verdicts that say something about the query; "skip" puts it off, "withdrawn" takes an answer back."""


def current_of(decisions: Iterable[Decision]) -> dict[int, Decision]:
    """Each annotator's last word on one query, by the annotator's id."""
    current: dict[int, Decision] = {}
    for decision in sorted(decisions, key=lambda decision: decision.pk):
        current[decision.annotator_id] = decision
    return current


def label_of(decisions: Iterable[Decision]) -> Decision | None:
    """The label of one query: the newest answer among the annotators' last words; None without any.

    Who skipped, or withdrew, has no say: an answer of somebody else stands, an earlier one of their own
    does not. This is the project's rule, and the only place that knows it.
    """
    answers = [decision for decision in current_of(decisions).values() if decision.verdict in ANSWERS]
    return max(answers, key=lambda decision: decision.pk, default=None)
