"""The environment, read once into one frozen, checked value."""

import hashlib
import ipaddress
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
_LONGEST_SOCKET = 100  # bytes of a unix socket's path that every system takes


Network = ipaddress.IPv4Network | ipaddress.IPv6Network


class BadEnvironment(Exception):
    """A variable is set to something that cannot be used; the message says which and what to set."""


@dataclass(frozen=True)
class Env:
    """Everything an operator can set.

    data: folder of blobs, derived pictures, indexes, models, exports and the embedded services.
    port: port of the web server, 1 to 65535. host: address it listens on.
    database_url: empty for SQLite under ``data``.
    broker_url: empty for the embedded server under ``data``.
    admin_password: password of the first account, ``curator``; empty to have one made.
    allowed_hosts, trusted_origins: names and origins the web server answers to.
    secret_key: signs sessions; made and kept under ``data`` when not given.
    workers: processes of the batch worker.
    lease_seconds: how long a job is a worker's without a sign of life.
    max_upload_mb: largest single file a person may upload.
    https: whether the server is reached by HTTPS, so cookies may insist on it.
    sample: whether an empty installation is filled with the sample gallery and batch.
    hook_networks: private networks that webhooks may be sent into all the same.
    proxies: proxies in front of the web server, whose word is taken for where a request comes from.
    iiif_hosts: hosts that manifests and their pictures may be fetched from: names, ``*.example.org``, ``*``.
    """

    data: Path
    host: str
    port: int
    database_url: str
    broker_url: str
    admin_password: str
    allowed_hosts: tuple[str, ...]
    trusted_origins: tuple[str, ...]
    secret_key: str
    workers: int
    lease_seconds: int
    max_upload_mb: int
    https: bool
    debug: bool
    sample: bool
    hook_networks: tuple[Network, ...] = ()
    proxies: tuple[Network, ...] = ()
    iiif_hosts: tuple[str, ...] = ()

    @property
    def embedded_broker(self) -> bool:
        """Whether Mocban starts its own Redis-protocol server."""
        return not self.broker_url

    @property
    def broker(self) -> str:
        """Where the broker is, embedded or not: a unix socket keeps the embedded one off the network."""
        return self.broker_url or f"redis+socket://{self.broker_socket}"

    @property
    def broker_socket(self) -> Path:
        """The embedded server's unix socket: under ``data``, or under /tmp when that path is too long."""
        path = self.data / "broker" / "broker.sock"
        if len(os.fsencode(path)) <= _LONGEST_SOCKET:
            return path
        name = hashlib.sha256(os.fsencode(self.data)).hexdigest()[:16]
        # Not the temporary folder of the caller's environment: every process must find the same one.
        return Path(f"/tmp/mocban-{os.getuid()}-{name}/broker.sock")  # noqa: S108


def read_env(environ: Mapping[str, str] = os.environ) -> Env:
    """Read and check every ``MOCBAN_*`` variable.

    Raises:
        BadEnvironment: a variable holds something unusable, or is not one of Mocban's.
    """
    known = {f"MOCBAN_{name}" for name in _NAMES}
    unknown = sorted(name for name in environ if name.startswith("MOCBAN_") and name not in known)
    if unknown:
        raise BadEnvironment(
            f"{unknown[0]} is not a setting of Mocban; known are: {', '.join(sorted(known))}"
        )
    data = Path(environ.get("MOCBAN_DATA") or ROOT / "var").expanduser().resolve()
    return Env(
        data=data,
        host=environ.get("MOCBAN_HOST") or "127.0.0.1",
        port=_whole(environ, "MOCBAN_PORT", 8000, 1, 65535),
        database_url=_url(environ, "MOCBAN_DATABASE_URL", ("postgres", "postgresql", "sqlite")),
        broker_url=_url(environ, "MOCBAN_BROKER_URL", ("redis", "rediss", "redis+socket")),
        admin_password=environ.get("MOCBAN_ADMIN_PASSWORD", ""),
        allowed_hosts=_words(environ, "MOCBAN_ALLOWED_HOSTS") or ("localhost", "127.0.0.1", "[::1]"),
        trusted_origins=_words(environ, "MOCBAN_TRUSTED_ORIGINS"),
        secret_key=environ.get("MOCBAN_SECRET_KEY") or _kept_secret(data),
        workers=_whole(environ, "MOCBAN_WORKERS", os.cpu_count() or 1, 1, 256),
        lease_seconds=_whole(environ, "MOCBAN_LEASE_SECONDS", 60, 2, 86_400),
        max_upload_mb=_whole(environ, "MOCBAN_MAX_UPLOAD_MB", 2048, 1, 1_000_000),
        https=_switch(environ, "MOCBAN_HTTPS"),
        debug=_switch(environ, "MOCBAN_DEBUG"),
        sample=_switch(environ, "MOCBAN_SAMPLE", default="1"),
        hook_networks=_networks(environ, "MOCBAN_HOOK_NETWORKS"),
        proxies=_networks(environ, "MOCBAN_PROXIES"),
        iiif_hosts=tuple(word.lower() for word in _words(environ, "MOCBAN_IIIF_HOSTS")),
    )


