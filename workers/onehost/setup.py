"""What an installation needs once: tables, a first account, and a release to search with."""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import transaction

from common.shipped_weights import EMBEDDER
from webapp.accounts.models import User
from webapp.accounts.passwords import made_password
from webapp.config.env import Env
from webapp.core.health import check_database_age
from webapp.registry.models import ModelVersion
from webapp.registry.selectors import live_release

FIRST_ACCOUNT = "curator"


def installation_open(env: Env) -> str:
    """Bring the tables up to date, and make the first account where there is no curator.

    Doing it again changes nothing. Returns the first account's password if one had to be made up just
    now, else an empty text: it is kept nowhere in plain.

    Raises:
        Refused: the database was written by a newer version of Mocban.
    """
    check_database_age()
    call_command("migrate", interactive=False, verbosity=0)
    keep_private(env)
    return _first_account(env.admin_password)


def keep_private(env: Env) -> None:
    """Make the data folder and SQLite's file their owner's alone, against other accounts of the machine."""
    env.data.chmod(0o700)
    for path in env.data.glob("db.sqlite3*"):
        path.chmod(0o600)


def lacks_shipped_release(root: Path) -> bool:
    """Whether the weights that came with this version still have to be registered.

    Told by the file's digest alone: the process that watches over all others never loads torch.
    """
    path = root / "retrieval" / "weights" / EMBEDDER
    if live_release() is None:
        return True
    return path.exists() and not ModelVersion.objects.filter(sha256=_sha256(path)).exists()


@transaction.atomic
def _first_account(wanted: str) -> str:
    if User.objects.filter(is_active=True, role=User.Role.CURATOR).exists():
        return ""
    password = wanted or made_password()
    User.objects.create_user(FIRST_ACCOUNT, password=password, role=User.Role.CURATOR)
    return "" if wanted else password


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
