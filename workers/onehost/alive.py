"""Whether one process of an installation does its work, as health checks ask it."""

import socket
import time
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from webapp.config.env import Env

_BEAT_WITHIN = 60.0  # seconds; the beat has something to do every few


def web_address(env: Env) -> str:
    """Where a browser on this machine finds the web server."""
    host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(env.host, env.host)  # noqa: S104 - only compared
    return f"http://{host}:{env.port}/"


def web_is_alive(env: Env) -> bool:
    """Whether the web server answers at all."""
    return _answers(env, "health/live")


def is_alive(name: str, env: Env) -> bool:
    """Whether the process ("web", "interactive", "batch", "training" or "beat") does its work.

    Raises:
        KeyError: there is no process of this name.
    """
    workers = dict.fromkeys(("interactive", "batch", "training"), _worker)
    return {"web": _web, **workers, "beat": _beat}[name](name, env)


def _web(name: str, env: Env) -> bool:
    return _answers(env, "health/ready")


def _worker(name: str, env: Env) -> bool:
    # Only here: it sets Django up, and a look at the web server needs none of it.
    from workers.app import app

    node = f"{name}@{socket.gethostname()}"
    return node in (app.control.inspect(destination=[node], timeout=5).ping() or {})


def _beat(name: str, env: Env) -> bool:
    # Only here: it needs Django set up, and a look at the web server does not.
    from workers.runtime.beat import SIGN

    try:
        return time.time() - (env.data / SIGN).stat().st_mtime < _BEAT_WITHIN
    except FileNotFoundError:
        return False


def _answers(env: Env, page: str) -> bool:
    name = env.allowed_hosts[0].lstrip(".*") or "localhost"
    request = Request(f"{web_address(env)}{page}", headers={"Host": name})  # noqa: S310
    try:
        with urlopen(request, timeout=5):  # noqa: S310 - our own address
            return True
    except (HTTPError, URLError, OSError):
        return False
