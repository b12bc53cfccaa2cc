"""What this process has loaded: the live model, the live index, and the vectors newer than it.

The one place with state of its own. It is asked for at the beginning of each job, and follows the release.
"""

import logging
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from common.errors import MocbanError
from retrieval.embed import Embedder
from retrieval.errors import BadIndex, BadModel
from retrieval.index import ExactIndex, HnswIndex, merge_hits
from retrieval.index.exemplars import Exemplars
from retrieval.index.hnsw import width_of_search
from retrieval.models import shipped_weights
from retrieval.render.shaded import open_shader
from retrieval.types import Hits
from webapp.core.blobs import blob_path
from webapp.core.errors import Refused
from webapp.gallery.models import ItemVector
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import index_path, live_release, model_path
from workers.errors import NoRelease
from workers.known import Known

logger = logging.getLogger(__name__)

_RESTORE = "restore models/ from the backup, or run manage.py setup for the weights of this version"


@dataclass(frozen=True)
class Tail:
    """Vectors that the index does not hold. ids: (N,) int64 rising. vectors: (N, D) float32."""

    ids: np.ndarray
    vectors: np.ndarray
    newest: int

    def with_newer(self, model: ModelVersion) -> "Tail":
        """This, and every vector written since."""
        ids, vectors = read_vectors(model, after=self.newest)
        if not len(ids):
            return self
        return Tail(np.concatenate((self.ids, ids)), np.concatenate((self.vectors, vectors)), int(ids[-1]))


@dataclass(frozen=True)
class Loaded:
    """One release, ready to answer. index: None while the gallery is small, or the folder is gone.
    exemplars: prints that people matched, by this model.
    """

    release: Release
    embedder: Embedder
    index: HnswIndex | None
    tail: Tail
    exemplars: Exemplars

    def __len__(self) -> int:
        return len(self.tail.ids) + (len(self.index) if self.index else 0)

    def search(self, vectors: np.ndarray, k: int) -> Hits:
        """The k nearest vectors of the gallery, some of which may have been replaced meanwhile.

        vectors: (Q, D) float32, unit length.
        """
        found = ExactIndex(self.tail.vectors, self.tail.ids).search(vectors, k)
        if self.index is None:
            return found
        wide = max(width_of_search(len(self.index)), 2 * k)
        return merge_hits(self.index.search(vectors, k, wide, threads=1), found, k)


@dataclass(frozen=True)
class Whole:
    """Every vector of a model, to compare something with all of them; 70 MB for 90,000 items.

    ids: (N,) int64, the vectors'. items: (N,) int64, whose they are. vectors: (N, D) float32.
    """

    model_id: int
    ids: np.ndarray
    items: np.ndarray
    vectors: np.ndarray

    @property
    def newest(self) -> int:
        return int(self.ids[-1]) if len(self.ids) else 0


class _Process:
    """What the process keeps from job to job."""

    loaded: Loaded | None = None
    whole: Whole | None = None
    known: Known | None = None
    shader = None


def live() -> Loaded:
    """The live release with every vector written so far.

    Raises:
        NoRelease: the installation is not set up yet.
    """
    release = live_release()
    if release is None:
        raise NoRelease("there is no live release yet", hint="run manage.py setup")
    held = _Process.loaded
    if held is None or held.release.pk != release.pk:
        held = _load(release, held)
    if _Process.known is None or _Process.known.model_id != release.model_id:
        _Process.known = Known.nothing(release.model)
    exemplars = _Process.known.follow()
    _Process.loaded = replace(held, tail=held.tail.with_newer(release.model), exemplars=exemplars)
    return _Process.loaded


def whole() -> Whole:
    """Every vector of the live model. The first time takes a second or so for 90,000; later ones little.

    Raises:
        NoRelease: the installation is not set up yet.
    """
    model = live().release.model
    held = _Process.whole
    held = _read_whole(model) if held is None or held.model_id != model.pk else _with_newer(held, model)
    _Process.whole = held
    return held


def shader():
    """This process's renderer of shaded pictures: made by whoever uses it, for it survives no fork."""
    if _Process.shader is None:
        _Process.shader = open_shader()
    return _Process.shader


def warm() -> None:
    """Load what the first job will need. What is wrong, the first job will tell."""
    try:
        held = live()
        blank = np.full((64, 64), 255, np.uint8)
        held.search(held.embedder.embed_prints([blank]), 1)
    except (MocbanError, OSError) as error:
        logger.info("nothing loaded ahead: %s", error)


