"""One query among 100,000 items, both stages: embedding, search, and registration of near-ties."""

import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import cv2
import numpy as np

from bench.index.growth import PROMISED, alone
from bench.index.vectors import Sample, gallery, sample
from bench.table import BenchmarkRow
from retrieval.embed import Embedder
from retrieval.index import HnswIndex
from retrieval.rank import Ranker, Reading
from retrieval.register import item_form, print_form, read_item_form
from retrieval.synth.hands import CLEAN, PRINTED, draw_block, draw_hand, draw_wood
from retrieval.synth.prints import draw_print
from retrieval.synth.textures import Textures
from tests import pictures

CARVINGS, HANDS, WARM = 20, 60, 5
_SEED = 13
_BAR = 75


def rows() -> Iterator[BenchmarkRow]:
    """The row of the benchmark page."""
    with TemporaryDirectory(prefix="mocban-registering-") as folder:
        path = Path(folder) / "sample.npz"
        sample().save(path)
        half, most, registered = alone(measure, path, PROMISED)
    yield BenchmarkRow(
        f"one query among {PROMISED:,} items, registration of its near-ties included, 95th percentile",
        f"**{most:.1f} ms**",
        f"{_BAR} ms",
        f"a print of 70 to 96 px of a character with {CARVINGS} carvings, its preprocessing included, "
        f"processor time of one thread; median {half:.1f} ms, {registered:.1f} of the five suggestions were "
        "registered",
    )


def measure(path: Path, count: int) -> tuple[float, float, float]:
    """Median and 95th percentile, in ms, and how many of the five were laid over the print."""
    cv2.setNumThreads(1)
    embedder = Embedder.load(device="cpu")
    pictures, heights = _hands()
    forms, own = _carvings(embedder, heights)
    others = gallery(Sample.load(path), count - len(own))[0]
    ranker = Ranker(_Gallery(np.concatenate([own, others]), forms), embedder.confidence)
    times, registered = [], []
    for picture in pictures:
        began = time.process_time()
        vector = embedder.embed_queries([picture])
        (found,) = ranker.rank_prints(vector, [print_form(picture)])
        times.append(1000 * (time.process_time() - began))
        registered.append(sum(one.registration is not None for one in found.items))
    half, most = np.percentile(times[WARM:], (50, 95))
    return float(half), float(most), float(np.mean(registered))


def _hands() -> tuple[list[np.ndarray], list[np.ndarray]]:
    """A print of each of some hands, and the height maps of all their carvings."""
    random = np.random.default_rng(_SEED)
    textures = Textures(random)
    prints, heights = [], []
    for seed in range(HANDS):
        fields = draw_hand(pictures.glyph(seed, 128) > 0.5, CARVINGS, random, textures)
        wood = draw_wood(random)
        prints.append(draw_print(fields[0], [], random, textures, placing=PRINTED, manner=CLEAN))
        for field in fields:
            block = draw_block(field, [], wood, random, textures)
            heights.append(cv2.resize(block, (256, 256), interpolation=cv2.INTER_LINEAR))
    return prints, heights


def _carvings(embedder, heights: Sequence[np.ndarray]) -> tuple[dict[int, bytes], np.ndarray]:
    vectors = embedder.embed_heights(heights).seen
    return {place: item_form(height) for place, height in enumerate(heights)}, vectors


class _Gallery:
    """Vectors behind an index, as a live gallery has them."""

    def __init__(self, vectors: np.ndarray, forms: Mapping[int, bytes]) -> None:
        self._vectors, self._forms = vectors, forms
        self._index = HnswIndex.build(vectors)

    def __len__(self) -> int:
        return len(self._vectors)

    def search(self, queries: np.ndarray, k: int):
        return self._index.search(queries, k)

    def readings(self, vectors: Sequence[int]) -> dict:
        return {one: self._one(one) for one in vectors}

    def readings_of(self, items) -> dict:
        return {one: [(self._one(one), self._vectors[one])] for one in items}

    def forms(self, readings) -> dict:
        there = [one for one in readings if one.item in self._forms]
        return {one.item: read_item_form(self._forms[one.item]) for one in there}

    def _one(self, place: int):
        character = f"hand {place // CARVINGS}" if place in self._forms else ""
        return Reading(place, character=character)
