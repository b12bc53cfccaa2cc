"""Text and boxes of a document, in and out: by its owner, a teammate, a stranger, and with broken files."""

import io
import json
import zipfile

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests import factories, people
from tests.progress import FakeProgress
from webapp.datasets.exports.selectors import export_path
from webapp.datasets.models import Export
from webapp.documents.box_imports.labels import box_imports_go_on
from webapp.documents.models import BoxImport, Transcription
from webapp.documents.transcriptions.services import (
    PageFit,
    Proposal,
    transcription_fail,
    transcription_finish,
)
from webapp.jobs.models import Job
from webapp.overview.bulk.services import bulk_undo_part
from webapp.overview.models import BulkAnswer
from webapp.pages.boxes.edits import page_undo
from webapp.pages.interchange.formats import BOX_FORMATS
from webapp.pages.models import Box, Edit
from webapp.review.assignment.order import Order, open_for
from webapp.review.models import Decision
from workers.tasks.datasets.export_write import export_write
from workers.tasks.pages import boxes_import as task
from workers.tasks.pages.boxes_import import boxes_import

pytestmark = pytest.mark.django_db
CSV = "page,x,y,w,h,column,order,character\n"


@pytest.fixture
def page(owner):
    document = factories.document(owner, batch=factories.batch(owner, shared=True))
    return factories.page(document, name="lá 1.png")


@pytest.fixture
def send(page, browse):
    """``send(user, door, ...)``: files or a text, sent to a door of the document's exchange."""

    def send(user, door, *files, **fields):
        sent = [SimpleUploadedFile(name, data) for name, data in files]
        body = {**fields, **({"files": sent} if sent else {})}
        return browse(user).post(f"/documents/{page.document.pk}/exchange/{door}/", body)

    return send


@pytest.fixture
def put(send):
    """``put(user, file, ...)``: files of boxes, sent and taken in by a worker. Returns their import."""

    def put(user, *files, **fields):
        assert send(user, "boxes", *files, **fields).status_code == 302
        made = BoxImport.objects.latest("pk")
        boxes_import({"import": made.pk}, FakeProgress())
        made.refresh_from_db()
        return made

    return put


def live(page):
    return list(Box.objects.filter(page=page, deleted=None).order_by("order"))


def test_boxes_come_onto_an_empty_page_and_go_with_one_undo(page, put, owner):
    rows = CSV + "lá 1,300,20,40,40,1,1,天\nlá 1,300,70,40,40,1,2,\nlá 1,200,20,40,40,2,3,葛\U000e0100\n"
    made = put(owner, ("boxes.csv", rows.encode()))
    assert (made.state, made.total, made.taken, made.pages, made.added) == ("ready", 3, 3, 1, 3)
    boxes = live(page)
    assert [(box.x, box.y, box.column, box.order) for box in boxes] == [
        (300, 20, 1, 1.0),
        (300, 70, 1, 2.0),
        (200, 20, 2, 3.0),
    ]
    assert [box.proposal for box in boxes] == ["天", "", "葛\U000e0100"]
    assert {(box.source, box.edited_by_id) for box in boxes} == {("import", owner.pk)}
    assert Job.objects.filter(kind="boxes.crop").count() == 1
    page_undo(page=page, person=owner)
    assert live(page) == []


def test_an_export_with_its_pictures_comes_back_as_it_is(page, put, owner):
    factories.box(page, at=(300, 20), proposal="天")
    made = exported(page, owner, "page_xml", with_images="1")
    Box.objects.all().delete()
    assert put(owner, ("export.zip", made)).state == "ready"
    assert [box.proposal for box in live(page)] == ["天"]


def test_a_zip_without_files_of_boxes_is_refused(page, put, owner):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as packed:
        packed.writestr("read me", "nothing")
    assert put(owner, ("other.zip", data.getvalue())).error_code == "not_boxes"
    assert put(owner, ("cut.zip", data.getvalue()[:40])).state == "failed"


