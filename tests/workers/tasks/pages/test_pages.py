"""Pages: read, tiled, their characters found, cut out and matched; nothing is lost where it is done twice."""

import io
import json
import shutil

import cv2
import numpy as np
import pytest
from PIL import Image, ImageDraw

from retrieval.locate import Box as LocatedBox
from retrieval.locate import PageBoxes
from tests import factories
from webapp.batches.models import FreedBlob, Query
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_path, blob_put
from webapp.core.files.media import derived
from webapp.jobs.models import Job
from webapp.pages.boxes.crops import boxes_crop_forgotten
from webapp.pages.boxes.edits import edit_begin, page_edit, page_redo, page_undo
from webapp.pages.boxes.geometry import Rect
from webapp.pages.boxes.operations import Operation
from webapp.pages.housekeeping import pages_mend
from webapp.pages.models import Box, Page
from webapp.pages.reading import boxes_mend as ask_to_mend
from webapp.pages.reading import page_locate, pages_enqueue
from workers.live import pages as live_pages
from workers.runtime.handlers import handler_of
from workers.tasks.pages import boxes_crop as task
from workers.tasks.pages.boxes_crop import boxes_crop
from workers.tasks.pages.boxes_mend import boxes_mend
from workers.tasks.pages.page_read import page_read

pytestmark = pytest.mark.django_db
CHARACTERS = [(300 - 100 * column, 60 + 70 * row) for column in range(3) for row in range(6)]


class Squares:
    """A localiser that finds dark squares, in the order of ``CHARACTERS``; pages lie as ``turn`` says."""

    fingerprint = "squares"
    turn = 0

    def locate(self, grey):
        _, _, stats, _ = cv2.connectedComponentsWithStats((grey < 128).astype(np.uint8))
        boxes = [tuple(map(float, row[:4])) for row in stats[1:]]
        ordered = sorted(boxes, key=lambda box: (-box[0], box[1]))
        found = tuple(LocatedBox(*box, 0.9, 1, order) for order, box in enumerate(ordered, 1))
        turn = self.turn if grey.shape[0] < grey.shape[1] else 0
        return PageBoxes(grey.shape[1], grey.shape[0], turn, 0.0, found)


@pytest.fixture(autouse=True)
def squares(monkeypatch):
    """In place of the localiser."""
    made = Squares()
    monkeypatch.setattr(live_pages._Process, "localiser", made)
    monkeypatch.setattr(live_pages._Process, "page", None)
    return made


def picture(without=(), size=(400, 520)):
    """A page of squares of which no two are alike."""
    image = Image.new("RGB", size, (240, 230, 210))
    draw = ImageDraw.Draw(image)
    for number, (x, y) in enumerate(CHARACTERS):
        if number not in without:
            draw.rectangle((x, y, x + 39, y + 29 + number % 7), (20 + number, 20, 30))
    return image


def stored(image, kind="PNG"):
    data = io.BytesIO()
    image.save(data, kind)
    return blob_put(io.BytesIO(data.getvalue()), name="page").sha256


@pytest.fixture
def document(owner):
    return factories.document(owner)


@pytest.fixture
def page(document):
    return Page.objects.create(document=document, name="001.png", sha256=stored(picture()))


@pytest.fixture
def read(page, do):
    """The page, read and cut out."""
    do(page_read, {"page": page.pk})
    crop(page, do)
    page.refresh_from_db()
    return page


def crop(page, do):
    for job in Job.objects.filter(kind="boxes.crop", state="queued"):
        do(boxes_crop, job.payload)
        job.delete()


def places(page):
    return [(box.x, box.y) for box in page.boxes.filter(deleted=None).order_by("order")]


