"""The index: built aside, held against exact search, and only then made live."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path

import numpy as np
from django.conf import settings

from common.errors import BadInput
from common.publish import path_aside, publish_folder
from common.suggestions import SUGGESTIONS
from retrieval.embed import Embedder
from retrieval.errors import BadIndex
from retrieval.index import ExactIndex, HnswIndex, reading_turns, reading_ways, recall_against
from retrieval.index.hnsw import GraphShape, shape_of
from retrieval.io.encode import read_height_png
from retrieval.render.relief import turned
from webapp.accounts.models import User
from webapp.batches.models import Query
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import store_check
from webapp.core.files.media import derived
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.prepared import ItemReading, readings_add
from webapp.registry.models import ModelVersion, Release
from webapp.registry.selectors import index_path, live_release
from webapp.registry.services import IndexFacts, index_register, release_make_live
from webapp.search.selectors import EXACT_IS_FAST_TO
from webapp.search.services import INDEX_BUILD
from webapp.training.services import release_announce
from workers.errors import NoRelease
from workers.live.vectors import read_vectors
from workers.live.weights import load_embedder
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.gallery.items_prepare import QUARTER, read_item, readings_of

# How the graph is built where the usual one does not find enough.
_WIDER = GraphShape(32, 400)
_LEAST_RECALL = 0.98
_MOST_TRIED = 500
_EMBEDDED_TOGETHER = 64
_SEED = 5


def index_build(payload: dict, progress: JobProgress) -> None:
    """Build an index over all vectors of a model, and let both answer from then on.

    The live model, or the one that ``payload["model"]`` names: then every item is embedded by it first.

    Raises:
        NoRelease: there is no live release yet.
        BadIndex: the index does not find what exact search finds.
    """
    release = live_release()
    if release is None:
        raise NoRelease("there is no live release yet", hint="run manage.py setup")
    named = payload.get("model")
    model = (ModelVersion.objects.filter(pk=named).first() if named else None) or release.model
    if model.pk == release.model_id:
        build_and_release(model, progress, lambda release: None)
        return
    embed_missing(model, progress)
    build_and_release(model, progress, release_announce)


def build_and_release(
    model: ModelVersion,
    progress: JobProgress,
    released: Callable[[Release], None],
    *,
    created_by: User | None = None,
) -> None:
    """Build an index over all vectors of a model where there are enough of them, and let both answer.

    released: called with the release, within its transaction.

    Raises:
        BadIndex: the index does not find what exact search finds.
    """
    ids, vectors = read_vectors(model)
    if len(ids) <= EXACT_IS_FAST_TO:
        with progress.writing():
            released(release_make_live(model=model, index=None, created_by=created_by))
        return
    with path_aside(settings.ENV.data / "indexes" / "next") as aside:
        facts = _built(model, ids, vectors, aside, progress)
        # Row, folder, release: until the last of them is committed, everybody uses the older index.
        with progress.writing():
            index = index_register(model=model, facts=facts)
            publish_folder(aside, index_path(index))
            released(release_make_live(model=model, index=index, created_by=created_by))


def _built(
    model: ModelVersion, ids: np.ndarray, vectors: np.ndarray, aside: Path, progress: JobProgress
) -> IndexFacts:
    """Build, save, read back and measure; what is measured is what will be loaded."""
    for shape in (shape_of(len(ids)), _WIDER):
        index = HnswIndex.build(
            vectors,
            ids,
            m=shape.m,
            ef_construction=shape.ef_construction,
            fingerprint=model.fingerprint,
            progress=progress.report,
        )
        sha256 = index.save(aside).sha256
        index = HnswIndex.load(aside, width=model.width, fingerprint=model.fingerprint)
        recall = recall_against(index, ExactIndex(vectors, ids), _questions(model, vectors), SUGGESTIONS)
        if recall >= _LEAST_RECALL:
            return IndexFacts(sha256=sha256, count=len(ids), newest=int(ids[-1]), recall=recall)
    raise BadIndex(
        f"the new index finds {recall:.1%} of what exact search finds, less than {_LEAST_RECALL:.0%}",
        hint="searching goes on as it was; the log tells how the index was built",
        code="index_recall",
        retryable=False,
    )


def _questions(model: ModelVersion, vectors: np.ndarray) -> np.ndarray:
    """What to measure with: real queries, and the gallery's own vectors where there are not enough.

    Returns (Q, D) float32.
    """
    rows = Query.objects.filter(vector_model=model, vector__isnull=False).order_by("-pk")
    real = [
        np.frombuffer(bytes(data), "<f4")
        for data in rows.values_list("vector", flat=True)[:_MOST_TRIED]
        if data
    ]
    own = np.random.default_rng(_SEED).choice(len(vectors), min(_MOST_TRIED, len(vectors)), replace=False)
    return np.vstack([*real, vectors[own]])


def embed_missing(model: ModelVersion, progress: JobProgress) -> None:
    """Embed every ready item that this model has not embedded yet; items that come meanwhile are left out.

    While some are embedded, the height maps of the next ones are read and prepared.

    Raises:
        StoreTrouble: the stored files are not there at all; the gallery must not go dark for that.
    """
    embedder = load_embedder(model)
    missing = Item.objects.filter(state=Item.State.READY).exclude(
        pk__in=ItemVector.objects.filter(model=model).values("item")
    )
    pks = list(missing.order_by("pk").values_list("pk", flat=True))
    if pks:  # an installation into which nothing was uploaded yet has no store
        store_check()
    parts = [pks[start : start + _EMBEDDED_TOGETHER] for start in range(0, len(pks), _EMBEDDED_TOGETHER)]
    for done, (part, inputs) in enumerate(_read_ahead(parts, embedder), 1):
        items = Item.objects.filter(pk__in=part)
        read = [(item, one) for item in items if (one := _input(item, inputs, embedder)) is not None]
        if read:
            readings = _readings(read, embedder)
            with progress.writing():
                readings_add(model=model, readings=readings)
        progress.report(min(done * _EMBEDDED_TOGETHER, len(pks)), len(pks))


def _read_ahead(
    parts: list[list[int]], embedder: Embedder
) -> Iterator[tuple[list[int], dict[int, np.ndarray]]]:
    """Each part with what the network takes of its items that could be read; the next is read meanwhile.

    Reading, decoding and scaling leave the interpreter free, and so does the network.
    """
    if not parts:
        return
    with ThreadPoolExecutor(1, "heights") as reader:
        coming = reader.submit(_inputs, parts[0], embedder)
        for part, following in pairwise(parts):
            inputs = coming.result()
            coming = reader.submit(_inputs, following, embedder)
            yield part, inputs
        yield parts[-1], coming.result()


def _inputs(pks: list[int], embedder: Embedder) -> dict[int, np.ndarray]:
    """What the network takes, (S, S) float32, of each item whose picture is there, and whole."""
    read = {}
    for pk in pks:
        try:
            height = read_height_png(derived("items", pk, "height.png").read_bytes())
        except (FileNotFoundError, ValueError):
            continue
        read[pk] = embedder.prepare_height(height)
    return read


def _readings(read: list[tuple[Item, np.ndarray]], embedder: Embedder) -> dict[Item, list[ItemReading]]:
    """Of items, and what the network takes of each, the vectors that they are found by."""
    vectors = embedder.embed_prepared([one for _, one in read])
    found = {item: readings_of(vectors, i, _ways(item), item.turn) for i, (item, _) in enumerate(read)}
    unsure = [(item, one) for item, one in read if _may_lie_otherwise(item)]
    every_way = embedder.turn_prepared([one for _, one in unsure], range(len(unsure)))
    for i, (item, _) in enumerate(unsure):
        # The pictures are turned already: so many quarters bring them back to where they were scanned.
        back = -item.turn // QUARTER % len(every_way.turns)
        for turn in {back, *reading_turns(every_way.upright_probability[i])} - {0}:
            vectors = every_way.turns[turn]
            ways = reading_ways(float(vectors.mirrored_probability[i]))
            if item.handedness_by != Item.Judge.MODEL:
                ways = (item.is_mirrored,)
            found[item] += readings_of(vectors, i, ways, (item.turn + turn * QUARTER) % 360)
    return found


def _may_lie_otherwise(item: Item) -> bool:
    return item.turn_by == Item.Judge.MODEL and (item.turn != Item.Turn.NONE or item.is_turn_doubtful)


def _ways(item: Item) -> tuple[bool, ...]:
    return (item.is_mirrored, not item.is_mirrored) if item.is_doubtful else (item.is_mirrored,)


def _input(item: Item, inputs: Mapping[int, np.ndarray], embedder: Embedder) -> np.ndarray | None:
    """What the network takes of an item, read again from its mesh where the picture is gone; None for a bad
    file.
    """
    if item.pk in inputs:
        return inputs[item.pk]
    try:
        return embedder.prepare_height(turned(read_item(item).relief, item.turn // QUARTER).height)
    except (BadInput, StoreTrouble):  # it keeps its state, and is embedded when its file is back
        return None


JOB = JobHandler(
    kind=INDEX_BUILD,
    run=index_build,
    nobody_waits="the older index serves, and enqueue_due_work enqueues another one later",
)
