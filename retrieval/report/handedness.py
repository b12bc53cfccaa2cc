"""Whether a mirrored carving is seen to be mirrored, on sets of which half was mirrored at random."""

import dataclasses

import numpy as np

from retrieval.embed import Embedder
from retrieval.errors import BadMesh
from retrieval.evaluate.metrics import scores_of, share_of
from retrieval.index.views import is_doubtful, is_mirrored
from retrieval.io.meshes import read_mesh
from retrieval.io.sets import BenchSet
from retrieval.render.relief import read_relief
from retrieval.report.matched import Matched, embed_set
from retrieval.types import Mesh

_SEED = 73


def scores_of_handedness(probabilities: np.ndarray, mirrored: np.ndarray) -> dict:
    """Compare (M,) probabilities of being mirrored with (M,) truths.

    {"items", "right", "doubtful", "right_where_sure"}: the last three as {"mean", "low", "high"}.
    """
    right = np.array([is_mirrored(one) for one in probabilities]) == mirrored
    doubtful = np.array([is_doubtful(one) for one in probabilities])
    sure = right[~doubtful]
    return {
        "items": len(right),
        "right": dataclasses.asdict(share_of(right)),
        "doubtful": dataclasses.asdict(share_of(doubtful)),
        "right_where_sure": dataclasses.asdict(share_of(sure)) if len(sure) else None,
    }


def of_maps(whole: Matched, embedder: Embedder) -> dict:
    """A set whose height maps read as the print does: half of the maps flipped left-right."""
    flip = _half(len(whole.items.names))
    heights = [
        height[:, ::-1] if turned else height
        for height, turned in zip(whole.items.heights, flip, strict=True)
    ]
    return _measured(whole, heights, flip, embedder)


def of_meshes(bench: BenchSet, whole: Matched, embedder: Embedder) -> dict:
    """A set whose meshes read as the print does: half of the meshes mirrored, and read anew from the file."""
    flip = _half(len(whole.items.names))
    heights = []
    for name, height, turned in zip(whole.items.names, whole.items.heights, flip, strict=True):
        heights.append(_mirrored_height(bench, name, height) if turned else height)
    return _measured(whole, heights, flip, embedder)


def _mirrored_height(bench: BenchSet, name: str, height: np.ndarray) -> np.ndarray:
    """The height map of the mirrored mesh; where that cannot be read, the mirrored height map."""
    try:
        return read_relief(mirrored_mesh(read_mesh(bench.read_item(name), name=name).mesh)).height
    except BadMesh:
        return height[:, ::-1]


def mirrored_mesh(mesh: Mesh) -> Mesh:
    """The mesh's mirror image, its triangles turned so that they face outwards still."""
    return Mesh(mesh.vertices * np.array([-1.0, 1.0, 1.0]), np.ascontiguousarray(mesh.faces[:, ::-1]))


def _half(count: int) -> np.ndarray:
    """(count,) bool, half of them True."""
    return np.random.default_rng(_SEED).permutation(count) < count // 2


def _measured(whole: Matched, heights: list[np.ndarray], flip: np.ndarray, embedder: Embedder) -> dict:
    items = whole.items
    again = embed_set(
        whole.name, whole.queries, items.names, items.codepoints, tuple(heights), whole.right, embedder
    ).matched()
    found = scores_of_handedness(again.items.mirrored, flip)
    return found | {
        "mrr_at_5": dataclasses.asdict(scores_of(again.ranks()).mrr_at_5),
        "mrr_at_5_unmirrored": dataclasses.asdict(scores_of(whole.ranks()).mrr_at_5),
    }
