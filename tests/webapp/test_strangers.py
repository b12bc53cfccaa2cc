"""Every door, also one that is added later: a stranger gets nothing from it."""

import re

import pytest
from django.urls import URLPattern, get_resolver

from tests.people import STRANGER

# What is for everybody: to log in, to be asked whether one lives, and what a page of these is dressed in.
OPEN = {"accounts:login", "core:live", "core:ready", "core:texts", "core:theme", "set_language"}
_FILLINGS = {"int": "1", "uuid": "00000000-0000-4000-8000-000000000000", "str": "x", "slug": "x", "path": "x"}
_REFUSED = {401, 403}


def doors(resolver=None, before="", rooms=()):
    """Every address of the web app, as (name, address), with something filled in for its parameters."""
    for entry in (resolver or get_resolver()).url_patterns:
        route = before + _filled(str(entry.pattern))
        if isinstance(entry, URLPattern):
            yield ":".join([*rooms, entry.name or route]), "/" + route
        else:
            yield from doors(entry, route, (*rooms, entry.namespace) if entry.namespace else rooms)


def _filled(pattern):
    """An address of a path() or, as routers write them, of a regular expression."""
    filled = re.sub(r"<(?:(\w+):)?\w+>", lambda found: _FILLINGS[found[1] or "str"], pattern)
    filled = re.sub(r"\(\?P<format>[^)]*\)\??", "json", filled)
    filled = re.sub(r"\(\?P<\w+>(?:[^()]|\([^)]*\))*\)", "1", filled)
    return re.sub(r"[\^$\\?]|\\Z", "", filled)


DOORS = sorted(set(doors()))


def test_the_doors_are_found():
    assert len(DOORS) > 30
    assert {name for name, _ in DOORS} >= OPEN


@pytest.mark.parametrize(("name", "address"), [door for door in DOORS if door[0] not in OPEN])
@pytest.mark.parametrize("method", ["get", "post", "put", "patch", "delete"])
@pytest.mark.django_db
def test_a_stranger_gets_nothing(browse, name, address, method):
    answer = getattr(browse(STRANGER), method)(address)
    if answer.status_code == 302 and (name == "docs" or not address.startswith("/api/")):
        assert answer.url.startswith("/accounts/login/?next=")  # a page sends a person to log in
    else:
        assert answer.status_code in _REFUSED


@pytest.mark.parametrize("name", sorted(OPEN))
@pytest.mark.django_db
def test_an_open_door_asks_for_nobody(browse, name):
    answer = browse(STRANGER).get(dict(DOORS)[name])
    assert answer.status_code not in _REFUSED
    assert not answer.headers.get("Location", "").startswith("/accounts/login/")
