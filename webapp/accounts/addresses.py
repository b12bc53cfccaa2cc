"""From where a request comes, through the proxies that the operator trusts."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: the nearest one that is no trusted proxy (``MOCBAN_PROXIES``).

    Each proxy appends to ``X-Forwarded-For`` the address that it was asked from, so the list is read from its
    end, and what stands before the first stranger was written by that stranger.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    address = request.META.get("REMOTE_ADDR", "")
    while forwarded and _is_proxy(address):
        nearer = forwarded.pop().strip()
        if not _is_address(nearer):
            break
        address = nearer
    return address


def _is_proxy(address: str) -> bool:
    if not _is_address(address):
        return False
    found = ipaddress.ip_address(address)
    return any(found in network for network in settings.ENV.proxies)


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
