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
from retrieval.index.views import reading_turns, reading_views
from retrieval.io.images import read_image
from retrieval.io.sets import BenchSet
from retrieval.rank import Reading
from retrieval.train.data.validation_set import ValidationSet


@dataclass(frozen=True)
class SetQueries:
    """The queries of a set: N names, kinds, codepoints (0 = unknown), pictures (None = unreadable)."""

    names: tuple[str, ...]
    kinds: tuple[str, ...]
    codepoints: np.ndarray
    pictures: tuple[np.ndarray | None, ...]

    @property
    def readable(self) -> np.ndarray:
        """(N,) bool, whether there is a picture."""
        return np.array([picture is not None for picture in self.pictures], bool)

    def among(self, places: np.ndarray) -> "SetQueries":
        """These queries alone."""
        names, kinds, pictures = (
            tuple(column[place] for place in places) for column in (self.names, self.kinds, self.pictures)
        )
        return SetQueries(names, kinds, self.codepoints[places], pictures)


@dataclass(frozen=True)
class SetItems:
    """The items of a set: M names, codepoints (0 = unknown), height maps as seen, turned upright.

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
    queries: SetQueries
    items: SetItems
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
            queries=self.queries.among(places),
            distances=self.distances[places],
            right=self.right[places],
        )

    def thinned(self, share: float, random: np.random.Generator) -> "Matched":
        """The same queries, and of the characters about this share of 1."""
        codes = np.unique(self.items.codepoints)
        gone = np.isin(self.items.codepoints, codes[random.random(len(codes)) >= share])
        return dataclasses.replace(
            self,
            distances=np.where(gone, np.float32(np.inf), self.distances),
            right=self.right & ~gone,
        )


@dataclass(frozen=True)
class EmbeddedSet:
    """A set as vectors of one model.

    prints: (N, D) float32, 0 for queries that cannot be read. vectors: (V, D) float32 of the items' indexed
    readings. readings: whose vector each is, by the items' places; both readings of an item stand together.
    right: (N, M) bool.
    """

    name: str
    queries: SetQueries
    items: SetItems
    prints: np.ndarray
    vectors: np.ndarray
    readings: tuple[Reading, ...]
    right: np.ndarray

    def matched(self) -> Matched:
        """Every query compared with every item, each by its nearest reading."""
        starts = np.flatnonzero(np.diff([one.item for one in self.readings], prepend=-1))
        distances = np.full(self.right.shape, np.inf, np.float32)
        readable = self.queries.readable
        cosines = self.prints[readable] @ self.vectors.T
        distances[readable] = np.minimum.reduceat(np.clip(1 - cosines, 0, 2), starts, axis=1)
        return Matched(self.name, self.queries, self.items, distances, self.right)


def read_and_embed(bench: BenchSet, embedder: Embedder, *, jobs: int = 0) -> EmbeddedSet:
    """Read and embed a benchmark set. Raises BadSet where not one item can be read."""
    prepared = list(prepare_heights(bench.items, bench.read_item, jobs=jobs))
    good = [one for one in prepared if one.height is not None]
    if not good:
        why = next((one.failure.reason for one in prepared if one.failure), "")
        raise BadSet(f"not one item of {bench.name} can be read", hint=why)
    names = tuple(one.name for one in good)
    codes = _codepoints(bench, names)
    heights = tuple(one.height for one in good if one.height is not None)
    queries = _queries(bench, dict(zip(names, codes.tolist(), strict=True)))
    right = np.array([[name in bench.labels[query] for name in names] for query in queries.names])
    return embed_set(bench.name, queries, names, codes, heights, right, embedder)


def embed_validation_set(validation: ValidationSet, embedder: Embedder) -> EmbeddedSet:
    """Embed a validation set; its kinds of query follow one another."""
    names, kinds, codes, pictures = [], [], [], []
    for kind, queries in validation.kinds.items():
        names += [f"{kind} {place}" for place in range(len(queries.pictures))]
        kinds += [kind] * len(queries.pictures)
        codes += queries.codepoints.tolist()
        pictures += queries.pictures
    set_queries = SetQueries(tuple(names), tuple(kinds), np.array(codes), tuple(pictures))
    items = tuple(str(place) for place in range(len(validation.heights)))
    right = set_queries.codepoints[:, None] == validation.codepoints
    heights = tuple(validation.heights)
    return embed_set("validation", set_queries, items, validation.codepoints, heights, right, embedder)


def embed_set(
    name: str,
    queries: SetQueries,
    names: tuple[str, ...],
    codepoints: np.ndarray,
    heights: tuple[np.ndarray, ...],
    right: np.ndarray,
    embedder: Embedder,
) -> EmbeddedSet:
    """Embed queries and items as the product does.

    names, codepoints, heights: of the M items. right: (N, M) bool.
    """
    found = embedder.embed_turned(heights)
    views = reading_views(found)
    upright = [reading_turns(each)[0] for each in found.upright_probability]
    mirrored = [found.turns[turn].mirrored_probability[row] for row, turn in enumerate(upright)]
    heights = tuple(np.rot90(height, turn) for height, turn in zip(heights, upright, strict=True))
    characters = ["" if code == 0 else chr(code) for code in codepoints.tolist()]
    prints = np.zeros((len(queries.names), embedder.width), np.float32)
    if queries.readable.any():
        pictures = [picture for picture in queries.pictures if picture is not None]
        prints[queries.readable] = embedder.embed_queries(pictures)
    return EmbeddedSet(
        name,
        queries,
        SetItems(names, codepoints, heights, np.array(mirrored, np.float32)),
        prints,
        np.stack([view.vector for view in views]),
        tuple(Reading(view.row, view.mirrored, characters[view.row]) for view in views),
        right,
    )


def _codepoints(bench: BenchSet, names: Sequence[str]) -> np.ndarray:
    """Codepoints of a set's items, (M,); 0 where the set does not tell."""
    codes = [bench.characters.get(name, "").upper().removeprefix("U+") for name in names]
    try:
        return np.array([int(code, 16) if code else 0 for code in codes])
    except ValueError as problem:
        raise BadSet(f"characters.csv of {bench.name} holds no codepoint: {problem}") from problem


def _queries(bench: BenchSet, code_of: dict[str, int]) -> SetQueries:
    """The labelled queries; each shows the character of its right items."""
    codes = [
        max((code_of.get(item, 0) for item in bench.labels[query]), default=0) for query in bench.queries
    ]
    kinds = tuple(bench.kinds.get(query, "") for query in bench.queries)
    pictures = tuple(_picture(bench, query) for query in bench.queries)
    return SetQueries(tuple(bench.queries), kinds, np.array(codes), pictures)


def _picture(bench: BenchSet, query: str) -> np.ndarray | None:
    try:
        return read_image(bench.read_query(query), name=query)
    except BadInput:
        return None
