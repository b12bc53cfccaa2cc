"""What the client does when the network, or the server, does not do what it should."""

import json
import socket

import pytest

from mocban_client import Damaged, Export, Mocban, MocbanError, Unreachable
from tests.receiver import receiving, reply


@pytest.fixture
def server():
    with receiving() as made:
        yield made


def client(server, **options):
    url = server.url.removesuffix("/hook")
    return Mocban(url, "secret-token", **{"tries": 3, "wait": 0.01, "timeout": 5, **options})


def said(body, status=200):
    return lambda handler: reply(handler, status, json.dumps(body).encode())


def in_turn(*answers):
    waiting = iter(answers)
    return lambda handler: next(waiting)(handler)


def hang_up(handler):
    handler.connection.shutdown(socket.SHUT_RDWR)


DECISION = {"id": 1, "query": 2, "annotator": "lan", "verdict": "unsure", "new": "later"}
BATCH = {"id": 3, "name": "n", "status": "ready"}


def test_an_answer_is_sent_again_with_its_key(server):
    server.answer = in_turn(hang_up, lambda handler: reply(handler, 503), said(DECISION, 201))
    decision = client(server).answer(2, "unsure")
    assert (decision.annotator, decision.raw["new"]) == ("lan", "later")
    keys = {json.loads(sent.body)["client_key"] for sent in server.got}
    assert len(server.got) == 3
    assert len(keys) == 1


def test_what_may_be_done_once_is_sent_once(server):
    server.answer = hang_up
    with pytest.raises(Unreachable) as caught:
        client(server).freeze()
    assert len(server.got) == 1
    assert "look before you ask again" in str(caught.value)
    server.answer = lambda handler: reply(handler, 503)
    with pytest.raises(MocbanError) as caught:
        client(server).freeze()
    assert (len(server.got), caught.value.status, caught.value.retryable) == (2, 503, True)


def test_it_gives_up(server):
    server.answer = hang_up
    with pytest.raises(Unreachable) as caught:
        client(server).answer(2, "unsure")
    assert (len(server.got), caught.value.retryable, caught.value.code) == (3, True, "unreachable")


def test_nobody_is_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(Unreachable, match="refused"):
        Mocban(f"http://127.0.0.1:{port}", "x", tries=2, wait=0.01).freeze()


def test_files_of_an_upload_are_sent_again(server, tmp_path):
    for name in ("a.png", "b.png"):
        (tmp_path / name).write_bytes(name.encode() * 1000)
    server.answer = in_turn(said(BATCH, 201), hang_up, said(BATCH), said(BATCH))
    client(server).upload(tmp_path)
    made, lost, again, closed = server.got
    assert lost.path == again.path == "/api/v1/batches/3/files/"
    assert lost.body == again.body
    assert int(again.headers["content-length"]) == len(again.body)
    assert b"a.png" * 1000 in again.body
    assert json.loads(closed.body) == {"open": False}
    assert made.path == "/api/v1/batches/"


def test_a_redirect_is_not_followed(server):
    with receiving() as other:
        server.answer = lambda handler: reply(handler, 302, Location=other.url)
        with pytest.raises(MocbanError) as caught:
            client(server).freeze()
        assert caught.value.status == 302
        assert not other.got
    assert server.got[0].headers["authorization"] == "Token secret-token"


def test_a_page_of_another_host_is_asked_of_this_one(server):
    with receiving() as other:
        first = {"results": [BATCH], "next": f"{other.url}/api/v1/batches/?page=2"}
        server.answer = in_turn(said(first), said({"results": [], "next": None}))
        assert len(list(client(server).batches())) == 1
        assert not other.got
    assert server.got[1].path.endswith("/api/v1/batches/?page=2")


@pytest.mark.parametrize("body", [b"", b"<html>", b"[]", b'"x"', b'{"detail": "no"}'])
def test_an_error_that_is_no_json_is_one_all_the_same(server, body):
    server.answer = lambda handler: reply(handler, 500, body)
    with pytest.raises(MocbanError) as caught:
        client(server).freeze()
    assert caught.value.status == 500


EXPORT = Export(id="e", format="csv", status="ready", size=5, sha256="0" * 64)


@pytest.mark.parametrize("content", [b"other", b"cut"])
def test_a_damaged_file_leaves_nothing(server, tmp_path, content):
    server.answer = lambda handler: reply(handler, 200, content)
    kept = tmp_path / "labels.csv"
    kept.write_text("of before")
    with pytest.raises(Damaged):
        client(server).download(EXPORT, kept)
    assert [path.read_text() for path in tmp_path.iterdir()] == ["of before"]
