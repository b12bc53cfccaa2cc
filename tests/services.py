"""Real PostgreSQL and Redis servers from Debian's packages, each in a temporary folder on a free port."""

import contextlib
import getpass
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

_STARTED_WITHIN = 30  # seconds


class ServiceMissing(Exception):
    """A server is not installed, or did not start; the message says what to type or what it printed."""


@contextlib.contextmanager
def running_postgres() -> Iterator[str]:
    """A new PostgreSQL cluster with one empty database; yields its ``postgresql://`` address.

    It listens on 127.0.0.1 with a password, as a server on another machine would. Debian's ``initdb``
    refuses to work as root, so root hands the cluster to the ``postgres`` account.

    Raises:
        ServiceMissing: no PostgreSQL 13 or newer here, or it does not start.
    """
    binaries = _postgres_binaries()
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    port, password = free_port(), secrets.token_hex(16)
    with _folder("mocban-postgres-", user) as folder:
        _make_cluster(binaries, folder, user, password)
        options = {"port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": folder}
        command = [str(binaries / "postgres"), "-D", str(folder / "data")]
        command += [f"--{name}={value}" for name, value in options.items()]
        # A test's database may be lost; not waiting for the disk makes the tests several times faster.
        command += ["--fsync=off", "--synchronous_commit=off", "--full_page_writes=off"]
        ready = [str(binaries / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
        with _running(command, folder, user, lambda: subprocess.run(ready, check=False).returncode == 0):
            address = f"postgresql://mocban:{password}@127.0.0.1:{port}"
            _create_database(f"{address}/postgres")
            yield f"{address}/mocban"


@contextlib.contextmanager
def running_redis() -> Iterator[str]:
    """A new Redis server with append-only persistence and a password; yields its ``redis://`` address.

    Raises:
        ServiceMissing: ``redis-server`` is not installed, or does not start.
    """
    binary = shutil.which("redis-server") or shutil.which("valkey-server")
    if not binary:
        raise ServiceMissing("redis-server is missing; type: sudo apt-get install redis-server")
    port, password, user = free_port(), secrets.token_hex(16), getpass.getuser()
    with _folder("mocban-redis-", user) as folder:
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--dir", str(folder)]
        command += ["--requirepass", password, "--appendonly", "yes", "--save", "", "--daemonize", "no"]
        with _running(command, folder, user, lambda: _pongs(port, password)):
            yield f"redis://:{password}@127.0.0.1:{port}/0"


def free_port() -> int:
    """A TCP port of 127.0.0.1 that nothing listens on now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def _postgres_binaries() -> Path:
    """Debian keeps each version's servers in a folder of its own, outside PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=lambda p: float(p.parts[-3]))
    binary = str(found[-1]) if found else shutil.which("postgres")
    if not binary:
        raise ServiceMissing("PostgreSQL is missing; type: sudo apt-get install postgresql")
    return Path(binary).resolve().parent


@contextlib.contextmanager
def _folder(prefix: str, user: str) -> Iterator[Path]:
    # Straight under /tmp: pytest's own folders are closed to other accounts, and socket paths must be short.
    folder = Path(tempfile.mkdtemp(prefix=prefix, dir="/tmp"))
    if user != getpass.getuser():
        account = pwd.getpwnam(user)
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make_cluster(binaries: Path, folder: Path, user: str, password: str) -> None:
    secret = folder / "password"
    secret.write_text(password)
    os.chown(secret, pwd.getpwnam(user).pw_uid, -1)
    command = [str(binaries / "initdb"), "-D", str(folder / "data"), "-U", "mocban", "-E", "UTF8"]
    command += ["--locale=C.UTF-8", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync"]
    made = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, **_as(user))
    if made.returncode:
        raise ServiceMissing(f"initdb failed: {made.stderr.strip()}")


def _create_database(address: str) -> None:
    import psycopg  # only here: Redis alone can be run without it

    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute("CREATE DATABASE mocban")


def _as(user: str) -> dict:
    """Arguments that make subprocess work as ``user``; nothing to do for one's own account."""
    if user == getpass.getuser():
        return {}
    return {"user": user, "group": user, "extra_groups": []}


@contextlib.contextmanager
def _running(command: list[str], folder: Path, user: str, ready: Callable[[], bool]) -> Iterator[None]:
    log = folder / "log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            command, cwd=folder, stdout=out, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL, **_as(user)
        )
    try:
        deadline = time.monotonic() + _STARTED_WITHIN
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                raise ServiceMissing(f"{Path(command[0]).name} did not start: {log.read_text()[-500:]}")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGINT)  # at SIGTERM PostgreSQL would wait for clients a test left open
        try:
            process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _pongs(port: int, password: str) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as client:
            client.sendall(f"AUTH {password}\r\nPING\r\n".encode())
            return client.recv(64).startswith(b"+OK")
    except OSError:
        return False
