"""The replayed session, on sets made by hand."""

import json

import numpy as np
import pytest

from retrieval.report.learning import measured, table
from retrieval.report.replay import Sitting, replay


def sitting():
    """Queries 0 and 1 show the same character, which the search takes for another; 2 is found at once."""
    own = np.array([[0.6, 0.5, 0.9], [0.6, 0.5, 0.9], [0.9, 0.9, 0.1]])
    alike = np.array([[0.0, 0.05, 0.95], [0.05, 0.0, 0.95], [0.95, 0.95, 0.0]])
    right = np.array([[True, False, False], [True, False, False], [False, False, True]])
    return Sitting(own, alike, right, np.array([0x4E00, 0x4E01, 0x4E02]))


def test_an_answer_helps_the_query_that_is_like_it():
    curve = replay(sitting(), [0, 1, 2], [0, 1, 2])
    assert curve.worth[0].tolist() == [0.5, 0.5, 1.0]
    assert np.isnan(curve.worth[1, 0])
    assert curve.worth[1, 1:].tolist() == [1.0, 1.0]
    assert curve.met.tolist() == [[False] * 3, [True, True, False], [True, True, False]]


def test_a_wrong_answer_does_not_help_nor_reach_what_is_unlike():
    curve = replay(sitting(), [0, 1, 2], [1], wrong=frozenset({0}))
    assert curve.worth[0, 1:].tolist() == [0.5, 1.0]


def test_what_is_measured_adds_up_and_is_the_same_each_time():
    one, again = measured(sitting(), orders=3), measured(sitting(), orders=3)
    assert json.dumps(one) == json.dumps(again)
    first, last = one["points_in_order"][0], one["points_in_order"][-1]
    assert (first["answers"], first["queries"]) == (0, 3)
    assert first["gain"]["mean"] == 0
    assert first["without"] == pytest.approx(2 / 3)
    assert (last["answers"], last["queries"], last["with"]) == (2, 1, 1.0)
    assert "| answers |" in table(one)
