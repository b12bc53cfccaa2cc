"""A whole block's scan read by a worker: its face, its pictures, its characters as items in order."""

import errno
import io

import numpy as np
import pytest
import trimesh

from retrieval.blocks.stored import face_file, read_face_file
from webapp.blocks.faces.mending import places_edit, places_undo
from webapp.blocks.models import Block, Place, Scan
from webapp.blocks.pictures import FACE_FILE, ROOM, has_pictures
from webapp.blocks.reading import scan_read_again, scan_turn
from webapp.blocks.selectors import places
from webapp.blocks.services import scan_add
from webapp.core.errors import DiskFull
from webapp.core.files.blobs import blob_path
from webapp.core.files.media import derived
from webapp.gallery.models import Item
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import Operation
from workers.tasks.blocks.places_cut import places_cut
from workers.tasks.blocks.scan_read import scan_read

pytestmark = pytest.mark.django_db


def live_places(scan) -> list[Place]:
    return list(scan.places.filter(deleted=None).select_related("item").order_by("order"))


@pytest.fixture
def read(scan, do) -> Scan:
    do(scan_read, {"scan": scan.pk})
    do(places_cut, {"scan": scan.pk})
    scan.refresh_from_db()
    return scan


def test_a_scan_becomes_a_face_with_items_in_reading_order(read):
    assert (read.state, read.error) == (Scan.State.READY, "")
    assert read.width_mm == pytest.approx(70, abs=2)
    assert read.height_mm == pytest.approx(55, abs=2)
    assert has_pictures(read)
    found = live_places(read)
    assert len(found) == read.characters >= 5
    assert [row.item for row in places()] == [place.item_id for place in found]
    columns = [place.column for place in found]
    assert columns == sorted(columns)
    items = [place.item for place in found]
    assert {(item.handedness_by, item.turn_by, item.is_mirrored) for item in items} == {
        ("block", "block", read.mirrored)
    }
    mesh = trimesh.load(io.BytesIO(blob_path(items[0].sha256).read_bytes()), file_type="stl")
    wide, high, _ = mesh.extents
    assert wide == pytest.approx(found[0].w_mm * 1.2, abs=1)
    assert high == pytest.approx(found[0].h_mm * 1.2, abs=1)


def test_a_face_is_kept_in_a_file(read):
    face = read_face_file(derived(ROOM, read.pk, FACE_FILE).read_bytes())
    again = read_face_file(face_file(face))
    assert np.array_equal(face.height, again.height)
    assert np.array_equal(face.inside, again.inside)
    assert (again.pitch, again.unit, again.depth) == (face.pitch, face.unit, face.depth)
    with pytest.raises(ValueError, match="stored face"):
        read_face_file(b"PK nonsense")


def test_levels_of_detail_have_few_triangles_first(read):
    counts = []
    for name in ("coarse.glb", "middle.glb", "fine.glb"):
        scene = trimesh.load(derived(ROOM, read.pk, name))
        wide, high, _ = scene.extents
        assert wide == pytest.approx(read.width_mm, abs=1)
        assert high == pytest.approx(read.height_mm, abs=1)
        counts.append(sum(len(one.faces) for one in scene.geometry.values()))
    assert counts == sorted(counts)
    assert counts[0] <= 60_000
    assert counts[-1] <= 1_500_000


def test_a_mended_box_is_cut_again_and_reading_again_keeps_it(read, do, curator):
    first, second, *_ = live_places(read)
    before, scale = first.item.sha256, read.px_per_mm
    box = Operation("move", (first.pk,), rect_px(first, scale, grow=2.0))
    edited = places_edit(
        scan=read, person=curator, version=read.version, operations=[box, Operation("delete", (second.pk,))]
    )
    assert [one.pk for one in edited.boxes if one.deleted] == [second.pk]
    assert Item.objects.get(pk=second.item_id).error_code == "place_deleted"
    do(places_cut, {"scan": read.pk})
    first.refresh_from_db()
    assert first.item.sha256 != before
    scan_read_again(scan=Scan.objects.get(pk=read.pk), user=curator)
    do(scan_read, {"scan": read.pk, "again": True})
    there = {place.pk: place for place in live_places(read)}
    assert there[first.pk].w_mm == first.w_mm
    assert second.pk not in there
    assert len(there) == read.characters - 1


