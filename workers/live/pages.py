"""What this process keeps of pages from job to job: the localiser, and the page that is being mended."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.locate import Localiser, likeness_to_characters
from workers.errors import NoRelease
from workers.live.cache import live

_MOST_PIXELS = 64_000_000


@dataclass(frozen=True)
class _Kept:
    key: tuple
    grey: np.ndarray


class _Process:
    """One of each, or None until it is first needed."""

    localiser: Localiser | None = None
    page: _Kept | None = None


def localiser() -> Localiser:
    """The shipped localiser, loaded once, which asks the live model what looks like a character."""
    if _Process.localiser is None:
        _Process.localiser = Localiser.load(likeness=_likeness)
    return _Process.localiser


def _likeness(pictures: Sequence[np.ndarray]) -> np.ndarray | None:
    try:
        return likeness_to_characters(live().embedder, pictures)
    except NoRelease:  # pages can be read before an installation has a model
        return None


def page_kept(key: tuple) -> np.ndarray | None:
    """The picture in grey that was kept under this key, if it is still there."""
    kept = _Process.page
    return kept.grey if kept and kept.key == key else None


def page_keep(key: tuple, grey: np.ndarray) -> None:
    """Keep one page's picture, for whoever mends box after box of it; not a very large one."""
    _Process.page = _Kept(key, grey) if grey.size <= _MOST_PIXELS else None
