"""Files are stored once, whole or not at all."""

import hashlib
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from webapp.core.errors import TooLarge
from webapp.core.files import blobs


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=3000))
def test_what_was_put_lies_under_its_digest(data, content):
    stored = blobs.blob_put(io.BytesIO(content), name="a")
    assert stored == blobs.StoredBlob(hashlib.sha256(content).hexdigest(), len(content))
    assert blobs.blob_path(stored.sha256).read_bytes() == content


def test_the_same_content_is_stored_once(data):
    for name in ("a", "b"):
        blobs.blob_put(io.BytesIO(b"wood"), name=name)
    assert len(_files(data)) == 1


def test_content_of_several_chunks_is_whole(data, monkeypatch):
    monkeypatch.setattr(blobs, "_CHUNK", 7)
    stored = blobs.blob_put(io.BytesIO(b"0123456789" * 5), name="a")
    assert blobs.blob_path(stored.sha256).read_bytes() == b"0123456789" * 5


def test_exactly_the_limit_is_let_in(data):
    assert blobs.blob_put(io.BytesIO(b"x" * 100), name="a", max_bytes=100).size == 100


def test_one_byte_over_the_limit_leaves_nothing(data):
    with pytest.raises(TooLarge, match=r"big\.png is larger"):
        blobs.blob_put(io.BytesIO(b"x" * 101), name="big.png", max_bytes=100)
    assert _files(data) == []


def test_a_stream_that_breaks_leaves_nothing(data):
    class Broken(io.RawIOBase):
        def read(self, size=-1):
            raise OSError("the line went dead")

    with pytest.raises(OSError, match="dead"):
        blobs.blob_put(Broken(), name="a")
    assert _files(data) == []


def _files(data):
    return [path for path in (data / "blobs").rglob("*") if path.is_file()]
