"""Whether the parts the web app stands on answer."""

import tempfile

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError

from webapp.core.errors import Refused


def troubles() -> dict[str, str]:
    """What is amiss, by part: "database", "data" or "broker". Empty when all is well."""
    found = {"database": _database(), "data": _data(), "broker": _broker()}
    return {part: trouble for part, trouble in found.items() if trouble}


def check_database_age() -> None:
    """Raises Refused where a newer version of Mocban has changed the tables: this one would spoil them."""
    if newer := _newer_migrations(MigrationExecutor(connection)):
        raise Refused(
            f"the database was written by a newer version of Mocban (it has {newer[0]})",
            hint="start that version again, or restore the backup from before the upgrade",
            code="database_newer",
        )


def stop_before_newer_database() -> None:
    """End a process that starts beside tables of a newer version; one without a database goes on waiting.

    Raises:
        SystemExit: with what to do.
    """
    try:
        check_database_age()
    except Refused as error:
        raise SystemExit(f"{error}; {error.hint}") from None
    except DatabaseError:
        return
    finally:
        connection.close()  # the process may fork: no two may share one


def _newer_migrations(executor: MigrationExecutor) -> list[str]:
    """Migrations of our own apps that the database has had and this version does not know."""
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("webapp.")}
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    return sorted(f"{app}.{name}" for app, name in unknown if app in ours)


def _database() -> str:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"the database does not answer: {error}"
    if newer := _newer_migrations(executor):
        return f"the database was written by a newer version of Mocban (it has {newer[0]})"
    return f"{len(behind)} migrations are waiting; run manage.py migrate" if behind else ""


def _data() -> str:
    try:
        with tempfile.TemporaryFile(dir=settings.ENV.data) as file:
            file.write(b"mocban")
            file.flush()
    except OSError as error:
        return f"the data folder cannot be written: {error.strerror}"
    return ""


def _broker() -> str:
    options = {"socket_connect_timeout": 1, "socket_timeout": 1}
    try:
        with Connection(settings.ENV.broker, connect_timeout=1, transport_options=options) as broker:
            broker.ensure_connection(max_retries=1, interval_start=0, interval_step=0.2, timeout=1)
    except (OperationalError, OSError) as error:
        return f"the broker does not answer: {error}"
    return ""
