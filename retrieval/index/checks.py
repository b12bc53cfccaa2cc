"""Refuse what an index would answer with silent nonsense: wrong width, wrong type, NaN, no direction."""

import numpy as np

from common.errors import BadInput
from retrieval.errors import BadVectors

# Embeddings may come from half precision; more than this is no rounding error.
NORM_TOLERANCE = 1e-2


def checked_vectors(vectors: np.ndarray, *, width: int | None = None, what: str = "vectors") -> np.ndarray:
    """Return unit vectors as a contiguous (N, D) float32 array.

    vectors: (N, D) of any float type. width: the D they must have; None takes any.
    Raises BadVectors for another shape, width or type, values that are not
    finite, and rows whose length is not 1.
    """
    array = np.asarray(vectors)
    if array.ndim != 2 or array.shape[1] < 1:
        raise _bad(what, f"must have two dimensions, not the shape {array.shape}")
    if array.dtype.kind != "f":
        raise _bad(what, f"must be floating point, not {array.dtype}")
    if width is not None and array.shape[1] != width:
        raise _bad(what, f"are {array.shape[1]} wide, and the index is {width} wide")
    array = np.ascontiguousarray(array, dtype=np.float32)
    lengths = np.sqrt(np.einsum("nd,nd->n", array, array))
    _refuse_rows(what, ~np.isfinite(lengths), "not finite (NaN or infinity)")
    _refuse_rows(what, np.abs(lengths - 1) > NORM_TOLERANCE, "not of length 1")
    return array


def checked_ids(ids: np.ndarray | None, count: int) -> np.ndarray:
    """Return (count,) int64 ids; 0, 1, 2 ... where none are given.

    Raises BadInput with code "bad_ids" unless there is one whole number of at least 0 for each
    vector, no two alike.
    """
    if ids is None:
        return np.arange(count, dtype=np.int64)
    array = np.asarray(ids)
    if array.shape != (count,) or (count and array.dtype.kind not in "iu"):
        raise BadInput(f"{count} vectors need {count} whole numbers as ids", code="bad_ids")
    array = array.astype(np.int64)
    if count and array.min() < 0:
        raise BadInput("an id is negative, which stands for 'no hit'", code="bad_ids")
    if np.unique(array).size != count:
        raise BadInput("two vectors have the same id", code="bad_ids")
    return array


def checked_count(k: int, what: str = "k") -> int:
    """Return ``k``; BadInput with code "bad_count" unless it is a whole number of at least 1."""
    if not isinstance(k, int | np.integer) or k < 1:
        raise BadInput(f"{what} must be a whole number of at least 1, not {k!r}", code="bad_count")
    return int(k)


def _refuse_rows(what: str, wrong: np.ndarray, fault: str) -> None:
    if wrong.any():
        raise _bad(what, f"number {int(np.argmax(wrong))} is {fault} ({int(wrong.sum())} such in all)")


def _bad(what: str, fault: str) -> BadVectors:
    return BadVectors(f"{what}: {fault}", hint="pass the embedder's output unchanged")