def test_an_undone_deletion_brings_the_item_back(read, curator):
    _, second, *_ = live_places(read)
    places_edit(
        scan=read, person=curator, version=read.version, operations=[Operation("delete", (second.pk,))]
    )
    places_undo(scan=read, person=curator)
    second.refresh_from_db()
    assert second.deleted is None
    assert second.item.state == Item.State.WAITING


def test_a_turned_face_takes_its_places_along(read, do, curator):
    first = live_places(read)[0]
    places_edit(
        scan=read,
        person=curator,
        version=read.version,
        operations=[Operation("move", (first.pk,), rect_px(first, read.px_per_mm, grow=1.0))],
    )
    first.refresh_from_db()
    scan_turn(scan=read, user=curator, turn=180)
    do(scan_read, {"scan": read.pk, "again": True})
    do(places_cut, {"scan": read.pk})
    turned, scan = Place.objects.get(pk=first.pk), Scan.objects.get(pk=read.pk)
    assert (scan.state, scan.way_by, scan.turn) == ("ready", "person", (read.turn + 180) % 360)
    assert turned.x_mm == pytest.approx(read.width_mm - first.x_mm - first.w_mm, abs=0.1)
    assert not turned.stale


def test_what_is_no_block_is_refused_and_leaves_nothing(release, curator, do):
    block = Block.objects.create(name="plank")
    plank = trimesh.creation.box((120, 80, 18)).subdivide_loop(3).export(file_type="stl")
    scan = scan_add(block=block, user=curator, name="plank.stl", stream=io.BytesIO(plank))
    do(scan_read, {"scan": scan.pk})
    scan.refresh_from_db()
    assert (scan.state, scan.error_code) == (Scan.State.REFUSED, "block_no_carving")
    assert not scan.places.exists()
    assert not derived(ROOM, scan.pk, "x").parent.exists()


def rect_px(place: Place, scale: float, grow: float):
    return Rect(place.x_mm * scale, place.y_mm * scale, (place.w_mm + grow) * scale, place.h_mm * scale)


AXES = b"property float x\nproperty float y\nproperty float z\n"
CLOUD = b"ply\nformat ascii 1.0\nelement vertex 3\n" + AXES + b"end_header\n"
CORNERS = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("rest", "<u2")])
CODES = {"cloud": "mesh_no_triangles", "cut short": "mesh_truncated", "wrong unit": "block_unit", "half": ""}


@pytest.mark.parametrize("kind", ["cloud", "cut short", "wrong unit", "half"])
def test_bad_scans_are_said_and_leave_nothing(kind, release, curator, do, block_file, wide_block_file):
    """Half a face is a face: it is read. All the others are refused, with nothing left but the file."""
    data = {
        "cloud": CLOUD + b"0 0 0\n1 0 0\n0 1 0\n",
        "cut short": block_file[: len(block_file) // 2],
        "wrong unit": block_file,
        "half": half(wide_block_file),
    }[kind]
    block = Block.objects.create(name=kind)
    unit = "m" if kind == "wrong unit" else "mm"
    scan = scan_add(block=block, user=curator, name=f"{kind}.stl", stream=io.BytesIO(data), unit=unit)
    do(scan_read, {"scan": scan.pk})
    scan.refresh_from_db()
    assert scan.error_code == CODES[kind]
    assert scan.state == ("ready" if kind == "half" else "refused")
    if kind != "half":
        assert scan.hint
        assert not scan.places.exists()
        assert not derived(ROOM, scan.pk, "x").parent.exists()


def half(data: bytes) -> bytes:
    """An STL file without the triangles of its left half."""
    rows = np.frombuffer(data[84:], CORNERS)
    kept = rows[rows["corners"][:, :, 0].mean(axis=1) > rows["corners"][..., 0].mean()]
    return data[:80] + len(kept).to_bytes(4, "little") + kept.tobytes()


def test_a_full_disk_leaves_no_pictures_and_the_scan_waits(scan, do, monkeypatch):
    def full(face):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("workers.tasks.blocks.scan_pictures.face_file", full)
    with pytest.raises(DiskFull):
        do(scan_read, {"scan": scan.pk})
    scan.refresh_from_db()
    assert scan.state == Scan.State.READING
    assert not derived(ROOM, scan.pk, "x").parent.exists()
    monkeypatch.undo()
    do(scan_read, {"scan": scan.pk})
    scan.refresh_from_db()
    assert scan.state == Scan.State.READY
