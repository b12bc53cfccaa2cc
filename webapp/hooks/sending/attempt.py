"""Sends one message to somebody's server: bounded in time and in size, to an address that was checked."""

import http.client
import re
from collections.abc import Mapping
from contextlib import suppress

from webapp.core.errors import Refused
from webapp.hooks.deliveries import Outcome
from webapp.hooks.sending.addresses import Target, resolved, target_of
from webapp.hooks.sending.connection import connected, failure_of

TOTAL_SECONDS = 15.0
ANSWER_BYTES = 2000
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
        with connected(target, addresses, TOTAL_SECONDS) as (connection, over):
            answer = _exchange(connection, target, body, headers)
            if over.is_set():
                raise TimeoutError  # headers that were cut short look like whole ones
            return _outcome(answer.status, _begin_of(answer), answer.headers.get("Retry-After", ""))
    except (http.client.HTTPException, OSError) as error:
        return failure_of(error, TOTAL_SECONDS)


def _exchange(
    connection: http.client.HTTPConnection, target: Target, body: bytes, headers: Mapping[str, str]
) -> http.client.HTTPResponse:
    sent = {"Host": target.authority, "Content-Type": "application/json", "Connection": "close", **headers}
    connection.request("POST", target.path, body, sent)
    return connection.getresponse()


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
