"""What is odd about a page that was read, as a word for programs; ``webapp.documents.progress`` has the words
for people.
"""

import numpy as np

from retrieval.locate.types import PageBoxes

_MOST = 5_000
"""More characters than that are hardly on one page."""
_FAINT = 8.0
"""Grey levels between the darkest and the lightest hundredth of a page: below, there is nothing but paper."""
_OVERLAP = 0.3
_OVERLAPPING = 0.05
"""Share of boxes that lie on another by more than ``_OVERLAP`` of intersection over union."""


def finding_of(grey: np.ndarray, found: PageBoxes) -> str:
    """The word: blank, no_text (a picture, but no characters), too_many, overlapping; empty for none of them.

    grey: (H, W) uint8, the page as it is shown.
    """
    if not found.boxes:
        low, high = np.percentile(grey[:: max(1, len(grey) // 1000)], (1, 99))
        return "blank" if high - low < _FAINT else "no_text"
    if len(found.boxes) > _MOST:
        return "too_many"
    places = np.array([(box.x, box.y, box.x + box.w, box.y + box.h) for box in found.boxes])
    return "overlapping" if overlapping(places).mean() > _OVERLAPPING else ""


def overlapping(places: np.ndarray) -> np.ndarray:
    """(N,) bool, which boxes lie on another. places: (N, 4), left, top, right, bottom."""
    size = (places[:, 2] - places[:, 0]) * (places[:, 3] - places[:, 1])
    return np.array([_lies_on_another(places, size, number) for number in range(len(places))])


def _lies_on_another(places: np.ndarray, size: np.ndarray, number: int) -> bool:
    one = places[number]
    sides = np.minimum(one[2:], places[:, 2:]) - np.maximum(one[:2], places[:, :2])
    common = np.clip(sides, 0, None).prod(axis=1)
    common[number] = 0
    return bool((common > _OVERLAP * (size + size[number] - common)).any())