def test_a_box_that_is_there_stays_and_gets_the_character(page, put, owner):
    box = factories.box(page, at=(300, 20))
    rows = CSV + "lá 1,302,22,40,40,1,1,天\nlá 1,300,90,40,40,1,2,地\n"
    put(owner, ("boxes.csv", rows.encode()))
    first, second = live(page)
    assert (first.pk, first.x, first.source, first.proposal) == (box.pk, 300, "model", "天")
    assert (second.proposal, second.order > first.order) == ("地", True)


def test_what_is_wrong_with_boxes_is_named(page, put, owner, browse):
    sides = ("900,20", "10,20", "11,20", "60,20")
    rows = "".join(f"lá 1,{side},40,40,1,1,{'天地' if side == '60,20' else '天'}\n" for side in sides)
    assert put(owner, ("b.csv", (CSV + rows + "other,1,1,9,9,1,1,\n").encode())).problem_count == 4
    shown = browse(owner).get(f"/documents/{page.document.pk}/exchange/").content.decode()
    for code in ("unknown_page", "box_outside", "boxes_overlap", "several_characters"):
        assert f'data-code="{code}"' in shown
    assert [box.proposal for box in live(page)] == ["天", ""]


@pytest.mark.parametrize("turn", [0, 90])
@pytest.mark.parametrize("name", [one.name for one in BOX_FORMATS.values() if one.read and one.write])
def test_what_is_exported_is_imported_at_the_same_place(page, put, owner, name, turn, data):
    page.turn, page.name = turn, "a.png"
    page.save()
    for place in range(3):
        factories.box(page, at=(300 - 60 * place, 20), proposal="天", order=place + 1.0)
    made = exported(page, owner, name)
    Box.objects.all().delete()
    put(owner, (f"boxes.{'zip' if made.startswith(b'PK') else name}", made))
    assert [(box.x, box.y, box.w, box.h) for box in live(page)] == [
        pytest.approx((300 - 60 * place, 20, 40, 40), abs=1) for place in range(3)
    ]


def exported(of, owner, format, **fields):
    """What the worker writes of a page's document."""
    batch = of.document.batch
    answer = people.browser_of(owner).post(f"/batches/{batch.pk}/exports/new/", {"format": format, **fields})
    assert answer.status_code == 200
    export = Export.objects.latest("created")
    export_write({"export": str(export.pk)}, FakeProgress())
    export.refresh_from_db()
    assert export.state == "ready"
    return export_path(export).read_bytes()


def test_a_document_is_exported_whole_or_one_page_of_it_with_its_pictures(page, owner, data):
    other = factories.page(page.document, name="x/lá 1.png")
    for one in (page, other):
        factories.box(one, proposal="天")
    assert exported(page, owner, "text").decode() == "天\n\n天\n"
    assert exported(page, owner, "text", page=other.pk).decode() == "天\n"
    with zipfile.ZipFile(io.BytesIO(exported(page, owner, "alto", with_images="1"))) as packed:
        assert packed.namelist() == ["lá 1.xml", "lá 1-2.xml", "lá 1.png", "lá 1-2.png"]
        assert ">lá 1-2.png<" in packed.read("lá 1-2.xml").decode()


def test_formats_of_pages_are_no_formats_of_a_batch(owner, browse):
    batch = factories.batch(owner)
    answer = browse(owner).post(f"/batches/{batch.pk}/exports/new/", {"format": "alto"})
    assert answer.status_code == 400


def test_labels_go_out_as_characters_and_proposals_as_proposals(page, owner, data):
    item = factories.item(character="人")
    matched = factories.box(page, matched=True, proposal="天")
    factories.decision(matched.query, owner, item=item)
    table = exported(page, owner, "csv_boxes").decode().splitlines()
    assert table[1] == "lá 1,300,20,40,40,0.9,1,1,main,人,天,answered"


def test_a_text_is_stored_and_a_worker_asked(page, send, owner):
    assert send(owner, "text", text="天地\n玄黃", page=page.pk).status_code == 302
    (made,) = Transcription.objects.all()
    assert (made.page, made.text, made.state) == (page, "天地\n玄黃", "waiting")
    assert Job.objects.get(kind="text.align").payload == {"transcription": made.pk}


