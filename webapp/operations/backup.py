"""A whole installation copied into a folder while it runs, and put back from there.

The database comes first, then the files that it names: a file without a row is harmless, a row without its
file is not. Stored files never change, so that a second backup into the same folder copies only what is new.
``backup.json`` is written last: without it a backup is not whole.
"""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from common.publish import write_aside
from webapp.core.errors import Refused
from webapp.core.files.disk import full_disk_refused
from webapp.operations.checking import is_damaged
from webapp.operations.database import database_file, database_is_there, database_load, database_save
from webapp.operations.kept import KeptFile, kept_files, secret_file

LIST = "backup.json"
Report = Callable[[int, int], None]


@dataclass(frozen=True)
class BackedUp:
    """What came of a backup. files: in it. copied: of them, now. missing: that the installation lacks."""

    files: int
    copied: int
    missing: list[KeptFile]


def backup(folder: Path, *, report: Report = lambda done, total: None) -> BackedUp:
    """Write database and files into a folder; what is there already is compared and kept.

    report: called after each file with how many are done, and of how many.

    Raises:
        Refused: the folder lies in the installation's, or the database cannot be saved.
        DiskFull: there is no room for it.
    """
    folder = folder.absolute()
    if folder.resolve().is_relative_to(settings.ENV.data):
        hint = "name a folder on another disk"
        raise Refused("a backup inside the data folder is lost with it", hint=hint)
    with full_disk_refused(f"the backup in {folder}"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / LIST).unlink(missing_ok=True)  # until it is written again, this is not a whole backup
        database_save(folder / database_file())
        wanted = list(kept_files())
        listed, missing, copied = [], [], 0
        for done, file in enumerate(wanted, start=1):
            if not file.place.is_file():
                missing.append(file)
            else:
                copied += _copied(file, folder)
                listed.append(file)
            report(done, len(wanted))
        if secret := secret_file():
            _copy(settings.ENV.data / secret, folder / secret)
            (folder / secret).chmod(0o600)
        _write_list(folder, listed, missing, secret)
    return BackedUp(len(listed), copied, missing)


def restore(folder: Path, *, report: Report = lambda done, total: None) -> int:
    """Put a backup into a new installation. Returns how many files it has. Nothing is put over anything.

    The database comes last: a restoring that was stopped is begun again by the same command.

    Raises:
        Refused: the folder holds no whole backup, one of a newer version or of another kind of database,
            one of its files is missing or damaged, or this installation is not empty.
    """
    folder = folder.absolute()
    listed = _read_list(folder)
    from_file = folder / str(listed["database"])
    if listed["database"] != database_file():
        raise Refused(
            f"the backup is of another kind of database: {listed['database']}",
            hint="set MOCBAN_DATABASE_URL as it was when the backup was made",
        )
    if database_is_there():
        raise Refused(
            "this installation has a database already",
            hint="set MOCBAN_DATA to a new folder, or MOCBAN_DATABASE_URL to an empty database",
        )
    files = [KeptFile(Path(one["path"]), one["sha256"], one["named_by"]) for one in listed["files"]]
    _check_whole(folder, from_file, str(listed["database_sha256"]), files)
    data = settings.ENV.data
    with full_disk_refused(f"the installation in {data}"):
        for done, file in enumerate(files, start=1):
            if is_damaged(file, data / file.path):
                _copy(folder / file.path, data / file.path)
            report(done, len(files))
        if listed["secret"]:
            _copy(folder / str(listed["secret"]), data / str(listed["secret"]))
            (data / str(listed["secret"])).chmod(0o600)
        database_load(from_file)
    return len(files)


def _copied(file: KeptFile, folder: Path) -> bool:
    """Copy a file unless the backup has it. Returns whether it was copied."""
    target = folder / file.path
    if target.is_file() and target.stat().st_size == file.place.stat().st_size:
        return False
    _copy(file.place, target)
    return True


def _copy(source: Path, target: Path) -> None:
    with write_aside(target) as aside:
        shutil.copyfile(source, aside)


def _write_list(folder: Path, files: list[KeptFile], missing: list[KeptFile], secret: Path | None) -> None:
    listed = {
        "made": timezone.now().isoformat(),
        "database": database_file(),
        "database_sha256": _digest(folder / database_file()),
        "migrations": sorted(MigrationLoader(connection).applied_migrations),
        "secret": str(secret or ""),
        "files": [asdict(file) | {"path": str(file.path)} for file in files],
        "missing": [str(file.path) for file in missing],
    }
    with write_aside(folder / LIST) as aside:
        aside.write_text(json.dumps(listed, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _read_list(folder: Path) -> dict[str, Any]:
    try:
        listed = json.loads((folder / LIST).read_text(encoding="utf-8"))
        paths = [Path(one["path"]) for one in listed["files"]] + [Path(listed["secret"])]
        newer = {tuple(one) for one in listed["migrations"]} - set(MigrationLoader(None).disk_migrations)
    except FileNotFoundError:
        hint = f"a whole one has {LIST}, which is written last; make it again"
        raise Refused(f"there is no whole backup in {folder}", hint=hint) from None
    except (ValueError, TypeError, KeyError, OSError) as error:
        hint = "take another backup"
        raise Refused(f"{folder / LIST} cannot be read: {error}", hint=hint) from error
    if any(path.is_absolute() or ".." in path.parts for path in paths):
        raise Refused(f"{LIST} names files outside the backup", hint="take another backup")
    if newer:
        raise Refused(
            "the backup is of a newer version of Mocban",
            hint="install that version, or a newer one, and restore with it",
        )
    return listed


def _check_whole(folder: Path, database: Path, digest: str, files: list[KeptFile]) -> None:
    """Before anything is written: what is missing from a backup, or damaged, is named at once."""
    there = {file.path: folder / file.path for file in files}
    bad = [file.path for file in files if is_damaged(file, there[file.path])]
    if not database.is_file() or _digest(database) != digest:
        bad.insert(0, Path(database.name))
    if bad:
        raise Refused(
            f"{len(bad)} files of the backup are missing or damaged, such as {bad[0]}",
            hint="take another backup, or bring these files back",
        )


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
