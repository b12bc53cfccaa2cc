"""The distances that a trained method can be searched by."""

from collections.abc import Callable

import numpy as np

from common.errors import BadInput

_TINY = 1e-12


def euclidean(queries: np.ndarray, items: np.ndarray) -> np.ndarray:
    """Euclidean distances of (Q, D) and (N, D): (Q, N) float32."""
    # In single precision near neighbours of long vectors cancel to noise.
    queries, items = queries.astype(np.float64), items.astype(np.float64)
    squares = (queries**2).sum(axis=1)[:, None] + (items**2).sum(axis=1) - 2 * queries @ items.T
    return np.sqrt(np.maximum(squares, 0)).astype(np.float32)


def cosine(queries: np.ndarray, items: np.ndarray) -> np.ndarray:
    """One less the cosines of (Q, D) and (N, D): (Q, N) float32 in [0, 2]."""
    return (1 - _unit(queries) @ _unit(items).T).astype(np.float32)


def cross_entropy(queries: np.ndarray, items: np.ndarray) -> np.ndarray:
    """Cross entropy of class probabilities, the item's taken for the truth: H(item, query), (Q, N) float32.

    queries, items: (Q, K) and (N, K) logits. It is -sum_c p_item(c) log p_query(c), the classifier's loss if
    the item were the query's class. The other way round, H(query, item), items would rank as they do by
    KL(query || item): the two differ by the query's own entropy.
    """
    return -(_log_shares(queries) @ np.exp(_log_shares(items)).T).astype(np.float32)


def divergence(queries: np.ndarray, items: np.ndarray) -> np.ndarray:
    """Kullback-Leibler divergence of class probabilities, KL(item || query), (Q, N) float32, at least 0.

    queries, items: (Q, K) and (N, K) logits. It is the cross entropy less the item's own entropy, so that an
    item which the classifier is unsure of is not put behind for that.
    """
    logs = _log_shares(items)
    entropy = -(np.exp(logs) * logs).sum(axis=1)
    return np.maximum(cross_entropy(queries, items) - entropy, 0).astype(np.float32)


_DISTANCES: dict[str, Callable[[np.ndarray, np.ndarray], np.ndarray]] = {
    "euclidean": euclidean,
    "cosine": cosine,
    "kl": divergence,
    "cross-entropy": cross_entropy,
}
# These compare class probabilities, the others vectors.
OF_LOGITS = ("kl", "cross-entropy")
DISTANCES = tuple(_DISTANCES)


def distance_named(name: str) -> Callable[[np.ndarray, np.ndarray], np.ndarray]:
    """One of the above by its name. Raises BadInput for an unknown one."""
    if name not in _DISTANCES:
        raise BadInput(f"there is no search by {name!r}", hint=f"choose one of {', '.join(DISTANCES)}")
    return _DISTANCES[name]


def _unit(rows: np.ndarray) -> np.ndarray:
    return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)


def _log_shares(logits: np.ndarray) -> np.ndarray:
    """Logarithms of the softmax of each row, in double precision."""
    shifted = logits.astype(np.float64) - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
