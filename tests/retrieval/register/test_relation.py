"""What is proposed of the carving that fits best."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.register import PrintOver, Registration, print_form
from retrieval.register.calibration import Calibration, shipped_calibration
from retrieval.register.relation import CANNOT_TELL, SAME_CARVING, propose, same_probability
from tests.retrieval.register.pairs import carving, form, printed

HEIGHTS = [carving(seed) for seed in range(6)]
FORMS = [form(height) for height in HEIGHTS]


def fits(score, failed=""):
    return Registration(None if failed else np.eye(2, 3), score, score, 0.1, 1.0, 9, failed)


def proposed(gray, forms):
    found = sorted(PrintOver(print_form(gray)).register(forms), key=lambda one: -one.score)
    return propose(found[0], found[1:]).relation


@pytest.mark.parametrize("right", range(6))
def test_a_clean_print_of_a_carving_that_is_there(right):
    assert proposed(printed(HEIGHTS[right]), FORMS) == SAME_CARVING


def test_a_carving_that_is_not_there_is_seldom_said_to_be():
    said = []
    for right in range(6):
        others = [one for place, one in enumerate(FORMS) if place != right]
        said.append(proposed(printed(HEIGHTS[right]), others) == SAME_CARVING)
    assert sum(said) <= 2


@pytest.mark.parametrize("reason", ["astray", "no_ink"])
def test_what_failed_says_nothing(reason):
    assert propose(fits(0.0, reason), [fits(0.9)]).relation == CANNOT_TELL


@given(st.floats(0, 1), st.lists(st.floats(0, 1), max_size=6))
def test_a_nearer_rival_makes_it_less_likely(score, rivals):
    rivals = [fits(min(one, score)) for one in rivals]
    fitted = shipped_calibration()
    likely = same_probability(fits(score), rivals, fitted)
    assert 0 <= likely <= 1
    nearer = same_probability(fits(score), [*rivals, fits(score)], fitted)
    assert nearer <= same_probability(fits(score), rivals or [fits(0)], fitted)


def test_constants_are_read_as_they_were_saved(tmp_path):
    shipped_calibration().save(tmp_path / "some.json")
    assert Calibration.load(tmp_path / "some.json") == shipped_calibration()
