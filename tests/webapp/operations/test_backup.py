"""A backup holds all that cannot be made again, is whole or says so, and comes back as it was."""

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from django.core.management import CommandError, call_command

from common.errors import BadInput
from tests.services import running_postgres
from webapp.config.env import ROOT
from webapp.core.errors import AppError
from webapp.core.files.blobs import blob_path
from webapp.operations import backup as backups
from webapp.operations.backup import backup, restore


@pytest.fixture
def empty(monkeypatch):
    """An installation without a database, so that what else is refused can be seen."""
    monkeypatch.setattr(backups, "database_is_there", lambda: False)


def _manage(folder, *arguments, **more) -> subprocess.CompletedProcess:
    """One of the commands, on another installation."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
    command = [sys.executable, "manage.py", *arguments]
    environment = kept | {"MOCBAN_DATA": str(folder)} | more
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def _rows(database, table: str) -> list:
    with closing(sqlite3.connect(database)) as rows:
        return rows.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()


def test_labels_snapshots_and_suggestions_come_back_in_a_new_installation(installation, settings, tmp_path):
    item, query, snapshot = installation
    made = backup(tmp_path / "backup")
    assert (made.missing, made.copied) == ([], made.files)
    assert (tmp_path / "backup").stat().st_mode & 0o077 == 0
    new = tmp_path / "new"
    done = _manage(new, "restore", str(tmp_path / "backup"))
    assert done.returncode == 0, done.stderr
    before, after = tmp_path / "backup" / "db.sqlite3", new / "db.sqlite3"
    for table in ("review_decision", "search_suggestion", "gallery_item", "datasets_snapshot"):
        assert _rows(after, table) == _rows(before, table) != []
    manifest = f"snapshots/{snapshot.number}/manifest.jsonl"
    assert (new / manifest).read_bytes() == (settings.ENV.data / manifest).read_bytes()
    for digest in (item.sha256, query.sha256):
        assert (new / "blobs" / digest[:2] / digest).read_bytes() == blob_path(digest).read_bytes()
    assert after.stat().st_mode & 0o077 == 0
    again = _manage(new, "restore", str(tmp_path / "backup"))
    assert (again.returncode, "has a database already" in again.stderr) == (1, True)
    assert _manage(new, "check_files").returncode == 0


def test_a_second_backup_copies_only_what_is_new(installation, tmp_path):
    first = backup(tmp_path)
    (tmp_path / "backup.json").unlink()  # as if it had been stopped
    second = backup(tmp_path)
    assert (second.files, second.copied) == (first.files, 0)
    listed = json.loads((tmp_path / "backup.json").read_text())
    assert len(listed["files"]) == first.files


def test_what_the_installation_lacks_is_named_and_the_rest_is_backed_up(installation, tmp_path, capsys):
    item, query, _ = installation
    blob_path(query.sha256).unlink()
    with pytest.raises(CommandError, match="1 files are missing here"):
        call_command("backup", str(tmp_path))
    assert f"(query {query.pk})" in capsys.readouterr().err
    assert (tmp_path / "blobs" / item.sha256[:2] / item.sha256).exists()
    assert json.loads((tmp_path / "backup.json").read_text())["missing"]


def test_a_backup_in_the_data_folder_is_refused(installation, settings):
    with pytest.raises(AppError, match="lost with it"):
        backup(settings.ENV.data / "backup")


def test_a_backup_that_was_stopped_is_none(installation, tmp_path, monkeypatch, empty):
    backup(tmp_path)

    def stopped(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr(backups, "database_save", stopped)
    with pytest.raises(KeyboardInterrupt):
        backup(tmp_path)
    with pytest.raises(AppError, match="no whole backup"):
        restore(tmp_path)


def test_nothing_is_restored_over_an_installation(installation, tmp_path):
    backup(tmp_path)
    with pytest.raises(AppError, match="has a database already"):
        restore(tmp_path)


def test_damage_is_found_before_anything_is_written(installation, tmp_path, monkeypatch, empty):
    item, _, _ = installation
    backup(tmp_path)
    (tmp_path / "blobs" / item.sha256[:2] / item.sha256).write_bytes(b"another")
    written = []
    monkeypatch.setattr(backups, "_copy", lambda *files: written.append(files))
    with pytest.raises(AppError, match=f"such as blobs/{item.sha256[:2]}"):
        restore(tmp_path)
    assert not written


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"database": "mocban.sql"}, "another kind of database"),
        ({"migrations": [["gallery", "9999_of_tomorrow"]]}, "newer version"),
        ({"files": [{"path": "../evil", "sha256": "", "named_by": ""}]}, "outside the backup"),
        ({"secret": "/etc/passwd"}, "outside the backup"),
        ({"files": 3}, "cannot be read"),
    ],
)
def test_a_backup_that_cannot_be_used_says_why(installation, tmp_path, change_list, empty, values, words):
    backup(tmp_path)
    change_list(tmp_path, **values)
    with pytest.raises((AppError, BadInput), match=words):
        restore(tmp_path)


_SAVE = """
import django; django.setup()
from pathlib import Path
from django.db import connection
from webapp.operations.database import database_is_there, database_load, database_save
with connection.cursor() as cursor:
    cursor.execute("CREATE TABLE kept (word text); INSERT INTO kept VALUES ('𡨸')")
    database_save(Path({path!r}))
    cursor.execute("DROP TABLE kept")
assert not database_is_there()
database_load(Path({path!r}))
with connection.cursor() as cursor:
    cursor.execute("SELECT word FROM kept")
    print(cursor.fetchone()[0])
"""


@pytest.mark.services
def test_postgresql_comes_back_by_its_own_programs(tmp_path):
    with running_postgres() as url:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
        environment = kept | {"MOCBAN_DATA": str(tmp_path / "var"), "MOCBAN_DATABASE_URL": url}
        script = _SAVE.format(path=str(tmp_path / "mocban.dump"))
        command = [sys.executable, "-c", script]
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout.strip()) == (0, "𡨸"), run.stderr
