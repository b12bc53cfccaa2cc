"""Items: from a mesh file to pictures, a place in the search, and a row that says so."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np

from common.errors import BadInput, MocbanError
from retrieval.errors import BadMesh
from retrieval.index import reading_turns, reading_ways
from retrieval.io.meshes import read_mesh
from retrieval.render.relief import read_relief, turned
from retrieval.types import HeightVectors, LoadedMesh, Relief, TurnedVectors
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_check, blob_existing
from webapp.core.files.derived import write_derived
from webapp.gallery.models import Item
from webapp.gallery.prepared import ItemReading, PreparedItem, item_lie, item_prepared, item_refuse
from webapp.gallery.services import ITEMS_PREPARE, items_reject
from workers.live.cache import live
from workers.live.release import LiveRelease
from workers.runtime.handlers import JobHandler
from workers.runtime.progress import JobProgress
from workers.tasks.gallery.item_files import RECIPE, item_files

# Embedding is cheaper together; meshes wait for it in memory, so that few large ones are done at once.
_MOST_TOGETHER = 16
_MOST_FACES_TOGETHER = 1_000_000
# More than any scan of one character needs; a worker stays within 1.5 GB up to here.
_MOST_FACES = 2_500_000
_MOST_BYTES = 300_000_000
QUARTER = 90


@dataclass(frozen=True)
class Read:
    """An item whose mesh was read. relief: as scanned. seen: how it lay at that time, see ``item_lie``."""

    item: Item
    mesh: LoadedMesh
    relief: Relief
    seen: tuple[str, str, int, str]


def items_prepare(payload: dict, progress: JobProgress) -> None:
    """Prepare the items of ``payload["items"]``, whatever their state; a bad one is refused alone.

    Raises:
        StoreTrouble: files are missing from the store; the other items are prepared, these stay as they are.
    """
    items = list(Item.objects.filter(pk__in=payload["items"]).order_by("pk"))
    done, missing = 0, []
    for failed, group in _groups(items):
        for item, error in failed:
            if isinstance(error, StoreTrouble):
                missing.append(error)
                continue
            with progress.writing():
                item_refuse(pk=item.pk, code=error.code, error=str(error), hint=error.hint)
        prepare_together(live(), group, progress)
        done += len(failed) + len(group)
        progress.report(done, len(items))
    if missing:
        raise missing[0]


def prepare_together(loaded: LiveRelease, group: list[Read], progress: JobProgress) -> None:
    """Embed, picture and write items whose meshes were read."""
    if not group:
        return
    given = [i for i, read in enumerate(group) if read.item.turn_by != Item.Judge.MODEL]
    vectors = loaded.embedder.embed_turned([read.relief.height for read in group], given)
    results = [_judged(read, vectors, i) for i, read in enumerate(group)]
    progress.check()
    for read, (facts, _) in zip(group, results, strict=True):
        relief = turned(read.relief, facts.turn // QUARTER)
        write_derived("items", read.item.pk, item_files(read.mesh, relief, facts))
    with progress.writing():
        for read, (facts, readings) in zip(group, results, strict=True):
            item_prepared(pk=read.item.pk, model=loaded.release.model, facts=facts, readings=readings)


def read_item(item: Item) -> Read:
    """Read an item's mesh, and find its reading plane.

    Raises:
        BadInput: the file is no mesh that can be used.
        StoreTrouble: the file is missing from the store, or damaged in it.
    """
    data = _mesh_file(item)
    try:
        mesh = read_mesh(data, name=item.name, max_faces=_MOST_FACES)
        relief = read_relief(mesh.mesh, name=item.name)
    except BadInput:
        blob_check(item.sha256, name=item.name)
        raise
    return Read(item, mesh, relief, item_lie(item))


def _mesh_file(item: Item) -> bytes:
    path = blob_existing(item.sha256, name=item.name)
    size = path.stat().st_size
    if size <= _MOST_BYTES:
        return path.read_bytes()
    raise BadMesh(
        f"{item.name} has {size // 1_000_000} MB; {_MOST_BYTES // 1_000_000} MB are the most for one mesh",
        hint="reduce it to fewer triangles, or export it as binary STL or PLY",
        code="mesh_too_large",
    )


def readings_of(vectors: HeightVectors, i: int, ways: Iterable[bool], turn: int = 0) -> list[ItemReading]:
    """The i-th item's vectors for these ways of reading it: True is mirrored.

    turn: degrees by which the scan was turned for them.
    """
    return [
        ItemReading(way, np.asarray((vectors.mirrored if way else vectors.seen)[i], "<f4").tobytes(), turn)
        for way in ways
    ]


def _groups(items: Iterable[Item]) -> Iterator[tuple[list[tuple[Item, MocbanError]], list[Read]]]:
    """Items read, as many at a time as may be in memory together; with them, those that could not be."""
    failed: list[tuple[Item, MocbanError]] = []
    group: list[Read] = []
    faces = 0
    for item in items:
        try:
            read = read_item(item)
        except (BadInput, StoreTrouble) as error:
            failed.append((item, error))
            continue
        group.append(read)
        faces += len(read.mesh.mesh.faces)
        if len(group) == _MOST_TOGETHER or faces >= _MOST_FACES_TOGETHER:
            yield failed, group
            failed, group, faces = [], [], 0
    if failed or group:
        yield failed, group


def _judged(read: Read, vectors: TurnedVectors, i: int) -> tuple[PreparedItem, list[ItemReading]]:
    """Decide how an item lies, unless a person has, and by which vectors it is found."""
    item, upright = read.item, vectors.upright_probability[i]
    turns = (item.turn // QUARTER,) if item.turn_by != Item.Judge.MODEL else reading_turns(upright)
    probabilities = [float(vectors.turns[turn].mirrored_probability[i]) for turn in turns]
    given = item.handedness_by != Item.Judge.MODEL and item.handedness
    ways = [(item.is_mirrored,) if given else reading_ways(one) for one in probabilities]
    facts = PreparedItem(
        seen=read.seen,
        handedness=Item.Handedness.MIRRORED if ways[0][0] else Item.Handedness.DIRECT,
        mirrored_probability=probabilities[0],
        turn=turns[0] * QUARTER,
        upright_probability=float(upright[turns[0]]),
        format=read.mesh.format,
        faces=len(read.mesh.mesh.faces),
        tilt_degrees=read.relief.tilt_degrees,
        units_per_pixel=read.relief.units_per_pixel,
        repairs=[*read.mesh.repairs, *read.relief.notes],
        prepared_with=RECIPE,
    )
    readings = [
        reading
        for turn, both in zip(turns, ways, strict=True)
        for reading in readings_of(vectors.turns[turn], i, both, turn * QUARTER)
    ]
    return facts, readings


def _on_give_up(payload: dict, *, code: str, error: str, hint: str) -> None:
    """Refuse the items that still wait."""
    items_reject(pks=payload["items"], code=code, error=error, hint=hint)


JOB = JobHandler(kind=ITEMS_PREPARE, run=items_prepare, on_give_up=_on_give_up, members="items")
