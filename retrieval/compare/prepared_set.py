"""A set whose meshes are read once for all methods, and kept: reading takes longer than most methods do."""

import hashlib
import json
import logging
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np

from common.errors import BadInput
from common.publish import write_aside
from retrieval.evaluate.methods.by_name import Method
from retrieval.evaluate.prepare import Failure, prepare_heights
from retrieval.evaluate.ranking import FilledGallery
from retrieval.io.sets import BenchSet

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PreparedSet:
    """A labelled set with its items' height maps.

    bench: the set.
    names: of the N items that could be read.
    heights: (N, 256, 256) float32 in [0, 1].
    failures: of the other items.
    """

    bench: BenchSet
    names: tuple[str, ...]
    heights: np.ndarray
    failures: tuple[Failure, ...]

    @classmethod
    def read(cls, bench: BenchSet, folder: Path, *, jobs: int) -> "PreparedSet":
        """The set's height maps, as ``folder`` has them of these very meshes, else read and kept there.

        folder: keeps them.
        jobs: processes that read meshes; 0 for none but this one.
        """
        path = folder / f"prepared-{_digest(bench)}.npz"
        if not path.exists():
            _keep(path, bench, jobs)
        with np.load(path) as kept:
            facts = json.loads(str(kept["facts"]))
            failures = tuple(Failure(**one) for one in facts["failures"])
            return cls(bench, tuple(facts["names"]), kept["heights"], failures)

    def gallery(self, method: Method) -> FilledGallery:
        """The set's items in an empty method's gallery."""
        if self.names:
            method.add_items(list(self.heights))
        return FilledGallery(method, self.names, self.failures)


def _keep(path: Path, bench: BenchSet, jobs: int) -> None:
    log.info("reading %d meshes of %s", len(bench.items), bench.name)
    read = list(prepare_heights(bench.items, bench.read_item, jobs=jobs))
    good = [(one.name, one.height) for one in read if one.height is not None]
    failures = [asdict(one.failure) for one in read if one.failure is not None]
    facts = json.dumps({"names": [name for name, _ in good], "failures": failures})
    heights = np.stack([height for _, height in good]) if good else np.zeros((0, 256, 256), np.float32)
    with write_aside(path) as aside, aside.open("wb") as file:
        np.savez(file, heights=heights.astype(np.float32), facts=np.array(facts))


def _digest(bench: BenchSet) -> str:
    """Of the meshes' names and bytes; one that cannot be read counts by its name alone."""
    digest = hashlib.sha256()
    for name in bench.items:
        try:
            data = bench.read_item(name)
        except BadInput:
            data = b""
        digest.update(f"{name} {len(data)}\n".encode())
        digest.update(data)
    return digest.hexdigest()[:16]
