"""Vectors for the tests of the index: clustered, as embeddings are."""

import numpy as np


def unit(vectors: np.ndarray) -> np.ndarray:
    """(N, D) float32 of length 1."""
    vectors = np.asarray(vectors, dtype=np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def clustered(count: int, width: int = 32, *, seed: int = 0, clusters: int = 40) -> np.ndarray:
    """(count, width) float32 unit vectors around a few dozen centres."""
    random = np.random.default_rng(seed)
    centres = np.random.default_rng(1234).standard_normal((clusters, width))
    return unit(centres[random.integers(clusters, size=count)] + 0.4 * random.standard_normal((count, width)))
