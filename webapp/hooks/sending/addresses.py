"""Where a webhook may be sent: not into the server's own network, unless the operator says so."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings

from webapp.core.errors import Refused
from webapp.hooks.sending.networks import Address, addresses_meant, is_public

LONGEST = 2000
_PORTS = {"http": 80, "https": 443}
_HINT = "write it as https://example.org/path"


@dataclass(frozen=True)
class Target:
    """An address in parts. host: as it is written; port: 1 to 65535; path: with its query."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """What the header ``Host`` says."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


def target_of(url: str) -> Target:
    """The parts of an address that a webhook can be sent to.

    Raises:
        Refused: it is none, holds a password, or lies plainly in the server's own network.
    """
    if len(url) > LONGEST or not url.isascii() or not url.isprintable() or " " in url:
        raise Refused("that address cannot be used", hint=_HINT, code="bad_address")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise Refused("that is not an address", hint=_HINT, code="bad_address") from None
    if parts.scheme not in _PORTS or not host or port == 0 or parts.fragment:
        raise Refused("that is not a web address", hint=_HINT, code="bad_address")
    if parts.username is not None or parts.password is not None:
        raise Refused(
            "the address contains a user name or a password",
            hint="the signature shows who sends",
            code="bad_address",
        )
    try:
        check_outside(ipaddress.ip_address(host))
    except ValueError:
        pass  # a name: what it means is found out when something is sent
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.scheme, host, port or _PORTS[parts.scheme], path)


def resolved(target: Target) -> list[str]:
    """The addresses that a host name means now; all of them may be connected to.

    Raises:
        Refused: it means nothing, or any of them lies in the server's own network.
    """
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Refused(f"{target.host} is not a known host", code="no_such_host") from None
    addresses = list(dict.fromkeys(str(one[4][0]) for one in found))
    for address in addresses:
        check_outside(ipaddress.ip_address(address))
    return addresses


def check_outside(address: Address) -> None:
    """Raises Refused for an address of the server's own network that the operator did not allow."""
    for meant in addresses_meant(address):
        allowed = any(meant in network for network in settings.ENV.hook_networks)
        if not allowed and not is_public(meant):
            raise Refused(
                f"{address} is in the server's own network",
                hint="an operator can allow it: MOCBAN_HOOK_NETWORKS",
                code="inner_address",
            )