class TestReading:
    def test_characters_become_queries_of_the_document_s_batch(self, read, document):
        assert (read.state, read.width, read.height) == ("ready", 400, 520)
        assert (read.located_by, read.finding, read.turn) == ("squares", "", 0)
        assert places(read) == CHARACTERS
        queries = [box.query for box in read.boxes.order_by("order")]
        assert {query.batch_id for query in queries} == {document.batch_id}
        assert [query.pk for query in queries] == sorted(query.pk for query in queries)
        (job,) = Job.objects.filter(kind="queries.match")
        assert job.payload["queries"] == [query.pk for query in queries]
        shown = Image.open(io.BytesIO(blob_path(queries[0].sha256).read_bytes()))
        assert shown.width == pytest.approx(45, abs=3)
        document.batch.refresh_from_db()
        assert document.batch.pages_waiting == 0

    def test_tiles_show_the_page_at_every_level(self, read):
        folder = derived("pages", read.pk, "x").parent
        report = json.loads((folder / "tiles.json").read_text())
        top = report["levels"] - 1
        assert top == 10
        assert Image.open(folder / str(top) / "0_0.jpg").size == (400, 512)
        assert Image.open(folder / str(top) / "0_1.jpg").size == (400, 8)
        assert Image.open(folder / str(top - 1) / "0_0.jpg").size == (200, 260)
        assert Image.open(folder / "0" / "0_0.jpg").size == (1, 1)
        assert max(Image.open(folder / "thumb.webp").size) <= 400

    def test_tiles_that_are_gone_are_made_again_and_nothing_else(self, read, do):
        assert pages_mend() == 0
        shutil.rmtree(derived("pages", read.pk, "x").parent)
        assert pages_mend() == 1
        assert pages_mend() == 0
        do(page_read, Job.objects.get(kind="page.read").payload)
        assert derived("pages", read.pk, "tiles.json").is_file()
        version = read.version
        read.refresh_from_db()
        assert read.version == version

    def test_tiles_are_sent_to_those_who_see_the_page(self, read, browse, owner, teammate):
        body = browse(owner).get(f"/pages/{read.pk}/boxes/").json()
        address = body["tiles"].format(level=10, column=0, row=1)
        answer = browse(owner).get(address)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert "immutable" in answer["Cache-Control"]
        assert browse(teammate).get(address).status_code == 404
        assert browse(owner).get(body["tiles"].format(level=10, column=7, row=1)).status_code == 404

    def test_twice_is_as_once(self, read, do):
        before = list(read.boxes.values_list("pk", "query"))
        do(page_read, {"page": read.pk})
        do(boxes_crop, {"page": read.pk, "boxes": [pk for pk, _ in before]})
        assert list(read.boxes.values_list("pk", "query")) == before

    def test_a_blank_page_is_said_to_be_blank(self, document, do):
        page = Page.objects.create(document=document, name="b", sha256=stored(Image.new("L", (90, 120), 250)))
        do(page_read, {"page": page.pk})
        page.refresh_from_db()
        assert (page.state, page.finding, page.boxes.count()) == ("ready", "blank", 0)

    def test_a_page_on_its_side_is_turned_and_that_is_said(self, document, do, squares):
        squares.turn = 90
        lying = picture().transpose(Image.Transpose.ROTATE_90)
        page = Page.objects.create(document=document, name="t.png", sha256=stored(lying))
        do(page_read, {"page": page.pk})
        page.refresh_from_db()
        assert (page.turn, page.turned_by, page.width, page.height) == (90, "model", 400, 520)
        assert places(page) == CHARACTERS

    def test_a_person_s_turn_stands(self, document, do, squares):
        squares.turn = 90
        lying = picture().transpose(Image.Transpose.ROTATE_90)
        made = {"document": document, "name": "t.png", "sha256": stored(lying)}
        page = Page.objects.create(**made, turned_by="person")
        do(page_read, {"page": page.pk})
        page.refresh_from_db()
        assert (page.turn, page.width) == (0, 520)

    @pytest.mark.parametrize(
        ("data", "code"),
        [(b"nothing", "image_unknown_format"), (b"", "image_empty"), (None, "image_damaged")],
    )
    def test_a_file_that_cannot_be_read_is_refused(self, document, do, data, code):
        if data is None:
            file = io.BytesIO()
            picture().save(file, "TIFF")
            data = file.getvalue()[:9000]
        blob = blob_put(io.BytesIO(data), name="bad")
        page = Page.objects.create(document=document, name="bad.tif", sha256=blob.sha256)
        do(page_read, {"page": page.pk})
        page.refresh_from_db()
        assert (page.state, page.error_code) == ("rejected", code)
        assert "bad.tif" in page.error

    def test_a_page_whose_file_is_missing_waits(self, page, do):
        blob_path(page.sha256).unlink()
        with pytest.raises(StoreTrouble):
            do(page_read, {"page": page.pk})
        page.refresh_from_db()
        assert page.state == "waiting"

    def test_one_that_is_given_up_is_refused(self, page):
        handler_of("page.read").on_give_up({"page": page.pk}, code="worker_lost", error="lost", hint="look")
        page.refresh_from_db()
        assert (page.state, page.error_code) == ("rejected", "worker_lost")

    def test_a_deleted_batch_s_page_waits_until_it_is_restored(self, page, document, do):
        pages_enqueue(document=document)
        type(document.batch).everything.update(deleted="2026-01-01T00:00Z")
        do(page_read, {"page": page.pk})
        page.refresh_from_db()
        assert (page.state, page.queued) == ("waiting", False)


