"""Coming in, going out, the password, the token."""

import re

import pytest
from django.test import Client

from webapp.accounts.models import ApiToken, User
from webapp.accounts.services import token_add, token_digest


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna", password="a block of pear wood")


def log_in(client, password):
    return client.post("/accounts/login/", {"username": "anna", "password": password})


def test_the_right_password_opens_the_batches(anna):
    answer = log_in(Client(), "a block of pear wood")
    assert answer.status_code == 302
    assert answer["Location"] == "/batches/"


def test_a_wrong_one_says_so(anna):
    answer = log_in(Client(), "wrong")
    assert answer.status_code == 200
    assert 'role="alert"' in answer.content.decode()


def test_guessing_is_stopped(anna, settings):
    settings.AXES_FAILURE_LIMIT = 3
    client = Client()
    answers = [log_in(client, "wrong") for _ in range(4)]
    assert answers[-1].status_code == 429
    assert "Too many attempts" in answers[-1].content.decode()
    assert log_in(client, "a block of pear wood").status_code == 429


def test_one_is_not_sent_elsewhere_after_the_log_in(anna):
    client = Client()
    body = {"username": "anna", "password": "a block of pear wood", "next": "https://example.org/"}
    assert client.post("/accounts/login/", body)["Location"] == "/batches/"


def test_the_password_is_changed(anna):
    client = Client()
    log_in(client, "a block of pear wood")
    new = "another block, of jujube"
    body = {"old_password": "a block of pear wood", "new_password1": new, "new_password2": new}
    assert client.post("/accounts/password/", body)["Location"] == "/accounts/"
    anna.refresh_from_db()
    assert anna.check_password(new)


def test_logging_out_needs_a_post(anna):
    client = Client()
    log_in(client, "a block of pear wood")
    assert client.get("/accounts/logout/").status_code == 405
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/batches/").status_code == 302


def test_a_token_is_shown_once_and_replaces_the_one_before(anna, browse):
    old = token_add(user=anna)
    client = browse(anna)
    assert not re.search(r"\b[0-9a-f]{40}\b", client.get("/accounts/").content.decode())
    answer = client.post("/accounts/")
    new = re.search(r"\b[0-9a-f]{40}\b", answer.content.decode())[0]
    assert new != old
    assert ApiToken.objects.get(user=anna).digest == token_digest(new)
    assert answer["Cache-Control"] == "no-store"
    assert new not in client.get("/accounts/").content.decode()


def test_guesses_at_the_old_password_are_limited(anna, settings):
    settings.AXES_FAILURE_LIMIT = 3
    client = Client()
    log_in(client, "a block of pear wood")
    new = "another block, of jujube"
    body = {"old_password": "wrong", "new_password1": new, "new_password2": new}
    answers = [client.post("/accounts/password/", body).status_code for _ in range(4)]
    assert answers[:2] == [200, 200]
    assert answers[-1] == 429
    right = body | {"old_password": "a block of pear wood"}
    assert client.post("/accounts/password/", right).status_code == 429
    anna.refresh_from_db()
    assert anna.check_password("a block of pear wood")


def test_a_new_password_unlocks(anna, settings):
    settings.AXES_FAILURE_LIMIT = 3
    client = Client()
    for _ in range(4):
        log_in(client, "wrong")
    anna.set_password("another block, of jujube")
    anna.save()
    assert log_in(client, "another block, of jujube").status_code == 302
