import os
import threading
import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.core.management import CommandError, call_command

from workers.onehost.alive import is_alive, web_address, web_is_alive
from workers.runtime.beat import SIGN


class Answering(BaseHTTPRequestHandler):
    asked = []
    status = 200

    def do_GET(self):
        self.asked.append((self.path, self.headers["Host"]))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *args):
        pass


@pytest.fixture
def server(settings, monkeypatch):
    monkeypatch.setattr(Answering, "asked", [])
    with HTTPServer(("127.0.0.1", 0), Answering) as web:
        thread = threading.Thread(target=web.serve_forever, daemon=True)
        thread.start()
        settings.ENV = replace(settings.ENV, host="0.0.0.0", port=web.server_port)
        yield settings
        web.shutdown()
        thread.join()


def test_the_web_server_is_asked_by_a_name_it_answers_to(server):
    env = replace(server.ENV, allowed_hosts=("mocban.example.org",))
    assert is_alive("web", env)
    assert web_is_alive(env)
    assert Answering.asked == [
        ("/health/ready", "mocban.example.org"),
        ("/health/live", "mocban.example.org"),
    ]


def test_a_web_server_that_is_not_ready_is_not_alive(server, monkeypatch):
    monkeypatch.setattr(Answering, "status", 503)
    with pytest.raises(CommandError, match="web does not answer"):
        call_command("alive", "web")


def test_nobody_there(settings):
    assert not is_alive("web", replace(settings.ENV, port=9))


def test_the_beat_is_alive_while_its_sign_is_fresh(settings, data, capsys):
    assert not is_alive("beat", settings.ENV)
    (data / SIGN).touch()
    call_command("alive", "beat")
    assert capsys.readouterr().out == "beat is alive\n"
    old = time.time() - 120
    os.utime(data / SIGN, (old, old))
    assert not is_alive("beat", settings.ENV)


def test_a_worker_without_a_broker_is_told_in_one_line(settings, data):
    with pytest.raises(CommandError, match="batch") as error:
        call_command("alive", "batch")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
    ],
)
def test_the_address_is_one_a_browser_here_can_open(settings, host, address):
    assert web_address(replace(settings.ENV, host=host, port=8000)) == address
