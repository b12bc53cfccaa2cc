"""The web app's rooms on the database of a server: their tests run once more, on PostgreSQL."""

import os
import subprocess
import sys

import pytest

from tests.services import running_postgres
from webapp.config.env import ROOT

# Rooms that lock rows, race, or ask the database more than the simplest questions.
ROOMS = [
    room
    for room in (
        "core/test_moment.py",
        "jobs",
        "hooks",
        "batches",
        "gallery",
        "registry",
        "search",
        "review",
        "datasets",
        "training",
    )
    if (ROOT / "tests" / "webapp" / room).exists()
]
# What formats write, once the rows are read; that they are read alike, the other tests of exports show.
WRITTEN_ALIKE = ("formats", "aligned_pairs", "block_names", "course", "image_names", "registry", "table")


@pytest.mark.long
@pytest.mark.timeout(900)
@pytest.mark.services
def test_the_rooms_hold_on_postgresql_too():
    same = [f"--ignore=tests/webapp/datasets/exports/test_{name}.py" for name in WRITTEN_ALIKE]
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", "not services", "-x"]
    # An installation of the browser tests makes its tables on such a server by the migrations.
    command += ["--nomigrations"]
    with running_postgres() as url:
        run = subprocess.run(
            command + same + [f"tests/webapp/{room}" for room in ROOMS],
            cwd=ROOT,
            env={**os.environ, "TEST_DATABASE_URL": url},
            capture_output=True,
            text=True,
            check=False,
            timeout=860,
        )
    assert run.returncode == 0, run.stdout[-6000:]
