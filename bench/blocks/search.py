"""Which of many blocks printed a page: the search, on drawn vectors.

``python -m bench.blocks.search 100 300 1000`` prints a line for each such number of blocks.
"""

import sys
import time
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.index.growth import alone, peak_mb
from bench.index.vectors import Sample, gallery, sample, unit
from retrieval.blocks.printed.layover import Placed
from retrieval.blocks.printed.shelf import Shelf
from workers.runtime.threads import one_thread_each

CHARACTERS, PAGES = 300, 30
_SEED, _SIZE, _PIXELS = 41, (300.0, 200.0), 4.0


def measure(path: Path, blocks: int) -> tuple[float, ...]:
    """Seconds in the median, at the 95th percentile, and of the processor; share right first; seconds to
    build; peak memory in MB.
    """
    random = np.random.default_rng(_SEED)
    vectors = gallery(Sample.load(path), blocks * CHARACTERS)[0]
    # Characters follow each other by lot on a block, as in a text.
    faces = np.array_split(vectors[random.permutation(len(vectors))], blocks)
    ink = (random.random((400, 600), np.float32) > 0.5).astype(np.float32)
    began = time.perf_counter()
    shelf = Shelf([_face(random, str(name), own, ink) for name, own in enumerate(faces)])
    build, times, busy, first = time.perf_counter() - began, [], [], 0
    for name in random.integers(blocks, size=PAGES).tolist():
        page = _page(random, shelf.faces[name])
        began, processor = time.perf_counter(), time.process_time()
        found = shelf.matches(page)
        times.append(time.perf_counter() - began)
        busy.append(time.process_time() - processor)
        best = max(found, key=lambda match: len(match.laid.pairs), default=None)
        first += best is not None and best.block == str(name)
    half, most = np.percentile(times, (50, 95))
    return float(half), float(most), float(np.median(busy)), first / PAGES, build, peak_mb()


def _face(random: np.random.Generator, name: str, vectors: np.ndarray, ink: np.ndarray):
    # Columns of characters, as a face has them.
    places = np.stack(np.meshgrid(np.arange(25), np.arange(12)), axis=2).reshape(-1, 2)[: len(vectors)]
    middles = (places + 0.5) / (25, 12) * _SIZE + random.normal(0, 0.4, (len(vectors), 2))
    return Placed(name, middles, np.full((len(vectors), 2), 9.0), vectors, ink, 0.5)


def _page(random: np.random.Generator, face):
    """The page of a face: other scale, a little turned; a fifth of its characters are read as others."""
    turn = np.array([[1, 0.02], [-0.02, 1]])
    middles = _PIXELS * (face.middles @ turn.T + random.normal(0, 0.3, face.middles.shape))
    noise = random.normal(0, 1, face.vectors.shape)
    vectors = unit(face.vectors + 0.35 * unit(noise))
    lost = random.random(len(vectors)) < 0.2
    vectors[lost] = unit(noise[lost])
    return replace(face, name="page", middles=middles, sides=_PIXELS * face.sides, vectors=vectors)


def main() -> None:
    """Measure for the numbers of blocks that are named."""
    one_thread_each()
    with TemporaryDirectory(prefix="mocban-blocks-") as folder:
        path = Path(folder) / "sample.npz"
        sample().save(path)
        for blocks in map(int, sys.argv[1:]):
            half, most, busy, first, build, peak = alone(measure, path, blocks)
            print(  # noqa: T201 - a command's answer
                f"{blocks:,} blocks: median {half:.3f} s, 95th percentile {most:.3f} s, "
                f"{busy:.3f} s of processor, right first {first:.0%}, built in {build:.0f} s, {peak:,.0f} MB",
                flush=True,
            )


if __name__ == "__main__":
    main()
