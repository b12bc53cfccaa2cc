"""What one model finds for labelled queries, by the ranker that serves."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from retrieval.embed import Embedder
from retrieval.evaluate.metrics import DEPTH, rank_of_first
from retrieval.rank import Gallery, Ranker
from retrieval.register import print_form

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
        carvings: ids of those that printed it, where somebody says so; else empty.
        character: ids of all of their character; empty where ``carvings`` is.
    """

    query_id: int
    name: str
    items: frozenset[int]
    slices: tuple[str, ...] = ()
    kind: str = ""
    blind: bool = False
    carvings: frozenset[int] = frozenset()
    character: frozenset[int] = frozenset()


@dataclass(frozen=True)
class ModelAnswers:
    """What one model found for N queries.

    ranks: (N,) of the first right item, 0 = none in five. items: (N, 5) ids, 0 for none. confidences: (N, 5)
    in [0, 1]. carvings: (N, 2) ranks by both stages, of the carving that printed the query and of the first
    of its character; -1 where nobody says what printed it, None where nobody does of any query.
    """

    ranks: np.ndarray
    items: np.ndarray
    confidences: np.ndarray
    carvings: np.ndarray | None = None


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
        gallery: vectors by this model; with forms, where carvings are told apart.
        queries: N of them.
        pictures: of the N queries, each (H, W) uint8.
        report: called with how many are done, of how many.
    """
    ranker, total = Ranker(gallery, embedder.confidence), len(queries)
    items, confidences = np.zeros((total, DEPTH), np.int64), np.zeros((total, DEPTH), np.float32)
    carvings = np.full((total, 2), -1) if any(query.carvings for query in queries) else None
    for start in range(0, total, _AT_ONCE):
        vectors = embedder.embed_queries(pictures[start : start + _AT_ONCE])
        for place, row in enumerate(ranker.rank(vectors, count=DEPTH), start):
            items[place, : len(row)] = [one.item for one in row]
            confidences[place, : len(row)] = [one.confidence for one in row]
            if carvings is not None and queries[place].carvings:
                vector = vectors[place - start][None]
                carvings[place] = _carving_ranks(ranker, vector, queries[place], pictures[place])
        report(min(start + _AT_ONCE, total), total)
    ranks = [rank_of_first(row, query.items) for row, query in zip(items.tolist(), queries, strict=True)]
    return ModelAnswers(np.array(ranks, np.int64), items, confidences, carvings)


def _carving_ranks(
    ranker: Ranker, vector: np.ndarray, query: LabelledQuery, picture: np.ndarray
) -> tuple[int, int]:
    """Of the very carving, and of its character, by both stages."""
    (found,) = ranker.rank_prints(vector, [print_form(picture)], count=DEPTH)
    items = [one.item for one in found.items]
    return rank_of_first(items, query.carvings), rank_of_first(items, query.character)
