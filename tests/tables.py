"""A database with every table: making them takes seconds, so that it is done once and copied."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from common.publish import write_aside
from webapp.config.env import ROOT

_FOLDER = ROOT / "build" / "test-tables"


def tables_copy(path: Path) -> None:
    """Put an SQLite file at ``path``, as ``manage.py migrate`` leaves it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(_tables(), path)


def _tables() -> Path:
    """The file to copy: made by whichever process asks first, and anew when a migration has changed."""
    made = _FOLDER / f"{_digest()}.sqlite3"
    _FOLDER.mkdir(parents=True, exist_ok=True)
    with (_FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            for older in _FOLDER.glob("*.sqlite3"):
                older.unlink()
            _make(made)
    return made


def _make(path: Path) -> None:
    with tempfile.TemporaryDirectory() as data:
        kept = {name: value for name, value in os.environ.items() if not name.startswith("MOCBAN_")}
        command = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
        subprocess.run(command, cwd=ROOT, env={**kept, "MOCBAN_DATA": data}, check=True)
        with write_aside(path) as aside:
            shutil.copy(Path(data) / "db.sqlite3", aside)


def _digest() -> str:
    digest = hashlib.sha256()
    for path in [*sorted(ROOT.glob("webapp/*/migrations/*.py")), ROOT / "requirements" / "lock.txt"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
