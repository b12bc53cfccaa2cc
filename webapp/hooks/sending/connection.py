"""Connections to servers of others: to an address that was checked, and over within a time."""

import http.client
import os
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress

from webapp.hooks.deliveries import Outcome
from webapp.hooks.sending.addresses import Target

CONNECT_SECONDS = 5.0
_LONGEST_ERROR = 300


@contextmanager
def connected(
    target: Target, addresses: list[str], seconds: float
) -> Iterator[tuple[http.client.HTTPConnection, threading.Event]]:
    """A connection to the first of the addresses that takes one, broken off after so many seconds.

    Yields it with an event that is set when it was broken off.

    Raises:
        OSError, HTTPException: there is none, or it failed; TimeoutError where it was broken off.
    """
    with closing(_connect(addresses, target.port)) as sock, _no_longer_than(seconds, sock) as over:
        try:
            with closing(_speaking(sock, target)) as connection:
                yield connection, over
        except (http.client.HTTPException, OSError) as error:
            if over.is_set():
                raise TimeoutError from error
            raise


def failure_of(error: Exception, seconds: float) -> Outcome:
    """What came of a connection that failed. seconds: after which it is broken off."""
    if isinstance(error, TimeoutError):
        return Outcome(code="timed_out", error=f"there was no answer within {seconds:.0f} seconds")
    words = f"{error or type(error).__name__}"[:_LONGEST_ERROR]
    if isinstance(error, ssl.SSLError):
        return Outcome(code="bad_certificate", error=f"there is no secure connection: {words}")
    if isinstance(error, http.client.HTTPException) and not isinstance(error, ConnectionError):
        return Outcome(code="bad_answer", error=f"the receiver does not speak HTTP: {words}")
    return Outcome(code="no_connection", error=f"there was no connection, or it was interrupted: {words}")


def _speaking(sock: socket.socket, target: Target) -> http.client.HTTPConnection:
    if target.scheme == "https":
        sock = ssl.create_default_context().wrap_socket(sock, server_hostname=target.host)
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = sock
    return connection


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
