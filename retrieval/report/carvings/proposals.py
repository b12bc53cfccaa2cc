"""How often what is proposed of the first item is right, where some galleries lack the very carving."""

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.rank import RankedPrint
from retrieval.register.relation import CANNOT_TELL, SAME_CARVING, SAME_CHARACTER

ABSENT = 0.25
"""The share of galleries that are without the very carving, as far as it is counted."""


@dataclass(frozen=True)
class Proposed:
    """What was proposed of the first item: see ``Proposal``. right: whether it printed the picture."""

    relation: str
    right: bool

    @classmethod
    def of(cls, found: RankedPrint, right: int) -> "Proposed":
        """Of one print's list. right: the very carving's item."""
        if not found.items:
            return cls(CANNOT_TELL, right=False)
        first = found.items[0]
        return cls(first.proposal.relation, first.item == right)


def proposal_scores(present: Sequence[Proposed], absent: Sequence[Proposed]) -> dict[str, float | None]:
    """Precision and recall of both relations, with one gallery in four that lacks the very carving.

    present, absent: of the same prints, asked of galleries with and without it, at least one of each.

    Returns "same_precision", "same_recall" (of all prints whose carving is there), "other_precision" and
    "other_recall" (of all whose first item is another carving); None where nothing is counted.
    """
    some = [(one, (1 - ABSENT) / len(present)) for one in present]
    some += [(one, ABSENT / len(absent)) for one in absent]
    same = [(one, share) for one, share in some if one.relation == SAME_CARVING]
    other = [(one, share) for one, share in some if one.relation == SAME_CHARACTER]
    same_right = sum(share for one, share in same if one.right)
    other_right = sum(share for one, share in other if not one.right)
    return {
        "same_precision": _share(same_right, sum(share for _, share in same)),
        "same_recall": same_right / (1 - ABSENT),
        "other_precision": _share(other_right, sum(share for _, share in other)),
        "other_recall": _share(other_right, sum(share for one, share in some if not one.right)),
    }


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None
