"""Fetches manifests and their pictures from the hosts that an operator allows: bounded in time and size."""

import http.client
from typing import BinaryIO
from urllib.parse import urldefrag, urljoin, urlsplit

from django.conf import settings

from webapp.core.errors import Refused
from webapp.hooks.sending.addresses import Target, resolved, target_of
from webapp.hooks.sending.connection import connected, failure_of

TOTAL_SECONDS = 120.0
_MOST_REDIRECTS = 4
_MOVED = {301, 302, 303, 307, 308}
_AT_ONCE = 1 << 16
_AGENT = "Mocban-IIIF/1"


class Unfetched(Refused):
    """Something could not be fetched; the code says why."""

    code = "no_connection"


def is_allowed(address: str) -> bool:
    """Whether an operator allows what lies there to be fetched."""
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return False
    return any(_fits(host, allowed) for allowed in settings.ENV.iiif_hosts)


def address_checked(address: str) -> Target:
    """An address in parts.

    Raises:
        Refused: bad_address, inner_address, or host_not_allowed.
    """
    target = target_of(urldefrag(address.strip()).url)
    if not is_allowed(address):
        raise Refused(
            f"nothing may be fetched from {target.host}",
            hint="an operator can allow it: MOCBAN_IIIF_HOSTS",
            code="host_not_allowed",
        )
    return target


def fetch(address: str, into: BinaryIO, *, most: int) -> None:
    """Write what lies at an address into a file. most: bytes.

    Every address on the way, also after a redirect, is one that the operator allows, and its name means no
    address of the server's own network. Proxies are not asked.

    Raises:
        Refused, Unfetched: it is not to be had; the code says why.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        target = address_checked(address)
        moved = _get(target, into, most)
        if not moved:
            return
        address = urljoin(address, moved)
    raise Unfetched(f"{target.host} goes on redirecting", code="redirect")


def _get(target: Target, into: BinaryIO, most: int) -> str:
    """Fetch from one place. Returns where it says that the thing is instead, or nothing."""
    try:
        with connected(target, resolved(target), TOTAL_SECONDS) as (connection, over):
            headers = {"Host": target.authority, "User-Agent": _AGENT, "Connection": "close"}
            connection.request("GET", target.path, headers=headers)
            answer = connection.getresponse()
            if answer.status in _MOVED and (place := answer.headers.get("Location")):
                return place
            if answer.status != 200:
                raise Unfetched(f"{target.host} answered {answer.status}", code="bad_status")
            _copy(answer, into, most, target)
            if over.is_set() or answer.length:
                raise http.client.HTTPException("the answer was cut short")
    except (http.client.HTTPException, OSError) as error:
        outcome = failure_of(error, TOTAL_SECONDS)
        raise Unfetched(f"{target.host}: {outcome.error}", code=outcome.code) from error
    return ""


def _copy(answer: http.client.HTTPResponse, into: BinaryIO, most: int, target: Target) -> None:
    left = most
    while part := answer.read(_AT_ONCE):
        left -= len(part)
        if left < 0:
            raise Unfetched(f"what {target.host} sends is larger than {most >> 20} MB", code="too_large")
        into.write(part)


def _fits(host: str, allowed: str) -> bool:
    """allowed: a host, all hosts below one as ``*.example.org``, or ``*`` for any."""
    return allowed == "*" or host == allowed or (allowed.startswith("*.") and host.endswith(allowed[1:]))
