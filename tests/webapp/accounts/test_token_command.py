import pytest
from django.core.management import CommandError, call_command

from webapp.accounts.models import ApiToken
from webapp.accounts.services import token_digest

pytestmark = pytest.mark.django_db


def printed(capsys, *arguments):
    call_command("token", *arguments)
    return capsys.readouterr().out


def digests():
    return set(ApiToken.objects.values_list("digest", flat=True))


def test_prints_the_token_alone_and_leaves_earlier_ones(curator, capsys):
    first, second = printed(capsys, curator.username), printed(capsys, curator.username)
    assert first == f"{first.strip()}\n"
    assert digests() == {token_digest(first.strip()), token_digest(second.strip())}


def test_new_withdraws_the_old_one(curator, capsys):
    printed(capsys, curator.username)
    second = printed(capsys, curator.username, "--new")
    assert digests() == {token_digest(second.strip())}


def test_strangers_and_those_who_left_get_none(owner):
    with pytest.raises(CommandError, match="nobody"):
        call_command("token", "nobody")
    owner.is_active = False
    owner.save()
    with pytest.raises(CommandError, match="no active person"):
        call_command("token", owner.username)
