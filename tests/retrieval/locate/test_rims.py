"""Columns at the rims that are no writing."""

import numpy as np

from retrieval.locate.rims import not_at_rims

X = np.repeat([10.0, 50, 90, 130, 170], 4)
COLUMNS = np.repeat([5, 4, 3, 2, 1], 4).tolist()


def scores(*each):
    return np.repeat(np.array(each, float), 4)


def kept(*each):
    inner = not_at_rims(X, COLUMNS, scores(*each))
    return sorted({column for column, keep in zip(COLUMNS, inner, strict=True) if keep})


def test_unsure_columns_at_either_rim_go():
    assert kept(0.5, 0.85, 0.85, 0.85, 0.55) == [2, 3, 4]


def test_an_unsure_column_between_others_stays():
    assert kept(0.85, 0.5, 0.85, 0.85, 0.85) == [1, 2, 3, 4, 5]


def test_a_page_that_is_faint_all_over_stays():
    assert kept(0.45, 0.5, 0.5, 0.45, 0.5) == [1, 2, 3, 4, 5]


def test_a_page_keeps_three_columns():
    assert kept(0.5, 0.5, 0.9, 0.9, 0.9) == [1, 2, 3]
    assert len(kept(0.4, 0.4, 0.4, 0.9, 0.9)) >= 3
