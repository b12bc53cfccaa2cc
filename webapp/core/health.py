"""Whether the parts the web app stands on answer."""

import tempfile

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from kombu import Connection
from kombu.exceptions import OperationalError


def troubles() -> dict[str, str]:
    """What is amiss, by part: "database", "data" or "broker". Empty when all is well."""
    found = {"database": _database(), "data": _data(), "broker": _broker()}
    return {part: said for part, said in found.items() if said}


def _database() -> str:
    try:
        connection.ensure_connection()
        executor = MigrationExecutor(connection)
        behind = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        return f"the database does not answer: {error}"
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
