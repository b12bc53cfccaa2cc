"""Agreement against slow twins that compare every pair of labels, and against published examples."""

from itertools import permutations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.review.agreement.statistics import cohen_kappa, krippendorff_alpha, mean, pairs, share

labels = st.sampled_from("abc")


def slow_kappa(said):
    """Agreement by chance: draw one label of each person, all ways there are."""
    observed = sum(one == other for one, other in said) / len(said)
    drawn = [one == other for (one, _), (_, other) in product(said, said)]
    chance = sum(drawn) / len(drawn)
    return None if chance == 1 else (observed - chance) / (1 - chance)


def slow_alpha(units):
    """Disagreement within things over that among all labels thrown together, pair by pair."""
    units = [unit for unit in units if len(unit) > 1]
    thrown = [label for unit in units for label in unit]
    if not thrown:
        return None
    within = sum(
        sum(one != other for one, other in permutations(unit, 2)) / (len(unit) - 1) for unit in units
    ) / len(thrown)
    among = sum(one != other for one, other in permutations(thrown, 2)) / (len(thrown) * (len(thrown) - 1))
    return None if among == 0 else 1 - within / among


@given(st.lists(st.tuples(labels, labels), min_size=1, max_size=20))
def test_kappa_is_its_slow_twin(said):
    found, slow = cohen_kappa(said), slow_kappa(said)
    assert (found is None) == (slow is None)
    assert found is None or (found == pytest.approx(slow) and -1 - 1e-9 <= found <= 1 + 1e-9)


@given(st.lists(st.lists(labels, max_size=4), max_size=12))
def test_alpha_is_its_slow_twin(units):
    found, slow = krippendorff_alpha(units), slow_alpha(units)
    assert (found is None) == (slow is None)
    assert found is None or found == pytest.approx(slow)


def test_kappa_of_the_textbook_example():
    """Fifty proposals, two readers: 20 both yes, 5 yes/no, 10 no/yes, 15 both no; kappa 0.40."""
    said = [("y", "y")] * 20 + [("y", "n")] * 5 + [("n", "y")] * 10 + [("n", "n")] * 15
    assert cohen_kappa(said) == pytest.approx(0.4)


def test_alpha_of_krippendorff_s_own_example():
    """Four observers, twelve units, missing data, nominal: 0.743 ("Computing alpha-reliability", 2011, C)."""
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, None, None, None],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, None, 3],
        [None, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, None],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, None],
    ]
    units = [[label for label in column if label is not None] for column in zip(*rows, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=0.0005)


def test_alpha_of_two_observers_and_two_labels():
    """Ten articles, two observers, six agreements: 0.095 ("Computing alpha-reliability", 2011, A)."""
    first = [0, 1, 0, 0, 0, 0, 0, 0, 1, 0]
    second = [1, 1, 1, 0, 0, 1, 0, 0, 0, 0]
    assert krippendorff_alpha(zip(first, second, strict=True)) == pytest.approx(0.095, abs=0.0005)


def test_nothing_to_compare_is_no_number():
    assert cohen_kappa([]) is None
    assert cohen_kappa([("a", "a")] * 3) is None
    assert krippendorff_alpha([]) is None
    assert krippendorff_alpha([["a"], []]) is None
    assert krippendorff_alpha([["a", "a"]]) is None


def test_pairs_are_those_with_something_in_common():
    answers = {"a": {1: "x", 2: "y", 3: "x"}, "b": {2: "y", 3: "y", 4: "x"}, "c": {9: "x"}}
    [pair] = pairs(answers)
    assert (pair.first, pair.second, pair.both, pair.agreed) == ("a", "b", 2, 1)
    assert pair.kappa == pytest.approx(cohen_kappa([("y", "y"), ("x", "y")]))


def test_a_share_has_wilson_s_interval():
    """Wilson's interval for 8 of 10, as given by Newcombe (1998) and by R's prop.test(correct=FALSE)."""
    found = share(8, 10)
    assert (found.value, found.low, found.high) == pytest.approx((0.8, 0.4902, 0.9433), abs=5e-4)
    assert share(0, 5).low == 0
    assert share(5, 5).high == 1
    assert share(0, 0).value is None


def test_a_mean_has_an_interval_that_narrows():
    few, many = mean([0.0, 1.0] * 5), mean([0.0, 1.0] * 500)
    assert few.value == many.value == 0.5
    assert few.low < many.low < 0.5 < many.high < few.high
    assert (mean([0.5]).value, mean([0.5]).low, mean([]).value) == (0.5, None, None)
