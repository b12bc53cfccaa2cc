"""Nearest neighbours among unit vectors: exact, approximate, and merged."""

from retrieval.index.exact import ExactIndex
from retrieval.index.hits import merge_hits, no_hits
from retrieval.index.hnsw import HnswIndex
from retrieval.index.recall import recall_against
from retrieval.index.views import (
    ReadingView,
    is_doubtful,
    is_mirrored,
    reading_turns,
    reading_views,
    reading_ways,
)

__all__ = [
    "ExactIndex",
    "HnswIndex",
    "ReadingView",
    "is_doubtful",
    "is_mirrored",
    "merge_hits",
    "no_hits",
    "reading_turns",
    "reading_views",
    "reading_ways",
    "recall_against",
]
