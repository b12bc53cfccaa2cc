"""What every test stands on: an installation of its own in a temporary folder, people, and their doors."""

import atexit
import os
import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

import django
import pytest
from django.contrib.auth.hashers import PBKDF2PasswordHasher
from django.utils import translation

# Django reads the environment when its settings load: before that, an operator's own variables are
# dropped, so that nothing of a test reaches a real installation.
DATABASE_URL = os.environ.get("TEST_DATABASE_URL", "")
HOME = Path(tempfile.mkdtemp(prefix="mocban-test-"))
atexit.register(shutil.rmtree, HOME, ignore_errors=True)
for name in [name for name in os.environ if name.startswith("MOCBAN_")]:
    del os.environ[name]
os.environ["MOCBAN_DATA"] = str(HOME / "var")
os.environ["MOCBAN_SECRET_KEY"] = "not a secret: for tests"
if DATABASE_URL:
    os.environ["MOCBAN_DATABASE_URL"] = DATABASE_URL
os.environ["DJANGO_SETTINGS_MODULE"] = "webapp.config.settings"
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
(HOME / "var" / "static").mkdir(parents=True)
# No file of a test has to outlive a power cut, and waiting for the disk is most of what a fixture takes.
os.fsync = lambda handle: None
django.setup()

# Only now: models load once Django is set up.
from django.conf import settings as django_settings  # noqa: E402

from tests import people  # noqa: E402
from tests.tables import tables_copy  # noqa: E402

# Slow on purpose, against whoever steals hashes; what a test hashes is worth no guesser's while.
PBKDF2PasswordHasher.iterations = 1000


def pytest_make_parametrize_id(val):
    """A case made of a whole file is called by its size: its bytes may hold the hour, as a zip's do.

    Processes that collect the tests at different seconds would see different ones, and run none.
    """
    return f"{len(val)} bytes" if isinstance(val, bytes) and len(val) > 40 else None


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """The longest begin first. On another database, only what asks a database runs once more."""
    if DATABASE_URL:
        same = [item for item in items if not _asks_a_database(item)]
        config.hook.pytest_deselected(items=same)
        items[:] = [item for item in items if _asks_a_database(item)]
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


def _asks_a_database(item) -> bool:
    fixtures = {"db", "transactional_db", "live_server"} & set(item.fixturenames)
    return bool(fixtures) or item.get_closest_marker("django_db") is not None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """A file, as in an installation: threads race on it as they would there. Its tables are copied."""
    if django_settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        database = django_settings.DATABASES["default"]
        database.setdefault("TEST", {}).update(NAME=str(HOME / "test.sqlite3"), MIGRATE=False)
        tables_copy(HOME / "test.sqlite3")
        options = database["OPTIONS"]
        options["init_command"] = options["init_command"].replace("synchronous=NORMAL", "synchronous=OFF")


@pytest.fixture(scope="session")
def django_db_keepdb():
    """The copied file is there before the tests begin; a server's database is theirs to make."""
    return not DATABASE_URL


@pytest.fixture(autouse=True)
def notifications(request, monkeypatch):
    """Every message about a job, as (job id, queue), in place of a broker."""
    sent = []
    if request.node.get_closest_marker("stack") is None:
        monkeypatch.setattr("webapp.jobs.services.notify_worker", lambda *message: sent.append(message))
    return sent


@pytest.fixture(autouse=True)
def english():
    """A page asked for in another language leaves it on in this thread: not for the next test."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def data(settings):
    """The installation's folder, empty, for this test alone."""
    folder = Path(tempfile.mkdtemp(dir=HOME))
    settings.ENV = replace(settings.ENV, data=folder)
    return folder


@pytest.fixture
def owner(db):
    """An annotator, to whom the batch in question belongs."""
    return people.owner()


@pytest.fixture
def teammate(db):
    """Another annotator of the project."""
    return people.teammate()


@pytest.fixture
def reviewer(db):
    """A reviewer of the project."""
    return people.reviewer()


@pytest.fixture
def curator(db):
    """A curator: sees every batch, writes the gallery."""
    return people.curator()


@pytest.fixture
def browse(db):
    """``browse(user)``: a client that asks for pages as ``user``; ``browse(None)``: not logged in."""
    return people.browser_of


@pytest.fixture
def api(db):
    """``api(user)``: a client of the API with ``user``'s token; ``api(None)``: without one."""
    return people.api_of