_NAMES = (
    "DATA",
    "HOST",
    "PORT",
    "DATABASE_URL",
    "BROKER_URL",
    "ADMIN_PASSWORD",
    "ALLOWED_HOSTS",
    "TRUSTED_ORIGINS",
    "SECRET_KEY",
    "WORKERS",
    "LEASE_SECONDS",
    "MAX_UPLOAD_MB",
    "HTTPS",
    "DEBUG",
    "SAMPLE",
    "HOOK_NETWORKS",
    "PROXIES",
    "IIIF_HOSTS",
)


def _whole(environ: Mapping[str, str], name: str, default: int, low: int, high: int) -> int:
    text = environ.get(name) or str(default)
    if not text.isascii() or not text.isdigit() or not low <= int(text) <= high:
        raise BadEnvironment(f"{name} is {text!r}; set it to a whole number from {low} to {high}")
    return int(text)


def _switch(environ: Mapping[str, str], name: str, default: str = "0") -> bool:
    text = (environ.get(name) or default).lower()
    if text not in {"0", "1", "true", "false", "yes", "no"}:
        raise BadEnvironment(f"{name} is {text!r}; set it to 1 or 0")
    return text in {"1", "true", "yes"}


def _words(environ: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in environ.get(name, "").split(",") if word.strip())


def _networks(environ: Mapping[str, str], name: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(word) for word in _words(environ, name))
    except ValueError as error:
        raise BadEnvironment(
            f"{name}: {error}; write addresses and networks as 192.168.1.7,10.2.0.0/16"
        ) from None


def _url(environ: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str:
    text = environ.get(name, "")
    # The address may hold a password, so no message repeats it.
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise BadEnvironment(
            f"{name} is no address; write scheme://user:password@host:port/name, "
            "with / : @ in the password as %2F %3A %40"
        ) from None
    if text and parts.scheme not in schemes:
        raise BadEnvironment(f"{name} must begin with one of {', '.join(schemes)} and ://")
    return text


def _kept_secret(data: Path) -> str:
    """The installation's own secret: made once, readable by its owner alone."""
    path = data / "secret_key"
    try:
        return path.read_text()
    except FileNotFoundError:
        pass
    except OSError as error:
        raise BadEnvironment(
            f"{path} cannot be read ({error.strerror}); set MOCBAN_DATA to a folder of yours"
        ) from None
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = data / f"secret_key.{secrets.token_hex(8)}"  # containers on one volume share process ids
        made.touch(mode=0o600)
        made.write_text(secrets.token_urlsafe(50))
        try:
            os.link(made, path)  # fails when another process was first: then its key is the one
        except FileExistsError:
            pass
        made.unlink()
        return path.read_text()
    except OSError as error:
        raise BadEnvironment(
            f"{data} cannot be written ({error.strerror}); set MOCBAN_DATA to a folder of yours"
        ) from None
