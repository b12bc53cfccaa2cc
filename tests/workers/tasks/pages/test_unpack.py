"""Zips, PDFs and TIFFs of pages: each page goes the way a single one goes, and a bad one stops no other."""

import io
import zipfile

import pytest
from PIL import Image

from tests import factories
from webapp.batches.models import BatchArchive, BatchLeftOut
from webapp.batches.services import PAGES_UNPACK
from webapp.core.errors import StoreTrouble
from webapp.core.files.blobs import blob_path, blob_put
from webapp.jobs.models import Job
from webapp.pages.models import Page
from workers.runtime.handlers import handler_of
from workers.tasks.pages.pages_unpack import pages_unpack

pytestmark = pytest.mark.django_db


@pytest.fixture
def document(owner):
    return factories.document(owner)


@pytest.fixture
def unpack(document, do):
    """``unpack(data)``: what a worker makes of such a file; its row."""

    def run(data, name="book"):
        sha256 = blob_put(io.BytesIO(data), name=name).sha256
        archive = BatchArchive.objects.create(batch=document.batch, name=name, sha256=sha256, pages=True)
        do(pages_unpack, {"archive": archive.pk})
        archive.refresh_from_db()
        return archive

    return run


def frames(count=3):
    return [Image.new("RGB", (60, 80 + number), (200, 180, 20 * number)) for number in range(count)]


def many(kind, count=3):
    first, *others = frames(count)
    data = io.BytesIO()
    first.save(data, kind, save_all=True, append_images=others)
    return data.getvalue()


def names():
    return list(Page.objects.order_by("position").values_list("name", flat=True))


def size_of(page):
    return Image.open(io.BytesIO(blob_path(page.sha256).read_bytes())).size


def test_a_pdf_s_pictures_come_as_they_are(unpack):
    assert unpack(many("PDF"), "scans/book.pdf").state == "ready"
    assert names() == ["scans/book-0001.jpg", "scans/book-0002.jpg", "scans/book-0003.jpg"]
    assert [size_of(page) for page in Page.objects.order_by("position")] == [(60, 80), (60, 81), (60, 82)]
    assert Job.objects.filter(kind="page.read").count() == 3


def test_a_page_without_a_picture_is_drawn_at_300_dpi(unpack):
    pdf = _pdf(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 72 144] >>")
    assert unpack(pdf, "text.pdf").state == "ready"
    assert (names(), size_of(Page.objects.get())) == (["text-0001.png"], (300, 600))


def test_a_pdf_with_a_password_is_named(unpack):
    encrypt = (
        b"<< /Filter /Standard /V 1 /R 2 /O <"
        + b"41" * 32
        + b"> /U <"
        + b"42" * 32
        + b"> /P -4 /Length 40 >>"
    )
    archive = unpack(_pdf(b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] >>", encrypt), "secret.pdf")
    assert (archive.state, archive.error_code) == ("rejected", "pdf_password")
    assert "secret.pdf" in archive.error


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"%PDF-1.4 nothing", "pdf_damaged"),
        (b"PK\x03\x04 nothing", "damaged_zip"),
        (b"II*\0xx", "image_damaged"),
    ],
)
def test_a_damaged_file_is_named(unpack, data, code):
    archive = unpack(data, "bad")
    assert archive.state == "rejected"
    assert archive.error_code in {code, "truncated_zip", "not_a_zip"}
    assert names() == []


def test_a_tiff_of_many_pages(unpack):
    assert unpack(many("TIFF"), "scan.tif").state == "ready"
    assert names() == ["scan-0001.tif", "scan-0002.tif", "scan-0003.tif"]
    assert [size_of(page) for page in Page.objects.order_by("position")] == [(60, 80), (60, 81), (60, 82)]


def test_a_truncated_tiff_gives_what_there_is(unpack):
    whole = many("TIFF")
    archive = unpack(whole[: len(whole) * 2 // 3], "cut.tif")
    assert len(names()) < 3
    assert archive.state == "rejected" or BatchLeftOut.objects.exists()


def test_a_zip_of_pages_and_what_is_in_them(unpack, document):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for number, image in enumerate(frames(), 9):
            file = io.BytesIO()
            image.save(file, "PNG")
            archive.writestr(f"leaf/{number}.png", file.getvalue())
        archive.writestr("book.pdf", many("PDF"))
        archive.writestr("words.txt", "words")
    assert unpack(data.getvalue(), "all.zip").state == "ready"
    assert names() == ["leaf/9.png", "leaf/10.png", "leaf/11.png"]
    assert [row.code for row in BatchLeftOut.objects.all()] == ["not_a_picture"]
    inner = BatchArchive.objects.get(name="book.pdf")
    assert Job.objects.get(kind="pages.unpack").payload == {"archive": inner.pk}


def test_twice_is_as_once(unpack, do):
    archive = unpack(many("PDF"), "book.pdf")
    BatchArchive.objects.update(state="waiting")
    do(pages_unpack, {"archive": archive.pk})
    assert len(names()) == 3
    assert not BatchLeftOut.objects.exists()


def test_a_missing_file_is_waited_for(document, do):
    archive = BatchArchive.objects.create(batch=document.batch, name="x.pdf", sha256="0" * 64, pages=True)
    with pytest.raises(StoreTrouble):
        do(pages_unpack, {"archive": archive.pk})
    archive.refresh_from_db()
    assert archive.state == "waiting"


def test_one_that_is_given_up_is_refused(document):
    archive = BatchArchive.objects.create(batch=document.batch, name="x.pdf", sha256="0" * 64, pages=True)
    give_up = handler_of(PAGES_UNPACK.name).on_give_up
    give_up({"archive": archive.pk}, code="worker_lost", error="lost", hint="look")
    archive.refresh_from_db()
    assert (archive.state, archive.error_code) == ("rejected", "worker_lost")


def _pdf(page: bytes, encrypt: bytes = b"") -> bytes:
    """A PDF of one page. encrypt: how it is protected."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>", page]
    objects += [encrypt] if encrypt else []
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    trailer = b"<< /Size %d /Root 1 0 R" % (len(objects) + 1)
    trailer += b" /Encrypt 4 0 R /ID [<01> <01>]" if encrypt else b""
    start = b"xref\n0 %d\n0000000000 65535 f \n%strailer\n%s >>\n" % (len(objects) + 1, table, trailer)
    return out + start + b"startxref\n%d\n%%%%EOF" % len(out)
