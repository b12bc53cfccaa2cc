"""The live release, loaded: its model, its index, the vectors newer than the index, and the exemplars."""

import logging
from dataclasses import dataclass

import numpy as np

from retrieval.embed import Embedder
from retrieval.errors import BadIndex
from retrieval.index import ExactIndex, HnswIndex, merge_hits
from retrieval.index.hnsw import width_of_search
from retrieval.rank import ExemplarStore
from retrieval.types import Hits
from webapp.registry.models import Release
from webapp.registry.selectors import index_path
from workers.live.vectors import UnindexedVectors
from workers.live.weights import load_embedder

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class LiveRelease:
    """One release, ready to search with.

    index: None while the gallery is small, or the folder is gone. unindexed: the vectors newer than it.
    exemplars: prints that people matched, by this model.
    """

    release: Release
    embedder: Embedder
    index: HnswIndex | None
    unindexed: UnindexedVectors
    exemplars: ExemplarStore

    @classmethod
    def load(cls, release: Release, before: "LiveRelease | None" = None) -> "LiveRelease":
        """Load a release; the model is not loaded again where ``before`` has the same.

        Raises:
            NoRelease: the weights are gone, damaged, or of another version.
        """
        model = release.model
        if before is not None and before.release.model_id == release.model_id:
            embedder = before.embedder
        else:
            embedder = load_embedder(model)
        index = _load_index(release)
        newest = release.index.newest if index is not None and release.index else 0
        unindexed = UnindexedVectors.none_yet(model, newest=newest)
        return cls(release, embedder, index, unindexed, ExemplarStore(model.width))

    def __len__(self) -> int:
        return len(self.unindexed.ids) + (len(self.index) if self.index else 0)

    def search(self, vectors: np.ndarray, k: int) -> Hits:
        """The k nearest vectors of the gallery, some of which may have been replaced meanwhile.

        vectors: (Q, D) float32, unit length.
        """
        found = ExactIndex(self.unindexed.vectors, self.unindexed.ids).search(vectors, k)
        if self.index is None:
            return found
        wide = max(width_of_search(len(self.index)), 2 * k)
        return merge_hits(self.index.search(vectors, k, wide, threads=1), found, k)


def _load_index(release: Release) -> HnswIndex | None:
    if release.index is None:
        return None
    model = release.model
    try:
        return HnswIndex.load(index_path(release.index), width=model.width, fingerprint=model.fingerprint)
    except (BadIndex, OSError) as error:
        # Indexes can be made again, so that this one is gone costs time only: all vectors are compared
        # until housekeeping has had it built.
        logger.warning("searching without an index: %s", error)
        return None
