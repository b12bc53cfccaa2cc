"""The constants of the second stage, fitted on cases."""

import numpy as np
import pytest

from retrieval.register import Registration
from retrieval.register.relation import CANNOT_TELL, SAME_CARVING, SAME_CHARACTER, propose
from retrieval.train.second_stage.calibrating import Case, fitted


def features(left, behind, rivals=True):
    return np.array([1.0, rivals, behind, np.log(left), 0.9])


@pytest.fixture(scope="module")
def calibration():
    """A good fit that is far ahead is right, a bad one wrong; between them, by lot."""
    random = np.random.default_rng(0)
    cases = [Case(features(0.15, random.uniform(0.6, 1)), True, 0.87) for _ in range(200)]
    cases += [Case(features(0.7, random.uniform(0, 0.1)), False, None) for _ in range(200)]
    cases += [Case(features(0.4, 0.3), bool(random.random() < 0.5), 0.62) for _ in range(100)]
    return fitted(cases, [0.1, 0.2, 0.3])


def fit(score):
    return Registration(np.eye(2, 3), score, 0.9, 0.1, 1.0, 9)


def test_all_three_are_said(calibration):
    assert propose(fit(0.87), [fit(0.7)], calibration).relation == SAME_CARVING
    assert propose(fit(0.3), [fit(0.28)], calibration).relation == SAME_CHARACTER
    assert propose(fit(0.62), [fit(0.48)], calibration).relation == CANNOT_TELL


def test_what_counts_as_a_fit_is_what_right_ones_reach(calibration):
    assert calibration.least_score == pytest.approx(0.62)
    assert calibration.alike == pytest.approx(0.101)
