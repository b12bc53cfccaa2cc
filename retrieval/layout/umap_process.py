"""UMAP, in a process of its own that ends with the map.

numba and UMAP take hundreds of megabytes that a worker would keep until it ends itself. The process is given
a folder with ``in.npz``, leaves ``out.npy`` there, and ends at once when its parent does: its standard input
closes. It imports nothing but this module, for the same reason.
"""

import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import numpy as np

_ROOT = Path(__file__).parents[2]  # from where this module can be run
_PROGRAM = ("-m", "retrieval.layout.umap_process")
_CHECK_SECONDS = 2.0
_ERROR_LENGTH = 400  # characters that are quoted of a broken process


class LayoutFailed(Exception):
    """The process broke. The end of what it wrote is the message."""


def umap_places(
    vectors: np.ndarray,
    ids: np.ndarray,
    distances: np.ndarray,
    *,
    apart: float,
    seed: int,
    waiting: Callable[[], None],
) -> np.ndarray:
    """Places on a plane where what is near stays near.

    Args:
        vectors: (N, D) float32.
        ids: (N, k) places of the k nearest of each, itself first.
        distances: (N, k) float32, of those.
        apart: how near two points may lie, in units of the map.
        seed: of the one random draw there is.
        waiting: called every two seconds; what it raises ends the process.

    Returns:
        (N, 2) float32.

    Raises:
        LayoutFailed: the process broke.
        MemoryError: it was ended, most likely for want of memory.
    """
    with TemporaryDirectory(prefix="mocban-layout-") as name:
        folder = Path(name)
        np.savez(folder / "in.npz", vectors=vectors, ids=ids, distances=distances, apart=apart, seed=seed)
        with (folder / "log.txt").open("w+b") as log:
            code = _run(folder, log, waiting)
            log.seek(0)
            text = log.read().decode(errors="replace").strip()
        if code < 0:
            raise MemoryError(f"drawing the map was ended by signal {-code}")
        if code:
            raise LayoutFailed(text[-_ERROR_LENGTH:] or f"drawing the map ended with {code}")
        return np.load(folder / "out.npy")


def _run(folder: Path, log: BinaryIO, waiting: Callable[[], None]) -> int:
    command = [sys.executable, *_PROGRAM, str(folder)]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=log, stderr=log) as process:  # noqa: S603
        try:
            while True:
                try:
                    return process.wait(_CHECK_SECONDS)
                except subprocess.TimeoutExpired:
                    waiting()
        finally:
            process.kill()


def run_umap(
    vectors: np.ndarray, ids: np.ndarray, distances: np.ndarray, apart: float, seed: int
) -> np.ndarray:
    """What the process does: UMAP (McInnes, Healy and Melville, 2018), always with one seed."""
    # Only in the process that draws: umap and numba take seconds to load.
    from umap import UMAP

    made = UMAP(
        n_neighbors=ids.shape[1],
        min_dist=apart,
        metric="cosine",
        init="pca",
        random_state=seed,
        n_jobs=1,
        precomputed_knn=(ids.astype(np.int32), distances),
        force_approximation_algorithm=True,  # else it finds the neighbours of few points once more
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it warns that new points could not be added, which nobody will
        return made.fit_transform(vectors)


def _end_with_parent() -> None:
    os.read(0, 1)  # past Python's own buffer, whose lock would break the way out
    os._exit(1)


def main() -> None:
    """``python -m retrieval.layout.umap_process FOLDER``."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    folder = Path(sys.argv[1])
    with np.load(folder / "in.npz") as given:
        places = run_umap(
            given["vectors"], given["ids"], given["distances"], float(given["apart"]), int(given["seed"])
        )
    np.save(folder / "out.npy", np.asarray(places, np.float32))


if __name__ == "__main__":
    main()
