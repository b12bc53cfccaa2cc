"""Ranking: each item by its nearest reading, then by exemplars, then with a confidence."""

from retrieval.rank.exemplar_rule import RULE, ExemplarRule
from retrieval.rank.exemplars import Exemplar, ExemplarStore
from retrieval.rank.gallery import ArrayGallery, Gallery, Reading
from retrieval.rank.nearest import order_gallery, within_reach
from retrieval.rank.ranker import RankedItem, RankedPrint, Ranker

__all__ = [
    "RULE",
    "ArrayGallery",
    "Exemplar",
    "ExemplarRule",
    "ExemplarStore",
    "Gallery",
    "RankedItem",
    "RankedPrint",
    "Ranker",
    "Reading",
    "order_gallery",
    "within_reach",
]
