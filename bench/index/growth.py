"""How the search index grows, beside NumPy's exact search and one peer library.

``python -m bench.index.growth`` measures up to a million vectors, which takes minutes and 3 GB, and writes
the table into docs/benchmark.md and docs/results/index.json.
"""

import argparse
import dataclasses
import json
import multiprocessing
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from bench.index.vectors import ITEMS_A_CHARACTER, Sample, gallery, sample
from bench.table import BenchmarkRow, write_index_section
from retrieval.index import ExactIndex, HnswIndex, recall_against
from retrieval.index.hnsw import shape_of, width_of_search
from retrieval.types import Hits
from workers.runtime.threads import one_thread_each

ROOT = Path(__file__).resolve().parents[2]
RESULTS, PAGE = ROOT / "docs" / "results" / "index.json", ROOT / "docs" / "benchmark.md"
SIZES, PROMISED = (1_000, 10_000, 100_000, 1_000_000), 100_000
WANTED = 5
_BATCH, _EXACT_QUERIES = 50, 50
_ABOUT = f"""\
`make bench-index` measured this table, each size in a process of its own, whose peak memory holds vectors
and index while building. The vectors are real ones carried further: drawn characters embedded by the shipped
model, two carvings and a print of each, moved to the places of its learned characters by mirrorings, which
keep all distances between the carvings and prints of a character; {ITEMS_A_CHARACTER} items a character,
queries are prints. usearch has the same links, and searches as widely. Recall is against exact search; the
bars are 0.995 and 1 ms a query at 1,000,000. Other work on the machine makes times longer: read them as
upper bounds."""


@dataclass(frozen=True)
class Timed:
    """One way of searching. build: seconds. megabytes: of its file. half, most: median and 95th percentile of
    a query asked alone, in ms. many: a query of a batch of 50, in ms. recall: of the five true neighbours.
    """

    build: float
    megabytes: float
    half: float
    most: float
    many: float
    recall: float


@dataclass(frozen=True)
class Grown:
    """One size of gallery. peak: the process's largest memory in MB with vectors and index in it."""

    count: int
    width: int
    peak: float
    ours: Timed
    exact: Timed
    peer: Timed | None


def rows() -> Iterator[BenchmarkRow]:
    """The benchmark page's own rows: what is promised of a gallery of 100,000."""
    with TemporaryDirectory(prefix="mocban-index-") as folder:
        path = Path(folder) / "sample.npz"
        sample().save(path)
        one = alone(measure, path, PROMISED)
        timed = alone(measure_whole_query, path, PROMISED)
    yield BenchmarkRow(
        f"one query embedded and searched among {PROMISED:,} items, 95th percentile",
        f"**{timed[1]:.1f} ms**",
        "15 ms",
        f"a print of 128 x 128 px, its preprocessing included, one thread; median {timed[0]:.1f} ms",
    )
    yield BenchmarkRow(
        f"memory of a gallery of {PROMISED:,}",
        f"**{one.peak:.0f} MB** at its peak",
        "1,000 MB",
        f"a process with {one.width} floats of each item and its index, while building; the index alone "
        f"{one.ours.megabytes:.0f} MB",
    )


def alone(measured: Callable, path: Path, count: int) -> object:
    """Measure in a process of its own, so that its peak memory is its own."""
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as pool:
        return pool.submit(measured, path, count).result()


def measure(path: Path, count: int) -> Grown:
    """Build, ask, compare: our index, exact search and the peer, on the same vectors and queries."""
    vectors, queries = gallery(Sample.load(path), count)
    build, index = _built(lambda: HnswIndex.build(vectors))
    # Before exact search and the peer take their own.
    peak = peak_mb()
    exact = ExactIndex(vectors)
    ours = _timed(
        index.search, queries, build, index.size_bytes / 2**20, recall_against(index, exact, queries, WANTED)
    )
    few = queries[:_EXACT_QUERIES]
    truth = _timed(exact.search, few, 0.0, vectors.nbytes / 2**20, 1.0)
    return Grown(count, vectors.shape[1], peak, ours, truth, _peer(vectors, queries, exact))


def measure_whole_query(path: Path, count: int) -> tuple[float, float]:
    """Median and 95th percentile, in ms, of a picture's way to its five items."""
    # Only here: the processes that measure their memory hold no torch.
    from retrieval.embed import Embedder
    from tests import pictures

    index = HnswIndex.build(gallery(Sample.load(path), count)[0])
    embedder = Embedder.load(device="cpu")
    prints = [np.asarray(pictures.print_of(seed).convert("L")) for seed in range(120)]
    times = []
    for picture in prints:
        began = time.perf_counter()
        index.search(embedder.embed_prints([picture]), WANTED)
        times.append(1000 * (time.perf_counter() - began))
    half, most = np.percentile(times[20:], (50, 95))
    return float(half), float(most)


