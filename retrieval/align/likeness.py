"""How much each box looks like each character."""

from collections.abc import Mapping, Sequence

import numpy as np

_TOGETHER = 512  # boxes that are compared with all characters at once
SHARPNESS = 24.0
"""Factor on the cosines before the softmax; see ``docs/pages.md`` for what it was chosen by."""


class CharacterVectors:
    """What characters look like: vectors of items, and the directions that the network learned for them.

    Args:
        characters: P of them, one for each vector; a character may have several.
        vectors: (P, D) float32 of unit length.

    Example:
        >>> import numpy as np
        >>> from retrieval.align import CharacterVectors
        >>> known = CharacterVectors(["人", "天", "人"], np.eye(3, dtype=np.float32))
        >>> known.cosines(np.array([[0, 0.6, 0.8]], np.float32), ["天", "人", "地"]).tolist()
        [[0.6000000238418579, 0.800000011920929, nan]]
    """

    def __init__(self, characters: Sequence[str], vectors: np.ndarray) -> None:
        order = sorted(range(len(characters)), key=characters.__getitem__)
        ordered = [characters[place] for place in order]
        self._vectors = np.ascontiguousarray(vectors[order], np.float32)
        self._spans: dict[str, slice] = {}
        for place, one in enumerate(ordered):
            self._spans[one] = slice(self._spans.get(one, slice(place, place)).start, place + 1)

    def __contains__(self, character: str) -> bool:
        return character in self._spans

    @property
    def characters(self) -> list[str]:
        """All that have a vector, in the order of their codepoints."""
        return list(self._spans)

    def cosines(self, boxes: np.ndarray, characters: Sequence[str]) -> np.ndarray:
        """(N, U): the cosine of each box and the nearest vector of each character; NaN where it has none."""
        found = np.full((len(boxes), len(characters)), np.nan, np.float32)
        known = [(place, self._spans[one]) for place, one in enumerate(characters) if one in self._spans]
        if known and len(boxes):
            rows = np.concatenate([np.arange(span.start, span.stop) for _, span in known])
            starts = np.cumsum([0, *(span.stop - span.start for _, span in known[:-1])])
            found[:, [place for place, _ in known]] = _nearest(boxes @ self._vectors[rows].T, starts)
        return found

    def all_cosines(self, boxes: np.ndarray) -> np.ndarray:
        """(N, K): the same of all characters that are known."""
        starts = np.array([span.start for span in self._spans.values()], np.int64)
        return _nearest(boxes @ self._vectors.T, starts)


def _nearest(cosines: np.ndarray, starts: np.ndarray) -> np.ndarray:
    """The highest of each run of columns; where each is alone, that is all of them."""
    if len(starts) == cosines.shape[1]:
        return cosines
    return np.maximum.reduceat(cosines, starts, axis=1)


class Likeness:
    """Probabilities of characters for boxes, among all characters that are known.

    Args:
        known: what characters look like.
        variants: other characters that may stand for one; it looks like the likest of them.
        sharpness: as ``SHARPNESS``.
    """

    def __init__(
        self,
        known: CharacterVectors,
        variants: Mapping[str, Sequence[str]] | None = None,
        sharpness: float = SHARPNESS,
    ) -> None:
        self._known, self._variants, self._sharpness = known, variants or {}, sharpness

    def totals(self, boxes: np.ndarray) -> np.ndarray:
        """(N,) float32: what probabilities of a box are divided by, as a logarithm. boxes: (N, D)."""
        found = np.zeros(len(boxes), np.float32)
        for start in range(0, len(boxes), _TOGETHER):
            some = slice(start, start + _TOGETHER)
            cosines = self._sharpness * self._known.all_cosines(boxes[some])
            if cosines.size:
                most = cosines.max(axis=1)
                found[some] = most + np.log(np.exp(cosines - most[:, None]).sum(axis=1))
        return found

    def logarithms(self, boxes: np.ndarray, totals: np.ndarray, characters: Sequence[str]) -> np.ndarray:
        """How likely it is, as a logarithm, that each box shows each character.

        Args:
            boxes: (N, D) float32 of unit length.
            totals: (N,), of these boxes.
            characters: U different ones.

        Returns:
            (N, U) float32, at most 0; NaN for characters without a vector.
        """
        own = self._sharpness * self._known.cosines(boxes, characters)
        for place, character in enumerate(characters):
            others = [one for one in self._variants.get(character, ()) if one in self._known]
            if others:
                likest = self._sharpness * self._known.cosines(boxes, others).max(axis=1)
                own[:, place] = np.fmax(own[:, place], likest)
        return own - totals[:, None]
