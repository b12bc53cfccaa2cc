"""What one model finds for labelled queries, by the ranker that serves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embed import Embedder
from retrieval.evaluate.metrics import DEPTH, rank_of_first
from retrieval.rank import Gallery, Ranker

_AT_ONCE = 64


@dataclass(frozen=True)
class LabelledQuery:
    """A query whose right items are known.

    Args:
        query_id, name: for whoever reads the results.
        items: ids of those that it matches, at least one.
        slices: names under which its score is counted, too.
        kind: what it shows, in a word; scores are corrected kind by kind.
        blind: whether it was labelled without seeing a ranking.
    """

    query_id: int
    name: str
    items: frozenset[int]
    slices: tuple[str, ...] = ()
    kind: str = ""
    blind: bool = False


@dataclass(frozen=True)
class ModelAnswers:
    """What one model found for N queries.

    ranks: (N,) of the first right item, 0 = none in five. items: (N, 5) ids, 0 for none. confidences: (N, 5)
    in [0, 1].
    """

    ranks: np.ndarray
    items: np.ndarray
    confidences: np.ndarray


def answer_queries(
    embedder: Embedder,
    gallery: Gallery,
    queries: Sequence[LabelledQuery],
    pictures: Sequence[np.ndarray],
    *,
    report: Callable[[int, int], None] = lambda done, total: None,
) -> ModelAnswers:
    """Ask a model everything, without exemplars: those are of the live model alone.

    Args:
        embedder: the model.
        gallery: vectors by this model.
        queries: N of them.
        pictures: of the N queries, each (H, W) uint8.
        report: called with how many are done, of how many.
    """
    ranker, total = Ranker(gallery, embedder.confidence), len(queries)
    items, confidences = np.zeros((total, DEPTH), np.int64), np.zeros((total, DEPTH), np.float32)
    for start in range(0, total, _AT_ONCE):
        found = ranker.rank(embedder.embed_prints(pictures[start : start + _AT_ONCE]), count=DEPTH)
        for place, row in enumerate(found, start):
            items[place, : len(row)] = [one.item for one in row]
            confidences[place, : len(row)] = [one.confidence for one in row]
        report(min(start + _AT_ONCE, total), total)
    ranks = [rank_of_first(row, query.items) for row, query in zip(items.tolist(), queries, strict=True)]
    return ModelAnswers(np.array(ranks, np.int64), items, confidences)
