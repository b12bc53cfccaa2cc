"""Gunicorn's processes, each of them with waitress inside: slow clients cost a buffer, and no thread.

Gunicorn's own threads read a request as it comes, so that a handful of clients that send a byte every few
seconds shuts everybody out. Waitress reads all connections in one loop, keeps what comes in a file, and gives
a thread only a request that is whole; answers are sent off in the same way. Gunicorn still listens, forks,
and starts anew what died: ``gunicorn --worker-class webapp.config.web_worker.BufferingWorker``.
"""

import json
import os
import tempfile
import time
from collections import Counter
from ipaddress import ip_address

from django.conf import settings
from gunicorn.workers.base import Worker
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher
from waitress.utilities import Error
from waitress.wasyncore import loop

from webapp.accounts.addresses import is_proxy, network_of, plain_address
from webapp.core.files.disk import is_disk_full

_HEADER_SECONDS = 30
# A body may take this long, and a second more for each so many bytes that came.
_BODY_SECONDS, _BYTES_A_SECOND = 60, 500
_IDLE_SECONDS = 120
_MOST_CONNECTIONS = 2000  # a process
_MOST_OF_ONE_ADDRESS = 100  # a process; proxies and this machine itself are not counted
_LARGEST_HEADER = 64 * 1024
_MEGABYTE = 1024 * 1024
_FORM_ROOM = 16 * _MEGABYTE  # of a request besides its largest file
_REFUSALS = {413: "too_large", 431: "too_large", 500: "error", 501: "not_implemented", 507: "disk_full"}


class NoRoom(Error):
    """507: the request could not be kept until it was whole."""

    code = 507
    reason = "Insufficient Storage"


class RefusedTask(ErrorTask):
    """The answer to a request that never reaches Django: JSON of the one shape that every refusal has."""

    def execute(self) -> None:
        """Write the answer, and close the connection."""
        error = self.request.error
        body = json.dumps(
            {
                "code": _REFUSALS.get(error.code, "bad_request"),
                "error": str(error.body),
                "hint": "",
                "retryable": error.code == NoRoom.code,
            }
        ).encode()
        self.status = f"{error.code} {error.reason}"
        self.response_headers.append(("Content-Type", "application/json"))
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class Channel(HTTPChannel):
    """One connection, with a deadline for the request that is coming in."""

    error_task_class = RefusedTask
    request: HTTPRequestParser | None
    started = 0.0
    received_bytes = 0

    def received(self, data: bytes) -> bool:
        """Take in what came; a disk without room is answered, not hung up on."""
        if self.request is None:
            self.started, self.received_bytes = time.time(), 0
        self.received_bytes += len(data)
        try:
            return super().received(data)
        except OSError as error:
            if not is_disk_full(error):
                raise
            self._refuse(NoRoom("the server's disk is full; make room, then try again"))
            return False

    def is_too_slow(self, now: float) -> bool:
        """Whether a request began to come in, and should have been here by now."""
        request = self.request
        if request is None or not self.received_bytes:
            return False
        if not request.headers_finished:
            return now > self.started + _HEADER_SECONDS
        return now > self.started + _BODY_SECONDS + self.received_bytes / _BYTES_A_SECOND

    def _refuse(self, error: Error) -> None:
        with self.requests_lock:
            request, self.request = self.request or HTTPRequestParser(self.adj), None
            request.error, request.completed = error, True
            self.requests.append(request)
            if len(self.requests) == 1:
                self.server.add_task(self)


class Server(TcpWSGIServer):
    """Waitress's server of one listening socket, with the limits above."""

    channel_class = Channel

    def maintenance(self, now: float) -> None:
        """Close what is idle, what is too slow, and what is one too many of its address."""
        super().maintenance(now)
        for channel in list(self.active_channels.values()):
            if channel.is_too_slow(now):
                channel.will_close = True

    def handle_accept(self) -> None:
        """Let a connection in, unless its address has too many."""
        before = set(self.active_channels)
        super().handle_accept()
        for number in set(self.active_channels) - before:
            channel = self.active_channels[number]
            if self._of_address(channel.addr[0]) > _MOST_OF_ONE_ADDRESS:
                channel.handle_close()

    def _of_address(self, address: str) -> int:
        plain = plain_address(address)
        if ip_address(plain).is_loopback or is_proxy(plain):
            return 0
        networks = (network_of(plain_address(each.addr[0])) for each in self.active_channels.values())
        return Counter(networks)[network_of(plain)]


class BufferingWorker(Worker):
    """A process of gunicorn's that answers by way of waitress, until gunicorn ends it."""

    def run(self) -> None:
        """Serve until SIGTERM; then take nothing new, and finish what was begun."""
        self._keep_buffers_beside_the_data()
        connections: dict = {}
        adjustments = self._adjustments()
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(adjustments.threads)
        servers = [
            self._server(listener.sock, connections, dispatcher, adjustments) for listener in self.sockets
        ]
        while self.alive and self.ppid == os.getppid():  # else gunicorn's main process is gone
            self.notify()
            loop(timeout=1.0, use_poll=True, map=connections, count=1)
        self._finish(servers, connections)
        dispatcher.shutdown()

    def _adjustments(self) -> Adjustments:
        return Adjustments(
            threads=self.cfg.threads,
            ident=None,
            channel_timeout=_IDLE_SECONDS,
            cleanup_interval=5,
            connection_limit=_MOST_CONNECTIONS,
            max_request_header_size=_LARGEST_HEADER,
            max_request_body_size=settings.ENV.max_upload_mb * _MEGABYTE + _FORM_ROOM,
            clear_untrusted_proxy_headers=False,  # whom to believe is a rule of webapp.accounts
            sockets=[],
        )

    def _server(self, sock, connections: dict, dispatcher, adjustments: Adjustments) -> Server:
        kind = (sock.family, sock.type, sock.proto, sock.getsockname())
        return Server(
            self.wsgi,
            map=connections,
            _sock=sock,
            dispatcher=dispatcher,
            adj=adjustments,
            sockinfo=kind,
            bind_socket=False,
        )

    def _finish(self, servers: list[Server], connections: dict) -> None:
        until = time.time() + self.cfg.graceful_timeout
        for _ in ("let in who stands at the door", "read what they sent"):
            loop(timeout=0.0, use_poll=True, map=connections, count=1)
        for server in servers:
            server.accepting = False
            server.del_channel(connections)
        while time.time() < until and any(
            channel.requests or channel.total_outbufs_len
            for server in servers
            for channel in server.active_channels.values()
        ):
            self.notify()
            loop(timeout=0.2, use_poll=True, map=connections, count=1)

    @staticmethod
    def _keep_buffers_beside_the_data() -> None:
        """The system's folder for such files may be memory; where uploads will lie there is room."""
        folder = settings.ENV.data / "incoming"
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        tempfile.tempdir = str(folder)