def forget() -> None:
    """Drop everything, as a new process would have nothing."""
    if _Process.shader is not None:
        _Process.shader.close()
    _Process.loaded = _Process.whole = _Process.known = _Process.shader = None


def load_embedder(model: ModelVersion) -> Embedder:
    """Load a model's weights; where their copy is gone or damaged, from the file that they came in.

    Raises:
        NoRelease: they are gone, damaged, or of another version, and there is no other copy.
    """
    refused = None
    for path in (model_path(model), *weights_came_in(model)):
        try:
            embedder = Embedder.load(path) if path.exists() else None
        except BadModel as error:
            logger.warning("weights that cannot be used: %s", error)
            refused = refused or error
            continue
        if embedder is not None and embedder.fingerprint == model.fingerprint:
            return embedder
    if refused:
        raise NoRelease(str(refused), hint=_RESTORE, code="bad_model") from refused
    raise NoRelease(f"the weights of {model} are gone", hint=_RESTORE, code="model_missing")


def check_weights(model: ModelVersion) -> None:
    """Refuse a model that is not live, and cannot be loaded, rather than wait until it can.

    Raises:
        Refused: its weights are gone, or damaged.
    """
    try:
        load_embedder(model)
    except NoRelease as error:
        hint = "bring its file in again"
        raise Refused(str(error), hint=hint, code=str(error.code)) from error


def weights_came_in(model: ModelVersion) -> tuple[Path, ...]:
    """Where a model's weights may lie besides: as they were uploaded, or as they were shipped."""
    return blob_path(model.sha256), shipped_weights()


def read_vectors(model: ModelVersion, *, after: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Every vector of a model written after the one with this id.

    Returns (N,) int64 ids, rising, and (N, D) float32.
    """
    rows = ItemVector.objects.filter(model=model, pk__gt=after).order_by("pk").values_list("pk", "vector")
    ids: list[int] = []
    data = bytearray()
    for pk, vector in rows.iterator(chunk_size=4096):
        ids.append(pk)
        data += vector
    vectors = np.frombuffer(bytes(data), "<f4").reshape(len(ids), model.width)
    return np.array(ids, np.int64), vectors


def _read_whole(model: ModelVersion) -> Whole:
    ids, vectors = read_vectors(model)
    rows = ItemVector.objects.filter(model=model).values_list("pk", "item")
    owners = dict(rows.iterator(chunk_size=10_000))
    kept = np.array([pk in owners for pk in ids.tolist()], bool)
    items = np.array([owners[pk] for pk in ids[kept].tolist()], np.int64)
    return Whole(model.pk, ids[kept], items, vectors[kept])


def _with_newer(held: Whole, model: ModelVersion) -> Whole:
    """``held`` and what was written since; all anew where a vector that it has is no more."""
    there = ItemVector.objects.filter(model=model)
    if there.filter(pk__lte=held.newest).count() != len(held.ids):
        return _read_whole(model)
    ids, vectors = read_vectors(model, after=held.newest)
    if not len(ids):
        return held
    owners = dict(there.filter(pk__gt=held.newest).values_list("pk", "item"))
    items = np.array([owners.get(pk, 0) for pk in ids.tolist()], np.int64)
    return Whole(
        held.model_id,
        np.concatenate((held.ids, ids)),
        np.concatenate((held.items, items)),
        np.concatenate((held.vectors, vectors)),
    )


def _load(release: Release, held: Loaded | None) -> Loaded:
    if held is not None and held.release.model_id == release.model_id:
        embedder = held.embedder
    else:
        embedder = load_embedder(release.model)
    index = _load_index(release)
    newest = release.index.newest if index else 0
    empty = np.zeros((0, release.model.width), np.float32)
    return Loaded(
        release, embedder, index, Tail(np.zeros(0, np.int64), empty, newest), Exemplars(release.model.width)
    )


def _load_index(release: Release) -> HnswIndex | None:
    if release.index is None:
        return None
    model = release.model
    try:
        return HnswIndex.load(index_path(release.index), width=model.width, fingerprint=model.fingerprint)
    except (BadIndex, OSError) as error:
        # Indexes can be made again, so that this one is gone costs time only: all vectors are compared
        # until housekeeping has had it built.
        logger.warning("searching without an index: %s", error)
        return None
