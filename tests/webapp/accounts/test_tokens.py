"""API tokens: kept as hashes, ended by a new password and by a closed account."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from rest_framework.test import APIClient

from webapp.accounts.models import ApiToken, User
from webapp.accounts.services import MOST_TOKENS, account_close, account_open, token_add, token_renew

OLD = "a block of pear wood"
NEW = "another block, of jujube"


@pytest.fixture
def anna(db):
    return User.objects.create_user("anna", password=OLD)


def status(key):
    client = APIClient()
    client.credentials(HTTP_AUTHORIZATION=f"Token {key}")
    return client.get("/api/v1/batches/").status_code


def test_a_token_opens_the_api_and_is_kept_nowhere(anna):
    key = token_add(user=anna)
    assert status(key) == 200
    assert key not in str(list(ApiToken.objects.values_list()))
    assert status("wrong") == 401
    assert status(ApiToken.objects.get().digest) == 401


def test_a_person_may_have_several_and_the_oldest_makes_way(anna):
    keys = [token_add(user=anna) for _ in range(MOST_TOKENS + 1)]
    assert [status(key) for key in keys] == [401] + [200] * MOST_TOKENS
    only = token_renew(user=anna)
    assert status(keys[-1]) == 401
    assert status(only) == 200


def test_a_new_password_ends_tokens_and_sessions(anna, client):
    key = token_add(user=anna)
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    person = User.objects.get(pk=anna.pk)
    person.set_password(NEW)
    person.save()
    assert status(key) == 401
    assert client.get("/batches/").status_code == 302


def test_the_same_password_hashed_anew_ends_nothing(anna, settings):
    key = token_add(user=anna)
    settings.PASSWORD_HASHERS = [
        "django.contrib.auth.hashers.ScryptPasswordHasher",
        *settings.PASSWORD_HASHERS,
    ]
    before = anna.password
    assert User.objects.get(pk=anna.pk).check_password(OLD)
    assert User.objects.get(pk=anna.pk).password != before
    assert status(key) == 200


def test_a_closed_account_lets_nobody_in(anna, client):
    key = token_add(user=anna)
    client.force_login(anna, backend="django.contrib.auth.backends.ModelBackend")
    account_close(user=anna)
    assert status(key) == 401
    assert client.get("/batches/").status_code == 302
    account_open(user=anna)
    assert client.get("/batches/").status_code == 302  # the session of before stays ended
    assert client.post("/accounts/login/", {"username": "anna", "password": OLD})["Location"] == "/batches/"
    assert status(key) == 401


@pytest.mark.django_db(transaction=True)
def test_tokens_of_an_older_installation_go_on_working():
    executor = MigrationExecutor(connection)
    older = executor.migrate([("accounts", "0002_api_tokens")]).apps
    anna = older.get_model("accounts", "User").objects.create(username="anna")
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE authtoken_token (key varchar(40) PRIMARY KEY, created timestamp, user_id bigint)"
        )
        cursor.execute(
            "INSERT INTO authtoken_token VALUES (%s, '2026-11-01 10:00:00', %s)", ["f" * 40, anna.pk]
        )
    call_command("migrate", "accounts", verbosity=0)
    assert status("f" * 40) == 200
    assert "authtoken_token" not in connection.introspection.table_names()
