"""Which addresses lie on the public internet, by a table of our own.

Python's ``is_global`` changes from one release to the next; what a webhook may reach must not. The table
follows IANA's special-purpose address registries (RFC 6890 and its updates) as of 2026. It is stricter in one
thing: a block for protocols (192.0.0.0/24, 2001::/23) is closed as a whole, with the few public addresses in
it.
"""

import ipaddress

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_CLOSED_IPV4 = tuple(
    ipaddress.IPv4Network(network)
    for network in (
        "0.0.0.0/8",  # this network
        "10.0.0.0/8",  # private
        "100.64.0.0/10",  # shared by a provider's customers
        "127.0.0.0/8",  # loopback
        "169.254.0.0/16",  # link-local, and where clouds answer about a machine
        "172.16.0.0/12",  # private
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.88.99.0/24",  # relays of 6to4, given up
        "192.168.0.0/16",  # private
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, and broadcast
    )
)
# In IPv6 only global unicast is public, and NAT64's prefix where the IPv4 address in it is.
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_OPEN_IPV6 = (ipaddress.IPv6Network("2000::/3"), _NAT64)
_CLOSED_IPV6 = tuple(
    ipaddress.IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments, Teredo among them
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)


def is_public(address: Address) -> bool:
    """Whether an address lies on the public internet, whatever IPv4 address it may carry within."""
    if isinstance(address, ipaddress.IPv4Address):
        return not any(address in network for network in _CLOSED_IPV4)
    is_open = any(address in network for network in _OPEN_IPV6)
    return is_open and not any(address in network for network in _CLOSED_IPV6)


def addresses_meant(address: Address) -> list[Address]:
    """Where a connection may end: the address, and the IPv4 address that an IPv6 one carries."""
    if isinstance(address, ipaddress.IPv4Address):
        return [address]
    if address.ipv4_mapped:
        return [address.ipv4_mapped]
    carried = [address.sixtofour] if address.sixtofour else []
    if address in _NAT64:
        carried.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [address, *carried]
