"""A probability looks the same wherever it is shown, and as the language writes numbers."""

import pytest
from django.utils import translation

from webapp.core.pages.numbers import interval, percent


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "0 %"),
        (0.004, "0 %"),
        (0.006, "1 %"),
        (0.42, "42 %"),
        (0.994, "99 %"),
        (0.997, "99.7 %"),
        (1, "100 %"),
        (-0.125, "-12 %"),
        (None, "–"),
    ],
)
def test_a_share_is_a_whole_percentage_that_never_rounds_to_all(share, said):
    assert percent(share) == said


def test_numbers_are_written_as_the_language_writes_them():
    value = {"mean": 0.9579, "low": 0.9, "high": 0.97}
    assert interval(value) == "0.958 [0.900, 0.970]"
    with translation.override("vi"):
        assert interval(value) == "0,958 [0,900; 0,970]"
        assert percent(0.997) == "99,7 %"
