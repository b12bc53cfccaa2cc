"""Documents: pages come in, stand in order, are described, and go with their batch."""

import io

import pytest
from PIL import Image

from tests import factories, people
from webapp.batches.models import Batch, BatchArchive, FreedBlob, Query
from webapp.batches.trash import batch_delete, batch_purge, batch_restore
from webapp.jobs.models import Job
from webapp.pages.models import Box, Document, Page
from webapp.pages.services import pages_enqueue_forgotten

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(owner):
    return factories.document(owner)


def file_of(seed, kind="PNG", **options):
    data = io.BytesIO()
    Image.new("L", (40 + seed, 60), 200).save(data, kind, **options)
    return data.getvalue()


def send(client, document, *files):
    sent = [io.BytesIO(data) for _, data in files]
    for stream, (name, _) in zip(sent, files, strict=True):
        stream.name = name
    answer = client.post(
        f"/documents/{document.pk}/files/", {"files": sent, "names": [name for name, _ in files]}
    )
    return [(one["kind"], one["code"]) for one in answer.json()["results"]]


def names(document):
    return list(document.pages.order_by("position").values_list("name", flat=True))


class TestUpload:
    def test_from_a_form_to_pages_that_wait_for_a_worker(self, browse, owner):
        client = browse(owner)
        urls = client.post(
            "/documents/new/", {"name": "Kiều", "shared": True}, content_type="application/json"
        ).json()
        document = Document.objects.get()
        assert urls["page"] == f"/documents/{document.pk}/"
        found = send(client, document, ("b/10.png", file_of(1)), ("b/2.png", file_of(2)))
        assert found == [("page", ""), ("page", "")]
        assert client.post(urls["close"]).json() == {"closed": True}
        document.batch.refresh_from_db()
        assert (document.title, document.batch.shared, document.batch.open) == ("Kiều", True, False)
        assert names(document) == ["b/2.png", "b/10.png"]
        assert document.batch.pages_waiting == 2
        assert Job.objects.filter(kind="page.read").count() == 2

    def test_what_is_no_page_is_named(self, browse, owner, document):
        found = send(
            browse(owner),
            document,
            ("1.png", file_of(1)),
            ("again.png", file_of(1)),
            (".DS_Store", b"x"),
            ("words.txt", b"a text"),
            ("empty.png", b""),
            ("broken.png", b"no picture"),
        )
        assert found == [
            ("page", ""),
            ("left_out", "duplicate"),
            ("left_out", "junk"),
            ("left_out", "not_a_picture"),
            ("left_out", "empty"),
            ("left_out", "not_a_picture"),
        ]
        assert names(document) == ["1.png", "broken.png", "empty.png"]

    def test_sent_twice_a_page_is_one(self, browse, owner, document):
        client = browse(owner)
        assert send(client, document, ("1.png", file_of(1))) == send(client, document, ("1.png", file_of(1)))
        assert names(document) == ["1.png"]

    def test_files_of_many_pages_wait_to_be_unpacked(self, browse, owner, document):
        frames = [Image.new("L", (30, 40), shade) for shade in (0, 100)]
        tiff, pdf = io.BytesIO(), io.BytesIO()
        frames[0].save(tiff, "TIFF", save_all=True, append_images=frames[1:])
        frames[0].save(pdf, "PDF", save_all=True, append_images=frames[1:])
        found = send(
            browse(owner),
            document,
            ("many.tif", tiff.getvalue()),
            ("book.pdf", pdf.getvalue()),
            ("one.tif", file_of(1, "TIFF")),
        )
        assert found == [("archive", ""), ("archive", ""), ("page", "")]
        assert set(BatchArchive.objects.values_list("pages", flat=True)) == {True}
        assert Job.objects.filter(kind="pages.unpack").count() == 2

    def test_a_pdf_in_a_batch_of_characters_becomes_pages(self, browse, owner):
        batch = factories.batch(owner, open=True)
        pdf = io.BytesIO()
        Image.new("L", (30, 40), 9).save(pdf, "PDF")
        pdf.name = "book.pdf"
        pdf.seek(0)
        answer = browse(owner).post(f"/batches/{batch.pk}/files/", {"files": [pdf]})
        assert answer.json()["results"][0]["kind"] == "archive"
        assert Job.objects.filter(kind="pages.unpack").count() == 1


class TestOrder:
    @pytest.fixture
    def three(self, document):
        return [factories.page(document, name=f"{number}.png") for number in (1, 2, 3)]

    def test_a_page_is_moved_and_stays_there(self, browse, owner, document, three):
        client = browse(owner)
        client.post(f"/documents/{document.pk}/order/", {"move": three[2].pk, "by": "-1"})
        assert names(document) == ["1.png", "3.png", "2.png"]
        send(client, document, ("0.png", file_of(1)))
        assert names(document) == ["1.png", "3.png", "2.png", "0.png"]

    def test_all_are_put_in_order(self, browse, owner, document, three):
        order = [three[2].pk, three[0].pk]
        browse(owner).post(f"/documents/{document.pk}/order/", {"page": order})
        assert names(document) == ["3.png", "1.png", "2.png"]

    def test_another_document_s_page_is_not_put_here(self, browse, owner, document, three):
        other = factories.page(factories.document(owner))
        answer = browse(owner).post(f"/documents/{document.pk}/order/", {"page": [other.pk]})
        assert answer.status_code == 400


