"""Pictures that look like whole pages, in an upload of characters."""

import io

import pytest
from PIL import Image

from common.page_shape import looks_like_page
from tests import factories, pictures
from tests.common.archives.zips import Line, make_zip
from tests.webapp.batches.test_api import API, file
from tests.webapp.batches.test_unpack import Outcome
from webapp.batches.models import Batch, BatchArchive, BatchLeftOut, MaybePage, Query
from webapp.batches.services import batch_add_file, batch_close, batch_enqueue, maybe_pages_answer
from webapp.pages.models import Page
from workers.tasks.batches.batch_unpack import batch_unpack
from workers.tasks.pages.pages_unpack import pages_unpack

pytestmark = pytest.mark.django_db


def scan(width: int = 600, height: int = 900, shade: int = 200) -> bytes:
    data = io.BytesIO()
    Image.new("L", (width, height), shade).save(data, "PNG")
    return data.getvalue()


@pytest.fixture
def asking(owner):
    return factories.batch(owner, pictures_as="ask", open=True)


@pytest.mark.parametrize(
    ("size", "looks"),
    [
        ((2000, 3000), True),
        ((3000, 2000), True),
        ((404, 515), True),
        ((256, 256), False),
        ((300, 4000), False),
    ],
)
def test_the_rule(size, looks):
    assert looks_like_page(*size) == looks


def test_nothing_is_queued_before_a_person_says_what_it_is(asking):
    batch_add_file(batch=asking, name="page.png", stream=io.BytesIO(scan()))
    batch_add_file(batch=asking, name="字.png", stream=io.BytesIO(pictures.png(1)))
    again = batch_add_file(batch=asking, name="page.png", stream=io.BytesIO(scan()))
    assert again == MaybePage.objects.get()  # sent again because the answer was lost
    other = batch_add_file(batch=asking, name="copy.png", stream=io.BytesIO(scan()))
    assert isinstance(other, BatchLeftOut)
    assert other.code == "duplicate"
    batch_close(batch=asking)
    assert [query.name for query in Query.objects.all()] == ["字.png"]


def test_they_become_characters(asking):
    batch_add_file(batch=asking, name="large.png", stream=io.BytesIO(scan()))
    assert maybe_pages_answer(batch=asking, pages=False) == 1
    query = Query.objects.get()
    assert (query.name, query.state, query.queued) == ("large.png", "waiting", True)
    assert maybe_pages_answer(batch=asking, pages=False) == 0
    batch_add_file(batch=asking, name="large.png", stream=io.BytesIO(scan()))
    assert Query.objects.count() == 1


def test_they_become_pages(asking):
    batch_add_file(batch=asking, name="2.png", stream=io.BytesIO(scan(shade=10)))
    batch_add_file(batch=asking, name="10.png", stream=io.BytesIO(scan(shade=20)))
    assert maybe_pages_answer(batch=asking, pages=True) == 2
    assert not Query.objects.exists()
    for archive in BatchArchive.objects.order_by("-pk"):
        pages_unpack({"archive": archive.pk}, Outcome())
        pages_unpack({"archive": archive.pk}, Outcome())
    pages = Page.objects.order_by("position")
    assert [(page.name, page.queued) for page in pages] == [("2.png", True), ("10.png", True)]
    assert set(BatchArchive.objects.values_list("state", flat=True)) == {"ready"}


def test_those_in_a_zip_are_asked_about_and_a_second_try_asks_no_more(asking):
    data = io.BytesIO(make_zip([Line(b"a/1.png", scan()), Line(b"a/2.png", pictures.png(3))]))
    archive = batch_add_file(batch=asking, name="z.zip", stream=data)
    batch_unpack({"archive": archive.pk}, Outcome())
    assert MaybePage.objects.get().entry == 0
    maybe_pages_answer(batch=asking, pages=True)
    BatchArchive.objects.filter(pk=archive.pk).update(state="waiting")
    batch_unpack({"archive": archive.pk}, Outcome())
    assert MaybePage.objects.get().answer == "pages"
    assert Query.objects.get().name.endswith("2.png")


def test_old_programs_send_large_characters_as_ever(api, owner):
    body = api(owner).post(API, {"files": [file("a.png", scan())]}, format="multipart").json()
    assert (body["total"], body["maybe_pages"]) == (1, 0)


def test_programs_say_what_they_are(api, owner):
    client = api(owner)
    sent = {"files": [file("a.png", scan())], "as": "ask"}
    body = client.post(API, sent, format="multipart").json()
    assert (body["total"], body["maybe_pages"]) == (0, 1)
    address = f"{API}{body['id']}/maybe-pages/"
    assert client.post(address, {"as": "nothing"}, format="json").status_code == 400
    body = client.post(address, {"as": "characters"}, format="json").json()
    assert (body["total"], body["maybe_pages"]) == (1, 0)


def test_programs_may_say_pages_at_once(api, owner):
    sent = {"files": [file("a.png", scan()), file("b.png", pictures.png(1))], "as": "pages"}
    body = api(owner).post(API, sent, format="multipart").json()
    assert (body["total"], body["maybe_pages"], body["status"]) == (1, 0, "unpacking")
    assert BatchArchive.objects.get().pages


def test_the_batch_s_page_asks_its_owner(browse, owner, asking):
    batch_add_file(batch=asking, name="page.png", stream=io.BytesIO(scan()))
    client, address = browse(owner), f"/batches/{asking.pk}/"
    assert b"looks like a whole page" in client.get(address).content
    assert b"looks like a whole page" in client.get(f"{address}live/").content
    assert client.post(f"{address}maybe-pages/", {"as": "characters"}).status_code == 302
    assert b"looks like a whole page" not in client.get(address).content


def test_a_browser_s_batch_asks(browse, owner):
    browse(owner).post("/batches/new/", {"name": "x"}, content_type="application/json")
    assert Batch.objects.get().pictures_as == "ask"


def test_asked_pictures_are_not_queued_by_the_way(asking):
    batch_add_file(batch=asking, name="page.png", stream=io.BytesIO(scan()))
    assert batch_enqueue(batch=asking) == 0
