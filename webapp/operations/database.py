"""The database as one file, and back: by SQLite's own backup, by ``pg_dump`` and ``pg_restore``."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection, connections

from common.publish import write_aside
from webapp.core.errors import Refused

SQLITE_FILE, POSTGRES_FILE = "db.sqlite3", "mocban.dump"
# What Django calls them, and PostgreSQL's programs.
_NAMES = {
    "HOST": "PGHOST",
    "PORT": "PGPORT",
    "USER": "PGUSER",
    "PASSWORD": "PGPASSWORD",
    "NAME": "PGDATABASE",
}


def database_file() -> str:
    """What the database's file is called in a backup."""
    return SQLITE_FILE if connection.vendor == "sqlite" else POSTGRES_FILE


def database_save(target: Path) -> None:
    """Write the database as it is at this moment, while people work with it.

    Raises:
        Refused: PostgreSQL's own programs are missing, or they refuse; their words are told.
    """
    with write_aside(target) as aside:
        if connection.vendor == "sqlite":
            # A connection of its own: one that is in the middle of writing would wait for itself.
            with closing(sqlite3.connect(_sqlite_path())) as here, closing(sqlite3.connect(aside)) as copy:
                here.backup(copy)
                copy.execute("PRAGMA journal_mode=DELETE")  # one file, without a log beside it
        else:
            _run("pg_dump", "--format=custom", "--no-owner", f"--file={aside}")
        aside.chmod(0o600)


def database_load(source: Path) -> None:
    """Put a saved database where there is none.

    Raises:
        Refused: PostgreSQL's own programs are missing, or they refuse; their words are told.
    """
    if connection.vendor == "sqlite":
        connections.close_all()
        with write_aside(_sqlite_path()) as aside:
            shutil.copyfile(source, aside)
            aside.chmod(0o600)
    else:
        name = str(connection.settings_dict["NAME"])
        _run("pg_restore", "--exit-on-error", "--no-owner", f"--dbname={name}", str(source))


def database_is_there() -> bool:
    """Whether this installation has tables."""
    if connection.vendor == "sqlite":
        return _sqlite_path().exists()
    return bool(connection.introspection.table_names())


def _sqlite_path() -> Path:
    return Path(connection.settings_dict["NAME"])


def _run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs; address and password go by the environment, which nobody lists."""
    path = shutil.which(program)
    if path is None:
        raise Refused(
            f"{program} is not installed here",
            hint="install PostgreSQL's client programs, of the server's version or newer",
        )
    given = connection.settings_dict
    environment = os.environ | {env: str(given[name]) for name, env in _NAMES.items() if given.get(name)}
    run = subprocess.run(  # noqa: S603 - our own command
        [path, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if run.returncode:
        raise Refused(f"{program} failed: {run.stderr.strip()[-400:]}", hint="mend that, and try again")