@pytest.mark.parametrize(
    ("door", "files", "fields", "code"),
    [
        ("text", [], {"text": "no Han"}, "empty_text"),
        ("text", [("a.txt", "天".encode("utf-16"))], {}, "bad_boxes"),
        ("boxes", [], {}, "bad_upload"),
    ],
)
def test_what_cannot_be_read_is_refused(page, owner, browse, door, files, fields, code):
    sent = [SimpleUploadedFile(name, data) for name, data in files]
    body = {**fields, **({"files": sent} if sent else {})}
    answer = browse(owner).post(
        f"/documents/{page.document.pk}/exchange/{door}/", body, HTTP_ACCEPT="application/json"
    )
    assert (answer.status_code, json.loads(answer.content)["code"]) == (400, code)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("a.csv", CSV + "lá 1,x,1,1,1,1,1,\n", "bad_boxes"),
        ("a.png", "\x89PNG", "not_boxes"),
        ("a.csv", CSV + "b,1,1,9,9,1,1,\n", "unknown_pages"),
    ],
)
def test_files_of_boxes_that_cannot_be_read_are_refused_and_nothing_is_written(
    page, put, owner, browse, name, data, code
):
    made = put(owner, (name, data.encode()))
    assert (made.state, made.error_code, live(page), made.files.count()) == ("failed", code, [], 0)
    shown = browse(owner).get(f"/documents/{page.document.pk}/exchange/").content.decode()
    assert 'data-state="failed"' in shown


def test_an_import_that_was_cut_short_goes_on_where_it_was(page, send, owner, monkeypatch):
    other = factories.page(page.document, name="lá 2.png")
    rows = CSV + "".join(f"lá {one},300,{y},40,40,1,{y},天\n" for one in (1, 2) for y in (20, 70))
    send(owner, "boxes", ("boxes.csv", rows.encode()))
    made = BoxImport.objects.get()
    first = task.box_import_page

    def dies(*, upload, one):
        if one.page == other:
            raise KeyboardInterrupt
        first(upload=upload, one=one)

    with monkeypatch.context() as patched:
        patched.setattr(task, "box_import_page", dies)
        with pytest.raises(KeyboardInterrupt):
            boxes_import({"import": made.pk}, FakeProgress())
    assert (len(live(page)), len(live(other))) == (2, 0)
    boxes_import({"import": made.pk}, FakeProgress())
    boxes_import({"import": made.pk}, FakeProgress())
    made.refresh_from_db()
    assert (len(live(page)), len(live(other)), made.added, made.taken) == (2, 2, 4, 4)
    assert Edit.objects.count() == 2
    assert (made.state, made.files.count()) == ("ready", 0)


def test_a_page_that_is_still_being_read_is_named(page, put, owner):
    factories.page(page.document, name="lá 2.png", state="waiting")
    rows = CSV + "lá 1,300,20,40,40,1,1,天\nlá 2,300,20,40,40,1,1,天\n"
    made = put(owner, ("boxes.csv", rows.encode()))
    assert [one["code"] for one in made.problems] == ["page_not_ready"]
    assert (made.state, made.added) == ("ready", 1)