class TestPages:
    def test_the_list_and_the_document_say_how_far_it_is(self, browse, owner, document):
        page = factories.page(document)
        factories.box(page, matched=True)
        factories.box(page, at=(300, 80))
        factories.page(document, state="rejected", error_code="image_damaged", error="it is damaged")
        factories.page(document, state="waiting", finding="blank")
        for address in ("/documents/", f"/documents/{document.pk}/"):
            shown = browse(owner).get(address).content.decode()
            assert 'data-pages="3"' in shown
            assert 'data-characters="2"' in shown
            assert 'data-matched="1"' in shown
        assert "it is damaged" in shown

    @pytest.mark.parametrize("count", [1, 12])
    def test_however_many_pages_the_database_is_asked_as_often(
        self, browse, owner, document, count, django_assert_max_num_queries
    ):
        for _ in range(count):
            factories.box(factories.page(document), matched=True)
            factories.document(owner)
        client = browse(owner)
        for address in ("/documents/", f"/documents/{document.pk}/"):
            with django_assert_max_num_queries(14):
                assert client.get(address).status_code == 200

    def test_what_is_known_of_a_document_is_kept(self, browse, owner, document):
        sent = {"title": "Truyện Kiều", "source": "BnF", "shelf_mark": "R.1", "date": "1866"}
        sent |= {"field_name": ["hand", ""], "field_value": ["unknown", "x"]}
        browse(owner).post(f"/documents/{document.pk}/update/", sent)
        document = Document.objects.get()
        assert (document.title, document.source, document.date) == ("Truyện Kiều", "BnF", "1866")
        assert document.fields == {"hand": "unknown"}
        assert "BnF" in browse(owner).get(f"/documents/{document.pk}/").content.decode()

    def test_a_page_goes_unless_it_was_answered(self, browse, owner, document):
        page = factories.page(document)
        box = factories.box(page, matched=True)
        factories.decision(box.query, owner, verdict="unsure")
        assert browse(owner).post(f"/pages/{page.pk}/delete/").status_code == 409
        box.query.decisions.all().delete()
        assert browse(owner).post(f"/pages/{page.pk}/delete/").status_code == 302
        assert not Page.objects.exists()
        assert not Query.everything.exists()
        assert set(FreedBlob.objects.values_list("digest", flat=True)) == {page.sha256, box.query.sha256}


class TestTrash:
    def test_a_document_goes_and_comes_back_with_its_batch(self, document, owner, curator):
        page = factories.page(document)
        here, gone = factories.box(page, matched=True), factories.box(page, at=(1, 1), matched=True)
        Box.objects.filter(pk=gone.pk).update(deleted="2026-01-01T00:00Z")
        Query.everything.filter(pk=gone.query_id).update(in_trash=True)
        waiting = factories.page(document, state="waiting", queued=False)
        batch_delete(batch=document.batch, by=owner)
        assert pages_enqueue_forgotten() == 0
        batch_restore(batch=Batch.everything.get(), curator=curator)
        assert list(Query.objects.all()) == [here.query]
        assert pages_enqueue_forgotten() == 1
        assert Job.objects.get(kind="page.read").payload == {"page": waiting.pk}

    def test_for_good_it_goes_with_its_files(self, document, owner, curator):
        page = factories.page(document)
        batch_delete(batch=document.batch, by=owner)
        batch_purge(batch=document.batch, curator=curator)
        assert not Page.objects.exists()
        assert FreedBlob.objects.filter(digest=page.sha256).exists()


class TestWhoGetsIn:
    GET = ("/documents/{document}/", "/pages/{page}/")
    POST = ("files", "close", "update", "order")

    @pytest.mark.parametrize("address", GET)
    def test_to_look(self, browse, owner, teammate, curator, document, address):
        address = address.format(document=document.pk, page=factories.page(document).pk)
        assert browse(people.STRANGER).get(address).status_code == 302
        assert browse(teammate).get(address).status_code == 404
        assert browse(owner).get(address).status_code == 200
        assert browse(curator).get(address).status_code == 200
        Batch.objects.update(shared=True)
        assert browse(teammate).get(address).status_code == 200

    @pytest.mark.parametrize("name", POST)
    def test_to_change(self, browse, teammate, document, name):
        address = f"/documents/{document.pk}/{name}/"
        assert browse(people.STRANGER).post(address).status_code == 302
        assert browse(teammate).post(address).status_code == 404
        Batch.objects.update(shared=True)
        assert browse(teammate).post(address).status_code == 403

    def test_to_delete_a_page(self, browse, teammate, document):
        address = f"/pages/{factories.page(document).pk}/delete/"
        assert browse(people.STRANGER).post(address).status_code == 302
        Batch.objects.update(shared=True)
        assert browse(teammate).post(address).status_code == 403

    def test_everybody_sees_the_list_of_what_is_theirs(self, browse, teammate, document):
        shown = browse(teammate).get("/documents/")
        assert shown.status_code == 200
        assert "document-row" not in shown.content.decode()
        assert browse(teammate).get("/documents/new/").status_code == 200
