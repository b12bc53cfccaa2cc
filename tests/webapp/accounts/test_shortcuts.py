"""One's own keys, kept by the account."""

import json

import pytest

from tests import people

KEYS = {"none": ["z"], "find": ["j", "/"]}


def keep(browser, body):
    return browser.post("/accounts/keys/", json.dumps(body), content_type="application/json")


@pytest.fixture
def annotator(db):
    return people.owner()


def test_keys_follow_the_account_page_by_page(annotator):
    browser = people.browser_of(annotator)
    assert keep(browser, {"page": "review", "keys": KEYS}).status_code == 200
    assert keep(browser, {"page": "adjudication", "keys": {"back": ["k"]}}).status_code == 200
    annotator.refresh_from_db()
    assert annotator.shortcuts == {"review": KEYS, "adjudication": {"back": ["k"]}}
    keep(browser, {"page": "review", "keys": {}})
    annotator.refresh_from_db()
    assert annotator.shortcuts["review"] == {}  # put back, which is not the same as never changed


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"page": "nowhere", "keys": KEYS},
        {"page": ["review"], "keys": KEYS},
        {"page": "review"},
        {"page": "review", "keys": ["z"]},
        {"page": "review", "keys": {"none": "z"}},
        {"page": "review", "keys": {"none": [["z"]]}},
        {"page": "review", "keys": {"none": [""]}},
        {"page": "review", "keys": {"none": ["z" * 41]}},
        {"page": "review", "keys": {"none": ["\x00"]}},
        {"page": "review", "keys": {"none": ["z"] * 11}},
        {"page": "review", "keys": {f"action-{i}": ["z"] for i in range(101)}},
    ],
)
def test_what_is_no_key_is_refused(annotator, body):
    assert keep(people.browser_of(annotator), body).status_code == 400
    annotator.refresh_from_db()
    assert annotator.shortcuts == {}


def test_a_stranger_keeps_none(client, db):
    assert keep(client, {"page": "review", "keys": KEYS}).status_code in (302, 401, 403)
