"""What a candidate was measured on besides, and must not forget: earlier test sides, and drawn characters."""

from dataclasses import dataclass

from webapp.training.models import Evaluation, Finished


@dataclass(frozen=True)
class FrozenSets:
    """waiting: how many are still being measured, or could not be. losses: change in MRR@5 on each other."""

    waiting: int
    losses: tuple[float, ...]

    @property
    def worst(self) -> float:
        """The least change; 0 where none was measured."""
        return min(self.losses, default=0.0)


def frozen_sets(evaluation: Evaluation) -> FrozenSets:
    """Other test sides that the same two models were asked, each by its newest evaluation.

    With them counts what the candidate's training found on drawn characters, if it began with the live one.
    """
    others = Evaluation.objects.filter(candidate=evaluation.candidate_id, live=evaluation.live_id)
    newest = {(one.snapshot_id, one.split): one for one in others.defer("error", "hint").order_by("pk")}
    newest.pop((evaluation.snapshot_id, evaluation.split), None)
    # A side without a query that can be asked says nothing for or against.
    ready = [one.results for one in newest.values() if one.state == Finished.READY and one.results]
    waiting = sum(one.state == Finished.WAITING for one in newest.values())
    losses = [results["gain"]["mrr_at_5"]["mean"] for results in ready]
    drawn = evaluation.candidate.record.get("drawn")
    if drawn and evaluation.candidate.record["base"]["fingerprint"] == evaluation.live.fingerprint:
        losses.append(round(drawn["mrr5"] - drawn["mrr5 before"], 4))
    return FrozenSets(waiting, tuple(losses))
