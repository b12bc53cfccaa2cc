"""Manifests: pictures are fetched from a real server, from allowed hosts alone; missing ones are named."""

import io
from dataclasses import replace
from ipaddress import ip_network

import pytest
from PIL import Image

from tests import factories, people
from tests.receiver import receiving, reply
from tests.webapp.pages.manifests.drawn import version_2, version_3
from webapp.batches.models import BatchArchive, BatchLeftOut
from webapp.core.errors import Refused
from webapp.jobs.models import Job
from webapp.pages.intake import page_take
from webapp.pages.manifests import fetching
from webapp.pages.manifests.services import document_of_manifest
from webapp.pages.models import Document, Page
from workers.tasks.pages.pages_unpack import pages_unpack

pytestmark = pytest.mark.django_db


@pytest.fixture
def allowed(settings):
    """This machine stands for a library."""
    own = (ip_network("127.0.0.0/8"),)
    settings.ENV = replace(settings.ENV, hook_networks=own, iiif_hosts=("127.0.0.1",))


@pytest.fixture
def library():
    """A server of pictures: ``/N.png`` is there for N up to 3, everything else is not."""
    with receiving() as server:
        server.answer = answer
        server.url = server.url.removesuffix("/hook")
        yield server


def answer(handler) -> None:
    name = handler.path.removeprefix("/")
    if name.startswith("moved/"):
        reply(handler, 302, Location=f"/{name.removeprefix('moved/')}")
    elif name in {"1.png", "2.png", "3.png"}:
        data = io.BytesIO()
        Image.new("L", (60, 80), int(name[0])).save(data, "PNG")
        reply(handler, 200, data.getvalue())
    elif name == "round":
        reply(handler, 301, Location="/round")
    elif name == "inner":
        reply(handler, 302, Location="http://10.0.0.1/1.png")
    elif name == "cut":
        handler.send_response(200)
        handler.send_header("Content-Length", "1000")
        handler.end_headers()
        handler.wfile.write(b"x")
    else:
        reply(handler, 404)


def unpack(do, row) -> BatchArchive:
    do(pages_unpack, {"archive": row.pk})
    row.refresh_from_db()
    return row


def uploaded(document, data: bytes):
    return page_take(document=document, name="m.json", stream=io.BytesIO(data))


def left_out() -> dict[str, str]:
    return dict(BatchLeftOut.objects.values_list("name", "code"))


def test_an_uploaded_manifest_becomes_pages_and_what_is_missing_is_named(do, owner, allowed, library):
    document = factories.document(owner)
    url = library.url
    pictures = [("1a", f"{url}/2.png"), ("1b", f"{url}/none.png"), ("2a", f"{url}/moved/1.png")]
    pictures += [
        ("2b", f"{url}/cut"),
        ("3a", f"{url}/round"),
        ("3b", f"{url}/inner"),
        ("4", "http://a.example/"),
    ]
    archive = unpack(do, uploaded(document, version_3(pictures)))
    assert archive.state == "ready"
    assert list(document.pages.order_by("position").values_list("name", flat=True)) == ["0001 1a", "0003 2a"]
    assert left_out() == {
        "0002 1b": "bad_status",
        "0004 2b": "bad_answer",
        "0005 3a": "redirect",
        "0006 3b": "inner_address",
        "0007 4": "host_not_allowed",
    }
    document.refresh_from_db()
    assert document.source == "https://library.example/kieu/manifest.json"
    assert document.rights.endswith("/mark/1.0/")
    assert Job.objects.filter(kind="page.read").count() == 2


def test_done_again_it_goes_on_where_it_was(do, owner, allowed, library):
    document = factories.document(owner)
    row = uploaded(document, version_2([(f"{n}", f"{library.url}/{n}.png") for n in (1, 2, 3)]))
    Page.objects.create(document=document, archive=row, entry=1, name="0002 2", sha256="0" * 64)
    unpack(do, row)
    assert [sent.path for sent in library.got] == ["/1.png", "/3.png"]
    assert document.pages.count() == 3


def test_an_address_becomes_a_document(do, owner, allowed, library):
    manifest = version_3([("1", f"{library.url}/1.png")])
    library.answer = lambda handler: (
        reply(handler, 200, manifest) if handler.path == "/m" else answer(handler)
    )
    document = document_of_manifest(owner=owner, address=f" {library.url}/m ", title="Kiều", shared=True)
    unpack(do, document.batch.archives.get())
    assert list(document.pages.values_list("name", flat=True)) == ["0001 1"]
    assert (document.title, document.batch.shared) == ("Kiều", True)


def test_an_address_without_a_manifest_is_refused(do, owner, allowed, library):
    document = document_of_manifest(owner=owner, address=f"{library.url}/1.png")
    archive = unpack(do, document.batch.archives.get())
    assert (archive.state, archive.error_code) == ("rejected", "bad_manifest")
    other = document_of_manifest(owner=owner, address=f"{library.url}/none")
    assert unpack(do, other.batch.archives.get()).error_code == "bad_status"


def test_nothing_is_fetched_unless_an_operator_allows_it(do, owner, library, settings):
    with pytest.raises(Refused) as caught:
        document_of_manifest(owner=owner, address="https://library.example/m")
    assert (caught.value.code, Document.objects.count()) == ("host_not_allowed", 0)
    document = factories.document(owner)
    archive = unpack(do, uploaded(document, version_3([("1", f"{library.url}/1.png")])))
    assert (archive.error_code, library.got) == ("host_not_allowed", [])
    settings.ENV = replace(settings.ENV, iiif_hosts=("*",))  # but the server's own network stays closed
    with pytest.raises(Refused) as caught:
        document_of_manifest(owner=owner, address=f"{library.url}/m")
    assert caught.value.code == "inner_address"


def test_a_picture_that_is_too_large_is_broken_off(allowed, library):
    with pytest.raises(Refused) as caught:
        fetching.fetch(f"{library.url}/1.png", io.BytesIO(), most=10)
    assert caught.value.code == "too_large"


def test_a_host_is_allowed_by_its_name_or_those_above(settings):
    settings.ENV = replace(settings.ENV, iiif_hosts=("a.example", "*.b.example"))
    found = {
        host: fetching.is_allowed(f"https://{host}/x") for host in ("A.example", "x.b.example", "b.example")
    }
    assert found == {"A.example": True, "x.b.example": True, "b.example": False}
    assert not fetching.is_allowed("https://xb.example/")
    assert not fetching.is_allowed("https://[/")


def test_the_page_has_the_form_where_hosts_are_allowed(owner, allowed, library):
    browser = people.browser_of(owner)
    assert b"manifest-form" in browser.get("/documents/new/").content
    answered = browser.post("/documents/manifest/", {"address": f"{library.url}/m", "title": "Kiều"})
    document = Document.objects.get()
    assert (answered.status_code, answered["Location"]) == (302, f"/documents/{document.pk}/")
    refused = browser.post("/documents/manifest/", {"address": "https://other.example/m"})
    assert refused.status_code == 400
