"""Text that no database keeps is refused at the door, by page and by API alike."""

import pytest

from tests import people
from webapp.core.text_guard import UsableTextMiddleware, is_usable

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("value", ["", "梵", "\U0002d544", {"a": ["b", 1, None, True]}, 3.5])
def test_usable(value):
    assert is_usable(value)


@pytest.mark.parametrize("value", ["\0", "a\ud800", ["\udfff"], {"a": {"b": "\0"}}, {"\0": 1}])
def test_unusable(value):
    assert not is_usable(value)


@pytest.mark.parametrize("address", ["/batches/?q=%00", "/batches/?%00=1", "/gallery/?q=a%00b"])
def test_addresses(browse, address):
    assert browse(people.owner()).get(address).status_code == 400


def test_forms(browse):
    form = "username=a%00b&password=c"
    answer = browse(None).post("/accounts/login/", form, content_type="application/x-www-form-urlencoded")
    assert answer.status_code == 400


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800"])
def test_the_api(text):
    client = people.api_of(people.curator())
    body = f'{{"address": "{text}", "name": "{text}"}}'
    answer = client.post("/api/v1/webhooks/", body, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json()["code"] == "bad_request"


def test_other_json_reaches_its_view():
    client = people.api_of(people.curator())
    for body in ['{"name": "\\u68b5", "url": 1}', "no json \\u", "[" * 100_000 + "\\u"]:
        answer = client.post("/api/v1/webhooks/", body, content_type="application/json")
        assert answer.status_code == 400
        assert answer.json()["code"] in {"invalid", "bad_address", "bad_request"}


def test_forms_with_files(browse):
    client = browse(people.curator())
    answer = client.post("/snapshots/new/", {"note": "a\0b"})
    assert answer.status_code == 400


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/x-unknown"])
def test_json_of_a_page_whatever_its_type_is_called(browse, kind):
    body = '{"page": "review", "keys": {"none": "\\ud800"}}'
    assert browse(people.owner()).post("/accounts/keys/", body, content_type=kind).status_code == 400


def test_cookies(rf):
    """A cookie in quotes may write any byte, and the session's is looked up in the database."""
    request = rf.get("/", headers={"Cookie": 'sessionid="aaaaaaaa\\000"; theme=dark'})
    assert request.COOKIES["sessionid"] == "aaaaaaaa\0"
    UsableTextMiddleware(lambda request: None)(request)
    assert request.COOKIES == {"theme": "dark"}
