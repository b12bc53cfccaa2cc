"""How the search index grows: build time, memory and query time beside exact search, and what it finds.

``python -m bench.index [--million]`` prints the table alone.
"""

import argparse
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bench.table import Row
from retrieval.index import ExactIndex, HnswIndex, recall_against
from retrieval.types import Hits

SIZES, MILLION = (1_000, 10_000, 100_000), 1_000_000
WIDTH, QUERIES, WANTED = 128, 500, 5
_PER_CHARACTER, _SPREAD, _SEED = 8, 0.6, 7
_BATCH = 50


@dataclass(frozen=True)
class Measured:
    """One size. build: seconds. graph_mb, peak_mb: the graph's own size, and the process's peak.

    one_ms, exact_one_ms: a query asked alone. many_ms, exact_many_ms: a query of a batch of 50, all
    cores. recall: of the five true neighbours.
    """

    count: int
    width: int
    build: float
    graph_mb: float
    peak_mb: float
    one_ms: float
    many_ms: float
    exact_one_ms: float
    exact_many_ms: float
    recall: float


def rows(sizes: tuple[int, ...] = SIZES) -> Iterator[Row]:
    """A row of the benchmark page for each size of gallery."""
    width = _shipped_width()
    for one in (alone(count, width) for count in sizes):
        yield Row(
            f"search among {one.count:,} vectors",
            f"**{one.one_ms:.2f} ms** a query, recall@5 **{one.recall:.4f}**",
            "15 ms with embedding, 0.995" if one.count >= 100_000 else "",
            f"{one.width} wide; built in {one.build:.1f} s, graph {one.graph_mb:.0f} MB, process "
            f"{one.peak_mb:.0f} MB at its peak; {one.many_ms:.3f} ms in batches of {_BATCH}; exact search "
            f"{one.exact_one_ms:.2f} ms, {one.exact_many_ms:.3f} ms in batches",
        )


def alone(count: int, width: int) -> Measured:
    """Measure one size in a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measure, count, width).result()


def measure(count: int, width: int) -> Measured:
    """Build, ask, compare."""
    vectors, queries = clustered(count, width)
    began = time.perf_counter()
    index = HnswIndex.build(vectors)
    build = time.perf_counter() - began
    # Before exact search takes its own copies.
    peak = _peak_mb()
    exact = ExactIndex(vectors)
    return Measured(
        count=count,
        width=width,
        build=build,
        graph_mb=index.size_bytes / 2**20,
        peak_mb=peak,
        one_ms=_milliseconds(lambda some: index.search(some, WANTED), queries, 1),
        many_ms=_milliseconds(lambda some: index.search(some, WANTED), queries, _BATCH),
        exact_one_ms=_milliseconds(lambda some: exact.search(some, WANTED), queries[:50], 1),
        exact_many_ms=_milliseconds(lambda some: exact.search(some, WANTED), queries, _BATCH),
        recall=recall_against(index, exact, queries, WANTED),
    )


def clustered(count: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors and queries that lie as embeddings do: a few items around each of many characters.

    Characters that look alike lie near each other: their centres share most of their parts. Returns
    (count, width) and (QUERIES, width) float32 unit vectors.
    """
    random = np.random.default_rng(_SEED)
    characters = max(1, count // _PER_CHARACTER)
    parts = random.standard_normal((64, width), dtype=np.float32)
    centres = _unit(random.dirichlet(np.full(64, 0.1), characters).astype(np.float32) @ parts)
    near = centres[random.integers(characters, size=count + QUERIES)]
    noise = _unit(random.standard_normal(near.shape, dtype=np.float32))
    vectors = _unit(near + _SPREAD * noise)
    return vectors[:count], vectors[count:]


def _milliseconds(search: Callable[[np.ndarray], Hits], queries: np.ndarray, at_once: int) -> float:
    """The median time of one search, divided by how many queries it answers."""
    times = []
    for start in range(0, len(queries), at_once):
        began = time.perf_counter()
        search(queries[start : start + at_once])
        times.append(time.perf_counter() - began)
    return 1000 * float(np.median(times)) / at_once


def _peak_mb() -> float:
    """This process's largest memory so far; getrusage would tell that of the process which started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def _shipped_width() -> int:
    """The width of the shipped model's vectors; 128 where there is no model yet."""
    from retrieval.embed import Embedder
    from retrieval.errors import BadModel

    try:
        return Embedder.load(device="cpu").width
    except BadModel:
        return WIDTH


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="bench.index", description="Measure how the search index grows.")
    parser.add_argument("--million", action="store_true", help="a million vectors too: minutes, 2 GB")
    parser.add_argument("--width", type=int, help="of the vectors (default: the shipped model's)")
    options = parser.parse_args()
    sizes = (*SIZES, MILLION) if options.million else SIZES
    width = options.width or _shipped_width()
    print("| vectors | build | graph | peak | query | in batches | exact | in batches | recall@5 |")  # noqa: T201
    print("| --- " * 9 + "|")  # noqa: T201
    for count in sizes:
        one = alone(count, width)
        print(  # noqa: T201 - a command's answer
            f"| {count:,} x {width} | {one.build:.1f} s | {one.graph_mb:.0f} MB | {one.peak_mb:.0f} MB "
            f"| {one.one_ms:.2f} ms | {one.many_ms:.3f} ms | {one.exact_one_ms:.2f} ms "
            f"| {one.exact_many_ms:.3f} ms | {one.recall:.4f} |",
            flush=True,
        )


if __name__ == "__main__":
    main()