class TestReadingAgain:
    def again(self, page, do, region=None):
        page_locate(page=page, region=region)
        do(page_read, Job.objects.filter(kind="page.read").order_by("created").last().payload)

    def test_what_a_person_set_stays(self, read, do, owner):
        first, second, third = list(read.boxes.order_by("order")[:3])
        operations = [
            Operation("move", (first.pk,), Rect(300, 58, 44, 34)),
            Operation("delete", (second.pk,)),
            Operation("order", (third.pk, first.pk)),
        ]
        edited = page_edit(page=read, person=owner, version=read.version, operations=operations)
        before = places(read)
        self.again(read, do)
        read.refresh_from_db()
        assert places(read) == before
        assert read.version > edited.page.version

    def test_what_was_answered_stays(self, read, do, owner):
        box = read.boxes.order_by("order").first()
        factories.decision(box.query, owner, verdict="unsure")
        Page.objects.update(sha256=stored(picture(without=[0])))
        self.again(read, do)
        assert places(read) == CHARACTERS

    def test_what_is_gone_goes_and_what_was_missed_comes(self, read, do, document):
        first = read.boxes.order_by("order").first()
        Page.objects.update(sha256=stored(picture(without=[0])))
        live_pages._Process.page = None
        read.refresh_from_db()
        self.again(read, do)
        assert places(read) == CHARACTERS[1:]
        assert not Query.objects.filter(pk=first.query_id).exists()
        Page.objects.update(sha256=stored(picture()))
        read.refresh_from_db()
        self.again(read, do)
        assert places(read) == CHARACTERS

    def test_more_is_found_in_a_region_alone(self, read, do, owner):
        gone = list(read.boxes.order_by("order")[:8])
        Box.objects.filter(pk__in=[box.pk for box in gone]).delete()
        self.again(read, do, Rect(290, 100, 60, 220))
        assert places(read) == [*CHARACTERS[1:4], *CHARACTERS[8:]]


class TestCrops:
    def move(self, page, owner, box, rect):
        operations = [Operation("move", (box.pk,), rect)]
        return page_edit(page=page, person=owner, version=page.version, operations=operations)

    def test_a_mended_box_is_matched_again_and_it_alone(self, read, do, owner):
        Query.objects.update(state="ready", queued=True)
        Job.objects.all().delete()
        box = read.boxes.order_by("order")[3]
        old = box.query.sha256
        self.move(read, owner, box, Rect(300, 265, 50, 50))
        crop(read, do)
        box.query.refresh_from_db()
        assert box.query.sha256 != old
        assert (box.query.state, box.query.vector) == ("waiting", None)
        (job,) = Job.objects.filter(kind="queries.match")
        assert (job.payload["queries"], job.queue) == ([box.query_id], "interactive")
        assert FreedBlob.objects.filter(digest=old).exists()

    def test_answers_stay_and_only_the_picture_is_made_anew(self, read, do, owner):
        Query.objects.update(state="ready", queued=True)
        Job.objects.all().delete()
        box = read.boxes.order_by("order")[3]
        factories.decision(box.query, owner, verdict="unsure")
        self.move(read, owner, box, Rect(300, 272, 42, 40))
        crop(read, do)
        box.query.refresh_from_db()
        assert (box.query.state, box.query.answers) == ("ready", 1)
        (job,) = Job.objects.filter(kind="queries.match")
        assert job.payload == {"queries": [box.query_id], "pictures": True}

    def test_a_box_that_moved_on_is_left_to_its_own_job(self, read, do, owner, monkeypatch):
        box = read.boxes.order_by("order")[3]
        self.move(read, owner, box, Rect(300, 265, 50, 50))

        real = task.crops_store

        def later(**values):
            Box.objects.filter(pk=box.pk).update(y=200)
            real(**values)

        monkeypatch.setattr(task, "crops_store", later)
        crop(read, do)
        assert Box.objects.get(pk=box.pk).stale

    def test_what_was_lost_is_cut_out_in_the_end(self, read, owner):
        Job.objects.all().delete()
        Box.objects.filter(pk__in=read.boxes.order_by("order")[:2]).update(stale=True)
        assert boxes_crop_forgotten() == 1
        assert boxes_crop_forgotten() == 0
        assert len(Job.objects.get(kind="boxes.crop").payload["boxes"]) == 2


