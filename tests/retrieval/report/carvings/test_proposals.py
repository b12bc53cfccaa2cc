"""Precision and recall of what is proposed, one gallery in four being without the very carving."""

import pytest

from retrieval.rank import RankedPrint
from retrieval.register.relation import CANNOT_TELL, SAME_CARVING, SAME_CHARACTER
from retrieval.report.carvings.proposals import Proposed, proposal_scores


def test_each_relation_has_its_precision_and_recall():
    present = [
        Proposed(SAME_CARVING, right=True),
        Proposed(SAME_CARVING, right=True),
        Proposed(CANNOT_TELL, right=True),
        Proposed(SAME_CHARACTER, right=False),
    ]
    absent = [
        Proposed(SAME_CARVING, right=False),
        Proposed(SAME_CHARACTER, right=False),
        Proposed(CANNOT_TELL, right=False),
        Proposed(CANNOT_TELL, right=False),
    ]
    found = proposal_scores(present, absent)
    # Each print in a gallery with its carving counts three times as much as in one without.
    assert found["same_precision"] == pytest.approx(6 / 7)
    assert found["same_recall"] == pytest.approx(2 / 4)
    assert found["other_precision"] == pytest.approx(1)
    assert found["other_recall"] == pytest.approx(4 / 7)


def test_where_nothing_is_proposed_nothing_is_right_or_wrong():
    nothing = [Proposed.of(RankedPrint([]), 3)]
    assert nothing == [Proposed(CANNOT_TELL, right=False)]
    found = proposal_scores(nothing, nothing)
    assert (found["same_precision"], found["other_precision"]) == (None, None)
    assert (found["same_recall"], found["other_recall"]) == (0, 0)
