"""Probabilities and measured values, written in one way and as the reader's language writes numbers."""

from collections.abc import Mapping

from django.utils.formats import get_format, number_format


def written(value: float, places: int) -> str:
    """A number rounded to so many decimals; Django's ``number_format`` alone cuts them off."""
    return number_format(round(value, places), decimal_pos=places)


def percent(share: float | None) -> str:
    """A share in [-1, 1] as "87 %", with one decimal where it would be rounded to all; a dash for None.

    The same as ``percent`` of ``static/js/lib/words.js``.
    """
    if share is None:
        return "–"
    return f"{written(100 * share, 1 if 0.995 < abs(share) < 1 else 0)} %"


def interval(value: Mapping[str, float]) -> str:
    """A mean with its interval, as "0.958 [0.912, 0.971]"; a semicolon parts decimal commas."""
    mean, low, high = (written(value[name], 3) for name in ("mean", "low", "high"))
    part = ";" if get_format("DECIMAL_SEPARATOR") == "," else ","
    return f"{mean} [{low}{part} {high}]"
