"""Matched sets made by hand: distances and truths, no model."""

import numpy as np

from retrieval.report.matched import Matched, SetItems, SetQueries

SPOT = np.zeros((40, 30), np.uint8)


def matched_by_hand(distances, shown, carved, *, kinds=None, sides=None) -> Matched:
    """Queries that show the codepoints ``shown``, items of the codepoints ``carved``."""
    shown, carved = np.array(shown), np.array(carved)
    kinds = kinds or [""] * len(shown)
    pictures = tuple(np.zeros((side, side), np.uint8) for side in sides) if sides else (SPOT,) * len(shown)
    queries = SetQueries(tuple(f"{place}.png" for place in range(len(shown))), tuple(kinds), shown, pictures)
    heights = tuple(np.full((8, 8), 0.5, np.float32) for _ in carved)
    items = SetItems(
        tuple(f"{place}.stl" for place in range(len(carved))), carved, heights, np.zeros(len(carved))
    )
    return Matched("made", queries, items, np.array(distances, np.float32), shown[:, None] == carved)
