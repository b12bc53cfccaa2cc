"""What may be written to the gallery, by whom, and what becomes of each file."""

import io
import struct
from dataclasses import replace

import pytest
from django.core.exceptions import PermissionDenied

from tests import factories, meshes, pictures
from tests.retrieval.io.dialects import _3mf
from webapp.core.errors import Refused
from webapp.core.files.blobs import blob_path
from webapp.gallery.imports import intake
from webapp.gallery.models import ImportArchive, ImportLeftOut, Item
from webapp.gallery.pictures import picture_version
from webapp.gallery.prepared import ItemReading, readings_replace
from webapp.gallery.selectors import import_progress, items_found
from webapp.gallery.services import (
    import_add_file,
    import_close,
    import_create,
    item_set_character,
    item_set_handedness,
    item_set_turn,
    items_enqueue,
    items_enqueue_forgotten,
    items_reject,
    items_retry,
)
from webapp.jobs.models import Job
from webapp.registry.models import ModelVersion

pytestmark = pytest.mark.django_db


class Sized(io.BytesIO):
    """A stream that knows its size, as uploaded files do."""

    @property
    def size(self):
        return len(self.getvalue())


@pytest.fixture
def upload(curator):
    return import_create(owner=curator, name="blocks")


def add(upload, name, data, **values):
    return import_add_file(upload=upload, name=name, stream=Sized(data), **values)


def prepared(items):
    """Ids in the jobs that wait, job by job."""
    return [job.payload["items"] for job in Job.objects.filter(kind="items.prepare").order_by("created")]


class TestOneFile:
    @pytest.mark.parametrize("kind", sorted(meshes.WRITERS))
    def test_a_mesh_becomes_an_item(self, upload, kind):
        data = meshes.block(1, kind, cells=8)
        item = add(upload, f"塊/1.{kind}", data)
        assert isinstance(item, Item)
        assert (item.name, item.state, item.upload) == (f"塊/1.{kind}", "waiting", upload)
        assert blob_path(item.sha256).read_bytes() == data

    def test_a_3mf_is_a_mesh_and_no_zip_to_be_unpacked(self, upload):
        assert isinstance(add(upload, "1.3mf", _3mf.PLAIN), Item)
        assert isinstance(add(upload, "no ending", _3mf.READ["a picture first"]), Item)
        assert not ImportArchive.objects.exists()

    def test_a_mesh_is_known_by_its_content_whatever_its_name(self, upload):
        assert isinstance(add(upload, "no ending", meshes.block(1, "ply", cells=8)), Item)
        assert isinstance(add(upload, "1.STL", b"solid but not really" * 9), Item)

    @pytest.mark.parametrize(
        ("name", "data", "code"),
        [
            ("empty.stl", b"", "empty"),
            ("page.stl", pictures.png(1), "not_a_mesh"),
            ("notes.txt", b"notes", "not_a_mesh"),
            ("1.mtl", b"newmtl wood", "not_a_mesh"),
            ("1.rar", b"Rar!\x1a\x07\x00" + b"x" * 50, "other_archive"),
            ("scan.e57", b"ASTM-E57" + bytes(900), "mesh_points"),
            ("scan.pts", b"2 points by their name alone", "mesh_points"),
            ("scene.usdz", b"PK\3\4" + bytes(26) + b"scene.usdc" + bytes(99), "mesh_other_format"),
            ("scene.wrl", b"#VRML V2.0 utf8\n", "mesh_other_format"),
            ("part.stp", b"ISO-10303-21;\n", "mesh_drawing"),
            ("scene.gltf", b'{"asset": {"version": "2.0"}}', "mesh_outside_file"),
            (".DS_Store", b"\0\0\0\1Bud1", "junk"),
            ("__MACOSX/._1.stl", meshes.block(1, cells=8), "junk"),
            ("Thumbs.db", b"x", "junk"),
        ],
    )
    def test_what_is_no_mesh_is_left_out_with_its_reason(self, upload, name, data, code):
        row = add(upload, name, data)
        assert isinstance(row, ImportLeftOut)
        assert (row.name, row.code) == (name, code)
        assert row.reason
        assert not Item.objects.exists()

    def test_one_over_the_limit_is_left_out(self, upload, settings):
        settings.ENV = replace(settings.ENV, max_upload_mb=1)
        row = add(upload, "large.stl", meshes.block(1, cells=110))
        assert row.code == "too_large"
        assert "1 MB" in row.reason

    def test_a_mesh_refused_once_is_tried_again_in_the_new_upload(self, upload):
        data = meshes.block(1, cells=8)
        first = add(upload, "1.stl", data)
        Item.objects.filter(pk=first.pk).update(state=Item.State.REJECTED, queued=True, error="flat")
        later = import_create(owner=upload.owner, name="later")
        second = add(later, "again.stl", data)
        assert (second.pk, second.upload, second.name) == (first.pk, later, "again.stl")
        assert (second.state, second.queued, second.error) == (Item.State.WAITING, False, "")

    def test_the_same_mesh_twice_is_one_item(self, upload):
        data = meshes.block(1, cells=8)
        first = add(upload, "1.stl", data)
        second = add(upload, "again.stl", data)
        assert second.code == "duplicate"
        assert "1.stl" in second.reason
        assert Item.objects.get() == first

    def test_the_same_file_sent_twice_is_itself(self, upload):
        data = meshes.block(1, cells=8)
        assert add(upload, "1.stl", data) == add(upload, "1.stl", data)
        assert add(upload, "x.txt", b"x") == add(upload, "x.txt", b"x")
        assert ImportLeftOut.objects.count() == 1

    def test_a_zip_waits_and_is_rung_for_once(self, upload):
        data = b"PK\x03\x04" + b"\0" * 60
        archive = add(upload, "more.zip", data)
        assert isinstance(archive, ImportArchive)
        assert add(upload, "more.zip", data) == archive
        assert Job.objects.get().payload == {"archive": archive.pk}
        assert import_progress(upload).state == "unpacking"

    def test_a_zip_in_a_zip_is_left_out(self, upload):
        archive = add(upload, "outer.zip", b"PK\x03\x04" + b"\0" * 70)
        inner = io.BytesIO(b"PK\x03\x04" + b"\0" * 60)
        refused = intake.take(upload=upload, name="inner.bin", stream=inner, archive=archive)
        assert refused.code == "nested_archive"

    def test_a_name_that_no_database_holds_is_mended(self, upload):
        assert add(upload, "a\0b\ud800.stl", meshes.block(1, cells=8)).name == "a\ufffdb?.stl"


