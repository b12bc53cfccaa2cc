"""Where a request comes from, and whom failed log-ins lock out."""

import ipaddress
from dataclasses import replace

import pytest
from django.test import Client, RequestFactory

from webapp.accounts.addresses import client_address, network_of
from webapp.accounts.models import User

PROXIES = (ipaddress.ip_network("127.0.0.1"), ipaddress.ip_network("10.1.0.0/16"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "expected"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger's own word for it
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "1.2.3.4, 198.51.100.1, 10.1.2.3", "198.51.100.1"),
        ("127.0.0.1", "2001:db8::1", "2001:db8::1"),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", "unknown", "127.0.0.1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("", "198.51.100.1", ""),
        ("127.0.0.1", "198.51.100.1:51234", "198.51.100.1"),
        ("127.0.0.1", '"[2001:db8::1]:443"', "2001:db8::1"),
        ("127.0.0.1", "198.51.100.1, 10.1.2.3:80", "198.51.100.1"),
        ("127.0.0.1", "fe80::1%eth0", "fe80::1"),
        ("::ffff:127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("::ffff:203.0.113.9", "198.51.100.1", "203.0.113.9"),
    ],
)
def test_only_a_trusted_proxy_is_believed(settings, peer, forwarded, expected):
    settings.ENV = replace(settings.ENV, proxies=PROXIES)
    request = RequestFactory().get("/", REMOTE_ADDR=peer, HTTP_X_FORWARDED_FOR=forwarded)
    assert client_address(request) == expected


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("", ""),
        ("198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::"),
        ("2001:db8:1:3::7", "2001:db8:1:3::"),
        ("::1", "::"),
    ],
)
def test_whoever_has_an_address_of_ipv6_has_its_whole_64(address, network):
    assert network_of(address) == network


def test_a_guesser_who_changes_his_address_of_ipv6_is_locked_out(db, settings):
    settings.AXES_FAILURE_LIMIT = 3
    settings.ENV = replace(settings.ENV, proxies=PROXIES)
    User.objects.create_user("anna", password="a block of pear wood")

    def log_in(password, address):
        body = {"username": "anna", "password": password}
        return Client().post("/accounts/login/", body, HTTP_X_FORWARDED_FOR=address).status_code

    assert [log_in("wrong", f"2001:db8:1:2::{step}") for step in range(4)][-1] == 429
    assert log_in("a block of pear wood", "2001:db8:1:3::1") == 302


def test_a_guesser_behind_the_proxy_locks_out_himself_alone(db, settings):
    settings.AXES_FAILURE_LIMIT = 3
    settings.ENV = replace(settings.ENV, proxies=PROXIES)
    User.objects.create_user("anna", password="a block of pear wood")

    def log_in(password, address):
        body = {"username": "anna", "password": password}
        return Client().post("/accounts/login/", body, HTTP_X_FORWARDED_FOR=address).status_code

    assert [log_in("wrong", "198.51.100.66") for _ in range(4)][-1] == 429
    assert log_in("a block of pear wood", "198.51.100.7") == 302