class _Peer:
    """usearch, with the same links, sought as widely, and the same width of search as ours."""

    def __init__(self, vectors: np.ndarray) -> None:
        # A library of somebody's: without it there is no peer to compare with.
        from usearch.index import Index

        shape = shape_of(len(vectors))
        self.index = Index(
            ndim=vectors.shape[1], metric="ip", dtype="f32", connectivity=shape.m,
            expansion_add=shape.ef_construction, expansion_search=width_of_search(len(vectors)),
        )  # fmt: skip
        self.index.add(np.arange(len(vectors)), vectors)

    def search(self, queries: np.ndarray, k: int) -> Hits:
        found = self.index.search(queries, k)
        shape = len(queries), k
        return Hits(np.reshape(found.keys, shape).astype(np.int64), np.reshape(found.distances, shape))


def _peer(vectors: np.ndarray, queries: np.ndarray, exact: ExactIndex) -> Timed | None:
    try:
        build, peer = _built(lambda: _Peer(vectors))
    except ImportError:
        return None
    recall = recall_against(peer, exact, queries, WANTED)
    return _timed(peer.search, queries, build, peer.index.serialized_length / 2**20, recall)


def _built(build: Callable[[], object]) -> tuple[float, object]:
    began = time.perf_counter()
    index = build()
    return time.perf_counter() - began, index


def _timed(
    search: Callable[[np.ndarray, int], Hits],
    queries: np.ndarray,
    build: float,
    megabytes: float,
    recall: float,
) -> Timed:
    half, most = np.percentile(_milliseconds(search, queries, 1), (50, 95))
    many = float(np.median(_milliseconds(search, queries, _BATCH)))
    return Timed(build, megabytes, float(half), float(most), many, recall)


def _milliseconds(
    search: Callable[[np.ndarray, int], Hits], queries: np.ndarray, at_once: int
) -> list[float]:
    """The time of each search, divided by how many queries it answers."""
    search(queries[:at_once], WANTED)
    times = []
    for start in range(0, len(queries), at_once):
        some = queries[start : start + at_once]
        began = time.perf_counter()
        search(some, WANTED)
        times.append(1000 * (time.perf_counter() - began) / len(some))
    return times


def peak_mb() -> float:
    """This process's largest memory so far; getrusage would tell that of the process which started it."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), float("nan"))


def section(grown: list[Grown]) -> str:
    """What docs/benchmark.md tells of it."""
    head = ["vectors", "search", "build", "disk", "peak memory", "query, median", "95th percentile"]
    head += ["in batches of 50", "recall@5"]
    lines = [head, ["---"] * len(head)]
    for one in grown:
        lines.append([f"{one.count:,} x {one.width}", "**Mocban** (hnswlib)", *_cells(one.ours, one.peak)])
        lines.append(["", "NumPy, exact", *_cells(one.exact, None)])
        if one.peer:
            lines.append(["", "usearch", *_cells(one.peer, None)])
    table = "\n".join("| " + " | ".join(line) + " |" for line in lines)
    return f"{_ABOUT}\n\n{table}\n"


def _cells(one: Timed, peak: float | None) -> list[str]:
    return [
        f"{one.build:,.1f} s" if one.build else "",
        f"{one.megabytes:,.0f} MB",
        f"{peak:,.0f} MB" if peak else "",
        f"{one.half:.2f} ms",
        f"{one.most:.2f} ms",
        f"{one.many:.3f} ms",
        f"{one.recall:.4f}",
    ]


def main() -> None:
    """Measure, write and print the table."""
    parser = argparse.ArgumentParser(
        prog="bench.index.growth", description="Measure how the search index grows."
    )
    parser.add_argument("--up-to", type=int, default=SIZES[-1], help="largest size; less writes no page")
    options = parser.parse_args()
    one_thread_each()
    grown = []
    with TemporaryDirectory(prefix="mocban-index-") as folder:
        path = Path(folder) / "sample.npz"
        sample().save(path)
        for count in (size for size in SIZES if size <= options.up_to):
            grown.append(alone(measure, path, count))
            print(section(grown[-1:]).rsplit("---", 1)[-1], flush=True)  # noqa: T201 - a command's answer
    if options.up_to == SIZES[-1]:
        RESULTS.parent.mkdir(exist_ok=True)
        RESULTS.write_text(json.dumps([dataclasses.asdict(one) for one in grown], indent=1) + "\n")
        PAGE.write_text(write_index_section(PAGE.read_text(), section(grown)))


if __name__ == "__main__":
    main()