class TestAsking:
    def some(self, upload, count):
        return [add(upload, f"{i}.stl", meshes.block(i, cells=4)) for i in range(count)]

    def test_items_are_asked_for_once_some_at_a_time(self, upload):
        items = self.some(upload, 35)
        assert import_close(upload=upload) == 35
        assert import_close(upload=upload) == 0
        assert [len(job) for job in prepared(items)] == [16, 16, 3]
        assert sorted(pk for job in prepared(items) for pk in job) == [item.pk for item in items]
        assert set(Job.objects.values_list("queue", flat=True)) == {"batch"}

    def test_a_few_go_before_the_big_batches(self, upload):
        self.some(upload, 3)
        import_close(upload=upload)
        assert Job.objects.get().queue == "interactive"

    def test_many_files_one_by_one_do_not(self, upload):
        for item in self.some(upload, 20):
            items_enqueue(items=Item.objects.filter(pk=item.pk))
        assert Job.objects.order_by("created").last().queue == "batch"

    def test_forgotten_ones_are_asked_for_after_a_while(self, upload):
        self.some(upload, 2)
        assert items_enqueue_forgotten() == 0
        assert items_enqueue_forgotten(older_than_seconds=0) == 2
        assert items_enqueue_forgotten(older_than_seconds=0) == 0

    def test_refused_ones_can_be_tried_again_and_ready_ones_are_left_alone(self, upload):
        ready, refused = self.some(upload, 2)
        Item.objects.filter(pk=ready.pk).update(state="ready")
        both = [ready.pk, refused.pk]
        assert items_reject(pks=both, code="bad_mesh", error="bad", hint="mend it") == 1
        assert import_progress(upload).failed == 1
        assert items_retry(pks=both) == 1
        refused.refresh_from_db()
        assert (refused.state, refused.error, refused.queued) == ("waiting", "", True)
        assert prepared(both) == [[refused.pk]]


class TestWhoMayWrite:
    @pytest.mark.parametrize("who", ["owner", "reviewer"])
    def test_only_curators(self, request, who, curator):
        user, item = request.getfixturevalue(who), factories.item()
        with pytest.raises(PermissionDenied):
            import_create(owner=user, name="x")
        with pytest.raises(PermissionDenied):
            item_set_handedness(item=item, handedness="direct", user=user)
        with pytest.raises(PermissionDenied):
            item_set_turn(item=item, turn=90, user=user)
        with pytest.raises(PermissionDenied):
            item_set_character(item=item, character="一", user=user)


