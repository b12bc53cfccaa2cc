"""Items: pictures, vectors and a row; a bad mesh is refused alone."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from retrieval.io.meshes import read_mesh
from retrieval.render.relief import read_relief
from retrieval.types import HeightVectors, TurnedVectors
from tests import meshes
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_path, blob_put
from webapp.core.files.derived import ITEM_FILES
from webapp.core.files.media import derived
from webapp.gallery.models import Item, ItemVector
from webapp.gallery.services import item_set_handedness, item_set_turn
from webapp.jobs.kinds import JobKind
from webapp.jobs.leases import LeaseLost, job_claim
from webapp.jobs.services import job_enqueue
from workers.live import cache
from workers.live.weights import load_embedder
from workers.runtime.progress import JobProgress
from workers.tasks.gallery import items_prepare as prepare
from workers.tasks.gallery.items_prepare import items_prepare

pytestmark = pytest.mark.django_db


def waiting(data: bytes, name: str) -> Item:
    """An item as an upload leaves it."""
    return Item.objects.create(name=name, sha256=blob_put(io.BytesIO(data), name=name).sha256)


def block(seed: int, **values) -> Item:
    return waiting(meshes.block(seed, cells=48, **values), f"{seed}.stl")


def pixels(item: Item, name: str) -> np.ndarray:
    return np.asarray(Image.open(derived("items", item.pk, name)))


def test_an_item_becomes_ready_with_all_its_files(release, do):
    item = block(1)
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert (item.state, item.format, item.faces) == ("ready", "stl", 2 * 48**2)
    assert item.handedness in Item.Handedness.values
    assert 0 <= item.mirrored_probability <= 1
    assert item.prepared_with
    folder = derived("items", item.pk, "x").parent
    assert sorted(path.name for path in folder.iterdir()) == sorted(ITEM_FILES)
    assert Image.open(folder / "height.png").mode.startswith("I")
    assert pixels(item, "thumb.webp").shape == (256, 256, 3)
    assert pixels(item, "print.png").shape == (256, 256)
    assert (folder / "viewer.glb").read_bytes()[:4] == b"glTF"
    report = json.loads((folder / "report.json").read_text())
    assert report["faces"] == item.faces
    assert report["handedness"] == item.handedness


def test_its_height_map_and_vectors_are_the_librarys_own(release, do):
    """The slow twin: one mesh at a time, straight through the library."""
    items = [block(seed) for seed in range(3)]
    do(items_prepare, {"items": [item.pk for item in items]})
    embedder = load_embedder(release.model)
    for item in items:
        item.refresh_from_db()
        relief = read_relief(read_mesh(blob_path(item.sha256).read_bytes(), name=item.name).mesh)
        upright = np.rot90(relief.height, item.turn // 90)
        assert np.abs(pixels(item, "height.png") / 65535 - upright).max() < 1e-4
        turned = [embedder.embed_heights([np.rot90(relief.height, quarters)]) for quarters in range(4)]
        assert item.mirrored_probability == pytest.approx(
            float(turned[item.turn // 90].mirrored_probability[0]), abs=1e-3
        )
        for row in item.vectors.all():
            alone = turned[row.turn // 90]
            expected = (alone.mirrored if row.mirrored else alone.seen)[0]
            assert np.frombuffer(bytes(row.vector), "<f4") == pytest.approx(expected, abs=1e-4)


def test_a_file_that_the_store_lacks_is_no_verdict(release, do):
    lost, damaged, waits, good = block(70), block(71), block(73), block(72)
    do(items_prepare, {"items": [lost.pk, damaged.pk]})
    blob_path(lost.sha256).unlink()
    blob_path(waits.sha256).unlink()
    content = blob_path(damaged.sha256).read_bytes()
    blob_path(damaged.sha256).write_bytes(content[: len(content) // 2])
    for item in (lost, damaged, waits):
        with pytest.raises(StoreTrouble, match=item.sha256) as caught:
            do(items_prepare, {"items": [item.pk, good.pk]})
        assert caught.value.code == ("blob_damaged" if item == damaged else "blob_missing")
    states = dict(Item.objects.values_list("pk", "state"))
    assert states == {lost.pk: "ready", damaged.pk: "ready", waits.pk: "waiting", good.pk: "ready"}
    assert lost.vectors.exists()
    assert damaged.vectors.exists()
    blob_path(damaged.sha256).write_bytes(content)
    do(items_prepare, {"items": [damaged.pk]})


def test_bad_meshes_stop_no_other_and_say_what_to_do(release, do):
    bad = [
        waiting(meshes.with_nan(), "nan.stl"),
        waiting(meshes.without_triangles(), "nothing.stl"),
        waiting(meshes.one_triangle(), "one.stl"),
        waiting(meshes.block(5)[:3000], "cut.stl"),
        waiting(b"\0\1\2" * 100, "noise.stl"),
    ]
    good = [block(71), block(72)]
    everything = [*bad[:2], good[0], *bad[2:], good[1]]
    do(items_prepare, {"items": [item.pk for item in everything]})
    for item in good:
        item.refresh_from_db()
        assert item.state == "ready"
    for item in bad:
        item.refresh_from_db()
        assert item.state == "rejected", item.name
        assert item.name in item.error
        assert item.hint
        assert item.error_code
        assert not item.vectors.exists()


def test_a_file_larger_than_a_workers_memory_is_refused_unread(release, do, monkeypatch):
    monkeypatch.setattr(prepare, "_MOST_BYTES", 1_000_000)
    item = waiting(meshes.block(1, cells=110), "large.stl")
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert (item.state, item.error_code) == ("rejected", "mesh_too_large")
    assert "1 MB" in item.error


def test_done_twice_it_is_as_done_once(release, do):
    item = block(1)
    do(items_prepare, {"items": [item.pk]})
    before = list(ItemVector.objects.values_list("pk", "mirrored"))
    do(items_prepare, {"items": [item.pk]})
    assert list(ItemVector.objects.values_list("pk", "mirrored")) == before


class Judge:
    """The embedder, but for how sure it is of the handedness, and of the turn."""

    def __init__(self, embedder, probability, upright):
        self._embedder, self._probability, self._upright = embedder, probability, upright

    def __getattr__(self, name):
        return getattr(self._embedder, name)

    def embed_turned(self, heights, every=()):
        found, sure = (
            self._embedder.embed_turned(heights, range(len(heights))),
            np.full(len(heights), self._probability, np.float32),
        )
        turns = tuple(HeightVectors(one.seen, one.mirrored, sure) for one in found.turns)
        return TurnedVectors(turns, np.array([self._upright] * len(heights), np.float32))


@pytest.fixture
def judged(release, monkeypatch):
    """``judged(p)``: from now on every item is mirrored with probability p, and upright as given."""

    def set_to(probability, upright=(1, 0, 0, 0)):
        held = cache.live()
        changed = replace(held, embedder=Judge(load_embedder(release.model), probability, upright))
        monkeypatch.setattr(prepare, "live", lambda: changed)

    return set_to


@pytest.mark.parametrize(
    ("probability", "handedness", "readings"),
    [
        (0.99, "mirrored", {True}),
        (0.01, "direct", {False}),
        (0.6, "mirrored", {True, False}),
        (0.3, "direct", {True, False}),
    ],
)
def test_a_doubtful_item_can_be_found_both_ways(judged, do, probability, handedness, readings):
    judged(probability)
    item = block(1)
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert item.handedness == handedness
    assert item.is_doubtful == (len(readings) == 2)
    assert set(item.vectors.values_list("mirrored", flat=True)) == readings


def test_an_item_on_its_side_is_turned_upright(judged, do):
    """Pictures and viewer are turned; it is found upright, in another likely turn, and as it was scanned."""
    item = block(1)
    judged(0.99)
    do(items_prepare, {"items": [item.pk]})
    names = ("height.png", "print.png")
    before, viewed = (
        [pixels(item, name) for name in names],
        derived("items", item.pk, "viewer.glb").read_bytes(),
    )
    judged(0.99, upright=(0.02, 0.7, 0.02, 0.26))
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert (item.turn, item.turn_by, item.is_turn_doubtful) == (90, "model", True)
    assert item.upright_probability == pytest.approx(0.7)
    height, ink = (pixels(item, name) for name in names)
    assert np.array_equal(height, np.rot90(before[0]))
    # The print is flipped, so that it turns the other way; the press reaches as far on each side.
    assert (np.abs(ink.astype(int) - np.rot90(before[1], -1)) < 64).mean() > 0.99
    assert derived("items", item.pk, "viewer.glb").read_bytes() != viewed
    assert set(item.vectors.values_list("turn", flat=True)) == {90, 270, 0}


def test_whoever_says_which_way_up_it_is_is_heeded(judged, do, curator):
    judged(0.99, upright=(0.9, 0.0, 0.1, 0.0))
    item = block(1)
    do(items_prepare, {"items": [item.pk]})
    height = pixels(item, "height.png")
    item.refresh_from_db()
    assert item.turn == 0
    item_set_turn(item=item, turn=270, user=curator)
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert (item.turn, item.turn_by, item.is_turn_doubtful) == (270, "person", False)
    assert list(item.vectors.values_list("turn", "mirrored")) == [(270, True)]
    assert np.array_equal(pixels(item, "height.png"), np.rot90(height, 3))


def test_whoever_says_how_it_lies_turns_its_pictures_and_replaces_its_vector(judged, do, curator):
    judged(0.99)
    item = block(1)
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    ink, height, version = pixels(item, "print.png"), pixels(item, "height.png"), item.prepared_with
    (before,) = item.vectors.all()
    item = item_set_handedness(item=item, handedness="direct", user=curator)
    assert item.state == "ready"
    assert item.prepared_with != version
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    (after,) = item.vectors.all()
    assert after.pk > before.pk
    assert (before.mirrored, after.mirrored) == (True, False)
    assert (item.handedness, item.handedness_by, item.is_doubtful) == ("direct", "person", False)
    assert np.array_equal(pixels(item, "print.png"), ink[:, ::-1])
    assert np.array_equal(pixels(item, "height.png"), height)


def test_what_a_person_says_meanwhile_wins(judged, do, curator, monkeypatch):
    judged(0.99)
    item = block(1)
    draw = prepare.item_files

    def drawn_while_somebody_answers(*args):
        item_set_handedness(item=item, handedness="direct", user=curator)
        return draw(*args)

    monkeypatch.setattr(prepare, "item_files", drawn_while_somebody_answers)
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert (item.handedness, item.handedness_by, item.state) == ("direct", "person", "waiting")
    monkeypatch.undo()


def test_who_lost_the_lease_writes_no_row(release):
    good, bad = block(1), waiting(meshes.one_triangle(), "one.stl")
    for item in (good, bad):
        job = job_enqueue(kind=JobKind("test", "batch"), payload={"items": [item.pk]})
        progress = JobProgress(job_claim(job.pk))
        progress.lost()
        with pytest.raises(LeaseLost):
            items_prepare(job.payload, progress)
        item.refresh_from_db()
        assert item.state == "waiting"
    assert not ItemVector.objects.exists()


def test_few_large_meshes_are_in_memory_at_once(release, do, monkeypatch):
    monkeypatch.setattr(prepare, "_MOST_FACES_TOGETHER", 2 * 48**2 + 1)
    together = []
    real = prepare.prepare_together
    monkeypatch.setattr(
        prepare,
        "prepare_together",
        lambda held, group, progress: together.append(len(group)) or real(held, group, progress),
    )
    items = [block(seed) for seed in range(5)]
    do(items_prepare, {"items": [item.pk for item in items]})
    assert together == [2, 2, 1]
    assert Item.objects.filter(state="ready").count() == 5


def test_an_item_that_became_bad_is_refused_and_found_no_more(release, do):
    item = block(1)
    do(items_prepare, {"items": [item.pk]})
    Item.objects.update(sha256=blob_put(io.BytesIO(b"rotten"), name="x").sha256)
    do(items_prepare, {"items": [item.pk]})
    item.refresh_from_db()
    assert item.state == "rejected"
    assert not item.vectors.exists()
