"""What a search hands over to be written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from webapp.search.fits import Fit


@dataclass(frozen=True)
class Hit:
    """One item found for a query; as in ``Suggestion``. exemplar_id: the id of the query.

    fit: None where the item was not laid over the picture, or lies nowhere on it.
    """

    item_id: int
    distance: float
    confidence: float
    mirrored: bool
    exemplar_id: int | None = None
    fit: Fit | None = None
    proposed: str = ""
    proposed_probability: float | None = None
    placed: bool = False

    def short(self) -> list[Any]:
        """As one of forty carvings of a query is kept: some 90 bytes, without what follows from the query."""
        fit = self.fit and self.fit.stored()
        numbers = [*fit["transform"], fit["agreement"], fit["residual"], fit.get("turn")] if fit else []
        sure = None if self.proposed_probability is None else round(self.proposed_probability, 3)
        return [self.item_id, round(self.distance, 4), int(self.mirrored), self.proposed, sure, *numbers]

    @classmethod
    def of_short(cls, kept: Sequence[Any]) -> "Hit":
        """The inverse; no confidence was kept."""
        item, distance, mirrored, proposed, sure, *numbers = kept
        fit = _fit(*numbers) if numbers else None
        return cls(item, distance, 0.0, bool(mirrored), None, fit, proposed, sure)


def _fit(*numbers: Any) -> Fit:
    """turn: missing in what earlier versions wrote."""
    agreement, residual, turn = (*numbers[6:], None)[:3]
    return Fit(tuple(numbers[:6]), agreement, residual, turn=turn)


@dataclass(frozen=True)
class Registered:
    """What the second stage did; as in ``SecondStage``. carvings: beyond the five, the best fit first."""

    outcome: str
    carvings: Sequence[Hit] = ()
