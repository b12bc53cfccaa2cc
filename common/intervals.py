"""How sure a counted share is."""

from math import sqrt

Z95 = 1.959964
"""Standard deviations to either side that hold 95 % of a normal distribution."""


def wilson_interval(hits: int, count: int) -> tuple[float, float]:
    """Wilson's score interval at 95 % for a share of ``hits`` in ``count``.

    E. B. Wilson, "Probable inference, the law of succession, and statistical inference" (1927).

    hits: from 0 to ``count``. Returns the lowest and the highest share, in [0, 1]; the share itself always
    lies between them. (0, 1) where nothing was counted.
    """
    if not count:
        return 0.0, 1.0
    middle = (hits + Z95**2 / 2) / (count + Z95**2)
    reach = Z95 / (count + Z95**2) * sqrt(hits * (count - hits) / count + Z95**2 / 4)
    share = hits / count
    # At 0 and at 1 an end is the share itself, but for rounding.
    return max(0.0, min(middle - reach, share)), min(1.0, max(middle + reach, share))
