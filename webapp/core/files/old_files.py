"""Files in the installation's folder that nobody needs any more, removed once they are old enough."""

import shutil
import time
from pathlib import Path

from django.conf import settings

UNUSED_SECONDS = 3600.0
"""Files of what is gone: somebody may have begun to read one a moment ago."""
UNFINISHED_SECONDS = 86_400.0
"""Files of what may still be being written."""


def data_entries(*folders: str) -> list[Path]:
    """What lies in a folder below the installation's; empty where there is no such folder."""
    try:
        return list(settings.ENV.data.joinpath(*folders).iterdir())
    except (FileNotFoundError, NotADirectoryError):
        return []


def remove_if_old(path: Path, *, seconds: float) -> None:
    """Remove a file or a folder that was last changed at least so long ago."""
    try:
        if time.time() - path.stat().st_mtime < seconds:
            return
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink()
    except FileNotFoundError:
        pass  # somebody else was faster
