"""Sends one message to somebody's server: bounded in time and in size, to an address that was checked."""

import http.client
import os
import re
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress

from webapp.core.errors import Refused
from webapp.hooks.deliveries import Outcome
from webapp.hooks.sending.addresses import Target, resolved, target_of

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
ANSWER_BYTES = 2000
_LONGEST_ERROR = 300
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Outcome:
    """POST ``body`` to ``url``, and return what came of it. Nothing is raised for what a receiver does.

    The host's name is looked up once, and what it means is both checked and connected to; redirects are not
    followed, proxies not asked. Once connected all of it ends within ``TOTAL_SECONDS``, however slowly the
    receiver answers, and no more than ``ANSWER_BYTES`` of the answer are read.
    """
    try:
        target = target_of(url)
        addresses = resolved(target)
    except Refused as error:
        return Outcome(code=error.code, error=f"{error}; {error.hint}".strip("; "))
    try:
        with closing(_connect(addresses, target.port)) as sock, _no_longer_than(TOTAL_SECONDS, sock) as over:
            try:
                return _exchange(sock, target, body, headers, over)
            except (http.client.HTTPException, OSError) as error:
                return _failed(TimeoutError() if over.is_set() else error)
    except OSError as error:
        return _failed(error)


def _connect(addresses: list[str], port: int) -> socket.socket:
    """A connection to the first of the addresses that takes one. Raises OSError where none does."""
    for address in addresses[:-1]:
        with suppress(OSError):
            return socket.create_connection((address, port), timeout=CONNECT_SECONDS)
    return socket.create_connection((addresses[-1], port), timeout=CONNECT_SECONDS)


@contextmanager
def _no_longer_than(seconds: float, sock: socket.socket) -> Iterator[threading.Event]:
    """Break the connection off after so long: a byte now and then would keep every other limit away.

    Yields an event that is set when that was done.
    """
    over = threading.Event()
    same = socket.socket(fileno=os.dup(sock.fileno()))  # TLS takes ``sock`` over

    def break_off() -> None:
        over.set()
        with suppress(OSError):
            same.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, break_off)
    timer.daemon = True
    sock.settimeout(seconds)
    timer.start()
    try:
        yield over
    finally:
        timer.cancel()
        timer.join()
        same.close()


def _exchange(
    sock: socket.socket, target: Target, body: bytes, headers: Mapping[str, str], over: threading.Event
) -> Outcome:
    if target.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=target.host)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    sent = {"Host": target.authority, "Content-Type": "application/json", "Connection": "close", **headers}
    with closing(connection):
        connection.request("POST", target.path, body, sent)
        answer = connection.getresponse()
        if over.is_set():
            raise TimeoutError  # headers that were cut short look like whole ones
        return _outcome(answer.status, _begin_of(answer), answer.headers.get("Retry-After", ""))


def _begin_of(answer: http.client.HTTPResponse) -> str:
    """What the answer begins with; what came of one that breaks off."""
    read = b""
    with suppress(http.client.HTTPException, OSError):
        while len(read) < ANSWER_BYTES and (part := answer.read1(ANSWER_BYTES - len(read))):
            read += part
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", read.decode("utf-8", "replace"))


def _outcome(status: int, read: str, wait: str) -> Outcome:
    if 200 <= status < 300:
        return Outcome(status, read)
    seconds = float(wait) if wait.isascii() and wait.isdigit() and len(wait) < 9 else 0.0
    if 300 <= status < 400:
        return Outcome(status, read, "redirect", "the receiver answered with another address", seconds)
    return Outcome(status, read, "bad_status", f"the receiver answered {status}", seconds)


def _failed(error: Exception) -> Outcome:
    if isinstance(error, TimeoutError):
        return Outcome(code="timed_out", error=f"there was no answer within {TOTAL_SECONDS:.0f} seconds")
    words = f"{error or type(error).__name__}"[:_LONGEST_ERROR]
    if isinstance(error, ssl.SSLError):
        return Outcome(code="bad_certificate", error=f"there is no secure connection: {words}")
    if isinstance(error, http.client.HTTPException) and not isinstance(error, ConnectionError):
        return Outcome(code="bad_answer", error=f"the receiver does not speak HTTP: {words}")
    return Outcome(code="no_connection", error=f"there was no connection, or it was interrupted: {words}")