class TestMending:
    def asked(self, page, owner, box, how):
        """What a worker is given to do as a part of the edit that the person began."""
        page.refresh_from_db()
        edit = edit_begin(page=page, person=owner)
        job = ask_to_mend(edit=edit, boxes=[box.pk], how=how)
        return edit, job.payload

    def mend(self, page, owner, do, box, how):
        do(boxes_mend, self.asked(page, owner, box, how)[1])
        box.refresh_from_db()

    def move(self, page, person, box, rect):
        page.refresh_from_db()
        page_edit(
            page=page, person=person, version=page.version, operations=[Operation("move", (box.pk,), rect)]
        )

    def test_a_box_snaps_to_its_ink_and_that_can_be_undone(self, read, do, owner):
        box = read.boxes.order_by("order")[3]
        Box.objects.filter(pk=box.pk).update(x=295, y=265, w=52, h=45)
        self.mend(read, owner, do, box, "snap")
        assert (box.x, box.y, box.w) == (
            pytest.approx(300, abs=2),
            pytest.approx(270, abs=2),
            pytest.approx(40, abs=3),
        )
        page_undo(page=read, person=owner)
        box.refresh_from_db()
        assert (box.x, box.y) == (295, 265)

    def test_a_box_over_two_is_split_at_their_gap(self, read, do, owner):
        box, other = list(read.boxes.order_by("order")[3:5])
        Box.objects.filter(pk=other.pk).update(deleted="2026-01-01T00:00Z")
        Box.objects.filter(pk=box.pk).update(x=293, w=54, y=268, h=110)
        self.mend(read, owner, do, box, "split")
        rows = read.boxes.filter(deleted=None, x__gt=290, y__gt=250, y__lt=400).order_by("y")
        assert len(rows) == 2
        assert 270 + 30 <= rows[1].y <= 342

    @pytest.mark.parametrize("who", ["owner", "teammate"])
    def test_what_somebody_edited_meanwhile_stays(self, read, do, owner, teammate, who):
        box = read.boxes.order_by("order")[3]
        _, payload = self.asked(read, owner, box, "snap")
        self.move(read, owner if who == "owner" else teammate, box, Rect(290, 260, 60, 60))
        do(boxes_mend, payload)
        box.refresh_from_db()
        assert (box.x, box.y) == (290, 260)

    def test_a_fit_that_comes_late_is_undone_in_its_place(self, read, do, owner):
        box, other = read.boxes.order_by("order")[3:5]
        Box.objects.filter(pk=box.pk).update(x=295, y=265, w=52, h=45)
        edit, payload = self.asked(read, owner, box, "snap")
        was = (other.x, other.y)
        self.move(read, owner, other, Rect(300, 340, 60, 60))
        do(boxes_mend, payload)
        page_undo(page=read, person=owner)
        box.refresh_from_db(), other.refresh_from_db()
        assert box.x == pytest.approx(300, abs=2)
        assert (other.x, other.y) == was
        assert page_undo(page=read, person=owner).edit == edit
        box.refresh_from_db()
        assert (box.x, box.y) == (295, 265)
        page_redo(page=read, person=owner)
        box.refresh_from_db()
        assert box.x == pytest.approx(300, abs=2)

    def test_a_fit_that_was_undone_before_it_came_does_not_come(self, read, do, owner):
        box = read.boxes.order_by("order")[3]
        Box.objects.filter(pk=box.pk).update(x=295, y=265, w=52, h=45)
        _, payload = self.asked(read, owner, box, "snap")
        page_undo(page=read, person=owner)
        do(boxes_mend, payload)
        box.refresh_from_db()
        assert (box.x, box.y) == (295, 265)
