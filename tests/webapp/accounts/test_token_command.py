import pytest
from django.core.management import CommandError, call_command
from rest_framework.authtoken.models import Token

pytestmark = pytest.mark.django_db


def printed(capsys, *arguments):
    call_command("token", *arguments)
    return capsys.readouterr().out


def test_prints_the_token_alone(curator, capsys):
    first = printed(capsys, curator.username)
    assert first == f"{Token.objects.get(user=curator).key}\n"
    assert printed(capsys, curator.username) == first


def test_new_withdraws_the_old_one(curator, capsys):
    first = printed(capsys, curator.username)
    second = printed(capsys, curator.username, "--new")
    assert second != first
    assert Token.objects.get(user=curator).key == second.strip()


def test_strangers_and_those_who_left_get_none(owner):
    with pytest.raises(CommandError, match="nobody"):
        call_command("token", "nobody")
    owner.is_active = False
    owner.save()
    with pytest.raises(CommandError, match="no active person"):
        call_command("token", owner.username)
