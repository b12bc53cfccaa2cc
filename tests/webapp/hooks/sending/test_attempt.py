"""A message is sent to a server that may do anything: the sender comes back in time, with little."""

import ipaddress
import socket
import ssl
import threading
import time
from dataclasses import replace

import pytest

from tests.receiver import CERTIFICATE, receiving, reply
from webapp.hooks.sending import attempt as sending
from webapp.hooks.sending.attempt import post

HEADERS = {"webhook-id": "evt_1"}


@pytest.fixture(autouse=True)
def here_is_allowed(settings):
    settings.ENV = replace(settings.ENV, hook_networks=(ipaddress.ip_network("127.0.0.0/8"),))


@pytest.fixture
def receiver():
    with receiving() as made:
        yield made


def test_what_is_sent_arrives(receiver):
    outcome = post(receiver.url + "?a=b", b'{"x":1}', HEADERS)
    assert outcome.arrived
    assert outcome.status == 204
    [sent] = receiver.got
    assert (sent.path, sent.body) == ("/hook?a=b", b'{"x":1}')
    assert sent.headers["content-type"] == "application/json"
    assert sent.headers["webhook-id"] == "evt_1"
    assert sent.headers["host"] in receiver.url


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_not_followed(receiver, status):
    with receiving() as other:
        receiver.answer = lambda handler: reply(handler, status, Location=other.url)
        outcome = post(receiver.url, b"{}", HEADERS)
        assert (outcome.status, outcome.code) == (status, "redirect")
        assert not other.got


@pytest.mark.parametrize(
    ("status", "arrived"), [(200, True), (202, True), (400, False), (404, False), (500, False)]
)
def test_only_2xx_has_arrived(receiver, status, arrived):
    receiver.answer = lambda handler: reply(handler, status, b"said")
    outcome = post(receiver.url, b"{}", HEADERS)
    assert (outcome.arrived, outcome.status, outcome.answer) == (arrived, status, "said")


def test_little_of_a_long_answer_is_read(receiver):
    sent = []

    def endless(handler):
        handler.send_response(200)
        handler.end_headers()
        try:
            while len(sent) < 4000:
                handler.wfile.write(b"x" * 65536)
                sent.append(1)
        except OSError:
            pass

    receiver.answer = endless
    outcome = post(receiver.url, b"{}", HEADERS)
    assert outcome.arrived
    assert len(outcome.answer) == sending.ANSWER_BYTES
    assert len(sent) < 1000


def test_what_cannot_be_shown_is_replaced(receiver):
    receiver.answer = lambda handler: reply(handler, 500, b"a\x00\x1b[31m\xff\nb")
    assert post(receiver.url, b"{}", HEADERS).answer == "a\ufffd\ufffd[31m\ufffd\nb"


@pytest.mark.parametrize("how", ["silent", "drips headers", "drips an answer"])
def test_a_slow_receiver_is_left(receiver, how, monkeypatch):
    monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.4)
    over = threading.Event()

    def slow(handler):
        if how != "silent":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"\r\n" if how == "drips an answer" else b""))
        try:
            while not over.wait(0.1):
                if how != "silent":
                    handler.wfile.write(b"x")
                    handler.wfile.flush()
        except OSError:
            pass

    receiver.answer = slow
    began = time.monotonic()
    outcome = post(receiver.url, b"{}", HEADERS)
    over.set()
    assert time.monotonic() - began < 3
    if how == "drips an answer":
        assert outcome.arrived  # its status was there in time
        assert 0 < len(outcome.answer) < 20
    else:
        assert outcome.code == "timed_out"


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    assert post(f"http://127.0.0.1:{port}/", b"{}", HEADERS).code == "no_connection"


def test_another_protocol_is_no_answer(receiver):
    receiver.answer = lambda handler: handler.wfile.write(b"SSH-2.0-OpenSSH_9.2\r\n\r\n")
    assert post(receiver.url, b"{}", HEADERS).code == "bad_answer"


def test_a_receiver_that_hangs_up(receiver):
    receiver.answer = lambda handler: handler.connection.shutdown(socket.SHUT_RDWR)
    assert post(receiver.url, b"{}", HEADERS).code == "no_connection"


def test_https_without_a_certificate_is_no_safe_connection(receiver):
    assert post(receiver.url.replace("http:", "https:"), b"{}", HEADERS).code == "bad_certificate"
    assert not receiver.got


class TestInnerAddresses:
    @pytest.fixture(autouse=True)
    def nothing_is_allowed(self, settings, here_is_allowed):
        settings.ENV = replace(settings.ENV, hook_networks=())

    @pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
    def test_they_are_refused_before_anything_is_sent(self, receiver, host):
        outcome = post(receiver.url.replace("127.0.0.1", host), b"{}", HEADERS)
        assert outcome.code == "inner_address"
        assert not receiver.got

    def test_a_name_is_looked_up_once_and_that_is_connected_to(self, receiver, monkeypatch):
        """A name that means something else the second time (DNS rebinding) gains nothing."""
        asked, reached = [], []

        def lookup(host, port, *args, **kwargs):
            asked.append(host)
            address = "203.0.114.1" if len(asked) == 1 else "127.0.0.1"
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

        def connect(address, **kwargs):
            reached.append(address)
            raise ConnectionRefusedError

        monkeypatch.setattr(socket, "getaddrinfo", lookup)
        monkeypatch.setattr(socket, "create_connection", connect)
        port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
        assert post(f"http://example.org:{port}/", b"{}", HEADERS).code == "no_connection"
        assert asked == ["example.org"]
        assert reached == [("203.0.114.1", port)]


def test_the_next_address_of_a_name_is_tried(receiver, monkeypatch):
    port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
    monkeypatch.setattr(sending, "resolved", lambda target: ["127.0.0.2", "127.0.0.1"])
    assert post(f"http://example.org:{port}/hook", b"{}", HEADERS).arrived
    assert receiver.got[0].headers["host"] == f"example.org:{port}"


class TestHttps:
    @pytest.fixture
    def safe(self):
        with receiving(tls=True) as made:
            yield made

    def test_a_certificate_that_is_trusted(self, safe, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert post(safe.url, b"{}", HEADERS).arrived
        assert safe.got[0].headers["host"] in safe.url

    def test_one_that_nobody_trusts(self, safe):
        assert post(safe.url, b"{}", HEADERS).code == "bad_certificate"
        assert not safe.got

    def test_one_of_another_host(self, safe, monkeypatch):
        monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
        assert post(safe.url.replace("localhost", "127.0.0.1"), b"{}", HEADERS).code == "bad_certificate"
        assert not safe.got

    def test_a_handshake_that_never_ends(self, monkeypatch):
        monkeypatch.setattr(sending, "TOTAL_SECONDS", 0.3)
        with socket.create_server(("127.0.0.1", 0)) as silent:
            began = time.monotonic()
            outcome = post(f"https://localhost:{silent.getsockname()[1]}/", b"{}", HEADERS)
            assert outcome.code == "timed_out"
            assert time.monotonic() - began < 3


def test_tls_is_checked_against_the_name_and_not_the_address(receiver, monkeypatch):
    rows = []

    class Context:
        def wrap_socket(self, line, server_hostname):
            rows.append(server_hostname)
            raise ssl.SSLError("stop here")

    monkeypatch.setattr(ssl, "create_default_context", Context)
    port = int(receiver.url.rsplit(":", 1)[1].split("/")[0])
    assert post(f"https://localhost:{port}/", b"{}", HEADERS).code == "bad_certificate"
    assert rows == ["localhost"]
