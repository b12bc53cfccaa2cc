"""Where a webhook may go: nowhere into the server's own network, by whatever way it is written."""

import ipaddress
import socket
from dataclasses import replace

import pytest

from webapp.core.errors import Refused
from webapp.hooks.sending.addresses import check_outside, resolved, target_of


def test_an_address_is_taken_apart():
    target = target_of("https://example.org:8443/a/b?c=d")
    assert (target.scheme, target.host, target.port) == ("https", "example.org", 8443)
    assert (target.path, target.authority) == ("/a/b?c=d", "example.org:8443")
    assert target_of("http://example.org").authority == "example.org"
    assert target_of("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"
    assert target_of("http://example.org").path == "/"


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.org/hook",
        "//example.org/hook",
        "ftp://example.org/",
        "file:///etc/passwd",
        "gopher://example.org/",
        "https://",
        "https:///path",
        "https://user:word@example.org/",
        "https://user@example.org/",
        "https://example.org/#part",
        "https://example.org:0/",
        "https://example.org:99999/",
        "https://example.org:x/",
        "https://[::1/",
        "https://exam ple.org/",
        "https://example.org/\r\nX-Header: 1",
        "https://example.org/\0",
        "https://例え.jp/",
        "https://example.org/" + "a" * 2000,
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url):
    with pytest.raises(Refused) as caught:
        target_of(url)
    assert caught.value.code == "bad_address"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.9.9.9",
        "0.0.0.0",
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "100.64.0.1",
        "224.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "fe80::1",
        "fc00::1",
        "fec0::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
        "2002:c0a8:101::1",
        "192.0.0.9",
        "192.0.0.170",
        "192.0.2.1",
        "192.88.99.1",
        "198.18.0.1",
        "198.51.100.7",
        "203.0.113.7",
        "240.0.0.1",
        "::8.8.8.8",
        "64:ff9b:1::808:808",
        "100::1",
        "2001::1",
        "2001:20::1",
        "2001:db8::1",
        "3fff::1",
        "5f00::1",
    ],
)
def test_the_server_s_own_network_is_refused(address):
    with pytest.raises(Refused) as caught:
        check_outside(ipaddress.ip_address(address))
    assert caught.value.code == "inner_address"
    host = f"[{address}]" if ":" in address else address
    with pytest.raises(Refused):
        target_of(f"http://{host}/")


@pytest.mark.parametrize(
    "address",
    [
        "8.8.8.8",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
        "192.0.1.1",
        "2a00:1450::1",
    ],
)
def test_the_rest_of_the_world_is_not(address):
    check_outside(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["10.2.3.4", "::ffff:10.2.3.4"])
def test_an_operator_can_allow_a_network(address, settings):
    settings.ENV = replace(settings.ENV, hook_networks=(ipaddress.ip_network("10.2.0.0/16"),))
    check_outside(ipaddress.ip_address(address))
    with pytest.raises(Refused):
        check_outside(ipaddress.ip_address("10.3.0.1"))


@pytest.mark.parametrize("host", ["localhost", "2130706433", "0x7f000001", "127.1"])
def test_names_and_odd_spellings_of_this_machine_are_refused(host):
    """Whatever the system's resolver makes of it is what is checked."""
    target = target_of(f"http://{host}/")
    with pytest.raises(Refused) as caught:
        resolved(target)
    assert caught.value.code in {"inner_address", "no_such_host"}


def found(monkeypatch, *addresses):
    rows = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in addresses]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **kwargs: rows)


def test_a_name_with_one_inner_address_is_refused(monkeypatch):
    found(monkeypatch, "8.8.8.8", "127.0.0.1")
    with pytest.raises(Refused, match=r"127\.0\.0\.1 is in"):
        resolved(target_of("http://example.org/"))


def test_a_name_means_its_addresses_once_each(monkeypatch):
    found(monkeypatch, "8.8.8.8", "8.8.8.8", "9.9.9.9")
    assert resolved(target_of("http://example.org/")) == ["8.8.8.8", "9.9.9.9"]


def test_a_name_that_nobody_knows(monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror("no")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(Refused) as caught:
        resolved(target_of("http://nobody.invalid/"))
    assert caught.value.code == "no_such_host"
