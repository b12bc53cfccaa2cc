import re

import pytest
from axes.models import AccessAttempt
from django.core.management import CommandError, call_command

from webapp.accounts.models import User

pytestmark = pytest.mark.django_db


def test_makes_an_account_whose_password_is_told_once(capsys):
    call_command("person", "lan")
    output = re.search(r"password (\S+)", capsys.readouterr().out)[1]
    person = User.objects.get(username="lan")
    assert person.check_password(output)
    assert person.role == User.Role.ANNOTATOR
    assert not person.is_superuser


def test_changes_the_role_and_leaves_the_password(owner, capsys):
    before = owner.password
    call_command("person", owner.username, "--role", "reviewer")
    owner.refresh_from_db()
    assert owner.role == User.Role.REVIEWER
    assert owner.password == before
    assert "password" not in capsys.readouterr().out


def test_a_name_that_cannot_be_one_is_refused():
    with pytest.raises(CommandError, match="no user name"):
        call_command("person", "two words")


def test_an_account_is_closed_opened_and_unlocked(owner, capsys):
    call_command("person", owner.username, "--off")
    owner.refresh_from_db()
    assert not owner.is_active
    call_command("person", owner.username, "--on")
    owner.refresh_from_db()
    assert owner.is_active
    AccessAttempt.objects.create(username=owner.username, ip_address="10.0.0.1", failures_since_start=9)
    call_command("person", owner.username, "--unlock")
    assert not AccessAttempt.objects.exists()


def test_nobody_and_nothing_are_refused_in_words(owner):
    with pytest.raises(CommandError, match="nobody called"):
        call_command("person", "lan", "--off")
    with pytest.raises(CommandError, match="has an account already"):
        call_command("person", owner.username)