def test_characters_become_labels_once_the_boxes_are_matched(page, put, owner):
    suggested, _ = (factories.item(character="天") for _ in range(2))
    only = factories.item(character="地")
    two = [factories.item(character="玄") for _ in range(2)]
    words = ["天", "地", "黃", "玄", "天", "天"]
    rows = CSV + "".join(
        f"lá 1,300,{20 + 50 * place},40,40,1,{place + 1},{one}\n" for place, one in enumerate(words)
    )
    made = put(owner, ("boxes.csv", rows.encode()), characters="labels")
    assert (made.state, made.proposed) == ("labelling", 6)
    box_imports_go_on()
    assert Job.objects.filter(kind="boxes.import").count() == 1  # nothing is matched yet
    boxes = live(page)
    for place, box in enumerate(boxes[:-1]):
        box.query = factories.query(page.document.batch, name=f"{place}.png")
        box.save()
        factories.suggestions(box.query, [two[0] if place == 1 else suggested, only])
    said = factories.decision(boxes[4].query, owner, verdict="unsure")
    Job.objects.all().delete()
    box_imports_go_on()
    boxes_import(Job.objects.get(kind="boxes.import").payload, FakeProgress())
    made.refresh_from_db()
    assert (made.state, made.labelled, made.unlabelled) == ("labelling", 3, 2)  # one is not matched yet
    given = [
        (one.verdict, one.item_id, one.reason)
        for one in Decision.objects.exclude(pk=said.pk).order_by("query")
    ]
    assert given == [
        ("match", suggested.pk, ""),
        ("match", only.pk, ""),
        ("none", None, "not_in_gallery"),
    ]
    assert [box.proposal for box in live(page)] == words
    Box.objects.filter(pk=boxes[-1].pk).update(not_character=True)
    boxes_import({"import": made.pk}, FakeProgress())
    boxes_import({"import": made.pk}, FakeProgress())
    made.refresh_from_db()
    assert (made.state, made.labelled, made.unlabelled) == ("ready", 3, 3)
    assert not Box.objects.filter(proposal_source="label").exists()


@pytest.mark.parametrize("door", ["text", "boxes"])
def test_a_stranger_and_somebody_whose_work_it_is_not_send_nothing(page, send, teammate, door):
    assert send(None, door, text="天").status_code == 302
    page.document.batch.assigned.add(people.reviewer())
    assert send(teammate, door, text="天").status_code == 403
    page.document.batch.shared = False
    page.document.batch.save()
    assert send(teammate, door, text="天").status_code == 404
    assert not Transcription.objects.exists()


def test_a_text_proposes_where_it_fits_and_leaves_the_other_page(page, owner, browse):
    other = factories.page(page.document)
    boxes = [factories.box(one, proposal="舊", proposal_source="text") for one in (page, page, other)]
    made = Transcription.objects.create(document=page.document, person=owner, text="天")
    fits = [
        PageFit(page.pk, "a", 2, 2, True, [Proposal(boxes[0].pk, "天", 0.9), Proposal(boxes[1].pk, "", 0)]),
        PageFit(other.pk, "b", 1, 0, False, [Proposal(boxes[2].pk, "地", 0.1)]),
    ]
    transcription_finish(transcription=made, fits=fits, left=3)
    assert [Box.objects.get(pk=box.pk).proposal for box in boxes] == ["天", "", "舊"]
    shown = browse(owner).get(f"/documents/{page.document.pk}/exchange/").content.decode()
    assert shown.count('data-fits="no"') == 1
    transcription_fail(pk=made.pk, code="x", error="too late")
    made.refresh_from_db()
    assert (made.state, made.boxes, made.agreed, made.left) == ("ready", 3, 2, 3)


def test_agreeing_suggestions_are_confirmed_together_and_taken_back(page, owner, browse):
    batch = page.document.batch
    batch.blind_share = 0
    batch.save()
    one, other = factories.item(character="人"), factories.item(character="天")
    agreeing, doubtful, differing = (
        factories.box(page, matched=True, proposal=proposal, proposal_score=score)
        for proposal, score in (("人", 0.95), ("人", 0.5), ("地", 0.99))
    )
    for box in (agreeing, doubtful, differing):
        factories.suggestions(box.query, [one, other])
    order = [query.pk for query in open_for(batch, owner, Order.TEXT)]
    assert order == [differing.query_id, agreeing.query_id, doubtful.query_id]
    address = f"/batches/{batch.pk}/sure/text/"
    assert browse(owner).post(address, {"threshold": "x"}).status_code == 400
    assert browse(owner).post(address, {"threshold": "0.9"}).status_code == 302
    bulk = BulkAnswer.objects.get()
    assert (bulk.written, bulk.by_text, bulk.finished is not None) == (1, True, True)
    assert list(batch.queries.filter(answered=True)) == [agreeing.query]
    bulk_undo_part(bulk=bulk, by=owner)
    assert not batch.queries.filter(answered=True).exists()
