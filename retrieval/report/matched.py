"""A set of queries and items, embedded once, with every distance and every truth that is measured."""

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from common.errors import BadInput
from retrieval.embed import Embedder
from retrieval.errors import BadSet
from retrieval.evaluate.metrics import DEPTH
from retrieval.evaluate.prepare import prepare_heights
from retrieval.index.views import reading_views
from retrieval.io.images import read_image
from retrieval.io.sets import BenchSet
from retrieval.train.data.validation_set import Development
from retrieval.types import HeightVectors


@dataclass(frozen=True)
class Asked:
    """The queries of a set: N names, kinds, codepoints (0 = unknown), pictures (None = unreadable)."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    codepoints: np.ndarray
    pictures: tuple[np.ndarray | None, ...]

    def among(self, places: np.ndarray) -> "Asked":
        """These queries alone."""
        names, kinds, pictures = (
            tuple(column[place] for place in places) for column in (self.names, self.kinds, self.pictures)
        )
        return Asked(names, kinds, self.codepoints[places], pictures)


@dataclass(frozen=True)
class Carved:
    """The items of a set: M names, codepoints (0 = unknown), height maps as seen.

    mirrored: (M,) probability that the map as seen is mirrored against print.
    """

    names: tuple[str, ...]
    codepoints: np.ndarray
    heights: tuple[np.ndarray, ...]
    mirrored: np.ndarray


@dataclass(frozen=True)
class Matched:
    """distances: (N, M) float32 from each query to each item's nearest indexed reading, inf for a query
    that cannot be read or an item taken out. right: (N, M) bool.
    """

    name: str
    asked: Asked
    carved: Carved
    distances: np.ndarray
    right: np.ndarray

    def nearest(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Items (N, 5), their distances, and whether they are right; inf and False where there is none."""
        order = np.argsort(self.distances, axis=1, kind="stable")[:, :DEPTH]
        near = np.take_along_axis(self.distances, order, axis=1)
        return order, near, np.take_along_axis(self.right, order, axis=1) & np.isfinite(near)

    def ranks(self) -> np.ndarray:
        """(N,) rank of the first right item, 0 where none is among the first five."""
        right = self.nearest()[2]
        return np.where(right.any(axis=1), 1 + right.argmax(axis=1), 0)

    def among(self, places: np.ndarray) -> "Matched":
        """The same items, asked by these queries alone."""
        return dataclasses.replace(
            self,
            asked=self.asked.among(places),
            distances=self.distances[places],
            right=self.right[places],
        )

    def thinned(self, share: float, random: np.random.Generator) -> "Matched":
        """The same queries, and of the characters about this share of 1."""
        codes = np.unique(self.carved.codepoints)
        gone = np.isin(self.carved.codepoints, codes[random.random(len(codes)) >= share])
        return dataclasses.replace(
            self,
            distances=np.where(gone, np.float32(np.inf), self.distances),
            right=self.right & ~gone,
        )


def matched_set(bench: BenchSet, embedder: Embedder, *, jobs: int = 0) -> Matched:
    """Read and embed a benchmark set. Raises BadSet where not one item can be read."""
    prepared = list(prepare_heights(bench.items, bench.read_item, jobs=jobs))
    good = [one for one in prepared if one.height is not None]
    if not good:
        raise BadSet(f"not one item of {bench.name} can be read", hint=prepared[0].failure.reason)
    names = tuple(one.name for one in good)
    codes = _codepoints(bench, names)
    heights = tuple(one.height for one in good)
    asked = _asked(bench, dict(zip(names, codes.tolist(), strict=True)))
    right = np.array([[name in bench.labels[query] for name in names] for query in asked.names])
    return matched(bench.name, asked, names, codes, heights, right, embedder)


def matched_development(development: Development, embedder: Embedder) -> Matched:
    """Embed a development set; its kinds of query follow one another."""
    names, kinds, codes, pictures = [], [], [], []
    for kind, queries in development.kinds.items():
        names += [f"{kind} {place}" for place in range(len(queries.pictures))]
        kinds += [kind] * len(queries.pictures)
        codes += queries.codepoints.tolist()
        pictures += queries.pictures
    asked = Asked(tuple(names), tuple(kinds), np.array(codes), tuple(pictures))
    items = tuple(str(place) for place in range(len(development.heights)))
    right = asked.codepoints[:, None] == development.codepoints
    heights = tuple(development.heights)
    return matched("development", asked, items, development.codepoints, heights, right, embedder)


def matched(
    name: str,
    asked: Asked,
    names: tuple[str, ...],
    codepoints: np.ndarray,
    heights: tuple[np.ndarray, ...],
    right: np.ndarray,
    embedder: Embedder,
) -> Matched:
    """Embed queries and items, and compare them all, as the product does."""
    found = embedder.embed_heights(heights)
    carved = Carved(names, codepoints, heights, found.mirrored_probability)
    return Matched(name, asked, carved, _distances(embedder, asked.pictures, found), right)


def _distances(embedder: Embedder, pictures: Sequence[np.ndarray | None], found: HeightVectors) -> np.ndarray:
    readable = [place for place, picture in enumerate(pictures) if picture is not None]
    views = reading_views(found)
    vectors = np.stack([view.vector for view in views])
    rows = np.array([view.row for view in views])
    starts = np.flatnonzero(np.diff(rows, prepend=-1))
    asked = embedder.embed_prints([pictures[place] for place in readable])
    distances = np.full((len(pictures), len(starts)), np.inf, np.float32)
    distances[readable] = np.minimum.reduceat(np.clip(1 - asked @ vectors.T, 0, 2), starts, axis=1)
    return distances


def _codepoints(bench: BenchSet, names: Sequence[str]) -> np.ndarray:
    """Codepoints of a set's items, (M,); 0 where the set does not tell."""
    told = [bench.characters.get(name, "").upper().removeprefix("U+") for name in names]
    try:
        return np.array([int(code, 16) if code else 0 for code in told])
    except ValueError as problem:
        raise BadSet(f"characters.csv of {bench.name} holds no codepoint: {problem}") from problem


def _asked(bench: BenchSet, code_of: dict[str, int]) -> Asked:
    """The labelled queries; each shows the character of its right items."""
    codes = [
        max((code_of.get(item, 0) for item in bench.labels[query]), default=0) for query in bench.queries
    ]
    kinds = tuple(bench.kinds.get(query, "") for query in bench.queries)
    pictures = tuple(_picture(bench, query) for query in bench.queries)
    return Asked(tuple(bench.queries), kinds, np.array(codes), pictures)


def _picture(bench: BenchSet, query: str) -> np.ndarray | None:
    try:
        return read_image(bench.read_query(query), name=query)
    except BadInput:
        return None
