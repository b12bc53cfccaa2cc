"""Nearest neighbours among unit vectors: exact, approximate, merged, and one answer per item."""

from retrieval.index.exact import ExactIndex
from retrieval.index.hits import best_per_item, merge_hits, no_hits
from retrieval.index.hnsw import HnswIndex
from retrieval.index.recall import recall_against
from retrieval.index.views import (
    ReadingView,
    is_doubtful,
    is_mirrored,
    is_mirrored_view,
    item_of_view,
    reading_views,
    reading_ways,
    view_id,
)

__all__ = [
    "ExactIndex",
    "HnswIndex",
    "ReadingView",
    "best_per_item",
    "is_doubtful",
    "is_mirrored",
    "is_mirrored_view",
    "item_of_view",
    "merge_hits",
    "no_hits",
    "reading_views",
    "reading_ways",
    "recall_against",
    "view_id",
]
