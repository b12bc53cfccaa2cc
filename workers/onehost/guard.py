"""What must hold before anything is started; each refusal is one line that says what to do."""

import errno
import fcntl
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_OLD_ONE_GONE_WITHIN = 10.0  # seconds


class CannotStart(Exception):
    """Something stands in the way; the message says what, and what to do."""


@contextmanager
def only_one(data: Path) -> Iterator[None]:
    """Hold the installation: a second start on the same folder is refused.

    The hold is the system's, not the file's: it ends with the process, however that ends.

    Raises:
        CannotStart: the installation runs already, or its folder cannot be written.
    """
    path = data / "up.lock"
    try:
        data.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotStart(
            f"{data} cannot be written ({error.strerror}); set MOCBAN_DATA to a folder of yours"
        ) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(handle)
        raise CannotStart(
            f"Mocban runs already on {data}; stop it, or set MOCBAN_DATA and MOCBAN_PORT for a second one"
        ) from None
    try:
        yield
    finally:
        os.close(handle)


def require_free_port(host: str, port: int) -> None:
    """Try to listen where the web server will.

    An installation that was killed a moment ago may still be letting go, so a taken port is tried again
    for a second.

    Raises:
        CannotStart: another program listens there, or the address is not this machine's.
    """
    for attempt in range(5):
        error = _bind_error(host, port)
        if error is None:
            return
        if error.errno != errno.EADDRINUSE:
            raise CannotStart(
                f"{host}:{port} cannot be listened on ({error.strerror}); set MOCBAN_HOST and MOCBAN_PORT"
            )
        if attempt < 4:
            time.sleep(0.25)
    raise CannotStart(f"port {port} is taken by another program; set MOCBAN_PORT to a free one")


def make_broker_folders(data: Path, broker_socket: Path) -> None:
    """Make the folders of the embedded broker, and wait for an earlier one to leave its socket.

    Two servers on one append-only file would spoil it.

    Raises:
        CannotStart: the socket's folder is somebody else's, or an earlier broker does not end.
    """
    (data / "broker").mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = broker_socket.parent
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.lstat().st_uid != os.getuid():
        raise CannotStart(f"{folder} belongs to another account; set MOCBAN_DATA to a shorter path")
    deadline = time.monotonic() + _OLD_ONE_GONE_WITHIN
    while answers(broker_socket):
        if time.monotonic() > deadline:
            raise CannotStart(f"an earlier broker still answers at {broker_socket}; end it and try again")
        time.sleep(0.1)
    broker_socket.unlink(missing_ok=True)


def answers(unix_socket: Path) -> bool:
    """Whether a program listens on this unix socket; a file left by a killed one does not count."""
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(unix_socket))
        except OSError:
            return False
    return True


def _bind_error(host: str, port: int) -> OSError | None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host.strip("[]"), port))
        except OSError as error:
            return error
    return None
