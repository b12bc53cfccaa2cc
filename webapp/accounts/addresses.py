"""From where a request comes, through the proxies that the operator trusts."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest

# Whoever has one address of IPv6 has all that share its first 64 bits: a connection is given no fewer.
_IPV6_PREFIX = 64


def client_network(request: HttpRequest) -> str:
    """The address by which a client's failed log-ins are counted."""
    return network_of(client_address(request))


def network_of(address: str) -> str:
    """One address for all that a single client can take. address: as ``plain_address`` gives it."""
    if ":" not in address:
        return address
    return str(ipaddress.ip_network((address, _IPV6_PREFIX), strict=False).network_address)


def client_address(request: HttpRequest) -> str:
    """The address of whoever asks: the nearest one that is no trusted proxy (``MOCBAN_PROXIES``).

    Each proxy appends to ``X-Forwarded-For`` the address that it was asked from, so the list is read from its
    end, and what stands before the first stranger was written by that stranger.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
    address = plain_address(request.META.get("REMOTE_ADDR", ""))
    while forwarded and is_proxy(address):
        nearer = plain_address(forwarded.pop())
        if not nearer:
            break
        address = nearer
    return address


def is_proxy(address: str) -> bool:
    """Whether the operator trusts what stands at an address. address: as ``plain_address`` gives it."""
    return bool(address) and any(ipaddress.ip_address(address) in network for network in settings.ENV.proxies)


def plain_address(text: str) -> str:
    """The address alone; empty where there is none.

    Some proxies put the port behind it ("192.0.2.7:51234", "[2001:db8::1]:443"), a socket for both versions
    of IP writes IPv4 as "::ffff:192.0.2.7", and a link-local address has a zone.
    """
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    return str(getattr(found, "ipv4_mapped", None) or found)
