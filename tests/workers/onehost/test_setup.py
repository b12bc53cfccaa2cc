import hashlib
import re
import stat
from dataclasses import replace

import pytest
from django.core.management import call_command

from common.shipped_weights import EMBEDDER, LOCALISER
from webapp.accounts.models import User
from webapp.registry.models import ModelVersion, Release
from workers.onehost.setup import installation_open, keep_private, lacks_shipped_release

pytestmark = pytest.mark.django_db


def test_the_first_account_gets_a_password_that_is_told_once(settings):
    password = installation_open(settings.ENV)
    assert re.fullmatch(r"([a-z0-9]{5}-){2}[a-z0-9]{5}", password)
    person = User.objects.get(username="curator")
    assert person.check_password(password)
    assert person.is_curator
    assert installation_open(settings.ENV) == ""
    assert User.objects.count() == 1


def test_a_given_password_is_used_and_not_told(settings):
    assert installation_open(replace(settings.ENV, admin_password="wood-block-3")) == ""
    assert User.objects.get().check_password("wood-block-3")
    installation_open(replace(settings.ENV, admin_password="another-one-4"))
    assert User.objects.get().check_password("wood-block-3")


def test_whoever_is_curator_is_enough(settings, curator):
    assert installation_open(settings.ENV) == ""
    assert list(User.objects.all()) == [curator]


def test_weights_are_known_by_their_content(tmp_path, release):
    folder = tmp_path / "retrieval" / "weights"
    folder.mkdir(parents=True)
    assert not lacks_shipped_release(tmp_path)
    (folder / LOCALISER).write_bytes(b"no release answers with these")
    assert not lacks_shipped_release(tmp_path)
    newer = folder / EMBEDDER
    newer.write_bytes(b"newer weights")
    assert lacks_shipped_release(tmp_path)
    sha256 = hashlib.sha256(b"newer weights").hexdigest()
    ModelVersion.objects.create(name="newer", sha256=sha256, fingerprint="f", width=8, recipe={})
    assert not lacks_shipped_release(tmp_path)


def test_without_a_release_there_is_one_to_make(tmp_path):
    assert lacks_shipped_release(tmp_path)


def test_setup_leaves_an_installation_that_can_search(capsys, random_weights, monkeypatch):
    monkeypatch.setattr("retrieval.models.shipped_weights", lambda: random_weights[0])
    call_command("setup")
    said = capsys.readouterr().out
    assert "Made the account curator, password" in said
    assert Release.objects.get(live=True).model.name == "random 1"
    call_command("setup")
    assert capsys.readouterr().out == "The installation is set up.\n"
    assert Release.objects.count() == 1


def test_the_database_is_its_owner_s_alone(settings, tmp_path):
    (tmp_path / "db.sqlite3").touch(0o644)
    (tmp_path / "db.sqlite3-wal").touch(0o644)
    tmp_path.chmod(0o755)
    keep_private(replace(settings.ENV, data=tmp_path))
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}
