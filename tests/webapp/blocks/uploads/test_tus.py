"""Resumable uploads, as tus 1.0.0 has them: core, creation, termination, checksum, expiration."""

import base64
import errno
import hashlib
from datetime import timedelta

import pytest
from django.utils import timezone

from tests import meshes, people
from webapp.blocks.models import Scan, Upload
from webapp.blocks.services import MOST_SCAN_BYTES
from webapp.blocks.uploads import pieces
from webapp.jobs.models import Job

pytestmark = pytest.mark.django_db
DOOR = "/api/v1/block-uploads/"
STREAM = "application/offset+octet-stream"


def meta(**values) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in values.items())


@pytest.fixture
def stl() -> bytes:
    return meshes.block(3, cells=16)


@pytest.fixture
def tus(api, curator, data):
    """``tus(method, address, body, **headers)``"""
    client = api(curator)

    def ask(method, address, body=b"", **headers):
        named = {"Tus-Resumable": "1.0.0"} | {
            name.replace("_", "-"): value for name, value in headers.items()
        }
        given = {name: value for name, value in named.items() if value is not None}
        kind = given.pop("Content-Type", STREAM if method == "PATCH" else "application/octet-stream")
        return client.generic(method, address, body, content_type=kind, headers=given)

    return ask


@pytest.fixture
def begun(tus, block, stl):
    """The address of an upload that has begun."""
    answer = tus(
        "POST",
        DOOR,
        Upload_Length=str(len(stl)),
        Upload_Metadata=meta(filename="k.stl", block=str(block.pk), unit="mm"),
    )
    assert answer.status_code == 201
    return answer["Location"].removeprefix("http://testserver")


def test_the_server_says_what_it_can(tus):
    answer = tus("OPTIONS", DOOR, Tus_Resumable=None)
    assert answer.status_code == 204
    assert answer["Tus-Version"] == "1.0.0"
    assert set(answer["Tus-Extension"].split(",")) == {"creation", "termination", "checksum", "expiration"}
    assert answer["Tus-Max-Size"] == str(MOST_SCAN_BYTES)
    assert "sha1" in answer["Tus-Checksum-Algorithm"]


def test_a_file_comes_in_pieces_and_becomes_a_scan(tus, begun, stl, block):
    half = len(stl) // 2
    answer = tus("PATCH", begun, stl[:half], Upload_Offset="0")
    assert (answer.status_code, answer["Upload-Offset"]) == (204, str(half))
    assert "Upload-Expires" in answer
    answer = tus("HEAD", begun)
    assert (answer.status_code, answer["Upload-Offset"]) == (200, str(half))
    assert answer["Upload-Length"] == str(len(stl))
    assert answer["Cache-Control"] == "no-store"
    answer = tus("PATCH", begun, stl[half:], Upload_Offset=str(half))
    scan = Scan.objects.get(pk=answer["Mocban-Scan"])
    assert (scan.block, scan.name, scan.unit) == (block, "k.stl", "mm")
    assert scan.sha256 == hashlib.sha256(stl).hexdigest()
    assert Job.objects.get(subject=f"scan:{scan.pk}").payload == {"scan": scan.pk}


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Upload_Offset": "7"}, 409),
        ({"Upload_Offset": None}, 400),
        ({"Upload_Offset": "-1"}, 400),
        ({"Upload_Offset": "0", "Tus_Resumable": "0.2.2"}, 412),
        ({"Upload_Offset": "0", "Tus_Resumable": None}, 412),
        ({"Upload_Offset": "0", "Content_Type": "text/plain"}, 415),
        ({"Upload_Offset": "0", "Upload_Checksum": "crc32 AAAA"}, 400),
        ({"Upload_Offset": "0", "Upload_Checksum": "sha1 " + base64.b64encode(b"x" * 20).decode()}, 460),
    ],
)
def test_bytes_that_are_not_taken_leave_nothing(tus, begun, headers, status):
    answer = tus("PATCH", begun, b"abc", **headers)
    assert answer.status_code == status
    assert answer["Tus-Resumable"] == "1.0.0"
    assert tus("HEAD", begun)["Upload-Offset"] == "0"