class TestWhatACuratorSays:
    def test_another_handedness_has_the_item_made_anew(self, curator):
        item = factories.item(prepared_with="x" * 64)
        changed = item_set_handedness(item=item, handedness="direct", user=curator)
        assert (changed.handedness, changed.handedness_by, changed.prepared_with) == ("direct", "person", "")
        assert changed.state == "ready"
        job = Job.objects.get()
        assert (job.queue, job.payload) == ("interactive", {"items": [item.pk]})
        item_set_handedness(item=item, handedness="direct", user=curator)
        assert Job.objects.count() == 1, "it is said already"

    def test_another_turn_has_the_item_made_anew(self, curator):
        item = factories.item(prepared_with="x" * 64, upright_probability=0.6)
        assert item.is_turn_doubtful
        before = picture_version(item)
        changed = item_set_turn(item=item, turn=180, user=curator)
        assert (changed.turn, changed.turn_by, changed.prepared_with) == (180, "person", "")
        assert not changed.is_turn_doubtful
        changed.prepared_with = "x" * 64
        assert picture_version(changed) != before
        assert Job.objects.get().payload == {"items": [item.pk]}
        item_set_turn(item=item, turn=180, user=curator)
        assert Job.objects.count() == 1, "it is said already"
        with pytest.raises(Refused):
            item_set_turn(item=item, turn=45, user=curator)

    @pytest.mark.parametrize(
        ("handedness", "after"), [("direct", [270, 180, 90, 0]), ("mirrored", [90, 180, 270, 0])]
    )
    def test_the_button_turns_the_pictures_clockwise(self, handedness, after):
        """The scan is turned the other way where it is flipped afterwards."""
        item, found = Item(handedness=handedness), []
        for _ in range(4):
            item.turn = item.next_turn
            found.append(item.turn)
        assert found == after

    def test_an_item_that_waits_is_made_so_when_its_turn_comes(self, curator):
        item = factories.item(state="waiting")
        item_set_handedness(item=item, handedness="direct", user=curator)
        assert not Job.objects.exists()

    def test_nonsense_is_refused(self, curator):
        item = factories.item()
        with pytest.raises(Refused):
            item_set_handedness(item=item, handedness="upside down", user=curator)
        refused = factories.item(state="rejected", error="no triangles")
        with pytest.raises(Refused, match="no triangles"):
            item_set_handedness(item=refused, handedness="direct", user=curator)

    @pytest.mark.parametrize("character", ["一", "\U00028df9", "葛\U000e0100", "\ue001", ""])
    def test_a_character_is_kept_exactly(self, curator, character):
        item = item_set_character(item=factories.item(), character=character, user=curator)
        assert Item.objects.get(pk=item.pk).character == character

    def test_a_codepoint_is_read_as_its_character(self, curator):
        item = item_set_character(item=factories.item(), character=" u+22886 ", user=curator)
        assert item.character == "\U00022886"

    @pytest.mark.parametrize("character", ["一 二", "\n", "一" * 17, "\x07", "⿰亻二", "一二", "U22886", "A"])
    def test_what_is_no_character_is_refused(self, curator, character):
        with pytest.raises(Refused):
            item_set_character(item=factories.item(), character=character, user=curator)


class TestFinding:
    def test_by_character_codepoint_state_and_part_of_a_name(self, curator):
        plain = factories.item(name="left/12.stl", character="葛")
        variant = factories.item(name="13.stl", character="葛\U000e0100")
        rare = factories.item(name="14.stl", character="\U00028df9", state="rejected")

        def found(**values):
            return list(items_found(**values))

        assert found(character="葛") == [plain]
        assert found(codepoint="U+845B U+E0100") == [variant]
        assert found(state="rejected") == [rare]
        assert found(search="LEFT/") == [plain]
        assert found(search="\U00028df9") == found(search="U+28DF9") == [rare]
        assert found() == [plain, variant, rare]
        with pytest.raises(Refused):
            found(codepoint="28DF9")
        with pytest.raises(Refused):
            found(state="lost")


class TestReadings:
    def test_only_what_changed_gets_a_new_id(self, curator):
        model = ModelVersion.objects.create(name="m", sha256="1" * 64, fingerprint="f", width=2, recipe={})
        item = factories.item()

        def packed(*numbers):
            return struct.pack("<2f", *numbers)

        readings_replace(
            item=item,
            model=model,
            readings=[ItemReading(False, packed(1, 0)), ItemReading(True, packed(0, 1))],
        )
        first = dict(item.vectors.values_list("mirrored", "pk"))
        readings_replace(
            item=item,
            model=model,
            readings=[ItemReading(False, packed(1, 1e-5)), ItemReading(True, packed(0, -1))],
        )
        second = dict(item.vectors.values_list("mirrored", "pk"))
        assert second[False] == first[False]
        assert second[True] > max(first.values())
        readings_replace(item=item, model=model, readings=[ItemReading(False, packed(1, 0))])
        assert dict(item.vectors.values_list("mirrored", "pk")) == {False: first[False]}
