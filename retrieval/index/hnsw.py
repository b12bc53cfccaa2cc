"""Approximate search in a navigable small world graph (Malkov and Yashunin, arXiv 1603.09320)."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import hnswlib
import numpy as np

from common.errors import BadInput
from retrieval.index.checks import checked_count, checked_ids, checked_vectors
from retrieval.index.exact import ExactIndex
from retrieval.index.hits import no_hits
from retrieval.index.stored import Manifest, read_stored, write_stored
from retrieval.types import Hits

Progress = Callable[[int, int], None]

_SPACE = "ip"
_ADDED_AT_ONCE = 2_000
# Recall falls as a graph grows; so much wider a search keeps five neighbours in 200 found.
_LEAST_EF, _NARROWEST, _GROWTH = 100, 5_000, 0.25
_SPARSE_TO = 150_000


@dataclass(frozen=True)
class GraphShape:
    """How the graph is built: links a vector (``m``), and how widely each one's place is sought."""

    m: int = 16
    ef_construction: int = 100


def shape_of(count: int) -> GraphShape:
    """How a graph of ``count`` vectors is built.

    With 16 links, a search among a million has to keep 1,500 candidates to find 199 neighbours in 200; with
    32, 300. Building that takes three times as long, and 100,000 do without.
    """
    return GraphShape() if count <= _SPARSE_TO else GraphShape(32, 200)


def width_of_search(count: int) -> int:
    """How many candidates to keep while walking a graph of ``count`` vectors: 100, more from 5,000 on."""
    return round(_LEAST_EF * max(1.0, count / _NARROWEST) ** _GROWTH)


class HnswIndex:
    """A graph over unit vectors that finds nearly all true neighbours in a fraction of the time.

    Made by `build` or `load`, never changed afterwards. ``fingerprint`` names the model whose
    vectors these are; `load` refuses any other.

    Example:
        >>> import numpy as np
        >>> from retrieval.index import ExactIndex, HnswIndex, recall_against
        >>> vectors = np.random.default_rng(0).normal(size=(500, 16)).astype(np.float32)
        >>> vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        >>> index = HnswIndex.build(vectors, fingerprint="0123456789abcdef", threads=1)
        >>> index.search(vectors[:3], k=1).ids.ravel().tolist()
        [0, 1, 2]
    """

    def __init__(self, graph: hnswlib.Index, *, fingerprint: str, shape: GraphShape) -> None:
        self._graph = graph
        self.fingerprint = fingerprint
        self.shape = shape

    def __len__(self) -> int:
        return self._graph.element_count

    @property
    def width(self) -> int:
        """D, the length of a vector."""
        return self._graph.dim

    @property
    def size_bytes(self) -> int:
        """What the graph takes, on the disk and about as much in memory."""
        return self._graph.index_file_size()

    @classmethod
    def build(
        cls,
        vectors: np.ndarray,
        ids: np.ndarray | None = None,
        *,
        m: int | None = None,
        ef_construction: int | None = None,
        fingerprint: str = "",
        threads: int = -1,
        progress: Progress | None = None,
    ) -> "HnswIndex":
        """Build the graph over all vectors.

        vectors: (N, D) float, unit length, N may be 0. ids: (N,) whole numbers of at least 0, no
        two alike; 0 ... N-1 where none are given. m, ef_construction: those of `shape_of` where
        None. threads: -1 for all cores; with 1 the same vectors always give the same graph.
        progress: called with (done, N).
        Raises BadInput for anything else.
        """
        vectors = checked_vectors(vectors)
        ids = checked_ids(ids, len(vectors))
        usual = shape_of(len(ids))
        m = usual.m if m is None else m
        ef_construction = usual.ef_construction if ef_construction is None else ef_construction
        if checked_count(m, "m") < 2:
            raise BadInput("m must be at least 2", code="bad_count")
        graph = hnswlib.Index(_SPACE, vectors.shape[1])
        graph.init_index(
            max(len(ids), 1), M=m, ef_construction=checked_count(ef_construction, "ef_construction")
        )
        for start in range(0, len(ids), _ADDED_AT_ONCE):
            stop = min(start + _ADDED_AT_ONCE, len(ids))
            graph.add_items(vectors[start:stop], ids[start:stop], num_threads=threads)
            if progress is not None:
                progress(stop, len(ids))
        return cls(graph, fingerprint=fingerprint, shape=GraphShape(m, ef_construction))

    def search(self, queries: np.ndarray, k: int, ef: int | None = None, *, threads: int = -1) -> Hits:
        """Find about the k nearest.

        queries: (Q, D) float, unit length. ef: how many candidates are kept while walking the
        graph; more finds more, and takes longer; `width_of_search` where None. Returns (Q, k) hits,
        padded with -1 and inf where there are fewer than k vectors. Raises BadInput for queries of
        another width, or not finite.
        """
        checked_count(k)
        queries = checked_vectors(queries, width=self.width, what="queries")
        hits = no_hits(len(queries), k)
        reachable = min(k, len(self))
        if not reachable or not len(queries):
            return hits
        # The graph's own default of 10 comes back with every load, so it is set at every search.
        wide = width_of_search(len(self)) if ef is None else checked_count(ef, "ef")
        self._graph.set_ef(max(wide, reachable))
        try:
            labels, distances = self._graph.knn_query(queries, k=reachable, num_threads=threads)
        except RuntimeError:
            # The walk met a part of the graph with fewer than k vectors. Rare, and never an error.
            return self._exact().search(queries, k)
        hits.ids[:, :reachable] = labels.astype(np.int64)
        hits.distances[:, :reachable] = np.clip(distances, 0, 2)
        return hits

    def _exact(self) -> ExactIndex:
        ids = np.array(self._graph.get_ids_list(), dtype=np.int64)
        return ExactIndex(np.asarray(self._graph.get_items(ids), dtype=np.float32), ids)

    def save(self, folder: Path | str) -> Manifest:
        """Write the index and its manifest to a folder that appears whole or not at all.

        An index already in ``folder`` is replaced. Returns the manifest.
        Raises BadIndex where the disk did not take all of it.
        """
        return write_stored(
            Path(folder),
            write=lambda path: self._graph.save_index(str(path)),
            size=self.size_bytes,
            about={
                "width": self.width,
                "count": len(self),
                "fingerprint": self.fingerprint,
                "m": self.shape.m,
                "ef_construction": self.shape.ef_construction,
            },
        )

    @classmethod
    def load(cls, folder: Path | str, *, width: int, fingerprint: str) -> "HnswIndex":
        """Read what `save` wrote.

        width, fingerprint: of the model that will ask. Raises BadIndex: index_missing,
        index_damaged, index_other_model.
        """
        manifest, path = read_stored(Path(folder), width=width, fingerprint=fingerprint)
        graph = hnswlib.Index(_SPACE, manifest.width)
        try:
            graph.load_index(str(path), max_elements=max(manifest.count, 1))
        except RuntimeError as error:
            raise manifest.damaged("the graph cannot be read") from error
        if graph.element_count != manifest.count:
            raise manifest.damaged(f"{graph.element_count} vectors, not {manifest.count}")
        shape = GraphShape(manifest.m, manifest.ef_construction)
        return cls(graph, fingerprint=manifest.fingerprint, shape=shape)
