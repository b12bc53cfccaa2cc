"""From vectors to the items that a query most resembles."""

from collections.abc import Mapping, Sequence

import numpy as np

from retrieval.types import Hits
from webapp.gallery.models import Item, ItemVector
from webapp.search.selectors import SUGGESTIONS
from webapp.search.services import Hit
from workers.loaded import Loaded

# An item may have two vectors, and a vector may have been replaced since the index was built, so that more
# are asked for than five. Where that was not enough, four times as many are, until there are no more.
_ASKED_FOR = 4 * SUGGESTIONS
_ASK_MORE = 4


def find_items(loaded: Loaded, vectors: np.ndarray) -> list[list[Hit]]:
    """The five most similar items for each query, the best first; fewer where there are fewer.

    vectors: (Q, D) float32, unit length.
    """
    asked = _ASKED_FOR
    while True:
        hits = loaded.search(vectors, asked)
        found = _per_item(hits, _readings(hits))
        if asked >= len(loaded) or all(len(row) == SUGGESTIONS for row in found):
            return [_with_confidence(loaded, row) for row in found]
        asked *= _ASK_MORE


def _readings(hits: Hits) -> Mapping[int, tuple[int, bool]]:
    """Item and reading of every vector found that still stands for a ready item, by the vector's id."""
    ids = np.unique(hits.ids[hits.ids >= 0]).tolist()
    rows = []
    for start in range(0, len(ids), 10_000):
        some = ItemVector.objects.filter(pk__in=ids[start : start + 10_000], item__state=Item.State.READY)
        rows += some.values_list("pk", "item", "mirrored")
    return {pk: (item, mirrored) for pk, item, mirrored in rows}


def _per_item(hits: Hits, readings: Mapping[int, tuple[int, bool]]) -> list[list[tuple[int, float, bool]]]:
    """Each query's nearest items as (item, distance, mirrored), each item by its nearest vector."""
    found = []
    for ids, distances in zip(hits.ids.tolist(), hits.distances.tolist(), strict=True):
        best: dict[int, tuple[int, float, bool]] = {}
        for pk, distance in zip(ids, distances, strict=True):
            if pk in readings and len(best) < SUGGESTIONS:
                item, mirrored = readings[pk]
                best.setdefault(item, (item, distance, mirrored))
        found.append(list(best.values()))
    return found


def _with_confidence(loaded: Loaded, row: Sequence[tuple[int, float, bool]]) -> list[Hit]:
    if not row:
        return []
    distances = np.array([[distance for _, distance, _ in row]], np.float32)
    confidences = loaded.embedder.confidence(distances)[0].tolist()
    return [
        Hit(item_id=item, distance=distance, confidence=confidence, mirrored=mirrored)
        for (item, distance, mirrored), confidence in zip(row, confidences, strict=True)
    ]