@pytest.mark.parametrize("name", pieces.ALGORITHMS)
def test_bytes_with_their_checksum_are_taken(tus, begun, name):
    checksum = base64.b64encode(hashlib.new(name, b"abc").digest()).decode()
    answer = tus("PATCH", begun, b"abc", Upload_Offset="0", Upload_Checksum=f"{name} {checksum}")
    assert (answer.status_code, answer["Upload-Offset"]) == (204, "3")


def test_more_than_was_announced_is_refused(tus, begun, stl):
    assert tus("PATCH", begun, stl + b"more", Upload_Offset="0").status_code == 413
    assert tus("HEAD", begun)["Upload-Offset"] == "0"


@pytest.mark.parametrize(
    ("length", "metadata", "status"),
    [
        (str(MOST_SCAN_BYTES + 1), {}, 413),
        ("0", {}, 400),
        ("many", {}, 400),
        (None, {}, 400),
        ("9", {"unit": "ell"}, 400),
        ("9", {"face": "sideways"}, 400),
        ("9", {"block": "0"}, 404),
    ],
)
def test_limits_are_looked_at_before_anything_is_written(tus, block, data, length, metadata, status):
    sent = meta(**{"filename": "k.stl", "block": str(block.pk)} | metadata)
    assert tus("POST", DOOR, Upload_Length=length, Upload_Metadata=sent).status_code == status
    assert not Upload.objects.exists()
    assert not (data / "uploads").exists()


def test_metadata_that_is_no_base64_is_refused(tus, block):
    assert tus("POST", DOOR, Upload_Length="9", Upload_Metadata="filename ?").status_code == 400


def test_an_upload_is_given_up(tus, begun, data):
    tus("PATCH", begun, b"abc", Upload_Offset="0")
    assert tus("DELETE", begun).status_code == 204
    assert tus("HEAD", begun).status_code == 404
    assert not list((data / "uploads").iterdir())


def test_what_is_no_mesh_is_refused_when_it_is_whole(tus, block, data):
    picture = b"\x89PNG\r\n\x1a\n" + bytes(60)
    sent = meta(filename="k.stl", block=str(block.pk))
    begun = tus("POST", DOOR, Upload_Length=str(len(picture)), Upload_Metadata=sent)["Location"]
    answer = tus("PATCH", begun, picture, Upload_Offset="0")
    assert (answer.status_code, answer.json()["code"]) == (400, "not_a_mesh")
    assert not Upload.objects.exists()
    assert not Scan.objects.exists()
    assert not list((data / "uploads").iterdir())


def test_a_full_disk_is_said_and_the_upload_goes_on_later(tus, begun, stl, monkeypatch):
    class Full:
        def read(self, size=-1):
            raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("webapp.blocks.uploads.tus._Body", lambda request: Full())
    answer = tus("PATCH", begun, stl, Upload_Offset="0")
    assert (answer.status_code, answer.json()["code"]) == (507, "disk_full")
    monkeypatch.undo()
    assert tus("PATCH", begun, stl, Upload_Offset="0").status_code == 204


def test_what_came_of_a_broken_connection_is_kept(begun, stl):
    upload = Upload.objects.get()

    class Broken:
        left = [stl[:100]]

        def read(self, size=-1):
            if self.left:
                return self.left.pop()
            raise OSError("connection reset")

    with pytest.raises(OSError, match="reset"):
        pieces.upload_append(upload=upload, offset=0, stream=Broken())
    upload.refresh_from_db()
    assert upload.offset == 100


def test_another_curator_does_not_see_it(begun, api):
    other = people.reviewer()
    other.role = "curator"
    other.save()
    answer = api(other).head(begun, headers={"Tus-Resumable": "1.0.0"})
    assert answer.status_code == 404


def test_uploads_that_nobody_goes_on_with_are_removed(tus, begun, data):
    tus("PATCH", begun, b"abc", Upload_Offset="0")
    pieces.uploads_clear()
    assert Upload.objects.exists()
    Upload.objects.update(touched=timezone.now() - timedelta(days=2))
    pieces.uploads_clear()
    assert not Upload.objects.exists()
    assert not list((data / "uploads").iterdir())
