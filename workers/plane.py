"""A plane on which what is near stays near: UMAP, in a process of its own that ends with the map.

numba and UMAP take hundreds of megabytes that a worker would hold until it ends itself. The process is given
a folder with ``in.npz``, leaves ``out.npy`` there, and ends at once when its parent does: its standard input
closes.
"""

import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from webapp.config.env import ROOT

_PROGRAM = ("-m", "workers.plane")
_EVERY = 2.0  # seconds between two looks whether it is done
_LAST = 400  # characters of what a broken process said


class PlaneFailed(Exception):
    """The process broke. Its last words are the message."""


def plane(
    vectors: np.ndarray,
    ids: np.ndarray,
    distances: np.ndarray,
    *,
    apart: float,
    seed: int,
    waiting: Callable[[], None],
) -> np.ndarray:
    """(N, D) vectors with their (N, k) nearest, themselves first, to (N, 2) places.

    waiting: called every two seconds; what it raises ends the process.

    Raises:
        PlaneFailed: the process broke. MemoryError: it was ended, most likely for want of memory.
    """
    with TemporaryDirectory(prefix="mocban-plane-") as name:
        folder = Path(name)
        np.savez(folder / "in.npz", vectors=vectors, ids=ids, distances=distances, apart=apart, seed=seed)
        with (folder / "said.txt").open("w+b") as said:
            code = _run(folder, said, waiting)
            said.seek(0)
            words = said.read().decode(errors="replace").strip()
        if code < 0:
            raise MemoryError(f"drawing the map was ended by signal {-code}")
        if code:
            raise PlaneFailed(words[-_LAST:] or f"drawing the map ended with {code}")
        return np.load(folder / "out.npy")


def _run(folder: Path, said, waiting: Callable[[], None]) -> int:
    command = [sys.executable, *_PROGRAM, str(folder)]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=said, stderr=said) as process:  # noqa: S603
        try:
            while True:
                try:
                    return process.wait(_EVERY)
                except subprocess.TimeoutExpired:
                    waiting()
        finally:
            process.kill()


def laid_out(
    vectors: np.ndarray, ids: np.ndarray, distances: np.ndarray, apart: float, seed: int
) -> np.ndarray:
    """What the process does: UMAP (McInnes, Healy and Melville, 2018), always with one seed."""
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
    """``python -m workers.plane FOLDER``."""
    threading.Thread(target=_end_with_parent, daemon=True).start()
    folder = Path(sys.argv[1])
    with np.load(folder / "in.npz") as given:
        places = laid_out(
            given["vectors"], given["ids"], given["distances"], float(given["apart"]), int(given["seed"])
        )
    np.save(folder / "out.npy", np.asarray(places, np.float32))


if __name__ == "__main__":
    main()
