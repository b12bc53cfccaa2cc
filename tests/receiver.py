"""A real HTTP server of somebody else's, in a thread: it notes what it is sent, and answers as it is told."""

import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CERTIFICATE = Path(__file__).parent / "tls" / "localhost.pem"


@dataclass
class Sent:
    """One request. headers: names in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """url: where it listens. got: what came. answer: what it does with the next requests."""

    url: str
    got: list[Sent] = field(default_factory=list)
    answer: Callable[[BaseHTTPRequestHandler], None] = lambda handler: reply(handler)


def reply(handler: BaseHTTPRequestHandler, status: int = 204, body: bytes = b"", **headers: str) -> None:
    """Answer a request; header names with _ for -."""
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    if status != 204:
        handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


@contextmanager
def receiving(*, tls: bool = False) -> Iterator[Receiver]:
    """A receiver on a free port of 127.0.0.1. tls: it speaks HTTPS, with ``CERTIFICATE`` of localhost."""

    class Handler(BaseHTTPRequestHandler):
        def __getattr__(self, name: str):
            if name.startswith("do_"):
                return self.take
            raise AttributeError(name)

        def take(self) -> None:
            """Note the request, whatever its method."""
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            received.got.append(Sent(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            received.answer(self)

        def log_message(self, *words) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    server.block_on_close = False
    received = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(CERTIFICATE)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        received.url = f"https://localhost:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
